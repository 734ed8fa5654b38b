import type { OrderView } from "../../../worker/accounts/wire.ts";
import type { DoorClientFrame } from "../../../worker/redemption/wire.ts";
import { figureOf, type Api, type Problem } from "../../client/api.ts";
import type { OrderStore, StoredOrder } from "../../client/order-id.ts";
import {
  withPrice,
  type Attempt,
  type Figures,
  type Message,
  type SaleModel,
  type Ticket,
} from "./sale-model.ts";

export interface FlowHost {
  get(): SaleModel;
  set(patch: Partial<SaleModel>): void;
  toast(message: Message): void;
  refreshSale(): Promise<void>;
  /** Hands the door a new pass, or opens it anew with that pass. */
  present(ticket: Ticket): void;
  /** True when the frame went out on a socket that holds this order's pass. */
  sendFor(orderId: string, frame: DoorClientFrame): boolean;
}

export interface FlowDeps {
  api: Api;
  store: OrderStore;
  newOrderId: () => string;
  random: () => number;
  clockNow: () => number;
}

export type OrderKey = Pick<StoredOrder, "orderId" | "quantity" | "epoch">;

export const TRIES = 5;
export const sleep = (ms: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, ms));

/** What every part of an order's life in a sale needs: the attempt in hand, and the two outcomes. */
export abstract class OrderBase {
  protected readonly host: FlowHost;
  protected readonly deps: FlowDeps;
  protected readonly saleId: string;
  protected stopped = false;
  /** A held id that lost with `sold_out` in this visit: it takes part in the next wave by itself. */
  protected lostHeld: OrderKey | null = null;

  constructor(host: FlowHost, deps: FlowDeps) {
    this.host = host;
    this.deps = deps;
    this.saleId = host.get().sale.saleId;
  }

  abstract exchange(epoch: number, jitterMs: number): Promise<void>;

  stop(): void {
    this.stopped = true;
  }

  /** The stored id when it still fits this epoch (an answer got lost), else a new one. */
  protected ownOrder(): StoredOrder {
    const { epoch } = this.host.get().sale;
    const stored = this.deps.store.read();
    if (stored !== null && stored.phase === "ticket" && stored.epoch === epoch) return stored;
    return { orderId: this.deps.newOrderId(), quantity: 1, epoch, phase: "ticket" };
  }

  protected begin(kind: Attempt["kind"], order: OrderKey): void {
    const { orderId, quantity, epoch } = order;
    const attempt: Attempt = {
      kind,
      orderId,
      quantity,
      epoch,
      startedAtMs: this.deps.clockNow(),
      inDoubt: false,
      asks: 0,
      waitMs: null,
    };
    this.host.set({ attempt, nowMs: attempt.startedAtMs });
  }

  protected current(orderId: string): Attempt | null {
    const { attempt } = this.host.get();
    return !this.stopped && attempt?.orderId === orderId ? attempt : null;
  }

  /** No verdict: the tap is over, the id and the ticket stand. */
  protected settleBack(order: OrderKey): void {
    this.deps.store.write({ ...keyOf(order), phase: "ticket" });
    this.host.set({ attempt: null });
  }

  protected granted(
    orderId: string,
    points: number,
    ordinal: number | null,
    atMs: number | null,
  ): void {
    const { limitUsed, ticket, sale } = this.host.get();
    this.deps.store.write({ orderId, quantity: 1, epoch: sale.epoch, phase: "granted" });
    this.host.set({
      verdict: { kind: "granted", orderId, points, ordinal, atMs },
      attempt: null,
      ticket: null,
      limitUsed: ticket === null ? limitUsed + 1 : limitUsed,
    });
    void this.learnOrder(orderId, 800);
  }

  protected refused(order: OrderKey, code: string, figures: Figures, atMs: number | null): void {
    const { ticket, limitUsed, sale } = this.host.get();
    const held = ticket?.orderId === order.orderId;
    this.deps.store.write(null);
    this.lostHeld = held && code === "sold_out" ? keyOf(order) : null;
    const verdict = {
      kind: "refused" as const,
      orderId: order.orderId,
      code,
      epoch: order.epoch,
      figures,
      atMs,
    };
    this.host.set({
      verdict,
      attempt: null,
      ticket: null,
      limitUsed: Math.max(0, limitUsed - (ticket?.quantity ?? 0)),
    });
    if (this.lostHeld !== null && sale.epoch > order.epoch)
      return void this.exchange(sale.epoch, 1_000);
    if (code === "sold_out" || held) void this.watchReturn(order.orderId);
  }

  /** Thousands lose in the same second: each asks a little later than the next, and seldom. */
  protected async watchReturn(orderId: string): Promise<void> {
    for (const afterMs of [600, 1_500, 4_000, 10_000]) {
      await sleep(afterMs / 2 + this.deps.random() * afterMs);
      const { verdict, sale } = this.host.get();
      if (this.stopped || verdict?.orderId !== orderId) return;
      if (sale.soldOutAtMs === null) await this.host.refreshSale();
      const answer = await this.deps.api.order(orderId);
      if (this.stopped || this.host.get().verdict?.orderId !== orderId || !answer.ok) return;
      this.host.set({ order: answer.value });
      const { state } = answer.value.legs.points;
      if (state === "returned" || state === "none") return void this.refreshMe();
    }
  }

  protected async learnOrder(orderId: string, withinMs: number): Promise<void> {
    await sleep(150 + this.deps.random() * withinMs);
    const answer = await this.deps.api.order(orderId);
    const { ticket, verdict } = this.host.get();
    const wanted = ticket?.orderId === orderId || verdict?.orderId === orderId;
    if (!this.stopped && wanted && answer.ok) {
      const { ordinal, timeline } = answer.value;
      const told = timeline.find((entry) => entry.event === "granted")?.atMs ?? null;
      const patch: Partial<SaleModel> = { order: answer.value };
      if (verdict?.kind === "granted")
        patch.verdict = {
          ...verdict,
          ordinal: verdict.ordinal ?? ordinal,
          atMs: verdict.atMs ?? told,
        };
      this.host.set(patch);
    }
  }

  /** What the page says that so many cost: the most the member agreed to. */
  protected agreed(quantity: number): number {
    return this.host.get().sale.pricePoints * quantity;
  }

  /** Nothing was held; the page shows the new price, and the member decides again. */
  protected priceChanged(problem: Problem): void {
    this.host.toast({ key: "priceChanged", points: figureOf(problem, "points") });
    void this.refreshPrice();
  }

  private async refreshPrice(): Promise<void> {
    await this.host.refreshSale();
    const answer = await this.deps.api.prices(this.saleId);
    const price = answer.ok ? answer.value.prices[0] : undefined;
    if (!this.stopped && price) this.host.set(withPrice(this.host.get(), price));
  }

  protected async refreshMe(): Promise<void> {
    const answer = await this.deps.api.me();
    if (!this.stopped && answer.ok) this.host.set({ me: answer.value });
  }
}

export function keyOf(order: OrderKey): OrderKey {
  return { orderId: order.orderId, quantity: order.quantity, epoch: order.epoch };
}

export function grantedAtMs(order: OrderView): number | null {
  return order.timeline.find((entry) => entry.event === "granted")?.atMs ?? null;
}
