/** Writes an entry: collects a due deficit, numbers it, seals it, asserts the wallet. Pure. */
import { invariant } from "../../kernel/invariant.ts";
import type { Figures, Refusal } from "../../kernel/refusal.ts";
import { sealEntry } from "./chain.ts";
import { move, sumOf } from "./lots.ts";
import type {
  Booked,
  Cause,
  EntryLookup,
  EntryType,
  LotSlice,
  PointsEntry,
  PointsLot,
  Refused,
  Replayed,
  Wallet,
} from "./types.ts";
import { assertWallet, dueToDeficit, ownedPoints } from "./wallet.ts";

export interface Draft {
  readonly type: EntryType;
  readonly points: number;
  readonly askedPoints: number;
  readonly slices: readonly LotSlice[];
  readonly opens: readonly PointsLot[];
  readonly overdraft: number;
}

/** Appends one entry; `wallet` already carries what the entry moves. */
export function book(
  wallet: Wallet,
  draft: Draft,
  cause: Cause,
  nowMs: number,
): { readonly wallet: Wallet; readonly entry: PointsEntry } {
  const paid = dueToDeficit(wallet, nowMs);
  const settled: Wallet =
    paid.length === 0
      ? wallet
      : {
          ...wallet,
          deficit: wallet.deficit - sumOf(paid),
          lots: move(wallet.lots, paid, -1),
        };
  assertWallet(settled);
  const entry = sealEntry({
    ...draft,
    ...cause,
    paid,
    seq: settled.seq + 1,
    balanceAfter: ownedPoints(settled),
    recordedAtMs: nowMs,
    prevHash: settled.headHash,
  });
  return { wallet: { ...settled, seq: entry.seq, headHash: entry.hash }, entry };
}

export function booked(wallet: Wallet, entries: readonly PointsEntry[]): Booked {
  return { kind: "booked", wallet, entries };
}

export function refused(code: Refusal["code"], figures: Figures): Refused {
  return { kind: "refused", refusal: { code, figures } };
}

export function invalid(field: string, reason: string): Refused {
  return refused("invalid", { field, reason });
}

/**
 * What a known natural key answers: the entry again when it says the same, a refusal when another command uses its key;
 * null: the key is new.
 */
export function answerKnown(
  ledger: EntryLookup,
  cause: Cause,
  type: EntryType,
  askedPoints: number,
): Replayed | Refused | null {
  const entry = ledger.find(cause.naturalKey);
  if (!entry) return null;
  const differing: string[] = [];
  if (entry.type !== type) differing.push("type");
  if (entry.askedPoints !== askedPoints) differing.push("points");
  if (entry.sourceId !== cause.sourceId) differing.push("sourceId");
  return differing.length === 0
    ? { kind: "replayed", entry }
    : refused("idempotency_mismatch", { fields: differing.join(",") });
}

/** Lots that slices name, which the caller must have loaded. */
export function assertLoaded(wallet: Wallet, slices: readonly LotSlice[]): void {
  const known = new Set(wallet.lots.map((lot) => lot.lotId));
  invariant(
    slices.every((slice) => known.has(slice.lotId)),
    "lots that slices name are loaded",
  );
}

export function isWholePoints(points: number, max: number): boolean {
  return Number.isInteger(points) && points >= 1 && points <= max;
}
