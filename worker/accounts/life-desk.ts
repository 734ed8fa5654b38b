/**
 * What an Account decides about an order after its grant. Runs inside a commit: reads rows, lets the pure machine decide,
 * writes order, life, points and what others have to hear in one transaction.
 */
import { invariant } from "../kernel/invariant.ts";
import type { Refusal } from "../kernel/refusal.ts";
import { LAW } from "../redemption/index.ts";
import { AfterSalesDesk } from "./after-sales-desk.ts";
import type { CancelAnswer } from "./desk.ts";
import {
  advance,
  amountDueFen,
  beginLife,
  beginPayment,
  caseRefunds,
  claimCalls,
  dueAtMs,
  endUndelivered,
  hearRefund,
  paidFen,
  receiveMoney,
  setTender,
  withdrawCases,
  withFreight,
  withWorth,
  type Act,
  type LifeOutcome,
  type LifeRefusal,
  type Money,
  type NewAttempt,
  type OrderLife,
  type RefundWord,
  type TenderWish,
} from "./orders/index.ts";
import { touched } from "./order-returns.ts";
import { cancelOrder, type Order } from "./orders.ts";
import type { AccountStore } from "./store.ts";
import type { AdvanceStep, BeginPaymentReply, LifeReply, MoneyReply } from "./life-messages.ts";

export interface LifeEffects {
  /** Points and stored value that pay part of the cash move as the life says. */
  tendered(order: Order, before: OrderLife, after: OrderLife, nowMs: number): void;
  /** The order needs nothing more from its member: what it earns is earned. */
  started(order: Order): void;
  /** Its take is given back. `wasStarted`: what it earned goes back as well. */
  ended(order: Order, nowMs: number, wasStarted: boolean): void;
  /** After-sales gave part of it back: what that part earned goes back. */
  returned(order: Order, caseId: string, cashFen: number): void;
}

/** Something that must be asked outside, found due in a commit. */
export type Errand =
  | { readonly topic: "attempt"; readonly paymentId: string }
  | { readonly topic: "refund"; readonly refundId: string }
  | { readonly topic: "issue" }
  /** Goods of a case that silence decided. */
  | { readonly topic: "take_back"; readonly caseId: string };

type GiveBack = "lapse" | "cancel" | "fail";
const GIVE_BACK = new Set<string>(["cancel", "fail"]);
/** After these an open case may bring back more or less than it did. */
const CHANGES_WORTH = new Set<string>(["ship", "reverse_write_off", "reverse_coupon"]);
const ISSUE_RETRY_MS = 2_000;
const ISSUE_RETRY_MS_MAX = 300_000;

export class LifeDesk {
  readonly #store: AccountStore;
  readonly #effects: LifeEffects;
  readonly cases: AfterSalesDesk;

  constructor(store: AccountStore, effects: LifeEffects) {
    this.#store = store;
    this.#effects = effects;
    this.cases = new AfterSalesDesk({
      store,
      granted: (memberKey, orderId) => this.#granted(memberKey, orderId),
      save: (order, life, nowMs) => this.#save(order, life, nowMs),
      returned: (order, caseId, cashFen) => effects.returned(order, caseId, cashFen),
    });
  }

  /** Part of the post: from here on the order waits for its cash, or its goods are on their way. */
  begin(order: Order, nowMs: number): void {
    const life = beginLife(order, nowMs);
    // Goods that somebody ships, and that cost points alone, need no row until they are shipped.
    if (dueAtMs(life) !== null) this.#store.lives.save(life);
    if (life.state !== "awaiting_payment") this.#effects.started(order);
  }

  // ---- steps

  /** Moves an order that somebody outside handles: `ship`, `write_off`, `issue` and so on. Repeating changes nothing. */
  advance(
    memberKey: string,
    orderId: string,
    step: AdvanceStep,
    act: Act,
    nowMs: number,
  ): LifeReply {
    const order = this.#granted(memberKey, orderId);
    if (!order) return { kind: "not_found" };
    const life = this.#store.lives.of(order);
    if (GIVE_BACK.has(step)) return this.#giveBack(order, life, step as GiveBack, act, nowMs);
    const outcome = advance(life, step, act, nowMs);
    const priced =
      CHANGES_WORTH.has(step) && outcome.kind === "changed"
        ? { ...outcome, life: withWorth(outcome.life, order.points) }
        : outcome;
    return this.#apply(order, life, priced, nowMs);
  }

