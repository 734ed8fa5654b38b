/** An order's life after the grant: which step is possible, what it sets, when time acts by itself. Pure. */
import { DAY_MS } from "../../kernel/clock.ts";
import type { GoodsKind } from "../../kernel/goods-kind.ts";
import { invariant } from "../../kernel/invariant.ts";
import {
  CASH_LEG_MOVES,
  FREIGHT_LEG_MOVES,
  mayMove,
  POINTS_LEG_MOVES,
  START_STEP,
  stateAfter,
  type CashLegState,
  type FreightLegState,
  type OrderState,
  type OrderStep,
  type PointsLegState,
} from "./states.ts";
import type { AfterSale, Leg, LifeEvent, LifeOutcome, LifeRefusal, OrderLife } from "./types.ts";

/** What the life of an order starts from. */
export interface GrantedOrder {
  readonly memberKey: string;
  readonly orderId: string;
  readonly goodsKind: GoodsKind;
  readonly quantity: number;
  readonly points: number;
  readonly cashFen: number;
  readonly freightFen: number;
  /** How long the cash leg may wait; null: it is due on delivery. */
  readonly payWithinMs: number | null;
  readonly createdAtMs: number;
}

export interface Act {
  /** `member`, `system`, or `staff:<id>`. */
  readonly by: string;
  /** For people, in the order's history; never personal data. */
  readonly note?: string;
  /** Names the act: the same one asked for again is `already`, whatever happened since. */
  readonly key?: string;
  /** Units in the parcel of a `ship`, absent: all that are left; uses that are written off or come back, absent: one. */
  readonly units?: number;
  /** With a `use`, and with the `issue` of coupons: the uses of all vouchers of the order. */
  readonly usesTotal?: number;
  /** How long what follows may take: until auto-receive after `ship`, until the order closes after a receipt. */
  readonly withinMs?: number;
}

const UNISSUE_AGAIN_MS = 60_000;
export const RECEIVE_WITHIN_MS = 14 * DAY_MS;
export const CLOSE_WITHIN_MS = 7 * DAY_MS;
/** The provider is asked once more this long before an unpaid order lapses: its call may have been lost. */
export const ASK_BEFORE_LAPSE_MS = 20_000;

const leg = <S extends string>(state: S, atMs: number): Leg<S> => ({
  state,
  history: [{ state, atMs }],
});

/** The first moment after the grant: it waits for its cash, or its goods start on their way. */
export function beginLife(order: GrantedOrder, nowMs: number): OrderLife {
  const { memberKey, orderId, goodsKind, quantity, cashFen, freightFen, payWithinMs } = order;
  const isAwaited = cashFen + freightFen > 0 && payWithinMs !== null;
  const owed = isAwaited ? "awaiting" : "due_on_delivery";
  const held = leg<PointsLegState>(order.points === 0 ? "none" : "held", order.createdAtMs);
  const placed: OrderLife = {
    memberKey,
    orderId,
    goodsKind,
    quantity,
    cashFen,
    freightFen,
    state: "placed",
    history: [],
    legs: {
      points: order.points === 0 ? held : movedPoints(held, "posted", nowMs),
      // One payment pays both, so an order that owes carriage alone waits with this leg too.
      cash: leg(cashFen === 0 && !isAwaited ? "none" : owed, nowMs),
      freight: leg(freightFen === 0 ? "free" : owed, nowMs),
    },
    payByMs: isAwaited ? nowMs + payWithinMs : null,
    receiveByMs: null,
    closeByMs: null,
    issueAtMs: null,
    issueTries: 0,
    uses: 0,
    shippedUnits: 0,
    returnedUnits: 0,
    attempts: [],
    receipts: [],
    refunds: [],
    afterSales: [],
    tender: null,
  };
  const first = isAwaited ? "await_payment" : START_STEP[goodsKind];
  return taken(placed, first, { by: "system" }, nowMs);
}

