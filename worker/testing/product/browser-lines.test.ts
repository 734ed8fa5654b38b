/** One order, whatever the network, the tabs and the phones do: the sale page in a real browser. */
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { Line } from "./browser-line.ts";
import {
  balanceOf,
  inState,
  isLive,
  ordersOf,
  press,
  settledOrders,
  salePath,
  Shop,
  shows,
  stateOf,
  step,
  storedOrder,
  textOf,
} from "./browser-shop.ts";
import { until } from "./product.ts";

let shop: Shop;
beforeAll(async () => {
  shop = await Shop.open();
});
afterEach(async () => {
  await shop.putAway();
});
afterAll(async () => {
  const { errors, missing } = shop.complaints;
  await shop.close();
  expect({ errors, missing }).toEqual({ errors: [], missing: [] });
});

/** A phone with a ticket, the hour come, and its line in the test's hand. */
async function readyToGrab(): Promise<{
  page: Page;
  line: Line;
  saleId: string;
  caller: Awaited<ReturnType<Shop["member"]>>["caller"];
}> {
  const { memberId, caller } = await shop.member(1_200);
  const context = await shop.phoneOf(memberId);
  const line = await Line.of(context);
  // Last: from here on its hour runs.
  const saleId = await shop.sale({ opensInMs: 4_500 });
  const page = await shop.visit(context, saleId);
  await inState(page, "bookable");
  await page.tap("#grab");
  await shows(page, ".pass", /已占用 600 积分/);
  await inState(page, "open");
  return { page, line, saleId, caller };
}

describe("a network that fails in the middle", () => {
  it("resumes the same order when the answer was lost", async () => {
    const { page, line, saleId, caller } = await readyToGrab();
    const before = await storedOrder(page);
    line.lostToPage = () => true;
    await page.context().setOffline(true);
    await shows(page, ".toast", /网络断开.*门票还在，连上后自动就位/);
    await page.tap("#grab");
    await inState(page, "in_doubt");
    expect(await textOf(page, ".pass")).toMatch(/网络没有回音.*同一单号只会成交一次，不会重复扣分/);
    expect(await storedOrder(page)).toMatchObject({ orderId: before?.orderId, phase: "sent" });
    line.mend();
    await page.context().setOffline(false);
    await inState(page, "granted");
    expect(await settledOrders(caller)).toEqual([{ orderId: before?.orderId, state: "to_ship" }]);
    expect(await balanceOf(caller)).toEqual({ active: 600, held: 0 });
    expect(await shop.remainingOf(saleId)).toBe(4);
  });

  it("sends the same order again when the tap itself was lost", async () => {
    const { page, line, saleId, caller } = await readyToGrab();
    const before = await storedOrder(page);
    line.cut();
    await page.context().setOffline(true);
    await page.tap("#grab");
    await inState(page, "in_doubt");
    line.mend();
    await page.context().setOffline(false);
    await inState(page, "granted");
    expect((await ordersOf(caller)).map(({ orderId }) => orderId)).toEqual([before?.orderId]);
    expect(await shop.remainingOf(saleId)).toBe(4);
  });

  it("takes the order up again after a reload in the middle of sending", async () => {
    const { page, line, saleId, caller } = await readyToGrab();
    const before = await storedOrder(page);
    line.cut();
    await page.tap("#grab");
    await until(
      () => stateOf(page),
      (state) => state === "queued" || state === "in_doubt",
    );
    line.mend();
    await page.reload();
    await isLive(page);
    await inState(page, "granted");
    expect((await ordersOf(caller)).map(({ orderId }) => orderId)).toEqual([before?.orderId]);
    expect(await shop.remainingOf(saleId)).toBe(4);
  });

  it("keeps the booking when offline, and goes live again by itself", async () => {
    const saleId = await shop.sale({ opensInMs: 600_000 });
    const { memberId } = await shop.member(600);
    const page = await shop.visit(await shop.phoneOf(memberId), saleId);
    await page.tap("#grab");
    await inState(page, "booked");
    await page.context().setOffline(true);
    await shows(page, ".toast", /网络断开/);
    await page.context().setOffline(false);
    expect(await stateOf(page)).toBe("booked");
    // Before its hour one person may close it.
    await shop.must(`/api/v1/staff/sales/${saleId}/close`);
    await inState(page, "closed");
  });
});

