/** Rows of goods: read whole, saved by revision. */
import type { GoodsKind } from "../kernel/goods-kind.ts";
import { gramsOf, titleKeyOf } from "./grams.ts";
import type { GoodsRole, GoodsState } from "./model.ts";
import type { GoodsDraft, Picture } from "./wire.ts";

/** A draft whose SKUs all have their ids. */
export type GoodsBody = Omit<GoodsDraft, "skus"> & {
  readonly skus: readonly (GoodsDraft["skus"][number] & { readonly skuId: string })[];
};

/** What lists show of goods without reading their whole document. */
export interface GoodsCard {
  readonly subtitle: string;
  readonly tags: readonly string[];
  readonly picture: Picture | null;
  readonly groundColor: string;
  readonly skuId: string;
  readonly priceFen: number;
  readonly hasPrices: boolean;
  readonly marketPriceFen: number | null;
  readonly seenBy: GoodsDraft["seenBy"];
  readonly redeemedBy: GoodsDraft["redeemedBy"];
  readonly skuCount: number;
  readonly publishAtMs: number | null;
}

export interface GoodsRow {
  readonly goodsId: string;
  readonly revision: number;
  readonly appliedRevision: number;
  readonly state: GoodsState;
  readonly body: GoodsBody;
  readonly updatedAtMs: number;
  readonly updatedBy: string;
  readonly publishedAtMs: number | null;
}

export interface GoodsSave {
  readonly programmeId: string;
  readonly goodsId: string;
  /** The revision that was edited; 0: new goods. */
  readonly revision: number;
  readonly state: GoodsState;
  readonly body: GoodsBody;
  readonly publishedAtMs: number | null;
  readonly by: string;
  /** The CSV import that saves it; null: none. */
  readonly importId: string | null;
  readonly nowMs: number;
  /** When the clock has something to do with it; null: nothing. */
  readonly dueAtMs: number | null;
}

export type SaveOutcome =
  | { readonly kind: "saved"; readonly revision: number }
  /** Somebody saved in between, or the id is taken. */
  | { readonly kind: "late" }
  | { readonly kind: "code_taken" };

type Row = Record<string, unknown>;

const COLUMNS =
  "goods_id, revision, applied_revision, state, body, updated_at_ms, updated_by, published_at_ms";

export function readGoods(row: Row): GoodsRow {
  const publishedAtMs = row["published_at_ms"];
  return {
    goodsId: String(row["goods_id"]),
    revision: Number(row["revision"]),
    appliedRevision: Number(row["applied_revision"]),
    state: String(row["state"]) as GoodsState,
    // Goods that were saved before there were brands name none.
    body: {
      brandId: null,
      ...(JSON.parse(String(row["body"])) as Partial<GoodsBody>),
    } as GoodsBody,
    updatedAtMs: Number(row["updated_at_ms"]),
    updatedBy: String(row["updated_by"]),
    publishedAtMs: publishedAtMs === null ? null : Number(publishedAtMs),
  };
}

export async function loadGoods(
  db: D1Database,
  programmeId: string,
  goodsId: string,
): Promise<GoodsRow | null> {
  const row = await db
    .prepare(`SELECT ${COLUMNS} FROM goods WHERE programme_id = ? AND goods_id = ?`)
    .bind(programmeId, goodsId)
    .first<Row>();
  return row && readGoods(row);
}

/** Some goods whole, in the order of their ids; those that are not there are left out. */
export async function loadManyGoods(
  db: D1Database,
  programmeId: string,
  goodsIds: readonly string[],
): Promise<GoodsRow[]> {
  const { results } = await db
    .prepare(
      `SELECT ${COLUMNS} FROM json_each(?2) AS asked CROSS JOIN goods
         ON programme_id = ?1 AND goods_id = asked.value ORDER BY asked.key`,
    )
    .bind(programmeId, JSON.stringify(goodsIds))
    .all<Row>();
  return results.map(readGoods);
}

/** Every SKU id the goods ever had, those taken out of the matrix included. */
export async function skuIdsOf(
  db: D1Database,
  programmeId: string,
  goodsId: string,
): Promise<string[]> {
  const { results } = await db
    .prepare("SELECT sku_id FROM goods_skus WHERE programme_id = ? AND goods_id = ?")
    .bind(programmeId, goodsId)
    .all<{ sku_id: string }>();
  return results.map((row) => row.sku_id);
}

export function cardOf(body: GoodsBody): GoodsCard {
  const cheapest = cheapestOf(body);
  const { subtitle, tags, groundColor, marketPriceFen, seenBy, redeemedBy, publishAtMs } = body;
  return {
    ...{ subtitle, tags, groundColor, marketPriceFen, seenBy, redeemedBy, publishAtMs },
    picture: body.pictures[0] ?? null,
    skuId: cheapest.skuId,
    priceFen: cheapest.priceFen,
    hasPrices: body.skus.some(
      ({ pricePoints, priceFen }) =>
        pricePoints !== cheapest.pricePoints || priceFen !== cheapest.priceFen,
    ),
    skuCount: body.skus.length,
  };
}

