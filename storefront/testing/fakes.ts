import type { DoorClientFrame, DoorServerFrame } from "../../worker/redemption/wire.ts";
import type { Answer, Api, Problem, RedemptionBody, TicketBody } from "../client/api.ts";
import { createClock } from "../client/clock.ts";
import type { Door, DoorOptions } from "../client/door.ts";
import type { OrderStore, StoredOrder } from "../client/order-id.ts";
import { SaleController } from "../member/sale/sale-controller.ts";
import { grabState, type GrabState } from "../member/sale/grab-state.ts";
import {
  grabInputOf,
  initialModel,
  type SaleData,
  type SaleModel,
} from "../member/sale/sale-model.ts";

export function ok<T>(value: T, status = 200): Answer<T> {
  return { ok: true, status, value };
}

export function problem(
  code: string,
  status: number,
  figures: Record<string, unknown> = {},
  retryAfterMs: number | null = null,
): Answer<never> {
  const value: Problem = { code, status, instance: "req-1", figures, retryAfterMs };
  return { ok: false, status, problem: value };
}

export const silence = (): Answer<never> => problem("timeout", 0);

export interface Calls {
  tickets: TicketBody[];
  redemptions: RedemptionBody[];
  forgone: string[];
  orders: string[];
  sales: number;
}

/** A server in a few answers: each test replaces what it is about. */
export function fakeApi(data: SaleData): { api: Api; calls: Calls } {
  const startedAt = Date.now();
  const calls: Calls = { tickets: [], redemptions: [], forgone: [], orders: [], sales: 0 };
  const known = new Set<string>(data.order === null ? [] : [data.order.orderId]);
  const api: Api = {
    sale: async () => {
      calls.sales += 1;
      return ok({ ...data.sale, serverTimeMs: data.serverTimeMs + Date.now() - startedAt });
    },
    ticket: async (_saleId, body) => {
      calls.tickets.push(body);
      const created = !known.has(body.orderId);
      known.add(body.orderId);
      return ok(ticketOf(body), created ? 201 : 200);
    },
    forgo: async (_saleId, orderId) => {
      calls.forgone.push(orderId);
      return ok({ orderId, outcome: "forgone" as const });
    },
    redeem: async (_saleId, body) => {
      calls.redemptions.push(body);
      return ok(
        { orderId: body.orderId, outcome: "granted" as const, points: 900, remaining: 311 },
        201,
      );
    },
    order: async (orderId) => {
      calls.orders.push(orderId);
      return problem("not_found", 404);
    },
    refundQuote: async () => silence(),
    cancel: async () => ok({}),
    me: async () => (data.me === null ? problem("unauthenticated", 401) : ok(data.me)),
    prices: async () => ok({ prices: data.price === null ? [] : [data.price] }),
    login: async () => ok({}),
  };
  return { api, calls };
}

export function ticketOf(body: TicketBody): {
  ticket: string;
  orderId: string;
  epoch: number;
  points: number;
  expiresAtMs: number;
  doorUrl: string;
} {
  return {
    ticket: `signed-${body.orderId}`,
    orderId: body.orderId,
    epoch: body.epoch,
    points: 900,
    expiresAtMs: 9e15,
    doorUrl: `/api/v1/sales/x/door?ticket=signed-${body.orderId}`,
  };
}

/** Two tabs share one of these: what one writes, the others hear; as in a browser, the same text again is no news. */
export function sharedStorage(): { open(): OrderStore; value(): StoredOrder | null } {
  let value: StoredOrder | null = null;
  const watchers = new Map<OrderStore, Set<(order: StoredOrder | null) => void>>();
  return {
    value: () => value,
    open() {
      const own = new Set<(order: StoredOrder | null) => void>();
      const store: OrderStore = {
        read: () => value,
        write(order) {
          const isNews = JSON.stringify(order) !== JSON.stringify(value);
          value = order;
          if (!isNews) return;
          for (const [other, listeners] of watchers)
            if (other !== store) for (const listener of listeners) listener(order);
        },
        watch(changed) {
          own.add(changed);
          return () => own.delete(changed);
        },
      };
      watchers.set(store, own);
      return store;
    },
  };
}

export interface Bench {
  controller: SaleController;
  model(): SaleModel;
  grab(): GrabState;
  /** Frames the page has sent. */
  sent: DoorClientFrame[];
  /** Door paths in the order they were opened. */
  opened: string[];
  say(frame: DoorServerFrame): void;
  live(): void;
  lose(failures?: number): void;
  calls: Calls;
  api: Api;
}

export interface BenchOptions {
  data: SaleData;
  store?: OrderStore;
  change?: (api: Api, calls: Calls) => void;
  ids?: string;
}

/** A controller with a door, a server, a clock and a store that a test holds in its hands. */
export function benchOf({
  data,
  store = sharedStorage().open(),
  change,
  ids = "A",
}: BenchOptions): Bench {
  const { api, calls } = fakeApi(data);
  change?.(api, calls);
  const sent: DoorClientFrame[] = [];
  const opened: string[] = [];
  let isLive = false;
  let door: DoorOptions | null = null;
  let made = 0;
  const startedAt = Date.now();
  const clock = createClock({ serverTimeMs: data.serverTimeMs }, () => Date.now() - startedAt);
  const open = (): void => {
    if (door !== null) opened.push(door.pathOf());
  };
  const createDoor = (options: DoorOptions): Door => {
    door = options;
    return {
      start: open,
      stop: () => undefined,
      send(frame) {
        if (isLive) sent.push(frame);
        return isLive;
      },
      reconnect() {
        if (!isLive) open();
      },
    };
  };
  const controller = new SaleController(initialModel(data), {
    api,
    clock,
    store,
    createDoor,
    newOrderId: () => `${ids}${String((made += 1)).padStart(25, "0")}`,
    random: () => 0.5,
    isVisible: () => true,
  });
  return {
    controller,
    model: () => controller.model.get(),
    grab: () => grabState(grabInputOf(controller.model.get())),
    sent,
    opened,
    calls,
    api,
    say: (frame) => door?.onFrame(frame),
    live() {
      isLive = true;
      door?.onState("live", 0);
    },
    lose(failures = 1) {
      isLive = false;
      door?.onState("lost", failures);
    },
  };
}
