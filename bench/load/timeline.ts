/** What was done when: counts in buckets of equal width from a first moment on. */

/** Fine enough to show a commit that stalls, coarse enough to hold dozens of completions. */
export const TIMELINE_EVERY_MS = 50;
/** An hour; later counts fall into the last bucket. */
const BUCKETS_MAX = 72_000;

export class Timeline {
  readonly #startedMs: number;
  readonly #counts: number[] = [];

  /** `startedMs` and what is counted are moments of one clock. */
  constructor(startedMs: number) {
    this.#startedMs = startedMs;
  }

  count(nowMs: number): void {
    const at = Math.floor((nowMs - this.#startedMs) / TIMELINE_EVERY_MS);
    const bucket = Math.min(BUCKETS_MAX - 1, Math.max(0, at));
    while (this.#counts.length <= bucket) this.#counts.push(0);
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
  }

  get counts(): readonly number[] {
    return this.#counts;
  }
}

export type Point = readonly [x: number, y: number];

/** Seconds and completions a second, in at most `pointsMax` points; neighbours are merged, no count is lost. */
export function ratesOf(counts: readonly number[], pointsMax = 200): Point[] {
  const merged = Math.max(1, Math.ceil(counts.length / pointsMax));
  const points: Point[] = [];
  for (let at = 0; at < counts.length; at += merged) {
    const part = counts.slice(at, at + merged);
    const seconds = (part.length * TIMELINE_EVERY_MS) / 1_000;
    const sum = part.reduce((total, count) => total + count, 0);
    points.push([(at * TIMELINE_EVERY_MS) / 1_000 + seconds / 2, sum / seconds]);
  }
  return points;
}
