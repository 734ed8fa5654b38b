/** After-sales of an order: eight states as data, part or all of it, money and points back, deadlines. Pure. */
import { DAY_MS } from "../../kernel/clock.ts";
import { invariant } from "../../kernel/invariant.ts";
import { refundPart } from "./cash.ts";
import {
  isOpenCase,
  movedFreight,
  movedPoints,
  refusedBy,
  taken,
  withReceipt,
  type Act,
} from "./life.ts";
import type {
  AfterSale,
  AfterSaleKind,
  LifeOutcome,
  OrderLife,
  Share,
  TakingBack,
} from "./types.ts";
import { freightBackFen, unitsLeft, usesOf, withCase, withWorth, worthOf } from "./worth.ts";

export const AFTER_SALE_STATES = [
  "applied",
  "agreed",
  "sent_back",
  "refunding",
  "done",
  "refused",
  "goods_refused",
  "withdrawn",
] as const;
export type AfterSaleState = (typeof AFTER_SALE_STATES)[number];

export const AFTER_SALE_STEPS = [
  "agree",
  "agree_refund",
  "refuse",
  "withdraw",
  "send_back",
  "take_back",
  "replace",
  "refuse_goods",
  "expire",
  "refunded",
] as const;
export type AfterSaleStep = (typeof AFTER_SALE_STEPS)[number];

type Moves = Readonly<Partial<Record<AfterSaleState, AfterSaleState>>>;

/** Step → from → to. */
export const AFTER_SALE_MOVES: Readonly<Record<AfterSaleStep, Moves>> = {
  // The goods have to come back first.
  agree: { applied: "agreed" },
  agree_refund: { applied: "refunding" },
  refuse: { applied: "refused" },
  withdraw: { applied: "withdrawn", agreed: "withdrawn" },
  send_back: { agreed: "sent_back" },
  // The goods are back: what was agreed goes back too.
  take_back: { sent_back: "refunding" },
  // Exchanged: others are on their way.
  replace: { sent_back: "done" },
  refuse_goods: { sent_back: "goods_refused" },
  // The member did not send anything in time.
  expire: { agreed: "withdrawn" },
  refunded: { refunding: "done" },
};

/** How long each side may be silent; what happens then is in `afterSaleDue`. */
export const AFTER_SALE_WITHIN_MS: Readonly<Partial<Record<AfterSaleState, number>>> = {
  applied: 3 * DAY_MS,
  agreed: 7 * DAY_MS,
  sent_back: 10 * DAY_MS,
};
/** Taking goods back is asked for again after this, when nobody said what became of it. */
const TAKE_BACK_RETRY_MS = 60_000;
/** After a case the member has this long to say that something is still wrong. */
const CLOSE_AFTER_MS = 7 * DAY_MS;

/** From here a member may ask: what is not delivered yet is cancelled whole, or asked for in part. */
const OPEN_TO: ReadonlySet<OrderLife["state"]> = new Set([
  "to_ship",
  "to_write_off",
  "shipped",
  "received",
]);
const AFTER_DELIVERY: ReadonlySet<OrderLife["state"]> = new Set(["shipped", "received"]);

export interface Application {
  readonly caseId: string;
  readonly kind: AfterSaleKind;
  readonly quantity: number;
  readonly reason: string;
  readonly note: string;
  readonly evidence: readonly string[];
}

/** Codes and vouchers are given back with their whole order: nobody can tell which of them a part would be. */
export const isWholeOnly = ({ goodsKind }: OrderLife): boolean => goodsKind !== "physical";

export function mayApply(life: OrderLife): boolean {
  return OPEN_TO.has(life.state) && unitsLeft(life) > 0 && usesOf(life)?.left !== 0;
}

/** The member asks. Repeating it changes nothing. */
export function apply(
  life: OrderLife,
  wish: Application,
  orderPoints: number,
  nowMs: number,
): LifeOutcome {
  if (life.afterSales.some(({ caseId }) => caseId === wish.caseId)) {
    return { kind: "already", life };
  }
  const isReturn = wish.kind !== "refund";
  if (!OPEN_TO.has(life.state) || (isReturn && !AFTER_DELIVERY.has(life.state))) {
    return refusedBy("state", life);
  }
  // Nothing of a code or a voucher can be sent back; its refund asks first whether it was seen or used.
  if (isReturn && life.goodsKind !== "physical") return refusedBy("state", life);
  // Nothing of it is left to give back; a write-off that was none is reversed first, by two.
  if (usesOf(life)?.left === 0) return refusedBy("used", life);
  if (wish.quantity > unitsLeft(life)) return refusedBy("too_much", life);
  if (isWholeOnly(life) && wish.quantity < unitsLeft(life)) return refusedBy("whole_only", life);
  const worth =
    wish.kind === "exchange"
      ? { points: 0, cashFen: 0 }
      : worthOf(life, orderPoints, wish.quantity);
  const opened: AfterSale = {
    ...wish,
    ...worth,
    state: "applied",
    history: [{ step: "apply", atMs: nowMs, by: "member", note: wish.note }],
    dueAtMs: nowMs + (AFTER_SALE_WITHIN_MS.applied ?? 0),
    trackingNo: "",
  };
  // The order stays open as long as somebody has something to say about it.
  return {
    kind: "changed",
    life: { ...life, closeByMs: null, afterSales: [...life.afterSales, opened] },
  };
}

