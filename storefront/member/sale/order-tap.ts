import type { DoorServerFrame } from "../../../worker/redemption/wire.ts";
import type { OrderView } from "../../../worker/accounts/wire.ts";
import { figureOf, type Problem } from "../../client/api.ts";
import type { StoredOrder } from "../../client/order-id.ts";
import { IN_DOUBT_AFTER_MS } from "./grab-state.ts";
import { grantedAtMs, keyOf, OrderBase, sleep, TRIES, type OrderKey } from "./order-base.ts";
import { answerToRedemption } from "./refusals.ts";
import { isGivenBack, type Figures } from "./sale-model.ts";

type VerdictFrame = Extract<DoorServerFrame, { t: "verdict" }>;

const ASK_EVERY_MS = 2_000;

/** The tap: by the door or by HTTP, one id, until there is a verdict. */
export abstract class TapFlow extends OrderBase {
  private asking: string | null = null;
  private redeeming: string | null = null;

  redeem(): void {
    const { ticket } = this.host.get();
    const order: StoredOrder =
      ticket === null ? this.ownOrder() : { ...keyOf(ticket), phase: "ticket" };
    this.deps.store.write({ ...order, phase: "sent" });
    this.begin("redeem", order);
    if (ticket === null || !this.host.sendFor(ticket.orderId, { t: "grab" }))
      void this.redeemByHttp(order);
    setTimeout(() => void this.askUntilAnswered(order), IN_DOUBT_AFTER_MS);
  }

  /** The door broke with a tap in flight: the same id by the slower path, at once. */
  doorLost(): void {
    const { attempt } = this.host.get();
    if (attempt?.kind === "redeem") void this.redeemByHttp(attempt);
  }

  protected async redeemByHttp(order: OrderKey): Promise<void> {
    const { orderId, quantity, epoch } = order;
    if (this.redeeming === orderId) return;
    this.redeeming = orderId;
    try {
      for (let tries = 0; tries < TRIES; tries += 1) {
        const pointsMax = this.agreed(quantity);
        const body = { orderId, quantity, epoch, pointsMax };
        const answer = await this.deps.api.redeem(this.saleId, body);
        const attempt = this.current(orderId);
        if (attempt === null) return;
        if (answer.ok) {
          if (answer.value.outcome === "granted")
            return this.granted(orderId, answer.value.points, null, null);
          this.host.set({ attempt: { ...attempt, inDoubt: true, waitMs: null } });
          return void this.askUntilAnswered(order);
        }
        const next = answerToRedemption(answer.problem, tries);
        if (next.kind === "final") return this.redemptionRefused(order, answer.problem);
        if (next.kind === "ask") return;
        this.host.set({ attempt: { ...attempt, waitMs: next.tell ? next.waitMs : null } });
        await sleep(next.waitMs);
        if (this.current(orderId) === null) return;
      }
      this.settleBack(order);
      this.host.toast({ key: "queueTimedOut", held: this.host.get().ticket !== null });
    } finally {
      this.redeeming = null;
    }
  }

  protected redemptionRefused(order: OrderKey, problem: Problem): void {
    if (problem.code === "not_open") {
      this.settleBack(order);
      return this.host.toast({ key: "notOpen", earlyMs: figureOf(problem, "opensInMs") });
    }
    if (problem.code === "stale") return this.wentStale(order, figureOf(problem, "epoch"));
    if (problem.code === "unauthenticated") {
      this.settleBack(order);
      return this.host.set({ me: null, ticket: null });
    }
    if (problem.code === "idempotency_mismatch") {
      this.deps.store.write(null);
      this.host.set({ attempt: null, ticket: null });
      return this.host.toast({ key: "mismatch", orderId: order.orderId });
    }
    if (problem.code === "price_changed") {
      this.settleBack(order);
      return this.priceChanged(problem);
    }
    if (
      ["sold_out", "closed", "limit_reached", "points_insufficient", "not_eligible"].includes(
        problem.code,
      )
    ) {
      return this.refused(order, problem.code, problem.figures, null);
    }
    this.settleBack(order);
    this.host.toast({
      key: "fault",
      requestId: problem.instance,
      held: this.host.get().ticket !== null,
    });
  }

  protected wentStale(order: OrderKey, epoch: number | null): void {
    const { ticket, sale } = this.host.get();
    if (ticket !== null) {
      this.host.set({ attempt: null });
      return void this.exchange(Math.max(epoch ?? 0, sale.epoch, order.epoch + 1), 300);
    }
    // Without a ticket nothing is held: the button simply opens again for the new epoch, with a new id.
    this.deps.store.write(null);
    this.host.set({ attempt: null });
    void this.host.refreshSale();
  }

  onVerdict(frame: VerdictFrame): void {
    const { attempt, ticket, verdict } = this.host.get();
    const order =
      attempt?.orderId === frame.orderId
        ? attempt
        : ticket?.orderId === frame.orderId
          ? ticket
          : null;
    if (order === null || verdict?.kind === "granted") return;
    if (frame.outcome === "granted") {
      const points = ticket?.points ?? this.host.get().sale.pricePoints * order.quantity;
      return this.granted(frame.orderId, points, frame.ordinal ?? null, frame.atMs ?? null);
    }
    if (frame.outcome === "again") {
      if (frame.code === "not_open") {
        this.settleBack(order);
        return this.host.toast({ key: "notOpen", earlyMs: frame.opensInMs ?? null });
      }
      return void this.redeemByHttp(order);
    }
    if (frame.code === "stale") return this.wentStale(order, frame.epoch ?? null);
    const figures: Figures = frame.remaining === undefined ? {} : { remaining: frame.remaining };
    this.refused(order, frame.code ?? "sold_out", figures, frame.atMs ?? null);
  }

  async askUntilAnswered(order: OrderKey): Promise<void> {
    if (this.asking === order.orderId || this.current(order.orderId) === null) return;
    this.asking = order.orderId;
    try {
      for (;;) {
        const attempt = this.current(order.orderId);
        if (attempt === null) return;
        this.host.set({ attempt: { ...attempt, asks: attempt.asks + 1 } });
        const answer = await this.deps.api.order(order.orderId);
        if (this.current(order.orderId) === null) return;
        if (answer.ok) this.learned(answer.value);
        // Unknown there: the request never arrived, so it is sent again under the same id.
        else if (answer.status === 404) void this.redeemByHttp(order);
        await sleep(ASK_EVERY_MS);
      }
    } finally {
      this.asking = null;
    }
  }

  /** What the authority says of an order with a tap in flight. */
  protected learned(order: OrderView): void {
    if (order.state === "in_doubt") return;
    if (order.state === "held") return void this.redeemByHttp(order);
    if (order.outcome === "granted" && !isGivenBack(order)) {
      this.granted(order.orderId, order.legs.points.points, order.ordinal, grantedAtMs(order));
      return this.host.set({ order });
    }
    if (order.code === "stale") return this.wentStale(order, null);
    if (order.state === "cancelled" || order.code === "forgone" || order.code === null) {
      this.deps.store.write(null);
      return this.host.set({ attempt: null, ticket: null, order });
    }
    const atMs = order.figures["atMs"];
    this.refused(order, order.code, order.figures, typeof atMs === "number" ? atMs : null);
    this.host.set({ order });
  }
}
