/** Credits make lots; an event makes its pending lots active. Pure. */
import { LIMITS } from "../../kernel/limits.ts";
import { answerKnown, book, booked, invalid, isWholePoints } from "./booking.ts";
import { expireDue } from "./expire.ts";
import { isExpired } from "./lots.ts";
import type {
  Cause,
  CreditType,
  EntryLookup,
  LotSlice,
  Outcome,
  PointsLot,
  Refused,
  Wallet,
} from "./types.ts";

/** When a credit becomes spendable. `event` names what the shell will report, such as the receipt of an order. */
export type PendingRule =
  | { readonly kind: "none" }
  | { readonly kind: "until"; readonly atMs: number }
  | { readonly kind: "event"; readonly event: string };

export interface CreditCommand {
  readonly type: CreditType;
  readonly points: number;
  /** Word for people and reports: `order`, `check_in`, `invite` … */
  readonly source: string;
  readonly originId: string | null;
  readonly expiresAtMs: number | null;
  readonly pending: PendingRule;
  readonly cause: Cause;
}

/** The natural key of an event's activation. Events may come before the credit that waits for them, so it is always written. */
export function activationKey(event: string): string {
  return `activate:${event}`;
}

export function sliceOf(lot: PointsLot): LotSlice {
  return { lotId: lot.lotId, points: lot.points, expiresAtMs: lot.expiresAtMs };
}

function creditRefusal(wallet: Wallet, command: CreditCommand, nowMs: number): Refused | null {
  const { points, expiresAtMs, pending, cause } = command;
  if (!isWholePoints(points, LIMITS.pointsMax)) return invalid("points", "out_of_range");
  if (wallet.granted + points > LIMITS.pointsMax) return invalid("points", "over_lifetime_maximum");
  if (cause.occurredAtMs > nowMs) return invalid("occurredAtMs", "in_the_future");
  if (expiresAtMs !== null && expiresAtMs > LIMITS.timeMsMax) {
    return invalid("expiresAtMs", "out_of_range");
  }
  if (expiresAtMs !== null && expiresAtMs <= cause.occurredAtMs) {
    return invalid("expiresAtMs", "before_it_was_earned");
  }
  if (pending.kind === "until" && expiresAtMs !== null && pending.atMs >= expiresAtMs) {
    return invalid("pendingUntilMs", "lapses_before_it_is_active");
  }
  return null;
}

/** Makes a lot. Outstanding deficit is paid at once when the lot is active, and at its activation when it is pending. */
export function credit(
  wallet: Wallet,
  command: CreditCommand,
  ledger: EntryLookup,
  nowMs: number,
): Outcome {
  const { points, cause, type } = command;
  const known = answerKnown(ledger, cause, type, points);
  if (known) return known;
  const refusal = creditRefusal(wallet, command, nowMs);
  if (refusal) return refusal;
  const pending = stillPending(command.pending, ledger);
  const lot: PointsLot = {
    lotId: wallet.lotSeq + 1,
    source: command.source,
    originId: command.originId,
    points,
    remaining: points,
    expiresAtMs: command.expiresAtMs,
    pendingUntilMs: pending.kind === "until" ? pending.atMs : null,
    pendingEvent: pending.kind === "event" ? pending.event : null,
    earnedAtMs: cause.occurredAtMs,
  };
  const credited: Wallet = {
    ...wallet,
    granted: wallet.granted + points,
    lotSeq: lot.lotId,
    lots: [...wallet.lots, lot],
  };
  const draft = {
    type,
    points,
    askedPoints: points,
    slices: [sliceOf(lot)],
    opens: [lot],
    overdraft: 0,
  };
  const { wallet: after, entry } = book(credited, draft, cause, nowMs);
  return booked(after, [entry]);
}

/** An event that was reported before its credit came needs no waiting for. */
function stillPending(pending: PendingRule, ledger: EntryLookup): PendingRule {
  const isOver = pending.kind === "event" && ledger.find(activationKey(pending.event)) !== null;
  return isOver ? { kind: "none" } : pending;
}

/**
 * Makes the lots that waited for `event` spendable, and those that will come for it. Lots that lapsed while they waited are
 * written off instead.
 */
export function activate(
  wallet: Wallet,
  event: string,
  because: Omit<Cause, "naturalKey">,
  ledger: EntryLookup,
  nowMs: number,
): Outcome {
  const cause: Cause = { ...because, naturalKey: activationKey(event) };
  const known = answerKnown(ledger, cause, "activate", 0);
  if (known) return known;
  const swept = expireDue(wallet, nowMs, Number.POSITIVE_INFINITY);
  const waiting = swept.wallet.lots.filter(
    (lot) => lot.pendingEvent === event && lot.remaining > 0 && !isExpired(lot, nowMs),
  );
  const ids = new Set(waiting.map((lot) => lot.lotId));
  const active: Wallet = {
    ...swept.wallet,
    lots: swept.wallet.lots.map((lot) =>
      ids.has(lot.lotId) ? { ...lot, pendingEvent: null } : lot,
    ),
  };
  const slices = waiting.map(({ lotId, remaining, expiresAtMs }) => ({
    lotId,
    points: remaining,
    expiresAtMs,
  }));
  const draft = {
    type: "activate" as const,
    points: 0,
    askedPoints: 0,
    slices,
    opens: [],
    overdraft: 0,
  };
  const { wallet: after, entry } = book(active, draft, cause, nowMs);
  return booked(after, [...swept.entries, entry]);
}
