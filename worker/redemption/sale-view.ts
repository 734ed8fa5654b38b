import { AT_STORE, parseSaleId } from "../kernel/ids.ts";
import { Lru } from "../kernel/lru.ts";
import type { Env } from "../platform/env.ts";
import { describeError, log } from "../platform/log.ts";
import type { SaleSnapshot } from "./messages.ts";
import { isSoldOut, type Sale, type SaleTerms } from "./model.ts";
import type { SaleView } from "./wire.ts";

/** The time it carries is the Sku's own, by which the sale opens and closes. */
export function saleView(snapshot: SaleSnapshot): SaleView {
  return viewOf(snapshot.sale, snapshot.skuId, snapshot.atMs);
}

/** A sale as pages and clients know it. */
export function viewOf(sale: Sale, skuId: string, nowMs: number): SaleView {
  const { terms } = sale;
  return {
    saleId: terms.saleId,
    skuId,
    kind: terms.kind,
    title: terms.title,
    subtitle: terms.subtitle,
    picture: terms.picture,
    groundColor: terms.groundColor,
    pricePoints: terms.pricePoints,
    priceFen: terms.priceFen,
    payWithinMs: terms.payWithinMs ?? null,
    marketPriceFen: terms.marketPriceFen,
    limitPerMember: terms.limitPerMember,
    dailyLimitPerMember: terms.dailyLimitPerMember,
    quantityMax: terms.quantityMax,
    units: sale.stocked,
    dailyUnits: terms.dailyUnits,
    opensAtMs: terms.opensAtMs,
    closesAtMs: terms.closesAtMs,
    serverTimeMs: nowMs,
    status: sale.status,
    epoch: sale.epoch,
    remaining: sale.shelf,
    returned: sale.returned,
    redeemed: sale.live,
    nextWaveAtMs: sale.nextWaveAtMs,
    soldOut: isSoldOut(sale),
    soldOutAtMs: sale.soldOutAtMs,
    firstGrantAtMs: sale.firstGrantAtMs,
    closedAtMs: sale.closedAtMs,
    termsVersion: terms.version,
    goods: goodsView(terms),
  };
}

function goodsView({ goods }: SaleTerms): SaleView["goods"] {
  if (!goods) return null;
  const { goodsId, kind, spec, freightFen } = goods;
  return { goodsId, kind, spec, freightFen };
}

/** Lists come from the projection: D1 may lag, and decides nothing. When it is away the last list stands in. */
const lastLists = new Lru<string, SaleView[]>(64);
const LIST_SALES = 200;

/** Flash sales that are scheduled, open or paused, by opening time. Null: D1 is away and nothing is remembered. */
export async function listSales(
  env: Env,
  programmeId: string,
  nowMs: number,
): Promise<SaleView[] | null> {
  return readList(env, `sales ${programmeId}`, nowMs, () =>
    env.DB.prepare(
      `SELECT terms, state FROM sales WHERE programme_id = ? AND kind = 'flash'
         AND status IN ('scheduled', 'open', 'paused') ORDER BY opens_at_ms, sale_id LIMIT ?`,
    ).bind(programmeId, LIST_SALES),
  );
}

/** The standing sales: what anybody may redeem at any hour. */
export async function listStanding(
  env: Env,
  programmeId: string,
  nowMs: number,
): Promise<SaleView[] | null> {
  return readList(env, `standing ${programmeId}`, nowMs, () =>
    env.DB.prepare(
      `SELECT terms, state FROM sales WHERE programme_id = ? AND kind = 'standing' AND status = 'open'
         AND instr(sku_id, '${AT_STORE}') = 0 ORDER BY terms ->> '$.pricePoints', sale_id LIMIT ?`,
    ).bind(programmeId, LIST_SALES),
  );
}

async function readList(
  env: Env,
  key: string,
  nowMs: number,
  query: () => D1PreparedStatement,
): Promise<SaleView[] | null> {
  try {
    const { results } = await query().all<{ terms: string; state: string }>();
    const sales = results.map((row) => {
      const terms = JSON.parse(row.terms) as SaleTerms;
      const sale = { ...(JSON.parse(row.state) as Omit<Sale, "terms">), terms };
      return viewOf(sale, parseSaleId(terms.saleId)?.skuId ?? "", nowMs);
    });
    lastLists.set(key, sales);
    return sales;
  } catch (error) {
    log("list_failed", { error: describeError(error) });
    return lastLists.get(key)?.map((sale) => ({ ...sale, serverTimeMs: nowMs })) ?? null;
  }
}
