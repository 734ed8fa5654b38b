/**
 * Merkle trees as in RFC 6962 and RFC 9162: a leaf and a node are hashed with different first bytes, so that neither passes
 * for the other. Hashes are lower-case hex. Pure.
 */
import { createHash } from "node:crypto";

export type Hash = string;

/** The root of a tree without leaves. */
export const EMPTY_ROOT: Hash = createHash("sha256").digest("hex");

export function leafHash(bytes: Uint8Array): Hash {
  return createHash("sha256").update(Uint8Array.of(0)).update(bytes).digest("hex");
}

export function nodeHash(left: Hash, right: Hash): Hash {
  return createHash("sha256")
    .update(Uint8Array.of(1))
    .update(left, "hex")
    .update(right, "hex")
    .digest("hex");
}

/** Roots of the full subtrees on the right edge, largest first: what must be kept to add leaves one by one. */
export interface Frontier {
  readonly size: number;
  readonly peaks: readonly Hash[];
}

export const NO_LEAVES: Frontier = { size: 0, peaks: [] };

export function withLeaf(frontier: Frontier, leaf: Hash): Frontier {
  const peaks = [...frontier.peaks];
  let node = leaf;
  // Two subtrees of a size join: as many times as the size ends in ones.
  for (let size = frontier.size; size % 2 === 1; size = Math.floor(size / 2)) {
    node = nodeHash(peaks.pop() ?? "", node);
  }
  peaks.push(node);
  return { size: frontier.size + 1, peaks };
}

export function rootOf(frontier: Frontier): Hash {
  const peaks = [...frontier.peaks];
  let root = peaks.pop();
  if (root === undefined) return EMPTY_ROOT;
  for (let peak = peaks.pop(); peak !== undefined; peak = peaks.pop()) root = nodeHash(peak, root);
  return root;
}

export function rootOfLeaves(leaves: readonly Hash[]): Hash {
  return rangeRoot(leaves, 0, leaves.length);
}

function rangeRoot(leaves: readonly Hash[], from: number, to: number): Hash {
  if (to === from) return EMPTY_ROOT;
  if (to - from === 1) return leaves[from] ?? "";
  const middle = from + splitOf(to - from);
  return nodeHash(rangeRoot(leaves, from, middle), rangeRoot(leaves, middle, to));
}

/** The largest power of two below `size`. */
function splitOf(size: number): number {
  let power = 1;
  while (power * 2 < size) power *= 2;
  return power;
}

/** The hashes beside the way from a leaf to the root, from the leaf up. */
export function inclusionProof(leaves: readonly Hash[], index: number): readonly Hash[] {
  const path = (from: number, to: number): Hash[] => {
    if (to - from <= 1) return [];
    const middle = from + splitOf(to - from);
    return index < middle
      ? [...path(from, middle), rangeRoot(leaves, middle, to)]
      : [...path(middle, to), rangeRoot(leaves, from, middle)];
  };
  return path(0, leaves.length);
}
