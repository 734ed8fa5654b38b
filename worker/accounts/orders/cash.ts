/** The cash leg: receipts and refunds. Every fen that came in is kept for the order, or on its way back. Pure. */
import { invariant } from "../../kernel/invariant.ts";
import { isUnderWay, RETRY_MS } from "./attempts.ts";
import { CASH_LAW } from "./law.ts";
import {
  amountDueFen,
  isSubmitted,
  movedCash,
  movedFreight,
  movedPoints,
  refusedBy,
  taken,
  type Act,
} from "./life.ts";
import { START_STEP, stateAfter, type CashLegState, type OrderStep } from "./states.ts";
import { assertTender, endedTender, keptTenderFen, paidLegs, splitBack } from "./tender.ts";
import type {
  CashRefund,
  LifeOutcome,
  OrderLife,
  PaymentAttempt,
  Receipt,
  RefundReason,
} from "./types.ts";

const RETRY_MS_MAX = 3_600_000;
/** After so many tries somebody has to look; asking goes on, slowly. */
const FAILED_AFTER_TRIES = 8;

const retryMs = (tries: number): number =>
  Math.min(RETRY_MS_MAX, RETRY_MS * 2 ** Math.min(tries, 10));

export const keptReceipt = (life: OrderLife): Receipt | undefined =>
  life.receipts.find(({ use }) => use === "order");

/** Of one receipt, what is back or on its way back. */
export function refundedOf(life: OrderLife, txnId: string): number {
  return life.refunds.reduce((sum, one) => sum + (one.txnId === txnId ? one.amountFen : 0), 0);
}

/** What paid the order, and late money, that is back or on its way back. */
export function refundedFen(life: OrderLife): number {
  const { tender } = life;
  return life.receipts.reduce(
    (sum, { txnId, use }) =>
      use === "order" || use === "late" ? sum + refundedOf(life, txnId) : sum,
    tender ? tender.backPointsFen + tender.backStoredFen : 0,
  );
}

/** Whether it can be given back before it is delivered. */
export function mayEnd(life: OrderLife): boolean {
  const step = paidFen(life) > 0 ? "refund" : "cancel";
  if (life.state === "to_write_off" && life.uses > 0) return false;
  if (isSubmitted(life)) return false;
  // What was delivered goes back by after-sales and not by a cancel.
  return stateAfter(life.state, "cancel") !== null && stateAfter(life.state, step) !== null;
}

/** What paid the order and is still with the merchant: money of a provider, stored value, the worth of points. */
export const paidFen = (life: OrderLife): number => keptFen(life) + keptTenderFen(life.tender);

/** Money of a provider that is still with the merchant. */
export function keptFen(life: OrderLife): number {
  const receipt = keptReceipt(life);
  return receipt ? receipt.amountFen - refundedOf(life, receipt.txnId) : 0;
}

/** What a cancel lets go of the cash: money of a provider, stored value, and points that paid part of it. */
export interface CashBack {
  readonly providerFen: number;
  readonly storedFen: number;
  readonly points: number;
}

/** What is only held by now is free again, what was taken comes back. */
export function cashBack(life: OrderLife): CashBack {
  const { tender } = life;
  const providerFen = keptFen(life);
  if (tender === null || tender.state === "released")
    return { providerFen, storedFen: 0, points: 0 };
  const { storedFen, backStoredFen, points, backPoints } = tender;
  return { providerFen, storedFen: storedFen - backStoredFen, points: points - backPoints };
}

/** I10: what came in is kept or goes back, never more; and no cancelled order keeps money. */
export function assertCash(life: OrderLife): void {
  for (const { txnId, amountFen } of life.receipts) {
    invariant(refundedOf(life, txnId) <= amountFen, "I10 never more goes back than came in");
  }
  const orders = life.receipts.filter(({ use }) => use === "order");
  invariant(orders.length <= 1, "I10 an order is paid once");
  const isOver = life.state === "cancelled";
  invariant(!isOver || keptFen(life) === 0, "I10 a cancelled order keeps no money");
  assertTender(life);
  for (const { txnId, use, amountFen } of life.receipts) {
    const mustGo = use === "late" || use === "double";
    invariant(!mustGo || refundedOf(life, txnId) === amountFen, "I10 unasked money goes back");
  }
}

export interface Money {
  readonly paymentId: string;
  readonly txnId: string;
  readonly amountFen: number;
  readonly paidAtMs: number;
}

