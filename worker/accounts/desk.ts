/**
 * What an Account decides about one order. Runs inside a commit: reads rows, lets the model decide, writes rows.
 * Law: docs/protocol.md, the Account table.
 */
import { programmeDay, ZONE_OFFSET_MS } from "../kernel/clock.ts";
import { invariant } from "../kernel/invariant.ts";
import type { FinalRefusal, Refusal } from "../kernel/refusal.ts";
import type { MemberPrice } from "../earning/discounts/index.ts";
import {
  type GoodsLimits,
  type SaleStanding,
  type SaleTerms,
  type TakeAnswer,
} from "../redemption/index.ts";
import {
  cancelStep,
  differingFields,
  exchangeStep,
  finalWord,
  isEarlyTap,
  isRefusalRecorded,
  isReplayed,
} from "./decisions.ts";
import {
  decideHold,
  markWanted,
  post,
  refuseHold,
  voidHold,
  type HoldCommand,
  type LimitUsage,
  type Order,
  type OrderBooking,
} from "./orders.ts";
import type { LifeDesk } from "./life-desk.ts";
import { cashBack } from "./orders/index.ts";
import { quoteRefund, returnedPart, type Wallet } from "./points/index.ts";
import type { PointsDesk } from "./points-desk.ts";
import type {
  CancelQuote,
  CancelRequest,
  ForgoReply,
  MemberInGoods,
  OrderReply,
  OrderRequest,
  TicketReply,
  TicketRequest,
} from "./requests.ts";
import { NO_GOODS_USAGE, type GoodsUsage, type MemberStanding } from "./rules.ts";
import type { SaleDirectory, SaleKnowledge } from "./sale-directory.ts";
import type { AccountStore } from "./store.ts";

/** Either an answer, or an order that the Sku must be asked about. */
export type Step<R> = { readonly reply: R } | Question;

interface Question {
  readonly ask: Order;
  /** An earlier request for the same id asks already, so what comes of it is a replay. */
  readonly isRepeat?: boolean;
}

/** What goods may ask about a member; earning keeps it. */
export type StandingPort = (memberKey: string, nowMs: number) => MemberStanding;

/** Effects on other objects. Orders and entries reach D1 by their rows alone; what an order becomes is the life's. */
export interface OutboxPort {
  /** Its Sku need not send this grant. */
  settled(order: Order): void;
}

/** What one unit of a sale costs a member now. */
export type PriceAsker = (memberKey: string, terms: SaleTerms, nowMs: number) => MemberPrice;

export interface DeskPorts {
  readonly store: AccountStore;
  readonly sales: SaleDirectory;
  readonly outbox: OutboxPort;
  readonly points: PointsDesk;
  readonly lives: LifeDesk;
  readonly standing: StandingPort;
  /** Closed by staff: no new hold. */
  readonly isBlocked: (memberKey: string) => boolean;
  readonly price: PriceAsker;
}

export class AccountDesk {
  readonly #store: AccountStore;
  readonly #sales: SaleDirectory;
  readonly #outbox: OutboxPort;
  readonly #points: PointsDesk;
  readonly #lives: LifeDesk;
  readonly #standing: StandingPort;
  readonly #isBlocked: (memberKey: string) => boolean;
  readonly #price: PriceAsker;

  constructor({ store, sales, outbox, points, lives, standing, isBlocked, price }: DeskPorts) {
    this.#isBlocked = isBlocked;
    this.#store = store;
    this.#sales = sales;
    this.#outbox = outbox;
    this.#points = points;
    this.#lives = lives;
    this.#standing = standing;
    this.#price = price;
  }

  // ---- what is known without writing

  /** The answer for an id that has its outcome, or that a frozen epoch refuses; null: there is work to do. */
  settledReply(request: OrderRequest): OrderReply | null {
    const order = this.#store.orders.order(request.memberKey, request.orderId);
    return order ? this.#knownReply(order, request) : this.#frozenReply(request);
  }

