/** Takes points back: claw-backs of what was earned, and debits by hand. Pure. */
import { LIMITS } from "../../kernel/limits.ts";
import { answerKnown, book, booked, invalid, isWholePoints, refused } from "./booking.ts";
import { expireDue } from "./expire.ts";
import {
  consumable,
  inConsumptionOrder,
  isExpired,
  isPending,
  move,
  sliceOff,
  sumOf,
} from "./lots.ts";
import type {
  Cause,
  ClawbackPolicy,
  EntryLookup,
  LotSlice,
  Outcome,
  PointsLot,
  Wallet,
} from "./types.ts";
import { dueToDeficit, spendablePoints } from "./wallet.ts";

export interface ClawbackCommand {
  readonly points: number;
  readonly policy: ClawbackPolicy;
  /** Lots of this origin go first; null: no lot is nearer than another. */
  readonly originId: string | null;
  readonly cause: Cause;
}

/** Pending lots before active ones, own lots before others, then as they would be spent. */
function inReversalOrder(wallet: Wallet, command: ClawbackCommand, nowMs: number): PointsLot[] {
  const rank = (lot: PointsLot): number =>
    (isPending(lot, nowMs) ? 0 : 2) +
    (command.originId !== null && lot.originId === command.originId ? 0 : 1);
  return wallet.lots
    .filter(
      (lot) =>
        lot.remaining > 0 &&
        !isExpired(lot, nowMs) &&
        (command.policy !== "only_pending" || isPending(lot, nowMs)),
    )
    .sort((a, b) => rank(a) - rank(b) || inConsumptionOrder(a, b));
}

/**
 * Takes back points that were earned. The entry is written even when the policy leaves nothing to take, so that the same
 * return can never be counted a second time.
 */
export function clawBack(
  wallet: Wallet,
  command: ClawbackCommand,
  ledger: EntryLookup,
  nowMs: number,
): Outcome {
  const { points, policy, cause } = command;
  const known = answerKnown(ledger, cause, "clawback", points);
  if (known) return known;
  if (!isWholePoints(points, LIMITS.pointsMax)) return invalid("points", "out_of_range");
  // What lapsed before the return is gone; it must not pay for it.
  const swept = expireDue(wallet, nowMs, Number.POSITIVE_INFINITY);
  const free: Wallet = {
    ...swept.wallet,
    lots: move(swept.wallet.lots, dueToDeficit(swept.wallet, nowMs), -1),
  };
  const slices = sliceOff(inReversalOrder(free, command, nowMs), points);
  const covered = sumOf(slices);
  const overdraft = policy === "allow_negative" ? points - covered : 0;
  const after = takeBack(swept.wallet, slices, overdraft);
  const draft = {
    type: "clawback" as const,
    points: 0 - covered - overdraft,
    askedPoints: points,
    slices,
    opens: [],
    overdraft,
  };
  const posted = book(after, draft, cause, nowMs);
  return booked(posted.wallet, [...swept.entries, posted.entry]);
}

function takeBack(wallet: Wallet, slices: readonly LotSlice[], overdraft: number): Wallet {
  return {
    ...wallet,
    clawedBack: wallet.clawedBack + sumOf(slices) + overdraft,
    deficit: wallet.deficit + overdraft,
    lots: move(wallet.lots, slices, -1),
  };
}

export interface ManualDebitCommand {
  readonly points: number;
  /** True: what active points do not cover becomes deficit. False: a short balance is refused. */
  readonly mayGoNegative: boolean;
  readonly cause: Cause;
}

/** A deduction by staff. It takes all that it says or nothing: a short balance is an error, never a skip. */
export function manualDebit(
  wallet: Wallet,
  command: ManualDebitCommand,
  ledger: EntryLookup,
  nowMs: number,
): Outcome {
  const { points, mayGoNegative, cause } = command;
  const known = answerKnown(ledger, cause, "manual_debit", points);
  if (known) return known;
  if (!isWholePoints(points, LIMITS.pointsMax)) return invalid("points", "out_of_range");
  const active = spendablePoints(wallet, nowMs);
  if (active < points && !mayGoNegative) {
    return refused("points_insufficient", { needed: points, active });
  }
  const swept = expireDue(wallet, nowMs, Number.POSITIVE_INFINITY);
  const free = move(swept.wallet.lots, dueToDeficit(swept.wallet, nowMs), -1);
  const slices = sliceOff(consumable(free, nowMs), points);
  const overdraft = points - sumOf(slices);
  const draft = {
    type: "manual_debit" as const,
    points: -points,
    askedPoints: points,
    slices,
    opens: [],
    overdraft,
  };
  const after = takeBack(swept.wallet, slices, overdraft);
  const posted = book(after, draft, cause, nowMs);
  return booked(posted.wallet, [...swept.entries, posted.entry]);
}
