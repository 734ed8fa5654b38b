/** Every page of the console, over the demo's data: clean, whole, translated, and as wide as the screen. */
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { AxeResults } from "axe-core";
import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DEMO_OWNER, seedStaff } from "../../local/seed-staff.ts";
import { seedDemo } from "../../local/seed.ts";
import { pagesOf, unopened } from "./browser-console-places.ts";
import { Shop } from "./browser-shop.ts";
import { until } from "./product.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** Where a picture of each page and dialog goes, when somebody wants to look at them. */
const SHOTS = process.env["CONSOLE_SHOTS"] ?? "";

let shop: Shop;
let cookies: Awaited<ReturnType<BrowserContext["cookies"]>>;
let ids: Readonly<Record<string, string>>;
beforeAll(async () => {
  shop = await Shop.open();
  await seedStaff(shop.origin, shop.product.server.setupKey);
  const rehearsal = await rehearsed();
  const { running } = await seedDemo(shop.origin);
  const now = String(Date.now());
  ids = { running, rehearsal, now, draft: await draftOf("周末伞杯场") };
  cookies = await signIn();
}, 180_000);
afterAll(async () => {
  await shop.close();
});

/** A rehearsal that is over: before the demo, whose sales run, because one beside a sale is refused. */
async function rehearsed(): Promise<string> {
  const skuId = "rehearsed-cup";
  await shop.must("/api/v1/staff/skus", { skuId, title: "彩排杯", units: 20, pricePoints: 10 });
  const opensAtMs = Date.now() + 4 * 86_400_000;
  const { sessionId } = await shop.must<{ sessionId: string }>("/api/v1/staff/sessions", {
    ...{ title: "彩排场", opensAtMs, closesAtMs: opensAtMs + 3_600_000 },
    items: [{ skuId, pricePoints: 9, units: 5, limitPerMember: 1, quantityMax: 1 }],
  });
  const path = `/api/v1/staff/sessions/${sessionId}/rehearsals`;
  const { rehearsalId } = await shop.must<{ rehearsalId: string }>(path, { skuId, buyers: 20 });
  await until(
    () => shop.staff.get<{ state: string }>(`/api/v1/staff/rehearsals/${rehearsalId}`),
    ({ body: { state } }) => state === "proven",
    60_000,
  );
  return rehearsalId;
}

async function draftOf(title: string): Promise<string> {
  const nowMs = Date.now();
  const span = `fromMs=${nowMs - 86_400_000}&toMs=${nowMs + 10 * 86_400_000}`;
  const { body } = await shop.staff.get<{ sessions: { sessionId: string; title: string }[] }>(
    `/api/v1/staff/sessions?${span}`,
  );
  const draft = body.sessions.find((one) => one.title === title);
  if (!draft) throw new Error(`no draft among ${JSON.stringify(body)}`);
  return draft.sessionId;
}

/** As the owner would; the demo's development login has no security to look at. */
async function signIn(): Promise<typeof cookies> {
  const context = await shop.context({ viewport: { width: 1_280, height: 900 } });
  const page = await context.newPage();
  await page.goto("/console");
  await page.locator("input[type=email]").fill(DEMO_OWNER.email);
  await page.locator("input[type=password]").fill(DEMO_OWNER.password);
  await page.keyboard.press("Enter");
  await page.getByRole("navigation").first().waitFor();
  return context.cookies();
}

/** A desk of the owner that remembers what the API told it. */
interface Desk {
  readonly page: Page;
  readonly told: () => Promise<string>;
  /** Addresses that are asked and not answered yet. */
  readonly waiting: ReadonlySet<unknown>;
}

async function desk(locale: "zh-CN" | "en"): Promise<Desk> {
  const context = await shop.context({
    ...{ viewport: { width: 1_280, height: 900 }, locale, isMobile: false, hasTouch: false },
    ...{ bypassCSP: true, reducedMotion: "reduce", colorScheme: "light" },
  });
  await context.addCookies(cookies);
  const page = await context.newPage();
  let answers: Promise<string>[] = [];
  const waiting = new Set<unknown>();
  page.on("requestfinished", (request) => waiting.delete(request));
  page.on("requestfailed", (request) => waiting.delete(request));
  page.on("request", (request) => {
    if (request.resourceType() !== "websocket") waiting.add(request);
    if (request.isNavigationRequest() && request.frame() === page.mainFrame()) answers = [];
  });
  page.on("response", (response) => {
    if (response.url().includes("/api/")) answers.push(response.text().catch(() => ""));
  });
  const told = async (): Promise<string> => (await Promise.all(answers)).join("\n");
  return { page, told, waiting };
}

