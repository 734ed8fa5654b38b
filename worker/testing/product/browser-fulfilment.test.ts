/** From the member's phone to the clerk's: an address, a parcel, a card code, and a voucher that is scanned between two phones. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "./browser-launch.ts";
import { ordered, shelved } from "./browser-shelf.ts";
import { isLive, Shop, textOf } from "./browser-shop.ts";
import { until } from "./product.ts";

interface Waiting {
  readonly approvalId: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

let shop: Shop;
let clerk: BrowserContext;
beforeAll(async () => {
  shop = await Shop.open({}, { courierStepsMs: [0, 100, 200, 300] });
  await shop.must("/api/v1/staff/brands", { brandId: "tea-house", name: "茶社", storeMaySet: [] });
  for (const [storeId, name] of [
    ["zhenhai", "镇海路店"],
    ["airport", "机场店"],
  ]) {
    const store = { storeId, brandId: "tea-house", name, address: "思明区" };
    await shop.must("/api/v1/staff/stores", store);
  }
});
afterAll(async () => {
  expect(shop.complaints).toEqual({ errors: [], missing: [] });
  await shop.close();
});

const goods = (kind: string, title: string): Promise<string> => shelved(shop, kind, title);

/** Open around the clock, so that the hour of the test does not matter. */
const ROUND_THE_CLOCK = {
  ...{ weekdays: [1, 2, 3, 4, 5, 6, 7], hours: [{ fromMinute: 0, untilMinute: 1_440 }] },
  ...{ slotMinutes: 30, capacity: 1, closedDays: [], aheadDays: 2 },
  ...{ leadMinutes: 0, moveHours: 0, moves: 1 },
};

async function open(context: BrowserContext, path: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(path);
  await isLive(page);
  return page;
}

/** A clerk's phone of its own browser. */
async function deskContext(browser: Browser): Promise<BrowserContext> {
  const context = await browser.newContext({
    ...{ viewport: { width: 430, height: 932 }, baseURL: shop.origin, locale: "zh-CN" },
  });
  context.setDefaultTimeout(30_000);
  await context.request.post("/api/v1/dev/login", {
    data: { memberId: "walk-scanner", role: "staff" },
  });
  return context;
}

async function desk(): Promise<Page> {
  clerk = await shop.context({ viewport: { width: 820, height: 1180 }, isMobile: false });
  await clerk.request.post("/api/v1/dev/login", {
    data: { memberId: "walk-clerk", role: "staff" },
  });
  const page = await clerk.newPage();
  await page.goto("/console/write-off");
  await page.waitForSelector(".wo-code");
  await page.selectOption(".wo-desk select", "zhenhai");
  return page;
}

