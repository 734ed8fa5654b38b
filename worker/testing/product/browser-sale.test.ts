/** The sale page in a real browser: from the link to the order, and every way it can end. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { Line } from "./browser-line.ts";
import {
  balanceOf,
  inState,
  isLive,
  openOrder,
  ordersOf,
  press,
  settledOrders,
  salePath,
  Shop,
  shows,
  stateOf,
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

describe("the first HTML", () => {
  it("carries goods, price, hour and button without script", async () => {
    const saleId = await shop.sale({ opensInMs: 3_600_000 });
    const context = await shop.context({ javaScriptEnabled: false });
    const page = await context.newPage();
    const response = await page.goto(salePath(saleId));
    const html = (await response?.text()) ?? "";
    expect(html).toContain("云山白随行保温杯");
    expect(html).toContain('id="grab"');
    expect(html).toContain('role="timer"');
    expect(await textOf(page, "h1")).toBe("云山白随行保温杯 480 ml · 墨绿");
    expect(await textOf(page, ".price")).toBe("600 积分 + ¥9.90");
    expect(await textOf(page, '[role="timer"]')).toMatch(/00 : (?:59 : 5\d|60 : 00)|01 : 00 : 00/);
    expect(await textOf(page, "#grab")).toBe("登录后抢 登录后回到这里");
    expect(await textOf(page, ".stock")).toContain("5 件待抢");
  });
});

describe("the walk", () => {
  it("goes from the link by login, ticket and countdown to the order, and back by a cancel", async () => {
    const { memberId, caller } = await shop.member(1_000);
    const context = await shop.context();
    const saleId = await shop.sale({ opensInMs: 8_000, units: 5 });
    const page = await shop.visit(context, saleId);

    await inState(page, "login");
    await page.tap("#grab");
    await page.waitForURL(/\/login\?returnTo=/);
    await isLive(page);
    await page.fill("#member-id", memberId);
    await page.tap('form:has(#member-id) button[type="submit"]');
    await page.waitForURL(`**${salePath(saleId)}`);
    await isLive(page);

    expect(await inState(page, "bookable")).toContain("预约，占用 600 积分");
    await page.tap("#grab");
    expect(await inState(page, "booked")).toMatch(/已预约 .*自动变成「抢」/);
    expect(await shows(page, ".pass", /门票已备好/)).toContain("已占用 600 积分");
    expect(await balanceOf(caller)).toEqual({ active: 400, held: 600 });
    const booked = await storedOrder(page);

    await page.evaluate(() => Object.assign(window, { sameDocument: true }));
    expect(await inState(page, "arming")).toMatch(/准备 \d 秒后可点/);
    expect(await shows(page, ".band", /马上开抢/)).toContain("按钮会自动变成「抢」");
    expect(await inState(page, "open")).toBe("抢 600 积分 + ¥9.90");
    await page.tap("#grab");
    expect(await inState(page, "granted")).toContain("查看订单");
    expect(await page.evaluate(() => "sameDocument" in window)).toBe(true);
    expect(await textOf(page, ".pass")).toMatch(/兑换成功.*已扣 600.*¥9\.90 收货时付.*免运费/);
    await shows(page, ".band", /抢兑成功.*成交 \d\d:\d\d:\d\d\.\d{3}.*1 第几件/);
    expect(await shop.remainingOf(saleId)).toBe(4);

    await openOrder(page);
    const [order] = await ordersOf(caller);
    expect(order).toMatchObject({ orderId: booked?.orderId, saleId, state: "to_ship" });
    expect(await shows(page, "h1", /兑换成功，等待发货/)).not.toBe("");
    expect(new URL(page.url()).pathname).toBe(`/orders/${booked?.orderId}`);
    expect(await textOf(page, ".lots")).toMatch(/批.*600/);
    expect(await textOf(page, ".legs")).toMatch(/600.*¥9\.90.*¥0\.00/);

    await page.getByRole("button", { name: "取消订单" }).tap();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("600").first().waitFor();
    await dialog.getByRole("button").first().tap();
    await dialog.waitFor({ state: "detached" });
    expect(await balanceOf(caller)).toEqual({ active: 400, held: 0 });
    await page.getByRole("button", { name: "取消订单" }).tap();
    await dialog.getByRole("button", { name: "取消并退回" }).tap();
    await shows(page, "h1", /已取消，积分已退回/);
    expect(await textOf(page, ".lots")).toContain("600");
    expect(await balanceOf(caller)).toEqual({ active: 1_000, held: 0 });
  });
});

describe("sold out", () => {
  it("shows the stock fall without a reload, turns the button, and keeps the ticket's points explained", async () => {
    const saleId = await shop.sale({ units: 3 });
    const { memberId } = await shop.member(600);
    const page = await shop.visit(await shop.phoneOf(memberId), saleId);
    await shows(page, ".stock", /还剩 3 件/);
    await shop.taken(saleId);
    await shows(page, ".stock", /还剩 2 件/);
    await shop.taken(saleId);
    await shows(page, ".stock", /还剩 1 件/);
    expect(await stateOf(page)).toBe("open");
    await shop.taken(saleId);
    await shows(page, ".stock", /还剩 0 件/);
    expect(await inState(page, "sold_out")).toContain("看看其他好礼");
    expect(await shows(page, ".band", /全部兑完/)).toMatch(
      /最后一件 \d\d:\d\d:\d\d\.\d{3}|有退回会在本页返场/,
    );
    // The band has said it; there is nothing of this member's to explain.
    expect(await page.locator(".pass").count()).toBe(0);
  });

  it("tells a loser how late the tap was, and that the points are back", async () => {
    const { memberId, caller } = await shop.member(600);
    const context = await shop.phoneOf(memberId);
    const line = await Line.of(context);
    const saleId = await shop.sale({ units: 1, opensInMs: 8_000 });
    const page = await shop.visit(context, saleId);
    await inState(page, "bookable");
    await page.tap("#grab");
    // Booked in between, for as long as a busy machine leaves.
    await inState(page, "open");
    // The last unit goes in the moment before the tap: its news is still under way.
    line.lostToPage = (frame) => frame.t === "stock";
    await shop.taken(saleId);
    await page.tap("#grab");
    expect(await inState(page, "sold_out")).toContain("看看其他好礼");
    expect(await shows(page, ".pass", /为什么没抢到.*已退回原批次/)).toMatch(
      /最后一件兑出 \d\d:\d\d:\d\d\.\d{3} 你的请求到达 \d\d:\d\d:\d\d\.\d{3} 晚了 \d+ 毫秒/,
    );
    expect(await textOf(page, '[aria-live="assertive"]')).toBe("没抢到。本场 1 件已兑完。");
    expect(await balanceOf(caller)).toEqual({ active: 600, held: 0 });
  });

  it("gives a loser a new ticket for the next wave by itself", async () => {
    const { memberId, caller } = await shop.member(600);
    const context = await shop.phoneOf(memberId);
    const line = await Line.of(context);
    const saleId = await shop.sale({ units: 1, opensInMs: 8_000 });
    const page = await shop.visit(context, saleId);
    await page.tap("#grab");
    await inState(page, "open");
    const first = await storedOrder(page);
    line.lostToPage = (frame) => frame.t === "stock";
    const winner = await shop.taken(saleId);
    await page.tap("#grab");
    await inState(page, "sold_out");
    line.mend();

    const cancelled = await winner.caller.post(`/api/v1/orders/${winner.orderId}/cancel`, {});
    expect(cancelled.status).toBe(200);
    expect(await inState(page, "wave")).toContain("等待返场");
    expect(await textOf(page, ".band")).toContain("有 1 件退回，一次放出");
    expect(await textOf(page, ".pass")).toContain("返场资格已留");
    await shop.command(saleId, "wave");
    await shows(page, ".toast", /下一轮，已为你换好门票/);
    expect(await inState(page, "open")).toContain("抢");
    const second = await storedOrder(page);
    expect(second?.orderId).not.toBe(first?.orderId);
    await page.tap("#grab");
    await inState(page, "granted");
    const orders = await settledOrders(caller);
    expect(orders.filter(({ state }) => state === "to_ship")).toHaveLength(1);
    expect(orders.find(({ state }) => state === "to_ship")?.orderId).toBe(second?.orderId);
    expect(await balanceOf(caller)).toEqual({ active: 0, held: 0 });
  });
});

describe("refusals", () => {
  it("does nothing harmful when it is tapped too early", async () => {
    const { memberId, caller } = await shop.member(600);
    const context = await shop.phoneOf(memberId);
    const line = await Line.of(context);
    // This phone's clock is ahead of the server's, as far as it can tell.
    line.heard = (frame) =>
      frame.t === "stock" ? { ...frame, opensAtMs: Number(frame["opensAtMs"]) - 1_500 } : frame;
    const saleId = await shop.sale({ opensInMs: 7_500 });
    const page = await shop.visit(context, saleId);
    await page.tap("#grab");
    await inState(page, "booked");
    // `force`: the tool itself would wait until the button is no longer marked as waiting.
    for (let taps = 0; taps < 3; taps += 1) await page.tap("#grab", { force: true });
    expect(await stateOf(page)).toMatch(/booked|arming/);
    expect(line.sent.filter(({ t }) => t === "grab")).toEqual([]);

    const before = await storedOrder(page);
    await inState(page, "open");
    // At once: the hour comes a second and a half later.
    await press(page);
    expect(await shows(page, ".toast", /还没开始/)).toMatch(
      /早了 [\d,]+ 毫秒.*门票还在，不占用次数/,
    );
    expect(await balanceOf(caller)).toEqual({ active: 0, held: 600 });
    await until(
      async () => {
        if ((await stateOf(page)) === "open") await page.tap("#grab", { force: true });
        await page.waitForTimeout(300);
        return stateOf(page);
      },
      (state) => state === "granted",
    );
    expect(await settledOrders(caller)).toEqual([{ orderId: before?.orderId, state: "to_ship" }]);
  });

  it("says how many points are missing, and leads to them", async () => {
    const saleId = await shop.sale();
    const { memberId } = await shop.member(100);
    const page = await shop.visit(await shop.phoneOf(memberId), saleId);
    expect(await inState(page, "points_insufficient")).toBe("去赚积分 还差 500 积分");
    expect(await textOf(page, ".pass")).toMatch(/还差 500 积分.*需要 600，你有 100 可用/);
    await page.tap("#grab");
    await page.waitForURL("**/points");
  });

  it("believes the server when the points went elsewhere meanwhile", async () => {
    const saleId = await shop.sale({ opensInMs: 600_000 });
    const elsewhere = await shop.sale({ pricePoints: 500 });
    const { memberId, caller } = await shop.member(900);
    const page = await shop.visit(await shop.phoneOf(memberId), saleId);
    await inState(page, "bookable");
    const body = {
      orderId: crypto.randomUUID(),
      quantity: 1,
      epoch: await shop.epochOf(elsewhere),
    };
    expect((await caller.post(`/api/v1/sales/${elsewhere}/redemptions`, body)).status).toBe(201);
    await page.tap("#grab");
    expect(await inState(page, "points_insufficient")).toContain("还差 200 积分");
    expect(await textOf(page, ".pass")).toContain("需要 600，你有 400 可用");
  });

  it("says when the limit is reached", async () => {
    const saleId = await shop.sale();
    const { memberId, caller } = await shop.member(2_000);
    const page = await shop.visit(await shop.phoneOf(memberId), saleId);
    await inState(page, "open");
    const body = { orderId: crypto.randomUUID(), quantity: 1, epoch: await shop.epochOf(saleId) };
    expect((await caller.post(`/api/v1/sales/${saleId}/redemptions`, body)).status).toBe(201);
    await page.tap("#grab");
    expect(await inState(page, "limit_reached")).toBe("查看我的订单 已达限购 1 / 1");
    expect(await textOf(page, ".pass")).toContain("每人限 1 件，你已兑 1 件");
    expect(await balanceOf(caller)).toEqual({ active: 1_400, held: 0 });
  });

  it("follows a pause, a resume and the close without a reload", async () => {
    const saleId = await shop.sale();
    const { memberId } = await shop.member(600);
    const page = await shop.visit(await shop.phoneOf(memberId), saleId);
    await inState(page, "open");
    await shop.command(saleId, "pause");
    expect(await inState(page, "paused")).toContain("等待恢复");
    expect(await textOf(page, ".band")).toContain("本场暂停");
    await shop.command(saleId, "resume");
    await inState(page, "open");
    await shop.command(saleId, "close");
    expect(await inState(page, "closed")).toContain("本场已结束");
    // The sale was to last another hour: the page says when it ended, not when it would have.
    const told = /(\d\d:\d\d) 结束/.exec(await textOf(page, ".band"))?.[1];
    const minutesAgo = (ago: number): string =>
      new Date(Date.now() - ago * 60_000 + 8 * 3_600_000).toISOString().slice(11, 16);
    expect([minutesAgo(0), minutesAgo(1)]).toContain(told);
    // Nothing was redeemed, and what was on the shelf has left it: no figure is better than a wrong one.
    expect(await textOf(page, ".band")).not.toMatch(/送出/);
    await page.reload();
    await isLive(page);
    expect(await inState(page, "closed")).toContain("看看其他好礼");
  });
});
