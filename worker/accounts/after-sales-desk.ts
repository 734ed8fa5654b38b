/** After-sales at the Account: a case moves, and what it gives back is booked in the same commit. */
import { invariant } from "../kernel/invariant.ts";
import type { Refusal } from "../kernel/refusal.ts";
import type { LifeReply } from "./life-messages.ts";
import { returnPoints } from "./order-returns.ts";
import {
  afterSaleDue,
  apply,
  asReturn,
  CASH_LAW,
  giveBack,
  mayApply,
  mustTakeBack,
  notTakenBack,
  partBack,
  stepCase,
  takingBack,
  worthOf,
  type AfterSaleStep,
  type Application,
  type CaseAct,
  type CashBack,
  type OrderLife,
  type Share,
  type TakingBack,
} from "./orders/index.ts";
import type { Order } from "./orders.ts";
import { quoteRefund, returnedPart, type RefundQuote } from "./points/index.ts";
import type { AccountStore } from "./store.ts";

export interface AfterSalesPorts {
  readonly store: AccountStore;
  readonly granted: (memberKey: string, orderId: string) => Order | null;
  /** Writes order and life, and lets D1 hear of it. */
  readonly save: (order: Order, life: OrderLife, nowMs: number) => Order;
  /** Units came back: what they earned goes back by the programme's policy. */
  readonly returned: (order: Order, caseId: string, cashFen: number) => void;
}

export type CaseReply =
  | LifeReply
  /** More points would be lost than the member was told. */
  | { readonly kind: "forfeits_more"; readonly refusal: Refusal }
  /** The member has seen the code, or used the coupon: paying back all the same has to be said. */
  | { readonly kind: "goods_used" };

/** The goods have to be taken back outside first; what was agreed is written down. */
export interface TakeBackFirst {
  readonly kind: "take_back_first";
}

export interface AfterSaleQuote extends Share {
  readonly refund: RefundQuote;
  /** Where its cash goes. */
  readonly cash: CashBack;
}

interface TakenBack {
  readonly memberKey: string;
  readonly orderId: string;
  readonly caseId: string;
  readonly wasUsed: boolean;
}

/** Notes of what silence decided and nobody worded; pages say them in their reader's language. */
const GOODS_USED = "goods_used";
const NOT_EXCHANGED = "not_exchanged";
const BY_SILENCE: TakingBack = { by: "system", evenIfUsed: false };

export class AfterSalesDesk {
  readonly #ports: AfterSalesPorts;

  constructor(ports: AfterSalesPorts) {
    this.#ports = ports;
  }

  /** What so many units would bring back now, slice by slice; null: nothing can be asked for. */
  quote(
    memberKey: string,
    orderId: string,
    quantity: number,
    nowMs: number,
  ): AfterSaleQuote | null {
    const order = this.#ports.granted(memberKey, orderId);
    const life = order && this.#ports.store.lives.of(order);
    if (!order || !life || !mayApply(life)) return null;
    const share = worthOf(life, order.points, quantity);
    const wallet = this.#ports.store.members.walletWithLots(memberKey, order.slices);
    const slices =
      share.points === 0 ? [] : returnedPart(order.slices, order.returnedPoints, share.points);
    const policy = this.#ports.store.terms.of(memberKey).lapse;
    const cash = partBack(life, share.cashFen, nowMs);
    return { ...share, cash, refund: quoteRefund(wallet, slices, policy, nowMs) };
  }

  apply(memberKey: string, orderId: string, wish: Application, nowMs: number): LifeReply {
    const order = this.#ports.granted(memberKey, orderId);
    if (!order) return { kind: "not_found" };
    const life = this.#ports.store.lives.of(order);
    const outcome = apply(life, wish, order.points, nowMs);
    if (outcome.kind === "refused") return outcome;
    if (outcome.kind === "already") return { kind: "already", order, life };
    const after = this.#ports.save(order, outcome.life, nowMs);
    return { kind: "advanced", order: after, life: outcome.life };
  }

  step(
    memberKey: string,
    orderId: string,
    caseId: string,
    step: AfterSaleStep,
    act: CaseAct,
    nowMs: number,
  ): CaseReply {
    const order = this.#ports.granted(memberKey, orderId);
    if (!order) return { kind: "not_found" };
    return this.#step(order, this.#ports.store.lives.of(order), { ...act, caseId, step }, nowMs);
  }

