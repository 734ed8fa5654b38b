/**
 * Every page and every dialog of the console, over the demo's data, in both languages and both schemes: clean, whole, translated,
 * and as wide as the screen. One desk walks through all of it as a person would, without loading the console anew.
 */
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { AxeResults } from "axe-core";
import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DEMO_OWNER, seedStaff } from "../../local/seed-staff.ts";
import { seedDemo } from "../../local/seed.ts";
import { smallTargets } from "../gallery/look.ts";
import { leaveAffairs } from "./browser-console-affairs.ts";
import { lostPages, OPENINGS, pagesOf, unopened } from "./browser-console-places.ts";
import { Shop } from "./browser-shop.ts";
import { until } from "./product.ts";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** Where a picture of each page and dialog goes, when somebody wants to look at them. */
const SHOTS = process.env["CONSOLE_SHOTS"] ?? "";

type Cookies = Awaited<ReturnType<BrowserContext["cookies"]>>;

let shop: Shop;
let here: Desk;
let ids: Readonly<Record<string, string>>;
beforeAll(async () => {
  shop = await Shop.open({}, { hasBank: true });
  await seedStaff(shop.origin, shop.product.server.setupKey);
  const rehearsal = await rehearsed();
  const { running } = await seedDemo(shop.origin);
  await leaveAffairs(shop, running);
  const now = String(Date.now());
  ids = { running, rehearsal, now, draft: await draftOf("周末伞杯场") };
  // Another device of the same person.
  await signIn();
  here = await desk(await signIn());
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
async function signIn(): Promise<Cookies> {
  const context = await shop.context({ viewport: { width: 1_280, height: 900 } });
  const page = await context.newPage();
  await page.goto("/console");
  await page.locator("input[type=email]").fill(DEMO_OWNER.email);
  await page.locator("input[type=password]").fill(DEMO_OWNER.password);
  await page.keyboard.press("Enter");
  await page.getByRole("navigation").first().waitFor();
  return context.cookies();
}

type Locale = "zh-CN" | "en";

/** A desk of the owner that remembers what the API told it. */
interface Desk {
  readonly page: Page;
  /** Everything the API said, as one text. */
  readonly told: () => Promise<string>;
  /** What is asked and not answered yet. */
  readonly waiting: ReadonlySet<unknown>;
}

async function desk(cookies: Cookies): Promise<Desk> {
  const context = await shop.context({
    ...{ viewport: { width: 1_280, height: 900 }, isMobile: false, hasTouch: false },
    ...{ bypassCSP: true, reducedMotion: "reduce", colorScheme: "light" },
  });
  await context.addCookies(cookies);
  await context.addInitScript({ content: AXE });
  const page = await context.newPage();
  const answers: Promise<string>[] = [];
  const waiting = new Set<unknown>();
  page.on("requestfinished", (request) => waiting.delete(request));
  page.on("requestfailed", (request) => waiting.delete(request));
  page.on("request", (request) => {
    if (request.resourceType() !== "websocket") waiting.add(request);
  });
  page.on("response", (response) => {
    if (response.url().includes("/api/")) answers.push(response.text().catch(() => ""));
  });
  const told = async (): Promise<string> => (await Promise.all(answers)).join("\n");
  await page.goto("/console");
  await page.getByRole("navigation").first().waitFor();
  return { page, told, waiting };
}

/** Goes there by a link, as everything of the console does. */
async function open({ page, waiting }: Desk, address: string): Promise<void> {
  await page.evaluate((to) => {
    const link = document.createElement("a");
    link.href = to;
    document.body.append(link);
    link.click();
    link.remove();
  }, address);
  await page.waitForURL((url) => url.pathname + url.search === address);
  await settled(page, waiting);
  await page.getByRole("main").getByRole("heading", { level: 1 }).first().waitFor();
}

/** Whatever was asked is answered and drawn. An effect asks after its frame, so quiet has to outlast one. */
async function settled(page: Page, waiting: ReadonlySet<unknown>): Promise<void> {
  await until(
    async () => {
      const busy = await page.evaluate(async () => {
        for (let frames = 0; frames < 2; frames += 1)
          await new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)));
        return document.querySelectorAll(".skeleton, [aria-busy=true]").length;
      });
      return busy + waiting.size;
    },
    (count) => count === 0,
    20_000,
  );
}

