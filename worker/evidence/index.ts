/** The evidence's door. */
export { Chunker, LEAVES_PER_CHUNK, proofInChunk, rootOfChunks } from "./chunks.ts";
export {
  EMPTY_ROOT,
  inclusionProof,
  leafHash,
  NO_LEAVES,
  rootOf,
  rootOfLeaves,
  withLeaf,
  type Frontier,
} from "./merkle.ts";
export {
  FIRST_PREVIOUS,
  leafOf,
  memberTagOf,
  receiptBytes,
  rootHash,
  type Receipt,
} from "./receipt.ts";
export { evidenceRoutes } from "./routes.ts";
export { sealDays } from "./sealer.ts";
export { signerOf, type PublicKey } from "./signing.ts";
export { changedSince, EvidenceStore, type SignedRoot } from "./store.ts";