/** A step that the tables allow, by the conditions that no table can say. */
export function advance(life: OrderLife, step: OrderStep, act: Act, nowMs: number): LifeOutcome {
  const isDone = ({ step: done, key }: LifeEvent): boolean => done === step && key === act.key;
  if (act.key !== undefined && life.history.some(isDone)) return { kind: "already", life };
  const to = stateAfter(life.state, step);
  const last = life.history.at(-1);
  // A repeated command finds its own step done; a use may happen again.
  const isNameless = act.key === undefined && !isUse(step);
  if (isNameless && last?.step === step && (to === null || to === life.state)) {
    return { kind: "already", life };
  }
  if (to === null) return refusedBy("state", life);
  // Whoever wants their money back does not eat meanwhile; taking the request back frees the voucher again.
  if (isUse(step) && life.afterSales.some(isOpenCase)) return refusedBy("state", life);
  if (isOfCoupon(step) && life.goodsKind !== "coupon") return refusedBy("state", life);
  const isGivenBack = step === "cancel" || step === "refund" || step === "fail";
  if (isGivenBack && life.state === "to_write_off" && life.uses > 0) return refusedBy("used", life);
  if (step === "cancel" && isSubmitted(life)) return refusedBy("submitted", life);
  // A parcel was packed for units that were given back meanwhile.
  if (step === "ship" && (act.units ?? 0) > unitsUnsent(life)) return refusedBy("too_much", life);
  // What is still in the shop was not received, whoever says so.
  if (step === "receive" && unitsUnsent(life) > 0) return refusedBy("units_unsent", life);
  if (step === "reverse_write_off" && life.state === "to_write_off" && life.uses === 0) {
    return refusedBy("state", life);
  }
  return { kind: "changed", life: taken(life, step, act, nowMs) };
}

const isUse = (step: OrderStep): boolean => step === "use" || step === "use_coupon";
const isOfCoupon = (step: OrderStep): boolean => step === "use_coupon" || step === "reverse_coupon";

export const isOpenCase = ({ state }: AfterSale): boolean =>
  state === "applied" || state === "agreed" || state === "sent_back" || state === "refunding";

/** A supplier may have booked it, so nobody takes it back before the supplier has said what became of it. */
export const isSubmitted = ({ state, history }: OrderLife): boolean =>
  state === "issuing" && history.some(({ step }) => step === "submit");

export function refusedBy(reason: LifeRefusal["reason"], life: OrderLife): LifeRefusal {
  return { kind: "refused", reason, state: life.state };
}

/** Takes a step that is known to be possible. */
export function taken(life: OrderLife, step: OrderStep, act: Act, nowMs: number): OrderLife {
  const state = stateAfter(life.state, step);
  invariant(state !== null, "an order takes steps of its table only", { from: life.state, step });
  const named = act.key === undefined ? {} : { key: act.key };
  const event: LifeEvent = { step, atMs: nowMs, by: act.by, note: act.note ?? "", ...named };
  const shippedUnits = step === "ship" ? shippedAfter(life, act) : life.shippedUnits;
  const next: OrderLife = { ...life, state, shippedUnits, history: [...life.history, event] };
  return {
    ...next,
    uses: usesAfter(life, step, act),
    ...(act.usesTotal === undefined ? {} : { usesTotal: act.usesTotal }),
    payByMs: state === "awaiting_payment" ? life.payByMs : null,
    receiveByMs:
      state === "shipped" && unitsUnsent(next) === 0
        ? nowMs + (act.withinMs ?? RECEIVE_WITHIN_MS)
        : null,
    closeByMs: closeAfter(life, step, state, nowMs + (act.withinMs ?? CLOSE_WITHIN_MS)),
    ...issueAfter(life, step, state, nowMs),
  };
}

/** A coupon that is used does not open the time for questions anew. */
function closeAfter(
  { closeByMs }: OrderLife,
  step: OrderStep,
  state: OrderState,
  byMs: number,
): number | null {
  if (isOfCoupon(step)) return closeByMs;
  return state === "received" ? byMs : null;
}

function issueAfter(
  life: OrderLife,
  step: OrderStep,
  state: OrderState,
  nowMs: number,
): Pick<OrderLife, "issueAtMs" | "issueTries"> {
  const { issueAtMs, issueTries } = life;
  // The deliverer says this itself, and is at work.
  if (step === "submit") return { issueAtMs, issueTries };
  const isStart = state === "issuing";
  return { issueAtMs: isStart ? nowMs : unissuedAtMs(life, step, state, nowMs), issueTries: 0 };
}

/**
 * An order that ends while its deliverer is at work may have been given goods that nobody told it of: a lost reply, a crash. It asks
 * for them back, until that is answered; and so does one whose vouchers are left: they hold places, and must not be shown any more.
 */
function unissuedAtMs(
  life: OrderLife,
  step: OrderStep,
  state: OrderState,
  nowMs: number,
): number | null {
  if (step === "issue") return null;
  const isGivenBack = state === "cancelled" || state === "refunding";
  const hasVouchers =
    life.state === "to_write_off" || (life.goodsKind === "coupon" && life.state === "received");
  if (hasVouchers && isGivenBack) return nowMs;
  if (life.state !== "issuing") return life.issueAtMs;
  return life.issueTries > 0 ? nowMs : null;
}

const ENDS: ReadonlySet<OrderStep> = new Set(["cancel", "lapse", "fail", "refund"]);

/**
 * What an ended order was given is taken back, or it was given nothing. Asked once more when all that its deliverer was writing when
 * it ended has landed.
 */
