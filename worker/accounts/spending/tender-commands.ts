/** What a member asks about paying an order's cash with points and stored value. Runs inside a commit. */
import type { LifeDesk } from "../life-desk.ts";
import type { OrderLife, Tender } from "../orders/index.ts";
import type { Order } from "../orders.ts";
import type { PointsDesk } from "../points-desk.ts";
import { offsetOf, spendablePoints, stepOf } from "../points/index.ts";
import type { AccountStore } from "../store.ts";
import type { Refused, SpendCalls, TenderAsked, TenderQuote } from "./messages.ts";
import type { OffsetRules } from "./offset-desk.ts";

export interface TenderPorts {
  readonly store: AccountStore;
  readonly points: PointsDesk;
  readonly lives: () => LifeDesk;
}

const refused = (reason: string): Refused => ({
  kind: "refused",
  refusal: { code: "conflict", figures: { reason } },
});
const NOT_FOUND: Refused = { kind: "refused", refusal: { code: "not_found", figures: {} } };

export class TenderCommands {
  readonly #ports: TenderPorts;

  constructor(ports: TenderPorts) {
    this.#ports = ports;
  }

  quote(
    memberKey: string,
    asked: TenderAsked,
    rules: OffsetRules,
    nowMs: number,
  ): TenderQuote | Refused {
    const { store } = this.#ports;
    const order = store.orders.order(memberKey, asked.orderId);
    if (order?.hold !== "posted") return NOT_FOUND;
    const life = store.lives.of(order);
    if (life.state !== "awaiting_payment") return refused("nothing_to_pay");
    const wholeFen = life.cashFen + life.freightFen;
    const points = this.#pointsOf(order, life, asked.points, rules, nowMs);
    const held = life.tender?.state === "held" ? life.tender.storedFen : 0;
    const balanceFen = store.stored.wallet(memberKey).balanceFen + held;
    const maxFen = Math.min(balanceFen, wholeFen - (points?.fen ?? 0));
    const storedFen = Math.min(asked.storedFen ?? maxFen, maxFen);
    return {
      ...{ kind: "tender_quote", wholeFen, points },
      stored: { fen: storedFen, maxFen, balanceFen },
      leftFen: wholeFen - (points?.fen ?? 0) - storedFen,
    };
  }

  #pointsOf(
    order: Order,
    life: OrderLife,
    asked: number | null,
    { rate, offset }: OffsetRules,
    nowMs: number,
  ): TenderQuote["points"] {
    const isReduced = order.discounts.length > 0;
    if (!offset.mall || life.cashFen === 0 || (isReduced && !offset.isStackable)) return null;
    const wallet = this.#ports.points.writeOffLapsed(order.memberKey, nowMs);
    const active = spendablePoints(wallet, nowMs) + this.#freed(order, life.tender, nowMs);
    const most = offsetOf(Number.MAX_SAFE_INTEGER, active, life.cashFen, rate);
    const { points, fen } = asked === null ? most : offsetOf(asked, active, life.cashFen, rate);
    return {
      ...{ points, fen, active, max: most.points, min: rate.pointsMin },
      step: stepOf(rate.rate),
    };
  }

  /** Points of the choice before, which a new one gives back first. */
  #freed({ memberKey, orderId }: Order, tender: Tender | null, nowMs: number): number {
    if (tender?.state !== "held") return 0;
    const offset = this.#ports.store.offsets.find(memberKey, `order.${orderId}.${tender.no}`);
    let points = 0;
    for (const slice of offset?.slices ?? []) {
      if (slice.expiresAtMs === null || slice.expiresAtMs > nowMs) points += slice.points;
    }
    return points;
  }

  /** The member agrees to what was shown. Where nothing is left to pay the order is paid in this commit. */
  set(
    memberKey: string,
    asked: SpendCalls["tender_set"]["input"],
    rules: OffsetRules,
    nowMs: number,
  ): SpendCalls["tender_set"]["reply"] {
    const quote = this.quote(memberKey, asked, rules, nowMs);
    if (quote.kind === "refused") return this.#isPaidSo(memberKey, asked) ?? quote;
    if (quote.leftFen !== asked.leftFen) return refused("quote_changed");
    const wish = {
      points: quote.points?.points ?? 0,
      pointsFen: quote.points?.fen ?? 0,
      storedFen: quote.stored.fen,
    };
    const reply = this.#ports.lives().tender(memberKey, asked.orderId, wish, nowMs);
    if (reply.kind === "not_found") return NOT_FOUND;
    return reply.kind === "refused" ? refused(reply.reason) : reply;
  }

  /** A repeat of the choice that paid the order finds it paid. */
  #isPaidSo(
    memberKey: string,
    { orderId, leftFen }: SpendCalls["tender_set"]["input"],
  ): SpendCalls["tender_set"]["reply"] | null {
    const order = this.#ports.store.orders.order(memberKey, orderId);
    if (order?.hold !== "posted" || leftFen !== 0) return null;
    const life = this.#ports.store.lives.of(order);
    return life.tender?.state === "taken" && life.receipts.length === 0
      ? { kind: "already", order, life }
      : null;
  }
}
