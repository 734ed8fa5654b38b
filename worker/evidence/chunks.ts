/**
 * A day's leaves in chunks of a power of two. A chunk is a subtree of the day's tree, so a proof needs one chunk and the roots of
 * the others, however many entries the day has. Pure.
 */
import { inclusionProof, rootOfLeaves, type Hash } from "./merkle.ts";
import type { InclusionProof } from "./receipt.ts";

export const LEAVES_PER_CHUNK = 1_024;

export interface Chunk {
  readonly leaves: readonly Hash[];
  readonly root: Hash;
}

export function chunksOf(leaves: readonly Hash[]): readonly Chunk[] {
  const chunks: Chunk[] = [];
  for (let at = 0; at < leaves.length; at += LEAVES_PER_CHUNK) {
    const part = leaves.slice(at, at + LEAVES_PER_CHUNK);
    chunks.push({ leaves: part, root: rootOfLeaves(part) });
  }
  return chunks;
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
