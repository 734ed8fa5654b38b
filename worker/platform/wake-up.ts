/** A stuck alarm is looked for this long after its moment. */
const GRACE_MS = 1_000;

/**
 * One alarm per object: the earliest moment at which anything needs attention. Every commit calls `arm`, so an alarm
 * that was lost or is overdue is set anew by the next ordinary request.
 */
export class WakeUp {
  readonly #storage: DurableObjectStorage;
  #armedAtMs: number | null = null;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
  }

  async load(): Promise<void> {
    this.#armedAtMs = await this.#storage.getAlarm();
  }

  /** The alarm fired: nothing is armed until the next `arm`. */
  fired(): void {
    this.#armedAtMs = null;
  }

  arm(dueAtMs: number, nowMs: number): void {
    if (dueAtMs === Number.POSITIVE_INFINITY) return;
    const armed = this.#armedAtMs;
    const isStuck = armed !== null && armed < nowMs - GRACE_MS;
    if (armed !== null && armed <= dueAtMs && !isStuck) return;
    this.#armedAtMs = Math.max(dueAtMs, nowMs);
    void this.#storage.setAlarm(this.#armedAtMs);
  }
}
