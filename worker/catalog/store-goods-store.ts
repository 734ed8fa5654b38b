/** Rows of goods in stores. */
import type { SaleTerms } from "../redemption/index.ts";
import { bumpVersion } from "./goods-store.ts";
import type { StoreGoods, StorePrice } from "./rules.ts";
import type { SkuStand } from "./wire.ts";

/** A store as pages show it. */
export interface OpenStore {
  readonly storeId: string;
  readonly name: string;
  readonly address: string;
  readonly brandId: string;
  readonly brandName: string;
}

type Row = Record<string, unknown>;

const STORES_MAX = 500;
const STORES = `SELECT s.store_id AS storeId, s.name, s.address, s.brand_id AS brandId, COALESCE(b.name, s.brand_id) AS brandName
  FROM stores s LEFT JOIN brands b ON b.programme_id = s.programme_id AND b.brand_id = s.brand_id
  WHERE s.programme_id = ?1 AND s.state = 'active'`;

export async function openStores(db: D1Database, programmeId: string): Promise<OpenStore[]> {
  const { results } = await db
    .prepare(`${STORES} ORDER BY s.name LIMIT ${STORES_MAX}`)
    .bind(programmeId)
    .all<OpenStore>();
  return results;
}

const BRANDS_MAX = 100;

/** By name. Goods may name one that is archived, which members are not offered any more. */
export async function brandsOf(
  db: D1Database,
  programmeId: string,
  which: "open" | "all",
): Promise<{ brandId: string; name: string }[]> {
  const { results } = await db
    .prepare(
      `SELECT brand_id AS brandId, name FROM brands WHERE programme_id = ?1 AND (?2 = 'all' OR state = 'active')
       ORDER BY name, brand_id LIMIT ${BRANDS_MAX}`,
    )
    .bind(programmeId, which)
    .all<{ brandId: string; name: string }>();
  return results;
}

/** Null: no such store, or it is closed. */
export function openStore(
  db: D1Database,
  programmeId: string,
  storeId: string,
): Promise<OpenStore | null> {
  return db.prepare(`${STORES} AND s.store_id = ?2`).bind(programmeId, storeId).first<OpenStore>();
}

const COLUMNS = `h.goods_id, h.store_id, h.is_hidden, h.sells_own, h.prices, h.revision`;

function readRow(row: Row): StoreGoods {
  return {
    storeId: String(row["store_id"]),
    goodsId: String(row["goods_id"]),
    isHidden: row["is_hidden"] === 1,
    sellsOwn: row["sells_own"] === 1,
    prices: JSON.parse(String(row["prices"])) as StorePrice[],
    version: Number(row["revision"]),
  };
}

/** By goods: what one store does with them in its own way. */
export async function goodsOfStore(
  db: D1Database,
  programmeId: string,
  storeId: string,
  goodsIds: readonly string[],
): Promise<Map<string, StoreGoods>> {
  if (goodsIds.length === 0) return new Map();
  const { results } = await db
    .prepare(
      `SELECT ${COLUMNS} FROM store_goods h WHERE h.programme_id = ?1 AND h.store_id = ?2
         AND h.goods_id IN (SELECT value FROM json_each(?3))`,
    )
    .bind(programmeId, storeId, JSON.stringify(goodsIds))
    .all<Row>();
  return new Map(results.map((row) => [String(row["goods_id"]), readRow(row)]));
}

export interface StoreOfGoods extends StoreGoods {
  readonly storeName: string;
  readonly isOpen: boolean;
}

/** Every store that has these goods in its own way. */
export async function storesOfGoods(
  db: D1Database,
  programmeId: string,
  goodsId: string,
): Promise<StoreOfGoods[]> {
  const { results } = await db
    .prepare(
      `SELECT ${COLUMNS}, s.name, s.state FROM store_goods h
       JOIN stores s ON s.programme_id = h.programme_id AND s.store_id = h.store_id
       WHERE h.programme_id = ?1 AND h.goods_id = ?2 LIMIT ${STORES_MAX}`,
    )
    .bind(programmeId, goodsId)
    .all<Row>();
  return results.map((row) => ({
    ...readRow(row),
    storeName: String(row["name"]),
    isOpen: row["state"] === "active",
  }));
}

