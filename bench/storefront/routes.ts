/** What every page of members costs a slow phone: `node bench/storefront/routes.ts <origin>` against a running `npm start`. */
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { openEdge } from "../load/edge.ts";
import { machine } from "../load/machine.ts";
import { SlowLine } from "../load/slow-line.ts";
import { optionsOf } from "../../worker/local/options.ts";
import { launchBrowser } from "../../storefront/testing/launch-browser.ts";
import { PHONE } from "../../storefront/testing/page-watch.ts";

const HELP = `node bench/storefront/routes.ts <origin> [options]

Opens every page of members of a running demo (npm start) on an emulated slow phone: 1.6 Mbit/s, 150 ms, processor / 4, nothing
cached. Says what came as script, when the largest thing was painted, how long the processor was blocked, what shifted;
and of the sale page how soon it answers a tap while 20 stock updates a second arrive. Have a Chinese font, as phones have (Debian:
fonts-noto-cjk): without one the browser looks for every letter in vain, which keeps it busy for longer than the page does.

Options
  --visits N   visits a page (default 3) after one that does not count; the least and the median are told, since other work on the machine only ever adds
  --only P     this page only
  --member ID  whose pages (default tea-001)
  --sale PATH  a sale of the demo that runs (default /s/demo.canvas-tote~1)
`;

const SLOW = { roundTripMs: 150, down: 1.6e6, up: 0.75e6 };
const SLOWER_CPU = 4;
const QUIET_MS = 1_500;
const UPDATE_MS = 50;
const TAPS = 12;
/** States in which a tap on the button stays on the page; in the others the title is tapped. */
const STAYS = new Set(["bookable", "booking", "booked", "arming", "open", "sending", "queued"]);

const GUEST = ["/", "/g", "/calendar", "/help", "/login", "/verify"];
const MEMBER = [
  ...["/", "/g", "/calendar", "/me", "/notices", "/orders", "/me/addresses", "/points"],
  ...["/points/check-in", "/points/tasks", "/points/invite", "/points/tier", "/points/code"],
];

interface Seen {
  readonly lcpMs: number;
  readonly blockedMs: number;
  readonly shift: number;
  readonly scriptBytes: number;
}

/** Runs inside the page, from its first moment on. What a task takes beyond 50 ms keeps a finger waiting: that counts as blocked. */
function watch(): void {
  const seen = { lcpMs: 0, blockedMs: 0, shift: 0, interactionsMs: [] as number[] };
  Object.assign(window, { seen });
  const on = (type: string, each: (entry: PerformanceEntry) => void, more: object = {}): void =>
    new PerformanceObserver((list) => list.getEntries().forEach(each)).observe({
      ...{ type, buffered: true, ...more },
    });
  on("largest-contentful-paint", ({ startTime }) => (seen.lcpMs = startTime));
  on("longtask", ({ duration }) => (seen.blockedMs += Math.max(0, duration - 50)));
  on("layout-shift", (entry) => {
    const { value, hadRecentInput } = entry as PerformanceEntry & {
      value: number;
      hadRecentInput: boolean;
    };
    if (!hadRecentInput) seen.shift += value;
  });
  const longer = { durationThreshold: 16 };
  on(
    "event",
    (entry) => {
      const { interactionId } = entry as PerformanceEntry & { interactionId: number };
      if (interactionId > 0) seen.interactionsMs.push(entry.duration);
    },
    longer,
  );
}

interface Phone {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly close: () => Promise<void>;
}

async function phone(browser: Browser, origin: string, memberId: string | null): Promise<Phone> {
  const line = await SlowLine.open(origin, SLOW);
  const context = await browser.newContext({ baseURL: line.origin, ...PHONE });
  context.setDefaultTimeout(30_000);
  if (memberId !== null) await context.request.post("/api/v1/dev/login", { data: { memberId } });
  await context.addInitScript(watch);
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: SLOWER_CPU });
  const close = async (): Promise<void> => {
    await context.close();
    await line.close();
  };
  return { context, page, close };
}

async function visit(
  browser: Browser,
  origin: string,
  path: string,
  memberId: string | null,
): Promise<Seen> {
  const { page, close } = await phone(browser, origin, memberId);
  let scriptBytes = 0;
  const weighed: Promise<void>[] = [];
  page.on("response", (response) => {
    if (response.request().resourceType() !== "script") return;
    weighed.push(response.body().then((body) => void (scriptBytes += gzipSync(body).length)));
  });
  try {
    await page.goto(path, { waitUntil: "load" });
    await page.waitForSelector('html[data-live="1"]', { state: "attached" });
    await sleep(QUIET_MS);
    await Promise.all(weighed);
    const seen = await page.evaluate(
      () => (window as unknown as { seen: Omit<Seen, "scriptBytes"> }).seen,
    );
    return { ...seen, scriptBytes };
  } finally {
    await close();
  }
}

/** The sale page while its stock changes 20 times a second: every tap's time to the next frame. */
async function interactions(
  browser: Browser,
  origin: string,
  sale: string,
  memberId: string,
): Promise<number[]> {
  const { context, page, close } = await phone(browser, origin, memberId);
  try {
    const updates = await floodOf(context);
    await page.goto(sale, { waitUntil: "load" });
    await page.waitForSelector('html[data-live="1"]', { state: "attached" });
    await updates.started;
    for (let at = 0; at < TAPS; at += 1) {
      const state = await page.locator("#grab").getAttribute("data-state");
      const target = STAYS.has(state ?? "") ? "#grab" : "h1";
      await page.locator(target).first().tap();
      await sleep(400);
    }
    await sleep(QUIET_MS);
    const { seen, frames } = await page.evaluate(() => ({
      seen: (window as unknown as { seen: { interactionsMs: number[] } }).seen,
      frames: document.querySelector(".stock b, .stock .num")?.textContent ?? "",
    }));
    process.stderr.write(`${updates.sent()} updates sent, stock at the end ${frames}\n`);
    return seen.interactionsMs;
  } finally {
    await close();
  }
}

