/** Money as the projection tells it: what is wrong now, what a day's bill says, and how it is put right. */
import { and, desc, eq, gte, inArray, lt, or } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { Env } from "../platform/env.ts";
import { moneyMoves, paymentSettings, reconciliations } from "./d1-schema.ts";
import type { ProviderName } from "./provider.ts";
import { differencesOf, type Difference, type KnownMove } from "./reconcile.ts";
import { providersOf } from "./store.ts";

const DAY_MS = 86_400_000;
const ZONE_MS = 28_800_000;
const MOVES_MAX = 5_000;
const IDS_PER_QUERY = 90;

/** A programme's day, Beijing time, as providers write it. */
export const dayOf = (atMs: number): string => new Date(atMs + ZONE_MS).toISOString().slice(0, 10);
const startOf = (day: string): number => Date.parse(`${day}T00:00:00+08:00`);

export type MoveRow = typeof moneyMoves.$inferSelect;

/** Refunds that failed, and money of the wrong amount: somebody has to decide. */
export function troubledMoves(env: Env, programmeId: string, limit: number): Promise<MoveRow[]> {
  const failed = and(eq(moneyMoves.kind, "refund"), eq(moneyMoves.state, "failed"));
  const wrong = and(eq(moneyMoves.kind, "payment"), eq(moneyMoves.state, "mismatch"));
  return drizzle(env.DB)
    .select()
    .from(moneyMoves)
    .where(and(eq(moneyMoves.programmeId, programmeId), or(failed, wrong)))
    .orderBy(desc(moneyMoves.atMs))
    .limit(limit);
}

/** Newest first. */
export function moves(
  env: Env,
  programmeId: string,
  beforeMs: number,
  limit: number,
): Promise<MoveRow[]> {
  return drizzle(env.DB)
    .select()
    .from(moneyMoves)
    .where(and(eq(moneyMoves.programmeId, programmeId), lt(moneyMoves.atMs, beforeMs)))
    .orderBy(desc(moneyMoves.atMs))
    .limit(limit);
}

export interface Standing {
  readonly name: "cancelled_but_kept" | "delivered_but_unpaid" | "ended_without_points";
  readonly count: number;
}

/** A change is on its way for seconds; what is still wrong after this is wrong. */
const SETTLED_AFTER_MS = 600_000;

/** Payments × orders × ledger, all of them at once, from the projection. */
export async function standing(env: Env, programmeId: string, nowMs: number): Promise<Standing[]> {
  const untilMs = nowMs - SETTLED_AFTER_MS;
  const kept = `SELECT COUNT(*) AS rows FROM orders o WHERE o.programme_id = ?1 AND o.state = 'cancelled' AND o.updated_at_ms < ?2
    AND o.paid_fen > 0 AND o.paid_fen > (SELECT COALESCE(SUM(m.amount_fen), 0) FROM money_moves m WHERE m.programme_id = o.programme_id
      AND m.member_id = o.member_id AND m.order_id = o.order_id AND m.kind = 'refund')`;
  const unpaid = `SELECT COUNT(*) AS rows FROM orders WHERE programme_id = ?1 AND state IN ('shipped', 'received', 'closed')
    AND updated_at_ms < ?2 AND cash_state IN ('awaiting', 'void', 'late_paid')`;
  const points = `SELECT COUNT(*) AS rows FROM orders o WHERE o.programme_id = ?1 AND o.state IN ('cancelled', 'refunded')
    AND o.updated_at_ms < ?2 AND o.points > 0 AND NOT EXISTS (SELECT 1 FROM ledger_entries e WHERE e.programme_id = o.programme_id
      AND e.member_id = o.member_id AND e.order_id = o.order_id AND e.type = 'redeem_rollback')`;
  const results = await env.DB.batch<{ rows: number }>(
    [kept, unpaid, points].map((query) => env.DB.prepare(query).bind(programmeId, untilMs)),
  );
  const names = ["cancelled_but_kept", "delivered_but_unpaid", "ended_without_points"] as const;
  return names.map((name, at) => ({ name, count: results[at]?.results[0]?.rows ?? 0 }));
}

// ---- daily bills