export interface CaseAct extends Act {
  readonly trackingNo?: string;
  /** Less than was asked for, where both agreed to it; absent: what was asked for. */
  readonly share?: Share;
}

/** One step of a case. What it gives back is the caller's to book, in the same commit, when it comes to `refunding`. */
export function stepCase(
  life: OrderLife,
  caseId: string,
  step: AfterSaleStep,
  act: CaseAct,
  nowMs: number,
): LifeOutcome {
  const before = life.afterSales.find((one) => one.caseId === caseId);
  if (!before) return refusedBy("unknown_case", life);
  const to = AFTER_SALE_MOVES[step][before.state];
  if (to === undefined) {
    // No case takes the same step twice.
    const isRepeat = before.history.some((done) => done.step === step);
    return isRepeat ? { kind: "already", life } : refusedBy("case_state", life);
  }
  // Codes that are on their way back to the vault are paid for: refused or withdrawn now, its member would be left with neither.
  if (before.takingBack && step !== "agree_refund") return refusedBy("case_state", life);
  // Nothing of a code or a voucher comes back by post: it is agreed to at once, or refused.
  if (step === "agree" && life.goodsKind !== "physical") return refusedBy("case_state", life);
  const isExchange = before.kind === "exchange";
  if (isExchange && (step === "take_back" || step === "agree_refund"))
    return refusedBy("case_state", life);
  if (!isExchange && step === "replace") return refusedBy("case_state", life);
  const share = act.share ?? before;
  if (share.points > before.points || share.cashFen > before.cashFen) {
    return refusedBy("too_much", life);
  }
  const within = AFTER_SALE_WITHIN_MS[to];
  const { takingBack: _over, ...rest } = before;
  const after: AfterSale = {
    ...rest,
    points: share.points,
    cashFen: share.cashFen,
    ...(act.share
      ? { worth: before.worth ?? { points: before.points, cashFen: before.cashFen } }
      : {}),
    state: to,
    trackingNo: act.trackingNo ?? before.trackingNo,
    history: [...before.history, { step, atMs: nowMs, by: act.by, note: act.note ?? "" }],
    dueAtMs: within === undefined ? null : nowMs + within,
  };
  const changed = withCase(life, after);
  return { kind: "changed", life: isOpenCase(after) ? changed : reopenClock(changed, nowMs) };
}

function reopenClock(life: OrderLife, nowMs: number): OrderLife {
  if (life.state !== "received" || life.afterSales.some(isOpenCase)) return life;
  return { ...life, closeByMs: nowMs + CLOSE_AFTER_MS };
}

/**
 * A case that has come to `refunding` gives back what it says: units and points now, cash by the provider. With the last
 * unit the order itself is refunded. `pointsAfter`: points that came back so far, these included, of `orderPoints`.
 */
export function giveBack(
  life: OrderLife,
  caseId: string,
  points: { readonly returned: number; readonly ofOrder: number },
  nowMs: number,
): OrderLife {
  const one = life.afterSales.find((some) => some.caseId === caseId);
  invariant(one?.state === "refunding", "what is given back was agreed");
  const refunded = refundPart(life, one.cashFen, "after_sale", nowMs);
  invariant(refunded.kind !== "refused", "what is sent back was kept", { kind: refunded.kind });
  let { life: after } = refunded;
  after = withReceipt({ ...after, returnedUnits: after.returnedUnits + one.quantity }, nowMs);
  if (one.points > 0) {
    const to = points.returned === points.ofOrder ? "returned" : "partly_returned";
    const leg = movedPoints(after.legs.points, to, nowMs);
    after = { ...after, legs: { ...after.legs, points: leg } };
  }
  if (freightBackFen(life, one.quantity) > 0) {
    const freight = movedFreight(after.legs.freight, "refunded", nowMs);
    after = { ...after, legs: { ...after.legs, freight } };
  }
  if (after.returnedUnits === after.quantity) {
    after = taken(after, "refund", { by: "system" }, nowMs);
  }
  return caseRefunds(withWorth(after, points.ofOrder), nowMs);
}