/**
 * The provider says that money came. The first time for the right amount in time pays the order; late or doubled money goes
 * back by itself; a wrong amount pays nothing and waits for somebody to look. A repeat changes nothing.
 */
export function receiveMoney(life: OrderLife, money: Money, nowMs: number): LifeOutcome {
  const isTold = (one: Receipt): boolean => CASH_LAW.moneyCountsOnce && one.txnId === money.txnId;
  const known = life.receipts.find(isTold);
  if (known) {
    const isSame = known.amountFen === money.amountFen && known.paymentId === money.paymentId;
    return isSame ? { kind: "already", life } : refusedBy("amount_mismatch", life);
  }
  const attempt = life.attempts.find(({ paymentId }) => paymentId === money.paymentId);
  if (!attempt) return refusedBy("unknown_payment", life);
  const use = useOf(life, attempt, money);
  const receipt: Receipt = { ...money, provider: attempt.provider, use };
  const paid = (one: PaymentAttempt): PaymentAttempt =>
    one === attempt ? { ...one, state: "paid", askAtMs: null } : one;
  const received: OrderLife = {
    ...life,
    attempts: life.attempts.map(paid),
    receipts: [...life.receipts, receipt],
  };
  return { kind: "changed", life: settled(received, receipt, nowMs) };
}

function useOf(life: OrderLife, attempt: PaymentAttempt, money: Money): Receipt["use"] {
  if (money.amountFen !== attempt.amountFen) return "mismatch";
  if (life.state === "awaiting_payment") {
    // Begun before the member chose to pay another amount.
    return attempt.amountFen === amountDueFen(life) ? "order" : "double";
  }
  return keptReceipt(life) && life.state !== "cancelled" ? "double" : "late";
}

function settled(life: OrderLife, receipt: Receipt, nowMs: number): OrderLife {
  switch (receipt.use) {
    case "order": {
      const step = START_STEP[life.goodsKind];
      const started = taken(paidLegs(life, nowMs), step, { by: "provider" }, nowMs);
      return closeAttempts(started, nowMs);
    }
    case "late": {
      if (!CASH_LAW.lateMoneyGoesBack) return life;
      const { cash } = life.legs;
      // Late money of before may still be on its way back.
      const isFirst = cash.state === "void" || cash.state === "refunded";
      const legs = { ...life.legs, cash: isFirst ? movedCash(cash, "late_paid", nowMs) : cash };
      return withRefund({ ...life, legs }, receipt, receipt.amountFen, "late_paid", nowMs);
    }
    case "double":
      return withRefund(life, receipt, receipt.amountFen, "double_paid", nowMs);
    case "mismatch":
      return life;
  }
}

/** What the member must not pay any more is closed at its provider. */
function closeAttempts(life: OrderLife, nowMs: number): OrderLife {
  const attempts = life.attempts.map((one) =>
    isUnderWay(one)
      ? { ...one, askAtMs: CASH_LAW.endClosesPayments ? nowMs : null, tries: 0 }
      : one,
  );
  return { ...life, attempts };
}

/** Writes down that money has to go back. The leg follows only where the money was the order's. */
function withRefund(
  life: OrderLife,
  receipt: Receipt,
  amountFen: number,
  reason: RefundReason,
  nowMs: number,
): OrderLife {
  const { txnId, paymentId, provider, use } = receipt;
  const refund: CashRefund = {
    refundId: `${paymentId}r${life.refunds.length + 1}`,
    ...{ txnId, paymentId, provider, amountFen, reason },
    ...{ state: "waiting", createdAtMs: nowMs, doneAtMs: null, askAtMs: nowMs, tries: 0, word: "" },
  };
  const refunds = [...life.refunds, refund];
  const isOfLeg = use === "order" || use === "late";
  // While another refund is on its way, or has failed, the leg says so already.
  const { state } = life.legs.cash;
  if (!isOfLeg || state === "refunding" || state === "refund_failed") return { ...life, refunds };
  const cash = movedCash(life.legs.cash, "refunding", nowMs);
  return { ...life, refunds, legs: { ...life.legs, cash } };
}

