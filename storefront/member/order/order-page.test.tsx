// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { DeliveryView } from "../../../worker/fulfilment/wire.ts";
import type { PageData } from "../../../worker/pages/page-data.ts";
import { OneServer, open, settle } from "../../testing/mount.tsx";
import { renderPage } from "../../ssr.tsx";
import { orderSample, saleData } from "../../testing/samples.ts";
import { OrderPage } from "./order-page.tsx";

const server = new OneServer();
beforeEach(() => server.listen());
afterEach(() => {
  document.body.innerHTML = "";
  vi.unstubAllGlobals();
});

const DELIVERY: DeliveryView = {
  ...{ goodsKind: "physical", state: "to_ship", needs: "address", recipient: null, account: null },
  ...{ freightFen: 0, unitsToShip: 1, shipments: [], vouchers: [], topUp: null, rating: null },
  codes: { isIssued: false, firstRevealedAtMs: null, looks: 0 },
  ...{ takesBookings: false, mayRate: false },
};

type OrderData = Extract<PageData, { page: "order" }>;

function unpaid(change: Partial<OrderData>): OrderData {
  const { sale: _sale, order: _order, limitUsed: _used, price: _price, ...shared } = saleData();
  const { nextSale: _next, page: _page, ...base } = shared;
  const pay = { amountFen: 990, payByMs: base.serverTimeMs + 600_000 } as OrderData["order"]["pay"];
  const order = orderSample({ state: "awaiting_payment", pay });
  const nothing = { delivery: null, pay: { ways: null, quote: null } };
  return { ...base, page: "order", order, ...nothing, ...change };
}

const asked = (): string[] =>
  server.sent.map(({ path }) => path.replace(/\?.*/, "").split("/").at(-1) ?? "");

it("asks for its picture at once, since nothing larger is painted after it", () => {
  const { html } = renderPage(unpaid({}));
  expect(html.match(/<img\b[^>]*>/g)).toEqual([expect.stringContaining('fetchpriority="high"')]);
});

it("has delivery and the ways to pay in the first HTML, and asks for neither again", async () => {
  const ways = [{ provider: "wechat", scenes: ["h5"] }] as const;
  const pay = { ways, quote: null } as unknown as OrderData["pay"];
  const data = unpaid({ delivery: DELIVERY, pay });
  const place = open(data, <OrderPage data={data} />);
  const before = place.innerHTML;
  expect(place.querySelector(".dl-ask")).not.toBeNull();
  expect(place.querySelectorAll(".pay-ways .btn")).toHaveLength(1);
  await settle();
  expect(place.innerHTML).toBe(before);
  expect(asked()).not.toContain("delivery");
  expect(asked()).not.toContain("payments");
});

it("offers no code of a voucher while its order is being asked back", () => {
  const uses = { usesLeft: 2, usesTotal: 3, stores: [], bookedAtMs: null, bookedUntilMs: null };
  const usable = { voucherId: "v-001", state: "live", expiresAtMs: 1, ...uses };
  const delivery = { ...DELIVERY, goodsKind: "local_service", state: "to_write_off" } as const;
  const vouchers = [usable] as unknown as DeliveryView["vouchers"];
  const refund = { caseId: "c1", kind: "refund", state: "applied", quantity: 1, history: [] };
  const afterSales = [
    { ...refund, points: 5, cashFen: 0, dueAtMs: null, evidence: [], reason: "" },
  ];
  for (const isAsked of [false, true]) {
    const order = orderSample({
      state: "to_write_off",
      ...(isAsked ? { afterSales: afterSales as unknown as OrderData["order"]["afterSales"] } : {}),
    });
    const data = unpaid({ order, delivery: { ...delivery, vouchers } });
    const place = open(data, <OrderPage data={data} />);
    expect(place.querySelector('a[href="/vouchers/v-001"]') === null).toBe(isAsked);
    expect(place.textContent.includes("暂停使用")).toBe(isAsked);
  }
});

it("asks for what did not come with the page", async () => {
  const data = unpaid({});
  const place = open(data, <OrderPage data={data} />);
  expect(place.querySelector(".dl-wait")).not.toBeNull();
  await settle();
  expect(asked()).toEqual(expect.arrayContaining(["delivery", "payments", "tender"]));
});

it("asks for a rating of a voucher once it was used, and to book a visit where a store takes bookings", () => {
  const uses = { usesLeft: 2, usesTotal: 3, stores: [], bookedAtMs: null, bookedUntilMs: null };
  const voucher = { voucherId: "v-001", state: "live", expiresAtMs: 1, ...uses };
  const vouchers = [voucher] as unknown as DeliveryView["vouchers"];
  const of = (more: Partial<DeliveryView>): string => {
    const delivery = { ...DELIVERY, goodsKind: "coupon", state: "received", vouchers, ...more };
    const data = unpaid({ order: orderSample({ state: "received" }), delivery });
    return open(data, <OrderPage data={data} />).textContent;
  };
  expect(of({})).not.toMatch(/评价|选一个时段/);
  expect(of({ mayRate: true })).toContain("提交评价");
  expect(of({ takesBookings: true })).toContain("先约好时间再到店");
});