describe("a voucher", () => {
  it("is booked and shown on one phone, used in parts on the other, and a use is undone by two", async () => {
    const skuId = await goods("local_service", "手冲体验课");
    await shop.staff.send("PUT", `/api/v1/staff/delivery-terms/${skuId}`, {
      ...{ freightTemplateId: null, usesPerUnit: 3, validDays: 30, storeIds: null },
      ...{ lowStockAt: 20, product: "" },
    });
    const plan = await shop.staff.send(
      "PUT",
      `/api/v1/staff/booking-plans/zhenhai?skuId=${skuId}`,
      ROUND_THE_CLOCK,
    );
    expect(plan.status).toBe(200);
    const { memberId, caller } = await shop.member(500);
    const orderId = await ordered(caller, skuId);
    const phone = await shop.phoneOf(memberId);
    const page = await open(phone, `/vouchers/${orderId}-001`);
    // The last of the day: in its last hour there is one alone, and the first may begin while it is looked at.
    const slot = page.locator(".bk-slots button").last();
    const slotMs = Number(await slot.getAttribute("data-slot"));
    await slot.tap();
    await page.tap(".dl-form .btn.primary");
    await page.waitForSelector("text=已约 镇海路店");
    // Giving it up is asked about, with what becomes of it; it is kept.
    await page.tap("text=取消预约");
    await page.waitForSelector(".dialog >> text=的位置马上让给别人");
    await page.tap(".dialog .btn.line");
    await page.waitForSelector(".dialog", { state: "detached" });
    const digits = page.locator("[data-code]");
    await digits.waitFor();
    expect(await page.locator(".vc-qr svg").count()).toBe(1);
    const code = (await digits.getAttribute("data-code")) ?? "";
    const counter = await desk();
    const slotDay = new Date(slotMs + 8 * 3_600_000).toISOString().slice(0, 10);
    await counter.fill("input[type=date]", slotDay);
    await counter.waitForSelector(".ord-lots >> text=手冲体验课");
    await counter.waitForSelector(".ord-lots >> text=待到店");
    await counter.fill(".wo-code", code.replace(/^(\d{4})(\d{4})(\d{4})$/, "$1 $2 $3"));
    await counter.click("button[type=submit]");
    await counter.waitForSelector(".wo-result");
    expect(await textOf(counter, ".wo-result")).toContain("手冲体验课");
    await counter.fill(".wo-result input", "2");
    await counter.click(".wo-result .btn.primary");
    await counter.waitForSelector(".wo-result.ok");
    expect(await textOf(counter, ".wo-result")).toContain("还剩 1 / 3 次");
    await page.waitForSelector(".vc-seal");
    expect(await textOf(page, ".vc-used")).toMatch(/镇海路店.*2 次/);
    expect(await page.locator("[data-code]").count()).toBe(1);
    const show = async (): Promise<void> => {
      await counter.click(".wo-result .btn.primary");
      await counter.fill(".wo-code", code);
      await counter.click("button[type=submit]");
    };
    await show();
    await counter.waitForSelector(".wo-result >> text=核销 1 次");
    await counter.click(".wo-result .btn.primary");
    await counter.waitForSelector(".wo-result.ok");
    // Used up: its page shows no code any more, and the clerk is told so.
    await page.waitForSelector("[data-code]", { state: "detached" });
    await show();
    await counter.waitForSelector(".wo-result.bad");
    expect(await textOf(counter, ".wo-result")).toContain("已经用完了");
    await counter.click(".wo-result .btn.primary");
    await counter.waitForSelector(".ord-lots >> text=已到店");
    await counter.getByRole("button", { name: "撤销" }).first().click();
    await counter.fill("dialog input", "扫错了人");
    await counter.click("dialog footer .btn.danger");
    await counter.getByText("要撤销，等同事同意").waitFor();
    const { body: waiting } = await until(
      () => shop.staff.get<{ items: Waiting[] }>("/api/v1/staff/approvals?state=proposed"),
      ({ body }) => body.items.length > 0,
    );
    const [proposal] = waiting.items;
    expect(proposal?.payload).toMatchObject({ goods: "手冲体验课", uses: 1 });
    const path = `/api/v1/staff/approvals/${proposal?.approvalId ?? ""}/approve`;
    expect((await shop.staff.post(path, { note: "" })).status).toBe(200);
    await page.reload();
    await page.waitForSelector("[data-code]");
    expect(await textOf(page, "main")).toContain("还剩 1 / 3 次");
    await shop.putAway();
  });

  it("is scanned by a camera, in a browser that cannot read codes by itself", async () => {
    const skuId = await goods("local_service", "扫码体验课");
    const { memberId, caller } = await shop.member(500);
    const orderId = await ordered(caller, skuId);
    const phone = await shop.phoneOf(memberId);
    const page = await open(phone, `/vouchers/${orderId}-001`);
    await page.locator("[data-code]").waitFor();
    // What the clerk's camera films is the other phone's screen as it is.
    const screen = await page.locator(".vc-qr").screenshot({ type: "jpeg", quality: 90 });
    const film = join(mkdtempSync(join(tmpdir(), "qiangdui-film-")), "phone.mjpeg");
    writeFileSync(film, Buffer.concat([screen, screen, screen]));
    const eye = await launchBrowser([
      "--use-fake-ui-for-media-stream",
      "--use-fake-device-for-media-stream",
      `--use-file-for-fake-video-capture=${film}`,
    ]);
    try {
      const counter = await (await deskContext(eye)).newPage();
      const fetched: string[] = [];
      counter.on("request", (request) => fetched.push(new URL(request.url()).pathname));
      await counter.goto("/console/write-off");
      await counter.waitForSelector(".wo-code");
      await counter.selectOption(".wo-desk select", "zhenhai");
      expect(await counter.evaluate(() => "BarcodeDetector" in globalThis)).toBe(false);
      const before = fetched.length;
      await counter.getByRole("button", { name: "扫码" }).click();
      await counter.waitForSelector(".wo-result");
      // The library came with the camera and not before.
      expect(fetched.slice(before).filter((path) => path.endsWith(".js"))).toHaveLength(1);
      expect(await textOf(counter, ".wo-result")).toContain("扫码体验课");
      await counter.click(".wo-result .btn.primary");
      await counter.waitForSelector(".wo-result.ok");
      await page.waitForSelector(".vc-seal");
      expect(await counter.locator("video").count()).toBe(0);
    } finally {
      await eye.close();
      rmSync(dirname(film), { recursive: true, force: true });
    }
    await shop.putAway();
  });

  it("goes on showing codes without a network, and says that it does", async () => {
    const skuId = await goods("local_service", "茶席");
    const { memberId, caller } = await shop.member(500);
    const orderId = await ordered(caller, skuId);
    const phone = await shop.phoneOf(memberId);
    const page = await open(phone, `/vouchers/${orderId}-001`);
    await page.waitForSelector("[data-code]");
    // The browser complains where the network goes while it fetches the service worker.
    await page.waitForSelector("html[data-kept]");
    await phone.setOffline(true);
    await page.waitForSelector(".vc-code .warn");
    expect(await page.locator("[data-code]").count()).toBe(1);
    await phone.setOffline(false);
    await page.waitForSelector(".vc-code .warn", { state: "detached" });
    await shop.putAway();
  });
});

