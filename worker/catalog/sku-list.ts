import type { Env } from "../platform/env.ts";

const SKUS_MAX = 200;

/** SKUs of a category, oldest first. */
export async function skuIdsIn(env: Env, programmeId: string, category: string): Promise<string[]> {
  const { results } = await env.DB.prepare(
    `SELECT sku_id FROM skus WHERE programme_id = ?1 AND category = ?2 ORDER BY created_at_ms LIMIT ${SKUS_MAX}`,
  )
    .bind(programmeId, category)
    .all<{ sku_id: string }>();
  return results.map((row) => row.sku_id);
}
