/** The append-only points ledger of one member: gapless `seq`, natural keys, a hash chain. Pure. */
import { hash as digest } from "node:crypto";
import type { LotSlice } from "./lots.ts";

/** Types that exist today; later parts add to the list and never reuse a word. */
export type EntryType = "opening" | "manual_credit" | "redeem" | "redeem_rollback" | "expire";

export interface LedgerEntry {
  /** 1, 2, 3 … per member, without a gap. */
  readonly seq: number;
  readonly type: EntryType;
  /** Signed change of what the member owns. */
  readonly points: number;
  readonly slices: readonly LotSlice[];
  /** Unique per member: the reason why this entry can exist only once. */
  readonly naturalKey: string;
  readonly orderId: string | null;
  /** Who caused it: `member`, `system`, or a staff id. Outside the hash, so that a person can be erased. */
  readonly actor: string;
  readonly reason: string;
  readonly balanceAfter: number;
  readonly occurredAtMs: number;
  readonly prevHash: string;
  readonly hash: string;
}

export const GENESIS_HASH = "0".repeat(64);

export type EntryDraft = Omit<LedgerEntry, "seq" | "prevHash" | "hash" | "balanceAfter">;

/** Seals an entry onto the chain. Only pseudonymous fields are hashed. */
export function sealEntry(
  draft: EntryDraft,
  prevHash: string,
  seq: number,
  balanceAfter: number,
): LedgerEntry {
  const hash = hashOf({ ...draft, seq, balanceAfter, prevHash });
  return { ...draft, seq, balanceAfter, prevHash, hash };
}

export function hashOf(entry: Omit<LedgerEntry, "hash">): string {
  const slices = entry.slices
    .map((slice) => `${slice.lotId}:${slice.points}:${slice.expiresAtMs ?? ""}`)
    .join(",");
  const text = [
    entry.prevHash,
    entry.seq,
    entry.type,
    entry.points,
    slices,
    entry.naturalKey,
    entry.balanceAfter,
    entry.occurredAtMs,
  ].join("|");
  return digest("sha256", text, "hex");
}
