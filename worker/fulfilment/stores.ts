/** The stores that people are served at, as fulfilment shows them. */
import type { Env } from "../platform/env.ts";

export interface Store {
  readonly storeId: string;
  readonly name: string;
  readonly address: string;
}

const STORES_MAX = 500;

export async function storesOf(env: Env, programmeId: string): Promise<Store[]> {
  const { results } = await env.DB.prepare(
    `SELECT store_id, name, address FROM stores WHERE programme_id = ?1 AND state = 'active' ORDER BY name LIMIT ${STORES_MAX}`,
  )
    .bind(programmeId)
    .all<{ store_id: string; name: string; address: string }>();
  return results.map(({ store_id: storeId, name, address }) => ({ storeId, name, address }));
}
