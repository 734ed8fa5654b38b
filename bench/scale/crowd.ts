/** Who comes, from where, when, and what became of each. One entry a member and SKU; columns, because there are millions. */
import type { Random } from "../load/random.ts";
import type { Parameters } from "./parameters.ts";

export const OUTCOMES = [
  "none",
  "granted",
  "refused by the Sku",
  "refused by the door",
  "refused by the Account",
  "refused by the Worker",
  "overloaded",
  "in doubt (202)",
  "no room at the door",
] as const;
export type Outcome = (typeof OUTCOMES)[number];

const CODES = new Map(OUTCOMES.map((outcome, code) => [outcome, code]));

/** What an Account has of a member's hold. */
export const HOLD = { none: 0, pending: 1, posted: 2, voided: 3 } as const;

const WITHOUT = Number.NaN;

export class Crowd {
  readonly size: number;
  readonly sku: Uint16Array;
  readonly bucket: Uint16Array;
  /** -1: redeems by HTTP. */
  readonly door: Int32Array;
  readonly tapMs: Float64Array;
  readonly oneWayMs: Float32Array;
  readonly verdictMs: Float64Array;
  readonly outcome: Uint8Array;
  readonly hold: Uint8Array;
  /** 1: granted at the Sku, whether or not anybody has heard. */
  readonly taken: Uint8Array;

  constructor(p: Parameters, random: Random) {
    const size = p.members * p.skus;
    this.size = size;
    this.sku = new Uint16Array(size);
    this.bucket = new Uint16Array(size);
    this.door = new Int32Array(size);
    this.tapMs = new Float64Array(size);
    this.oneWayMs = new Float32Array(size);
    this.verdictMs = new Float64Array(size).fill(WITHOUT);
    this.outcome = new Uint8Array(size);
    this.hold = new Uint8Array(size);
    this.taken = new Uint8Array(size);
    for (let id = 0; id < size; id += 1) this.#add(id, p, random);
  }

  #add(id: number, p: Parameters, random: Random): void {
    this.sku[id] = Math.floor(id / p.members);
    this.bucket[id] = Math.floor(random.next() * p.buckets);
    const isAtDoor = random.next() < p.doorShare;
    this.door[id] = isAtDoor ? Math.floor(random.next() * p.doors) : -1;
    this.tapMs[id] = p.arrivalMs * random.next() ** p.arrivalSkew;
    const where = random.next();
    const rttMs =
      where < p.nearShare
        ? p.nearRttMs
        : where < p.nearShare + p.middleShare
          ? p.middleRttMs
          : p.farRttMs;
    this.oneWayMs[id] = (rttMs / 2) * (1 + p.rttSpread * (2 * random.next() - 1));
  }

  /** The member hears now; the way back is added. */
  verdict(id: number, outcome: Outcome, atMs: number): void {
    this.outcome[id] = CODES.get(outcome) ?? 0;
    this.verdictMs[id] = atMs + (this.oneWayMs[id] ?? 0);
  }

  hasVerdict(id: number): boolean {
    return this.outcome[id] !== 0;
  }

  isTaken(id: number): boolean {
    return this.taken[id] === 1;
  }

  /** Ids in the order in which their taps arrive, and when. By counting, as a million comparisons cost more. */
  arrivals(): { readonly ids: Uint32Array; readonly timesMs: Float64Array } {
    const arrivesMs = (id: number): number => (this.tapMs[id] ?? 0) + (this.oneWayMs[id] ?? 0);
    let lastMs = 0;
    for (let id = 0; id < this.size; id += 1) lastMs = Math.max(lastMs, arrivesMs(id));
    const bins = Math.min(1 << 22, Math.max(1, this.size));
    const binOf = (id: number): number =>
      Math.min(bins - 1, Math.floor((arrivesMs(id) / (lastMs || 1)) * bins));
    const starts = new Uint32Array(bins + 1);
    for (let id = 0; id < this.size; id += 1) {
      const after = binOf(id) + 1;
      starts[after] = (starts[after] ?? 0) + 1;
    }
    for (let bin = 0; bin < bins; bin += 1) {
      starts[bin + 1] = (starts[bin + 1] ?? 0) + (starts[bin] ?? 0);
    }
    const ids = new Uint32Array(this.size);
    for (let id = 0; id < this.size; id += 1) {
      const bin = binOf(id);
      const place = starts[bin] ?? 0;
      ids[place] = id;
      starts[bin] = place + 1;
    }
    const timesMs = new Float64Array(this.size);
    for (let place = 0; place < this.size; place += 1) timesMs[place] = arrivesMs(ids[place] ?? 0);
    return { ids, timesMs };
  }

  /** Ids of each SKU and bucket, for the Account that follows up its holds: `[sku × buckets + bucket]`. */
  byBucket(p: Parameters): { readonly ids: Uint32Array; readonly starts: Uint32Array } {
    const groupOf = (id: number): number =>
      (this.sku[id] ?? 0) * p.buckets + (this.bucket[id] ?? 0);
    const starts = new Uint32Array(p.skus * p.buckets + 1);
    for (let id = 0; id < this.size; id += 1) {
      const after = groupOf(id) + 1;
      starts[after] = (starts[after] ?? 0) + 1;
    }
    for (let at = 1; at < starts.length; at += 1)
      starts[at] = (starts[at] ?? 0) + (starts[at - 1] ?? 0);
    const next = starts.slice();
    const ids = new Uint32Array(this.size);
    for (let id = 0; id < this.size; id += 1) {
      const group = groupOf(id);
      const place = next[group] ?? 0;
      ids[place] = id;
      next[group] = place + 1;
    }
    return { ids, starts };
  }
}
