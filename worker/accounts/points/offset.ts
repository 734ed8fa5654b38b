/** Points that pay for part of a bill: hold, capture, void or lapse, and what comes back of them. Pure. */
import { invariant } from "../../kernel/invariant.ts";
import { invalid, refused } from "./booking.ts";
import { offsetOf, stepOf, type ConversionRate, type OffsetTerms } from "./conversion.ts";
import { returnedPart, sumOf } from "./lots.ts";
import { quoteRefund, refund } from "./restore.ts";
import { capture, hold, release, type Hold } from "./spend.ts";
import {
  NO_LEDGER,
  type Cause,
  type LapsePolicy,
  type LotSlice,
  type PointsEntry,
  type Refused,
  type Wallet,
} from "./types.ts";
import { spendablePoints } from "./wallet.ts";

export type OffsetState = "held" | "captured" | "voided" | "lapsed";

export interface OffsetReturn {
  readonly returnId: string;
  readonly points: number;
  /** Of these, lost because their lots had lapsed. */
  readonly forfeited: number;
  readonly atMs: number;
}

/** Kept beside the wallet for as long as the ledger, so that each id is one offset for ever. */
export interface PointsOffset {
  readonly memberKey: string;
  readonly offsetId: string;
  readonly state: OffsetState;
  /** What the hold was asked for: the bill it pays for part of, and the points that the till wished. */
  readonly billFen: number;
  readonly requestedPoints: number | null;
  /** Points held; once captured, points spent. */
  readonly points: number;
  /** The conversion of the hold; it stays whatever the rate becomes. */
  readonly rate: ConversionRate;
  readonly slices: readonly LotSlice[];
  readonly returnedPoints: number;
  readonly returns: readonly OffsetReturn[];
  readonly storeId: string | null;
  /** Shown to the member. */
  readonly note: string;
  readonly createdAtMs: number;
  /** When the hold lapses by itself; null: something else ends it. */
  readonly expiresAtMs: number | null;
  readonly endedAtMs: number | null;
}

export const offsetFen = ({ points, rate }: Pick<PointsOffset, "points" | "rate">): number =>
  (points / rate.points) * rate.fen;

export interface OffsetWish {
  readonly memberKey: string;
  readonly offsetId: string;
  readonly billFen: number;
  /** At most so many, in whole conversions; null: as many as the bill and the balance allow. */
  readonly requestedPoints: number | null;
  readonly storeId: string | null;
  readonly note: string;
  readonly actor: string;
  readonly expiresAtMs: number | null;
}

export interface OffsetQuote {
  readonly points: number;
  readonly fen: number;
  readonly leftFen: number;
  /** The most that this bill would take of this member's points. */
  readonly pointsMax: number;
  /** Points are taken in steps of so many, each worth so much. */
  readonly rate: ConversionRate;
  readonly active: number;
}

/** What so many points would pay of a bill now. Changes nothing. */
export function quoteOffset(
  wallet: Wallet,
  billFen: number,
  requestedPoints: number | null,
  terms: OffsetTerms,
  nowMs: number,
): OffsetQuote {
  const active = spendablePoints(wallet, nowMs);
  const most = offsetOf(Number.MAX_SAFE_INTEGER, active, billFen, terms);
  const asked = requestedPoints === null ? most : offsetOf(requestedPoints, active, billFen, terms);
  return { ...asked, pointsMax: most.points, rate: stepOf(terms.rate), active };
}

export interface OffsetChanged {
  readonly kind: "changed";
  readonly wallet: Wallet;
  readonly entries: readonly PointsEntry[];
  readonly offset: PointsOffset;
}
export type OffsetOutcome =
  | OffsetChanged
  | { readonly kind: "already"; readonly offset: PointsOffset }
  | Refused;

type Why = Pick<OffsetWish, "actor" | "note" | "storeId">;

function causeOf(offsetId: string, act: string, why: Why, nowMs: number): Cause {
  return {
    naturalKey: `offset_${act}:${offsetId}`,
    orderId: null,
    sourceId: offsetId,
    breakdown: [],
    actor: why.actor,
    storeId: why.storeId,
    customerNote: why.note,
    internalNote: "",
    occurredAtMs: nowMs,
  };
}

