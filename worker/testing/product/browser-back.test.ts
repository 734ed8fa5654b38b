/**
 * The way back where no service worker is, as in WeChat on iOS: whether the browser kept the page whole or takes it from its own cache, it
 * shows what holds now, or says since when it stands still; it is never blank.
 */
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "./browser-launch.ts";
import { ordered, shelved } from "./browser-shelf.ts";
import { isLive, Shop, shows, textOf } from "./browser-shop.ts";
import type { Caller } from "./product.ts";

let shop: Shop;
beforeAll(async () => {
  shop = await Shop.open();
});
afterAll(() => shop.close());

/** A driven browser keeps no pages unless it is told to. */
const WAYS = {
  "kept whole": [["--enable-features=BackForwardCache"], ["--disable-back-forward-cache"]],
  "out of the browser's own cache": [["--disable-features=BackForwardCache"], []],
} as const;

describe.each(Object.entries(WAYS))("a page %s", (way, [flags, without]) => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser(flags, without);
  });
  afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));
  afterAll(() => browser.close());

  async function phone(memberId: string | null): Promise<Page> {
    const context = await browser.newContext({
      ...{ baseURL: shop.origin, locale: "zh-CN", serviceWorkers: "block" },
    });
    if (memberId !== null) await context.request.post("/api/v1/dev/login", { data: { memberId } });
    // Which way a page came is the browser's to say.
    await context.addInitScript(() => {
      addEventListener("pageshow", ({ persisted }) => {
        if (persisted) sessionStorage.setItem("wasKept", location.pathname);
      });
    });
    return context.newPage();
  }

  async function open(page: Page, path: string): Promise<void> {
    await page.goto(path);
    await isLive(page);
  }

  /** As the phone's own Back: nobody waits for a load that may not come. */
  const goBack = (page: Page): Promise<void> =>
    page.evaluate(() => {
      setTimeout(() => history.back());
    });

  async function wasKept(page: Page, path: string): Promise<void> {
    const kept = await page.evaluate(() => sessionStorage.getItem("wasKept"));
    expect(kept).toBe(way === "kept whole" ? path : null);
  }

  async function granted(caller: Caller, memberId: string): Promise<void> {
    const idempotencyKey = `back-${memberId}-0001`;
    await shop.must(`/api/v1/staff/members/${memberId}/grants`, {
      ...{ points: 50, reason: "t", idempotencyKey },
    });
    expect((await caller.get("/api/v1/me")).body).toMatchObject({ points: { active: 550 } });
  }

  it("has the balance of now", async () => {
    const { memberId, caller } = await shop.member(500);
    const page = await phone(memberId);
    await open(page, "/");
    expect(await textOf(page, ".wallet-b")).toBe("500");
    await open(page, "/help");
    await granted(caller, memberId);
    await goBack(page);
    await shows(page, ".wallet-b", /550/);
    await wasKept(page, "/");
  });

  it("has the orders as they are", async () => {
    const skuId = await shelved(shop, "physical", "云山杯垫");
    const { memberId, caller } = await shop.member(500);
    const orderId = await ordered(caller, skuId);
    const page = await phone(memberId);
    await open(page, "/orders");
    expect(await textOf(page, ".ls")).toContain("待发货");
    await open(page, `/orders/${orderId}`);
    expect((await caller.post(`/api/v1/orders/${orderId}/cancel`)).status).toBe(200);
    await goBack(page);
    await shows(page, ".ls", /已取消/);
    await wasKept(page, "/orders");
  });

  it("knows who has signed in since", async () => {
    const { memberId } = await shop.member(500);
    const page = await phone(null);
    await open(page, "/");
    expect(await page.locator(".wallet-in").count()).toBe(1);
    await page.context().request.post("/api/v1/dev/login", { data: { memberId } });
    await open(page, "/points");
    await goBack(page);
    await shows(page, ".wallet-b", /500/);
    await wasKept(page, "/");
  });

  // From a page that was kept whole the driver takes no network away.
  if (way === "kept whole") return;
  it("stays without a network, and comes anew with it", async () => {
    const { memberId, caller } = await shop.member(500);
    const page = await phone(memberId);
    await open(page, "/");
    await open(page, "/help");
    await page.context().setOffline(true);
    await goBack(page);
    await shows(page, ".net-off", /网络断开/);
    expect(await textOf(page, ".wallet-b")).toBe("500");
    await wasKept(page, "/");
    await granted(caller, memberId);
    await page.context().setOffline(false);
    await shows(page, ".wallet-b", /550/, 20_000);
    expect(await textOf(page, ".net-off")).toBe("");
  });
});
