/** Every page of the gallery in every state, for every eye: axe in light and dark, both languages, narrow and wide, text at 200 %. */
import type { BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { themeCss } from "../../page-builder/theme.ts";
import {
  axeFindings,
  crampedTabs,
  overflow,
  overflowOfLargeText,
  squeezed,
  unreadable,
  untranslated,
} from "../gallery/look.ts";
import { ROOMS, type State, type States } from "../gallery/rooms.ts";
import { openWorld, type World } from "../gallery/world.ts";
import { isLive } from "./browser-shop.ts";
import { SALE_STAGES } from "./browser-stages.ts";

const WIDTHS = [320, 360, 430];
/** Twice as large, what fits the narrowest and the widest fits what lies between. */
const WIDTHS_OF_LARGE_TEXT = [320, 430];
/** Words do not depend on colours: each language in one scheme, so that every page is seen in both of both. */
const EYES = [
  { locale: "zh-CN", scheme: "light" },
  { locale: "en", scheme: "dark" },
] as const;
/** Nothing moves while somebody looks. */
const STILL: BrowserContextOptions = { reducedMotion: "reduce" };

let world: World;
beforeAll(async () => {
  world = await openWorld();
}, 180_000);
afterEach(async () => {
  await world.shop.putAway();
});
afterAll(async () => {
  await world.shop.close();
});

async function findings(page: Page, { locale, scheme }: (typeof EYES)[number]): Promise<string[]> {
  expect(await page.title()).not.toBe("");
  return [
    ...(locale === "en" ? await untranslated(page) : []),
    ...(await axeFindings(page, scheme)),
    ...(await overflow(page, WIDTHS)),
    ...(await overflowOfLargeText(page, WIDTHS_OF_LARGE_TEXT)),
  ];
}

describe.each(Object.entries(ROOMS))("%s", (_path, states) => {
  it.each(Object.entries(states))("%s", async (_name, state) => {
    // Side by side: most of a state's time is the shop's and the page's own waiting.
    const found = await Promise.all(
      EYES.map(async (eye) => {
        const page = await state.open(world, { ...STILL, locale: eye.locale });
        return (await findings(page, eye)).map((one) => `${eye.locale}: ${one}`);
      }),
    );
    expect(found.flat()).toEqual([]);
  });
});

/** What a merchant may type: none is refused, so each is corrected until words on it and in it can be read. */
const COLORS = ["#ffe08a", "#ff0000", "#0b0b12", "#ffffff", "#808080", "#00e676", "#3d5afe"];

describe("in a merchant's own colour", () => {
  it.each([
    ["/", "member"],
    ["/p/:pageId", "every block"],
    ["/g/:goodsId", "confirm"],
    ["/s/:saleId", "open"],
    ["/s/:saleId", "granted"],
    ["/points", "member"],
  ] as const)("%s, %s: every word can be read", async (path, name) => {
    const state: State | undefined = (ROOMS[path] as States)[name];
    if (state === undefined) throw new Error(`no state ${name} of ${path}`);
    const page = await state.open(world, STILL);
    const found: string[] = [];
    for (const color of COLORS)
      found.push(
        ...(await unreadable(page, themeCss(color, "small"))).map((one) => `${color} ${one}`),
      );
    expect(found).toEqual([]);
  });
});

describe("all of them together", () => {
  it("kept their own policy, logged no error and asked for nothing that is missing", async () => {
    const { errors, missing } = world.shop.complaints;
    const icon = await fetch(`${world.shop.origin}/favicon.svg`);
    expect([icon.status, icon.headers.get("content-type")]).toEqual([200, "image/svg+xml"]);
    // A page that is not there, or not to be had, says so with its status, which the browser logs.
    // So does it of the service worker where the network went before that was fetched.
    const told = /status of (?:404|500|503)|unknown error occurred when fetching the script/;
    const unexpected = errors.filter((one) => !told.test(one));
    expect({ unexpected, missing }).toEqual({ unexpected: [], missing: [] });
  });
});

/** Moves on by Tab until this has the focus, which must be seen. */
async function tabTo(page: Page, selector: string): Promise<void> {
  const FAR = 120;
  for (let tabs = 0; tabs < FAR; tabs += 1) {
    await page.keyboard.press("Tab");
    const ring = await page.evaluate((wanted) => {
      const focused = document.activeElement;
      if (!focused?.matches(wanted)) return null;
      const { outlineStyle, outlineWidth } = getComputedStyle(focused);
      return `${outlineStyle} ${outlineWidth}`;
    }, selector);
    if (ring === null) continue;
    expect(ring).toBe("solid 2px");
    return;
  }
  throw new Error(`Tab does not get to ${selector}`);
}

/** Closes the sheet by Escape and opens it again before the browser has taken the step back that closing asked for. */
function reopenAtOnce(page: Page, opener: string): Promise<string> {
  return page.evaluate(async (selector) => {
    const isOpen = (): boolean => document.querySelector(".sheet") !== null;
    const stepped = new Promise((resolve) => {
      addEventListener("popstate", resolve, { once: true });
    });
    const closed = new Promise<void>((resolve) => {
      new MutationObserver((_, watch) => {
        if (isOpen()) return;
        watch.disconnect();
        resolve();
      }).observe(document.body, { childList: true, subtree: true });
    });
    const escape = new KeyboardEvent("keydown", { key: "Escape", bubbles: true });
    document.querySelector(".sheet")?.dispatchEvent(escape);
    await closed;
    document.querySelector<HTMLElement>(selector)?.click();
    await stepped;
    await new Promise((resolve) => {
      requestAnimationFrame(() => requestAnimationFrame(resolve));
    });
    return isOpen() ? "open after its step back" : "closed by its own step back";
  }, opener);
}

describe("the whole purchase by keyboard", () => {
  it("goes from the catalogue over the sheet to the order, and back by Escape", async () => {
    const page = await (await world.as("member", STILL)).newPage();
    await page.goto(`/g?q=${encodeURIComponent("竹茶匙")}`);
    await isLive(page);
    await tabTo(page, 'a.tile[href="/g/bamboo-scoop"]');
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/g\/bamboo-scoop/);
    await isLive(page);
    await tabTo(page, "button.gd-go");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    expect(await page.evaluate(() => document.activeElement?.matches("button.gd-go"))).toBe(true);
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    // A sheet that is closed before it has been painted has no step back to take.
    await page.waitForFunction(() => (history.state as { over?: number } | null)?.over === 1);
    expect(await reopenAtOnce(page, "button.gd-go")).toBe("open after its step back");
    await page.waitForFunction(() => (history.state as { over?: number } | null)?.over === 1);
    await page.goBack();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    expect(new URL(page.url()).pathname).toBe("/g/bamboo-scoop");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    await tabTo(page, ".sheet .gd-go");
    await page.keyboard.press("Enter");
    await page.locator(".cf-end").waitFor();
    await tabTo(page, '.sheet a[href^="/orders/"]');
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/orders\//);
    await isLive(page);
    await tabTo(page, ".cancel button");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
  });
});