/** Cases whose money has arrived are done, and so is an order that was given back whole. */
export function caseRefunds(life: OrderLife, nowMs: number): OrderLife {
  const isOnItsWay = life.refunds.some(
    ({ state, reason }) => reason === "after_sale" && state !== "done",
  );
  if (isOnItsWay) return life;
  let after = life;
  for (const { caseId, state } of life.afterSales) {
    if (state !== "refunding") continue;
    const outcome = stepCase(after, caseId, "refunded", { by: "provider" }, nowMs);
    if (outcome.kind === "changed") after = outcome.life;
  }
  const isWhole = after.state === "refunding" && after.returnedUnits === after.quantity;
  return isWhole ? taken(after, "refunded", { by: "system" }, nowMs) : after;
}

/** The order ends another way: what was only asked for is not asked for any more. */
export function withdrawCases(life: OrderLife, nowMs: number): OrderLife {
  let after = life;
  for (const { caseId, state } of life.afterSales) {
    if (state !== "applied" && state !== "agreed") continue;
    const outcome = stepCase(after, caseId, "withdraw", { by: "system" }, nowMs);
    if (outcome.kind === "changed") after = outcome.life;
  }
  return after;
}

/**
 * What only its deliverer knows the use of is taken back before anything is paid back for it: codes, and coupons of before their
 * order counted their uses. Of others the order knows what is left, and agrees to no use once it is given back.
 */
export const mustTakeBack = ({ goodsKind, usesTotal }: OrderLife, step: AfterSaleStep): boolean =>
  step === "agree_refund" &&
  (goodsKind === "card_code" || (goodsKind === "coupon" && usesTotal === undefined));

/**
 * The desk agreed, or was silent: the goods are taken back outside before anything is paid for them. What was agreed is written down
 * first, so that it is carried out whatever breaks in between.
 */
export function takingBack(
  life: OrderLife,
  caseId: string,
  agreed: TakingBack,
  nowMs: number,
): LifeOutcome {
  const outcome = stepCase(life, caseId, "agree_refund", agreed, nowMs);
  const one = life.afterSales.find((some) => some.caseId === caseId);
  if (outcome.kind !== "changed" || !one) return outcome;
  const dueAtMs = nowMs + TAKE_BACK_RETRY_MS;
  return { kind: "changed", life: withCase(life, { ...one, takingBack: agreed, dueAtMs }) };
}

/** The member had seen or used the goods, which was not agreed to: the case is as open as before. */
export function notTakenBack(life: OrderLife, caseId: string): OrderLife {
  const one = life.afterSales.find((some) => some.caseId === caseId);
  if (!one?.takingBack) return life;
  const { takingBack: _over, ...rest } = one;
  const appliedAtMs = one.history[0]?.atMs ?? 0;
  const dueAtMs = appliedAtMs + (AFTER_SALE_WITHIN_MS.applied ?? 0);
  return withCase(life, { ...rest, dueAtMs });
}

/** The same words, as they are to be kept from now on: `fresh` has what stands for each. */
export function reworded(life: OrderLife, fresh: ReadonlyMap<string, string>): LifeOutcome {
  const kept = (text: string): string => fresh.get(text) ?? text;
  const afterSales = life.afterSales.map((one) => ({
    ...one,
    ...{ reason: kept(one.reason), note: kept(one.note) },
    history: one.history.map((step) => ({ ...step, note: kept(step.note) })),
    ...(one.takingBack?.note === undefined
      ? {}
      : { takingBack: { ...one.takingBack, note: kept(one.takingBack.note) } }),
  }));
  return { kind: "changed", life: { ...life, afterSales } };
}

/** What silence means: the merchant's is consent, the member's is a withdrawal. Null: nothing is due. */
export function afterSaleDue(
  life: OrderLife,
  nowMs: number,
): { readonly caseId: string; readonly step: AfterSaleStep } | null {
  for (const { caseId, state, kind, dueAtMs } of life.afterSales) {
    if (dueAtMs === null || dueAtMs > nowMs) continue;
    if (state === "applied") return { caseId, step: kind === "refund" ? "agree_refund" : "agree" };
    if (state === "agreed") return { caseId, step: "expire" };
    if (state === "sent_back") return { caseId, step: "take_back" };
  }
  return null;
}
