/** Every page and every state of the sale page, for every eye and every width. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { POINTS_STAGES } from "./browser-points-stages.ts";
import { Shop } from "./browser-shop.ts";
import { PAGE_STAGES, SALE_STAGES } from "./browser-stages.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const WIDTHS = [320, 360, 430];

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

/** What axe holds to be serious, as `rule: where`. */
async function violations(page: Page): Promise<string[]> {
  const loaded = await page.evaluate(() => "axe" in window);
  if (!loaded) await page.addScriptTag({ content: AXE });
  const { violations: found } = await page.evaluate(() =>
    (window as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
  );
  return found
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(" ")}`));
}

/** How far the document, and which of its elements, stand out of the window sideways. */
async function overflow(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    if (document.documentElement.scrollWidth <= innerWidth) return [];
    return [...document.querySelectorAll("main *, .actbar *, .tabbar *")]
      .filter((node) => node.getBoundingClientRect().right > innerWidth + 0.5)
      .map((node) => `${node.tagName.toLowerCase()}.${node.getAttribute("class")}`);
  });
}

const stages = [
  ...Object.entries(SALE_STAGES).map(([name, stage]) => ({ name: `sale, ${name}`, stage })),
  ...Object.entries(PAGE_STAGES).map(([name, stage]) => ({ name, stage })),
  ...Object.entries(POINTS_STAGES).map(([name, stage]) => ({ name, stage })),
];

describe.each(stages)("$name", ({ stage }) => {
  it("has no serious finding in light and dark, and fits every width", async () => {
    // The policy of the page forbids the script that looks at it; nothing moves while it looks.
    const page = await stage(shop, { bypassCSP: true, reducedMotion: "reduce" });
    const found: string[] = [];
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      found.push(...(await violations(page)).map((one) => `${colorScheme}: ${one}`));
    }
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 740 });
      found.push(...(await overflow(page)).map((one) => `${width}: ${one}`));
    }
    expect(found).toEqual([]);
  });
});

describe("every page", () => {
  it("keeps its own policy, logs no error and asks for nothing that is missing", async () => {
    const { errors, missing } = shop.complaints;
    errors.length = 0;
    missing.length = 0;
    const visits: Promise<unknown>[] = [];
    for (const [name, stage] of Object.entries({ ...PAGE_STAGES, ...POINTS_STAGES })) {
      const page = await stage(shop, {});
      visits.push(page.waitForLoadState("networkidle"));
      expect(await page.title(), name).not.toBe("");
    }
    const sale = await SALE_STAGES["granted"]?.(shop, {});
    await sale?.waitForLoadState("load");
    await Promise.all(visits);
    const icon = await fetch(`${shop.origin}/favicon.svg`);
    expect([icon.status, icon.headers.get("content-type")]).toEqual([200, "image/svg+xml"]);
    // A page that is not there says so with its status, which the browser logs.
    const unexpected = errors.filter((one) => !/\/s\/nothing: .*status of 404/.test(one));
    expect({ unexpected, missing }).toEqual({ unexpected: [], missing: [] });
  });
});

describe("text at 200 %", () => {
  it.each(Object.entries(POINTS_STAGES))("stays inside the page: %s", async (_name, stage) => {
    const page = await stage(shop, {});
    const devtools = await page.context().newCDPSession(page);
    await devtools.send("Page.enable");
    await devtools.send("Page.setFontSizes", { fontSizes: { standard: 32, fixed: 26 } });
    const found: string[] = [];
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 740 });
      found.push(...(await overflow(page)).map((one) => `${width}: ${one}`));
    }
    expect(found).toEqual([]);
  });

  it.each(["booked", "open", "granted", "points_insufficient"])(
    "keeps the button whole and in reach: %s",
    async (name) => {
      const page = await SALE_STAGES[name]?.(shop, {});
      if (page === undefined) throw new Error(`no stage ${name}`);
      const devtools = await page.context().newCDPSession(page);
      await devtools.send("Page.enable");
      await devtools.send("Page.setFontSizes", { fontSizes: { standard: 32, fixed: 26 } });
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
          rootPx: 32,
          isInside: true,
          isOnTop: true,
          isWhole: true,
        });
        expect(await overflow(page), String(width)).toEqual([]);
      }
    },
  );
});
