import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  chunksOf,
  inclusionProof,
  isIncluded,
  leafHash,
  LEAVES_PER_CHUNK,
  proofInChunk,
  rootOfChunks,
  rootOfLeaves,
} from "./index.ts";

const leavesOf = (count: number): string[] =>
  Array.from({ length: count }, (_, at) => leafHash(Uint8Array.of(at % 256, at >> 8)));

describe("leaves in chunks", () => {
  it("have the root and the proofs of the whole tree, whatever their number", () => {
    const sizes = fc.oneof(
      fc.integer({ min: 1, max: 3 * LEAVES_PER_CHUNK }),
      fc.constantFrom(...[1, 2, 3].flatMap((n) => [-1, 0, 1].map((d) => n * LEAVES_PER_CHUNK + d))),
    );
    fc.assert(
      fc.property(sizes, fc.nat(), (size, at) => {
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
      }),
      { numRuns: 40 },
    );
  });
});
