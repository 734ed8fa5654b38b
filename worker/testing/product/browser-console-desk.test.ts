/** A working day at the merchant's desk, over what the demo leaves there: money, after-sales, parcels, words of members. */
import { readFileSync } from "node:fs";
import type { BrowserContext, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { COLLEAGUE_PASSWORD, seedStaff } from "../../local/seed-staff.ts";
import { seedDemo } from "../../local/seed.ts";
import { NO_FAULTS } from "../bank/trades.ts";
import { Shop } from "./browser-shop.ts";
import { bankOf, Caller, until } from "./product.ts";

let shop: Shop;
let context: BrowserContext;
let page: Page;
beforeAll(async () => {
  shop = await Shop.open({}, { hasBank: true, supplierWorkMs: 100 });
  await seedStaff(shop.origin, shop.product.server.setupKey);
  await seedDemo(shop.origin);
  context = await shop.context({
    ...{ viewport: { width: 1_280, height: 900 }, isMobile: false, hasTouch: false },
    acceptDownloads: true,
  });
  await context.request.post("/api/v1/dev/login", { data: { memberId: "desk", role: "staff" } });
  page = await context.newPage();
}, 180_000);
afterAll(async () => {
  expect(shop.complaints).toEqual({ errors: [], missing: [] });
  await shop.close();
});

const button = (name: string | RegExp): Locator =>
  page.getByRole("main").getByRole("button", { name, exact: typeof name === "string" });
const inDialog = (name: string | RegExp): Locator =>
  page.getByRole("dialog").last().getByRole("button", { name });

/** Lists follow the authority a moment later: here they say for as long as `act` takes what they say now. */
async function whileListsLag(path: string, act: () => Promise<void>): Promise<void> {
  const answer = await context.request.get(path);
  const body = await answer.text();
  const isList = (url: URL): boolean => url.pathname + url.search === path;
  await page.route(isList, (route) => route.fulfill({ contentType: "application/json", body }));
  await act();
  await page.unroute(isList);
}

describe("money", () => {
  it("that came late is told, and each of what waits takes one step until everything is green", async () => {
    const finance = "/api/v1/staff/finance";
    await page.goto("/console/finance/money");
    await page.getByText("有差异", { exact: true }).waitFor();
    const late = page.getByRole("row", { name: /tea-013-seed-gaiwan/ });
    await late.getByText("已退到账").waitFor();
    expect(await late.getByRole("button").count()).toBe(0);
    await whileListsLag(finance, async () => {
      await button("退回这笔钱").click();
      await inDialog("退回这笔钱").click();
      await page
        .getByRole("row", { name: /tea-014/ })
        .getByText("已重新发起")
        .waitFor();
      expect(await button("退回这笔钱").count()).toBe(0);
    });
    await page.getByText("没有需要处理的款项").waitFor();
    await whileListsLag(finance, async () => {
      await button("向渠道查一次").click();
      await page.getByText("渠道确认已付，入账中").waitFor();
      expect(await button("向渠道查一次").count()).toBe(0);
    });
    await page.getByText("账目一致", { exact: true }).waitFor();
    await page.goto("/console");
    await page.locator('[data-money="green"]').waitFor();
  });
});

interface PaidOnce {
  readonly orderId: string;
  readonly caller: Caller;
}

/** Points plus cash, paid at the bank. */
async function orderPaidOnce(orderId: string): Promise<PaidOnce> {
  const saleId = encodeURIComponent(await shop.sale({ pricePoints: 10, priceFen: 990 }));
  const { caller } = await shop.member(100);
  const { epoch } = (await caller.get<{ epoch: number }>(`/api/v1/sales/${saleId}`)).body;
  const body = { orderId, quantity: 1, epoch };
  expect((await caller.post(`/api/v1/sales/${saleId}/redemptions`, body)).status).toBe(201);
  const way = { provider: "wechat", scene: "h5" };
  const path = `/api/v1/orders/${orderId}`;
  const begun = await caller.post<{ paymentId: string }>(`${path}/payments`, way);
  await shop.product.server.bank?.pay(begun.body.paymentId);
  return { orderId, caller };
}

describe("orders in doubt", () => {
  it("say what nobody answers, count in the navigation, and end when they are asked about and answered", async () => {
    // Five minutes are no test's to wait: here the list has what is unanswered from the first second on.
    const lists = "**/api/v1/staff/finance/in-doubt";
    await page.route(lists, (route) =>
      route.continue({ url: `${route.request().url()}?afterMs=0` }),
    );
    const { ledger } = bankOf(shop.product);
    const { orderId, caller } = await orderPaidOnce("a-cup-paid-and-cancelled");
    ledger.faults = { ...NO_FAULTS, silences: Number.POSITIVE_INFINITY };
    expect((await caller.post(`/api/v1/orders/${orderId}/cancel`)).status).toBe(200);
    await until(
      () => shop.staff.get<{ count: number }>("/api/v1/staff/finance/in-doubt?afterMs=0"),
      ({ body }) => body.count === 1,
    );
    await page.goto("/console/finance/money");
    const row = page.getByRole("row", { name: /退款还没有被受理/ });
    await row.getByText("¥9.90").waitFor();
    expect(await row.getByRole("link").getAttribute("href")).toContain(orderId);
    const listed = "/api/v1/staff/after-sales?limit=100";
    const { items } = (await shop.staff.get<{ items: { state: string }[] }>(listed)).body;
    const cases = items.filter(({ state }) => state === "applied" || state === "sent_back");
    const entry = page.getByRole("navigation").getByRole("link", { name: "售后与对账" });
    await entry.getByText(`${cases.length + 1} 件待处理`).waitFor();
    await row.getByRole("button", { name: "现在问一次" }).click();
    await page.getByText("还是没有回音，系统会继续问").waitFor();
    ledger.faults = { ...NO_FAULTS };
    await row.getByRole("button", { name: "现在问一次" }).click();
    await page.getByText("有结果了，这一单已了结").waitFor();
    await row.waitFor({ state: "detached" });
    await page.unroute(lists);
  });
});

describe("after-sales", () => {
  it("show what a member showed, and the answer stands in the list at once", async () => {
    await page.goto("/console/finance");
    const row = page.getByRole("row", { name: /云山白茶/ });
    await row.getByText("待审核").waitFor();
    await whileListsLag("/api/v1/staff/after-sales?limit=50", async () => {
      await row.locator(".opener").click();
      const picture = page.getByRole("dialog").locator("img");
      await until(
        () => picture.evaluate((one) => (one as HTMLImageElement).naturalWidth).catch(() => 0),
        (width) => width === 480,
      );
      expect(await page.getByRole("dialog").innerText()).toContain("1,216 积分");
      await page.getByRole("dialog").getByRole("textbox").fill("请寄回滨海路 12 号");
      await inDialog("同意，等买家寄回").click();
      await row.getByText("待买家寄回").waitFor();
    });
    await row.locator(".opener").click();
    await page.getByRole("dialog").getByText("请寄回滨海路 12 号").waitFor();
    await page.keyboard.press("Escape");
    const member = await new Caller(shop.origin).login("tea-006");
    const order = "/api/v1/orders/tea-006-seed-white-tea-tin";
    const { body } = await member.get<{ afterSales: { state: string }[] }>(order);
    expect(body.afterSales.map(({ state }) => state)).toEqual(["agreed"]);
    await page.goto("/console/orders?q=tea-006");
    await page.locator("tbody .opener").first().click();
    await page.getByRole("dialog").getByText("待买家寄回").waitFor();
  });
});

/** A mug in one of its variants, with an address. */
async function orderMug(): Promise<string> {
  const member = await new Caller(shop.origin).login("tea-019");
  const live = "/api/v1/goods/enamel-mug/live";
  const { body } = await member.get<{ skus: { saleId: string; epoch: number }[] }>(live);
  const { saleId = "", epoch = 0 } = body.skus[2] ?? {};
  const orderId = "a-mug-of-the-mountain-green";
  const path = `/api/v1/sales/${encodeURIComponent(saleId)}/redemptions`;
  expect((await member.post(path, { orderId, quantity: 1, epoch })).status).toBe(201);
  const addressId = "seed-address-tea-019";
  const put = await member.send("PUT", `/api/v1/orders/${orderId}/address`, { addressId });
  expect(put.status).toBe(200);
  return orderId;
}

describe("a refund that waits for a second person", () => {
  it("says who proposed it, and leads to the approvals instead of asking once more", async () => {
    const kind = "/api/v1/staff/approval-kinds/orders.refund";
    expect((await shop.staff.send("PUT", kind, { from: 0, version: 0 })).status).toBe(200);
    const { orderId, caller } = await orderPaidOnce("a-cup-of-two-people");
    const wish = { caseId: "a-case-of-two-people", kind: "refund", quantity: 1, reason: "torn" };
    const asked = await caller.post(`/api/v1/orders/${orderId}/after-sales`, wish);
    expect(asked.status).toBe(200);
    await until(
      () => shop.staff.get<{ items: { orderId: string }[] }>("/api/v1/staff/after-sales"),
      ({ body }) => body.items.some((one) => one.orderId === orderId),
    );
    await page.goto("/console/finance");
    const row = page.getByRole("row", { name: orderId.slice(0, 18) });
    await row.getByText("待审核").waitFor();
    await row.locator(".opener").click();
    await inDialog("同意退款").click();
    await inDialog("同意退款").click();
    await row.getByText("等第二人同意").waitFor();
    await row.locator(".opener").click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText(/提出退款，金额较大，要等另一个人同意/).waitFor();
    expect(await dialog.getByRole("button", { name: "同意退款" }).count()).toBe(0);
    await dialog.getByRole("link", { name: "去审批" }).click();
    await page.getByRole("row", { name: "大额退款" }).first().waitFor();
  });
});

describe("orders to ship", () => {
  it("are found by as much of their number as the list shows", async () => {
    const orderId = await orderMug();
    const path = `/api/v1/staff/orders?q=${orderId.slice(0, 18)}`;
    const found = await until(
      () => shop.staff.get<{ items: { orderId: string }[] }>(path),
      ({ body }) => body.items.length > 0,
    );
    expect(found.body.items.map((one) => one.orderId)).toEqual([orderId]);
    const less = await shop.staff.get<{ items: unknown[] }>(`/api/v1/staff/orders?q=a-mug-of-the`);
    expect(less.body.items).toEqual([]);
    // What is no id is words of the goods: theirs, and nobody else's.
    const mugs = await shop.staff.get<{ items: { orderId: string; title: string }[] }>(
      `/api/v1/staff/orders?q=${encodeURIComponent("搪瓷杯")}`,
    );
    expect(mugs.body.items.map((one) => one.orderId)).toContain(orderId);
    expect(mugs.body.items.filter(({ title }) => !title.includes("搪瓷杯"))).toEqual([]);
    const none = await shop.staff.get<{ items: unknown[] }>(
      `/api/v1/staff/orders?q=${encodeURIComponent("没有这样的商品")}`,
    );
    expect(none.body.items).toEqual([]);
  });

  it("are exported with what, how many, to whom and for how much", async () => {
    await page.goto("/console/orders?state=to_ship");
    const started = page.waitForEvent("download");
    await button("导出 CSV").click();
    const text = readFileSync(await (await started).path(), "utf8");
    const [head = "", ...lines] = text.replace("\uFEFF", "").trim().split("\r\n");
    expect(head).toBe("单号,成交时间,会员,商品,类型,件数,供应商,收货,积分,现金,状态");
    const line = lines.find((one) => one.startsWith("tea-004-seed-osmanthus-teabag"));
    expect(line).toMatch(/,tea-004,桂花乌龙茶包 10 包,实物,3,,林\* 139\*{4}2804 .*,780,0,待发货$/);
  });

  it("are picked by variant, what suppliers send is marked, and paper has the list alone", async () => {
    await page.goto("/console/orders?state=to_ship");
    await page.locator("thead input[type=checkbox]").check();
    await button("拣货单").click();
    await page.getByText("云山搪瓷杯 · 山绿 · 250 ml").first().waitFor();
    const heads = await page.locator(".pick-of").allInnerTexts();
    const plain = heads.map((head) => head.replaceAll(/\s+/g, " "));
    expect(plain).toEqual(["自有商品", "德化白瓷坊", "新会陈皮坊 供应商代发"]);
    await page.emulateMedia({ media: "print" });
    const visible = await page
      .locator(".side, .topb, .page-head .acts, .page-head .back")
      .evaluateAll((all) => all.filter((one) => (one as HTMLElement).offsetParent !== null).length);
    const box = await page.locator(".pick-part").first().boundingBox();
    await page.emulateMedia({ media: "screen" });
    expect(visible).toBe(0);
    expect([box?.x, box?.width]).toEqual([0, 1_280]);
  });

  it("stand on one pick list, however many: read in parts, with how many are left out", async () => {
    const asked: number[] = [];
    await page.route("**/api/v1/staff/orders/labels", (route) => {
      const { orders } = route.request().postDataJSON() as { orders: unknown[] };
      asked.push(orders.length);
      return route.continue();
    });
    const real = { memberId: "tea-004", orderId: "tea-004-seed-osmanthus-teabag" };
    // The one that is there comes last, beyond the first parts.
    const orders = Array.from({ length: 249 }, (_, at) => ({
      ...real,
      orderId: `an-order-of-long-ago-${at}`,
    }));
    await page.evaluate(
      (picks) => sessionStorage.setItem("qd:console:picks", JSON.stringify(picks)),
      { orders: [...orders, real], chosen: 1_200 },
    );
    await page.goto("/console/orders/pick-list");
    await page.locator(".pick-labels").getByText("桂花乌龙茶包 10 包").waitFor();
    expect(asked).toEqual([100, 100, 50]);
    await page.getByText("249 单缺地址或已不在待发货").waitFor();
    await page.getByText("一张拣货单最多 1,000 单，还有 950 单没有列出").waitFor();
    await page.unroute("**/api/v1/staff/orders/labels");
  });

  it("go out one by one from the list: each says what and to whom, and one may be left for later", async () => {
    await page.goto("/console/orders?state=to_ship");
    for (const title of ["茶事手账", "陶瓷公道杯", "桂花乌龙茶包"])
      await page.getByRole("row", { name: title }).locator("input[type=checkbox]").check();
    await button("逐单发货").click();
    const dialog = page.getByRole("dialog").last();
    await dialog.getByText("茶事手账").waitFor();
    await dialog.getByText("后面还有 2 单").waitFor();
    expect(await dialog.innerText()).toMatch(/1\d\d\*{4}\d{4}/);
    await inDialog("跳过这单").click();
    await dialog.getByText("陶瓷公道杯").waitFor();
    await dialog.getByLabel("快递单号").fill("SF1390002001");
    await inDialog(/^发货$/).click();
    await dialog.getByText("桂花乌龙茶包").waitFor();
    expect(await dialog.innerText()).toContain("× 3");
    expect(await dialog.getByText("后面还有").count()).toBe(0);
    await dialog.getByLabel("快递单号").fill("1");
    await inDialog(/^发货$/).click();
    await dialog.locator(".help.error").waitFor();
    await dialog.getByLabel("快递单号").fill("SF1390002002");
    await inDialog(/^发货$/).click();
    await dialog.waitFor({ state: "detached" });
    const stateOf = async (order: string): Promise<string> =>
      (await shop.staff.get<{ order: { state: string } }>(`/api/v1/staff/orders/${order}`)).body
        .order.state;
    expect(await stateOf("tea-013/tea-013-seed-tea-notebook")).toBe("to_ship");
    expect(await stateOf("tea-016/tea-016-seed-fair-cup")).toBe("shipped");
    expect(await stateOf("tea-004/tea-004-seed-osmanthus-teabag")).toBe("shipped");
  });

  it("go out by a list that says beforehand what will not", async () => {
    await page.goto("/console/orders?state=to_ship");
    await button("导入单号发货").click();
    const list = [
      "单号,快递公司,快递单号,数量",
      "tea-014-seed-jasmine-tin,顺丰,SF1390001001,",
      "tea-014-seed-jasmine-tin,顺丰,SF1390001002,1",
      "tea-017-seed-clay-tea-pet,中通快递,ZT12345679,",
    ];
    const buffer = Buffer.from(list.join("\r\n"));
    const file = { name: "list.csv", mimeType: "text/csv", buffer };
    await page.getByRole("dialog").locator("input[type=file]").setInputFiles(file);
    await inDialog("先检查").click();
    await page.getByText("1 行可以发货").waitFor();
    const bad = page.getByRole("dialog").getByRole("row");
    expect(await bad.nth(1).innerText()).toMatch(/3\s+已经全部发出\s+tea-014-seed-jasmine-tin/);
    expect(await bad.nth(2).innerText()).toMatch(/4\s+会员还没有填收货地址\s+tea-017/);
    await inDialog("发货 1 单").click();
    await page.getByRole("dialog").getByText("已发 1 单").waitFor();
    await page.getByRole("dialog").getByText("2 行有问题").waitFor();
  });
});

describe("a store's clerk", () => {
  it("sees who is expected at the store today, or tomorrow once it closes, and no desk that shows them nothing", async () => {
    const clerk = await shop.context({ viewport: { width: 820, height: 900 } });
    const data = { email: "jetty@demo.test", password: COLLEAGUE_PASSWORD };
    const headers = { origin: shop.origin };
    const signedIn = await clerk.request.post("/api/v1/staff-auth/password", { data, headers });
    expect(signedIn.status(), await signedIn.text()).toBe(200);
    const expected = async (dayMs: number): Promise<number> => {
      const path = `/api/v1/staff/write-offs/expected?storeId=jetty&dayMs=${dayMs}`;
      const answer = await clerk.request.get(path);
      return ((await answer.json()) as { items: unknown[] }).items.length;
    };
    const guests = await Promise.all([expected(Date.now()), expected(Date.now() + 86_400_000)]);
    expect(guests.reduce((sum, one) => sum + one, 0)).toBe(3);
    const orders = await clerk.newPage();
    await orders.goto("/console/orders");
    await orders.getByText("seed-tea-020").first().waitFor();
    expect(await orders.getByRole("main").getByText("评价", { exact: true }).count()).toBe(0);
  });
});

describe("words of members", () => {
  it("are decided, taken back, decided again, and stand on the page of the goods", async () => {
    await page.goto("/console/orders/ratings");
    const words = page.locator(".card", { hasText: "吸水很快" });
    await words.getByText("云山杯垫 四片").waitFor();
    await words.getByRole("button", { name: "展示", exact: true }).click();
    await words.waitFor({ state: "detached" });
    await page.getByRole("status").getByRole("button", { name: "撤销" }).waitFor();
    await page.keyboard.press("Control+z");
    await words.getByRole("button", { name: "展示", exact: true }).click();
    await words.waitFor({ state: "detached" });
    await page.getByRole("tab", { name: "已展示" }).or(page.getByText("已展示")).first().click();
    await words.getByRole("button", { name: "不展示" }).waitFor();
    const phone = await shop.phoneOf("tea-001");
    const goods = await phone.newPage();
    await goods.goto("/g/coaster-set");
    await goods.getByText("吸水很快").waitFor();
  });
});
