/**
 * Every text that anybody may write, by the schemas of the OpenAPI document: markup and formulas go in wherever a body takes free
 * text, and come out as text on every page of members and staff, and in every export. A new text field is tried by itself.
 */
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "@hono/zod-openapi";
import { lookSchema, pageBodySchema } from "../../page-builder/document.ts";
import { launchBrowser } from "./browser-launch.ts";
import { HostileMall, SETUP_KEY } from "./http-hostile-mall.ts";
import type { Schema } from "./http-openapi.ts";
import { Siege } from "./http-siege.ts";
import { raw } from "./http-shop.ts";
import { textFields } from "./http-text-fields.ts";

/** What a page that took it for markup would have in it. */
const AS_MARKUP = /<(?:img src=x onerror|svg onload|hostile>|i x=>)/;

/** Texts that are nobody's to read: what opens a door is compared, sealed or hashed, and shown by no page. */
const SECRETS =
  /\.(?:password|next|token|setupKey|code|apiV3Key|\w+Pem|publicKeyId|nonce|sign|answer\.\w+)$/;
/** Texts that this mall cannot write, each with the reason. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  "PhoneCodeRequest.phone": "is a number or refused",
  "PhoneSignIn.phone": "is a number or refused",
  "staff/sessions/rehearsals.skuId": "is looked up and kept nowhere",
  "TopUpCallback.reason": "comes from a supplier who signs",
  "NewPasskey.name": "needs a key of its own",
  "ExplainDifference.note": "needs a bill of a bank",
};

let siege: Siege;
let browser: Browser;
let phone: BrowserContext;
let desk: BrowserContext;
let mall: HostileMall;
const complaints: string[] = [];
beforeAll(async () => {
  [siege, browser] = await Promise.all([Siege.lay({ SETUP_KEY }), launchBrowser()]);
  mall = await HostileMall.fill(siege.shop, siege.victim);
  phone = await browserOf(siege.victim.id, "member", { width: 390, height: 844 });
  desk = await browserOf("http-staff", "staff", { width: 1_280, height: 860 });
});
afterAll(async () => {
  await browser.close();
  await siege.lift();
});

async function browserOf(
  memberId: string,
  role: "member" | "staff",
  viewport: { width: number; height: number },
): Promise<BrowserContext> {
  const context = await browser.newContext({
    viewport,
    baseURL: siege.shop.origin,
    locale: "zh-CN",
  });
  context.setDefaultTimeout(15_000);
  await context.request.post("/api/v1/dev/login", { data: { memberId, role } });
  context.on("page", (page) => {
    page.on("console", (message) => {
      if (/Content Security Policy|pwned/.test(message.text())) complaints.push(message.text());
    });
  });
  return context;
}

interface Place {
  readonly name: string;
  readonly schema: Schema;
  readonly bodies: readonly unknown[];
}

/** Where texts are written: the bodies of all routes, and the documents that a route takes without showing their fields. */
async function places(): Promise<Place[]> {
  const { shop, bodied } = siege;
  const written = (method: string, path: RegExp): unknown[] =>
    mall.written.filter((one) => one.method === method && path.test(one.path)).map(bodyOf);
  const ofRoutes = bodied.flatMap(({ method, path, spec }) => {
    const schema = spec.requestBody?.content["application/json"]?.schema;
    const name = path.replaceAll(/\/\{\w+\}/g, "").replace("/api/v1/", "");
    const at = new RegExp(`^${path.replaceAll(/\{\w+\}/g, "[^/]+")}$`);
    return schema ? [{ name, schema, bodies: written(method, at) }] : [];
  });
  const editor = await shop.send<{ terms: Record<string, Schema>; rule: Schema; task: Schema }>(
    ...([shop.staff, "GET", "/api/v1/staff/earning/schemas"] as const),
  );
  const { terms, rule, task } = editor.body;
  const page = z.toJSONSchema(pageBodySchema, { io: "input" }) as Schema;
  const mallLook = z.toJSONSchema(lookSchema, { io: "input" }) as Schema;
  const drafts = (pageId: string): unknown[] =>
    written("put", new RegExp(`/pages/${pageId}/draft$`)).map(bodyOf);
  return [
    ...ofRoutes,
    { name: "Page", schema: page, bodies: drafts("home") },
    { name: "Look", schema: mallLook, bodies: drafts("look") },
    { name: "Rule", schema: rule, bodies: written("post", /\/earning\/rules$/) },
    { name: "Task", schema: task, bodies: written("post", /\/earning\/tasks$/) },
    ...Object.entries(terms).map(([kind, schema]) => ({
      ...{ name: `Terms of ${kind}`, schema },
      bodies: written("put", new RegExp(`/earning/terms/${kind}$`)),
    })),
  ];
}

