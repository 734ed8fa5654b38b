import { hashOf } from "./tokens.ts";
import { FORGET_MS, waitsOf, type ThrottleKind } from "./throttle.ts";

/**
 * Counts an attempt before it is made, and takes it back when it succeeds: many at once would otherwise all pass a check that
 * none of them has failed yet. Answers how long to wait, or 0 to go ahead.
 */
export async function attempt(
  db: D1Database,
  kind: ThrottleKind,
  name: string,
  nowMs: number,
): Promise<number> {
  const key = keyOf(kind, name);
  const counted = await db
    .prepare(COUNT)
    .bind(key, nowMs, FORGET_MS, JSON.stringify(waitsOf(kind)))
    .run();
  if (counted.meta.changes > 0) return 0;
  const untilMs = await db
    .prepare("SELECT until_ms FROM staff_throttles WHERE key = ?1")
    .bind(key)
    .first<number>("until_ms");
  return Math.max(1, (untilMs ?? nowMs) - nowMs);
}

/** ?2 now, ?3 forget after, ?4 waits. An attempt during the wait is refused and does not make it longer. */
const COUNT = `INSERT INTO staff_throttles (key, failures, until_ms, updated_at_ms)
  VALUES (?1, 1, ?2 + (?4 ->> 0), ?2)
  ON CONFLICT (key) DO UPDATE SET
    failures = CASE WHEN updated_at_ms < ?2 - ?3 THEN 1 ELSE failures + 1 END,
    until_ms = ?2 + json_extract(?4, '$[' || CASE WHEN updated_at_ms < ?2 - ?3 THEN 0
      ELSE MIN(failures, json_array_length(?4) - 1) END || ']'),
    updated_at_ms = ?2
  WHERE until_ms <= ?2`;

export async function succeeded(db: D1Database, kind: ThrottleKind, name: string): Promise<void> {
  const key = keyOf(kind, name);
  // An address serves many people: one success must not give somebody else a hundred free tries.
  const sql =
    kind === "address"
      ? "UPDATE staff_throttles SET failures = MAX(0, failures - 1), until_ms = 0 WHERE key = ?1"
      : "DELETE FROM staff_throttles WHERE key = ?1";
  await db.prepare(sql).bind(key).run();
}

/** What is over: waits, links, challenges and sessions. */
export async function sweepSignIns(db: D1Database, nowMs: number): Promise<void> {
  await db.batch([
    db.prepare("DELETE FROM staff_throttles WHERE updated_at_ms < ?1").bind(nowMs - 2 * FORGET_MS),
    db.prepare("DELETE FROM staff_one_time WHERE expires_at_ms < ?1").bind(nowMs),
    db.prepare("DELETE FROM staff_sessions WHERE expires_at_ms < ?1").bind(nowMs),
    db
      .prepare("DELETE FROM staff_reveals WHERE hour < ?1")
      .bind(Math.floor(nowMs / 3_600_000) - 48),
  ]);
}

const keyOf = (kind: ThrottleKind, name: string): string => `${kind}:${hashOf(name)}`;
