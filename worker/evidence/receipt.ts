/**
 * Receipts of ledger entries and the roots of a day. What is signed is defined here, byte by byte; the signing is the
 * shell's. Only pseudonymous fields are in it. Pure.
 */
import { createHash, createHmac } from "node:crypto";
import { leafHash, type Hash } from "./merkle.ts";

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