const bodyOf = (one: unknown): unknown => (one as { readonly body?: unknown }).body;

async function look(page: Page, path: string): Promise<{ text: string; source: string }> {
  const response = await page.goto(path);
  await page.waitForLoadState("networkidle");
  await page.waitForFunction(() => document.querySelector(".skeleton") === null);
  const seen = await page.evaluate(() => ({
    text: document.body.innerText,
    ran: (globalThis as unknown as { pwned?: unknown }).pwned ?? null,
    made: document.querySelectorAll("[onerror],[onload],hostile,i[x],a[href^='javascript:']")
      .length,
  }));
  expect({ path, ran: seen.ran, made: seen.made }).toEqual({ path, ran: null, made: 0 });
  return { text: seen.text, source: (await response?.text()) ?? "" };
}

/** Looks at each of them, three pages side by side: most of a look is waiting for the network to be still. */
async function looked<T>(
  context: BrowserContext,
  paths: Iterable<T>,
  lookAt: (page: Page, path: T) => Promise<void>,
): Promise<void> {
  const left = [...paths];
  const LANES = 3;
  const lane = async (): Promise<void> => {
    const page = await context.newPage();
    for (let path = left.shift(); path !== undefined; path = left.shift()) await lookAt(page, path);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

describe("markup and formulas in every text", () => {
  it("were written into every text of every schema", async () => {
    const isMeant = (text: string): boolean => text.includes("<");
    const [all, tried] = [new Set<string>(), new Set<string>()];
    for (const { name, schema, bodies } of await places()) {
      for (const field of textFields(siege.document, schema, name)) all.add(field);
      for (const value of bodies) {
        const filled = textFields(siege.document, schema, name, { value, isMeant });
        for (const field of filled) tried.add(field);
      }
    }
    const left = [...all].filter((field) => !tried.has(field) && !SECRETS.test(field));
    expect(left.filter((field) => !(field in ELSEWHERE))).toEqual([]);
    expect(Object.keys(ELSEWHERE).filter((field) => !left.includes(field))).toEqual([]);
    expect(tried.size).toBeGreaterThan(100);
  });

  it("come out as text in the console, section by section and thing by thing", async () => {
    const page = await desk.newPage();
    await look(page, "/console");
    const sections = await hrefsOf(page, "aside.side a[href^='/console']");
    expect(sections.length).toBeGreaterThan(12);
    let shown = 0;
    await looked(desk, sections, async (at, section) => {
      const { text } = await look(at, section);
      shown += Number(text.includes("onerror"));
      const things = (await hrefsOf(at, "main a[href^='/console/']")).filter(
        (href) => !sections.includes(href),
      );
      for (const thing of things.slice(0, 2)) {
        const seen = await look(at, thing);
        shown += Number(seen.text.includes("onerror"));
      }
    });
    expect(shown).toBeGreaterThan(5);
    expect(complaints).toEqual([]);
  }, 180_000);

  it("come out as text on the pages of members, in their first HTML too", async () => {
    const paths = new Set(["/", "/g", "/calendar", "/orders", "/me", "/me/addresses", "/help"]);
    for (const path of ["/points", "/points/tasks", "/points/invite", "/points/tier"])
      paths.add(path);
    for (const path of ["/points/check-in", "/notices", "/login", "/verify"]) paths.add(path);
    const { orderId, codeOrderId, saleId, sessionId, voucherId, goodsId } = mall.ids;
    for (const id of [orderId, codeOrderId, siege.victimOrder]) paths.add(`/orders/${id}`);
    for (const id of [saleId, siege.params["saleId"]]) paths.add(`/s/${id}`);
    paths.add(`/sessions/${sessionId}`).add(`/vouchers/${voucherId}`).add(`/g/${goodsId}`);
    paths.add("/p/hostile").add("/points/stored-value").add("/points/entries/2");
    let shown = 0;
    await looked(phone, paths, async (page, path) => {
      const { source, text } = await look(page, path);
      shown += Number(text.includes("onerror"));
      expect({ path, isMarkup: AS_MARKUP.test(source) }).toEqual({ path, isMarkup: false });
      for (const href of (await hrefsOf(page, "a[href^='/g/'],a[href^='/p/']")).slice(0, 2)) {
        const seen = await look(page, href);
        expect({ href, isMarkup: AS_MARKUP.test(seen.source) }).toEqual({
          href,
          isMarkup: false,
        });
      }
    });
    expect(complaints).toEqual([]);
    // Fewer would mean that the pages show nothing of it any more.
    expect(shown).toBeGreaterThan(12);
  }, 180_000);

  it("are no formulas in any export", async () => {
    const exports = siege.operations.filter(
      ({ method, path }) => method === "get" && path.endsWith("export"),
    );
    expect(exports.length).toBeGreaterThan(2);
    let hostile = 0;
    for (const operation of exports) {
      const reply = await siege.ask(operation);
      expect(reply.status, operation.path).toBe(200);
      const cells = cellsOf(reply.text);
      const formulas = cells.filter((cell) => /^[=+@\t\r]/.test(cell) || /^-(?!\d)/.test(cell));
      expect({ path: operation.path, formulas }).toEqual({ path: operation.path, formulas: [] });
      hostile += cells.filter((cell) => cell.startsWith("'=9+9")).length;
    }
    expect(hostile).toBeGreaterThan(0);
  });
});

/** Cells of a CSV, quotes taken off. */
function cellsOf(text: string): string[] {
  const cells = text
    .replace(/^\ufeff/, "")
    .matchAll(/(?:^|,|\r\n)(?:"((?:[^"]|"")*)"|([^",\r\n]*))/g);
  return [...cells].map(([, quoted, plain]) => (quoted ?? plain ?? "").replaceAll('""', '"'));
}