  #giveBack(order: Order, life: OrderLife, step: GiveBack, act: Act, nowMs: number): LifeReply {
    if (order.isCancelled) return { kind: "already", order, life };
    const answer = this.end(order, step, { act, forfeitMax: null }, nowMs);
    if ("refusal" in answer) {
      return refusalOf(life, step) ?? { kind: "refused", reason: "state", state: life.state };
    }
    const after = answer.order ?? order;
    return { kind: "advanced", order: after, life: this.#store.lives.of(after) };
  }

  /**
   * Gives an order back before it was delivered: points to their lots, money back if any came, the unit to the next wave,
   * the slot of the limit, all in this commit.
   */
  end(
    order: Order,
    step: GiveBack,
    wish: { readonly act: Act; readonly forfeitMax: number | null },
    nowMs: number,
  ): CancelAnswer {
    const { memberKey, orderId } = order;
    const life = this.#store.lives.of(order);
    const hasRow = this.#store.lives.stored(memberKey, orderId) !== null;
    if (!order.isCancelled) {
      // The table must let `step` happen, and where money came in, its refund too.
      const refusal = refusalOf(life, step);
      if (refusal) return { refusal: conflict(refusal) };
    }
    const wallet = this.#store.members.walletWithLots(memberKey, order.slices);
    const terms = this.#store.terms.of(memberKey);
    const actor = wish.act.by;
    const outcome = cancelOrder(wallet, order, nowMs, LAW, {
      ...{ terms, forfeitMax: wish.forfeitMax, actor },
    });
    if (outcome.kind === "already") return { order };
    if (outcome.kind === "refused") return { refusal: outcome.refusal };
    this.#store.members.save(wallet, outcome.wallet, outcome.entries);
    this.#store.orders.update(order, outcome.order);
    const ended = endUndelivered(withdrawCases(life, nowMs), step, wish.act, nowMs);
    // A plain cancel by its member follows from the order; everything else, and what it still has to ask for, is written down.
    const isPlain = !hasRow && step === "cancel" && actor === "member" && dueAtMs(ended) === null;
    if (!isPlain) {
      this.#store.lives.save(ended);
      this.#effects.tendered(order, life, ended, nowMs);
      // The ledger's entry tells of the order; its money is told by the change.
      if (life.receipts.length + life.afterSales.length > 0 || life.tender)
        this.#store.lives.changed(memberKey, orderId);
    }
    this.#effects.ended(outcome.order, nowMs, life.state !== "awaiting_payment");
    globalThis.failpoints?.mark("account:cancel");
    return { order: outcome.order };
  }

  // ---- money

  beginPayment(
    memberKey: string,
    orderId: string,
    wish: NewAttempt,
    nowMs: number,
  ): BeginPaymentReply {
    const order = this.#granted(memberKey, orderId);
    if (!order) return { kind: "not_found" };
    const life = this.#store.lives.of(order);
    const reply = this.#apply(order, life, beginPayment(life, wish, nowMs), nowMs);
    if (reply.kind === "refused" || reply.kind === "not_found") return reply;
    const { payByMs } = reply.life;
    return {
      kind: "begun",
      amountFen: amountDueFen(reply.life),
      payByMs: payByMs ?? nowMs,
      title: order.goods.title,
    };
  }

  /** The provider says that money came. Every call may come twice, late, or in another order. */
  receive(memberKey: string, orderId: string, money: Money, nowMs: number): MoneyReply {
    const order = this.#granted(memberKey, orderId);
    if (!order) return { kind: "not_found" };
    const life = this.#store.lives.of(order);
    const reply = this.#apply(order, life, receiveMoney(life, money, nowMs), nowMs);
    if (reply.kind !== "advanced") return reply;
    const use = reply.life.receipts.find(({ txnId }) => txnId === money.txnId)?.use ?? "mismatch";
    if (use === "order") this.#effects.started(reply.order);
    return { ...reply, use };
  }

  /** The member pays part of the cash, or all of it, with points and stored value. */
  tender(memberKey: string, orderId: string, wish: TenderWish, nowMs: number): LifeReply {
    const reply = this.change(memberKey, orderId, (life) => setTender(life, wish, nowMs), nowMs);
    const isPaid = reply.kind === "advanced" && reply.life.state !== "awaiting_payment";
    if (isPaid) this.#effects.started(reply.order);
    return reply;
  }

  freight(memberKey: string, orderId: string, freightFen: number, nowMs: number): LifeReply {
    return this.change(memberKey, orderId, (life) => withFreight(life, freightFen, nowMs), nowMs);
  }

  /** Any other change of a life by the pure machine. */
  change(
    memberKey: string,
    orderId: string,
    decide: (life: OrderLife) => LifeOutcome,
    nowMs: number,
  ): LifeReply {
    const order = this.#granted(memberKey, orderId);
    if (!order) return { kind: "not_found" };
    const life = this.#store.lives.of(order);
    return this.#apply(order, life, decide(life), nowMs);
  }

