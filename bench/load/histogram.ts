/**
 * A high-dynamic-range histogram: counts in buckets whose width grows with the value, so that any number of
 * latencies takes a fixed space and every percentile is right to a thousandth of itself.
 */

/** Values below twice this many microseconds have a bucket each; above, every doubling has this many. */
const SUB_BUCKETS = 1_024;
const SUB_BUCKET_BITS = 10;
/** 71 minutes; what takes longer is counted as that long. */
const MICROSECONDS_MAX = 2 ** 32 - 1;

export interface HistogramJson {
  /** Bucket, count, bucket, count … of the buckets that are not empty. */
  readonly counts: readonly number[];
  readonly maxMs: number;
}

export class Histogram {
  readonly #counts = new Map<number, number>();
  #count = 0;
  #maxMs = 0;

  get count(): number {
    return this.#count;
  }

  get maxMs(): number {
    return this.#maxMs;
  }

  /** Negative figures count as zero: two clocks read in a row may differ by a rounding. */
  record(milliseconds: number): void {
    const bucket = bucketOf(milliseconds);
    this.#counts.set(bucket, (this.#counts.get(bucket) ?? 0) + 1);
    this.#count += 1;
    if (milliseconds > this.#maxMs) this.#maxMs = milliseconds;
  }

  merge(other: Histogram): void {
    for (const [bucket, count] of other.#counts) {
      this.#counts.set(bucket, (this.#counts.get(bucket) ?? 0) + count);
    }
    this.#count += other.#count;
    this.#maxMs = Math.max(this.#maxMs, other.#maxMs);
  }

  /** Milliseconds that `share` of all values do not exceed; NaN when there are none. */
  percentile(share: number): number {
    if (this.#count === 0) return Number.NaN;
    const wanted = Math.max(1, Math.ceil(this.#count * share));
    let seen = 0;
    for (const bucket of [...this.#counts.keys()].sort((a, b) => a - b)) {
      seen += this.#counts.get(bucket) ?? 0;
      if (seen >= wanted) return Math.min(upperEndOf(bucket) / 1_000, this.#maxMs);
    }
    return this.#maxMs;
  }

  toJSON(): HistogramJson {
    const counts = [...this.#counts].sort(([a], [b]) => a - b).flat();
    return { counts, maxMs: this.#maxMs };
  }

  static fromJSON({ counts, maxMs }: HistogramJson): Histogram {
    const histogram = new Histogram();
    for (let at = 0; at < counts.length; at += 2) {
      const count = counts[at + 1] ?? 0;
      histogram.#counts.set(counts[at] ?? 0, count);
      histogram.#count += count;
    }
    histogram.#maxMs = maxMs;
    return histogram;
  }
}

function bucketOf(milliseconds: number): number {
  const value = Math.min(MICROSECONDS_MAX, Math.max(0, Math.round(milliseconds * 1_000)));
  if (value < 2 * SUB_BUCKETS) return value;
  const shift = 31 - Math.clz32(value) - SUB_BUCKET_BITS;
  return SUB_BUCKETS * (shift + 1) + Math.floor(value / 2 ** shift) - SUB_BUCKETS;
}

/** The largest value, in microseconds, that falls into a bucket. */
function upperEndOf(bucket: number): number {
  if (bucket < 2 * SUB_BUCKETS) return bucket;
  const shift = Math.floor(bucket / SUB_BUCKETS) - 1;
  return ((bucket % SUB_BUCKETS) + SUB_BUCKETS + 1) * 2 ** shift - 1;
}
