/**
 * The main path in a web view without what came after Chrome 87 and Safari 14. An engine that old cannot be had from a registry, so a
 * present one is made to forget; what it forgets of syntax and of CSS is read from the build instead (`worker/local/old-engines.ts`).
 */
import type { BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { inState, isLive, settledOrders, Shop } from "./browser-shop.ts";
import { until } from "./product.ts";

/** Runs in every page before its scripts. */
function forget(): void {
  const dropped: readonly [holder: unknown, names: readonly string[]][] = [
    [Array.prototype, ["at", "findLast", "findLastIndex", "toSorted", "toReversed", "toSpliced"]],
    [String.prototype, ["at", "isWellFormed", "toWellFormed"]],
    [Object, ["hasOwn", "groupBy"]],
    [Map, ["groupBy"]],
    [Array, ["fromAsync"]],
    [Set.prototype, ["union", "intersection", "difference", "isSubsetOf", "isSupersetOf"]],
    [Promise, ["withResolvers", "try"]],
    [AbortSignal, ["timeout", "any", "abort"]],
    [URL, ["canParse", "parse"]],
    [Crypto.prototype, ["randomUUID"]],
    [Intl, ["ListFormat", "Segmenter", "DurationFormat"]],
    [Navigator.prototype, ["locks", "vibrate", "wakeLock", "userAgentData", "canShare"]],
    [HTMLDialogElement.prototype, ["show", "showModal", "close"]],
    [HTMLElement.prototype, ["inert", "showPopover", "hidePopover", "togglePopover"]],
    [HTMLFormElement.prototype, ["requestSubmit"]],
    [HTMLInputElement.prototype, ["showPicker"]],
    [Element.prototype, ["checkVisibility", "setHTML", "ariaNotify"]],
    [Document.prototype, ["startViewTransition"]],
    [CanvasRenderingContext2D.prototype, ["roundRect", "letterSpacing", "filter", "reset"]],
    [
      window,
      [
        ...["structuredClone", "requestIdleCallback", "cancelIdleCallback", "BroadcastChannel"],
        ...["WeakRef", "FinalizationRegistry", "HTMLDialogElement", "createImageBitmap"],
        ...["OffscreenCanvas", "CompressionStream", "DecompressionStream", "navigation"],
        ...["scheduler", "URLPattern", "reportError", "CSSLayerBlockRule", "CloseWatcher"],
      ],
    ],
  ];
  for (const [holder, names] of dropped)
    for (const name of names) Reflect.deleteProperty(holder as object, name);
  // Known as a name only: signatures of receipts were not to be had.
  const { subtle } = crypto as { subtle?: SubtleCrypto };
  // A blank page before the first has none.
  if (!subtle) return;
  const importKey = subtle.importKey.bind(subtle) as (...args: unknown[]) => Promise<CryptoKey>;
  Object.assign(subtle, {
    importKey: async (...args: unknown[]): Promise<CryptoKey> => {
      if (args[2] === "Ed25519") throw new DOMException("Unrecognized name.", "NotSupportedError");
      return importKey(...args);
    },
  });
}

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

async function oldPhone(memberId: string): Promise<BrowserContext> {
  const context = await shop.phoneOf(memberId);
  await context.addInitScript(forget);
  return context;
}

async function at(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await isLive(page);
}

it("books, grabs, looks at the order and cancels it", async () => {
  const { memberId, caller } = await shop.member(1_200);
  const context = await oldPhone(memberId);
  const saleId = await shop.sale({ opensInMs: 5_000 });
  const page = await shop.visit(context, saleId);
  expect(await page.evaluate(() => "structuredClone" in window)).toBe(false);
  await page.tap("#grab");
  await inState(page, "open", 30_000);
  await page.tap("#grab");
  await inState(page, "granted");
  const [order] = await settledOrders(caller);
  await at(page, `/orders/${order?.orderId}`);
  await page.getByRole("button", { name: "取消订单" }).tap();
  await page.getByRole("dialog").waitFor();
  await page.getByRole("button", { name: "取消并退回" }).tap();
  await until(
    async () => (await settledOrders(caller)).map(({ state }) => state),
    ([state]) => state === "cancelled",
  );
});

it("comes live on every other page", async () => {
  const { memberId } = await shop.member(500);
  const page = await (await oldPhone(memberId)).newPage();
  const mine = ["/orders", "/points", "/points/entries/1", "/me", "/notices"];
  for (const path of ["/", "/g", "/calendar", ...mine, "/me/addresses", "/help", "/login"])
    await at(page, path);
});

it("says of a receipt that this browser cannot check the signature, and not that it is false", async () => {
  const { memberId } = await shop.member(500);
  const page = await (await oldPhone(memberId)).newPage();
  await at(page, "/points/entries/1");
  await page.locator('a[href^="/verify#"]').first().tap();
  await page.waitForURL(/\/verify#/);
  const verdict = page.locator(".verdict");
  await verdict.waitFor();
  expect(await verdict.getAttribute("class")).not.toMatch(/genuine|broken/);
});