  #apply(order: Order, life: OrderLife, outcome: LifeOutcome, nowMs: number): LifeReply {
    if (outcome.kind === "refused") return outcome;
    if (outcome.kind === "already") return { kind: "already", order, life };
    const after = this.#save(order, outcome.life, nowMs);
    return { kind: "advanced", order: after, life: outcome.life };
  }

  #save(order: Order, life: OrderLife, nowMs: number): Order {
    const after = touched(order, nowMs);
    this.#effects.tendered(order, this.#store.lives.of(order), life, nowMs);
    this.#store.lives.save(life);
    this.#store.orders.update(order, after);
    this.#store.lives.changed(order.memberKey, order.orderId);
    return after;
  }

  /** The provider's word on money that goes back; a case that waited for it is done. */
  heard(
    memberKey: string,
    orderId: string,
    refundId: string,
    word: RefundWord,
    nowMs: number,
  ): LifeReply {
    const decide = (life: OrderLife): LifeOutcome => {
      const outcome = hearRefund(life, refundId, word, nowMs);
      return outcome.kind === "changed"
        ? { kind: "changed", life: caseRefunds(outcome.life, nowMs) }
        : outcome;
    };
    return this.change(memberKey, orderId, decide, nowMs);
  }

  #granted(memberKey: string, orderId: string): Order | null {
    const order = this.#store.orders.order(memberKey, orderId);
    return order?.hold === "posted" ? order : null;
  }

  // ---- time

  /** Does what time does to one order, and says what must be asked outside. Its next look is written down first. */
  due(memberKey: string, orderId: string, nowMs: number): Errand[] {
    const order = this.#granted(memberKey, orderId);
    // Its row would be due for ever.
    invariant(order, "time acts on granted orders only");
    const life = this.#store.lives.of(order);
    const isOver = (atMs: number | null): boolean => atMs !== null && atMs <= nowMs;
    const act: Act = { by: "system" };
    let caseId: string | null = null;
    if (isOver(life.payByMs)) this.end(order, "lapse", { act, forfeitMax: null }, nowMs);
    else if (isOver(life.receiveByMs)) this.advance(memberKey, orderId, "receive", act, nowMs);
    else if (isOver(life.closeByMs)) this.advance(memberKey, orderId, "close", act, nowMs);
    else caseId = this.cases.due(memberKey, orderId, nowMs);
    const now = this.#store.lives.of(order);
    const errands = errandsOf(now, (atMs) => atMs <= nowMs);
    if (caseId !== null) errands.push({ topic: "take_back", caseId });
    if (errands.length > 0) this.#store.lives.save(claimed(now, nowMs));
    return errands;
  }
}

/** What has to be asked outside, of what is asked at such a moment. */
export function errandsOf(life: OrderLife, isAsked: (atMs: number) => boolean): Errand[] {
  const isDue = (atMs: number | null): boolean => atMs !== null && isAsked(atMs);
  const errands: Errand[] = [];
  for (const { askAtMs, paymentId } of life.attempts) {
    if (isDue(askAtMs)) errands.push({ topic: "attempt", paymentId });
  }
  for (const { askAtMs, refundId } of life.refunds) {
    if (isDue(askAtMs)) errands.push({ topic: "refund", refundId });
  }
  if (isDue(life.issueAtMs)) errands.push({ topic: "issue" });
  return errands;
}

/** A crash between the commit and the call costs a wait, never the call. */
function claimed(life: OrderLife, nowMs: number): OrderLife {
  const next = claimCalls(life, nowMs);
  if (life.issueAtMs === null || life.issueAtMs > nowMs) return next;
  const waitMs = Math.min(ISSUE_RETRY_MS_MAX, ISSUE_RETRY_MS * 2 ** Math.min(life.issueTries, 10));
  return { ...next, issueAtMs: nowMs + waitMs, issueTries: life.issueTries + 1 };
}

function conflict({ reason, state }: LifeRefusal): Refusal {
  return { code: "conflict", figures: { reason: `order_${reason}`, state } };
}

function refusalOf(life: OrderLife, step: GiveBack): LifeRefusal | null {
  for (const one of paidFen(life) > 0 ? [step, "refund" as const] : [step]) {
    const check = advance(life, one, { by: "system" }, 0);
    if (check.kind !== "changed") {
      return check.kind === "refused"
        ? check
        : { kind: "refused", reason: "state", state: life.state };
    }
  }
  return null;
}
