/** Goods from the console to a member's phone: written, published, repriced under an open page, redeemed; and every page for every eye. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { isFocused, Shop, tabTo } from "./browser-shop.ts";
import { Caller, until } from "./product.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let shop: Shop;
beforeAll(async () => {
  shop = await Shop.open();
});
afterEach(async () => {
  await shop.putAway();
});
afterAll(async () => {
  await shop.close();
});

async function desk(path: string, colorScheme: "light" | "dark" = "light"): Promise<Page> {
  const context = await shop.context({
    ...{ viewport: { width: 1_280, height: 800 }, isMobile: false, hasTouch: false, colorScheme },
    // The policy of the page forbids the script that looks at it.
    ...{ bypassCSP: true, reducedMotion: "reduce" },
  });
  await context.request.post("/api/v1/dev/login", { data: { memberId: "owner", role: "staff" } });
  const page = await context.newPage();
  await page.goto(path);
  return page;
}

async function phone(memberId: string | null, path: string): Promise<Page> {
  const options = { bypassCSP: true, reducedMotion: "reduce" } as const;
  const context =
    memberId === null ? await shop.context(options) : await shop.phoneOf(memberId, options);
  const page = await context.newPage();
  await page.goto(path);
  await page.waitForSelector("html[data-live]");
  return page;
}

/** As an impatient finger does: at one place, one right after the other. */
async function tapTwice(page: Page, button: Locator): Promise<void> {
  await button.scrollIntoViewIfNeeded();
  await button.click({ trial: true });
  const box = await button.boundingBox();
  if (!box) throw new Error("not on the page");
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.touchscreen.tap(x, y);
  await page.touchscreen.tap(x, y);
}

async function ordersOf(memberId: string): Promise<number> {
  const caller = await new Caller(shop.origin).login(memberId);
  const { body } = await caller.get<{ orders: readonly unknown[] }>("/api/v1/orders");
  return body.orders.length;
}

