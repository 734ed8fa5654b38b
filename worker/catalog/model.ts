/** Words of the catalogue, and what is decided about goods without asking anybody. Pure. */

/**
 * Which part of the 6 : 3 : 1 mix goods play: everyday things that make members come back, quality goods worth saving for,
 * and a few that only this shop has.
 */
export const GOODS_ROLES = ["everyday", "quality", "special"] as const;
export type GoodsRole = (typeof GOODS_ROLES)[number];

export const GOODS_STATES = ["draft", "scheduled", "published", "withdrawn"] as const;
export type GoodsState = (typeof GOODS_STATES)[number];

/** Why staff move stock. */
export const STOCK_CAUSES = [
  "received",
  "imported",
  "counted_up",
  "counted_down",
  "damaged",
  "supplier_return",
  "undone",
] as const;
export type StockCause = (typeof STOCK_CAUSES)[number];

/** A cause says whether units come or go; what is undone went either way. */
export function isRightWay(cause: StockCause, units: number): boolean {
  if (cause === "undone") return units !== 0;
  const isIn = cause === "received" || cause === "imported" || cause === "counted_up";
  return isIn ? units > 0 : units < 0;
}

/** 100 points are worth one yuan, everywhere it is shown. One point is one fen. */
export const FEN_PER_POINT = 1;

/** What each role should cost, in points. */
export const BANDS: Readonly<Record<GoodsRole, readonly [number, number]>> = {
  everyday: [100, 500],
  quality: [500, 2_000],
  special: [2_000, Number.POSITIVE_INFINITY],
};

export const MIX_TARGET: Readonly<Record<GoodsRole, number>> = {
  everyday: 60,
  quality: 30,
  special: 10,
};

/** A share may lie so far from its target before anything is advised. */
const MIX_TOLERANCE = 5;

export interface MixShare {
  readonly role: GoodsRole;
  readonly goods: number;
  readonly percent: number;
  readonly targetPercent: number;
  readonly missing: number;
}

export interface Mix {
  readonly goods: number;
  readonly roles: readonly MixShare[];
  readonly advice: "empty" | "good" | `more_${GoodsRole}`;
}

/** The mix of what is published, and which role is furthest behind. */
export function mixOf(counts: Readonly<Partial<Record<GoodsRole, number>>>): Mix {
  const total = GOODS_ROLES.reduce((sum, role) => sum + (counts[role] ?? 0), 0);
  const roles = GOODS_ROLES.map((role): MixShare => {
    const goods = counts[role] ?? 0;
    const targetPercent = MIX_TARGET[role];
    const share = targetPercent / 100;
    // Adding n goods of one role makes both its count and the total larger: (goods + n) / (total + n) = share.
    const missing = Math.max(0, Math.ceil((share * total - goods) / (1 - share) - 1e-9));
    const percent = total === 0 ? 0 : Math.round((goods * 1_000) / total) / 10;
    return { role, goods, percent, targetPercent, missing };
  });
  if (total === 0) return { goods: 0, roles, advice: "empty" };
  const behind = roles.toSorted(
    (a, b) => a.percent - a.targetPercent - (b.percent - b.targetPercent),
  )[0] as MixShare;
  const isGood = behind.targetPercent - behind.percent <= MIX_TOLERANCE;
  return { goods: total, roles, advice: isGood ? "good" : `more_${behind.role}` };
}

interface Priced {
  readonly role: GoodsRole;
  readonly marketPriceFen: number | null;
  readonly costFen: number | null;
  readonly pictures: readonly unknown[];
  readonly skus: readonly {
    readonly skuId?: string | undefined;
    readonly pricePoints: number;
    readonly priceFen: number;
  }[];
}

export interface PriceAdvice {
  readonly code:
    | "above_market"
    | "cash_above_points"
    | "below_cost"
    | "outside_band"
    | "free"
    | "no_market_price"
    | "no_picture";
  readonly skuId: string | null;
  readonly figures: Record<string, number | string>;
}

