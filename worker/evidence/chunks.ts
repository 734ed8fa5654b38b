/**
 * A day's leaves in chunks of a power of two. A chunk is a subtree of the day's tree, so a proof needs one chunk and the roots of
 * the others, however many entries the day has. Pure.
 */
import { inclusionProof, rootOfLeaves, type Hash } from "./merkle.ts";
import { leafOf, type InclusionProof, type Receipt } from "./receipt.ts";

export const LEAVES_PER_CHUNK = 1_024;

/** A chunk where it stands in its day. */
export interface PlacedChunk {
  readonly leaves: readonly Hash[];
  readonly root: Hash;
  readonly at: number;
  /** Whose leaf is its first. */
  readonly first: Receipt;
}

/** Makes chunks of receipts as they come; what is not yet a whole chunk is all that is kept of them. */
export class Chunker {
  readonly roots: Hash[] = [];
  size = 0;
  #first: Receipt | null = null;
  #leaves: Hash[] = [];

  /** The chunk that this receipt completes, or null. */
  add(receipt: Receipt): PlacedChunk | null {
    this.#first ??= receipt;
    this.#leaves.push(leafOf(receipt));
    this.size += 1;
    return this.#leaves.length < LEAVES_PER_CHUNK ? null : this.rest();
  }

  /** What is left when no more receipts come, or null. */
  rest(): PlacedChunk | null {
    if (!this.#first) return null;
    const root = rootOfLeaves(this.#leaves);
    const chunk = { at: this.roots.length, first: this.#first, leaves: this.#leaves, root };
    this.roots.push(root);
    this.#first = null;
    this.#leaves = [];
    return chunk;
  }
}

/** The root over all leaves, from those of the chunks. */
export function rootOfChunks(chunkRoots: readonly Hash[]): Hash {
  return rootOfLeaves(chunkRoots);
}

/** The way from a leaf of a chunk to the root of the day; null: the chunk has no such leaf. */
export function proofInChunk(
  leaf: Hash,
  chunk: number,
  leaves: readonly Hash[],
  chunkRoots: readonly Hash[],
): InclusionProof | null {
  const at = leaves.indexOf(leaf);
  if (at < 0) return null;
  const path = [...inclusionProof(leaves, at), ...inclusionProof(chunkRoots, chunk)];
  return { index: chunk * LEAVES_PER_CHUNK + at, path };
}
