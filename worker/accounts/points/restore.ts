/** Puts slices back, and says beforehand what will come of each. Pure. */
import { DAY_MS } from "../../kernel/clock.ts";
import { answerKnown, assertLoaded, book, booked, invalid, refused } from "./booking.ts";
import { expireDue } from "./expire.ts";
import { move, returnedPart, sumOf } from "./lots.ts";
import {
  GRACE_SOURCE,
  type Cause,
  type EntryLookup,
  type LapsePolicy,
  type LotSlice,
  type Outcome,
  type PointsEntry,
  type PointsLot,
  type Wallet,
} from "./types.ts";

/** What comes of one slice: back to its own lot, a lot of its own with grace days, or gone. */
export interface SliceFate {
  readonly lotId: number;
  readonly points: number;
  readonly fate: "own_lot" | "grace" | "forfeit";
  readonly expiresAtMs: number | null;
}

export interface RefundQuote {
  readonly fates: readonly SliceFate[];
  readonly returned: number;
  readonly forfeited: number;
}

/**
 * What a refund at `nowMs` would do: what a member sees before confirming. Grace is given once: points that already live
 * on grace are forfeited, or a member could cancel and redeem again and again to keep them for ever.
 */
export function quoteRefund(
  wallet: Wallet,
  slices: readonly LotSlice[],
  policy: LapsePolicy,
  nowMs: number,
): RefundQuote {
  assertLoaded(wallet, slices);
  const lots = new Map(wallet.lots.map((lot) => [lot.lotId, lot]));
  const fates = slices.map((slice): SliceFate => {
    const { lotId, points, expiresAtMs } = slice;
    if (expiresAtMs === null || expiresAtMs > nowMs) {
      return { lotId, points, fate: "own_lot", expiresAtMs };
    }
    const isOnGrace = lots.get(lotId)?.source === GRACE_SOURCE;
    if (policy.kind === "forfeit" || policy.days === 0 || isOnGrace) {
      return { lotId, points, fate: "forfeit", expiresAtMs };
    }
    return { lotId, points, fate: "grace", expiresAtMs: nowMs + policy.days * DAY_MS };
  });
  let forfeited = 0;
  for (const one of fates) if (one.fate === "forfeit") forfeited += one.points;
  return { fates, returned: sumOf(slices) - forfeited, forfeited };
}

interface Posted {
  readonly wallet: Wallet;
  readonly entry: PointsEntry;
}

interface PutBack {
  readonly wallet: Wallet;
  readonly slices: readonly LotSlice[];
  readonly opens: readonly PointsLot[];
  /** Writes off what was forfeited, after the entry that reopened it. */
  finish(posted: Posted): { readonly wallet: Wallet; readonly entries: readonly PointsEntry[] };
}

/** Reopens slices. Forfeited ones go through their lot and lapse at once, so every lot's end is an entry. */
export function putBack(
  wallet: Wallet,
  slices: readonly LotSlice[],
  policy: LapsePolicy,
  nowMs: number,
): PutBack {
  const { fates, forfeited } = quoteRefund(wallet, slices, policy, nowMs);
  const into: LotSlice[] = [];
  const opens: PointsLot[] = [];
  let { lotSeq } = wallet;
  for (const { lotId, points, fate, expiresAtMs } of fates) {
    if (fate !== "grace") {
      into.push({ lotId, points, expiresAtMs });
      continue;
    }
    lotSeq += 1;
    const origin = wallet.lots.find((lot) => lot.lotId === lotId);
    opens.push({
      lotId: lotSeq,
      source: GRACE_SOURCE,
      originId: origin?.originId ?? null,
      points,
      remaining: points,
      expiresAtMs,
      pendingUntilMs: null,
      pendingEvent: null,
      earnedAtMs: nowMs,
    });
    into.push({ lotId: lotSeq, points, expiresAtMs });
  }
  return {
    // A grace lot is opened full; moving its slice in as well would count it twice.
    wallet: {
      ...wallet,
      lotSeq,
      lots: [
        ...move(
          wallet.lots,
          into.filter(({ lotId }) => lotId <= wallet.lotSeq),
          1,
        ),
        ...opens,
      ],
    },
    slices: into,
    opens,
    finish: (posted) => {
      if (forfeited === 0) return { wallet: posted.wallet, entries: [posted.entry] };
      const swept = expireDue(posted.wallet, nowMs, Number.POSITIVE_INFINITY);
      return { wallet: swept.wallet, entries: [posted.entry, ...swept.entries] };
    },
  };
}

export interface RefundCommand {
  /** Slices of the entry that spent the points. */
  readonly slices: readonly LotSlice[];
  /** Points of those slices that earlier refunds returned. */
  readonly alreadyReturned: number;
  readonly points: number;
  readonly policy: LapsePolicy;
  /** What the member was told is lost; null: nobody was asked, as in a cancel by the merchant. */
  readonly quotedForfeit: number | null;
  readonly cause: Cause;
}

/** Gives spent points back to the lots they came from, whole or in part. */
export function refund(
  wallet: Wallet,
  command: RefundCommand,
  ledger: EntryLookup,
  nowMs: number,
): Outcome {
  const { points, cause, alreadyReturned, policy, quotedForfeit } = command;
  const known = answerKnown(ledger, cause, "redeem_rollback", points);
  if (known) return known;
  const whole = sumOf(command.slices);
  const left = whole - alreadyReturned;
  // An order for cash alone is returned too: its entry says so, with nothing in it.
  const pointsMin = whole === 0 ? 0 : 1;
  if (!Number.isInteger(points) || points < pointsMin) return invalid("points", "out_of_range");
  if (points > left) return refused("limit_reached", { limit: left, used: alreadyReturned });
  const slices = returnedPart(command.slices, alreadyReturned, points);
  const { forfeited } = quoteRefund(wallet, slices, policy, nowMs);
  if (quotedForfeit !== null && forfeited > quotedForfeit) {
    return refused("conflict", { reason: "more_points_lapsed_since_the_quote", forfeited });
  }
  const unspent: Wallet = { ...wallet, spent: wallet.spent - points };
  const back = putBack(unspent, slices, policy, nowMs);
  const draft = {
    type: "redeem_rollback" as const,
    points,
    askedPoints: points,
    slices: back.slices,
    opens: back.opens,
    overdraft: 0,
  };
  const done = back.finish(book(back.wallet, draft, cause, nowMs));
  return booked(done.wallet, done.entries);
}
