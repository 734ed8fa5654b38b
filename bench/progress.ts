/** What a person sees of long work: one line that is rewritten on a terminal, a plain line now and then elsewhere. */

const PLAIN_EVERY_MS = 10_000;

export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export class Progress {
  readonly #output: Output;
  readonly #now: () => number;
  #shown = "";
  #saidAtMs = Number.NEGATIVE_INFINITY;

  constructor(output: Output, now: () => number) {
    this.#output = output;
    this.#now = now;
  }

  /** A line that stays. */
  say(text: string): void {
    this.clear();
    this.#output.write(`${text}\n`);
    this.#saidAtMs = this.#now();
  }

  /** A line that the next one replaces. */
  tell(text: string): void {
    if (this.#output.isTTY === true) {
      const line = text.slice(0, Math.max(20, (this.#output.columns ?? 80) - 1));
      this.#output.write(`\r${line.padEnd(this.#shown.length)}`);
      this.#shown = line;
      return;
    }
    if (this.#now() - this.#saidAtMs < PLAIN_EVERY_MS) return;
    this.#saidAtMs = this.#now();
    this.#output.write(`${text}\n`);
  }

  clear(): void {
    if (this.#shown === "") return;
    this.#output.write(`\r${" ".repeat(this.#shown.length)}\r`);
    this.#shown = "";
  }
}
