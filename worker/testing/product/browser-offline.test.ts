/** Hours without a network: what a member saw last opens, says of when it is, and is nobody else's. */
import type { BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { ordered, shelved } from "./browser-shelf.ts";
import { inState, isLive, salePath, Shop, step, textOf } from "./browser-shop.ts";
import { startProduct, until } from "./product.ts";

let shop: Shop;
beforeAll(async () => {
  shop = await Shop.open();
});
afterEach(() => shop.putAway());
afterAll(() => shop.close());

async function open(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await isLive(page);
  expect(decodeURIComponent(new URL(page.url()).pathname)).toBe(path);
}

/** Paths of the pages that are kept on this phone. */
const kept = (page: Page): Promise<string[]> =>
  page.evaluate(async () => {
    const keys = await (await caches.open("qd-pages")).keys();
    return keys.map(({ url }) => decodeURIComponent(new URL(url).pathname)).sort();
  });

/** A member who has looked at their pages, on a phone whose service worker has them. */
async function regular(): Promise<{ context: BrowserContext; page: Page; orderId: string }> {
  const skuId = await shelved(shop, "local_service", "手冲体验课");
  const { memberId, caller } = await shop.member(500);
  const orderId = await ordered(caller, skuId);
  const context = await shop.phoneOf(memberId);
  const page = await context.newPage();
  await open(page, "/");
  await page.waitForSelector('html[data-kept="1"]', { state: "attached" });
  await open(page, "/points");
  await open(page, "/orders");
  const voucher = `/vouchers/${orderId}-001`;
  await until(
    () => kept(page),
    (paths) => ["/", "/points", "/orders", voucher].every((path) => paths.includes(path)),
  );
  return { context, page, orderId };
}

/** Not the strip of a page that loses its network while it is looked at. */
const NOTE = "body > p[role=status]:not(.net-off)";

describe("without a network", () => {
  it("the voucher opens with its code, unopened before, and the other pages as they were, each with its time", async () => {
    const { context, page, orderId } = await regular();
    await context.setOffline(true);
    await open(page, `/vouchers/${orderId}-001`);
    await page.locator("[data-code]").waitFor();
    expect(await page.locator(".vc-qr svg").count()).toBe(1);
    expect(await textOf(page, NOTE)).toMatch(/没有网络。这是 \d+ 月 \d+ 日 \d\d:\d\d 的内容/);
    for (const [path, words] of [
      ["/orders", "手冲体验课"],
      ["/points", "400"],
      ["/", "400"],
    ] as const) {
      await open(page, path);
      expect(await textOf(page, NOTE), path).toContain("没有网络");
      expect(await textOf(page, "#app"), path).toContain(words);
    }
    // Back online, it is read anew by itself.
    await context.setOffline(false);
    await page.locator(NOTE).waitFor({ state: "detached" });
  });

  it("the way back leads to no page out of the browser's own cache: it is of now, or says of when it is", async () => {
    const { context, page, orderId } = await regular();
    await open(page, "/points");
    expect(await textOf(page, ".balance")).toContain("400");
    await open(page, `/vouchers/${orderId}-001`);
    const { memberId } = (await (await page.request.get("/api/v1/me")).json()) as {
      memberId: string;
    };
    const grant = { points: 50, reason: "t", idempotencyKey: `way-back-${memberId}-0001` };
    await shop.must(`/api/v1/staff/members/${memberId}/grants`, grant);
    await step(page, "back");
    expect(await textOf(page, ".balance")).toContain("450");
    await context.setOffline(true);
    await step(page, "forward");
    await page.locator("[data-code]").waitFor();
    expect(await textOf(page, NOTE)).toContain("没有网络");
    await step(page, "back");
    expect(await textOf(page, NOTE)).toContain("没有网络");
    expect(await textOf(page, ".balance")).toContain("450");
  });

  it("a sale is never shown from the phone, and online it is as fresh as ever", async () => {
    const { context, page } = await regular();
    const saleId = await shop.sale({ units: 3, pricePoints: 100, priceFen: 0 });
    await open(page, salePath(saleId));
    await inState(page, "open");
    await shop.taken(saleId);
    await open(page, salePath(saleId));
    await page
      .getByText(/还剩\s*2\s*件/)
      .first()
      .waitFor();
    expect(await kept(page)).not.toContain(salePath(saleId));
    await context.setOffline(true);
    await open(page, salePath(saleId));
    expect(await textOf(page, "h1")).toBe("没有网络");
    expect(await page.locator("#grab").count()).toBe(0);
    // The page that stands in for it looks again by itself.
    await context.setOffline(false);
    await inState(page, "open");
  });

  it("nothing of a member is left once they have signed out, nor for whoever signs in next", async () => {
    const { context, page, orderId } = await regular();
    await open(page, "/me");
    await page.getByRole("button", { name: "退出登录" }).tap();
    await page.waitForURL((url) => url.pathname === "/");
    await isLive(page);
    await until(
      () => kept(page),
      (paths) => paths.length === 0,
    );
    const next = await shop.member(70);
    await context.request.post("/api/v1/dev/login", { data: { memberId: next.memberId } });
    await open(page, "/");
    await until(
      () => kept(page),
      (paths) => paths.includes("/"),
    );
    await context.setOffline(true);
    await open(page, `/vouchers/${orderId}-001`);
    expect(await textOf(page, "h1")).toBe("没有网络");
    await open(page, "/");
    expect(await textOf(page, "#app")).toContain("70");
  });

  it("pages of one member go when another one's page comes, whatever way they signed in", async () => {
    const { context, page } = await regular();
    const next = await shop.member(70);
    // Behind the page's back: no request of this phone's pages told of it.
    await context.request.post("/api/v1/dev/login", { data: { memberId: next.memberId } });
    await open(page, "/me");
    await until(
      () => kept(page),
      (paths) => paths.join() === "/me",
    );
  });
});

/** A store, a voucher of three uses that is good there, and what its member's phone shows now. */
async function counter(): Promise<{ code: string; usesLeft: () => Promise<number> }> {
  await shop.must("/api/v1/staff/brands", { brandId: "tea-house", name: "茶社", storeMaySet: [] });
  const store = { storeId: "zhenhai", brandId: "tea-house", name: "镇海路店", address: "思明区" };
  await shop.must("/api/v1/staff/stores", store);
  const skuId = await shelved(shop, "local_service", "手冲体验课");
  await shop.staff.send("PUT", `/api/v1/staff/delivery-terms/${skuId}`, {
    ...{ freightTemplateId: null, usesPerUnit: 3, validDays: 30, storeIds: null },
    ...{ lowStockAt: 20, product: "" },
  });
  const { caller } = await shop.member(500);
  const orderId = await ordered(caller, skuId);
  type Delivery = { vouchers: { voucherId: string; usesLeft: number }[] };
  const delivery = `/api/v1/orders/${orderId}/delivery`;
  const { body } = await caller.get<Delivery>(delivery);
  const shown = await caller.get<{ codes: { code: string }[] }>(
    `/api/v1/me/vouchers/${body.vouchers[0]?.voucherId ?? ""}/codes`,
  );
  return {
    code: shown.body.codes[0]?.code ?? "",
    usesLeft: async () => (await caller.get<Delivery>(delivery)).body.vouchers[0]?.usesLeft ?? 0,
  };
}

const KEPT_DESK = (): Promise<number> =>
  caches.open("qd-desk").then(async (cache) => (await cache.keys()).length);

describe("the desk of a store without a network", () => {
  it("opens again, notes what it serves, writes it off once it can, and is nobody else's", async () => {
    const { code, usesLeft } = await counter();
    const context = await shop.context({ viewport: { width: 1366, height: 900 }, isMobile: false });
    const signIn = (memberId: string) =>
      context.request.post("/api/v1/dev/login", { data: { memberId, role: "staff" } });
    await signIn("clerk-lin");
    const page = await context.newPage();
    await page.goto("/console/write-off");
    await page.getByText("没有网络时还能看，最后更新").waitFor();
    await until(
      () => page.evaluate(KEPT_DESK),
      (pages) => pages === 1,
    );
    await context.setOffline(true);
    await page.reload();
    expect(await textOf(page, NOTE)).toContain("没有网络");
    await page.getByText("没有网络时还能看，最后更新").waitFor();
    await page.fill(".wo-code", code);
    await page.click("button[type=submit]");
    await page.getByText("没有网络，这个码还没有核对").waitFor();
    await page.click(".wo-result .btn.primary");
    await page.getByText("已记下").waitFor();
    await page.reload();
    await page.getByText("待联网").waitFor();
    // The same code again: this device knows that it was served.
    await page.fill(".wo-code", code);
    await page.click("button[type=submit]");
    await page.locator(".wo-result.bad").waitFor();
    await context.setOffline(false);
    await page.getByText("待联网").waitFor({ state: "detached" });
    // Once, however often it was sent: the browser's own offline lets a request out now and then, and loses its answer.
    expect(await usesLeft()).toBe(2);
    await page.locator(NOTE).waitFor({ state: "detached" });
    await signIn("clerk-wu");
    await page.reload();
    await page.getByText("clerk-wu").first().waitFor();
    await context.setOffline(true);
    await page.reload();
    await page.getByText("clerk-wu").first().waitFor();
    await context.setOffline(false);
    await page.getByRole("button", { name: "退出登录" }).click();
    await page.waitForURL((url) => url.pathname === "/console");
    await until(
      () => page.evaluate(KEPT_DESK),
      (pages) => pages === 0,
    );
    expect(
      await page.evaluate(() => Object.keys(localStorage).filter((key) => key.includes("list"))),
    ).toEqual([]);
  });
});

describe("the service worker", () => {
  it("is taken away with all it kept where the operator turns it off, and nobody has one who is not signed in", async () => {
    const { context, page } = await regular();
    await context.addInitScript(() => {
      new MutationObserver((_records, observer) => {
        if (!document.documentElement) return;
        document.documentElement.dataset["offline"] = "off";
        observer.disconnect();
      }).observe(document, { childList: true });
    });
    await open(page, "/points");
    const left = (): Promise<number> =>
      page.evaluate(async () => {
        const found = await navigator.serviceWorker.getRegistrations();
        return found.length + (await caches.keys()).length;
      });
    await until(left, (count) => count === 0);
    const guest = await (await shop.context()).newPage();
    await open(guest, "/");
    await guest.waitForLoadState("networkidle");
    expect(
      await guest.evaluate(() => navigator.serviceWorker.getRegistration("/")),
    ).toBeUndefined();
    const off = await startProduct({ OFFLINE: "off" });
    const html = await (await fetch(`${off.origin}/`)).text();
    await off.close();
    expect(html).toContain('data-offline="off"');
  });
});