/** Part of the order's money goes back, as after-sales agreed. */
export function refundPart(
  life: OrderLife,
  amountFen: number,
  reason: RefundReason,
  nowMs: number,
): LifeOutcome {
  if (amountFen === 0) return { kind: "already", life };
  const receipt = keptReceipt(life);
  const { tender } = life;
  if (!receipt && tender?.state !== "taken") return refusedBy("nothing_to_refund", life);
  if (amountFen > paidFen(life)) return refusedBy("too_much", life);
  const sent = (one: OrderLife, fen: number): OrderLife =>
    receipt && fen > 0 ? withRefund(one, receipt, fen, reason, nowMs) : one;
  if (tender?.state !== "taken") return { kind: "changed", life: sent(life, amountFen) };
  const paid = {
    providerFen: receipt?.amountFen ?? 0,
    backProviderFen: receipt ? refundedOf(life, receipt.txnId) : 0,
  };
  const split = splitBack(paid, tender, amountFen);
  const after = sent({ ...life, tender: split.tender }, split.providerFen);
  return { kind: "changed", life: split.providerFen > 0 ? after : tenderBack(after, nowMs) };
}

/** Where that part would go. */
export function partBack(life: OrderLife, amountFen: number, nowMs: number): CashBack {
  const outcome = refundPart(life, amountFen, "after_sale", nowMs);
  const before = cashBack(life);
  const after = outcome.kind === "changed" ? cashBack(outcome.life) : before;
  return {
    providerFen: before.providerFen - after.providerFen,
    storedFen: before.storedFen - after.storedFen,
    points: before.points - after.points,
  };
}

/** Nothing waits for a provider: what went back is back at once. */
function tenderBack(life: OrderLife, nowMs: number): OrderLife {
  const { state } = life.legs.cash;
  if (state !== "paid" && state !== "partly_refunded") return life;
  const refunding = movedCash(life.legs.cash, "refunding", nowMs);
  const to = paidFen(life) === 0 ? "refunded" : "partly_refunded";
  return { ...life, legs: { ...life.legs, cash: movedCash(refunding, to, nowMs) } };
}

/** Money of the wrong amount goes back by a decision of staff. */
export function refundMismatch(life: OrderLife, txnId: string, nowMs: number): LifeOutcome {
  const receipt = life.receipts.find((one) => one.txnId === txnId && one.use === "mismatch");
  if (!receipt) return refusedBy("nothing_to_refund", life);
  const left = receipt.amountFen - refundedOf(life, txnId);
  if (left === 0) return { kind: "already", life };
  return { kind: "changed", life: withRefund(life, receipt, left, "mismatch", nowMs) };
}

/**
 * The order ends before it was delivered: by its member, by the merchant, or by time. What was paid goes back; what was not
 * paid yet is not to be paid any more.
 */
export function endUndelivered(
  life: OrderLife,
  step: Extract<OrderStep, "lapse" | "cancel" | "fail">,
  act: Act,
  nowMs: number,
): OrderLife {
  const kept = keptFen(life);
  const receipt = keptReceipt(life);
  const wasPaid = paidFen(life) > 0;
  const ended = taken(life, wasPaid ? "refund" : step, act, nowMs);
  const legs = endedLegs(ended.legs, nowMs);
  const closed = closeAttempts({ ...ended, legs, tender: endedTender(life.tender) }, nowMs);
  if (receipt && kept > 0 && CASH_LAW.endPaysBack) {
    return withRefund(closed, receipt, kept, step === "fail" ? "failed" : "cancelled", nowMs);
  }
  return wasPaid ? taken(tenderBack(closed, nowMs), "refunded", { by: "system" }, nowMs) : closed;
}

function endedLegs({ points, cash, freight }: OrderLife["legs"], nowMs: number): OrderLife["legs"] {
  const isToPay = ({ state }: { readonly state: string }): boolean =>
    state === "awaiting" || state === "due_on_delivery";
  const hasPoints = points.state === "posted" || points.state === "partly_returned";
  const freightBack = freight.state === "paid" ? movedFreight(freight, "refunded", nowMs) : freight;
  return {
    points: hasPoints ? movedPoints(points, "returned", nowMs) : points,
    cash: isToPay(cash) ? movedCash(cash, "void", nowMs) : cash,
    freight: isToPay(freight) ? movedFreight(freight, "void", nowMs) : freightBack,
  };
}

// ---- the provider's word on what it was asked

