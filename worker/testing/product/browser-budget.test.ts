/** What the sale page loads, weighed as it would travel; DESIGN of the storefront sets the budgets. */
import { gzipSync } from "node:zlib";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { POINTS_STAGES } from "./browser-points-stages.ts";
import { inState, isLive, salePath, Shop, stateOf } from "./browser-shop.ts";
import type { Stage } from "./browser-stages.ts";
import { until } from "./product.ts";

const KB = 1_024;
const BUDGET = {
  before: 22 * KB,
  /** The entry speaks Chinese; English readers wait for one more file of words. */
  english: 2 * KB,
  all: 40 * KB,
  css: 8 * KB,
  requests: 8,
  other: 60 * KB,
  otherCss: 12 * KB,
};

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

interface Load {
  /** Scripts in the order of their requests, with their gzip size. */
  readonly scripts: { path: string; bytes: number }[];
  readonly css: number;
  readonly html: number;
  readonly requests: string[];
  readonly foreign: string[];
}

/** What keeps pages for hours without a network is asked for behind the load, and what it keeps by itself. */
const LATER = /^\/(?:sw\.js|offline|assets\/(?:offline|forget-kept)-[\w-]+\.js)$/;

const zipped = (text: string | Buffer): number => gzipSync(text, { level: 9 }).length;

/** Opens a page and weighs everything that came. */
async function weigh(page: Page, path: string): Promise<Load> {
  const answers: Promise<{ path: string; type: string; body: Buffer }>[] = [];
  const foreign: string[] = [];
  const requests: string[] = [];
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.origin !== shop.origin && url.protocol !== "data:") foreign.push(url.href);
    const isForLater = LATER.test(url.pathname);
    if (!url.pathname.startsWith("/api/") && !isForLater) requests.push(url.pathname);
  });
  page.on("response", (response) => {
    const type = response.request().resourceType();
    const { pathname } = new URL(response.url());
    if (type !== "script" && type !== "stylesheet" && type !== "document") return;
    if (LATER.test(pathname)) return;
    answers.push(response.body().then((body) => ({ path: pathname, type, body })));
  });
  await page.goto(path, { waitUntil: "load" });
  await isLive(page);
  const all = await Promise.all(answers);
  const document = String(all.find(({ type }) => type === "document")?.body ?? "");
  const inline = [...document.matchAll(/<style>([\s\S]*?)<\/style>/g)].map((match) => match[1]);
  const sheets = all.filter(({ type }) => type === "stylesheet").map(({ body }) => String(body));
  return {
    scripts: all
      .filter(({ type }) => type === "script")
      .map(({ path: name, body }) => ({ path: name, bytes: zipped(body) })),
    css: zipped([...inline, ...sheets].join("")),
    html: zipped(document),
    requests,
    foreign,
  };
}

const sum = (scripts: Load["scripts"]): number =>
  scripts.reduce((all, { bytes }) => all + bytes, 0);