describe("text at 200 %", () => {
  it.each([
    ["/me", "zh-CN"],
    ["/me", "en"],
    ["/orders", "en"],
    ["/g/:goodsId", "zh-CN"],
    ["/g/:goodsId", "en"],
  ] as const)("is in no column of single letters: %s in %s", async (path, locale) => {
    const options = { locale, viewport: { width: 320, height: 740 } };
    const page = await ROOMS[path]["member"]?.open(world, options);
    if (page === undefined) throw new Error(`no member on ${path}`);
    await overflowOfLargeText(page, [320]);
    expect(await squeezed(page)).toEqual([]);
  });
});

describe("the tab bar with text at 200 %", () => {
  it.each(["zh-CN", "en"] as const)("has each name whole and apart: %s", async (locale) => {
    const options = { locale, viewport: { width: 320, height: 740 } };
    const page = await ROOMS["/orders"]["member"]?.open(world, options);
    if (page === undefined) throw new Error("no member on /orders");
    await overflowOfLargeText(page, []);
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 740 });
      expect(await page.locator(".tabbar span").count()).toBe(5);
      expect(await crampedTabs(page), String(width)).toEqual([]);
    }
  });
});

describe("the sale's button with text at 200 %", () => {
  it.each(["booked", "open", "granted", "points_insufficient"])(
    "is whole and in reach: %s",
    async (name) => {
      const page = await SALE_STAGES[name]?.(world.shop, {});
      if (page === undefined) throw new Error(`no stage ${name}`);
      await overflowOfLargeText(page, []);
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 740 });
        const seen = await page.evaluate(() => {
          const button = document.getElementById("grab");
          if (button === null) throw new Error("no button");
          const { left, right, top, bottom } = button.getBoundingClientRect();
          const top0 = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
          const words = [...button.querySelectorAll("span")].map((node) => {
            const box = node.getBoundingClientRect();
            const isCut = node.scrollWidth > node.clientWidth + 1 && node.clientWidth > 0;
            return box.left >= left && box.right <= right && box.bottom <= bottom && !isCut;
          });
          return {
            rootPx: Number.parseFloat(getComputedStyle(document.documentElement).fontSize),
            isInside: left >= 0 && right <= innerWidth && top >= 0 && bottom <= innerHeight,
            isOnTop: top0?.closest("#grab") === button,
            isWhole: words.length > 0 && words.every(Boolean),
          };
        });
        expect(seen, String(width)).toEqual({
          ...{ rootPx: 32, isInside: true, isOnTop: true, isWhole: true },
        });
      }
    },
  );
});
