import { hash32 } from "./ids.ts";
import { invariant } from "./invariant.ts";

/**
 * A Bloom filter: *absent* is certain, *present* means "ask".
 * 12 bits an entry and 8 probes give one false `present` in about 300.
 */
export interface BloomFilter {
  readonly bits: Uint8Array;
  readonly probes: number;
}

const BITS_PER_ENTRY = 12;
const PROBES = 8;

export function buildBloom(keys: Iterable<string>, count: number): BloomFilter {
  const bits = new Uint8Array(Math.max(8, Math.ceil((count * BITS_PER_ENTRY) / 8)));
  const filter: BloomFilter = { bits, probes: PROBES };
  for (const key of keys) {
    eachProbe(filter, key, (byte, mask) => {
      bits[byte] = (bits[byte] ?? 0) | mask;
      return true;
    });
  }
  return filter;
}

export function mayContain(filter: BloomFilter, key: string): boolean {
  return eachProbe(filter, key, (byte, mask) => ((filter.bits[byte] ?? 0) & mask) !== 0);
}

/** Visits the filter's positions for a key until `visit` says false; returns whether none did. */
function eachProbe(
  filter: BloomFilter,
  key: string,
  visit: (byte: number, mask: number) => boolean,
): boolean {
  const size = filter.bits.length * 8;
  invariant(size > 0, "a Bloom filter has bits");
  const first = hash32(key);
  // An odd step visits different positions for every probe (double hashing).
  const step = hash32(key, 0x9747b28c) | 1;
  for (let probe = 0; probe < filter.probes; probe += 1) {
    const position = (first + Math.imul(probe, step)) >>> 0;
    const bit = position % size;
    if (!visit(bit >>> 3, 1 << (bit & 7))) return false;
  }
  return true;
}