export function cheapestOf({ skus }: Pick<GoodsBody, "skus">): {
  readonly skuId: string;
  readonly pricePoints: number;
  readonly priceFen: number;
} {
  const worth = (sku: { pricePoints: number; priceFen: number }): number =>
    sku.pricePoints + sku.priceFen;
  const [first = { skuId: "", pricePoints: 0, priceFen: 0 }] = skus.toSorted(
    (a, b) => worth(a) - worth(b),
  );
  return first;
}

/** In one batch: the goods, if nobody saved in between, and with them every row that hangs on them. */
export async function saveGoods(db: D1Database, save: GoodsSave): Promise<SaveOutcome> {
  const stamp = crypto.randomUUID();
  const statements = [
    save.revision === 0 ? insertGoods(db, save, stamp) : updateGoods(db, save, stamp),
    ...hangingRows(db, save, stamp),
  ];
  try {
    const [first] = await db.batch(statements);
    const isSaved = (first?.meta.changes ?? 0) > 0;
    return isSaved ? { kind: "saved", revision: save.revision + 1 } : { kind: "late" };
  } catch (error) {
    if (/goods_skus\.(?:programme_id, goods_skus\.)?code/.test(String(error)))
      return { kind: "code_taken" };
    throw error;
  }
}

function valuesOf(save: GoodsSave, stamp: string): unknown[] {
  const { body, state, by, nowMs, publishedAtMs, dueAtMs } = save;
  const kind: GoodsKind = body.kind;
  const role: GoodsRole = body.role;
  return [
    save.programmeId,
    save.goodsId,
    save.revision + 1,
    stamp,
    state,
    kind,
    role,
    body.categoryId,
    body.title,
    titleKeyOf(body.title),
    body.position,
    cheapestOf(body).pricePoints,
    JSON.stringify(cardOf(body)),
    JSON.stringify(body),
    nowMs,
    by,
    publishedAtMs,
    dueAtMs,
    body.brandId,
    body.supplier.name,
    body.supplier.isDropShipped ? 1 : 0,
  ];
}

function insertGoods(db: D1Database, save: GoodsSave, stamp: string): D1PreparedStatement {
  return db
    .prepare(
      `INSERT INTO goods (programme_id, goods_id, revision, stamp, state, kind, role, category_id, title, title_key,
         position, price_points, card, body, updated_at_ms, updated_by, published_at_ms, due_at_ms, brand_id,
         supplier_name, is_drop_shipped, created_at_ms, applied_revision)
       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?15, 0)
       ON CONFLICT DO NOTHING`,
    )
    .bind(...valuesOf(save, stamp));
}

function updateGoods(db: D1Database, save: GoodsSave, stamp: string): D1PreparedStatement {
  return db
    .prepare(
      `UPDATE goods SET revision = ?3, stamp = ?4, state = ?5, kind = ?6, role = ?7, category_id = ?8, title = ?9,
         title_key = ?10, position = ?11, price_points = ?12, card = ?13, body = ?14, updated_at_ms = ?15,
         updated_by = ?16, published_at_ms = ?17, due_at_ms = ?18, brand_id = ?19,
         supplier_name = ?20, is_drop_shipped = ?21
       WHERE programme_id = ?1 AND goods_id = ?2 AND revision = ?3 - 1`,
    )
    .bind(...valuesOf(save, stamp));
}