export interface StoreGoodsSave {
  readonly programmeId: string;
  /** As it will be, under the version that was edited. */
  readonly here: StoreGoods;
  /** The SKUs of the store's own units, with what reports call them. */
  readonly shelves: readonly { readonly skuId: string; readonly title: string }[];
  readonly by: string;
  readonly nowMs: number;
  /** When the clock tells the shelves again, whatever became of this call. */
  readonly againAtMs: number;
}

/** False: somebody saved in between. */
export async function saveStoreGoods(db: D1Database, save: StoreGoodsSave): Promise<boolean> {
  const { programmeId, here, shelves, by, nowMs, againAtMs } = save;
  const [first] = await db.batch([
    db
      .prepare(
        `INSERT INTO store_goods (programme_id, goods_id, store_id, is_hidden, sells_own, prices, revision, updated_at_ms, updated_by)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7 + 1, ?8, ?9)
         ON CONFLICT (programme_id, goods_id, store_id) DO UPDATE SET is_hidden = excluded.is_hidden,
           sells_own = excluded.sells_own, prices = excluded.prices, revision = excluded.revision,
           updated_at_ms = excluded.updated_at_ms, updated_by = excluded.updated_by
         WHERE store_goods.revision = ?7`,
      )
      .bind(
        ...[programmeId, here.goodsId, here.storeId, here.isHidden ? 1 : 0, here.sellsOwn ? 1 : 0],
        ...[JSON.stringify(here.prices), here.version, nowMs, by],
      ),
    // The sweep and the audit find the store's own units by these rows.
    db
      .prepare(
        `INSERT INTO skus (programme_id, sku_id, title, category, created_at_ms)
         SELECT ?1, value ->> '$.skuId', value ->> '$.title', '', ?4 FROM json_each(?5)
         WHERE EXISTS (SELECT 1 FROM store_goods WHERE programme_id = ?1 AND goods_id = ?2 AND store_id = ?3 AND sells_own = 1)
         ON CONFLICT (programme_id, sku_id) DO UPDATE SET title = excluded.title`,
      )
      .bind(programmeId, here.goodsId, here.storeId, nowMs, JSON.stringify(shelves)),
    db
      .prepare(
        `UPDATE goods SET due_at_ms = ?3 WHERE programme_id = ?1 AND goods_id = ?2
           AND (due_at_ms IS NULL OR due_at_ms > ?3)`,
      )
      .bind(programmeId, here.goodsId, againAtMs),
    bumpVersion(db, programmeId),
  ]);
  return (first?.meta.changes ?? 0) > 0;
}

/** How stores' own units stand, by SKU, from the projection: it may lag, and decides nothing. */
export async function shelfStands(
  db: D1Database,
  programmeId: string,
  skuIds: readonly string[],
): Promise<Map<string, Omit<SkuStand, "values" | "skuId">>> {
  if (skuIds.length === 0) return new Map();
  const { results } = await db
    .prepare(
      `SELECT sku_id, status, epoch, shelf, terms FROM sales WHERE programme_id = ?1 AND kind = 'standing'
         AND status IN ('open', 'paused') AND sku_id IN (SELECT value FROM json_each(?2))`,
    )
    .bind(programmeId, JSON.stringify(skuIds))
    .all<Row>();
  return new Map(
    results.map((row) => {
      const terms = JSON.parse(String(row["terms"])) as SaleTerms;
      const { saleId, pricePoints, priceFen, quantityMax } = terms;
      const status = row["status"] === "open" ? "open" : "paused";
      const stand = { saleId, pricePoints, priceFen, quantityMax, status } as const;
      const figures = { epoch: Number(row["epoch"]), remaining: Number(row["shelf"]) };
      return [String(row["sku_id"]), { ...stand, ...figures }];
    }),
  );
}

/** Which of these SKUs somebody has opened books for. */
export async function knownSkus(
  db: D1Database,
  programmeId: string,
  skuIds: readonly string[],
): Promise<string[]> {
  if (skuIds.length === 0) return [];
  const { results } = await db
    .prepare(
      "SELECT sku_id FROM skus WHERE programme_id = ?1 AND sku_id IN (SELECT value FROM json_each(?2))",
    )
    .bind(programmeId, JSON.stringify(skuIds))
    .all<{ sku_id: string }>();
  return results.map((row) => row.sku_id);
}