  /** Agrees to pay back. Goods that deliver themselves are taken back before; asked again, they are asked for again. */
  agree(
    request: { readonly memberKey: string; readonly orderId: string; readonly caseId: string },
    agreed: TakingBack,
    nowMs: number,
  ): CaseReply | TakeBackFirst {
    const { memberKey, orderId, caseId } = request;
    const order = this.#ports.granted(memberKey, orderId);
    if (!order) return { kind: "not_found" };
    const life = this.#ports.store.lives.of(order);
    if (!mustTakeBack(life, "agree_refund")) {
      return this.#step(order, life, { ...agreed, caseId, step: "agree_refund" }, nowMs);
    }
    const outcome = takingBack(life, caseId, agreed, nowMs);
    if (outcome.kind === "refused") return outcome;
    if (outcome.kind === "already") return { kind: "already", order, life };
    // D1 hears of what becomes of it.
    if (CASH_LAW.takingBackIsWrittenDown) this.#ports.store.lives.save(outcome.life);
    return { kind: "take_back_first" };
  }

  #step(
    order: Order,
    life: OrderLife,
    { caseId, step, ...act }: CaseAct & { readonly caseId: string; readonly step: AfterSaleStep },
    nowMs: number,
  ): CaseReply {
    const outcome = stepCase(life, caseId, step, act, nowMs);
    if (outcome.kind === "refused") return outcome;
    if (outcome.kind === "already") return { kind: "already", order, life };
    const one = outcome.life.afterSales.find((some) => some.caseId === caseId);
    if (one?.state !== "refunding") {
      const after = this.#ports.save(order, outcome.life, nowMs);
      return { kind: "advanced", order: after, life: outcome.life };
    }
    return this.#giveBack(order, outcome.life, { ...one, by: act.by }, nowMs);
  }

  #giveBack(
    order: Order,
    life: OrderLife,
    one: Share & { readonly caseId: string; readonly by: string },
    nowMs: number,
  ): CaseReply {
    const { store } = this.#ports;
    let given = order;
    if (one.points > 0) {
      const wallet = store.members.walletWithLots(order.memberKey, order.slices);
      const wish = {
        ...{ caseId: one.caseId, points: one.points, actor: one.by },
        ...{ terms: store.terms.of(order.memberKey), forfeitMax: null },
      };
      const back = returnPoints(wallet, order, wish, nowMs);
      if (back.kind === "refused") return { kind: "forfeits_more", refusal: back.refusal };
      if (back.kind === "already") return { kind: "already", order, life };
      store.members.save(wallet, back.wallet, back.entries);
      store.orders.update(order, back.order);
      given = back.order;
    }
    const points = { returned: given.returnedPoints, ofOrder: given.points };
    const after = giveBack(life, one.caseId, points, nowMs);
    const saved = this.#ports.save(given, after, nowMs);
    this.#ports.returned(saved, one.caseId, one.cashFen);
    return { kind: "advanced", order: saved, life: after };
  }

  /** What silence decides. Answers the case whose goods have to be taken back outside first, if there is one. */
  due(memberKey: string, orderId: string, nowMs: number): string | null {
    const order = this.#ports.granted(memberKey, orderId);
    const life = order && this.#ports.store.lives.of(order);
    const due = life && afterSaleDue(life, nowMs);
    if (!due) return null;
    if (mustTakeBack(life, due.step)) {
      const known = life.afterSales.find(({ caseId }) => caseId === due.caseId)?.takingBack;
      const outcome = takingBack(life, due.caseId, known ?? BY_SILENCE, nowMs);
      invariant(outcome.kind === "changed", "what silence agrees to is possible");
      this.#ports.store.lives.save(outcome.life);
      return due.caseId;
    }
    const back = due.step === "take_back" ? asReturn(life, due.caseId, order.points) : life;
    const note = back === life ? {} : { note: NOT_EXCHANGED };
    this.#step(order, back, { ...due, by: "system", ...note }, nowMs);
    return null;
  }

  /** The goods are back, and what was agreed is paid; or the member had seen or used them, which silence does not pay for. */
  takenBack(request: TakenBack, nowMs: number): CaseReply {
    const { memberKey, orderId, caseId, wasUsed } = request;
    const order = this.#ports.granted(memberKey, orderId);
    if (!order) return { kind: "not_found" };
    const life = this.#ports.store.lives.of(order);
    const one = life.afterSales.find((some) => some.caseId === caseId);
    const { evenIfUsed, ...act } = one?.takingBack ?? BY_SILENCE;
    if (!wasUsed || evenIfUsed) {
      return this.#step(order, life, { ...act, caseId, step: "agree_refund" }, nowMs);
    }
    const open = notTakenBack(life, caseId);
    if (act.by === BY_SILENCE.by) {
      const refusal = { ...BY_SILENCE, note: GOODS_USED };
      return this.#step(order, open, { ...refusal, caseId, step: "refuse" }, nowMs);
    }
    if (open !== life) this.#ports.store.lives.save(open);
    return { kind: "goods_used" };
  }
}
