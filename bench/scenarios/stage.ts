/** What a scenario is given, and the steps that scenarios share. */
import { inParallel, type Member, type ProductApi, type SaleView } from "../load/api.ts";
import type { Generator, OnProgress } from "../load/generator-process.ts";
import type { SaleRef, Timed } from "../load/jobs.ts";
import { CpuWatch, StockWatch } from "../load/observe.ts";
import type { Product } from "../load/product.ts";
import { throughputOf, type Series } from "../load/scenario.ts";
import type { Peer } from "../peers/peer.ts";
import type { Settings } from "./parameters.ts";
import type { PeerPlan } from "./peers.ts";

/** One running product: the run's own, or one a scenario keeps beside it. */
export interface Site {
  readonly name: string;
  /** Changes with a restart, its origin does not. */
  readonly product: Product;
  readonly api: ProductApi;
  readonly dataDir: string;
  /** Ends the processes and starts them again on the same data and port. */
  restart(): Promise<void>;
}

export interface SiteNeeds {
  /** A pretended bank beside it, so that cash is paid online. */
  readonly hasBank?: boolean;
  /** Settings other than those of the build. */
  readonly vars?: Readonly<Record<string, string>>;
}

export interface Stage {
  readonly site: Site;
  readonly generator: Generator;
  /** Signed in and rich; the generator knows them as `crew`. */
  readonly members: readonly Member[];
  readonly crew: string;
  /** Distinguishes order ids of runs. */
  readonly runId: string;
  readonly round: number;
  readonly settings: Settings;
  /** One line about what is being done; it is replaced by the next. */
  readonly tell: (text: string) => void;
  /** A product of the scenario's own, started the first time and kept, audited and ended with the run. */
  ownSite(name: string, furnish: (site: Site) => Promise<void>, options?: SiteNeeds): Promise<Site>;
  /** A peer, started the first time and ended with the run; null where it is not installed. */
  peer(plan: PeerPlan): Promise<Peer | null>;
}

export const CREW = "members";

const HOUR_MS = 3_600_000;
export const PRICE_POINTS = 100;
const SETUP_WIDTH = 16;

export interface SaleWish {
  /** Names the SKU, which is the scenario's own and buys in what each sale needs. */
  readonly name: string;
  readonly units: number;
  readonly limitPerMember: number;
  readonly opensAtMs?: number;
  readonly priceFen?: number;
}

let made = 0;

/** A fresh sale, scheduled, of a SKU of its own: two of one SKU never run at a time. */
export async function newSale(stage: Stage, wish: SaleWish, site = stage.site): Promise<SaleView> {
  const { name, units, limitPerMember, opensAtMs = Date.now(), priceFen = 0 } = wish;
  made += 1;
  const skuId = `bench-${name}-${made}`;
  await site.api.createSku(skuId, `Bench ${name}`);
  return site.api.createSale({
    skuId,
    title: `Bench ${name} ${stage.round}`,
    pricePoints: PRICE_POINTS,
    priceFen,
    units,
    limitPerMember,
    quantityMax: 1,
    opensAtMs,
    closesAtMs: opensAtMs + HOUR_MS,
  });
}

/** Sales of as many SKUs, with the units spread evenly: each gets what its share of `demand` needs. */
export function newSales(stage: Stage, wish: SaleWish, skus: number): Promise<SaleView[]> {
  if (skus === 1) return newSale(stage, wish).then((sale) => [sale]);
  return inParallel(Array.from({ length: skus }), SETUP_WIDTH, (_, at) => {
    // Request `at` goes to sale `at mod n`, so the first ones get the rest.
    const units = Math.floor(wish.units / skus) + (at < wish.units % skus ? 1 : 0);
    return newSale(stage, { ...wish, name: `${wish.name}-${at}`, units: Math.max(1, units) });
  });
}

export const refOf = ({ saleId, epoch }: SaleView): SaleRef => ({ saleId, epoch });

export function orderPrefix(stage: Stage, name: string): string {
  return `bench-${stage.runId}-${stage.round}-${name}`;
}

export function progressOf(stage: Stage, what: string): OnProgress {
  return (done, of) => {
    const share = of > 0 ? Math.min(100, Math.floor((done / of) * 100)) : 0;
    stage.tell(`${what} ${share} %`);
  };
}

/** Runs a timed job while somebody watches stock and processors; what was seen comes as charts. */
export async function observed<R extends Timed>(
  stage: Stage,
  saleIds: readonly string[],
  work: () => Promise<R>,
  site = stage.site,
): Promise<{ report: R; series: Series[]; breaches: string[] }> {
  const { product, api } = site;
  const stock = saleIds.length > 0 ? await StockWatch.open(product.origin, saleIds) : null;
  const cpu = new CpuWatch({ server: product.serverPids, generator: [stage.generator.pid] });
  const breaches: string[] = [];
  try {
    const report = await work();
    cpu.stop();
    if (stock) {
      const sales = await inParallel(saleIds, SETUP_WIDTH, (saleId) => api.sale(saleId));
      breaches.push(...(await stock.sees(sales.reduce((sum, sale) => sum + sale.remaining, 0))));
    }
    const { startedAtMs, timeline } = report;
    return {
      report,
      breaches,
      series: [
        throughputOf(timeline),
        ...(stock ? [stock.series(startedAtMs)] : []),
        ...cpu.series(startedAtMs),
      ],
    };
  } finally {
    cpu.stop();
    stock?.close();
  }
}

/** The sales sold exactly min(units, demand) in all, and the clients were told of exactly that many grants. */
export async function soldExactly(
  api: ProductApi,
  saleIds: readonly string[],
  demand: number,
  seen: number,
): Promise<string[]> {
  const sales = await inParallel(saleIds, SETUP_WIDTH, (saleId) => api.sale(saleId));
  const of = (figure: (sale: SaleView) => number): number =>
    sales.reduce((sum, sale) => sum + figure(sale), 0);
  const units = of((sale) => sale.units);
  const sold = of((sale) => sale.units - sale.remaining - sale.returned);
  const wanted = Math.min(units, demand);
  const breaches: string[] = [];
  if (sold !== wanted)
    breaches.push(`sold ${sold} of ${units} units to a demand of ${demand}; exact is ${wanted}`);
  if (seen !== sold) breaches.push(`clients were told of ${seen} grants, the sales made ${sold}`);
  return breaches.map((breach) => `${saleIds[0]}${saleIds.length > 1 ? " …" : ""}: ${breach}`);
}

/** Names what was answered that should not have been. */
export function unexpected(
  report: { readonly statuses: Readonly<Record<string, number>>; readonly failures: number },
  expected: readonly number[],
): string[] {
  const breaches = Object.entries(report.statuses)
    .filter(([status]) => !expected.includes(Number(status)))
    .map(([status, count]) => `${count} replies of status ${status}`);
  if (report.failures > 0) breaches.push(`${report.failures} requests without a reply`);
  return breaches;
}
