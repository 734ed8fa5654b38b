/** The picture to share: drawn in the browser, scanned as a phone would, and gone from WeChat where the merchant says so. */
import type { BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { codeOf, codePlace } from "../../../storefront/member/poster/code-place.ts";
import { isLive, salePath, Shop, step } from "./browser-shop.ts";
import { setUpProgramme } from "./points-programme.ts";

const WECHAT =
  "Mozilla/5.0 (Linux; Android 14; wv) AppleWebKit/537.36 Chrome/126.0.0.0 Mobile Safari/537.36 MicroMessenger/8.0.50";

const ACTIVITY_PAGES = {
  invite: "/points/invite",
  tasks: "/points/tasks",
  check_in: "/points/check-in",
};

let shop: Shop;
beforeAll(async () => {
  shop = await Shop.open();
  await setUpProgramme(shop.staff);
});
afterEach(() => shop.putAway());
afterAll(() => shop.close());

async function open(context: BrowserContext, path: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(path);
  await isLive(page);
  return page;
}

/** A page of the merchant's own that leads to these. */
async function publishLinks(paths: readonly string[]): Promise<void> {
  const page = "/api/v1/staff/pages/links";
  const entries = [...paths, "/help"].map((link) => ({
    icon: "gift",
    title: "去",
    note: "",
    link,
  }));
  const blocks = [
    { type: "quick", id: "quick", entries },
    { type: "notice", id: "notice", text: "签到有礼", link: `${paths[0]}?from=notice` },
  ];
  const share = { title: "", description: "", picture: null };
  const body = { title: "链接", share, blocks };
  const draft = await shop.staff.send<{ revision: number }>("PUT", `${page}/draft`, {
    ...{ revision: 0, body },
  });
  await shop.must(`${page}/publish`, { revision: draft.body.revision });
}

/** Compares each module of the code in the picture with the code of the address it must lead to; answers how many differ. */
async function misread(page: Page, url: string): Promise<number> {
  const code = codeOf(url).map((row) => [...row]);
  const place = codePlace(code.length);
  return page.evaluate(
    ({ code: rows, place: { modulePx, x, fromBottom } }) => {
      const image = document.querySelector<HTMLImageElement>("img.poster");
      if (image === null) throw new Error("no picture is shown");
      const canvas = document.createElement("canvas");
      canvas.width = image.naturalWidth;
      canvas.height = image.naturalHeight;
      const ctx = canvas.getContext("2d");
      if (ctx === null) throw new Error("no canvas");
      ctx.drawImage(image, 0, 0);
      const top = canvas.height - fromBottom;
      const { data, width } = ctx.getImageData(0, 0, canvas.width, canvas.height);
      let wrong = 0;
      rows.forEach((row, at) =>
        row.forEach((isDark, nth) => {
          const middle = (n: number): number => Math.floor((n + 0.5) * modulePx);
          const red = data[4 * ((top + middle(at)) * width + x + middle(nth))] ?? 0;
          if (red < 128 !== isDark) wrong += 1;
        }),
      );
      return wrong;
    },
    { code, place },
  );
}

describe("the picture to share", () => {
  it("of a sale is fetched when asked for, carries the address, and gives the page back", async () => {
    const saleId = await shop.sale({ opensInMs: 3_600_000 });
    const page = await open(await shop.context(), salePath(saleId));
    const asked: string[] = [];
    page.on("request", (request) => asked.push(new URL(request.url()).pathname));
    await page.getByRole("button", { name: "分享" }).tap();
    await page.getByRole("img", { name: /分享图：云山白随行保温杯/ }).waitFor();
    expect(asked.some((path) => path.includes("poster-sheet"))).toBe(true);
    expect(await misread(page, shop.origin + salePath(saleId))).toBe(0);
    expect(await misread(page, `${shop.origin}/elsewhere`)).toBeGreaterThan(20);
    const saved = page.waitForEvent("download");
    await page.getByRole("link", { name: "保存图片" }).tap();
    expect((await saved).suggestedFilename()).toMatch(/保温杯.*\.jpg$/);
    await page.goBack();
    await page.locator(".poster").waitFor({ state: "detached" });
    expect(page.url()).toBe(shop.origin + salePath(saleId));
    expect(shop.complaints.errors).toEqual([]);
  });

  it("open while the page is read anew leaves no step of Back that leads nowhere", async () => {
    const saleId = await shop.sale({ opensInMs: 3_600_000 });
    const page = await open(await shop.context(), "/calendar");
    await page.goto(salePath(saleId));
    await isLive(page);
    const share = page.getByRole("button", { name: "分享" });
    await share.tap();
    await page.getByRole("dialog").waitFor();
    await page.reload();
    await isLive(page);
    // At once, while the browser may still be on its way back to the page's own entry.
    await share.tap();
    await page.getByRole("dialog").waitFor();
    await page.waitForFunction(() => (history.state as { over?: number } | null)?.over === 1);
    await page.goBack();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    expect(page.url()).toBe(shop.origin + salePath(saleId));
    await step(page, "back");
    expect(page.url()).toBe(`${shop.origin}/calendar`);
  });

  it("of an invitation leads to the member's own link, in English too", async () => {
    const { memberId, caller } = await shop.member(100);
    const { body } = await caller.get<{ link: string }>("/api/v1/me/invites");
    const page = await open(await shop.phoneOf(memberId, { locale: "en" }), "/points/invite");
    await page.getByRole("button", { name: "Make a picture to invite" }).tap();
    await page.getByRole("img", { name: /Picture to share/ }).waitFor();
    expect(await misread(page, new URL(body.link, shop.origin).href)).toBe(0);
  });

  it("leaves WeChat where the merchant says so, and stays everywhere else", async () => {
    const saleId = await shop.sale({ opensInMs: 3_600_000 });
    const inWechat = await shop.context({ userAgent: WECHAT });
    const before = await open(inWechat, salePath(saleId));
    await before.getByRole("button", { name: "分享" }).tap();
    await before.locator("img.poster").waitFor();
    // Its web view saves by a long press.
    expect(await before.getByRole("link", { name: "保存图片" }).count()).toBe(0);
    const phone = { isOn: false, gatewayUrl: null, gatewaySecret: null };
    const { body } = await shop.staff.get<{ revision: number }>("/api/v1/staff/channels");
    const saved = await shop.staff.send("PUT", "/api/v1/staff/channels", {
      revision: body.revision,
      channels: {
        ...{ wechat: null, phone, ticketKeys: [], embedOrigins: [], verifyFiles: [] },
        hiddenInWechat: ["poster", ...Object.keys(ACTIVITY_PAGES)],
      },
    });
    expect(saved.status).toBe(200);
    await expect
      .poll(
        async () => {
          await before.goto(salePath(saleId));
          return (await before.content()).includes('"sharesPoster":false');
        },
        { timeout: 10_000 },
      )
      .toBe(true);
    await isLive(before);
    await before.getByRole("button", { name: "分享" }).tap();
    await before.getByText("链接已复制").or(before.getByText("没复制上")).first().waitFor();
    expect(await before.locator("img.poster").count()).toBe(0);
    const outside = await open(await shop.context(), salePath(saleId));
    await outside.getByRole("button", { name: "分享" }).tap();
    await outside.locator("img.poster").waitFor();
  });

  it("takes hidden activities off every page of WeChat's, with all that leads to them", async () => {
    const { memberId } = await shop.member(100);
    await publishLinks(Object.values(ACTIVITY_PAGES));
    const links = async (options: BrowserContextOptions): Promise<string[]> => {
      const { request } = await shop.phoneOf(memberId, options);
      const pages = ["/p/links", "/points", "/me"].map(async (path) =>
        (await request.get(path)).text(),
      );
      const found = (await Promise.all(pages)).join("").matchAll(/href="(\/points\/[a-z-]+)"/g);
      const led = new Set([...found].map(([, path]) => path));
      const activities = Object.values(ACTIVITY_PAGES);
      const there = activities.map(async (path) => (await request.get(path)).status());
      const statuses = (await Promise.all(there)).join(" ");
      return [...activities.filter((path) => led.has(path)), statuses];
    };
    expect(await links({ userAgent: WECHAT })).toEqual(["404 404 404"]);
    expect(await links({})).toEqual([...Object.values(ACTIVITY_PAGES), "200 200 200"]);
  });
});