/** By a press on its button: in the navigation, also while a dialog stands over it. */
async function speak(page: Page, locale: Locale): Promise<void> {
  await page.evaluate((wanted) => {
    const button = document.querySelector<HTMLElement>(`.foot-acts button[lang="${wanted}"]`);
    button?.click();
  }, locale);
  await page.waitForFunction((wanted) => document.documentElement.lang === wanted, locale);
}

type Rules = "all" | "colours";

/** What axe finds wrong. Where only the scheme is another, only colours can be. */
async function violations(page: Page, where: string, rules: Rules): Promise<string[]> {
  const found = await page.evaluate(
    async ([inside, only]) => {
      const { axe } = window as unknown as {
        axe: { run(where: unknown, options: unknown): Promise<AxeResults> };
      };
      const options = {
        resultTypes: ["violations"],
        ...(only === "colours" ? { runOnly: { type: "rule", values: ["color-contrast"] } } : {}),
      };
      const { violations: broken } = await axe.run(
        { include: [inside], exclude: [["iframe"]] },
        options,
      );
      return broken.map(({ id, nodes }) => ({
        id,
        at: nodes.map(({ target }) => target.join(" ")),
      }));
    },
    [where, rules] as const,
  );
  return found.flatMap(({ id, at }) => at.map((target) => `${id} ${target}`));
}

const tooWide = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - innerWidth);

/** Words of the other language that no answer of the API contains. */
async function untranslated(page: Page, locale: Locale, told: string): Promise<string[]> {
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
    return texts
      .flatMap((text) => text.match(/\p{Script=Han}+/gu) ?? [])
      .filter((run) => !known.includes(run));
  // Ids of the demo are words with a number or a dash; what is left is the name of a state that nobody translated.
  return texts.filter((text) => /^[a-z]+(?:[_.][a-z]+)+$/.test(text));
}

/** The page or dialog in each language and scheme, as it stands. */
async function looked(
  { page, told }: Desk,
  where: "main" | "dialog[open]",
  name: string,
  eachLanguage: (note: (what: string) => void) => Promise<void>,
): Promise<string[]> {
  const found: string[] = [];
  const turns = [
    { locale: "zh-CN", first: "light", second: "dark" },
    { locale: "en", first: "dark", second: "light" },
  ] as const;
  for (const { locale, first, second } of turns) {
    await speak(page, locale);
    for (const colorScheme of [first, second]) {
      const note = (what: string): number =>
        found.push(`${name}, ${locale}, ${colorScheme}: ${what}`);
      await page.emulateMedia({ colorScheme });
      const isFirst = colorScheme === first;
      const inside = where === "main" && isFirst ? "body" : where;
      for (const one of await violations(page, inside, isFirst ? "all" : "colours")) note(one);
      if (!isFirst) continue;
      for (const one of await untranslated(page, locale, await told())) note(`says ${one}`);
      await shoot(page, `${locale} ${name}`);
      await eachLanguage(note);
    }
  }
  await speak(page, "zh-CN");
  return found;
}

/** What a phone shows in part only: lists whose rows have more than its width, a chosen tab beyond the edge. */
function cutOff(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    // What follows a change of the width does so within the frame that draws it.
    for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
    const lists = [...document.querySelectorAll(".table-scroll:has(> .stacks)")]
      .filter((box) => box.scrollWidth > box.clientWidth)
      .map((box) => `the rows of ${box.getAttribute("aria-label")} are cut`);
    const tabs = [...document.querySelectorAll("main .tabs [aria-selected=true]")]
      .filter((tab) => tab.getBoundingClientRect().right > innerWidth)
      .map((tab) => `the chosen tab ${tab.textContent} is not seen`);
    return [...lists, ...tabs];
  });
}

