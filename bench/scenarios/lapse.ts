/**
 * Nobody pays: very many orders of one sale reach their deadline within seconds. Each must lapse by itself, and its unit must sell again.
 * What is timed is how long after its own deadline an order was given back. At worst all are due at one instant in one Account: there
 * the product stands still, as a machine that is suspended, until the last deadline has passed, and the time runs from the moment it goes on.
 */
import { inParallel, sleep, type Member, type SaleView } from "../load/api.ts";
import type { DriveReport } from "../load/jobs.ts";
import { CpuMeter, untilQuiet, type Figures } from "../load/scenario.ts";
import {
  newSale,
  orderPrefix,
  progressOf,
  refOf,
  soldExactly,
  unexpected,
  type Site,
  type Stage,
} from "./stage.ts";

const PAY_WITHIN_MINUTES = 1;
const PAY_WITHIN_MS = PAY_WITHIN_MINUTES * 60_000;
const ORDERS_PER_MEMBER = 10;
const RICH = 1_000_000;
const MEMBERS_PER_GRANT = 1_000;
const PRICE_FEN = 990;
const ASK_EVERY_MS = 20;
const PATIENCE_MS = 5 * 60_000;
/** Beyond the last deadline: the two clocks need not agree to the millisecond. */
const STILL_MS = 1_000;
const PAGE_ROWS = 100;
/** What is sold again of the units that came back; the rest would only be more of the same. */
const RESOLD_MAX = 1_000;

export async function runLapse(stage: Stage): Promise<Figures> {
  const { settings } = stage;
  const count = settings.number("orders");
  const crew = `lapse-${stage.round}`;
  const members = Math.ceil(count / ORDERS_PER_MEMBER);
  const furnish = (fresh: Site): Promise<void> => prepare(stage, fresh, crew, members);
  const isTogether = settings.choice("deadlines") === "together";
  const site = await stage.ownSite(`${crew}-${settings.choice("deadlines")}`, furnish, {
    hasBank: true,
    vars: isTogether ? { ACCOUNT_BUCKETS: "1" } : {},
  });
  const wish = { name: "lapse", units: count, limitPerMember: ORDERS_PER_MEMBER * 2 };
  const sale = await newSale(stage, { ...wish, priceFen: PRICE_FEN }, site);
  const bought = await redeem(stage, site, sale, { crew, count, name: "lapse" });
  const unpaid = bought.created.length;
  const lastGrantAtMs = bought.startedAtMs + bought.elapsedMs;
  await untilQuiet(site.api);
  const wentOnAtMs = isTogether ? await standStill(stage, site, lastGrantAtMs) : 0;
  const firstDueAtMs = Math.max(wentOnAtMs, bought.startedAtMs + PAY_WITHIN_MS);
  const lastDueAtMs = Math.max(wentOnAtMs, lastGrantAtMs + PAY_WITHIN_MS);
  const waited = await untilReturned(stage, site, sale, unpaid, firstDueAtMs);
  await untilQuiet(site.api);
  const lateness = await latenessOf(site, sale.saleId, wentOnAtMs);
  const again = await sellAgain(stage, site, sale, crew);
  const granted = again.created.length;
  const sold = await soldExactly(site.api, [sale.saleId], granted, granted);
  return {
    name: "lapse",
    perSecond: unpaid / waited.seconds,
    latenciesMs: lateness,
    generatorCpu: waited.cpu.generatorCpu,
    serverCpu: waited.cpu.serverCpu,
    breaches: [
      ...unexpected(bought, [201]),
      ...unexpected(again, [201]),
      ...sold,
      ...(lateness.length === unpaid ? [] : [`${lateness.length} of ${unpaid} orders lapsed`]),
      ...(lateness.some((late) => late < 0) ? ["an order lapsed before its deadline"] : []),
    ],
    notes: [
      { name: "unpaid orders", value: unpaid, unit: "orders" },
      {
        name: "their deadlines lie within",
        value: isTogether ? 0 : bought.elapsedMs / 1_000,
        unit: "s",
      },
      {
        name: "last unit back after the last deadline",
        value: waited.atMs - lastDueAtMs,
        unit: "ms",
      },
      { name: "server's processor", value: waited.cpu.serverCpu * waited.seconds, unit: "s" },
      { name: "units sold again", value: granted, unit: "units" },
    ],
  };
}