describe("the sale page", () => {
  it("keeps its budgets", async () => {
    const saleId = await shop.sale({ opensInMs: 600_000 });
    const { memberId } = await shop.member(4_860);
    const context = await shop.phoneOf(memberId);
    const load = await weigh(await context.newPage(), salePath(saleId));
    expect(load.foreign).toEqual([]);
    expect(load.css).toBeLessThanOrEqual(BUDGET.css);
    expect(sum(load.scripts)).toBeLessThanOrEqual(BUDGET.all);
    expect(load.requests.length, load.requests.join(" ")).toBeLessThanOrEqual(BUDGET.requests);
    console.log(
      `sale page, gzip: html ${load.html} with css ${load.css}, scripts ${load.scripts
        .map(({ path, bytes }) => `${path.split("/").at(-1)} ${bytes}`)
        .join(" + ")} = ${sum(load.scripts)}`,
    );
  });

  it.each(["zh-CN", "en-GB"])("has a live button within the first budget: %s", async (locale) => {
    const saleId = await shop.sale({ opensInMs: 600_000 });
    const { memberId } = await shop.member(4_860);
    const page = await (await shop.phoneOf(memberId, { locale })).newPage();
    let before = 0;
    let scripts = 0;
    await page.route(/\/assets\/.*\.js$/, async (route) => {
      const { pathname } = new URL(route.request().url());
      // What only moves the text above the button never comes here, and the button does without.
      if (/\/(?:sale-body|parts|share)-/.test(pathname)) return;
      const response = await route.fetch();
      before += zipped(await response.body());
      scripts += 1;
      await route.fulfill({ response });
    });
    await page.goto(salePath(saleId), { waitUntil: "commit" });
    await inState(page, "bookable");
    await until(
      async () => {
        await page.tap("#grab");
        return stateOf(page);
      },
      (state) => state === "booked" || state === "booking",
    );
    await inState(page, "booked");
    const words = locale === "zh-CN" ? 0 : BUDGET.english;
    expect(before).toBeLessThanOrEqual(BUDGET.before + words);
    expect(scripts).toBe(locale === "zh-CN" ? 2 : 3);
    // The first HTML names all of them: none is asked for by another, a round trip later.
    const named = await page
      .locator('link[rel="modulepreload"], script[type="module"]')
      .evaluateAll((links) =>
        links.map((link) => link.getAttribute("href") ?? link.getAttribute("src")),
      );
    expect(named.filter((file) => !file?.includes("/sale-body-"))).toHaveLength(scripts);
  });

  it("keeps them in English", async () => {
    const saleId = await shop.sale({ opensInMs: 600_000 });
    const { memberId } = await shop.member(4_860);
    const context = await shop.phoneOf(memberId, { locale: "en-GB" });
    const load = await weigh(await context.newPage(), salePath(saleId));
    expect(sum(load.scripts)).toBeLessThanOrEqual(BUDGET.all);
    expect(load.requests.length, load.requests.join(" ")).toBeLessThanOrEqual(BUDGET.requests);
  });

  it("asks for its picture first and lets other pictures wait", async () => {
    const saleId = await shop.sale({ opensInMs: 600_000 });
    const page = await shop.visit(await shop.context(), saleId);
    const pictures = await page.locator("img").evaluateAll((images) =>
      (images as HTMLImageElement[]).map((image) => ({
        isSized: image.hasAttribute("width") && image.hasAttribute("height"),
        priority: image.getAttribute("fetchpriority"),
        loading: image.getAttribute("loading"),
      })),
    );
    expect(pictures).toEqual([{ isSized: true, priority: "high", loading: null }]);
  });
});

describe("the points centre", () => {
  const paths = ["", "/check-in", "/tasks", "/invite", "/tier", "/code", "/entries/1"];
  it.each([...paths.map((path) => `/points${path}`), "/verify"])(
    "%s keeps its budgets",
    async (path) => {
      const page = await (POINTS_STAGES["points centre"] as Stage)(shop, {});
      const load = await weigh(await page.context().newPage(), path);
      expect(sum(load.scripts)).toBeLessThanOrEqual(BUDGET.other);
      expect(load.css).toBeLessThanOrEqual(BUDGET.otherCss);
      expect(load.requests.length, load.requests.join(" ")).toBeLessThanOrEqual(BUDGET.requests);
      expect(load.foreign).toEqual([]);
    },
  );
});

describe("the other pages", () => {
  it.each(["/", "/orders", "/points", "/points/entries/1", "/login?returnTo=/"])(
    "%s keeps its budgets",
    async (path) => {
      const { memberId } = await shop.member(100);
      const context = await shop.phoneOf(memberId);
      const load = await weigh(await context.newPage(), path);
      expect(sum(load.scripts)).toBeLessThanOrEqual(BUDGET.other);
      expect(load.css).toBeLessThanOrEqual(BUDGET.otherCss);
      expect(load.foreign).toEqual([]);
    },
  );
});
