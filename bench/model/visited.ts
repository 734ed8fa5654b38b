/** What a search has met: rows of numbers in chunks, found by a 64-bit hash. */
import type { State } from "./layout.ts";

const CHUNK_BITS = 14;
const CHUNK_ROWS = 1 << CHUNK_BITS;
const FIRST_SLOTS = 1 << 16;

/**
 * Rows of numbers that were met, each known by its hash alone. Two rows with one hash would be taken for one: at ten
 * million the chance is about one in 370,000. What is missed that way could hide a fault, never invent one.
 */
export class HashSet {
  #count = 0;
  #slots = FIRST_SLOTS;
  #high = new Uint32Array(FIRST_SLOTS);
  /** 0: free. */
  #low = new Uint32Array(FIRST_SLOTS);

  get count(): number {
    return this.#count;
  }

  /** False when the row was there. */
  add(row: State): boolean {
    const [high, low] = hash(row);
    if (!this.#insert(high, low)) return false;
    this.#count += 1;
    if (this.#count * 2 > this.#slots) this.#grow();
    return true;
  }

  #insert(high: number, low: number): boolean {
    let slot = high & (this.#slots - 1);
    for (; this.#low[slot]; slot = (slot + 1) & (this.#slots - 1))
      if (this.#low[slot] === low && this.#high[slot] === high) return false;
    this.#high[slot] = high;
    this.#low[slot] = low;
    return true;
  }

  #grow(): void {
    const highs = this.#high;
    const lows = this.#low;
    this.#slots *= 2;
    this.#high = new Uint32Array(this.#slots);
    this.#low = new Uint32Array(this.#slots);
    lows.forEach((low, slot) => {
      if (low !== 0) this.#insert(highs[slot] ?? 0, low);
    });
  }
}

/** The states of a search, in the order in which they were met. */
export class Visited {
  readonly #words: number;
  readonly #chunks: Uint32Array[] = [];
  readonly #met = new HashSet();

  constructor(words: number) {
    this.#words = words;
  }

  get count(): number {
    return this.#met.count;
  }

  /** False when the state was there. */
  add(state: State): boolean {
    const index = this.#met.count;
    if (!this.#met.add(state)) return false;
    const chunk = (this.#chunks[index >> CHUNK_BITS] ??= new Uint32Array(CHUNK_ROWS * this.#words));
    chunk.set(state, (index & (CHUNK_ROWS - 1)) * this.#words);
    return true;
  }

  /** A view of the state that was added as the `index`-th; not to be written. */
  at(index: number): State {
    const chunk = this.#chunks[index >> CHUNK_BITS];
    if (!chunk || index >= this.#met.count) throw new RangeError(`no state ${index}`);
    const from = (index & (CHUNK_ROWS - 1)) * this.#words;
    return chunk.subarray(from, from + this.#words);
  }
}

/** FNV-1a beside a Murmur-like mix, each finished by itself. The second is never 0. */
function hash(state: State): readonly [number, number] {
  let first = 0x811c9dc5;
  let second = 0x9e3779b9;
  for (const word of state) {
    first = Math.imul(first ^ word, 0x01000193);
    first ^= first >>> 15;
    second = Math.imul(second + word, 0x85ebca6b);
    second = (second << 13) | (second >>> 19);
    second = Math.imul(second ^ (word >>> 7), 0xc2b2ae35);
  }
  first = Math.imul(first ^ (first >>> 16), 0x85ebca6b);
  second = Math.imul(second ^ (second >>> 15), 0x27d4eb2f);
  return [(first ^ (first >>> 13)) >>> 0, (second ^ (second >>> 16)) >>> 0 || 1];
}
