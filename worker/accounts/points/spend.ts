/** Holds and debits. A hold takes lots aside; capture spends it, release gives it back. Pure. */
import { invariant } from "../../kernel/invariant.ts";
import { LIMITS } from "../../kernel/limits.ts";
import {
  answerKnown,
  assertLoaded,
  book,
  booked,
  invalid,
  isWholePoints,
  refused,
} from "./booking.ts";
import { consumable, move, sliceOff, sumOf } from "./lots.ts";
import { putBack } from "./restore.ts";
import type {
  Booked,
  Cause,
  EntryLookup,
  LapsePolicy,
  LotSlice,
  Outcome,
  PointsEntry,
  Refused,
  Replayed,
  Wallet,
} from "./types.ts";
import { assertWallet, dueToDeficit, spendablePoints } from "./wallet.ts";

/** Points set aside. The caller keeps it beside what it is for, and brings it back once. */
export interface Hold {
  readonly holdId: string;
  readonly points: number;
  readonly slices: readonly LotSlice[];
  /** False: the ledger does not know it. A flash redemption writes one entry, when it is granted. */
  readonly isRecorded: boolean;
}

export interface HoldCommand {
  readonly holdId: string;
  readonly points: number;
  readonly isRecorded: boolean;
  readonly cause: Cause;
}

export interface HeldOutcome {
  readonly kind: "held";
  readonly wallet: Wallet;
  readonly hold: Hold;
  readonly entries: readonly PointsEntry[];
}

function debitRefusal(wallet: Wallet, points: number, nowMs: number): Refused | null {
  if (!isWholePoints(points, LIMITS.pointsMax)) return invalid("points", "out_of_range");
  const active = spendablePoints(wallet, nowMs);
  return active < points ? refused("points_insufficient", { needed: points, active }) : null;
}

/** Pays what is owed from points that became active unseen, then takes `points` from the lots, first to lapse first. */
function takeSlices(
  wallet: Wallet,
  points: number,
  nowMs: number,
): { readonly wallet: Wallet; readonly slices: readonly LotSlice[] } {
  const owed = dueToDeficit(wallet, nowMs);
  const free = move(wallet.lots, owed, -1);
  const slices = sliceOff(consumable(free, nowMs), points);
  invariant(sumOf(slices) === points, "I4 lots cover what was checked", { points });
  return { wallet: { ...wallet, lots: move(wallet.lots, slices, -1) }, slices };
}

/** Sets points aside. It is recorded when asked to be, and always when a deficit is paid on the way. */
export function hold(
  wallet: Wallet,
  command: HoldCommand,
  ledger: EntryLookup,
  nowMs: number,
): HeldOutcome | Replayed | Refused {
  const known = answerKnown(ledger, command.cause, "hold", command.points);
  if (known) return known;
  const refusal = debitRefusal(wallet, command.points, nowMs);
  if (refusal) return refusal;
  const taken = takeSlices(wallet, command.points, nowMs);
  const { holdId, points } = command;
  const aside: Wallet = { ...taken.wallet, held: wallet.held + points };
  const isRecorded = command.isRecorded || wallet.deficit > 0;
  const made: Hold = { holdId, points, slices: taken.slices, isRecorded };
  if (!isRecorded) {
    assertWallet(aside);
    return { kind: "held", wallet: aside, hold: made, entries: [] };
  }
  const after = book(aside, holdDraft(made), command.cause, nowMs);
  return { kind: "held", wallet: after.wallet, hold: made, entries: [after.entry] };
}

function holdDraft(made: Hold) {
  return {
    type: "hold" as const,
    points: 0,
    askedPoints: made.points,
    slices: made.slices,
    opens: [],
    overdraft: 0,
  };
}

/** The held points are spent. An unrecorded hold becomes one `redeem` entry, a recorded one a `capture`. */
export function capture(
  wallet: Wallet,
  made: Hold,
  cause: Cause,
  ledger: EntryLookup,
  nowMs: number,
): Outcome {
  const type = made.isRecorded ? "capture" : "redeem";
  const known = answerKnown(ledger, cause, type, made.points);
  if (known) return known;
  const spent: Wallet = {
    ...wallet,
    held: wallet.held - made.points,
    spent: wallet.spent + made.points,
  };
  const draft = {
    type,
    points: 0 - made.points,
    askedPoints: made.points,
    slices: made.slices,
    opens: [],
    overdraft: 0,
  } as const;
  const { wallet: after, entry } = book(spent, draft, cause, nowMs);
  return booked(after, [entry]);
}

/**
 * The held points go back to the lots they came from, or by `policy` where a lot lapsed meanwhile. A hold that the ledger
 * does not know, and that leaves no trace, stays unknown; one that leaves a trace is recorded with its release.
 */
export function release(
  wallet: Wallet,
  made: Hold,
  policy: LapsePolicy,
  cause: Cause,
  ledger: EntryLookup,
  nowMs: number,
): Outcome {
  const known = answerKnown(ledger, cause, "release", made.points);
  if (known) return known;
  assertLoaded(wallet, made.slices);
  const entries: PointsEntry[] = [];
  let current = wallet;
  const hasLapsed = made.slices.some(
    ({ expiresAtMs }) => expiresAtMs !== null && expiresAtMs <= nowMs,
  );
  if (!made.isRecorded) {
    if (!hasLapsed && wallet.deficit === 0) return unseen(wallet, made);
    const late = { ...cause, naturalKey: `hold:${made.holdId}` };
    // Not collected from yet: the points that come back may have to pay the deficit first.
    const recorded = book(current, holdDraft(made), late, nowMs);
    current = recorded.wallet;
    entries.push(recorded.entry);
  }
  const freed: Wallet = { ...current, held: current.held - made.points };
  const back = putBack(freed, made.slices, policy, nowMs);
  const draft = {
    type: "release" as const,
    points: 0,
    askedPoints: made.points,
    slices: back.slices,
    opens: back.opens,
    overdraft: 0,
  };
  const done = back.finish(book(back.wallet, draft, cause, nowMs));
  return booked(done.wallet, [...entries, ...done.entries]);
}

function unseen(wallet: Wallet, made: Hold): Booked {
  const after: Wallet = {
    ...wallet,
    held: wallet.held - made.points,
    lots: move(wallet.lots, made.slices, 1),
  };
  assertWallet(after);
  return booked(after, []);
}

export interface SpendCommand {
  readonly type: "redeem";
  readonly points: number;
  readonly cause: Cause;
}

/** Spends at once. The entry's slices are what a refund reopens. */
export function spend(
  wallet: Wallet,
  command: SpendCommand,
  ledger: EntryLookup,
  nowMs: number,
): Outcome {
  const { type, points, cause } = command;
  const known = answerKnown(ledger, cause, type, points);
  if (known) return known;
  const refusal = debitRefusal(wallet, points, nowMs);
  if (refusal) return refusal;
  const taken = takeSlices(wallet, points, nowMs);
  const spent: Wallet = { ...taken.wallet, spent: wallet.spent + points };
  const draft = {
    type,
    points: -points,
    askedPoints: points,
    slices: taken.slices,
    opens: [],
    overdraft: 0,
  };
  const { wallet: after, entry } = book(spent, draft, cause, nowMs);
  return booked(after, [entry]);
}