/** Sets the points of a bill aside. The same wish again is the same hold; another one under its id is refused. */
export function holdOffset(
  wallet: Wallet,
  known: PointsOffset | null,
  wish: OffsetWish,
  terms: OffsetTerms,
  nowMs: number,
): OffsetOutcome {
  if (known) return heldBefore(known, wish);
  const { actor: _, ...kept } = wish;
  const quote = quoteOffset(wallet, wish.billFen, wish.requestedPoints, terms, nowMs);
  if (quote.points === 0) return nothingTaken(wish, quote, terms);
  const made = hold(
    wallet,
    {
      holdId: wish.offsetId,
      points: quote.points,
      isRecorded: true,
      cause: causeOf(wish.offsetId, "hold", wish, nowMs),
    },
    NO_LEDGER,
    nowMs,
  );
  if (made.kind === "refused") return made;
  invariant(made.kind === "held", "a new hold is made");
  const offset: PointsOffset = {
    ...kept,
    state: "held",
    points: quote.points,
    rate: quote.rate,
    slices: made.hold.slices,
    returnedPoints: 0,
    returns: [],
    createdAtMs: nowMs,
    endedAtMs: null,
  };
  return { kind: "changed", wallet: made.wallet, entries: made.entries, offset };
}

function heldBefore(known: PointsOffset, wish: OffsetWish): OffsetOutcome {
  const fields: string[] = [];
  // A void that overtook its hold knows nothing of the bill, and there is nothing left to hold.
  if (known.billFen === 0) return refused("conflict", { reason: "offset_voided" });
  if (known.billFen !== wish.billFen) fields.push("billFen");
  if (known.requestedPoints !== wish.requestedPoints) fields.push("points");
  return fields.length === 0
    ? { kind: "already", offset: known }
    : refused("idempotency_mismatch", { fields: fields.join(",") });
}

/** Why a bill takes no points at all: the till says so to the member. */
function nothingTaken(wish: OffsetWish, quote: OffsetQuote, terms: OffsetTerms): Refused {
  const needed = Math.max(terms.pointsMin, quote.rate.points);
  if (quote.active < needed) {
    return refused("points_insufficient", { needed, active: quote.active });
  }
  const reason = (wish.requestedPoints ?? needed) < needed ? "below_minimum" : "bill_too_small";
  return refused("conflict", { reason: `offset_${reason}`, needed });
}

function holdOf({ offsetId, points, slices }: PointsOffset): Hold {
  return { holdId: offsetId, points, slices, isRecorded: true };
}

/** The part of the slices that is kept when the rest goes back: what `returnedPart` leaves. */
function keptPart(slices: readonly LotSlice[], rest: number): readonly LotSlice[] {
  const back = returnedPart(slices, 0, rest);
  return slices.flatMap((slice) => {
    const gone = back.find(({ lotId }) => lotId === slice.lotId)?.points ?? 0;
    return slice.points === gone ? [] : [{ ...slice, points: slice.points - gone }];
  });
}

/** The bill was paid: the points are spent, all that were held or fewer, in whole conversions; the rest goes back. */
export function captureOffset(
  wallet: Wallet,
  offset: PointsOffset,
  wish: { readonly points: number | null; readonly actor: string },
  policy: LapsePolicy,
  nowMs: number,
): OffsetOutcome {
  const points = wish.points ?? offset.points;
  if (offset.state === "captured") {
    return wish.points === null || wish.points === offset.points
      ? { kind: "already", offset }
      : refused("idempotency_mismatch", { fields: "points" });
  }
  const isLapsed = offset.expiresAtMs !== null && offset.expiresAtMs <= nowMs;
  if (offset.state !== "held") return refused("conflict", { reason: `offset_${offset.state}` });
  if (isLapsed) return refused("conflict", { reason: "offset_lapsed" });
  if (points < 1 || points > offset.points) return invalid("points", "out_of_range");
  if (points % offset.rate.points !== 0) return invalid("points", "not_a_whole_conversion");
  const why = { ...offset, actor: wish.actor };
  const rest = offset.points - points;
  let current = wallet;
  const entries: PointsEntry[] = [];
  if (rest > 0) {
    const part = { ...holdOf(offset), points: rest, slices: returnedPart(offset.slices, 0, rest) };
    const cause = causeOf(offset.offsetId, "rest", why, nowMs);
    const freed = release(current, part, policy, cause, NO_LEDGER, nowMs);
    invariant(freed.kind === "booked", "what is held can be released", { kind: freed.kind });
    current = freed.wallet;
    entries.push(...freed.entries);
  }
  const slices = keptPart(offset.slices, rest);
  const made = { ...holdOf(offset), points, slices };
  const cause = causeOf(offset.offsetId, "capture", why, nowMs);
  const spent = capture(current, made, cause, NO_LEDGER, nowMs);
  invariant(spent.kind === "booked", "what is held can be captured", { kind: spent.kind });
  return {
    kind: "changed",
    wallet: spent.wallet,
    entries: [...entries, ...spent.entries],
    offset: asserted({ ...offset, state: "captured", points, slices, endedAtMs: nowMs }),
  };
}