async function violations(page: Page): Promise<string[]> {
  await page.addScriptTag({ content: AXE });
  const { violations: found } = await page.evaluate(() =>
    (window as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
  );
  return found
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(" ")}`));
}

/** Goods with variants on their shelves, through the API. */
async function stocked(goodsId: string): Promise<void> {
  const send = async (path: string, body: unknown): Promise<{ revision: number }> => {
    const reply = await shop.staff.post<{ revision: number }>(path, body);
    if (reply.status > 201) throw new Error(`${path}: ${reply.status}`);
    return reply.body;
  };
  const goods = {
    ...{ title: "云山搪瓷杯", subtitle: "摔不碎", tags: ["新品"], marketPriceFen: 3_900 },
    axes: [{ name: "颜色", values: ["云白", "山绿"] }],
    skus: [
      { values: ["云白"], pricePoints: 40 },
      { values: ["山绿"], pricePoints: 45 },
    ],
    description: [{ kind: "paragraph", text: "<img src=x onerror=alert(1)>" }],
    limits: { perOrder: 2, perDay: 2, lifetime: null, window: null },
  };
  const { revision } = await send("/api/v1/staff/goods", { goodsId, goods });
  const requestId = `stock-${goodsId}-0000000001`;
  const stock = { requestId, cause: "received", units: 5 };
  await send(`/api/v1/staff/skus/${goodsId}-1/stock`, stock);
  await send(`/api/v1/staff/goods/${goodsId}/publish`, { revision });
}

describe("a good", () => {
  it("is written with a picture, stocked and published, repriced under an open page, and redeemed", async () => {
    const page = await desk("/console/goods/new");
    await page.getByLabel("名称").fill("手作竹杯");
    await page.getByLabel("商品编号").fill("bamboo-cup");
    const png = await page.evaluate(() => {
      const canvas = Object.assign(document.createElement("canvas"), { width: 500, height: 500 });
      canvas.getContext("2d")?.fillRect(0, 0, 500, 500);
      return canvas.toDataURL("image/png").split(",")[1] ?? "";
    });
    await page.locator(".g-add input").setInputFiles({
      ...{ name: "cup.png", mimeType: "image/png", buffer: Buffer.from(png, "base64") },
    });
    await page.locator(".g-pic").waitFor();
    await page.getByLabel("积分", { exact: false }).first().fill("100");
    await page.getByRole("button", { name: "建好这件商品" }).click();
    // Stocked and published by keys alone.
    const stock = page.getByRole("button", { name: "出入库" });
    await stock.waitFor();
    await tabTo(page, stock);
    await page.keyboard.press("Enter");
    await tabTo(page, page.getByLabel("件数"));
    await page.keyboard.type("3");
    await page.keyboard.press("Enter");
    await page.getByRole("link", { name: "3", exact: true }).waitFor();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await until(() => isFocused(stock), Boolean);
    await tabTo(page, page.getByRole("button", { name: "现在上架" }), "Shift+Tab");
    await page.keyboard.press("Enter");
    await page.getByText("已上架", { exact: true }).waitFor();

    const { memberId } = await shop.member(500);
    const member = await phone(memberId, "/g/bamboo-cup");
    await member.locator(".gd-price").getByText("100").waitFor();
    const picture = member.locator(".gd-strip img").first();
    expect(await picture.getAttribute("src")).toMatch(
      /^\/media\/demo\/[0-9a-f]{32}\.(?:webp|png)$/,
    );

    await page.getByLabel("积分", { exact: false }).first().fill("120");
    await page.getByRole("button", { name: "保存" }).click();
    // Without a reload: the open page sees it by itself.
    await member.locator(".gd-price").getByText("120").waitFor();
    await member.getByText("价格刚刚有变化").waitFor();
    // The button that confirms stands where the one that opened the sheet stood, and so does what follows.
    await tapTwice(member, member.getByRole("button", { name: /兑换/ }));
    expect(await ordersOf(memberId)).toBe(0);
    await tapTwice(member, member.getByRole("button", { name: /确认，扣 120 积分/ }));
    await member.getByText("兑换成功").waitFor();
    expect(await ordersOf(memberId)).toBe(1);
    await member.getByRole("link", { name: "看订单" }).click();
    await member.getByText("手作竹杯").first().waitFor();
  });

  it("that two people edit is shown to the later one in both versions", async () => {
    await stocked("two-hands");
    const [first, second] = [
      await desk("/console/goods/two-hands"),
      await desk("/console/goods/two-hands"),
    ];
    await first.getByLabel("名称").fill("先改的杯");
    await second.getByLabel("名称").fill("后改的杯");
    await first.getByRole("button", { name: "保存" }).click();
    await first.getByText("已保存").waitFor();
    await second.getByRole("button", { name: "保存" }).click();
    const dialog = second.getByRole("dialog");
    await dialog.getByText("先改的杯").waitFor();
    await dialog.getByText("后改的杯").waitFor();
  });

  it("shows what those who have it say once staff have read it, and their order leads to the merchant", async () => {
    const goods = { title: "加料券", kind: "coupon", skus: [{ pricePoints: 10 }] };
    const send = async (path: string, body: unknown): Promise<void> => {
      const reply = await shop.staff.post(path, body);
      if (reply.status > 201) throw new Error(`${path}: ${JSON.stringify(reply.body)}`);
    };
    await send("/api/v1/staff/goods", { goodsId: "rated", goods });
    await send("/api/v1/staff/goods/rated/publish", { revision: 1 });
    const stock = { requestId: "stock-rated-0000000001", cause: "received", units: 5 };
    await send("/api/v1/staff/skus/rated/stock", stock);
    const grant = { points: 100, reason: "t", idempotencyKey: "rated-0000000000001" };
    await send("/api/v1/staff/members/rater/grants", grant);
    const page = await phone("rater", "/g/rated");
    const live = await (await page.request.get("/api/v1/goods/rated/live")).json();
    const [sku] = live.skus;
    const orderId = "rated-order-000000001";
    const wish = { orderId, quantity: 1, epoch: sku.epoch };
    const headers = { origin: new URL(page.url()).origin };
    const path = `/api/v1/sales/${encodeURIComponent(sku.saleId)}/redemptions`;
    expect((await page.request.post(path, { data: wish, headers })).status()).toBe(201);
    // Nobody knows what a coupon is good for before it was used.
    const codes = `/api/v1/me/vouchers/${orderId}-001/codes`;
    await expect
      .poll(async () => (await page.request.get(codes)).status(), { timeout: 10_000 })
      .toBe(200);
    const [{ code }] = (await (await page.request.get(codes)).json()).codes;
    const store = { storeId: "store-1", brandId: "main", name: "镇海路店", address: "" };
    await send("/api/v1/staff/stores", store);
    const use = { writeOffId: "rated-use-000000000001", code, storeId: "store-1", uses: 1 };
    await send("/api/v1/staff/write-offs", use);
    const rated = { data: { stars: 4, comment: "珍珠很糯，下次还来" }, headers };
    await expect
      .poll(
        async () => (await page.request.post(`/api/v1/orders/${orderId}/rating`, rated)).status(),
        { timeout: 10_000 },
      )
      .toBeLessThan(300);
    await page.reload();
    await page.getByText("平均 4.0 星 · 1 人评价").waitFor();
    expect(await page.getByText("珍珠很糯").count()).toBe(0);
    await send(`/api/v1/staff/ratings/rater/${orderId}`, { state: "shown" });
    await page.reload();
    await page.getByText("珍珠很糯，下次还来").waitFor();
    expect(await violations(page)).toEqual([]);
    await page.goto(`/orders/${orderId}`);
    await page.getByRole("link", { name: "有问题？带着这一单联系商家" }).click();
    await page.getByText(orderId).waitFor();
  });
});

describe("a file of goods", () => {
  it("is written part by part, goes on where it broke, and is not written twice", async () => {
    const lines = Array.from({ length: 110 }, (_, at) => `file-${at},分段杯 ${at},10,${at % 3}`);
    const file = {
      ...{ name: "goods.csv", mimeType: "text/csv" },
      buffer: Buffer.from(["goodsId,title,pricePoints,units", ...lines].join("\n")),
    };
    const page = await desk("/console/goods/import");
    const asked: string[] = [];
    let isBroken = true;
    await page.route("**/goods-import?*", (route) => {
      const from = new URL(route.request().url()).searchParams.get("fromLine") ?? "whole";
      asked.push(from);
      if (from !== "52" || !isBroken) return route.continue();
      isBroken = false;
      return route.abort();
    });
    await page.locator("input[type=file]").setInputFiles(file);
    await page.getByText("110 行，110 件商品，没有问题。 新建 110 件，修改 0 件。").waitFor();
    await page.getByRole("button", { name: "导入", exact: true }).click();
    await page.getByText("写到第 52 行停下了").waitFor();
    await page.getByRole("button", { name: "接着导入" }).click();
    await page.getByText("已写入 50 / 110 行").waitFor();
    await page.getByText("导入完成：新建 110 件，修改 0 件").waitFor();
    expect(asked).toEqual(["whole", "1", "52", "52", "102"]);

    // Another visit, the same file.
    await page.reload();
    await page.locator("input[type=file]").setInputFiles(file);
    await page.getByText("这个文件已经导入过").waitFor();
    await page.getByRole("button", { name: "仍要再导入一次" }).waitFor();
    const { body } = await shop.staff.get<{ shelf: number }>("/api/v1/staff/skus/file-2/stock");
    expect(body.shelf).toBe(2);
  });
});

describe("the pages", () => {
  it("of the mall are for every eye, and text is text", async () => {
    await stocked("plain-text");
    const { memberId } = await shop.member(500);
    for (const who of [null, memberId]) {
      for (const path of ["/g", "/g?q=%E6%90%AA%E7%93%B7", "/g?q=zzzz", "/g/plain-text"]) {
        const page = await phone(who, path);
        expect(await violations(page), `${path} ${who}`).toEqual([]);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expect(wide, path).toBeLessThanOrEqual(0);
      }
    }
    const page = await phone(memberId, "/g/plain-text");
    await page.getByText("<img src=x onerror=alert(1)>").waitFor();
    await page.getByLabel(/山绿/).check();
    await page.getByText("暂时兑完").first().waitFor();
    await page.getByLabel(/云白/).check();
    await page.getByRole("button", { name: /兑换/ }).click();
    await page.locator(".cf-lots").waitFor();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.locator(".sheet").waitFor({ state: "detached" });
    expect(shop.complaints.errors).toEqual([]);
  });

  it("of the console are for every eye, in light and dark", async () => {
    await stocked("for-eyes");
    const paths = [
      ["/console/goods", "tbody tr"],
      ["/console/goods/for-eyes", "form"],
      ["/console/goods/for-eyes?tab=skus", ".g-matrix"],
      ["/console/goods/for-eyes?tab=about", ".g-block"],
      ["/console/goods/categories", ".g-foot"],
      ["/console/goods/import", "h1"],
      ["/console/goods/stock/for-eyes-1", "tbody tr"],
    ] as const;
    for (const scheme of ["light", "dark"] as const) {
      const page = await desk("/console/goods", scheme);
      for (const [path, there] of paths) {
        await page.goto(path);
        await page.locator(there).first().waitFor();
        expect(await violations(page), `${path} ${scheme}`).toEqual([]);
      }
    }
  });
});