export interface Reconciled {
  readonly provider: string;
  readonly day: string;
  readonly checked: number;
  readonly differences: readonly Difference[];
  /** Empty, or why there was no bill. */
  readonly word: string;
  readonly atMs: number;
}

/** Asks for a day's bill and compares; what it finds replaces what was found before. Null: no such provider. */
export async function reconcileDay(
  env: Env,
  programmeId: string,
  name: ProviderName,
  day: string,
  nowMs: number,
): Promise<Reconciled | null> {
  const provider = (await providersOf(env, programmeId)).get(name);
  if (!provider) return null;
  const bill = await provider.bill(day, nowMs);
  const rows = bill.kind === "bill" ? bill.rows : [];
  const fromMs = startOf(day);
  const known =
    bill.kind === "bill"
      ? await knownMoves(env, programmeId, name, fromMs, [
          ...new Set(rows.map(({ paymentId }) => paymentId)),
        ])
      : [];
  const isOfDay = ({ atMs }: KnownMove & { atMs?: number }): boolean =>
    atMs !== undefined && atMs >= fromMs && atMs < fromMs + DAY_MS;
  const found: Reconciled = {
    ...{ provider: name, day, checked: rows.length, atMs: nowMs },
    differences: differencesOf(rows, known, isOfDay),
    word: bill.kind === "bill" ? "" : bill.word,
  };
  const { checked, word } = found;
  const row = { checked, differences: JSON.stringify(found.differences), word, atMs: nowMs };
  await drizzle(env.DB)
    .insert(reconciliations)
    .values({ programmeId, provider: name, day, ...row })
    .onConflictDoUpdate({
      target: [reconciliations.programmeId, reconciliations.provider, reconciliations.day],
      set: row,
    });
  return found;
}

async function knownMoves(
  env: Env,
  programmeId: string,
  provider: string,
  fromMs: number,
  paymentIds: readonly string[],
): Promise<(KnownMove & { atMs: number })[]> {
  const db = drizzle(env.DB);
  const own = and(eq(moneyMoves.programmeId, programmeId), eq(moneyMoves.provider, provider));
  const ofDay = and(own, gte(moneyMoves.atMs, fromMs), lt(moneyMoves.atMs, fromMs + DAY_MS));
  const found = new Map<string, MoveRow>();
  for (const row of await db.select().from(moneyMoves).where(ofDay).limit(MOVES_MAX)) {
    found.set(row.moveId, row);
  }
  for (let at = 0; at < paymentIds.length; at += IDS_PER_QUERY) {
    const some = paymentIds.slice(at, at + IDS_PER_QUERY);
    const rows = await db
      .select()
      .from(moneyMoves)
      .where(and(own, inArray(moneyMoves.paymentId, some)));
    for (const row of rows) found.set(row.moveId, row);
  }
  return [...found.values()].map((row) => ({ ...row, kind: row.kind as KnownMove["kind"] }));
}

export async function reconciled(
  env: Env,
  programmeId: string,
  limit: number,
): Promise<Reconciled[]> {
  const rows = await drizzle(env.DB)
    .select()
    .from(reconciliations)
    .where(eq(reconciliations.programmeId, programmeId))
    .orderBy(desc(reconciliations.day))
    .limit(limit);
  return rows.map(({ programmeId: _own, differences, ...row }) => ({
    ...row,
    differences: JSON.parse(differences) as Difference[],
  }));
}

/** Bills of yesterday are ready by ten in the morning; the clock fetches each once, and again while there is none. */
export async function reconcileDue(env: Env, nowMs: number): Promise<void> {
  const beijing = new Date(nowMs + ZONE_MS);
  if (beijing.getUTCHours() < 10 || beijing.getUTCMinutes() % 30 !== 15) return;
  const day = dayOf(nowMs - DAY_MS);
  const rows = await drizzle(env.DB)
    .select()
    .from(paymentSettings)
    .where(eq(paymentSettings.isEnabled, true));
  for (const { programmeId, provider } of rows) {
    const known = (await reconciled(env, programmeId, 20)).some(
      (one) => one.day === day && one.provider === provider && one.word === "",
    );
    if (!known) await reconcileDay(env, programmeId, provider as ProviderName, day, nowMs);
  }
}