export function unissued(life: OrderLife, nowMs: number): LifeOutcome {
  if (life.state === "issuing" || life.issueAtMs === null) return { kind: "already", life };
  const end = life.history.findLast(({ step }) => ENDS.has(step));
  const againAtMs = (end?.atMs ?? 0) + UNISSUE_AGAIN_MS;
  const issueAtMs = nowMs < againAtMs ? againAtMs : null;
  return { kind: "changed", life: { ...life, issueAtMs } };
}

function shippedAfter(life: OrderLife, { units }: Act): number {
  return life.shippedUnits + (units ?? unitsUnsent(life));
}

/**
 * Units that go out in parcels or went: what was refunded without coming back stays in the shop. What came back was on its way, so
 * others of its order are still owed.
 */
export function unitsToSend({ quantity, afterSales }: OrderLife): number {
  const isGivenUp = ({ kind, state }: AfterSale): boolean =>
    kind === "refund" && (state === "refunding" || state === "done");
  return afterSales.reduce((units, one) => units - (isGivenUp(one) ? one.quantity : 0), quantity);
}

/** Units that still have to be sent. */
export function unitsUnsent(life: OrderLife): number {
  return Math.max(0, unitsToSend(life) - life.shippedUnits);
}

/** After-sales gave back what was never sent: the rest is whole, and may be received. */
export function withReceipt(life: OrderLife, nowMs: number): OrderLife {
  const isWhole = life.state === "shipped" && unitsUnsent(life) === 0;
  return isWhole && life.receiveByMs === null
    ? { ...life, receiveByMs: nowMs + RECEIVE_WITHIN_MS }
    : life;
}

function usesAfter({ uses }: OrderLife, step: OrderStep, { units = 1 }: Act): number {
  // `write_off` only says that every use is gone.
  if (isUse(step)) return uses + units;
  const isBack = step === "reverse_write_off" || step === "reverse_coupon";
  return isBack ? Math.max(0, uses - units) : uses;
}

/** When time acts on it by itself; null: never. */
export function dueAtMs(life: OrderLife): number | null {
  const moments = [life.payByMs, life.receiveByMs, life.closeByMs, life.issueAtMs];
  for (const { askAtMs } of life.attempts) moments.push(askAtMs);
  for (const { askAtMs } of life.refunds) moments.push(askAtMs);
  for (const { dueAtMs: at } of life.afterSales) moments.push(at);
  let first: number | null = null;
  for (const atMs of moments) if (atMs !== null && (first === null || atMs < first)) first = atMs;
  return first;
}

/** What the member owes in money, of both legs that one payment pays, less what points and stored value pay. */
export function amountDueFen({ cashFen, freightFen, tender }: OrderLife): number {
  const heldFen = tender?.state === "held" ? tender.pointsFen + tender.storedFen : 0;
  return cashFen + freightFen - heldFen;
}

/** Carriage changed: a tender that would be all the order costs, or more, is given up, and chosen anew. */
function fittingTender(life: OrderLife): OrderLife {
  const { tender } = life;
  if (tender?.state !== "held" || amountDueFen(life) > 0) return life;
  return { ...life, tender: { ...tender, state: "released" } };
}

/** Freight is known when the address is; it joins the cash that is still awaited. */
export function withFreight(life: OrderLife, freightFen: number, nowMs: number): LifeOutcome {
  if (life.state !== "awaiting_payment") return refusedBy("state", life);
  if (life.freightFen === freightFen) return { kind: "already", life };
  // What the provider was told to collect would be another figure.
  if (life.attempts.some(({ state }) => state === "open")) return refusedBy("payment_begun", life);
  const to: FreightLegState = freightFen === 0 ? "free" : "awaiting";
  const freight = movedFreight(life.legs.freight, to, nowMs);
  const changed = { ...life, freightFen, legs: { ...life.legs, freight } };
  return { kind: "changed", life: fittingTender(changed) };
}

// ---- legs

function moved<S extends string>(
  moves: Readonly<Record<S, readonly S[]>>,
  one: Leg<S>,
  state: S,
  atMs: number,
): Leg<S> {
  invariant(mayMove(moves, one.state, state), "a leg moves by its table only", {
    from: one.state,
    to: state,
  });
  return { state, history: [...one.history, { state, atMs }] };
}

export const movedPoints = (one: Leg<PointsLegState>, to: PointsLegState, atMs: number) =>
  moved(POINTS_LEG_MOVES, one, to, atMs);
export const movedCash = (one: Leg<CashLegState>, to: CashLegState, atMs: number) =>
  moved(CASH_LEG_MOVES, one, to, atMs);
export const movedFreight = (one: Leg<FreightLegState>, to: FreightLegState, atMs: number) =>
  moved(FREIGHT_LEG_MOVES, one, to, atMs);