/** Nothing of it is written where the goods were not: each statement asks for the stamp of this save. */
function hangingRows(db: D1Database, save: GoodsSave, stamp: string): D1PreparedStatement[] {
  const { programmeId, goodsId, body } = save;
  const IF_SAVED =
    "EXISTS (SELECT 1 FROM goods WHERE programme_id = ?1 AND goods_id = ?2 AND stamp = ?3)";
  const run = (query: string, ...rest: unknown[]): D1PreparedStatement =>
    db.prepare(query.replace("IF_SAVED", IF_SAVED)).bind(programmeId, goodsId, stamp, ...rest);
  const facts = body.description.flatMap((block) => block.facts.map(({ value }) => value));
  const grams = gramsOf([
    body.title,
    body.subtitle,
    ...body.tags,
    ...body.skus.map(({ code }) => code),
    ...facts.slice(0, 10),
    goodsId,
  ]);
  const skus = body.skus.map(({ skuId, code, lowStockUnits }, position) => ({
    ...{ skuId, code, lowStockUnits, position },
  }));
  const of = (table: string): string =>
    `DELETE FROM ${table} WHERE programme_id = ?1 AND goods_id = ?2 AND IF_SAVED`;
  return [
    run(
      `INSERT INTO goods_revisions (programme_id, goods_id, revision, body, saved_by, saved_at_ms, import_id)
       SELECT ?1, ?2, ?4, ?5, ?6, ?7, ?8 WHERE IF_SAVED`,
      ...[save.revision + 1, JSON.stringify(body), save.by, save.nowMs, save.importId],
    ),
    run(of("goods_grams")),
    run(
      `INSERT INTO goods_grams (programme_id, gram, goods_id)
       SELECT ?1, value, ?2 FROM json_each(?4) WHERE IF_SAVED`,
      JSON.stringify(grams),
    ),
    run(of("goods_tags")),
    run(
      `INSERT INTO goods_tags (programme_id, tag, goods_id)
       SELECT DISTINCT ?1, value, ?2 FROM json_each(?4) WHERE IF_SAVED`,
      JSON.stringify(body.tags),
    ),
    // Codes first go free, so that two SKUs can swap theirs.
    run(
      `UPDATE goods_skus SET is_active = 0, code = '', low_stock_units = NULL
       WHERE programme_id = ?1 AND goods_id = ?2 AND IF_SAVED`,
    ),
    run(
      `INSERT INTO goods_skus (programme_id, sku_id, goods_id, position, code, low_stock_units, is_active)
       SELECT ?1, value ->> '$.skuId', ?2, value ->> '$.position', value ->> '$.code', value ->> '$.lowStockUnits', 1
       FROM json_each(?4) WHERE IF_SAVED
       ON CONFLICT (programme_id, sku_id) DO UPDATE SET position = excluded.position, code = excluded.code,
         low_stock_units = excluded.low_stock_units, is_active = 1`,
      JSON.stringify(skus),
    ),
    db
      .prepare(
        `INSERT INTO skus (programme_id, sku_id, title, category, created_at_ms)
         SELECT ?1, value ->> '$.skuId', ?4, ?7, ?5 FROM json_each(?6)
         WHERE EXISTS (SELECT 1 FROM goods WHERE programme_id = ?1 AND goods_id = ?2 AND stamp = ?3)
         ON CONFLICT (programme_id, sku_id) DO UPDATE SET title = excluded.title, category = excluded.category`,
      )
      .bind(
        ...[programmeId, goodsId, stamp, body.title, save.nowMs],
        ...[JSON.stringify(skus), body.categoryId ?? ""],
      ),
    bumpVersion(db, programmeId),
  ];
}

/** Another state at its hour, of goods that stand as they were read; false: somebody saved or turned them in between. */
export async function turnGoods(
  db: D1Database,
  programmeId: string,
  from: GoodsRow,
  to: Pick<GoodsRow, "state" | "publishedAtMs">,
  dueAtMs: number,
): Promise<boolean> {
  const turn = db.prepare(
    `UPDATE goods SET state = ?5, published_at_ms = ?6, due_at_ms = ?7, applied_revision = revision - 1
     WHERE programme_id = ?1 AND goods_id = ?2 AND revision = ?3 AND state = ?4`,
  );
  const [turned] = await db.batch([
    turn.bind(
      ...[programmeId, from.goodsId, from.revision, from.state],
      ...[to.state, to.publishedAtMs, dueAtMs],
    ),
    bumpVersion(db, programmeId),
  ]);
  return (turned?.meta.changes ?? 0) > 0;
}

/** What is cached of the catalogue under the old version is never asked for again. */
export function bumpVersion(db: D1Database, programmeId: string): D1PreparedStatement {
  return db
    .prepare(
      `INSERT INTO catalogues (programme_id, version, categories_revision, stamp) VALUES (?, 1, 0, '')
       ON CONFLICT (programme_id) DO UPDATE SET version = version + 1`,
    )
    .bind(programmeId);
}

/** The version, and whether the hour of some goods has come. */
export async function catalogueStanding(
  db: D1Database,
  programmeId: string,
  nowMs: number,
): Promise<{ readonly version: number; readonly isDue: boolean }> {
  const row = await db
    .prepare(
      `SELECT version, EXISTS (SELECT 1 FROM goods INDEXED BY goods_due WHERE due_at_ms <= ?2) AS is_due
       FROM catalogues WHERE programme_id = ?1`,
    )
    .bind(programmeId, nowMs)
    .first<{ version: number; is_due: number }>();
  return { version: row?.version ?? 0, isDue: row?.is_due === 1 };
}

/** Other goods of the same title; at most `count`. */
export async function sameTitle(
  db: D1Database,
  programmeId: string,
  goodsId: string,
  title: string,
  count = 3,
): Promise<string[]> {
  const { results } = await db
    .prepare(
      "SELECT goods_id FROM goods WHERE programme_id = ? AND title_key = ? AND goods_id <> ? LIMIT ?",
    )
    .bind(programmeId, titleKeyOf(title), goodsId, count)
    .all<{ goods_id: string }>();
  return results.map((row) => row.goods_id);
}

/** A SKU id that belongs to other goods cannot be taken. */
export async function foreignSkus(
  db: D1Database,
  programmeId: string,
  goodsId: string,
  skuIds: readonly string[],
): Promise<string[]> {
  const { results } = await db
    .prepare(
      `SELECT sku_id FROM goods_skus WHERE programme_id = ?1 AND goods_id <> ?2
         AND sku_id IN (SELECT value FROM json_each(?3))`,
    )
    .bind(programmeId, goodsId, JSON.stringify(skuIds))
    .all<{ sku_id: string }>();
  return results.map((row) => row.sku_id);
}
