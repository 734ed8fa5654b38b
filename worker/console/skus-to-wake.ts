import { skuKeyOf } from "../kernel/ids.ts";
import type { Env } from "../platform/env.ts";

/** The platform lets one run make 10,000 calls in all: a catalogue of more than so many SKUs is gone through in several minutes. */
const SKUS_A_SWEEP = 1_000;

interface Row {
  readonly programmeId: string;
  readonly skuId: string;
}

/** `CROSS JOIN`: the programmes first, which are few; else all sales that ever were are read. */
export const WAKE_SQL = {
  reached: "SELECT reached FROM sweep_marks WHERE name = 'skus'",
  keep: "INSERT INTO sweep_marks (name, reached) VALUES ('skus', ?1) ON CONFLICT (name) DO UPDATE SET reached = ?1",
  next: `SELECT programme_id AS programmeId, sku_id AS skuId FROM skus
    WHERE (programme_id, sku_id) > (?1, ?2) ORDER BY programme_id, sku_id LIMIT ?3`,
  live: `SELECT DISTINCT s.programme_id AS programmeId, s.sku_id AS skuId FROM points_programmes AS p
    CROSS JOIN sales AS s ON s.programme_id = p.programme_id AND s.kind = 'flash' AND s.status IN ('scheduled', 'open', 'paused')`,
} as const;

/** Keys of Skus: those with a flash sale that is set or runs, and the next of the others in the order of their names. */
export async function skusToWake(env: Env, count = SKUS_A_SWEEP): Promise<string[]> {
  const mark = await env.DB.prepare(WAKE_SQL.reached).first<{ reached: string }>();
  const [programmeId, skuId] = mark?.reached ? (JSON.parse(mark.reached) as string[]) : ["", ""];
  const [next, live] = await env.DB.batch<Row>([
    env.DB.prepare(WAKE_SQL.next).bind(programmeId, skuId, count),
    env.DB.prepare(WAKE_SQL.live),
  ]);
  const last = next?.results.length === count ? next.results.at(-1) : undefined;
  const reached = last ? JSON.stringify([last.programmeId, last.skuId]) : "";
  if (reached !== (mark?.reached ?? "")) await env.DB.prepare(WAKE_SQL.keep).bind(reached).run();
  const rows = [...(live?.results ?? []), ...(next?.results ?? [])];
  return [...new Set(rows.map((row) => skuKeyOf(row.programmeId, row.skuId)))];
}
