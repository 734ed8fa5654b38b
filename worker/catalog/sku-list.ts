import type { Env } from "../platform/env.ts";

const SKUS_MAX = 200;
/** After everything that has a place. */
const LAST = 1_000_000_000;

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