async function hrefsOf(page: Page, selector: string): Promise<string[]> {
  const all = await page.$$eval(selector, (links) =>
    links.map((link) => (link as HTMLAnchorElement).getAttribute("href") ?? ""),
  );
  return [...new Set(all.map((href) => href.replace(/#.*/, "")))].filter((href) => href !== "");
}

describe("a way back after signing in", () => {
  it.each([
    ...["https://evil.example/", "//evil.example/", "/\\evil.example/", "javascript:pwned=1"],
    ...["/%09/evil.example", " //evil.example", "/..//evil.example"],
  ])("never leads to another site: %s", async (back) => {
    const page = await phone.newPage();
    await page.goto(`/login?returnTo=${encodeURIComponent(back)}`);
    await page.waitForLoadState("networkidle");
    const links = await page.$$eval("a[href]", (all) =>
      all.map((one) => (one as HTMLAnchorElement).href),
    );
    const away = links.filter(
      (href) =>
        /evil\.example|^javascript:/.test(new URL(href).origin + href.slice(0, 11)) &&
        !href.startsWith(siege.shop.origin),
    );
    expect(away).toEqual([]);
    expect(new URL(page.url()).origin).toBe(siege.shop.origin);
    const path = `/api/v1/sign-in/wechat?returnTo=${encodeURIComponent(back)}`;
    const reply = await raw(siege.shop.origin, { method: "GET", path });
    expect(reply.headers["location"] ?? "").not.toMatch(/^(?:https?:)?[/\\]{2}evil\.example/);
    await page.close();
  });
});