/** Lists that nobody can take away as a file. What is filled in is a form, however it is laid out. */
function unexported(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const lists = [...document.querySelectorAll("main table")].filter(
      (table) =>
        table.querySelector("thead") && !table.querySelector("td input:not([type=checkbox])"),
    );
    // Beside the list, or for the whole page in its head.
    const isExported = (table: Element): boolean =>
      [table.closest(".card, main"), document.querySelector("main .page-head")]
        .flatMap((place) => [...(place?.querySelectorAll("a, button") ?? [])])
        .some(({ textContent }) => /导出|下载/.test(textContent));
    return lists
      .filter((table) => !isExported(table))
      .map((table) => `no export of ${table.querySelector("thead")?.textContent}`);
  });
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

  it("is clean, fits and is translated, in both languages and schemes", async () => {
    const { page } = here;
    const found: string[] = [];
    for (const address of pagesOf(ids).addresses) {
      await open(here, address);
      found.push(
        ...(await looked(here, "main", address, async (note) => {
          for (const width of [375, 768, 1_280]) {
            await page.setViewportSize({ width, height: 900 });
            const over = await tooWide(page);
            if (over > 0) note(`${over} too wide for ${width}`);
            if (width !== 375) continue;
            const narrow = [...(await cutOff(page)), ...(await smallTargets(page))];
            narrow.forEach(note);
          }
        })),
      );
      found.push(...(await unexported(page)).map((what) => `${address}: ${what}`));
    }
    expect(found).toEqual([]);
  }, 300_000);
});

describe("a page whose id nothing goes by", () => {
  it.each(lostPages())("says so and where to look: %s", async (address) => {
    await open(here, address);
    const main = here.page.getByRole("main");
    await main
      .getByText(/没有找到|还没有见过这位会员/)
      .first()
      .waitFor();
    expect(await main.getByText("没读出来").count()).toBe(0);
    expect(await here.page.title()).not.toBe("抢兑");
    const ways = main.locator('a[href^="/console"]').filter({ visible: true });
    expect(await ways.count()).toBeGreaterThan(0);
  });
});

describe("every dialog of the console", () => {
  it("is opened here", () => {
    expect(unopened()).toEqual([]);
  });

  it("is clean, fits a phone, is translated, and gives the focus back", async () => {
    const { page } = here;
    const found: string[] = [];
    for (const { file, at, open: act } of OPENINGS) {
      const address = `/console/${at}`.replace(/\/$/, "");
      await open(
        here,
        address.replace(/\{(\w+)\}/, (_, name: string) => ids[name] ?? ""),
      );
      if ((await page.getByRole("dialog").count()) > 0)
        throw new Error(`${at} begins with a dialog`);
      const refused = await act(page).then(
        () => null,
        (error: unknown) => String(error).split("\n")[0] ?? "",
      );
      if (refused !== null) {
        found.push(`${file} at ${at} does not open: ${refused}`);
        continue;
      }
      const dialog = page.getByRole("dialog").last();
      await dialog.waitFor();
      await settled(page, here.waiting);
      found.push(
        ...(await looked(here, "dialog[open]", file, async (note) => {
          await page.setViewportSize({ width: 375, height: 720 });
          const box = await dialog.boundingBox();
          if (!box || box.x < 0 || box.x + box.width > 375)
            note(`stands at ${JSON.stringify(box)}`);
          (await smallTargets(page)).forEach(note);
          await page.setViewportSize({ width: 1_280, height: 900 });
        })),
      );
      await closed(page);
      // What a key called from nowhere goes back to nowhere.
      const isLost = await page.evaluate(() => document.activeElement === document.body);
      if (isLost && !file.startsWith("shell/")) found.push(`${file}: leaves the focus nowhere`);
    }
    expect(found).toEqual([]);
  }, 300_000);

  it("logs no error", () => {
    expect(shop.complaints).toEqual({ errors: [], missing: [] });
  });
});

/** By Escape alone, one over the other. */
async function closed(page: Page): Promise<void> {
  const dialogs = page.getByRole("dialog");
  for (let shown = await dialogs.count(); shown > 0; shown = await dialogs.count()) {
    await page.keyboard.press("Escape");
    await until(
      () => dialogs.count(),
      (count) => count < shown,
    );
  }
}
