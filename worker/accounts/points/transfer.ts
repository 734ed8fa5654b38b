/** Points that go from one record of a person to another: each lot keeps its deadline, what it waits for and where it came from. Pure. */
import { answerKnown, book, booked } from "./booking.ts";
import { activationKey, sliceOf } from "./credit.ts";
import { inConsumptionOrder, isExpired, move, sumOf } from "./lots.ts";
import type { Booked, Cause, EntryLookup, LotSlice, Outcome, PointsLot, Wallet } from "./types.ts";

/** Lots as they leave: `points` are what remains of them, `lotId` is the old one. */
export interface TransferOut extends Booked {
  readonly lots: readonly PointsLot[];
}

/**
 * Takes open lots out of a wallet, `lotsMax` at most; null: nothing is open. What is taken was never spent, so it leaves `granted`
 * here and joins it there: sums over all records stay what they were.
 */
export function transferOut(
  wallet: Wallet,
  lotsMax: number,
  cause: Cause,
  nowMs: number,
): TransferOut | null {
  // What it owes is paid first, by what comes in.
  if (wallet.deficit > 0) return null;
  const open = wallet.lots
    .filter((lot) => lot.remaining > 0 && !isExpired(lot, nowMs))
    .sort(inConsumptionOrder)
    .slice(0, lotsMax);
  if (open.length === 0) return null;
  const slices = open.map(({ lotId, remaining, expiresAtMs }): LotSlice => ({
    ...{ lotId, points: remaining, expiresAtMs },
  }));
  const points = sumOf(slices);
  const left: Wallet = {
    ...wallet,
    granted: wallet.granted - points,
    lots: move(wallet.lots, slices, -1),
  };
  const draft = { type: "transfer_out", points: 0 - points, askedPoints: points } as const;
  const { wallet: after, entry } = book(
    left,
    { ...draft, slices, opens: [], overdraft: 0 },
    cause,
    nowMs,
  );
  const lots = open.map((lot) => ({ ...lot, points: lot.remaining }));
  return { ...booked(after, [entry]), lots };
}

/** Opens the same lots in another wallet. The bound of a lifetime was looked at before the first of them left. */
export function transferIn(
  wallet: Wallet,
  lots: readonly PointsLot[],
  cause: Cause,
  ledger: EntryLookup,
  nowMs: number,
): Outcome {
  const points = lots.reduce((sum, lot) => sum + lot.remaining, 0);
  const known = answerKnown(ledger, cause, "transfer_in", points);
  if (known) return known;
  const opens = lots.map((lot, at): PointsLot => ({
    ...lot,
    lotId: wallet.lotSeq + 1 + at,
    points: lot.remaining,
    // What it waited for may have happened to this record already.
    pendingEvent:
      lot.pendingEvent !== null && ledger.find(activationKey(lot.pendingEvent)) !== null
        ? null
        : lot.pendingEvent,
  }));
  const credited: Wallet = {
    ...wallet,
    granted: wallet.granted + points,
    lotSeq: wallet.lotSeq + opens.length,
    lots: [...wallet.lots, ...opens],
  };
  const draft = { type: "transfer_in", points, askedPoints: points, overdraft: 0 } as const;
  const { wallet: after, entry } = book(
    credited,
    { ...draft, slices: opens.map(sliceOf), opens },
    cause,
    nowMs,
  );
  return booked(after, [entry]);
}
