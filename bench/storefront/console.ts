/** How soon the console's first view stands on a slow desk: `node bench/storefront/console.ts <origin>` against a running `npm start`. */
import { gzipSync } from "node:zlib";
import type { Browser, BrowserContext } from "playwright-core";
import { openEdge } from "../load/edge.ts";
import { machine } from "../load/machine.ts";
import { SlowLine } from "../load/slow-line.ts";
import { optionsOf } from "../../worker/local/options.ts";
import { launchBrowser } from "../../storefront/testing/launch-browser.ts";

const HELP = `node bench/storefront/console.ts <origin> [options]

Signs in to a running demo (npm start) and opens pages of the console cold, nothing cached, with the processor slowed down four
times (Emulation.setCPUThrottlingRate). Says when something was painted, and when the first view stood: everything that the page
reads at once is drawn, and nothing of it is a placeholder any more.

Options
  --visits N   visits a page (default 7)
  --only P     this page only
  --line       over 20 Mbit/s and 40 ms instead of straight
`;

const SLOWER_CPU = 4;
/** An office's line. */
const OFFICE = { roundTripMs: 40, down: 20e6, up: 5e6 };
const PAGES = [
  ...["/console", "/console/goods", "/console/orders", "/console/members", "/console/sales"],
  ...["/console/rules", "/console/pages"],
];
const LOAD_MS_MAX = 30_000;

interface Seen {
  readonly paintMs: number;
  readonly viewMs: number;
  readonly blockedMs: number;
  readonly scriptBytes: number;
  readonly requests: number;
}

/** Runs inside the page, from its first moment on. The view stands at the frame after which no placeholder is left. */
function watch(): void {
  const seen = { paintMs: 0, viewMs: 0, blockedMs: 0 };
  Object.assign(window, { seen });
  const on = (type: string, each: (entry: PerformanceEntry) => void): void =>
    new PerformanceObserver((list) => list.getEntries().forEach(each)).observe({
      ...{ type, buffered: true },
    });
  on("paint", ({ name, startTime }) => {
    if (name === "first-contentful-paint") seen.paintMs = startTime;
  });
  on("longtask", ({ duration }) => (seen.blockedMs += Math.max(0, duration - 50)));
  const look = (): void => {
    const body = document.querySelector("#main");
    const isDrawn = body?.querySelector("h1") && !body.querySelector(".skeleton, [aria-busy=true]");
    const hasMore =
      (body?.querySelectorAll(".stat-value, tbody tr, .empty, .cal-row, .rule-row, .pb-name")
        .length ?? 0) > 0;
    // From this frame to its pixels there is one more.
    if (isDrawn && hasMore) requestAnimationFrame(() => (seen.viewMs = performance.now()));
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

async function visit(
  browser: Browser,
  origin: string,
  path: string,
  cookies: Awaited<ReturnType<BrowserContext["cookies"]>>,
): Promise<Seen> {
  const context = await browser.newContext({
    ...{ baseURL: origin, viewport: { width: 1_440, height: 900 }, locale: "zh-CN" },
  });
  try {
    await context.addCookies(cookies);
    await context.addInitScript(watch);
    const page = await context.newPage();
    const devtools = await context.newCDPSession(page);
    await devtools.send("Emulation.setCPUThrottlingRate", { rate: SLOWER_CPU });
    let requests = 0;
    const weighed: Promise<number>[] = [];
    page.on("request", () => (requests += 1));
    page.on("response", (response) => {
      if (response.request().resourceType() !== "script") return;
      weighed.push(response.body().then((body) => gzipSync(body).length));
    });
    await page.goto(path, { waitUntil: "commit", timeout: LOAD_MS_MAX });
    await page.waitForFunction(
      () => (window as unknown as { seen: { viewMs: number } }).seen.viewMs > 0,
      undefined,
      { timeout: LOAD_MS_MAX },
    );
    const asked = requests;
    const seen = await page.evaluate(
      () => (window as unknown as { seen: Pick<Seen, "paintMs" | "viewMs" | "blockedMs"> }).seen,
    );
    const bytes = await Promise.all(weighed);
    return {
      ...seen,
      ...{ requests: asked, scriptBytes: bytes.reduce((sum, one) => sum + one, 0) },
    };
  } finally {
    await context.close();
  }
}

/** The demo's development login, which holds every permission: the fullest first view there is. */
async function signIn(browser: Browser, origin: string): ReturnType<BrowserContext["cookies"]> {
  const context = await browser.newContext({ baseURL: origin });
  try {
    const login = { data: { memberId: "bench-desk", role: "staff" } };
    const answer = await context.request.post("/api/v1/dev/login", login);
    if (!answer.ok()) throw new Error(`the demo's login answered ${answer.status()}`);
    return await context.cookies();
  } finally {
    await context.close();
  }
}

const sorted = (figures: readonly number[]): number[] => figures.toSorted((a, b) => a - b);
const told = (figures: readonly number[]): string => {
  const all = sorted(figures);
  const median = all[Math.floor(all.length / 2)] ?? 0;
  return `${(all[0] ?? 0).toFixed(0)} / **${median.toFixed(0)}** / ${(all.at(-1) ?? 0).toFixed(0)}`;
};

function rowOf(path: string, seen: readonly Seen[]): string {
  const of = (key: keyof Seen): number[] => seen.map((one) => one[key]);
  const script = (Math.max(...of("scriptBytes")) / 1_024).toFixed(1);
  return `| ${path} | ${script} KB | ${Math.max(...of("requests"))} | ${told(of("paintMs"))} | ${told(of("viewMs"))} | ${told(of("blockedMs"))} |`;
}

async function main(): Promise<void> {
  const { values, positionals } = optionsOf("node bench/storefront/console.ts --help", {
    allowPositionals: true,
    options: {
      visits: { type: "string", default: "7" },
      only: { type: "string" },
      line: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const [target] = positionals;
  if (values.help || target === undefined) {
    process.stdout.write(HELP);
    return;
  }
  const edge = await openEdge(target);
  const line = values.line ? await SlowLine.open(edge.origin, OFFICE) : null;
  const { origin } = line ?? edge;
  const browser = await launchBrowser();
  const { cpu, cores } = machine();
  const lines = [
    `${new Date().toISOString()}, ${cpu}, ${cores} cores, processor / ${SLOWER_CPU}${values.line ? ", 20 Mbit/s and 40 ms" : ""}; ${values.visits} visits, least / median / most`,
    "",
    "| Page | script, gzip | requests | first paint, ms | first view, ms | blocked, ms |",
    "|---|---|---|---|---|---|",
  ];
  try {
    const cookies = await signIn(browser, origin);
    for (const path of PAGES.filter((one) => values.only === undefined || one === values.only)) {
      // The isolate and its caches are warm, the browser is not: the day's first request is not what is measured.
      await visit(browser, origin, path, cookies);
      const seen: Seen[] = [];
      for (let at = 0; at < Number(values.visits); at += 1)
        seen.push(await visit(browser, origin, path, cookies));
      const row = rowOf(path, seen);
      process.stderr.write(`${row}\n`);
      lines.push(row);
    }
  } finally {
    await browser.close();
    await line?.close();
    await edge.close();
  }
  process.stdout.write(`${lines.join("\n")}\n`);
}

await main();
