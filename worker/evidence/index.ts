/** The evidence's door. */
export { Chunker, chunksOf, LEAVES_PER_CHUNK, proofInChunk, rootOfChunks } from "./chunks.ts";
export {
  EMPTY_ROOT,
  inclusionProof,
  isIncluded,
  leafHash,
  NO_LEAVES,
  rootOf,
  rootOfLeaves,
  withLeaf,
  type Frontier,
} from "./merkle.ts";
export {
  changedRows,
  dailyRootOf,
  FIRST_PREVIOUS,
  inLeafOrder,
  leafOf,
  memberTagOf,
  proofOf,
  receiptBytes,
  receiptFault,
  rootBytes,
  rootChainFault,
  rootHash,
  type Receipt,
} from "./receipt.ts";
export { evidenceRoutes } from "./routes.ts";
export { sealDays } from "./sealer.ts";
export { signerOf, type PublicKey } from "./signing.ts";
export { changedSince, EvidenceStore, type SignedRoot } from "./store.ts";