describe("without WebSocket", () => {
  it("grants by HTTP, and says after three seconds that the direct line is gone", async () => {
    const { memberId, caller } = await shop.member(600);
    const context = await shop.phoneOf(memberId);
    await context.addInitScript(() => {
      Object.defineProperty(window, "WebSocket", {
        value: function blocked(): never {
          throw new Error("blocked");
        },
      });
    });
    const saleId = await shop.sale({ opensInMs: 6_000 });
    const page = await shop.visit(context, saleId);
    await page.tap("#grab");
    await inState(page, "booked");
    await shows(page, ".pass", /直连断开，仍可抢/);
    await inState(page, "open");
    await page.tap("#grab");
    await inState(page, "granted");
    expect((await settledOrders(caller)).map(({ state }) => state)).toEqual(["to_ship"]);
  });

  it("follows stock and sold-out by asking", async () => {
    const saleId = await shop.sale({ units: 1 });
    const { memberId } = await shop.member(600);
    const context = await shop.phoneOf(memberId);
    // A line that closes at once: what a proxy does that does not know WebSocket.
    await context.routeWebSocket(/\/door\?/, (socket) => void socket.close());
    const page = await shop.visit(context, saleId);
    await inState(page, "open");
    await shop.taken(saleId);
    await inState(page, "sold_out");
    await shows(page, ".stock", /还剩 0 件/);
  });
});

describe("coming back", () => {
  it("resumes the same ticket after a reload", async () => {
    const saleId = await shop.sale({ opensInMs: 600_000 });
    const { memberId, caller } = await shop.member(600);
    const page = await shop.visit(await shop.phoneOf(memberId), saleId);
    await page.tap("#grab");
    await inState(page, "booked");
    const before = await storedOrder(page);
    const response = await page.reload();
    // The first HTML knows it already: no flash of the other state.
    expect(await response?.text()).toContain('data-state="booked"');
    await isLive(page);
    await shows(page, ".pass", /已与服务器对时/);
    expect(await storedOrder(page)).toEqual(before);
    expect((await ordersOf(caller)).map(({ orderId, state }) => ({ orderId, state }))).toEqual([
      { orderId: before?.orderId, state: "held" },
    ]);
    expect(await balanceOf(caller)).toEqual({ active: 0, held: 600 });
  });

  it("is in step again after back and forward", async () => {
    const saleId = await shop.sale({ units: 3 });
    const { memberId } = await shop.member(600);
    const page = await shop.visit(await shop.phoneOf(memberId), saleId);
    await shows(page, ".stock", /还剩 3 件/);
    await page.goto("/orders");
    await isLive(page);
    await shop.taken(saleId);
    await step(page, "back");
    await shows(page, ".stock", /还剩 2 件/);
    await step(page, "forward");
    expect(new URL(page.url()).pathname).toBe("/orders");
    await shop.taken(saleId);
    await step(page, "back");
    await shows(page, ".stock", /还剩 1 件/);
    await page.tap("#grab");
    await inState(page, "granted");
  });

  it("asks anew when it is shown from the cache of pages", async () => {
    const saleId = await shop.sale({ units: 3 });
    const { memberId } = await shop.member(600);
    const context = await shop.phoneOf(memberId);
    const line = await Line.of(context);
    const page = await shop.visit(context, saleId);
    await shows(page, ".stock", /还剩 3 件/);
    line.cut();
    await shop.taken(saleId);
    await page.evaluate(() =>
      dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true })),
    );
    await shows(page, ".stock", /还剩 2 件/);
  });

  it("gives a booking back and books again", async () => {
    const saleId = await shop.sale({ opensInMs: 600_000 });
    const { memberId, caller } = await shop.member(600);
    const page = await shop.visit(await shop.phoneOf(memberId), saleId);
    await page.tap("#grab");
    await inState(page, "booked");
    await page.getByRole("button", { name: "取消预约" }).tap();
    await shows(page, ".toast", /已取消预约，600 积分退回原批次/);
    await inState(page, "bookable");
    expect(await balanceOf(caller)).toEqual({ active: 600, held: 0 });
    await page.tap("#grab");
    await inState(page, "booked");
    expect(await balanceOf(caller)).toEqual({ active: 0, held: 600 });
  });
});

