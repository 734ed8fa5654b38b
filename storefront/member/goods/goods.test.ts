import { describe, expect, it } from "vitest";
import type { Answer } from "../../client/api.ts";
import type { OrderStore, StoredOrder } from "../../client/order-id.ts";
import { goodsText } from "../../locales/goods.ts";
import { detailSample } from "../../testing/goods-samples.ts";
import { walletSample } from "../../testing/points-samples.ts";
import { T0 } from "../../testing/samples.ts";
import { goodsListHref, goodsListPath } from "./goods-api.ts";
import {
  canChoose,
  firstSku,
  isRepriced,
  quantityMax,
  refusalSentence,
  skuWith,
  withLive,
  type Sku,
} from "./goods-model.ts";
import { lotsFor } from "./lots.ts";
import { RedeemFlow, type RedeemState } from "./redeem-flow.ts";

const WISH = { saleId: "demo.a~0", quantity: 1, epoch: 4, pointsMax: 10 };

type Redeem = Answer<{ orderId: string; outcome: "granted"; points: number; remaining: number }>;
const silence = (): Answer<never> => ({
  ...{ ok: false, status: 0 },
  problem: { code: "network", status: 0, instance: "", figures: {}, retryAfterMs: null },
});
const refused = (code: string, status = 409): Answer<never> => ({
  ...{ ok: false, status },
  problem: { code, status, instance: "", figures: {}, retryAfterMs: null },
});
const granted = (orderId: string): Redeem => ({
  ...{ ok: true, status: 201 },
  value: { orderId, outcome: "granted", points: 10, remaining: 1 },
});

class Desk {
  readonly sent: string[] = [];
  readonly states: RedeemState[] = [];
  stored: StoredOrder | null = null;
  made = 0;

  flow(
    answers: ((orderId: string) => Answer<unknown>)[],
    orders: Answer<unknown>[] = [],
  ): RedeemFlow {
    const store: OrderStore = {
      read: () => this.stored,
      write: (order) => void (this.stored = order),
      watch: () => () => undefined,
    };
    return new RedeemFlow({
      api: {
        redeem: async (_saleId, { orderId }) => {
          this.sent.push(orderId);
          return (answers.shift()?.(orderId) ?? silence()) as never;
        },
        order: async () => (orders.shift() ?? silence()) as never,
      },
      storeOf: () => store,
      newOrderId: () => `order-${(this.made += 1)}`,
      sleep: async () => undefined,
      show: (state) => void this.states.push(state),
    });
  }

  get last(): RedeemState | undefined {
    return this.states.at(-1);
  }
}

describe("a redemption at any hour", () => {
  it("repeats the same id through silence until it is decided", async () => {
    const desk = new Desk();
    await desk.flow([silence, () => refused("overloaded", 503), granted]).redeem(WISH);
    expect(new Set(desk.sent)).toEqual(new Set(["order-1"]));
    expect(desk.last).toEqual({ kind: "granted", orderId: "order-1", points: 10 });
    expect(desk.stored).toBeNull();
  });

  it("asks for the order when nobody answers, and takes its outcome", async () => {
    const desk = new Desk();
    const order = { outcome: "granted", legs: { points: { points: 10 } }, code: null, figures: {} };
    const found: Answer<unknown> = { ok: true, status: 200, value: order };
    await desk.flow([], [silence(), found]).redeem(WISH);
    expect(desk.last).toMatchObject({ kind: "granted", orderId: "order-1" });
  });

  it("lets the member decide anew when the server has never heard of it", async () => {
    const desk = new Desk();
    desk.stored = { orderId: "kept", quantity: 1, epoch: 4, phase: "sent" };
    expect(await desk.flow([], [refused("not_found", 404)]).resume(WISH.saleId)).toBe(true);
    expect(desk.last).toEqual({ kind: "idle" });
    expect(desk.stored).toBeNull();
  });

  it("sends a stored id again after a reload, and never one of another price", async () => {
    const desk = new Desk();
    desk.stored = { orderId: "kept", quantity: 1, epoch: 4, phase: "sent" };
    await desk.flow([granted]).redeem(WISH);
    desk.stored = { orderId: "older", quantity: 1, epoch: 3, phase: "sent" };
    await desk.flow([granted]).redeem(WISH);
    expect(desk.sent).toEqual(["kept", "order-1"]);
  });

  it("says a refusal and forgets the id", async () => {
    const desk = new Desk();
    await desk.flow([() => refused("sold_out")]).redeem(WISH);
    expect(desk.last).toMatchObject({ kind: "refused", problem: { code: "sold_out" } });
    expect(desk.stored).toBeNull();
  });
});

describe("variants", () => {
  const goods = detailSample();
  const sku = goods.skus[0] as Sku;
  const soon = (skus: readonly Sku[]): Sku | null =>
    withLive(goods, { revision: 3, serverTimeMs: T0, skus: [...skus] }).skus[0] ?? null;
  it("begin with one that can be had, and follow a choice", () => {
    expect(firstSku(goods.skus)?.skuId).toBe("enamel-mug-1");
    expect(skuWith(goods.skus, firstSku(goods.skus), 0, "山绿")?.skuId).toBe("enamel-mug-2");
    expect(canChoose(goods.skus, null, 0, "山绿")).toBe(false);
  });

  it("tell a change of price from a change of stock", () => {
    expect(isRepriced(sku, soon([{ ...sku, remaining: 1 }]))).toBe(false);
    expect(isRepriced(sku, soon([{ ...sku, memberPoints: 999 }]))).toBe(true);
  });

  it("allow what shelf, order and the member's limits leave", () => {
    expect(quantityMax(goods, sku)).toBe(1);
    expect(quantityMax({ ...goods, mine: null }, sku)).toBe(5);
  });
});

describe("what is said", () => {
  it("names the figure of a limit and what was kept safe", () => {
    const problem = {
      ...{ code: "limit_reached", status: 409, instance: "", retryAfterMs: null },
      figures: { per: "window", limit: 2, used: 2, days: 30 },
    };
    expect(refusalSentence(problem, goodsText("zh-CN"))).toBe(
      "每人 30 天内限 2 件，你已兑 2 件。没有扣积分。",
    );
  });

  it("pays with what lapses first", () => {
    const wallet = walletSample();
    const { parts } = lotsFor(wallet, 100, T0);
    expect(parts.reduce((sum, { taken }) => sum + taken, 0)).toBe(100);
    const deadlines = parts.map(({ expiresAtMs }) => expiresAtMs ?? Infinity);
    expect(deadlines).toEqual(deadlines.toSorted((a, b) => a - b));
  });

  it("keeps filters in addresses", () => {
    expect(goodsListHref({ category: "tea", sort: "recommended", affordable: true })).toBe(
      "/g?category=tea&affordable=1",
    );
    expect(goodsListHref({ brand: "ware", q: "壶" })).toBe("/g?brand=ware&q=%E5%A3%B6");
    expect(goodsListPath({ q: "雨伞", cursor: null })).toBe(
      "/api/v1/goods?q=%E9%9B%A8%E4%BC%9E&limit=20",
    );
  });
});