/** Repeats the door's own stock frame with falling figures, since a door itself tells no more than a few times a second. */
async function floodOf(
  context: BrowserContext,
): Promise<{ started: Promise<void>; sent: () => number }> {
  let sent = 0;
  let begin = (): void => undefined;
  const started = new Promise<void>((resolve) => (begin = resolve));
  await context.routeWebSocket(/\/(?:door|live)\b/, (socket) => {
    const door = socket.connectToServer();
    socket.onMessage((message) => door.send(message));
    let timer: ReturnType<typeof setInterval> | null = null;
    door.onMessage((message) => {
      socket.send(message);
      const frame = JSON.parse(String(message)) as { t: string; remaining: number };
      if (frame.t !== "stock" || timer !== null) return;
      begin();
      timer = setInterval(() => {
        sent += 1;
        const remaining = Math.max(1, frame.remaining - (sent % frame.remaining));
        socket.send(JSON.stringify({ ...frame, remaining, waiting: 100 + (sent % 50) }));
      }, UPDATE_MS);
    });
    socket.onClose(() => timer && clearInterval(timer));
  });
  return { started, sent: () => sent };
}

const least = (figures: readonly number[]): number => Math.min(...figures);
const middle = (figures: readonly number[]): number =>
  [...figures].sort((a, b) => a - b)[Math.floor((figures.length - 1) / 2)] ?? Number.NaN;
const both = (figures: readonly number[]): string =>
  `${least(figures).toFixed(0)} / ${middle(figures).toFixed(0)}`;

function rowOf(name: string, seen: readonly Seen[]): string {
  const of = (key: keyof Seen): number[] => seen.map((one) => one[key]);
  const shift = Math.max(...of("shift"));
  const script = (middle(of("scriptBytes")) / 1_024).toFixed(1);
  return `| ${name} | ${script} KB | ${both(of("lcpMs"))} | ${both(of("blockedMs"))} | ${shift.toFixed(3)} |`;
}

async function main(): Promise<void> {
  const { values, positionals } = optionsOf("node bench/storefront/routes.ts --help", {
    allowPositionals: true,
    options: {
      visits: { type: "string", default: "3" },
      only: { type: "string" },
      member: { type: "string", default: "tea-001" },
      sale: { type: "string", default: "/s/demo.canvas-tote~1" },
      help: { type: "boolean", default: false },
    },
  });
  const [origin] = positionals;
  if (values.help || origin === undefined) {
    process.stdout.write(HELP);
    return;
  }
  const routes = [
    ...[...GUEST, values.sale].map((path) => ({ path, as: null, name: `${path}, guest` })),
    ...[...MEMBER, values.sale, ...(await own(origin, values.member))].map((path) => ({
      ...{ path, as: values.member, name: path },
    })),
  ].filter(({ path }) => values.only === undefined || path === values.only);
  const edge = await openEdge(origin);
  const browser = await launchBrowser();
  const { cpu, cores } = machine();
  const lines = [
    `${new Date().toISOString()}, ${cpu}, ${cores} cores; ${values.visits} visits a page after one that does not count`,
    "",
    "| Page | script, gzip | largest paint, ms: least / median | blocked, ms: least / median | shift, most |",
    "|---|---|---|---|---|",
  ];
  try {
    for (const { path, as, name } of routes) {
      // Isolate and database have answered this page before, as in a shop that runs; the first visitor of the day is not what is measured.
      await visit(browser, edge.origin, path, as);
      const seen: Seen[] = [];
      for (let at = 0; at < Number(values.visits); at += 1)
        seen.push(await visit(browser, edge.origin, path, as));
      const line = rowOf(name, seen);
      process.stderr.write(`${line}\n`);
      lines.push(line);
    }
    const taps = await interactions(browser, edge.origin, values.sale, values.member);
    lines.push(
      "",
      `Taps on the sale page at 20 stock updates a second: ${both(taps)} ms to the next frame, slowest ${Math.max(...taps)} ms, ${taps.length} interactions`,
    );
  } finally {
    await browser.close();
    await edge.close();
  }
  process.stdout.write(`${lines.join("\n")}\n`);
}

/** Pages that need something of the member's own: an order, an entry of the ledger. */
async function own(origin: string, memberId: string): Promise<string[]> {
  const login = await fetch(`${origin}/api/v1/dev/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ memberId }),
  });
  const { token } = (await login.json()) as { token: string };
  const get = async <T>(path: string): Promise<T> =>
    (await (
      await fetch(origin + path, { headers: { authorization: `Bearer ${token}` } })
    ).json()) as T;
  const { orders } = await get<{ orders: { orderId: string; state: string }[] }>("/api/v1/orders");
  const oneOfEachState = new Map(orders.map((order) => [order.state, order]));
  const { vouchers } = await get<{ vouchers: { voucherId: string }[] }>("/api/v1/me/vouchers");
  const { goods } = await get<{ goods: { goodsId: string }[] }>("/api/v1/goods?limit=1");
  return [
    ...[...oneOfEachState.values()].map(({ orderId }) => `/orders/${orderId}`),
    ...vouchers.slice(0, 1).map(({ voucherId }) => `/vouchers/${voucherId}`),
    ...goods.slice(0, 1).map(({ goodsId }) => `/g/${goodsId}`),
    "/points/entries/1",
  ];
}

await main();