describe("one member, many taps", () => {
  it("makes one order of a double tap", async () => {
    const saleId = await shop.sale();
    const { memberId, caller } = await shop.member(1_200);
    const page = await shop.visit(await shop.phoneOf(memberId), saleId);
    await inState(page, "open");
    const box = await page.locator("#grab").boundingBox();
    const x = (box?.x ?? 0) + (box?.width ?? 0) / 2;
    const y = (box?.y ?? 0) + (box?.height ?? 0) / 2;
    await page.touchscreen.tap(x, y);
    await page.touchscreen.tap(x, y);
    await page.touchscreen.tap(x, y);
    await inState(page, "granted");
    // By the last tap the button may lead to the order; it was meant for the grab, so the page stays.
    expect(new URL(page.url()).pathname).toBe(decodeURIComponent(salePath(saleId)));
    expect((await settledOrders(caller)).map(({ state }) => state)).toEqual(["to_ship"]);
    expect(await shop.remainingOf(saleId)).toBe(4);
    expect(await balanceOf(caller)).toEqual({ active: 600, held: 0 });
  });

  it("lets two tabs share one ticket and one order", async () => {
    const { memberId, caller } = await shop.member(1_200);
    const context = await shop.phoneOf(memberId);
    const saleId = await shop.sale({ opensInMs: 5_500 });
    const [one, two] = await Promise.all([
      shop.visit(context, saleId),
      shop.visit(context, saleId),
    ]);
    await Promise.all([inState(one, "bookable"), inState(two, "bookable")]);
    await one.tap("#grab");
    await shows(one, ".pass", /已占用 600 积分/);
    await shows(two, ".pass", /已占用 600 积分/);
    await Promise.all([inState(one, "open"), inState(two, "open")]);
    await Promise.all([press(one), press(two)]);
    await Promise.all([inState(one, "granted"), inState(two, "granted")]);
    expect((await settledOrders(caller)).map(({ state }) => state)).toEqual(["to_ship"]);
    expect(await shop.remainingOf(saleId)).toBe(4);
    expect(await storedOrder(one)).toEqual(await storedOrder(two));
  });

  it("grants one of two phones, and explains the other", async () => {
    const saleId = await shop.sale();
    const { memberId, caller } = await shop.member(1_200);
    const [one, two] = [
      await shop.visit(await shop.phoneOf(memberId), saleId),
      await shop.visit(await shop.phoneOf(memberId), saleId),
    ];
    await Promise.all([inState(one, "open"), inState(two, "open")]);
    await Promise.all([press(one), press(two)]);
    const ended = await until(
      async () => [await stateOf(one), await stateOf(two)].sort(),
      (states) => states.every((state) => ["granted", "limit_reached"].includes(state)),
    );
    expect(ended).toEqual(["granted", "limit_reached"]);
    const other = (await stateOf(one)) === "granted" ? two : one;
    expect(await textOf(other, ".pass")).toMatch(/你已达到限购.*每人限 1 件，你已兑 1 件/);
    const orders = await settledOrders(caller);
    expect(orders.filter(({ state }) => state === "to_ship")).toHaveLength(1);
    expect(await shop.remainingOf(saleId)).toBe(4);
    expect(await balanceOf(caller)).toEqual({ active: 600, held: 0 });
  });

  it("lets the second phone take up the first one's booking", async () => {
    const saleId = await shop.sale({ opensInMs: 600_000 });
    const { memberId, caller } = await shop.member(1_200);
    const one = await shop.visit(await shop.phoneOf(memberId), saleId);
    await one.tap("#grab");
    await inState(one, "booked");
    const two = await shop.visit(await shop.phoneOf(memberId), saleId);
    await inState(two, "booked");
    expect((await storedOrder(two))?.orderId).toBe((await storedOrder(one))?.orderId);
    expect(await balanceOf(caller)).toEqual({ active: 600, held: 600 });
    expect(salePath(saleId)).toBe(decodeURIComponent(new URL(two.url()).pathname));
  });
});