/** The bill is not paid: the points go back to their own lots. By somebody, or by time. */
export function releaseOffset(
  wallet: Wallet,
  offset: PointsOffset,
  to: "voided" | "lapsed",
  actor: string,
  policy: LapsePolicy,
  nowMs: number,
): OffsetOutcome {
  if (offset.state === "captured") return refused("conflict", { reason: "offset_captured" });
  if (offset.state !== "held") return { kind: "already", offset };
  const cause = causeOf(offset.offsetId, "release", { ...offset, actor }, nowMs);
  const freed = release(wallet, holdOf(offset), policy, cause, NO_LEDGER, nowMs);
  invariant(freed.kind === "booked", "what is held can be released", { kind: freed.kind });
  const ended: PointsOffset = { ...offset, state: to, endedAtMs: nowMs };
  return { kind: "changed", wallet: freed.wallet, entries: freed.entries, offset: ended };
}

/** Nobody held it yet: the void is remembered, so that a hold that comes after it takes nothing. */
export function voidedUnseen(memberKey: string, offsetId: string, nowMs: number): PointsOffset {
  return {
    ...{ memberKey, offsetId, state: "voided", billFen: 0, requestedPoints: 0, points: 0 },
    ...{ rate: { points: 1, fen: 0 }, slices: [], returnedPoints: 0, returns: [] },
    ...{ storeId: null, note: "", createdAtMs: nowMs, expiresAtMs: null, endedAtMs: nowMs },
  };
}

export interface OffsetReturnWish {
  readonly returnId: string;
  /** Null: all that is left. */
  readonly points: number | null;
  readonly actor: string;
}

/** Goods of the bill came back: the exact slices that paid for them, those consumed last first. */
export function returnOffset(
  wallet: Wallet,
  offset: PointsOffset,
  wish: OffsetReturnWish,
  policy: LapsePolicy,
  nowMs: number,
): OffsetOutcome {
  const before = offset.returns.find(({ returnId }) => returnId === wish.returnId);
  if (before) {
    return wish.points === null || wish.points === before.points
      ? { kind: "already", offset }
      : refused("idempotency_mismatch", { fields: "points" });
  }
  if (offset.state !== "captured") return refused("conflict", { reason: `offset_${offset.state}` });
  if (offset.returns.length >= OFFSET_RETURNS_MAX) {
    return refused("limit_reached", { limit: OFFSET_RETURNS_MAX, used: OFFSET_RETURNS_MAX });
  }
  const left = offset.points - offset.returnedPoints;
  const points = wish.points ?? left;
  if (points < 1 || points > left) return refused("limit_reached", { limit: left, used: points });
  const slices = returnedPart(offset.slices, offset.returnedPoints, points);
  const { forfeited } = quoteRefund(wallet, slices, policy, nowMs);
  const why = { ...offset, actor: wish.actor };
  const cause = causeOf(offset.offsetId, "return", why, nowMs);
  const command = {
    slices: offset.slices,
    alreadyReturned: offset.returnedPoints,
    ...{ points, policy, quotedForfeit: null },
    cause: { ...cause, naturalKey: `${cause.naturalKey}:${wish.returnId}` },
  };
  const back = refund(wallet, command, NO_LEDGER, nowMs);
  if (back.kind === "refused") return back;
  invariant(back.kind === "booked", "what was spent can be returned", { kind: back.kind });
  const returned: OffsetReturn = { returnId: wish.returnId, points, forfeited, atMs: nowMs };
  return {
    kind: "changed",
    wallet: back.wallet,
    entries: back.entries,
    offset: asserted({
      ...offset,
      returnedPoints: offset.returnedPoints + points,
      returns: [...offset.returns, returned],
    }),
  };
}

/** Returns of one bill; each is remembered, so that it counts once. */
export const OFFSET_RETURNS_MAX = 50;

function asserted(offset: PointsOffset): PointsOffset {
  assertOffset(offset);
  return offset;
}

/** I4: slices cover what was taken, and no more comes back than was spent. */
export function assertOffset(offset: PointsOffset): void {
  const { points, slices, returnedPoints, returns } = offset;
  invariant(sumOf(slices) === points, "I4 an offset is covered by its slices");
  invariant(returnedPoints >= 0 && returnedPoints <= points, "I4 an offset returns what it took");
  const told = returns.reduce((sum, one) => sum + one.points, 0);
  invariant(told === returnedPoints, "I4 an offset's returns add up");
}
