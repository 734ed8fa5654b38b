/** Lists of goods: which rows, in which order, from where on. Every variant of the query walks an index. */
import type { Sale, SaleTerms } from "../redemption/index.ts";
import { commonGrams, NO_GRAMS } from "./common-grams.ts";
import { meets, termsOf } from "./grams.ts";
import type { GoodsCard } from "./goods-store.ts";
import type { GoodsRole, GoodsState } from "./model.ts";
import type { GoodsCardView, SkuStand } from "./wire.ts";

export const SORTS = [
  ...(["recommended", "newest", "points_up", "points_down"] as const),
  ...(["updated_up", "updated_down"] as const),
] as const;
export type Sort = (typeof SORTS)[number];

export interface GoodsQuery {
  readonly programmeId: string;
  readonly states: readonly GoodsState[];
  /** The category with everything below it; null: all. */
  readonly categoryIds: readonly string[] | null;
  readonly brandId: string | null;
  readonly tag: string | null;
  readonly kind: string | null;
  readonly role: string | null;
  readonly pointsMin: number | null;
  readonly pointsMax: number | null;
  readonly search: string;
  readonly sort: Sort;
  readonly cursor: string | null;
  readonly limit: number;
}

/** A row of a list, without the document. */
export interface ListRow {
  readonly goodsId: string;
  readonly revision: number;
  readonly state: GoodsState;
  readonly kind: GoodsCardView["kind"];
  readonly role: GoodsRole;
  readonly categoryId: string | null;
  readonly brand: GoodsCardView["brand"];
  readonly title: string;
  readonly pricePoints: number;
  readonly card: GoodsCard;
  readonly updatedAtMs: number;
  readonly updatedBy: string;
}

type Row = Record<string, unknown>;

const ORDER: Readonly<Record<Sort, { column: string; isDown: boolean }>> = {
  recommended: { column: "position", isDown: false },
  newest: { column: "published_at_ms", isDown: true },
  points_up: { column: "price_points", isDown: false },
  points_down: { column: "price_points", isDown: true },
  updated_up: { column: "updated_at_ms", isDown: false },
  updated_down: { column: "updated_at_ms", isDown: true },
};

/**
 * The statement of a list and what it is given; `limit + 1` rows, the last of which says that there are more. `common`: grams of so many
 * goods that looking each goods up is cheaper than listing them.
 */
