/** Filters, receipts and quotes in a real browser: what a member can look up, take along and prove. */
import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { isLive, Shop, shows, textOf } from "./browser-shop.ts";
import { until } from "./product.ts";

const DAY_MS = 86_400_000;

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

async function at(memberId: string, path: string, options = {}): Promise<Page> {
  const page = await (await shop.phoneOf(memberId, options)).newPage();
  await page.goto(path);
  await isLive(page);
  return page;
}

async function grant(memberId: string, points: number, expiresAtMs: number | null = null) {
  await shop.must(`/api/v1/staff/members/${memberId}/grants`, {
    ...{ points, reason: "会员日", idempotencyKey: crypto.randomUUID() },
    ...(expiresAtMs === null ? {} : { expiresAtMs }),
  });
}

async function order(
  caller: { post: Shop["staff"]["post"] },
  pricePoints: number,
): Promise<string> {
  return redeem(caller, await shop.sale({ pricePoints }));
}

async function redeem(caller: { post: Shop["staff"]["post"] }, saleId: string): Promise<string> {
  const orderId = crypto.randomUUID();
  const body = { orderId, quantity: 1, epoch: await shop.epochOf(saleId) };
  const { status } = await caller.post(`/api/v1/sales/${saleId}/redemptions`, body);
  expect(status).toBe(201);
  return orderId;
}

/** The cron of a moment after today is over: the day is sealed and its root published. */
async function sealToday(): Promise<void> {
  const worker = await shop.product.server.miniflare.getWorker("qiangdui");
  const scheduledTime = new Date(Date.now() + DAY_MS + 600_000);
  await worker.scheduled({ cron: "* * * * *", scheduledTime });
}

describe("the ledger", () => {
  it("is filtered in the page and in its address, and pages by cursor", async () => {
    const { memberId, caller } = await shop.member(1_000);
    for (let count = 0; count < 24; count += 1) await grant(memberId, 1 + count);
    await order(caller, 600);
    const page = await at(memberId, "/points");
    expect(await page.locator(".led-r").count()).toBe(20);
    await page.getByRole("button", { name: "再看更早的" }).tap();
    await until(
      () => page.locator(".led-r").count(),
      (rows) => rows === 26,
    );
    await shows(page, ".chain", /26 笔流水首尾相扣/);
    await page.getByRole("button", { name: "使用" }).tap();
    await until(
      () => page.locator(".led-r").count(),
      (rows) => rows === 1,
    );
    expect(await textOf(page, ".led-r")).toContain("−600");
    expect(new URL(page.url()).search).toBe("?direction=out");
    await page.reload();
    await isLive(page);
    expect(await page.locator(".led-r").count()).toBe(1);
    expect(await page.getByRole("button", { name: "使用" }).getAttribute("aria-pressed")).toBe(
      "true",
    );
    await page.getByLabel("类型").selectOption("expire");
    await shows(page, "#ledger", /没有符合条件的流水/);
    await page.getByRole("button", { name: "看全部" }).tap();
    await until(
      () => page.locator(".led-r").count(),
      (rows) => rows === 20,
    );
    expect(new URL(page.url()).search).toBe("");
  });

  it("takes an address that nobody made for no filter", async () => {
    const { memberId } = await shop.member(10);
    const page = await at(memberId, "/points?direction=up&type=%3Cscript%3E&days=-4");
    expect(await page.locator(".led-r").count()).toBe(1);
  });
});

describe("a receipt", () => {
  it("is signed at once, sealed after its day, taken along and verified without a network", async () => {
    const { memberId } = await shop.member(0);
    await grant(memberId, 70);
    const page = await at(memberId, "/points/entries/1");
    expect(await textOf(page, "main")).toContain("商家已签名");
    await page.getByRole("link", { name: "查验这一笔" }).tap();
    await page.waitForURL(/\/verify#/);
    await isLive(page);
    await shows(page, ".verdict", /签名有效，当天还没封存/);

    await until(
      async () => {
        await sealToday();
        await page.goto("/points/entries/1");
        return textOf(page, "main");
      },
      (text) => text.includes("已封存"),
      30_000,
    );
    await isLive(page);
    const saving = page.waitForEvent("download");
    await page.getByRole("link", { name: "下载凭证" }).tap();
    const file = await (await saving).path();
    const receipt = readFileSync(file, "utf8");
    expect(receipt).not.toContain(memberId);

    // A stranger, who opened the page before the line went down.
    const stranger = await (await shop.context()).newPage();
    const sent: string[] = [];
    stranger.on("request", (request) => sent.push(`${request.url()} ${request.postData() ?? ""}`));
    await stranger.goto("/verify");
    await isLive(stranger);
    await stranger.getByLabel("粘贴凭证").fill(receipt);
    await stranger.getByRole("button", { name: "查验" }).tap();
    await shows(stranger, ".verdict", /这笔流水是真的/);
    expect(await stranger.locator(".check.good").count()).toBe(5);
    await stranger.context().setOffline(true);
    await stranger.getByLabel("粘贴凭证").fill(receipt.replace('"seq":1', '"seq":2'));
    await stranger.getByRole("button", { name: "查验" }).tap();
    await shows(stranger, ".verdict", /没有通过查验/);
    await stranger.getByLabel("粘贴凭证").fill(receipt);
    await stranger.getByRole("button", { name: "查验" }).tap();
    await shows(stranger, ".verdict", /这笔流水是真的/);
    expect(await stranger.locator(".check.unknown").innerText()).toContain("未比对");
    const { hash } = (JSON.parse(receipt) as { receipt: { hash: string } }).receipt;
    expect(sent.filter((one) => one.includes(hash))).toEqual([]);
    await stranger.getByLabel("粘贴凭证").fill("{}");
    await stranger.getByRole("button", { name: "查验" }).tap();
    await shows(stranger, "#receipt-bad", /不是一份完整的凭证/);
  });
});

describe("a cancel", () => {
  it("shows what comes back, slice by slice, before it is confirmed", async () => {
    const { memberId, caller } = await shop.member(0);
    await grant(memberId, 1_000);
    const saleId = await shop.sale({ pricePoints: 100 });
    const lapsesAtMs = Date.now() + 4_000;
    await grant(memberId, 60, lapsesAtMs);
    const orderId = await redeem(caller, saleId);
    await until(
      async () => Date.now(),
      (nowMs) => nowMs > lapsesAtMs,
    );
    const page = await at(memberId, `/orders/${orderId}`);
    await page.getByRole("button", { name: "取消订单" }).tap();
    await shows(
      page,
      "[role=dialog]",
      /100 积分全部退回.*回到长期有效的那批.*原批次已到期，可用到/,
    );
    await page.getByRole("button", { name: "取消并退回" }).tap();
    await shows(page, "h1", /已取消/);
    await page.goto("/points");
    await shows(page, ".balance", /1,060/);
  });
});
