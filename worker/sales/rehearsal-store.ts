/** Reports of rehearsals in D1. */
import type { RehearsalReport } from "./rehearsal-report.ts";

type Row = Record<string, string | number | null>;
const ROWS_MAX = 50;

export interface StoredRehearsal {
  readonly rehearsalId: string;
  readonly sessionId: string;
  readonly skuId: string;
  readonly startedBy: string;
  readonly startedAtMs: number;
  readonly state: "running" | "proven" | "broken" | "failed";
  readonly report: RehearsalReport;
}

export async function keepRehearsal(
  db: D1Database,
  programmeId: string,
  run: StoredRehearsal,
): Promise<void> {
  await db
    .prepare(
      `INSERT INTO sale_rehearsals (programme_id, rehearsal_id, session_id, sku_id, started_by, started_at_ms, state, report)
       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
       ON CONFLICT (programme_id, rehearsal_id) DO UPDATE SET state = excluded.state, report = excluded.report`,
    )
    .bind(
      ...[programmeId, run.rehearsalId, run.sessionId, run.skuId, run.startedBy],
      ...[run.startedAtMs, run.state, JSON.stringify(run.report)],
    )
    .run();
}

/** With what its goods are called. */
export type NamedRehearsal = StoredRehearsal & { readonly title: string };
const NAMED = `SELECT r.*, s.title FROM sale_rehearsals AS r
  LEFT JOIN skus AS s ON s.programme_id = r.programme_id AND s.sku_id = r.sku_id`;

export async function rehearsalsOf(
  db: D1Database,
  programmeId: string,
  sessionId: string,
): Promise<NamedRehearsal[]> {
  const { results } = await db
    .prepare(
      `${NAMED} WHERE r.programme_id = ?1 AND r.session_id = ?2
       ORDER BY r.started_at_ms DESC LIMIT ${ROWS_MAX}`,
    )
    .bind(programmeId, sessionId)
    .all<Row>();
  return results.map(readRehearsal);
}

export async function findRehearsal(
  db: D1Database,
  programmeId: string,
  rehearsalId: string,
): Promise<NamedRehearsal | null> {
  const row = await db
    .prepare(`${NAMED} WHERE r.programme_id = ?1 AND r.rehearsal_id = ?2`)
    .bind(programmeId, rehearsalId)
    .first<Row>();
  return row && readRehearsal(row);
}

/** Whether the last rehearsal that came to an end proved the sale. */
export async function newestRehearsal(
  db: D1Database,
  programmeId: string,
  sessionId: string,
): Promise<{ readonly atMs: number; readonly isProven: boolean } | null> {
  const row = await db
    .prepare(
      `SELECT state, started_at_ms FROM sale_rehearsals WHERE programme_id = ?1 AND session_id = ?2
         AND state IN ('proven', 'broken') ORDER BY started_at_ms DESC LIMIT 1`,
    )
    .bind(programmeId, sessionId)
    .first<Row>();
  return row && { atMs: Number(row["started_at_ms"]), isProven: row["state"] === "proven" };
}

function readRehearsal(row: Row): NamedRehearsal {
  return {
    rehearsalId: String(row["rehearsal_id"]),
    sessionId: String(row["session_id"]),
    skuId: String(row["sku_id"]),
    title: String(row["title"] ?? row["sku_id"]),
    startedBy: String(row["started_by"]),
    startedAtMs: Number(row["started_at_ms"]),
    state: String(row["state"]) as StoredRehearsal["state"],
    report: JSON.parse(String(row["report"])) as RehearsalReport,
  };
}
