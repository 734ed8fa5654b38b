/** What the first page of a storefront costs a phone: `node bench/storefront/compare.ts <folder-or-url>`. */
import { readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import type { AxeResults } from "axe-core";
import type { BrowserContext, Page, Request } from "playwright-core";
import { optionsOf } from "../../worker/local/options.ts";
import { launchBrowser } from "../../storefront/testing/launch-browser.ts";
import { PHONE } from "../../storefront/testing/page-watch.ts";
import { serveFolder, STAND_IN_HEADER, type FolderSite, type Stub } from "./serve-folder.ts";

const HELP = `node bench/storefront/compare.ts <folder-or-url> [options]

Opens one page as a phone, 390 px wide, with nothing cached, waits until it asks for nothing more, and says what came:
requests, script, styles, and what axe-core finds in what is rendered. A folder is a built storefront; it is served from
loopback, and whatever is no file of it gets the answer of --status and --answer. No request leaves this machine.

Options
  --base P     the path under which the folder's build expects to lie (default /)
  --path P     the page to open (default: the base, or the URL's own path)
  --status N   the status of what stands in for the backend (default 404)
  --answer T   its body (default {})
  --picture F  write a picture of the page to this file
  --help       this text
`;

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
/** A page is done when it has asked for nothing for this long; retries of calls that fail may go on for ever. */
const QUIET_MS = 3_000;
const LOAD_MS_MAX = 30_000;
const LOOPBACK = new Set(["127.0.0.1", "localhost", "[::1]"]);

type Kind = "document" | "script" | "style" | "picture" | "font" | "call";

interface Came {
  readonly kind: Kind;
  readonly isAnswered: boolean;
  readonly bytes: number;
  readonly text: string;
}

interface Rendered {
  readonly elements: number;
  readonly characters: number;
  readonly inlineStyle: string;
  readonly inlineScript: string;
}

const gzipBytes = (text: string | Buffer): number => gzipSync(text).length;
const kb = (bytes: number): string => `${(bytes / 1_024).toFixed(1)} KB`;

/** By what came, not by who asked: a script that is fetched ahead is a script. */
function kindOf(request: Request, type: string): Kind {
  if (request.isNavigationRequest()) return "document";
  if (type.includes("javascript")) return "script";
  if (type.includes("css")) return "style";
  if (type.startsWith("image/")) return "picture";
  if (type.startsWith("font/") || type.includes("font")) return "font";
  return "call";
}

/**
 * Every body is compressed here, in the same way, whatever its server did: the figures compare what was written, not
 * how a server was set up. Pictures and fonts are compressed already and count as they are.
 */
async function cameOf(request: Request): Promise<Came | null> {
  const response = await request.response();
  if (response === null) return null;
  const type = response.headers()["content-type"] ?? "";
  const kind = kindOf(request, type);
  const body = await response.body().catch(() => Buffer.alloc(0));
  const isPacked = (kind === "picture" && !type.includes("svg")) || kind === "font";
  return {
    kind,
    isAnswered: response.ok() && response.headers()[STAND_IN_HEADER] === undefined,
    bytes: isPacked ? body.length : gzipBytes(body),
    text: kind === "document" ? body.toString("utf8") : "",
  };
}

/** Other hosts get the same answer as the backend, from here: nothing is asked of anybody's server. */
async function keepInside(context: BrowserContext, stub: Stub): Promise<Set<string>> {
  const hosts = new Set<string>();
  await context.route(
    (url) => /^https?:$/.test(url.protocol) && !LOOPBACK.has(url.hostname),
    async (route) => {
      hosts.add(new URL(route.request().url()).hostname);
      await route.fulfill({
        ...{ status: stub.status, contentType: "application/json", body: stub.body },
        headers: {
          "access-control-allow-origin": "*",
          "access-control-allow-headers": "*",
          [STAND_IN_HEADER]: "1",
        },
      });
    },
  );
  await context.routeWebSocket(
    (url) => !LOOPBACK.has(url.hostname),
    (socket) => {
      hosts.add(new URL(socket.url()).hostname);
      void socket.close();
    },
  );
  return hosts;
}

async function untilQuiet(page: Page, url: string): Promise<Request[]> {
  const finished: Request[] = [];
  const startedMs = Date.now();
  let lastMs = startedMs;
  page.on("request", () => (lastMs = Date.now()));
  page.on("requestfinished", (request) => finished.push(request));
  await page.goto(url, { waitUntil: "load", timeout: LOAD_MS_MAX });
  while (Date.now() - lastMs < QUIET_MS && Date.now() - startedMs < LOAD_MS_MAX) await sleep(100);
  return [...finished];
}

/** Run inside the page. */
function readRendered(): Omit<Rendered, "inlineStyle" | "inlineScript"> {
  return {
    elements: document.body.querySelectorAll("*").length,
    characters: document.body.innerText.replaceAll(/\s/g, "").length,
  };
}

/** Styles and scripts that the document carries itself; data for scripts is no script. */
function inlineOf(html: string): Pick<Rendered, "inlineStyle" | "inlineScript"> {
  const inside = (pattern: RegExp): string =>
    [...html.matchAll(pattern)].map((match) => match[1] ?? "").join("\n");
  return {
    inlineStyle: inside(/<style[^>]*>([^]*?)<\/style>/g),
    inlineScript: inside(
      /<script(?![^>]*\ssrc=)(?![^>]*type="?(?:application|speculationrules))[^>]*>([^]*?)<\/script>/g,
    ),
  };
}

async function axeOf(page: Page): Promise<AxeResults> {
  // As text of the debugger, which a page's own policy about scripts does not concern.
  await page.evaluate(AXE);
  return page.evaluate(
    (tags) =>
      (
        window as unknown as { axe: { run(at: Document, options: object): Promise<AxeResults> } }
      ).axe.run(document, { runOnly: { type: "tag", values: tags } }),
    WCAG,
  );
}

function report(all: readonly Came[], rendered: Rendered, axe: AxeResults): string[] {
  const of = (kind: Kind): readonly Came[] => all.filter((came) => came.kind === kind);
  const sum = (kind: Kind): number => of(kind).reduce((bytes, came) => bytes + came.bytes, 0);
  const line = (name: string, kind: Kind): string =>
    `  ${name.padEnd(11)}${String(of(kind).length).padStart(4)} requests ${kb(sum(kind)).padStart(10)}`;
  const own = all.filter((came) => came.isAnswered);
  const { inlineStyle, inlineScript } = rendered;
  const nodes = axe.violations.reduce((count, { nodes: found }) => count + found.length, 0);
  return [
    `requests     ${all.length}, of which ${own.length} were answered, and ${all.length - own.length} got the stand-in or an error`,
    line("document", "document"),
    line("script", "script"),
    line("style", "style"),
    line("picture", "picture"),
    line("font", "font"),
    line("call", "call"),
    `text         ${kb(sum("document") + sum("script") + sum("style"))} gzip: document, script and style together`,
    `script       ${kb(sum("script") + gzipBytes(inlineScript))} gzip, with ${kb(gzipBytes(inlineScript))} inside of the document`,
    `style        ${kb(sum("style") + gzipBytes(inlineStyle))} gzip, with ${kb(gzipBytes(inlineStyle))} inside of the document`,
    `rendered     ${rendered.elements} elements, ${rendered.characters} characters to be seen`,
    `axe-core     ${axe.violations.length} rules broken at ${nodes} places; ${axe.incomplete.length} rules it could not decide; ${axe.passes.length} kept`,
    ...axe.violations.map(
      ({ id, impact, nodes: found }) =>
        `  ${id} (${impact ?? "?"}) × ${found.length}: ${found[0]?.target.join(" ") ?? ""}`,
    ),
  ];
}

async function measure(url: string, stub: Stub, picture: string | undefined): Promise<string[]> {
  const browser = await launchBrowser();
  try {
    const context = await browser.newContext({ ...PHONE, serviceWorkers: "block" });
    const hosts = await keepInside(context, stub);
    const page = await context.newPage();
    const errors: string[] = [];
    page.on("pageerror", ({ message }) => errors.push(message.split("\n")[0] ?? ""));
    const finished = await untilQuiet(page, url);
    const came = await Promise.all(finished.map((request) => cameOf(request)));
    const all = came.filter((one) => one !== null);
    const html = all.find(({ kind }) => kind === "document")?.text ?? "";
    const rendered = { ...(await page.evaluate(readRendered)), ...inlineOf(html) };
    if (picture !== undefined) await page.screenshot({ path: picture });
    const axe = await axeOf(page);
    return [
      `${new Date().toISOString()} · Chromium ${browser.version()} · axe-core ${axe.testEngine.version}`,
      `page         ${page.url()}`,
      ...report(all, rendered, axe),
      `other hosts  ${[...hosts].join(", ") || "none asked"}`,
      `errors       ${errors.length}${errors.length === 0 ? "" : `: ${errors[0]}`}`,
    ];
  } finally {
    await browser.close();
  }
}

async function main(): Promise<void> {
  const { values, positionals } = optionsOf("node bench/storefront/compare.ts --help", {
    allowPositionals: true,
    options: {
      base: { type: "string", default: "/" },
      path: { type: "string" },
      status: { type: "string", default: "404" },
      answer: { type: "string", default: "{}" },
      picture: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  const [target] = positionals;
  if (values.help || target === undefined) {
    process.stdout.write(HELP);
    if (!values.help) process.exitCode = 2;
    return;
  }
  const stub = { status: Number(values.status), body: values.answer };
  const isUrl = /^https?:\/\//.test(target);
  if (isUrl && !LOOPBACK.has(new URL(target).hostname)) {
    throw new Error("only what listens on loopback is measured, so that no one else's server is");
  }
  if (!isUrl && statSync(target, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new Error(`${target} is no folder and no URL`);
  }
  const site: FolderSite | null = isUrl ? null : await serveFolder(target, values.base, stub);
  try {
    const at = new URL(values.path ?? (isUrl ? target : values.base), site?.origin ?? target);
    process.stdout.write(`${(await measure(at.href, stub, values.picture)).join("\n")}\n`);
  } finally {
    site?.close();
  }
}

await main();