  /** Null: the hold is pending. */
  #knownReply(order: Order, request: OrderRequest): OrderReply | null {
    const fields = differingFields(order, request);
    if (fields.length > 0) return { kind: "mismatch", fields };
    return isReplayed(order) ? replay(order) : null;
  }

  #frozenReply(request: OrderRequest): OrderReply | null {
    const refusal = this.#sales.frozenRefusal(request.saleId, request.epoch);
    return refusal && { kind: "refused", refusal };
  }

  // ---- hold

  /** A redemption: a tap. */
  redeem(request: OrderRequest, sale: SaleKnowledge, nowMs: number): Step<OrderReply> {
    const settled = this.settledReply(request);
    if (settled) return { reply: settled };
    const order = this.#store.orders.order(request.memberKey, request.orderId);
    const { opensAtMs } = sale.terms;
    if (isEarlyTap(opensAtMs, nowMs)) return { reply: notOpen(opensAtMs - nowMs) };
    if (order) {
      const wanted = markWanted(order, nowMs);
      if (wanted !== order) this.#store.orders.update(order, wanted);
      globalThis.failpoints?.mark("account:tap");
      return { ask: wanted, isRepeat: order.isWanted };
    }
    if (sale.standing.status === "paused") return { reply: notOpen(0) };
    const early = this.#refuseAtOnce(request, sale, nowMs);
    if (early) return { reply: early };
    const held = this.#hold({ ...request, isTap: true }, sale, nowMs);
    if ("kind" in held) return { reply: held };
    return held.hold === "pending" ? { ask: held } : { reply: replay(held, false) };
  }

  /** A ticket: the hold is made before the hour, nothing is taken yet. `ask`: the replaced one must be asked about. */
  ticket(request: TicketRequest, sale: SaleKnowledge, nowMs: number): Step<TicketReply> {
    const known = this.#store.orders.order(request.memberKey, request.orderId);
    if (known) return { reply: this.#knownReply(known, request) ?? ticketOf(known, true) };
    if (sale.terms.kind === "standing") return { reply: { kind: "no_tickets" } };
    if (request.replaces !== null) {
      const old = this.#store.orders.order(request.memberKey, request.replaces);
      if (!old || old.saleId !== request.saleId) {
        return { reply: { kind: "not_found", what: "order" } };
      }
      const step = exchangeStep(old);
      if (step === "replay") return { reply: replay(old) };
      if (step === "ask") return { ask: old };
      if (step === "void_and_hold") this.#void(old, FORGONE, null, nowMs);
    }
    // After the exchange: a grant of the replaced order is told, however sold out the sale is by now.
    const early = this.#frozenReply(request) ?? this.#refuseAtOnce(request, sale, nowMs);
    if (early) return { reply: early };
    const held = this.#hold({ ...request, isTap: false }, sale, nowMs);
    if ("kind" in held) return { reply: held };
    return { reply: held.hold === "pending" ? ticketOf(held, false) : replay(held, false) };
  }

  /** What needs no hold to be refused. The order is the Sku's: ahead, closed, stale. */
  #refuseAtOnce(request: OrderRequest, sale: SaleKnowledge, nowMs: number): OrderReply | null {
    const { terms, standing } = sale;
    // More than one order may have would slip past the epoch rule, which compares the shelf with it.
    if (request.quantity > terms.quantityMax) {
      return { kind: "too_many", quantityMax: terms.quantityMax };
    }
    const { epoch } = standing;
    if (request.epoch > epoch) {
      return { kind: "open", refusal: { code: "epoch_unknown", figures: { epoch } } };
    }
    const isBlocked = this.#isBlocked(request.memberKey);
    const refusal = isBlocked ? BLOCKED : refusalOfStamp(request.epoch, standing);
    if (!refusal) return null;
    const order = refuseHold({ ...request, isTap: false }, terms, refusal, nowMs);
    this.#store.orders.insert(order, terms);
    globalThis.failpoints?.mark("account:refuse");
    return { kind: "refused", refusal };
  }

  /** The order, or why there is none: it would cost more than the member was told. */
  #hold(
    command: HoldCommand & Pick<OrderRequest, "pointsMax">,
    sale: SaleKnowledge,
    nowMs: number,
  ): Order | OpenReply {
    const { memberKey } = command;
    const { terms } = sale;
    const price = this.#price(memberKey, terms, nowMs);
    const points = price.points * command.quantity;
    if (points > (command.pointsMax ?? points)) return priceChanged(points);
    const wallet = this.#points.writeOffLapsed(memberKey, nowMs);
    const usage = this.#usage(memberKey, terms, programmeDay(nowMs, terms.zoneOffsetMs));
    const isForAll = (terms.goods?.audience ?? null) === null;
    const who = isForAll ? command : { ...command, standing: this.#standing(memberKey, nowMs) };
    const outcome = decideHold({ wallet, command: who, terms, usage, nowMs, price });
    if (outcome.kind === "held") {
      this.#store.members.save(wallet, outcome.wallet, outcome.entries);
    }
    if (outcome.kind === "held" || isRefusalRecorded()) {
      this.#store.orders.insert(outcome.order, terms);
    }
    globalThis.failpoints?.mark("account:hold");
    return outcome.order;
  }

  #usage(memberKey: string, { saleId, goods }: SaleTerms, day: number): LimitUsage {
    const ofSale = this.#store.orders.usage(memberKey, saleId, day);
    if (!goods?.limits) return ofSale;
    return { ...ofSale, goods: this.#goodsUsage(memberKey, goods.limits, day) };
  }

  #goodsUsage(memberKey: string, limits: GoodsLimits, day: number): GoodsUsage {
    const fromDay = limits.window ? day - limits.window.days + 1 : day;
    return this.#store.orders.goodsUsage(memberKey, limits.skuKeys, day, fromDay);
  }

  /** What goods would answer this member now, for the page that shows why. Decides nothing. */
  memberInGoods(memberKey: string, limits: GoodsLimits | null, nowMs: number): MemberInGoods {
    const day = programmeDay(nowMs, ZONE_OFFSET_MS);
    return {
      standing: this.#standing(memberKey, nowMs),
      usage: limits ? this.#goodsUsage(memberKey, limits, day) : NO_GOODS_USAGE,
    };
  }

  // ---- settle

  /** The Sku's word on an order. Only a definite one changes anything. */
  settle(memberKey: string, orderId: string, answer: TakeAnswer, nowMs: number): Order | null {
    const order = this.settleUnasked(memberKey, orderId, answer, nowMs);
    if (order && answer.kind === "granted") this.#outbox.settled(order);
    return order;
  }

  /** The same for a grant that its Sku sent by itself: the reply tells it, so nothing else has to. */
  settleUnasked(
    memberKey: string,
    orderId: string,
    answer: TakeAnswer,
    nowMs: number,
  ): Order | null {
    const order = this.#store.orders.order(memberKey, orderId);
    if (answer.kind === "granted") {
      invariant(order, "I5 a grant meets its hold");
      return this.#post(order, answer, nowMs);
    }
    const final = order && finalWord(answer, order);
    return final ? this.#void(order, final.refusal, final.stamp, nowMs) : order;
  }

  #post(order: Order, answer: Extract<TakeAnswer, { kind: "granted" }>, nowMs: number): Order {
    const wallet = this.#store.members.wallet(order.memberKey);
    const outcome = post(wallet, order, answer, nowMs);
    if (outcome === "already") return order;
    this.#save(wallet, order, outcome);
    this.#lives.begin(outcome.order, nowMs);
    globalThis.failpoints?.mark("account:post");
    return outcome.order;
  }

  #void(order: Order, refusal: FinalRefusal, stamp: number | null, nowMs: number): Order {
    const { memberKey } = order;
    const wallet = this.#store.members.walletWithLots(memberKey, order.slices);
    const terms = this.#store.terms.of(memberKey);
    const outcome = voidHold({ wallet, order, refusal, stamp, nowMs, terms });
    if (outcome === "ignored") return order;
    this.#save(wallet, order, outcome);
    globalThis.failpoints?.mark("account:void");
    return outcome.order;
  }

  #save(wallet: Wallet, order: Order, after: OrderBooking): void {
    this.#store.members.save(wallet, after.wallet, after.entries);
    this.#store.orders.update(order, after.order);
  }

  /** A null order: unknown. `ask`: the hold is pending, so only the Sku knows whether there is anything to cancel. */
  cancel(request: CancelRequest, nowMs: number): Step<CancelAnswer> {
    const { memberKey, orderId, forfeitMax } = request;
    this.#points.learn(memberKey, request.terms);
    const order = this.#store.orders.order(memberKey, orderId);
    if (!order) return { reply: { order: null } };
    const step = cancelStep(order);
    if (step === "ask") return { ask: order };
    if (step === "void") return { reply: { order: this.#void(order, FORGONE, null, nowMs) } };
    if (step !== "cancel") return { reply: { order } };
    const act = { by: "member" };
    return { reply: this.#lives.end(order, "cancel", { act, forfeitMax }, nowMs) };
  }

  /** What a cancel at this moment would give back; null: there is no such order, or nothing to return. */
  refundQuote(memberKey: string, orderId: string, nowMs: number): CancelQuote | null {
    const order = this.#store.orders.order(memberKey, orderId);
    if (!order || order.hold !== "posted" || order.isCancelled) return null;
    const wallet = this.#store.members.walletWithLots(memberKey, order.slices);
    // The slices as a refund takes them: what was consumed last comes back first.
    const slices = returnedPart(
      order.slices,
      order.returnedPoints,
      order.points - order.returnedPoints,
    );
    const points = quoteRefund(wallet, slices, this.#store.terms.of(memberKey).lapse, nowMs);
    return { ...points, cash: cashBack(this.#store.lives.of(order)) };
  }
}

const BLOCKED: FinalRefusal = { code: "not_eligible", figures: { rule: "blocked" } };

/** Null: whether this stamp gets a unit only the Sku can say. */
function refusalOfStamp(stamp: number, { epoch, closedAtMs }: SaleStanding): FinalRefusal | null {
  if (closedAtMs !== null) return { code: "closed", figures: { closedAtMs } };
  return stamp < epoch ? { code: "stale", figures: { epoch } } : null;
}

/** What a mutant voids with; by the law of protocol.md no step gets there. */
const FORGONE: FinalRefusal = { code: "forgone", figures: {} };

export type CancelAnswer = { readonly order: Order | null } | { readonly refusal: Refusal };

/** The stored outcome of an order, word for word. A pending one is in doubt. */
export function replay(order: Order, isReplay = true): OrderReply {
  if (order.grant) {
    const { points, orderId } = order;
    return { kind: "granted", orderId, points, remaining: order.grant.remaining, isReplay };
  }
  return order.refusal ? { kind: "refused", refusal: order.refusal } : { kind: "pending" };
}

export function ticketOf(order: Order, isReplay: boolean): TicketReply {
  const { orderId, quantity, epoch, points, ticketExpiresAtMs } = order;
  return {
    kind: "ticket",
    orderId,
    quantity,
    epoch,
    points,
    expiresAtMs: ticketExpiresAtMs,
    isReplay,
  };
}

function notOpen(opensInMs: number): OrderReply {
  return { kind: "open", refusal: { code: "not_open", figures: { opensInMs } } };
}

function priceChanged(points: number): OpenReply {
  return { kind: "open", refusal: { code: "price_changed", figures: { points } } };
}

type OpenReply = Extract<OrderReply, { kind: "open" }>;
export const OVERLOADED: OpenReply = {
  kind: "open",
  refusal: { code: "overloaded", figures: {} },
};

export function forgoReply(order: Order): ForgoReply {
  return order.refusal?.code === "forgone" ? { kind: "forgone" } : replay(order);
}
