/** Where a state keeps what: 32-bit words. A state is one row of numbers, so that millions of them fit in memory. */
import type { Bounds } from "./bounds.ts";

export type State = Uint32Array;

/** Words: Sku, Accounts, world; with explicit commits their copies on disk and what waits for each commit; the network. */
export class Layout {
  readonly words: number;
  readonly setWords: number;
  readonly sku = 0;
  readonly world: number;
  readonly net: number;
  readonly isExplicit: boolean;
  readonly #disk: number;
  readonly #waiting: number;

  constructor(bounds: Bounds) {
    const { buckets, isExplicit, messagesMax } = bounds;
    this.isExplicit = isExplicit;
    this.setWords = Math.ceil(messagesMax / 32);
    this.world = 1 + buckets;
    let next = this.world + 1;
    this.#disk = isExplicit ? next : 0;
    if (isExplicit) next += 1 + buckets;
    this.#waiting = next;
    if (isExplicit) next += (1 + buckets) * this.setWords;
    this.net = next;
    this.words = next + this.setWords;
  }

  account(bucket: number): number {
    return 1 + bucket;
  }

  /** The durable copy of a part; the part itself where every step is a commit. */
  onDisk(part: number): number {
    return this.isExplicit ? this.#disk + part : part;
  }

  /** Set of messages that wait for the commit of a part. */
  waiting(part: number): number {
    return this.#waiting + part * this.setWords;
  }
}

export function hasBit(state: State, set: number, bit: number): boolean {
  return (((state[set + (bit >>> 5)] ?? 0) >>> (bit & 31)) & 1) === 1;
}

export function setBit(state: State, set: number, bit: number): void {
  const word = set + (bit >>> 5);
  state[word] = (state[word] ?? 0) | (1 << (bit & 31));
}
