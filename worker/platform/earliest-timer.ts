/** One timer for the earliest of many moments: set for a later one, it stays as it is. */
export class EarliestTimer {
  readonly #fired: () => void;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #atMs = Number.POSITIVE_INFINITY;

  constructor(fired: () => void) {
    this.#fired = fired;
  }

  /** `waitMs` may reach beyond `atMs`, where what is due is gathered first. */
  set(atMs: number, waitMs: number): void {
    if (atMs >= this.#atMs) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#atMs = atMs;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#atMs = Number.POSITIVE_INFINITY;
      this.#fired();
    }, waitMs);
  }
}

/** A longer wait is the alarm's: a timer keeps the object in memory. */
const AWAKE_MS_MAX = 10_000;

/** While an object is awake, a timer does what its alarm would do, a little earlier. */
export class AwakeTimer {
  readonly #timer: EarliestTimer;

  constructor(fired: () => void) {
    this.#timer = new EarliestTimer(fired);
  }

  set(atMs: number, waitMs: number): void {
    if (waitMs <= AWAKE_MS_MAX) this.#timer.set(atMs, Math.max(0, waitMs));
  }
}
