/** Phones that are not as they should be: their clock is an hour wrong, or the system ends the browser in the middle of a grab. */
import type { BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { Line } from "./browser-line.ts";
import {
  balanceOf,
  inState,
  isLive,
  ordersOf,
  settledOrders,
  Shop,
  shows,
  stateOf,
  storedOrder,
  textOf,
} from "./browser-shop.ts";
import { until } from "./product.ts";

const HOUR_MS = 3_600_000;

let shop: Shop;
beforeAll(async () => {
  shop = await Shop.open();
});
afterEach(() => shop.putAway());
afterAll(async () => {
  const { errors, missing } = shop.complaints;
  await shop.close();
  expect({ errors, missing }).toEqual({ errors: [], missing: [] });
});

/** As if the owner had set the clock: what a page can read of it is off, what it measures is not. */
async function setClock(context: BrowserContext, byMs: number): Promise<void> {
  await context.addInitScript((shiftMs) => {
    const Right = Date;
    const wrong = (): number => Right.now() + shiftMs;
    const Wrong = new Proxy(Right, {
      construct: (target, args: unknown[]) =>
        Reflect.construct(target, args.length === 0 ? [wrong()] : args) as object,
      get: (target, name) => (name === "now" ? wrong : (Reflect.get(target, name) as unknown)),
    });
    Object.assign(window, { Date: Wrong });
    const origin = performance.timeOrigin + shiftMs;
    Object.defineProperty(performance, "timeOrigin", { get: () => origin });
  }, byMs);
}

/** Seconds that the band counts. */
async function countdown(page: Page): Promise<number> {
  const text = await textOf(page, ".band");
  const [, hours, minutes, seconds] = /(\d\d) ?: ?(\d\d) ?: ?(\d\d)/.exec(text) ?? [];
  if (seconds === undefined) throw new Error(`no countdown in: ${text}`);
  return Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds);
}

describe.each([
  ["an hour late", -HOUR_MS],
  ["an hour early", HOUR_MS],
])("a phone whose clock is %s", (_name, byMs) => {
  it("counts to the server's hour, opens then, and is granted", async () => {
    const opensInMs = 12_000;
    const startedMs = Date.now();
    const saleId = await shop.sale({ opensInMs });
    const opensAtMs = (await shop.staff.get<{ opensAtMs: number }>(`/api/v1/sales/${saleId}`)).body
      .opensAtMs;
    const { memberId, caller } = await shop.member(600);
    const context = await shop.phoneOf(memberId);
    await setClock(context, byMs);
    const page = await shop.visit(context, saleId);
    const off = (await page.evaluate(() => Date.now())) - Date.now();
    expect(Math.abs(off - byMs)).toBeLessThan(60_000);
    expect(await stateOf(page)).toBe("bookable");
    const leftS = await countdown(page);
    expect(leftS).toBeLessThanOrEqual(Math.ceil((opensAtMs - startedMs) / 1_000));
    await page.tap("#grab");
    await inState(page, "open", 30_000);
    // Not an hour and not a second before its time.
    expect(Date.now()).toBeGreaterThanOrEqual(opensAtMs);
    await shows(page, ".pass", /已与服务器对时/);
    await page.tap("#grab");
    await inState(page, "granted");
    expect((await settledOrders(caller)).map(({ state }) => state)).toEqual(["to_ship"]);
  });
});

describe("a browser that the phone ends in the middle of a grab", () => {
  it.each([
    ["before the tap reached the server", "cut"],
    ["before the answer reached the phone", "lost"],
  ] as const)("%s goes on with the same order when it is opened again", async (_when, how) => {
    const { memberId, caller } = await shop.member(1_200);
    const context = await shop.phoneOf(memberId);
    const line = await Line.of(context);
    const saleId = await shop.sale({ opensInMs: 6_000 });
    const page = await shop.visit(context, saleId);
    await page.tap("#grab");
    await inState(page, "open", 30_000);
    await shows(page, ".pass", /直连中/);
    const before = await storedOrder(page);
    if (how === "cut") line.cut();
    else line.lostToPage = () => true;
    await page.tap("#grab");
    await until(
      () => storedOrder(page),
      (stored) => stored?.phase === "sent",
    );
    const storageState = await context.storageState();
    await context.close();
    const again = await shop.visit(await shop.context({ storageState }), saleId);
    await inState(again, "granted", 30_000);
    expect((await ordersOf(caller)).map(({ orderId }) => orderId)).toEqual([before?.orderId]);
    await settledOrders(caller);
    expect(await balanceOf(caller)).toEqual({ active: 600, held: 0 });
    expect(await shop.remainingOf(saleId)).toBe(4);
  });
});

describe("a page that the browser kept whole", () => {
  it.each([
    { path: "/me", comesTo: /\/me$/ },
    { path: "/me/addresses", comesTo: /\/login\?returnTo=%2Fme%2Faddresses/ },
  ])("shows nothing of who has signed out since: $path", async ({ path, comesTo }) => {
    const { memberId } = await shop.member(4_321);
    const context = await shop.phoneOf(memberId);
    const page = await context.newPage();
    await page.goto(path);
    await isLive(page);
    expect((await context.request.delete("/api/v1/session")).ok()).toBe(true);
    // As by the way back: the browser of the test keeps no pages itself.
    await Promise.all([
      page.waitForEvent("load"),
      page.evaluate(() => dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }))),
    ]);
    await isLive(page);
    expect(page.url()).toMatch(comesTo);
    expect(await textOf(page, "body")).not.toMatch(new RegExp(`4,321|${memberId}`));
  });
});
