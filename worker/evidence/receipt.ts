/**
 * Receipts of ledger entries and the roots of a day. What is signed is defined here, byte by byte; the signing is the
 * shell's. Only pseudonymous fields are in it. Pure.
 */
import { createHash, createHmac } from "node:crypto";
import { inclusionProof, isIncluded, leafHash, rootOfLeaves, type Hash } from "./merkle.ts";

/** One entry, as a stranger may see it. */
export interface Receipt {
  readonly programmeId: string;
  /** Keyed hash of the member, the same on all receipts of one member. */
  readonly memberTag: string;
  readonly seq: number;
  /** Programme day on which the entry was recorded. */
  readonly day: number;
  readonly prevHash: Hash;
  readonly hash: Hash;
}

/** The tree over a programme's entries of one day. Each root names the one before, so that none can be left out. */
export interface DailyRoot {
  readonly programmeId: string;
  readonly day: number;
  readonly size: number;
  readonly root: Hash;
  readonly previous: Hash;
}

export interface InclusionProof {
  readonly index: number;
  readonly path: readonly Hash[];
}

/** What stands before the first day's root. */
export const FIRST_PREVIOUS: Hash = "0".repeat(64);

const encoder = new TextEncoder();

/** Made with a key of the programme: throw the key away, and no receipt leads to a person any more. */
export function memberTagOf(memberKey: string, tagKey: Uint8Array): string {
  return createHmac("sha256", tagKey).update(memberKey).digest("hex").slice(0, 32);
}

/** The bytes that are hashed into the leaf and signed: one JSON array in UTF-8, no blanks. */
export function receiptBytes(receipt: Receipt): Uint8Array {
  const { programmeId, memberTag, seq, day, prevHash, hash } = receipt;
  return encoder.encode(
    JSON.stringify(["qiangdui.receipt.v1", programmeId, memberTag, seq, day, prevHash, hash]),
  );
}

/** The bytes of a daily root that are signed and chained. */
export function rootBytes(root: DailyRoot): Uint8Array {
  const { programmeId, day, size, previous } = root;
  return encoder.encode(
    JSON.stringify(["qiangdui.root.v1", programmeId, day, size, root.root, previous]),
  );
}

/** What the root of the next day names as `previous`. */
export function rootHash(root: DailyRoot): Hash {
  return createHash("sha256").update(rootBytes(root)).digest("hex");
}

export function leafOf(receipt: Receipt): Hash {
  return leafHash(receiptBytes(receipt));
}

/** Leaves of a day in their one order: by member, then by sequence. */
export function inLeafOrder(a: Receipt, b: Receipt): number {
  if (a.memberTag !== b.memberTag) return a.memberTag < b.memberTag ? -1 : 1;
  return a.seq - b.seq;
}

/** The root over a day's receipts, which must be in leaf order. */
export function dailyRootOf(
  programmeId: string,
  day: number,
  receipts: readonly Receipt[],
  previous: Hash,
): DailyRoot {
  const root = rootOfLeaves(receipts.map(leafOf));
  return { programmeId, day, size: receipts.length, root, previous };
}

export function proofOf(receipts: readonly Receipt[], index: number): InclusionProof {
  return { index, path: inclusionProof(receipts.map(leafOf), index) };
}

export type ReceiptFault = "another_programme" | "another_day" | "not_in_the_tree";

/** What is wrong with a receipt and its proof under a published root; null: nothing. */
export function receiptFault(
  receipt: Receipt,
  proof: InclusionProof,
  root: DailyRoot,
): ReceiptFault | null {
  if (receipt.programmeId !== root.programmeId) return "another_programme";
  if (receipt.day !== root.day) return "another_day";
  const isIn = isIncluded(leafOf(receipt), proof.index, root.size, proof.path, root.root);
  return isIn ? null : "not_in_the_tree";
}

export type RootFault =
  | { readonly kind: "another_programme" | "not_after_the_one_before"; readonly day: number }
  | { readonly kind: "does_not_name_the_one_before"; readonly day: number };

/** The first published root that does not follow from the one before; null: all do. Days without entries may be missing. */
export function rootChainFault(
  roots: readonly DailyRoot[],
  from = FIRST_PREVIOUS,
): RootFault | null {
  let previous = from;
  let before: DailyRoot | null = null;
  for (const root of roots) {
    const { day } = root;
    if (before && root.programmeId !== before.programmeId)
      return { kind: "another_programme", day };
    if (before && day <= before.day) return { kind: "not_after_the_one_before", day };
    if (root.previous !== previous) return { kind: "does_not_name_the_one_before", day };
    previous = rootHash(root);
    before = root;
  }
  return null;
}

export interface ChangedRow {
  readonly memberTag: string;
  readonly seq: number;
  readonly kind: "changed" | "missing" | "added";
}

/**
 * Names the rows of a day that are not as they were when its root was published. `published` are the receipts kept with
 * the root, `current` those made from the rows as they are now.
 */
export function changedRows(
  published: readonly Receipt[],
  current: readonly Receipt[],
): readonly ChangedRow[] {
  const keyOf = ({ memberTag, seq }: Receipt): string => `${memberTag} ${seq}`;
  const now = new Map(current.map((receipt) => [keyOf(receipt), receipt]));
  const found: ChangedRow[] = [];
  for (const receipt of published) {
    const { memberTag, seq } = receipt;
    const row = now.get(keyOf(receipt));
    now.delete(keyOf(receipt));
    if (!row) found.push({ memberTag, seq, kind: "missing" });
    else if (leafOf(row) !== leafOf(receipt)) found.push({ memberTag, seq, kind: "changed" });
  }
  for (const { memberTag, seq } of now.values()) found.push({ memberTag, seq, kind: "added" });
  return found;
}
