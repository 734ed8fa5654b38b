/** Several things that time does in one object, as one: the earliest moment of all sets the alarm. */
export interface Clockwork {
  /** When there is something to do; infinity: never. */
  nextAtMs(): number;
  /** A commit may have brought that moment nearer. */
  afterCommit(): void;
  /** Does what is due, bounded by the work of one alarm. Never throws. */
  run(): Promise<void>;
}

export class Clocks implements Clockwork {
  readonly #clocks: readonly Clockwork[];

  constructor(clocks: readonly Clockwork[]) {
    this.#clocks = clocks;
  }

  nextAtMs(): number {
    return Math.min(...this.#clocks.map((clock) => clock.nextAtMs()));
  }

  afterCommit(): void {
    for (const clock of this.#clocks) clock.afterCommit();
  }

  async run(): Promise<void> {
    for (const clock of this.#clocks) await clock.run();
  }
}