export function listStatement(
  query: GoodsQuery,
  common: ReadonlySet<string> = NO_GRAMS,
): { sql: string; bindings: unknown[] } {
  const bindings: unknown[] = [query.programmeId];
  const bind = (value: unknown): string => `?${bindings.push(value)}`;
  const { column, isDown } = ORDER[query.sort];
  const where = ["g.programme_id = ?1"];
  const oneOf = (name: string, values: readonly string[]): void => {
    where.push(`g.${name} IN (${values.map(bind).join(", ")})`);
  };
  // Every order but the last change's has an index a state: a list of several states is the walks of each, put together.
  const isMerged = query.states.length > 1 && column !== "updated_at_ms";
  // Terms that leave no index to choose keep the walk on the one that sorts.
  if (!isMerged && query.states.length < 4) oneOf("state", query.states);
  if (query.categoryIds) {
    where.push(
      `g.category_id IN (SELECT value FROM json_each(${bind(JSON.stringify(query.categoryIds))}))`,
    );
  }
  if (query.kind !== null) where.push(`+g.kind = ${bind(query.kind)}`);
  if (query.brandId !== null) where.push(`+g.brand_id = ${bind(query.brandId)}`);
  if (query.role !== null) where.push(`+g.role = ${bind(query.role)}`);
  // A band of prices cuts the walk by price short; any other order would have to be sorted for it.
  const price = column === "price_points" ? "g.price_points" : "+g.price_points";
  if (query.pointsMin !== null) where.push(`${price} >= ${bind(query.pointsMin)}`);
  if (query.pointsMax !== null) where.push(`${price} <= ${bind(query.pointsMax)}`);
  if (query.tag !== null) {
    where.push(
      `g.goods_id IN (SELECT goods_id FROM goods_tags WHERE programme_id = ?1 AND tag = ${bind(query.tag)})`,
    );
  }
  where.push(...foundBy(query.search, common, bind));
  const after = readCursor(query.cursor);
  if (after) {
    const sign = isDown ? "<" : ">";
    where.push(`(g.${column}, g.goods_id) ${sign} (${bind(after.value)}, ${bind(after.goodsId)})`);
  }
  const way = isDown ? "DESC" : "ASC";
  const limit = bind(query.limit + 1);
  const walk = (
    more: readonly string[],
  ): string => `SELECT g.goods_id, g.revision, g.state, g.kind, g.role, g.category_id,
      g.title, g.price_points, g.card, g.brand_id,
      (SELECT b.name FROM brands b WHERE b.programme_id = g.programme_id AND b.brand_id = g.brand_id) AS brand_name,
      g.updated_at_ms, g.updated_by, g.${column} AS sort_value
    FROM goods g WHERE ${[...where, ...more].join(" AND ")}
    ORDER BY g.${column} ${way}, g.goods_id ${way} LIMIT ${limit}`;
  if (!isMerged) return { sql: walk([]), bindings };
  const walks = query.states.map(
    (state) => `SELECT * FROM (${walk([`g.state = ${bind(state)}`])})`,
  );
  const sql = `SELECT * FROM (${walks.join(" UNION ALL ")}) ORDER BY sort_value ${way}, goods_id ${way} LIMIT ${limit}`;
  return { sql, bindings };
}

/** What goods meet whose words a search asks for, a condition a term. */
function foundBy(
  search: string,
  common: ReadonlySet<string>,
  bind: (value: unknown) => string,
): string[] {
  const grams = "SELECT goods_id FROM goods_grams x WHERE x.programme_id = ?1 AND";
  return termsOf(search).map((term) =>
    !term.isPrefix && common.has(term.text)
      ? `EXISTS (${grams} ${meets(term, bind)} AND x.goods_id = g.goods_id)`
      : `g.goods_id IN (${grams} ${meets(term, bind)})`,
  );
}

function readCursor(cursor: string | null): { value: number; goodsId: string } | null {
  const match = cursor === null ? null : /^(\d{1,16})\.([0-9a-z-]{1,64})$/.exec(cursor);
  return match ? { value: Number(match[1]), goodsId: String(match[2]) } : null;
}

/** Null: the goods name none, or none of this programme. */
export async function brandNamed(
  db: D1Database,
  programmeId: string,
  brandId: string | null,
): Promise<ListRow["brand"]> {
  if (brandId === null) return null;
  const name = await db
    .prepare("SELECT name FROM brands WHERE programme_id = ?1 AND brand_id = ?2")
    .bind(programmeId, brandId)
    .first<string>("name");
  return name === null ? null : { brandId, name };
}

export interface ListPage {
  readonly rows: readonly ListRow[];
  readonly nextCursor: string | null;
}

export async function listGoods(db: D1Database, query: GoodsQuery): Promise<ListPage> {
  if (query.categoryIds?.length === 0 || query.states.length === 0)
    return { rows: [], nextCursor: null };
  const { sql, bindings } = listStatement(
    query,
    await commonGrams(db, query.programmeId, query.search),
  );
  const { results } = await db
    .prepare(sql)
    .bind(...bindings)
    .all<Row>();
  const rows = results.slice(0, query.limit);
  const last = rows.at(-1);
  const nextCursor =
    results.length > query.limit && last
      ? `${Number(last["sort_value"])}.${String(last["goods_id"])}`
      : null;
  return { rows: rows.map(readRow), nextCursor };
}

