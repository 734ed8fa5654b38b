import { AT_STORE } from "../kernel/ids.ts";
import type { Env } from "../platform/env.ts";
import { gramsOf, meets, termsOf } from "./grams.ts";

const SKUS_MAX = 200;
/** After everything that has a place. */
const LAST = 1_000_000_000;

/** Shelves of single stores are sold there, and in no session. */
const OF_ALL = `instr(sku_id, '${AT_STORE}') = 0`;
const ALL_SKUS = `SELECT sku_id FROM skus WHERE programme_id = ?1 AND ${OF_ALL} ORDER BY sku_id LIMIT ?2`;

/** The SKUs of goods that have these words, as the list of goods finds them, and the one that is called so; by their ids. */
export async function findSkuIds(
  db: D1Database,
  programmeId: string,
  words: string,
  count: number,
): Promise<string[]> {
  const [first, ...others] = termsOf(words);
  const bindings: unknown[] = [programmeId, count];
  const bind = (value: unknown): string => `?${bindings.push(value)}`;
  const sql = first
    ? `WITH found AS MATERIALIZED (SELECT DISTINCT goods_id FROM goods_grams WHERE programme_id = ?1 AND ${meets(first, bind)}
         ${others.map((term) => `AND goods_id IN (SELECT goods_id FROM goods_grams WHERE programme_id = ?1 AND ${meets(term, bind)})`).join(" ")}
         ORDER BY goods_id LIMIT ?2)
       SELECT k.sku_id FROM found CROSS JOIN goods_skus k
         ON k.programme_id = ?1 AND k.goods_id = found.goods_id AND k.is_active = 1
       UNION SELECT s.sku_id FROM found CROSS JOIN skus s ON s.programme_id = ?1 AND s.sku_id = found.goods_id
       UNION SELECT sku_id FROM skus WHERE programme_id = ?1 AND sku_id = ${bind(words.trim())} AND ${OF_ALL}
       ORDER BY 1 LIMIT ?2`
    : ALL_SKUS;
  const { results } = await db
    .prepare(sql)
    .bind(...bindings)
    .all<{ sku_id: string }>();
  return results.map((row) => row.sku_id);
}

/** A bare SKU, which no goods stand behind, is found by its words like goods of its name. */
export function indexBareSku(
  db: D1Database,
  programmeId: string,
  skuId: string,
  title: string,
): D1PreparedStatement {
  return db
    .prepare(
      `INSERT INTO goods_grams (programme_id, gram, goods_id) SELECT ?1, value, ?2 FROM json_each(?3)
       WHERE NOT EXISTS (SELECT 1 FROM goods WHERE programme_id = ?1 AND goods_id = ?2) ON CONFLICT DO NOTHING`,
    )
    .bind(programmeId, skuId, JSON.stringify(gramsOf([title, skuId])));
}

/** SKUs of the goods of a category in the order of the shelf, and after them bare SKUs that name it. */
export async function skuIdsIn(env: Env, programmeId: string, category: string): Promise<string[]> {
  const { results } = await env.DB.prepare(
    `SELECT sku_id FROM (
       SELECT k.sku_id, g.position AS place FROM goods g
         JOIN goods_skus k ON k.programme_id = g.programme_id AND k.goods_id = g.goods_id
         WHERE g.programme_id = ?1 AND g.category_id = ?2
       UNION ALL
       SELECT sku_id, ${LAST} FROM skus WHERE programme_id = ?1 AND category = ?2)
     GROUP BY sku_id ORDER BY MIN(place), sku_id LIMIT ${SKUS_MAX}`,
  )
    .bind(programmeId, category)
    .all<{ sku_id: string }>();
  return results.map((row) => row.sku_id);
}
