import type { Api, Problem } from "../../client/api.ts";

import type { OrderStore, StoredOrder } from "../../client/order-id.ts";

export type RedeemState =
  | { kind: "idle" }
  | { kind: "sending" }
  /** No answer came; it is asked until there is one. */
  | { kind: "inDoubt" }
  | { kind: "granted"; orderId: string; points: number }
  | { kind: "refused"; problem: Problem };

export interface RedeemWish {
  readonly saleId: string;
  readonly quantity: number;
  readonly epoch: number;
  /** What the page says it costs in all. */
  readonly pointsMax: number;
}

export interface RedeemDeps {
  readonly api: Pick<Api, "redeem" | "order">;
  readonly storeOf: (saleId: string) => OrderStore;
  readonly newOrderId: () => string;
  readonly sleep: (ms: number) => Promise<void>;
  readonly show: (state: RedeemState) => void;
}

const ASK_EVERY_MS = 2_000;
const IN_DOUBT_AFTER_MS = 3_000;
const TRIES = 4;

/** Codes after which the same id may be sent again: nothing is decided. */
const OPEN_CODES: ReadonlySet<string> = new Set([
  "overloaded",
  "rate_limited",
  "network",
  "timeout",
  "unavailable",
]);

/**
 * One redemption at any hour. The id is stored before it is sent and every repeat carries it, so that a second tap, a reload
 * or a lost answer settles once.
 */
export class RedeemFlow {
  readonly #deps: RedeemDeps;
  #current: string | null = null;
  #stopped = false;

  constructor(deps: RedeemDeps) {
    this.#deps = deps;
  }

  stop(): void {
    this.#stopped = true;
  }

  async redeem(wish: RedeemWish): Promise<void> {
    const store = this.#deps.storeOf(wish.saleId);
    const { quantity, epoch } = wish;
    const stored = store.read();
    const isSame =
      stored?.phase === "sent" && stored.epoch === epoch && stored.quantity === quantity;
    const order: StoredOrder = isSame
      ? stored
      : { orderId: this.#deps.newOrderId(), quantity, epoch, phase: "sent" };
    store.write(order);
    this.#current = order.orderId;
    this.#deps.show({ kind: "sending" });
    void this.#deps.sleep(IN_DOUBT_AFTER_MS).then(() => this.#doubt(order.orderId));
    await this.#send(wish, order, store);
  }

  /** After a reload in the middle: what became of the order that was sent. True: there was one. */
  async resume(saleId: string): Promise<boolean> {
    const store = this.#deps.storeOf(saleId);
    const stored = store.read();
    if (stored === null || stored.phase !== "sent") return false;
    this.#current = stored.orderId;
    this.#deps.show({ kind: "inDoubt" });
    await this.#ask(stored.orderId, store);
    return true;
  }

  #doubt(orderId: string): void {
    if (this.#is(orderId)) this.#deps.show({ kind: "inDoubt" });
  }

  #is(orderId: string): boolean {
    return !this.#stopped && this.#current === orderId;
  }

  async #send(wish: RedeemWish, order: StoredOrder, store: OrderStore): Promise<void> {
    const { orderId, quantity, epoch } = order;
    for (let tries = 0; tries < TRIES; tries += 1) {
      const body = { orderId, quantity, epoch, pointsMax: wish.pointsMax };
      const answer = await this.#deps.api.redeem(wish.saleId, body);
      if (!this.#is(orderId)) return;
      if (answer.ok) {
        if (answer.value.outcome === "granted")
          return this.#granted(orderId, answer.value.points, store);
        return this.#ask(orderId, store);
      }
      const { code, retryAfterMs } = answer.problem;
      if (!OPEN_CODES.has(code)) return this.#refused(answer.problem, store);
      if (tries === TRIES - 1) {
        // Silence decides nothing, so the id is kept; a refusal to listen made nothing of it.
        if (answer.status === 0) return this.#ask(orderId, store);
        return this.#refused(answer.problem, store);
      }
      await this.#deps.sleep(retryAfterMs ?? 500 * 2 ** tries);
      if (!this.#is(orderId)) return;
    }
  }

  async #ask(orderId: string, store: OrderStore): Promise<void> {
    this.#deps.show({ kind: "inDoubt" });
    for (;;) {
      const answer = await this.#deps.api.order(orderId);
      if (!this.#is(orderId)) return;
      if (answer.ok) {
        const { outcome, legs, code, figures } = answer.value;
        if (outcome === "granted") return this.#granted(orderId, legs.points.points, store);
        if (outcome === "refused") {
          const problem = { code: code ?? "fault", figures, status: 409, instance: "" };
          return this.#refused({ ...problem, retryAfterMs: null }, store);
        }
      } else if (answer.status === 404) {
        // It never arrived: nothing was used, and the member decides anew.
        store.write(null);
        this.#current = null;
        return this.#deps.show({ kind: "idle" });
      } else if (answer.problem.code === "unauthenticated") {
        return this.#refused(answer.problem, store);
      }
      await this.#deps.sleep(ASK_EVERY_MS);
      if (!this.#is(orderId)) return;
    }
  }

  #granted(orderId: string, points: number, store: OrderStore): void {
    store.write(null);
    this.#current = null;
    this.#deps.show({ kind: "granted", orderId, points });
  }

  #refused(problem: Problem, store: OrderStore): void {
    // Who was signed out meanwhile may have an order all the same: its id waits for them.
    if (problem.code !== "unauthenticated") store.write(null);
    this.#current = null;
    this.#deps.show({ kind: "refused", problem });
  }
}

/** A refusal that says: what you saw is not what it is any more. */
export function isOutdated(problem: Problem): boolean {
  return ["stale", "ahead", "epoch_unknown", "price_changed", "closed"].includes(problem.code);
}
