import { skuKeyOf } from "../kernel/ids.ts";
import type { Env } from "../platform/env.ts";
import { nextRows, roundSql, type RoundList } from "../platform/rounds.ts";

/** The platform lets one run make 10,000 calls in all: a catalogue of more than so many SKUs is gone through in several minutes. */
const SKUS_A_SWEEP = 1_000;

interface Row {
  readonly programmeId: string;
  readonly skuId: string;
}

const ALL: RoundList = {
  ...{ name: "skus", rows: SKUS_A_SWEEP, by: ["programme_id", "sku_id"], start: ["", ""] },
  ...{ columns: "programme_id AS programmeId, sku_id AS skuId", from: "skus", where: "true" },
};

/** `CROSS JOIN`: the programmes first, which are few; else all sales that ever were are read. */
export const WAKE_SQL = {
  next: roundSql(ALL),
  live: `SELECT DISTINCT s.programme_id AS programmeId, s.sku_id AS skuId FROM points_programmes AS p
    CROSS JOIN sales AS s ON s.programme_id = p.programme_id AND s.kind = 'flash' AND s.status IN ('scheduled', 'open', 'paused')`,
} as const;

/** Keys of Skus: those with a flash sale that is set or runs, and the next of the others in the order of their names. */
export async function skusToWake(env: Env, count = SKUS_A_SWEEP): Promise<string[]> {
  const [next, live] = await Promise.all([
    nextRows<Row>(env.DB, { ...ALL, rows: count }),
    env.DB.prepare(WAKE_SQL.live).all<Row>(),
  ]);
  const rows = [...live.results, ...next];
  return [...new Set(rows.map((row) => skuKeyOf(row.programmeId, row.skuId)))];
}
