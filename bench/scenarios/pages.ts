/** The sale page on phones: real Chromium over emulated networks, from the link to the verdict of a tap. */
import type { Browser, BrowserContext, Page } from "playwright-core";
import { launchBrowser } from "../../storefront/testing/launch-browser.ts";
import {
  PHONE,
  readGrab,
  readPaint,
  watchGrab,
  watchPaint,
  type Grab,
  type Paint,
} from "../../storefront/testing/page-watch.ts";
import { cpuSecondsOfThis, type Figures } from "../load/scenario.ts";
import { cpuSeconds } from "../load/processes.ts";
import { SlowLine, type Line } from "../load/slow-line.ts";
import { median } from "../load/stats.ts";
import { newSale, orderPrefix, soldExactly, type Stage } from "./stage.ts";
import { orderIdAt } from "../load/jobs.ts";
import type { SaleView } from "../load/api.ts";

interface Network extends Line {
  readonly name: string;
}

export const NETWORKS: readonly Network[] = [
  { name: "pages-lte", roundTripMs: 50, down: 12e6, up: 5e6 },
  { name: "pages-slow-4g", roundTripMs: 150, down: 1.6e6, up: 0.75e6 },
  { name: "pages-3g", roundTripMs: 300, down: 0.7e6, up: 0.35e6 },
];
/** A phone of the middle class beside this machine's processor. */
const SLOWER_CPU = 4;
const PATIENCE_MS = 20_000;

interface Visit {
  readonly paint: Paint;
  readonly grab: Grab;
}

export async function runPages(stage: Stage): Promise<Figures[]> {
  const visits = stage.settings.number("visits");
  const units = visits * NETWORKS.length;
  const sale = await newSale(stage, { name: "pages", units, limitPerMember: units });
  const { origin, serverPids } = stage.site.product;
  // The isolate reads the shell once; the first visitor of the day is not what is measured.
  await (await fetch(`${origin}/s/${encodeURIComponent(sale.saleId)}`)).text();
  const browser = await launchBrowser();
  try {
    const results: Figures[] = [];
    let taken = 0;
    for (const network of NETWORKS) {
      const own = cpuSecondsOfThis();
      const server = cpuSeconds(serverPids);
      const startedMs = performance.now();
      const seen: Visit[] = [];
      for (let at = 0; at < visits; at += 1) {
        stage.tell(`pages: ${network.name}, visit ${at + 1} of ${visits}`);
        seen.push(await visit(stage, { browser, sale, network, at: taken }));
        taken += 1;
      }
      const seconds = (performance.now() - startedMs) / 1_000;
      const generatorCpu = (cpuSecondsOfThis() - own) / seconds;
      const serverCpu = (cpuSeconds(serverPids) - server) / seconds;
      results.push(summary(network, seen, { generatorCpu, serverCpu }));
    }
    const sold = await soldExactly(stage.site.api, [sale.saleId], units, taken);
    return results.map((one, at) => (at === 0 ? { ...one, breaches: sold } : one));
  } finally {
    await browser.close();
  }
}

function summary(
  network: Network,
  visits: readonly Visit[],
  cpu: { readonly generatorCpu: number; readonly serverCpu: number },
): Figures {
  const of = (pick: (paint: Paint) => number): number =>
    median(visits.map(({ paint }) => pick(paint)));
  return {
    name: network.name,
    perSecond: Number.NaN,
    latenciesMs: Float64Array.from(visits, ({ grab }) => grab.verdictMs),
    ...cpu,
    breaches: [],
    notes: [
      { name: "first contentful paint", value: of(({ fcpMs }) => fcpMs), unit: "ms" },
      { name: "largest contentful paint", value: of(({ lcpMs }) => lcpMs), unit: "ms" },
      { name: "button live", value: of(({ liveMs }) => liveMs), unit: "ms" },
      {
        name: "tap to “sending”",
        value: median(visits.map(({ grab }) => grab.sendingMs)),
        unit: "ms",
      },
    ],
  };
}

interface VisitPlan {
  readonly browser: Browser;
  readonly sale: SaleView;
  readonly network: Network;
  readonly at: number;
}

/** A first visit with an empty cache by somebody who took a ticket before, and one tap. */
async function visit(stage: Stage, plan: VisitPlan): Promise<Visit> {
  const { browser, sale, at } = plan;
  const { api, product } = stage.site;
  const member = stage.members[at % stage.members.length];
  if (!member) throw new Error("a visit needs a member");
  const orderId = orderIdAt(orderPrefix(stage, "page"), at);
  const ticket = { orderId, quantity: 1, epoch: sale.epoch };
  const path = `/api/v1/sales/${sale.saleId}/tickets`;
  await api.call("POST", path, { token: member.token, body: ticket });
  const line = await SlowLine.open(product.origin, plan.network);
  const context = await browser.newContext({ baseURL: line.origin, ...PHONE });
  try {
    context.setDefaultTimeout(PATIENCE_MS);
    await context.request.post("/api/v1/dev/login", { data: { memberId: member.memberId } });
    const page = await slowPage(context);
    await page.goto(`/s/${encodeURIComponent(sale.saleId)}`, { waitUntil: "load" });
    await page.waitForSelector('html[data-live="1"]', { state: "attached" });
    // The badge says that the door is open, and the clock line that it holds this ticket.
    await page.waitForSelector('#grab[data-state="open"]');
    await page.waitForSelector(".pass .badge.ok");
    const paint = await page.evaluate(readPaint);
    await page.evaluate(watchGrab);
    await page.tap("#grab");
    await page.waitForSelector('#grab[data-state="granted"]');
    return { paint, grab: await page.evaluate(readGrab) };
  } finally {
    await context.close();
    await line.close();
  }
}

async function slowPage(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  await page.addInitScript(watchPaint);
  const devtools = await context.newCDPSession(page);
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: SLOWER_CPU });
  return page;
}