async function prepare(stage: Stage, site: Site, crew: string, count: number): Promise<void> {
  const terms = { flashMinutes: PAY_WITHIN_MINUTES, standingMinutes: PAY_WITHIN_MINUTES };
  await site.api.staff("PUT", "/api/v1/staff/finance/settings/terms", terms);
  const ids = Array.from({ length: count }, (_, at) => `${crew}-${at}`);
  for (let at = 0; at < ids.length; at += MEMBERS_PER_GRANT) {
    await site.api.grantMany(ids.slice(at, at + MEMBERS_PER_GRANT), RICH, `lapse-${at}`);
  }
  const members: Member[] = await inParallel(ids, 32, (id) => site.api.login(id));
  await stage.generator.run("crew", { crew, members });
}

function redeem(
  stage: Stage,
  site: Site,
  sale: SaleView,
  wish: { readonly crew: string; readonly count: number; readonly name: string },
): Promise<DriveReport> {
  const { crew, count, name } = wish;
  const { origin, serverPids } = site.product;
  const sales = [refOf(sale)];
  const requests = { kind: "redeem", crew, sales, orderPrefix: orderPrefix(stage, name), from: 0 };
  return stage.generator.run(
    "drive",
    {
      ...{ origin, serverPids, count, connections: stage.settings.number("connections") },
      requests: requests as { kind: "redeem" } & typeof requests,
    },
    progressOf(stage, `${name}: redemptions`),
  );
}

/** The runtime stands still until every deadline has passed. Returns when it went on. */
async function standStill(stage: Stage, site: Site, lastGrantAtMs: number): Promise<number> {
  const { serverPids } = site.product;
  for (const pid of serverPids) process.kill(pid, "SIGSTOP");
  try {
    stage.tell("lapse: the product stands still until the last deadline");
    await sleep(Math.max(0, lastGrantAtMs + PAY_WITHIN_MS + STILL_MS - Date.now()));
  } finally {
    for (const pid of serverPids) process.kill(pid, "SIGCONT");
  }
  return Date.now();
}

/** Until every unit is back at its SKU, asking seldom enough to be no load. */
async function untilReturned(
  stage: Stage,
  site: Site,
  sale: SaleView,
  units: number,
  firstDueAtMs: number,
): Promise<{
  readonly atMs: number;
  readonly seconds: number;
  readonly cpu: ReturnType<CpuMeter["read"]>;
}> {
  for (let leftMs = firstDueAtMs - Date.now(); leftMs > 0; leftMs = firstDueAtMs - Date.now()) {
    stage.tell(`lapse: ${Math.ceil(leftMs / 1_000)} s to the first deadline`);
    await sleep(Math.min(leftMs, 1_000));
  }
  const meter = new CpuMeter(site.product.serverPids);
  const startedAtMs = Date.now();
  for (;;) {
    const { returned, remaining } = await site.api.sale(sale.saleId);
    const back = returned + remaining;
    const atMs = Date.now();
    if (back >= units) return { atMs, seconds: (atMs - startedAtMs) / 1_000, cpu: meter.read() };
    if (atMs - startedAtMs > PATIENCE_MS) throw new Error(`${back} of ${units} units came back`);
    stage.tell(`lapse: ${back} of ${units} units are back`);
    await sleep(ASK_EVERY_MS);
  }
}

/**
 * Milliseconds from each order's own deadline, or from when the product went on if that was later, to the commit that gave it back,
 * as the merchant's list has them.
 */
async function latenessOf(site: Site, saleId: string, wentOnAtMs: number): Promise<Float64Array> {
  const late: number[] = [];
  const path = `/api/v1/staff/orders?saleId=${encodeURIComponent(saleId)}&limit=${PAGE_ROWS}`;
  let after: string | null = "";
  while (after !== null) {
    const page: OrdersPage = await site.api.staff<OrdersPage>("GET", path + after);
    for (const { state, grantedAtMs, updatedAtMs } of page.items) {
      const dueAtMs = Math.max(wentOnAtMs, grantedAtMs + PAY_WITHIN_MS);
      if (state === "cancelled") late.push(updatedAtMs - dueAtMs);
    }
    const { nextCursor } = page;
    after = nextCursor === null ? null : `&cursor=${encodeURIComponent(nextCursor)}`;
  }
  return Float64Array.from(late);
}

interface OrdersPage {
  readonly items: readonly {
    readonly state: string;
    readonly grantedAtMs: number;
    readonly updatedAtMs: number;
  }[];
  readonly nextCursor: string | null;
}

async function sellAgain(
  stage: Stage,
  site: Site,
  sale: SaleView,
  crew: string,
): Promise<DriveReport> {
  const { remaining } = await site.api.sale(sale.saleId);
  const wave =
    remaining > 0 ? await site.api.sale(sale.saleId) : await site.api.command(sale.saleId, "wave");
  const count = Math.min(RESOLD_MAX, wave.remaining);
  return redeem(stage, site, wave, { crew, count, name: "lapse-again" });
}
