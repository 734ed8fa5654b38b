/** A day of receipts small enough to be whole in memory, as whoever verifies it from outside would build it anew. */
import { inclusionProof, nodeHash, rootOfLeaves, type Hash } from "../../evidence/merkle.ts";
import {
  FIRST_PREVIOUS,
  leafOf,
  type DailyRoot,
  type InclusionProof,
  type Receipt,
} from "../../evidence/receipt.ts";

/** Leaves of a day in their one order: by member, then by sequence. */
export function inLeafOrder(a: Receipt, b: Receipt): number {
  if (a.memberTag !== b.memberTag) return a.memberTag < b.memberTag ? -1 : 1;
  return a.seq - b.seq;
}

/** The root of a programme's first day, over receipts in leaf order. */
export function rootOfDay(
  programmeId: string,
  day: number,
  receipts: readonly Receipt[],
): DailyRoot {
  const root = rootOfLeaves(receipts.map(leafOf));
  return { programmeId, day, size: receipts.length, root, previous: FIRST_PREVIOUS };
}

export function proofOf(receipts: readonly Receipt[], index: number): InclusionProof {
  return { index, path: inclusionProof(receipts.map(leafOf), index) };
}

/** Whether a leaf is in a tree of this size and root, by RFC 9162, section 2.1.3.2. */
export function isIncluded(
  leaf: Hash,
  index: number,
  size: number,
  proof: readonly Hash[],
  root: Hash,
): boolean {
  if (!Number.isInteger(index) || index < 0 || index >= size) return false;
  let at = index;
  let last = size - 1;
  let node = leaf;
  for (const beside of proof) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      node = nodeHash(beside, node);
      while (at % 2 === 0 && at !== 0) {
        at = Math.floor(at / 2);
        last = Math.floor(last / 2);
      }
    } else {
      node = nodeHash(node, beside);
    }
    at = Math.floor(at / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && node === root;
}