/** What a price says beside the market value, the cost and the band of its role. Advice: nothing of it refuses. */
export function priceAdvice(goods: Priced): PriceAdvice[] {
  const advice: PriceAdvice[] = [];
  const { marketPriceFen, costFen, role } = goods;
  if (goods.pictures.length === 0) advice.push({ code: "no_picture", skuId: null, figures: {} });
  if (marketPriceFen === null) advice.push({ code: "no_market_price", skuId: null, figures: {} });
  const [from, to] = BANDS[role];
  for (const { skuId = null, pricePoints, priceFen } of goods.skus) {
    if (pricePoints === 0 && priceFen === 0) {
      advice.push({ code: "free", skuId, figures: {} });
      continue;
    }
    const worthFen = pricePoints * FEN_PER_POINT;
    const paidFen = worthFen + priceFen;
    if (marketPriceFen !== null && paidFen > marketPriceFen) {
      advice.push({ code: "above_market", skuId, figures: { paidFen, marketPriceFen } });
    }
    if (priceFen > worthFen) {
      advice.push({ code: "cash_above_points", skuId, figures: { priceFen, worthFen } });
    }
    if (costFen !== null && paidFen < costFen) {
      advice.push({ code: "below_cost", skuId, figures: { paidFen, costFen } });
    }
    if (pricePoints < from || pricePoints > to) {
      const upTo = Number.isFinite(to) ? { to } : {};
      advice.push({ code: "outside_band", skuId, figures: { pricePoints, role, from, ...upTo } });
    }
  }
  return advice;
}

interface Matrix {
  readonly axes: readonly { readonly name: string; readonly values: readonly string[] }[];
  readonly skus: readonly {
    readonly skuId?: string | undefined;
    readonly values: readonly string[];
    readonly code: string;
  }[];
}

export interface FieldProblem {
  readonly path: string;
  readonly message: string;
}

/** What is wrong with a spec matrix; empty: nothing. */
export function matrixProblems({ axes, skus }: Matrix): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const say = (path: string, message: string): void => void problems.push({ path, message });
  axes.forEach((axis, at) => {
    if (new Set(axis.values).size < axis.values.length) say(`axes.${at}`, "a value stands twice");
  });
  if (new Set(axes.map(({ name }) => name)).size < axes.length) say("axes", "a name stands twice");
  if (axes.length === 0 && skus.length > 1) say("skus", "goods without specs have one SKU");
  const seen = new Map<string, number>();
  const once = (key: string, at: number, what: string): void => {
    if (seen.has(key)) say(`skus.${at}`, `the same ${what} as SKU ${(seen.get(key) ?? 0) + 1}`);
    else seen.set(key, at);
  };
  skus.forEach((sku, at) => {
    if (sku.values.length !== axes.length) {
      say(`skus.${at}.values`, "one value of each axis");
      return;
    }
    sku.values.forEach((value, axis) => {
      if (!axes[axis]?.values.includes(value))
        say(`skus.${at}.values.${axis}`, "no value of its axis");
    });
    once(`values ${JSON.stringify(sku.values)}`, at, "specs");
    if (sku.code !== "") once(`code ${sku.code}`, at, "code");
    if (sku.skuId !== undefined) once(`id ${sku.skuId}`, at, "id");
  });
  return problems;
}

/** Ids for the SKUs that have none: the goods' own where there are no specs, else the next free number. */
export function withSkuIds<S extends { readonly skuId?: string | undefined }>(
  goodsId: string,
  hasSpecs: boolean,
  skus: readonly S[],
  taken: ReadonlySet<string>,
): (S & { skuId: string })[] {
  const used = new Set([...taken, ...skus.flatMap(({ skuId }) => skuId ?? [])]);
  let next = 1;
  const fresh = (): string => {
    if (!hasSpecs && !used.has(goodsId)) {
      used.add(goodsId);
      return goodsId;
    }
    while (used.has(`${goodsId}-${next}`)) next += 1;
    const id = `${goodsId}-${next}`;
    used.add(id);
    return id;
  };
  return skus.map((sku) => ({ ...sku, skuId: sku.skuId ?? fresh() }));
}

/** An audience that asks for nothing is none. */
export function audienceOf<
  A extends { readonly tierIds: unknown; readonly segments: unknown; readonly storeIds: unknown },
>(audience: A | null): A | null {
  if (!audience) return null;
  const { tierIds, segments, storeIds } = audience;
  return tierIds === null && segments === null && storeIds === null ? null : audience;
}