function brandOf(row: Row): ListRow["brand"] {
  const [brandId, name] = [row["brand_id"], row["brand_name"]];
  return typeof brandId === "string" && typeof name === "string" ? { brandId, name } : null;
}

function readRow(row: Row): ListRow {
  const categoryId = row["category_id"];
  return {
    goodsId: String(row["goods_id"]),
    revision: Number(row["revision"]),
    state: String(row["state"]) as GoodsState,
    kind: String(row["kind"]) as ListRow["kind"],
    role: String(row["role"]) as GoodsRole,
    categoryId: categoryId === null ? null : String(categoryId),
    brand: brandOf(row),
    title: String(row["title"]),
    pricePoints: Number(row["price_points"]),
    card: JSON.parse(String(row["card"])) as GoodsCard,
    updatedAtMs: Number(row["updated_at_ms"]),
    updatedBy: String(row["updated_by"]),
  };
}

/** How one SKU stands, from the projection: it may lag, and decides nothing. */
export interface SkuFigures {
  readonly skuId: string;
  readonly goodsId: string;
  readonly lowStockUnits: number | null;
  readonly stand: Omit<SkuStand, "values" | "skuId">;
  /** Units that scheduled and running sales have. */
  readonly inSales: number;
  readonly redeemed: number;
}

/** The active SKUs of some goods with their shelves, in the order of the matrix. */
export async function skuFigures(
  db: D1Database,
  programmeId: string,
  goodsIds: readonly string[],
): Promise<SkuFigures[]> {
  if (goodsIds.length === 0) return [];
  const { results } = await db
    .prepare(
      `SELECT k.goods_id, k.sku_id, k.low_stock_units, s.kind, s.status, s.sale_id, s.shelf, s.returned, s.reserve,
         s.live, s.epoch, s.terms
       FROM goods_skus k LEFT JOIN sales s ON s.programme_id = k.programme_id AND s.sku_id = k.sku_id
       WHERE k.programme_id = ?1 AND k.is_active = 1 AND k.goods_id IN (SELECT value FROM json_each(?2))
       ORDER BY k.goods_id, k.position, k.sku_id`,
    )
    .bind(programmeId, JSON.stringify(goodsIds))
    .all<Row>();
  const figures = new Map<string, SkuFigures>();
  for (const row of results) {
    const skuId = String(row["sku_id"]);
    figures.set(skuId, withSale(figures.get(skuId) ?? bareFigures(row), row));
  }
  return [...figures.values()];
}

function bareFigures(row: Row): SkuFigures {
  const low = row["low_stock_units"];
  return {
    skuId: String(row["sku_id"]),
    goodsId: String(row["goods_id"]),
    lowStockUnits: low === null ? null : Number(low),
    stand: NO_STAND,
    inSales: 0,
    redeemed: 0,
  };
}

const NO_STAND: SkuFigures["stand"] = {
  ...{ saleId: null, status: "paused", epoch: 0, pricePoints: 0, priceFen: 0 },
  ...{ remaining: 0, quantityMax: 1 },
};

function withSale(figures: SkuFigures, row: Row): SkuFigures {
  const saleId = row["sale_id"];
  if (saleId === null) return figures;
  const redeemed = figures.redeemed + Number(row["live"]);
  const isOver = row["status"] === "closed";
  if (row["kind"] === "flash") {
    const held = Number(row["shelf"]) + Number(row["returned"]) + Number(row["reserve"]);
    const isOut = isOver || row["status"] === "draft";
    return { ...figures, redeemed, inSales: figures.inSales + (isOut ? 0 : held) };
  }
  if (isOver) return { ...figures, redeemed };
  const terms = JSON.parse(String(row["terms"])) as SaleTerms;
  return { ...figures, redeemed, stand: standOf(terms, row as never) };
}

