/** What every scenario is given and answers. */
import type { AuditRow, Member, ProductApi, SaleView } from "./api.ts";
import { sleep } from "./api.ts";
import { cpuSeconds, type Product } from "./product.ts";

export interface Stage {
  readonly product: Product;
  readonly api: ProductApi;
  readonly members: readonly Member[];
  /** Distinguishes order ids of runs. */
  readonly runId: string;
  readonly round: number;
}

export interface Figures {
  readonly name: string;
  readonly perSecond: number;
  readonly latenciesMs: Float64Array;
  /** Shares of one core while it ran. */
  readonly generatorCpu: number;
  readonly serverCpu: number;
  /** Named breaches; a run with one prints no throughput. */
  readonly breaches: readonly string[];
}

const HOUR_MS = 3_600_000;
const PRICE_POINTS = 100;

/** A fresh sale of the scenario's own SKU, which buys in what each sale needs. */
export async function newSale(
  stage: Stage,
  name: string,
  units: number,
  limitPerMember: number,
  opensInMs = 0,
): Promise<SaleView> {
  const skuId = `bench-${name}`;
  await stage.api.createSku(skuId, `Bench ${name}`);
  const opensAtMs = Date.now() + opensInMs;
  return stage.api.createSale({
    skuId,
    title: `Bench ${name} ${stage.round}`,
    pricePoints: PRICE_POINTS,
    units,
    limitPerMember,
    quantityMax: 1,
    opensAtMs,
    closesAtMs: opensAtMs + HOUR_MS,
  });
}

export function orderIdOf(stage: Stage, name: string, at: number): string {
  return `bench-${stage.runId}-${stage.round}-${name}-${String(at).padStart(6, "0")}`;
}

export function memberAt(stage: Stage, at: number): Member {
  const member = stage.members[at % stage.members.length];
  if (!member) throw new Error("a scenario needs members");
  return member;
}

/** Processor shares of one core between two moments, of this process and of the server's. */
export class CpuMeter {
  readonly #pids: readonly number[];
  readonly #own = process.cpuUsage();
  readonly #serverSeconds: number;
  readonly #startedMs = performance.now();

  constructor(pids: readonly number[]) {
    this.#pids = pids;
    this.#serverSeconds = cpuSeconds(pids);
  }

  read(): { generatorCpu: number; serverCpu: number } {
    const seconds = (performance.now() - this.#startedMs) / 1_000;
    const own = process.cpuUsage(this.#own);
    const server = cpuSeconds(this.#pids) - this.#serverSeconds;
    return { generatorCpu: (own.user + own.system) / 1e6 / seconds, serverCpu: server / seconds };
  }
}

/** The sale sold exactly min(units, demand), and the clients were told of exactly that many grants. */
export async function soldExactly(
  stage: Stage,
  saleId: string,
  demand: number,
  seen: number,
): Promise<string[]> {
  const sale = await stage.api.sale(saleId);
  const sold = sale.units - sale.remaining - sale.returned;
  const wanted = Math.min(sale.units, demand);
  const breaches: string[] = [];
  if (sold !== wanted)
    breaches.push(
      `sold ${sold} of ${sale.units} units to a demand of ${demand}; exact is ${wanted}`,
    );
  if (seen !== sold) breaches.push(`clients were told of ${seen} grants, the sale made ${sold}`);
  return breaches.map((breach) => `${saleId}: ${breach}`);
}

const QUIET_MS_MAX = 60_000;
const ASK_EVERY_MS = 200;

/** Waits until no effect is under way between objects and D1. Answers the last audit, quiet or not. */
export async function untilQuiet(
  api: ProductApi,
  patienceMs = QUIET_MS_MAX,
): Promise<{ isQuiet: boolean; rows: readonly AuditRow[] }> {
  const deadlineMs = performance.now() + patienceMs;
  for (;;) {
    const rows = await api.shallowAudit();
    const isQuiet = rows.every((row) => row.inFlight === 0);
    if (isQuiet || performance.now() > deadlineMs) return { isQuiet, rows };
    await sleep(ASK_EVERY_MS);
  }
}

export function auditBreaches(rows: readonly AuditRow[]): string[] {
  return rows
    .filter((row) => !row.ok || row.inFlight > 0)
    .map((row) => `audit ${row.name}: inFlight ${row.inFlight} ${JSON.stringify(row.figures)}`);
}