async function open({ page, waiting }: Desk, address: string): Promise<void> {
  await page.goto(address);
  await page.getByRole("main").getByRole("heading", { level: 1 }).first().waitFor();
  await settled(page, waiting);
}

/** Whatever was asked is answered and drawn. */
async function settled(page: Page, waiting: ReadonlySet<unknown>): Promise<void> {
  await until(
    async () => {
      const busy = await page.locator(".skeleton, [aria-busy=true]").count();
      return busy + waiting.size;
    },
    (count) => count === 0,
    20_000,
  );
}

async function violations(page: Page): Promise<string[]> {
  await page.addScriptTag({ content: AXE });
  const { violations: found } = await page.evaluate(() =>
    (window as unknown as { axe: { run(where: unknown): Promise<AxeResults> } }).axe.run({
      exclude: ["iframe"],
    }),
  );
  return found.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id} ${target.join(" ")}`));
}

const tooWide = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - innerWidth);

/** Words of the other language that no answer of the API contains. */
async function untranslated(page: Page, locale: "zh-CN" | "en", told: string): Promise<string[]> {
  const texts = await page.evaluate(() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found: string[] = [];
    while (walker.nextNode()) {
      const node = walker.currentNode;
      const text = node.textContent?.trim() ?? "";
      if (text !== "" && !node.parentElement?.closest("script, style, [lang], code"))
        found.push(text);
    }
    return found;
  });
  const known = `${told} ${await page.locator("#console-data").innerHTML()}`;
  if (locale === "en")
    return texts.flatMap((text) => text.match(/\p{Script=Han}+/gu) ?? []).filter(isStrange);
  // Ids of the demo are words with a number or a dash; what is left is the name of a state that nobody translated.
  return texts.filter((text) => /^[a-z]+(?:[_.][a-z]+)+$/.test(text));
  function isStrange(run: string): boolean {
    return !known.includes(run);
  }
}

async function shoot(page: Page, name: string): Promise<void> {
  if (SHOTS === "") return;
  mkdirSync(SHOTS, { recursive: true });
  const file = name.replaceAll(/[^\w=-]+/g, "_").slice(0, 90);
  await page.screenshot({ path: join(SHOTS, `${file}.png`), fullPage: true });
}

describe("every page of the console", () => {
  it("has an address here", () => {
    expect(pagesOf(ids).unknown).toEqual([]);
    expect(pagesOf(ids).addresses.length).toBeGreaterThan(40);
  });

  it.each([{ locale: "zh-CN", colorScheme: "light", width: 1_280 }] as const)(
    "is clean, fits and is translated: $locale, $colorScheme, $width px",
    async ({ locale, colorScheme, width }) => {
      const found: string[] = [];
      const at = await desk(locale);
      const { page, told } = at;
      await page.emulateMedia({ colorScheme });
      for (const address of pagesOf(ids).addresses) {
        await page.setViewportSize({ width, height: 900 });
        await open(at, address);
        const note = (what: string): number => found.push(`${address}: ${what}`);
        for (const one of await violations(page)) note(one);
        for (const one of await untranslated(page, locale, await told())) note(`says ${one}`);
        await shoot(page, `${locale} ${address}`);
        // What differs by language is the length of words.
        for (const narrow of [1_280, 768, 375]) {
          await page.setViewportSize({ width: narrow, height: 900 });
          const over = await tooWide(page);
          if (over > 0) note(`${over} too wide for ${narrow}`);
        }
      }
      expect(found).toEqual([]);
    },
    500_000,
  );
});

describe("every dialog of the console", () => {
  it("is opened here", () => {
    expect(unopened()).toEqual([]);
  });

  it("logs no error", () => {
    expect(shop.complaints).toEqual({ errors: [], missing: [] });
  });
});
