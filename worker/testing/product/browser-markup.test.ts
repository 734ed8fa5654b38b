/**
 * Every text that anybody may write, by the schemas of the OpenAPI document: markup and formulas go in wherever a body takes free
 * text, and come out as text on every page of members and staff, and in every export. A new text field is tried by itself.
 */
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchBrowser } from "./browser-launch.ts";
import { FREE_FORM } from "./http-earning-bodies.ts";
import { bodySchemaOf, follow, type Operation, type Schema } from "./http-openapi.ts";
import { FITTING, Siege } from "./http-siege.ts";
import { raw } from "./http-shop.ts";
import { newOrderId } from "./product.ts";

/** Begins as a formula does; ends an attribute, a script and a comment; brings markup that runs by itself. */
const HOSTILE = `=9+9"'--></script><img src=x onerror=pwned=1><svg onload=pwned=1>`;
/** What a page that took it for markup would have in it. */
const AS_MARKUP = "<img src=x onerror";

/** Not texts of the shop: who somebody is, and what leads away from the pages. */
const SKIPPED = /\/(?:staff-auth|dev|sign-in)\/|\/me\/(?:password|programme|two-step|passkeys)/;

interface Told extends Schema {
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
  readonly format?: string;
}

let siege: Siege;
let browser: Browser;
let phone: BrowserContext;
let desk: BrowserContext;
const complaints: string[] = [];
beforeAll(async () => {
  [siege, browser] = await Promise.all([Siege.lay(), launchBrowser()]);
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

/** Whether people may write what they like here: no pattern, no choice, room for more than a code. */
function isFreeText({ type, pattern, format, enum: choice, maxLength }: Told): boolean {
  const isText = type === "string" || (Array.isArray(type) && type.includes("string"));
  return isText && !pattern && !format && !choice && (maxLength ?? 120) >= 20;
}

/** The fitting value with every free text in it replaced; counts them in `tried`. */
function poisoned(schema: Schema, value: unknown, tried: string[], at: string): unknown {
  const told = follow(siege.document, schema) as Told;
  const choices = told.anyOf ?? told.oneOf;
  if (choices) {
    const fits = choices.map((one) => follow(siege.document, one)).find((one) => mayBe(one, value));
    return fits ? poisoned(fits, value, tried, at) : value;
  }
  if (typeof value === "string" && isFreeText(told)) {
    tried.push(at);
    return HOSTILE.slice(0, told.maxLength ?? HOSTILE.length);
  }
  if (Array.isArray(value)) {
    return value.map((one) => (told.items ? poisoned(told.items, one, tried, `${at}[]`) : one));
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => {
      const field = told.properties?.[name];
      return [name, field ? poisoned(field, one, tried, `${at}.${name}`) : one];
    }),
  );
}

function mayBe(schema: Schema, value: unknown): boolean {
  const types = new Set([schema.type ?? "object"].flat());
  const kind = value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
  return types.has(kind) || (kind === "number" && types.has("integer"));
}

/** One request with all of its texts spoilt; its own ids are new, so that it is no repetition. */
async function write(operation: Operation): Promise<{ status: number; fields: string[] } | null> {
  const fitting = { ...FITTING[operation.path], ...FREE_FORM[operation.path] };
  const schema = bodySchemaOf(siege.document, operation);
  if (!schema || SKIPPED.test(operation.path)) return null;
  const fields: string[] = [];
  const body = poisoned(schema, fitting, fields, operation.path) as Record<string, unknown>;
  if (fields.length === 0) return null;
  for (const name of ["requestId", "mergeId", "adjustmentId", "idempotencyKey"]) {
    if (typeof body[name] === "string") body[name] = newOrderId();
  }
  const { status } = await siege.ask(operation, { body: JSON.stringify(body) });
  return { status, fields };
}

async function look(page: Page, path: string): Promise<{ text: string; source: string }> {
  const response = await page.goto(path);
  await page.waitForLoadState("networkidle");
  await page.waitForFunction(() => document.querySelector(".skeleton") === null);
  const seen = await page.evaluate(() => ({
    text: document.body.innerText,
    ran: (globalThis as unknown as { pwned?: unknown }).pwned ?? null,
    made: document.querySelectorAll("[onerror],[onload],img[src=x],img[src='/x']").length,
  }));
  expect({ path, ran: seen.ran, made: seen.made }).toEqual({ path, ran: null, made: 0 });
  return { text: seen.text, source: (await response?.text()) ?? "" };
}

describe("markup and formulas in every text", () => {
  const stored: string[] = [];

  it("are taken as text or refused, and break nothing", async () => {
    const broken: string[] = [];
    for (const operation of siege.bodied) {
      const told = await write(operation);
      if (!told) continue;
      if (told.status < 300) stored.push(...told.fields);
      if (told.status >= 500) broken.push(`${operation.method} ${operation.path}: ${told.status}`);
    }
    expect(broken).toEqual([]);
    // Fewer would mean that the test fills nothing any more.
    expect(stored.length).toBeGreaterThan(25);
  });

  it("come out as text in the console, section by section and thing by thing", async () => {
    const page = await desk.newPage();
    await look(page, "/console");
    const sections = await hrefsOf(page, "aside.side a[href^='/console']");
    expect(sections.length).toBeGreaterThan(12);
    let shown = 0;
    for (const section of sections) {
      const { text } = await look(page, section);
      shown += Number(text.includes("onerror"));
      const things = (await hrefsOf(page, "main a[href^='/console/']")).filter(
        (href) => !sections.includes(href),
      );
      for (const thing of things.slice(0, 2)) {
        const seen = await look(page, thing);
        shown += Number(seen.text.includes("onerror"));
      }
    }
    expect(shown).toBeGreaterThan(5);
    expect(complaints).toEqual([]);
  });

  it("come out as text on the pages of members, in their first HTML too", async () => {
    const page = await phone.newPage();
    const paths = new Set(["/", "/g", "/calendar", "/orders", "/me", "/me/addresses", "/help"]);
    for (const path of ["/points", "/points/tasks", "/points/invite", "/points/tier"])
      paths.add(path);
    for (const path of ["/points/check-in", "/notices", "/login", "/verify"]) paths.add(path);
    paths.add(`/orders/${siege.victimOrder}`);
    paths.add(`/s/${siege.params["saleId"] ?? ""}`);
    for (const path of paths) {
      const { source } = await look(page, path);
      expect({ path, isMarkup: source.includes(AS_MARKUP) }).toEqual({ path, isMarkup: false });
      for (const href of (await hrefsOf(page, "a[href^='/g/'],a[href^='/p/']")).slice(0, 2)) {
        const seen = await look(page, href);
        expect({ href, isMarkup: seen.source.includes(AS_MARKUP) }).toEqual({
          href,
          isMarkup: false,
        });
      }
    }
    expect(complaints).toEqual([]);
  });

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
