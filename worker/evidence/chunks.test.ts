import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  Chunker,
  inclusionProof,
  leafHash,
  leafOf,
  LEAVES_PER_CHUNK,
  proofInChunk,
  rootOfChunks,
  rootOfLeaves,
} from "./index.ts";
import { isIncluded } from "../testing/evidence/day-of-receipts.ts";

const leavesOf = (count: number): string[] =>
  Array.from({ length: count }, (_, at) => leafHash(Uint8Array.of(at % 256, at >> 8)));

/** What the chunker must make, from all leaves at once. */
const chunksOf = (leaves: readonly string[]) =>
  Array.from({ length: Math.ceil(leaves.length / LEAVES_PER_CHUNK) }, (_, at) => {
    const part = leaves.slice(at * LEAVES_PER_CHUNK, (at + 1) * LEAVES_PER_CHUNK);
    return { leaves: part, root: rootOfLeaves(part) };
  });

describe("leaves in chunks", () => {
  it("have the root and the proofs of the whole tree, whatever their number", () => {
    const holds = (size: number, at: number): void => {
      const leaves = leavesOf(size);
      const index = at % size;
      const chunks = chunksOf(leaves);
      const roots = chunks.map((chunk) => chunk.root);
      const root = rootOfLeaves(leaves);
      expect(rootOfChunks(roots)).toBe(root);
      const chunk = Math.floor(index / LEAVES_PER_CHUNK);
      const leaf = leaves[index] ?? "";
      const proof = proofInChunk(leaf, chunk, chunks[chunk]?.leaves ?? [], roots);
      expect(proof).toEqual({ index, path: inclusionProof(leaves, index) });
      expect(isIncluded(leaf, index, size, proof?.path ?? [], root)).toBe(true);
      expect(proofInChunk(leafHash(Uint8Array.of(1, 2, 3)), chunk, leaves, roots)).toBeNull();
    };
    for (const edge of [1, 2].map((n) => n * LEAVES_PER_CHUNK))
      for (const size of [edge - 1, edge, edge + 1]) holds(size, size - 1);
    const sizes = fc.integer({ min: 1, max: 3 * LEAVES_PER_CHUNK });
    fc.assert(fc.property(sizes, fc.nat(), holds), { numRuns: 10 });
  });

  it("are the same when receipts come one by one, and no more of them is kept than a chunk", () => {
    const size = 2 * LEAVES_PER_CHUNK + 3;
    const receipts = Array.from({ length: size }, (_, at) => ({
      ...{ programmeId: "demo", day: 1, memberTag: "t", seq: at + 1 },
      ...{ prevHash: "0".repeat(64), hash: String(at).padStart(64, "0") },
    }));
    const chunker = new Chunker();
    const made = receipts.flatMap((receipt) => chunker.add(receipt) ?? []);
    const last = chunker.rest();
    const placed = last ? [...made, last] : made;
    const whole = chunksOf(receipts.map(leafOf));
    expect(placed.map(({ leaves, root }) => ({ leaves, root }))).toEqual(whole);
    expect(placed.map(({ at, first }) => [at, first.seq])).toEqual([
      [0, 1],
      [1, LEAVES_PER_CHUNK + 1],
      [2, 2 * LEAVES_PER_CHUNK + 1],
    ]);
    expect(chunker.size).toBe(size);
    expect(chunker.roots).toEqual(whole.map(({ root }) => root));
    expect(chunker.rest()).toBeNull();
  });
});