describe("an order of goods", () => {
  it("asks for an address, is picked and shipped in two parcels, and is received when both left", async () => {
    const skuId = await goods("physical", "盖碗");
    const { memberId, caller } = await shop.member(500);
    const orderId = await ordered(caller, skuId, 2);
    const phone = await shop.phoneOf(memberId);
    const page = await open(phone, `/orders/${orderId}`);
    await page.waitForSelector(".dl-ask");
    await page.tap(".dl-block .btn.primary");
    await page.fill("#dl-name", "黄小安");
    await page.fill("#dl-phone", "136 1234 0415");
    const region = page.locator(".dl-region select");
    await region.nth(0).selectOption("350000");
    await region.nth(1).selectOption("350200");
    await region.nth(2).selectOption("350203");
    await page.fill("#dl-detail", "镇海路 26 号 301 室");
    await page.tap(".dl-form button[type=submit]");
    await page.waitForSelector("text=黄*安");
    const seen = await textOf(page, ".dl-block");
    expect(seen).toContain("136****0415");
    expect(seen).not.toContain("13612340415");
    await until(
      () => shop.staff.get<{ items: unknown[] }>(`/api/v1/staff/orders?q=${orderId}`),
      ({ body }) => body.items.length === 1,
    );
    const counter = await desk();
    await counter.goto(`/console/orders?q=${orderId}`);
    await counter.check("tbody input[type=checkbox]");
    await counter.locator(".btn", { hasText: "拣货单" }).click();
    await counter.waitForSelector(".pick-labels >> text=黄小安");
    expect(await textOf(counter, ".pick-part")).toContain("盖碗");
    await counter.goto(`/console/orders?q=${orderId}`);
    await counter.click("tbody tr td:nth-child(3)");
    await counter.click(".modal footer .btn.primary");
    const numbers = counter.locator("dialog dialog input.in");
    await numbers.nth(0).fill("SF1234567890123");
    await numbers.nth(1).fill("1");
    await counter.click("dialog dialog footer .btn.primary");
    await counter.waitForSelector("text=SF1234567890123");
    await page.reload();
    await page.waitForSelector("text=还有 1 件等待发货");
    // Half of it is still in the shop: nobody can have received it.
    expect(await page.locator(".dl-block .btn.primary").count()).toBe(0);
    const early = await caller.post(`/api/v1/orders/${orderId}/receive`, {});
    expect(early).toMatchObject({ status: 409, body: { reason: "units_unsent" } });
    await counter.goto("/console/orders");
    await counter.locator(".btn", { hasText: "导入单号发货" }).click();
    const lines = [
      "单号,快递公司,快递单号,数量",
      `${orderId},顺丰,SF1234567890124,1`,
      "none,顺丰,1,1",
    ];
    await counter.setInputFiles("dialog input[type=file]", {
      ...{ name: "numbers.csv", mimeType: "text/csv", buffer: Buffer.from(lines.join("\n")) },
    });
    await counter.locator("dialog .btn", { hasText: "先检查" }).click();
    await counter.locator("dialog .btn.primary", { hasText: "发货 1 单" }).click();
    await until(
      () => caller.get<{ unitsToShip: number }>(`/api/v1/orders/${orderId}/delivery`),
      ({ body }) => body.unitsToShip === 0,
    );
    await page.reload();
    await page.waitForSelector("text=SF1234567890124");
    // The courier says by itself where it is; nobody asked.
    await until(
      () => caller.get<{ shipments: { state: string }[] }>(`/api/v1/orders/${orderId}/delivery`),
      ({ body }) => body.shipments.every(({ state }) => state === "signed"),
    );
    await page.reload();
    await isLive(page);
    await page.locator("text=已签收，感谢使用").first().waitFor();
    await page.tap(".dl-block .btn.primary");
    await page.tap(".dialog .btn.primary");
    await page.waitForSelector(".dl-stars");
    await shop.putAway();
  });
});

describe("a card code", () => {
  it("is shown when its member asks for it, and never before", async () => {
    const skuId = await goods("card_code", "音乐月卡");
    const batch = `batch-${crypto.randomUUID()}`.slice(0, 38);
    const taken = await fetch(
      `${shop.origin}/api/v1/staff/codes/${skuId}/import?batchId=${batch}`,
      {
        method: "POST",
        headers: { "content-type": "text/csv", authorization: `Bearer ${shop.staff.token}` },
        body: "MUSIC-7788-9900\n",
      },
    );
    expect(taken.status).toBe(200);
    const { memberId, caller } = await shop.member(500);
    const orderId = await ordered(caller, skuId);
    await until(
      () => caller.get<{ state: string }>(`/api/v1/orders/${orderId}`),
      ({ body }) => body.state === "received",
    );
    const phone = await shop.phoneOf(memberId);
    const page = await open(phone, `/orders/${orderId}`);
    const reveal = page.locator(".dl-block .btn.primary", { hasText: "查看卡密" });
    await reveal.waitFor();
    expect(await page.content()).not.toContain("MUSIC-7788-9900");
    await reveal.tap();
    await page.waitForSelector("text=MUSIC-7788-9900");
    await page.reload();
    await page.locator(".dl-block .btn", { hasText: "再看一次" }).waitFor();
    expect(await page.content()).not.toContain("MUSIC-7788-9900");
    await shop.putAway();
  });
});