function standOf(
  terms: SaleTerms,
  sale: Pick<Sale, "status" | "epoch" | "shelf">,
): SkuFigures["stand"] {
  return {
    saleId: terms.saleId,
    status: sale.status === "open" ? "open" : "paused",
    epoch: sale.epoch,
    pricePoints: terms.pricePoints,
    priceFen: terms.priceFen,
    remaining: sale.shelf,
    quantityMax: terms.quantityMax,
  };
}

export function standOfSnapshot(snapshot: {
  readonly terms: { saleId: string; pricePoints: number; priceFen: number; quantityMax: number };
  readonly standing: { status: string; epoch: number; remaining: number };
}): SkuFigures["stand"] {
  const { saleId, pricePoints, priceFen, quantityMax } = snapshot.terms;
  const { status, epoch, remaining } = snapshot.standing;
  const isOpen = status === "open";
  return {
    ...{ saleId, pricePoints, priceFen, quantityMax, epoch, remaining },
    status: isOpen ? "open" : "paused",
  };
}

export function cardView(row: ListRow, figures: readonly SkuFigures[]): GoodsCardView {
  const { goodsId, title, kind, role, categoryId, brand, pricePoints, card } = row;
  const { subtitle, tags, picture, groundColor, priceFen, hasPrices, marketPriceFen } = card;
  return {
    ...{
      goodsId,
      title,
      subtitle,
      kind,
      role,
      categoryId,
      brand,
      tags: [...tags],
      picture,
      groundColor,
    },
    ...{ pricePoints, priceFen, hasPrices, marketPriceFen, redeemedBy: card.redeemedBy },
    ...{ skuId: card.skuId, memberPoints: pricePoints },
    remaining: figures.reduce((sum, { stand }) => sum + stand.remaining, 0),
    redeemed: figures.reduce((sum, { redeemed }) => sum + redeemed, 0),
  };
}

/** Cards of some rows, each with the figures of its SKUs. */
export async function cardsOf(
  db: D1Database,
  programmeId: string,
  rows: readonly ListRow[],
): Promise<{ row: ListRow; figures: SkuFigures[]; card: GoodsCardView }[]> {
  const all = await skuFigures(
    db,
    programmeId,
    rows.map(({ goodsId }) => goodsId),
  );
  const byGoods = Map.groupBy(all, ({ goodsId }) => goodsId);
  return rows.map((row) => {
    const figures = byGoods.get(row.goodsId) ?? [];
    return { row, figures, card: cardView(row, figures) };
  });
}

interface LowStock {
  readonly skuId: string;
  readonly goodsId: string;
  readonly title: string;
  readonly spec: string;
  readonly shelf: number;
  readonly mark: number;
}

/** SKUs whose shelf has come down to their mark, emptiest first. */
export async function lowStock(
  db: D1Database,
  programmeId: string,
  count: number,
): Promise<LowStock[]> {
  const { results } = await db.prepare(LOW_STOCK).bind(programmeId, count).all<LowStock>();
  return results;
}

/** From the few that are watched to their shelves; left to itself, the walk begins at every shelf there is. */
export const LOW_STOCK = `SELECT k.sku_id AS skuId, k.goods_id AS goodsId, g.title AS title,
    COALESCE(s.terms ->> '$.goods.spec', '') AS spec, s.shelf AS shelf, k.low_stock_units AS mark
  FROM goods_skus k INDEXED BY goods_skus_watched CROSS JOIN sales s INDEXED BY sales_by_sku ON s.programme_id = k.programme_id AND s.sku_id = k.sku_id AND s.kind = 'standing'
      AND s.status IN ('open', 'paused')
    CROSS JOIN goods g ON g.programme_id = k.programme_id AND g.goods_id = k.goods_id
  WHERE k.programme_id = ?1 AND k.low_stock_units IS NOT NULL AND s.shelf <= k.low_stock_units AND g.state = 'published'
  ORDER BY s.shelf - k.low_stock_units LIMIT ?2`;
