// @vitest-environment happy-dom
/** What an order says of itself: what came back and where to, what was asked for, when a visit is. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { OrderView } from "../../../worker/accounts/wire.ts";
import type { DeliveryView } from "../../../worker/fulfilment/wire.ts";
import type { PageData } from "../../../worker/pages/page-data.ts";
import { orderZhCN } from "../../locales/order.zh-CN.ts";
import { pagesZhCN } from "../../locales/pages.zh-CN.ts";
import { json, OneServer, open, press, settle } from "../../testing/mount.tsx";
import { quoteSample } from "../../testing/points-samples.ts";
import { orderSample, saleData, T0 } from "../../testing/samples.ts";
import { timeHm } from "../../ui/format.ts";
import { OrderPage } from "./order-page.tsx";
import { nextLine } from "./order-words.ts";

const server = new OneServer();
beforeEach(() => server.listen());
afterEach(() => {
  document.body.innerHTML = "";
  vi.unstubAllGlobals();
});

type OrderData = Extract<PageData, { page: "order" }>;
const { serverTimeMs } = saleData();

function shown(order: OrderView, delivery: Partial<DeliveryView> | null = null): HTMLElement {
  const { sale: _sale, order: _order, limitUsed: _used, price: _price, ...shared } = saleData();
  const { nextSale: _next, page: _page, ...base } = shared;
  const whole = delivery && { ...NO_DELIVERY, state: order.state, ...delivery };
  const data: OrderData = {
    ...{ ...base, page: "order", order, delivery: whole, pay: { ways: null, quote: null } },
  };
  return open(data, <OrderPage data={data} />);
}

const NO_DELIVERY: DeliveryView = {
  ...{ goodsKind: "physical", state: "to_ship", needs: null, recipient: null, account: null },
  ...{ freightFen: 0, unitsToShip: 0, shipments: [], vouchers: [], topUp: null, rating: null },
  codes: { isIssued: false, firstRevealedAtMs: null, looks: 0 },
  ...{ takesBookings: false, mayRate: false },
};

function legs(
  points: Partial<OrderView["legs"]["points"]>,
  cash: Partial<OrderView["legs"]["cash"]> = {},
): Pick<OrderView, "legs"> {
  const { legs: own } = orderSample();
  const none = { amountFen: 0, state: "none", refundedFen: 0 } as const;
  return {
    legs: { ...own, points: { ...own.points, ...points }, cash: { ...none, ...cash } },
  };
}

const CASE: OrderView["afterSales"][number] = {
  ...{ caseId: "case-0001", kind: "return", state: "sent_back", quantity: 1, points: 300 },
  ...{ cashFen: 0, reason: "商品破损", note: "", evidence: [], trackingNo: "SF9999999999" },
  ...{ history: [], dueAtMs: null, isTakingBack: false },
};

describe("an order that was given back whole", () => {
  it("shows its points as returned, as after a cancel", () => {
    const place = shown(
      orderSample({ state: "refunded", ...legs({ state: "returned", returned: 900 }) }),
    );
    expect(place.querySelector(".ret")?.textContent).toContain("900 积分退回原批次");
    expect(place.querySelector(".ret")?.textContent).toContain("+860");
  });

  it("in part says how much of it came back", () => {
    const place = shown(
      orderSample({
        state: "shipped",
        ...legs(
          { state: "partly_returned", returned: 300 },
          { amountFen: 990, state: "partly_refunded", refundedFen: 330 },
        ),
      }),
    );
    const said = place.querySelector(".legs")?.textContent ?? "";
    expect(said).toContain("其中已退回300");
    expect(said).toContain("其中已退回¥3.30");
  });
});

describe("what comes next", () => {
  const next = (over: Partial<OrderView>): string =>
    nextLine(orderSample(over), pagesZhCN, orderZhCN, timeHm).text;

  it("names no money where none moved", () => {
    const back = { state: "returned", returned: 900 } as const;
    expect(next({ state: "refunded", ...legs(back) })).toBe(pagesZhCN.orders.next.returned(900));
    const paid = { amountFen: 990, state: "refunded", refundedFen: 990 } as const;
    expect(next({ state: "refunded", ...legs(back, paid) })).toBe(orderZhCN.next.refunded);
  });

  it("says until when what is to be paid", () => {
    const pay = { amountFen: 990, payByMs: T0 };
    expect(next({ state: "awaiting_payment", pay })).toContain("10:00 前付 ¥9.90");
  });

  it("waits for the number of a top-up, and offers nothing for what is used up", () => {
    expect(next({ state: "issuing", goodsKind: "virtual" })).toBe(orderZhCN.nextOfTopUp);
    expect(next({ state: "issuing", goodsKind: "card_code" })).toBe(orderZhCN.next.issuing);
    const service = { state: "received", goodsKind: "local_service" } as const;
    expect(next({ ...service, uses: { left: 0, total: 3 } })).toBe(orderZhCN.nextUsedUp);
    const coupon = { state: "received", goodsKind: "coupon" } as const;
    expect(next(coupon)).toBe(orderZhCN.nextOfCoupon);
    expect(next({ ...coupon, uses: { left: 0, total: 1 } })).toBe(orderZhCN.nextUsedUp);
    expect(next({ ...service, uses: { left: 1, total: 3 } })).toBe(orderZhCN.next.received);
  });
});

describe("a case", () => {
  it("says of how many units, why, under which number, and whether it was given", () => {
    const order = orderSample({ state: "shipped", quantity: 3, afterSales: [CASE] });
    const said = shown(order).querySelector(".aft")?.textContent ?? "";
    for (const words of ["1 件", "商品破损", "SF9999999999", "应退 300 积分"])
      expect(said).toContain(words);
    expect(said).not.toContain("¥0.00");
  });

  it.each([
    ["applied", "申请退回 300 积分"],
    ["refused", "申请退回 300 积分"],
    ["refunding", "应退 300 积分，¥3.30"],
    ["done", "已退 300 积分，¥3.30"],
  ] as const)("that is %s: %s", (state, words) => {
    const cashFen = words.includes("¥") ? 330 : 0;
    const order = orderSample({ state: "shipped", afterSales: [{ ...CASE, state, cashFen }] });
    expect(shown(order).querySelector(".aft")?.textContent).toContain(words);
  });

  it("can be opened until the order closes, and the page says when that is", () => {
    const dueAtMs = serverTimeMs + 7 * 86_400_000;
    const order = orderSample({ state: "received", unitsToReturn: 1, quantity: 1, dueAtMs });
    expect(shown(order).querySelector(".aft")?.textContent).toMatch(/\d 前可以申请/);
  });
});

it("a booked visit stands on its order, until it is over", () => {
  const voucher = {
    ...{ voucherId: "v-1", orderId: "o", title: "t", usesTotal: 1, usesLeft: 1, state: "live" },
    ...{ stores: [{ storeId: "s", name: "镇海路店", address: "" }], storeIds: ["s"], uses: [] },
    ...{ validFromMs: 0, expiresAtMs: serverTimeMs * 2, bookedStoreId: "s" },
  };
  for (const [untilMs, isSaid] of [
    [serverTimeMs + 3_600_000, true],
    [serverTimeMs - 1, false],
  ] as const) {
    const booked = { ...voucher, bookedAtMs: untilMs - 3_600_000, bookedUntilMs: untilMs };
    const vouchers = [booked] as unknown as DeliveryView["vouchers"];
    const order = orderSample({ state: "to_write_off", goodsKind: "local_service" });
    const place = shown(order, { goodsKind: "local_service", vouchers });
    expect(place.textContent.includes("已约 镇海路店")).toBe(isSaid);
  }
});

describe("before a cancel", () => {
  async function asked(saleId: string, quote: object): Promise<string> {
    server.reply = () => json({ ...quoteSample(), ...quote });
    const place = shown(orderSample({ state: "to_ship", canCancel: true, saleId }));
    await press(place, "取消订单");
    await settle();
    return place.querySelector("[role=dialog]")?.textContent ?? "";
  }

  it("the money is told beside the points, each to where it came from", async () => {
    const said = await asked("tea.cup~0", { cashFen: 495, storedFen: 800, offsetPoints: 495 });
    expect(said).toContain("¥4.95 原路退回付款账户");
    expect(said).toContain("¥8.00 退回储值余额");
    expect(said).toContain("抵现的 495 积分退回原批次");
    // Goods that are redeemed at any hour are nobody's to catch.
    expect(said).not.toContain("返场");
  });

  it("nothing is told of money that nobody paid, nor of points that it did not cost", async () => {
    const said = await asked("tea.cup~3", { points: 0, forfeited: 0, slices: [] });
    expect(said).not.toMatch(/¥|积分/);
    expect(said).toContain("返场");
  });
});

describe("a refund of what was paid in several ways", () => {
  it("is told before it is asked for, each part to where it came from", async () => {
    server.reply = () =>
      json({
        ...{ points: 101, cashFen: 3_337, returned: 101, forfeited: 0, slices: [] },
        ...{ providerFen: 1_464, storedFen: 308, offsetPoints: 1_565 },
      });
    const order = orderSample({ state: "to_ship", quantity: 3, unitsToReturn: 3, canCancel: true });
    const place = shown(order);
    await press(place, "申请售后");
    await settle();
    expect(place.querySelector("[role=dialog]")?.textContent).toContain(
      "101 积分退回原批次，¥14.64 原路退回，¥3.08 退回储值余额，抵现的 1,565 积分退回原批次",
    );
  });

  it("stands on the order beside each part that came back", () => {
    const tender = {
      ...{ state: "taken" as const, points: 4_697, pointsFen: 4_697, storedFen: 1_000 },
      ...{ backPoints: 1_565, backStoredFen: 308 },
    };
    const told = shown(orderSample({ state: "to_ship", tender })).querySelector(".legs");
    expect(told?.textContent).toContain("4,697 积分抵现¥46.97其中已退回1,565");
    expect(told?.textContent).toContain("储值余额¥10.00其中已退回¥3.08");
  });
});
