/** Pages as staff make them and members see them: in a real browser, within the five seconds that are promised. */
import type { BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  inState,
  isFocused,
  isLive,
  press,
  salePath,
  Shop,
  tabTo,
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

async function desk(staffId: string): Promise<BrowserContext> {
  const context = await shop.context({
    ...{ viewport: { width: 1_440, height: 900 }, isMobile: false, hasTouch: false },
  });
  await context.request.post("/api/v1/dev/login", { data: { memberId: staffId, role: "staff" } });
  return context;
}

async function open(context: BrowserContext, path: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(path);
  await page.locator(".page-head h1").waitFor();
  return page;
}

const shownHome = async (): Promise<string> =>
  (await fetch(shop.origin, { headers: { "accept-language": "zh-CN" } })).text();
const published = (page: Page): Promise<void> =>
  page.locator(".toast", { hasText: "已发布" }).waitFor();

describe("a shop from a template", () => {
  it("is come to from the home page with the keyboard alone, past the pages between", async () => {
    const page = await open(await desk("founder"), "/console/pages");
    const pages = page.getByRole("navigation", { name: "选择页面" });
    await tabTo(page, pages.getByRole("link", { name: "从模板开店" }));
    expect(new URL(page.url()).pathname).toBe("/console/pages");
    await page.keyboard.press("Enter");
    const first = page.getByRole("button", { name: /茶饮店/ });
    await first.waitFor();
    expect(await pages.locator("[aria-current=page]").innerText()).toBe("从模板开店");
    await tabTo(page, first);
  });

  it("has goods, rules, a look, a home page and a first sale after one act", async () => {
    const page = await open(await desk("founder"), "/console/pages/start");
    await page.getByRole("button", { name: /茶饮店/ }).click();
    await page.getByLabel("店铺名称").fill("山前茶铺");
    await page.getByRole("button", { name: "开店" }).click();
    await page.getByText("店开好了").waitFor();
    // Members see it within the five seconds in which D1 hears of shelves and sales.
    await until(
      shownHome,
      (html) => /class="feat\b/.test(html) && html.split('class="tile"').length > 5,
      5_000,
    );
    const home = await (await shop.context()).newPage();
    await home.goto("/");
    await isLive(home);
    expect(await textOf(home, "h1")).toBe("山前茶铺");
    expect(await home.locator("html").getAttribute("data-theme")).toBe("tea");
    expect(await home.locator(".flash .feat").count()).toBe(1);
    expect(await home.locator(".tile").count()).toBeGreaterThan(4);
    expect(await home.locator(".quick a").count()).toBe(4);
  });
});

describe("the page builder", () => {
  it("moves, adds and edits blocks by keyboard, and publishes within five seconds", async () => {
    const page = await open(await desk("editor"), "/console/pages");
    const blocks = page.locator(".pb-name");
    await blocks.first().waitFor();
    const before = await blocks.allInnerTexts();
    await blocks.first().focus();
    await page.keyboard.press("Alt+ArrowDown");
    expect(await blocks.allInnerTexts()).toEqual([before[1], before[0], ...before.slice(2)]);
    await tabTo(page, page.locator(".pb-add button", { hasText: "公告" }), "Shift+Tab");
    await page.keyboard.press("Enter");
    // What was added is gone on with: on the palette's button, a space would add another one.
    await until(() => isFocused(page.locator(".pb-inspector h2")), Boolean);
    await page.keyboard.press("Tab");
    expect(await isFocused(page.locator(".pb-inspector input").first())).toBe(true);
    await page.keyboard.press("Control+a");
    await page.keyboard.type("今天打烊前双倍积分");
    const frame = page.frameLocator(".pb-phone iframe");
    await frame.getByText("今天打烊前双倍积分").waitFor();
    expect(await shownHome()).not.toContain("今天打烊前双倍积分");
    await tabTo(page, page.getByRole("button", { name: "发布", exact: true }), "Shift+Tab");
    await page.keyboard.press("Enter");
    await published(page);
    await until(shownHome, (html) => html.includes("今天打烊前双倍积分"), 5_000);
    // Taken back, members see what they saw; what was written stays.
    const undo = page.getByRole("status").getByRole("button", { name: "撤销" });
    await undo.click();
    await until(shownHome, (html) => !html.includes("今天打烊前双倍积分"), 5_000);
    await page.locator(".badge", { hasText: "有未发布的改动" }).waitFor();
    await frame.getByText("今天打烊前双倍积分").first().waitFor();
    // What is deleted hands the focus to what stands beside it.
    await blocks.nth(1).focus();
    await page.keyboard.press("Delete");
    await until(() => isFocused(blocks.nth(1)), Boolean);
    await page.getByRole("button", { name: "版本" }).click();
    expect(await page.locator(".pb-history li").count()).toBeGreaterThan(0);
  });

  it("chooses a block by a click in the preview, which leads nowhere", async () => {
    const page = await open(await desk("editor"), "/console/pages");
    const frame = page.frameLocator(".pb-phone iframe");
    await frame.locator("[data-block=sales]").click();
    await page.locator(".pb-name[aria-current=true]", { hasText: "秒杀场" }).waitFor();
    expect(await frame.locator("[data-block]").count()).toBeGreaterThan(2);
    // On a tablet the fields stand below the phone: whoever chooses a block gets to see them.
    await page.setViewportSize({ width: 768, height: 1_024 });
    await page.getByRole("button", { name: "版本", exact: true }).click();
    await page.locator(".pb-name").first().click();
    await page.waitForFunction(() => {
      const head = document.querySelector(".pb-inspector h2");
      return head !== null && head.getBoundingClientRect().bottom <= innerHeight;
    });
  });

  it("takes a picture from a file or from the goods, and members see it", async () => {
    const page = await open(await desk("editor"), "/console/pages");
    await page.locator(".pb-add button", { hasText: "图片" }).first().click();
    const field = page.locator(".pb-inspector .pb-picture");
    const path = field.getByLabel("图片", { exact: true });
    await field.getByRole("button", { name: "从商品里选" }).click();
    const dialog = page.getByRole("dialog", { name: "选一张商品图" });
    await dialog.locator("li button").first().click();
    await until(
      () => path.inputValue(),
      (value) => value.startsWith("/goods/"),
    );
    const buffer = Buffer.from(
      await page.evaluate(() => {
        const canvas = document.createElement("canvas");
        canvas.width = 900;
        canvas.height = 450;
        canvas.getContext("2d")?.fillRect(0, 0, 900, 450);
        return canvas.toDataURL("image/jpeg").split(",")[1] ?? "";
      }),
      "base64",
    );
    const file = { name: "banner.jpg", mimeType: "image/jpeg", buffer };
    await field.locator("input[type=file]").setInputFiles(file);
    const stored = await until(
      () => path.inputValue(),
      (value) => value.startsWith("/media/"),
    );
    await page.getByRole("button", { name: "发布", exact: true }).click();
    await published(page);
    await until(shownHome, (html) => html.includes(`src="${stored}"`), 5_000);
    const picture = await fetch(shop.origin + stored);
    expect(picture.headers.get("content-type")).toBe("image/webp");
    expect(picture.headers.get("cache-control")).toContain("immutable");
  });

  it("tells the later of two that somebody saved, and loses nothing", async () => {
    const first = await open(await desk("first"), "/console/pages/look");
    const second = await open(await desk("second"), "/console/pages/look");
    await first.getByLabel("客服电话").fill("400-111");
    await first.locator(".badge", { hasText: "有未发布的改动" }).waitFor();
    await second.getByLabel("服务时间").fill("8:00–20:00");
    await second.getByText("别人刚刚保存了这一页").waitFor();
    expect(await textOf(second, "dialog")).toContain("first");
    await second.getByRole("button", { name: "换成对方的" }).click();
    await until(
      () => second.getByLabel("客服电话").inputValue(),
      (value) => value === "400-111",
    );
    await second.getByRole("button", { name: "撤销" }).click();
    expect(await second.getByLabel("服务时间").inputValue()).toBe("8:00–20:00");
  });

  it("makes a colour legible before it is published", async () => {
    const page = await open(await desk("editor"), "/console/pages/look");
    await page.getByRole("button", { name: "自选" }).click();
    await page.getByLabel("自选颜色").fill("#ffe08a");
    await page.locator(".pb-contrast .badge", { hasText: "已换深一档" }).first().waitFor();
    await page.getByRole("button", { name: "发布", exact: true }).click();
    await published(page);
    const css = await until(shownHome, (html) => html.includes("--l-solid:#ffe08a"), 5_000);
    expect(css).toContain('data-theme="custom"');
  });
});

describe("a page that lies open", () => {
  /** Opened by a member, and listening. */
  async function listening(phone: BrowserContext, path: string): Promise<Page> {
    const page = await phone.newPage();
    const line = page.waitForEvent("websocket", (one) => one.url().includes("open-pages"));
    await page.goto(path);
    await (await line).waitForEvent("framereceived");
    await page.evaluate(() => Object.assign(window, { wasThere: true }));
    return page;
  }

  async function publish(pageId: string, change: object): Promise<void> {
    const path = `/api/v1/staff/pages/${pageId}`;
    type Head = { revision: number; draft: object | null; shown: object };
    const { body: head } = await shop.staff.get<Head>(path);
    const body = { ...(head.draft ?? head.shown), ...change };
    const draft = { revision: head.revision, body };
    const saved = await shop.staff.send<Head>("PUT", `${path}/draft`, draft);
    await shop.must(`${path}/publish`, { revision: saved.body.revision, atMs: null });
  }

  const colorOf = (page: Page): Promise<string> =>
    page.evaluate(() =>
      getComputedStyle(document.documentElement).getPropertyValue("--l-solid").trim(),
    );

  async function setTiers(upper: string): Promise<void> {
    const benefits = {
      ...{ redeemPercent: 100, hasExclusivePool: false, giftPoints: 0 },
      ...{ earnPercent: 100, checkInBonus: 0 },
    };
    await shop.staff.send("PUT", "/api/v1/staff/earning/terms/tiers", {
      tiers: [
        { tierId: "leaf", title: "叶友", growthMin: 0, benefits },
        { tierId: "old", title: upper, growthMin: 900, benefits },
      ],
      ...{ window: { kind: "rolling_months", months: 12 }, roundTo: "month" },
      ...{ expiry: { kind: "tier_start_date", months: 12 }, downgrade: "one_down" },
      ...{ graceDays: 30, onReversal: "at_once" },
    });
  }

  it("follows what is set meanwhile, in place: colours, blocks, names of tiers and goods", async () => {
    await setTiers("老茶客");
    const goods = { title: "云山杯", skus: [{ pricePoints: 40 }] };
    const made = await shop.must<{ revision: number }>("/api/v1/staff/goods", {
      ...{ goodsId: "open-cup", goods },
    });
    const path = "/api/v1/staff/goods/open-cup";
    const { revision } = await shop.must<{ revision: number }>(`${path}/publish`, {
      revision: made.revision,
    });
    const saleId = await shop.sale({ units: 3, opensInMs: -120_000 });
    const phone = await shop.phoneOf((await shop.member(900)).memberId);
    const at = ["/points/tier", "/g/open-cup", "/", salePath(saleId), "/orders"];
    const pages = await Promise.all(at.map((one) => listening(phone, one)));
    const [tierPage, goodsPage, home, sale] = pages as [Page, Page, Page, Page];
    const link = tierPage.getByRole("link").first();
    await link.focus();
    await publish("look", { theme: "#2255aa", name: "晴川茶铺" });
    const notice = { type: "notice", id: "n1", text: "今天闭店盘点", link: null };
    await publish("home", { blocks: [notice] });
    await setTiers("掌柜");
    const renamed = { ...goods, title: "云山杯 新款" };
    await shop.staff.send("PUT", path, { revision, goods: renamed });
    await home.getByRole("heading", { name: "晴川茶铺" }).waitFor();
    await home.getByText(notice.text).waitFor();
    await tierPage.getByText("掌柜").first().waitFor();
    await goodsPage.getByRole("heading", { name: renamed.title }).waitFor();
    for (const page of pages) {
      const color = await until(
        () => colorOf(page),
        (now) => now === "#2255aa",
      );
      expect([page.url(), color]).toEqual([page.url(), "#2255aa"]);
      expect(await page.evaluate(() => "wasThere" in window)).toBe(true);
    }
    expect(await isFocused(link)).toBe(true);
    for (const page of [home, tierPage]) {
      const shapes = await page
        .locator("symbol")
        .evaluateAll((all) => all.map((one) => one.innerHTML));
      expect(shapes.length).toBeGreaterThan(0);
      expect(shapes).not.toContain("");
    }
    await press(sale);
    await inState(sale, "granted");
  });
});
