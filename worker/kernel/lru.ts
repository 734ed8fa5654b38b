/**
 * A map of bounded size that forgets what was not used lately. It keeps two generations: what is read moves into the young
 * one, and when that has filled half the size, the old one is dropped whole. So neither a hit nor a full map costs a
 * deletion, which on the paths that every request takes was dearer than the look-up.
 */
export class Lru<K, V> {
  #young = new Map<K, V>();
  #old = new Map<K, V>();
  readonly #generationMax: number;

  /** `sizeMax`: how many entries it ever holds; at least half as many of the last used ones are there. */
  constructor(sizeMax: number) {
    this.#generationMax = Math.max(1, Math.ceil(sizeMax / 2));
  }

  get(key: K): V | undefined {
    const value = this.#young.get(key);
    if (value !== undefined) return value;
    const kept = this.#old.get(key);
    if (kept !== undefined) this.set(key, kept);
    return kept;
  }

  set(key: K, value: V): void {
    this.#young.set(key, value);
    if (this.#young.size < this.#generationMax) return;
    this.#old = this.#young;
    this.#young = new Map();
  }

  delete(key: K): void {
    this.#young.delete(key);
    this.#old.delete(key);
  }

  clear(): void {
    this.#young.clear();
    this.#old.clear();
  }
}