/** Before a call goes out its next try is written down, so that a call that is never answered is made again. */
export function claimCalls(life: OrderLife, nowMs: number): OrderLife {
  const again = <T extends { readonly askAtMs: number | null; readonly tries: number }>(one: T) =>
    one.askAtMs !== null && one.askAtMs <= nowMs
      ? { ...one, askAtMs: nowMs + retryMs(one.tries), tries: one.tries + 1 }
      : one;
  // An attempt that its provider does not know is over at a moment that is known; it is asked about then, not hours later.
  const attempts = life.attempts.map(again).map((one) => {
    const overAtMs = (one.payByMs ?? one.createdAtMs) + RETRY_MS;
    const isLater = one.askAtMs !== null && one.askAtMs > overAtMs && overAtMs > nowMs;
    return isLater ? { ...one, askAtMs: overAtMs } : one;
  });
  return { ...life, attempts, refunds: life.refunds.map(again) };
}

export type RefundWord =
  | { readonly kind: "done"; readonly atMs: number }
  | { readonly kind: "asked" }
  | { readonly kind: "refused"; readonly word: string }
  /** No answer. */
  | { readonly kind: "silence" };

export function hearRefund(
  life: OrderLife,
  refundId: string,
  word: RefundWord,
  nowMs: number,
): LifeOutcome {
  const refund = life.refunds.find((one) => one.refundId === refundId);
  if (!refund) return refusedBy("unknown_payment", life);
  if (refund.state === "done") return { kind: "already", life };
  const heard = refundAfter(refund, word, nowMs);
  if (heard === refund) return { kind: "already", life };
  const refunds = life.refunds.map((one) => (one === refund ? heard : one));
  return { kind: "changed", life: legAfterRefunds({ ...life, refunds }, nowMs) };
}

function refundAfter(refund: CashRefund, word: RefundWord, nowMs: number): CashRefund {
  switch (word.kind) {
    case "done":
      return { ...refund, state: "done", doneAtMs: word.atMs, askAtMs: null, word: "" };
    case "asked":
      return { ...refund, state: "asked", askAtMs: nowMs + retryMs(refund.tries) };
    case "refused":
      return { ...refund, state: "failed", askAtMs: null, word: word.word };
    case "silence":
      return refund.tries < FAILED_AFTER_TRIES
        ? refund
        : { ...refund, state: "failed", word: "no answer" };
  }
}

function legAfterRefunds(life: OrderLife, nowMs: number): OrderLife {
  const receipts = life.receipts.filter(({ use }) => use === "order" || use === "late");
  if (receipts.length === 0) return life;
  const own = life.refunds.filter((one) => receipts.some(({ txnId }) => txnId === one.txnId));
  const to = cashAfter(receipts, own, keptTenderFen(life.tender));
  let { cash } = life.legs;
  if (to === null || cash.state === to) return life;
  // A refund that failed and was answered after all was under way all the time.
  if (cash.state === "refund_failed") cash = movedCash(cash, "refunding", nowMs);
  if (cash.state !== to) cash = movedCash(cash, to, nowMs);
  const after = { ...life, legs: { ...life.legs, cash } };
  const isBack = to === "refunded" || to === "partly_refunded";
  return after.state === "refunding" && isBack
    ? taken(after, "refunded", { by: "provider" }, nowMs)
    : after;
}

/** What the leg is by its refunds; null: there are none. */
function cashAfter(
  receipts: readonly Receipt[],
  refunds: readonly CashRefund[],
  keptElsewhereFen: number,
): CashLegState | null {
  if (refunds.length === 0) return null;
  if (refunds.some(({ state }) => state === "waiting" || state === "asked")) return "refunding";
  if (refunds.some(({ state }) => state === "failed")) return "refund_failed";
  const sum = (amounts: readonly { readonly amountFen: number }[]): number =>
    amounts.reduce((total, { amountFen }) => total + amountFen, 0);
  const isAll = sum(refunds) === sum(receipts) && keptElsewhereFen === 0;
  return isAll ? "refunded" : "partly_refunded";
}

/** A failed refund is tried once more, because somebody said so. */
export function retryRefund(life: OrderLife, refundId: string, nowMs: number): LifeOutcome {
  const refund = life.refunds.find((one) => one.refundId === refundId);
  if (!refund) return refusedBy("unknown_payment", life);
  if (refund.state !== "failed") return { kind: "already", life };
  const again: CashRefund = { ...refund, state: "waiting", askAtMs: nowMs, tries: 0, word: "" };
  const refunds = life.refunds.map((one) => (one === refund ? again : one));
  return { kind: "changed", life: legAfterRefunds({ ...life, refunds }, nowMs) };
}
