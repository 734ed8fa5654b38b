/** Money as the projection tells it: what is wrong now, what a day's bill says, and how it is put right. */
import { and, desc, eq, getTableColumns, gte, inArray, lt, ne, or, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { alias } from "drizzle-orm/sqlite-core";
import { DAY_MS, ZONE_OFFSET_MS } from "../kernel/clock.ts";
import type { Env } from "../platform/env.ts";
import { attemptEach } from "../platform/upkeep.ts";
import { moneyMoves, paymentSettings, reconciliations } from "./d1-schema.ts";
import {
  withNotes,
  writeNote,
  type DifferenceOf,
  type Explained,
  type NoteReply,
  type SeenDay,
} from "./difference-notes.ts";
import type { BillRow, ProviderName } from "./provider.ts";
import {
  bookedSince,
  differencesOf,
  foundLater,
  type Difference,
  type KnownMove,
} from "./reconcile.ts";
import { providersOf } from "./store.ts";

const MOVES_MAX = 5_000;
const IDS_PER_QUERY = 90;

/** A programme's day, Beijing time, as providers write it. */
export const dayOf = (atMs: number): string =>
  new Date(atMs + ZONE_OFFSET_MS).toISOString().slice(0, 10);
const startOf = (day: string): number => Date.parse(`${day}T00:00:00+08:00`);

export type MoveRow = typeof moneyMoves.$inferSelect;

/** Leaves attempts out: ways to pay that were opened, and that moved no money as far as anybody has said. */
const hasMoved = ne(moneyMoves.kind, "attempt");

/** Refunds that failed, and money of the wrong amount: somebody has to decide. */
export function troubledMoves(env: Env, programmeId: string, limit: number): Promise<MoveRow[]> {
  const failed = and(eq(moneyMoves.kind, "refund"), eq(moneyMoves.state, "failed"));
  const wrong = and(eq(moneyMoves.kind, "payment"), eq(moneyMoves.state, "mismatch"));
  return (
    drizzle(env.DB)
      .select()
      .from(moneyMoves)
      .where(
        and(
          eq(moneyMoves.programmeId, programmeId),
          inArray(moneyMoves.state, ["failed", "mismatch"]),
          or(failed, wrong),
        ),
      )
      // The plus keeps the walk on the few of these states, away from the index of all by time.
      .orderBy(sql`+${moneyMoves.atMs} DESC`)
      .limit(limit)
  );
}

const RETURNED_MAX = 20;

export interface ReturnedMove extends MoveRow {
  /** How far its refund is; null: the lists have not heard of it yet. */
  readonly backState: string | null;
}

/** Money that came too late or twice, newest first: it goes back by itself. */
export async function returnedMoves(env: Env, programmeId: string): Promise<ReturnedMove[]> {
  const back = alias(moneyMoves, "back");
  const rows = await drizzle(env.DB)
    .select({ ...getTableColumns(moneyMoves), backState: back.state })
    .from(moneyMoves)
    .leftJoin(
      back,
      and(
        eq(back.programmeId, moneyMoves.programmeId),
        eq(back.memberId, moneyMoves.memberId),
        eq(back.orderId, moneyMoves.orderId),
        eq(back.kind, "refund"),
        eq(back.amountFen, moneyMoves.amountFen),
        eq(back.paymentId, moneyMoves.paymentId),
      ),
    )
    .where(
      and(eq(moneyMoves.programmeId, programmeId), inArray(moneyMoves.state, ["late", "double"])),
    )
    .orderBy(desc(moneyMoves.atMs))
    .limit(RETURNED_MAX);
  // Who paid three times under one number has two refunds of one amount.
  return [...new Map(rows.map((row) => [row.moveId, row])).values()];
}

/** Newest first, beyond the one that a cursor names. Moves of one moment are told apart by their ids. */
export function moves(
  env: Env,
  programmeId: string,
  before: { readonly atMs: number; readonly moveId: string } | null,
  limit: number,
): Promise<MoveRow[]> {
  const { atMs, moveId } = moneyMoves;
  const beyond = before && sql`(${atMs}, ${moveId}) < (${before.atMs}, ${before.moveId})`;
  return drizzle(env.DB)
    .select()
    .from(moneyMoves)
    .where(and(eq(moneyMoves.programmeId, programmeId), hasMoved, beyond ?? undefined))
    .orderBy(desc(atMs), desc(moveId))
    .limit(limit);
}

/** A refund, and the payment that it is of; null: nobody knows of it. */
export async function refundOf(
  env: Env,
  programmeId: string,
  refundId: string,
): Promise<{ readonly refund: MoveRow; readonly payment: MoveRow } | null> {
  const db = drizzle(env.DB);
  const own = eq(moneyMoves.programmeId, programmeId);
  const [refund] = await db
    .select()
    .from(moneyMoves)
    .where(and(own, eq(moneyMoves.kind, "refund"), eq(moneyMoves.moveId, refundId)));
  if (!refund) return null;
  const payments = await db
    .select()
    .from(moneyMoves)
    .where(and(own, eq(moneyMoves.kind, "payment"), eq(moneyMoves.paymentId, refund.paymentId)));
  const [payment, ...others] = payments;
  // Paid twice under one number: which of them it is of, its Account knows alone.
  return payment && others.length === 0 ? { refund, payment } : null;
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
  if (bill.kind === "bill") await findYesterdays(env, programmeId, name, startOf(day), rows);
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
  const own = and(
    ...[eq(moneyMoves.programmeId, programmeId), eq(moneyMoves.provider, provider), hasMoved],
  );
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

/** A move near midnight stands in the bill of the next day: what was missing in the one before is found in this one. */
async function findYesterdays(
  env: Env,
  programmeId: string,
  provider: string,
  fromMs: number,
  rows: readonly BillRow[],
): Promise<void> {
  const db = drizzle(env.DB);
  const ofBefore = and(
    eq(reconciliations.programmeId, programmeId),
    eq(reconciliations.provider, provider),
    eq(reconciliations.day, dayOf(fromMs - DAY_MS)),
  );
  const [before] = await db.select().from(reconciliations).where(ofBefore);
  if (!before) return;
  const open = JSON.parse(before.differences) as Difference[];
  const left = foundLater(open, rows);
  if (left.length === open.length) return;
  await db
    .update(reconciliations)
    .set({ differences: JSON.stringify(left) })
    .where(ofBefore);
}

export async function reconciled(
  env: Env,
  programmeId: string,
  limit: number,
): Promise<SeenDay<Reconciled>[]> {
  const rows = await drizzle(env.DB)
    .select()
    .from(reconciliations)
    .where(eq(reconciliations.programmeId, programmeId))
    .orderBy(desc(reconciliations.day))
    .limit(limit);
  const days = rows.map(({ programmeId: _own, differences, ...row }) => ({
    ...row,
    differences: JSON.parse(differences) as Difference[],
  }));
  const known = await movesOf(
    env,
    programmeId,
    days.flatMap((day) => day.differences),
  );
  return withNotes(
    env,
    programmeId,
    days.map((day) => ({ ...day, differences: bookedSince(day.differences, known) })),
  );
}

/** What the mall has booked of these by now. */
async function movesOf(
  env: Env,
  programmeId: string,
  differences: readonly Difference[],
): Promise<ReadonlyMap<string, KnownMove>> {
  const ids = [...new Set(differences.map(({ moveId }) => moveId))];
  const found = new Map<string, KnownMove>();
  for (let at = 0; at < ids.length; at += IDS_PER_QUERY) {
    const some = ids.slice(at, at + IDS_PER_QUERY);
    const rows = await drizzle(env.DB)
      .select()
      .from(moneyMoves)
      .where(and(eq(moneyMoves.programmeId, programmeId), inArray(moneyMoves.moveId, some)));
    for (const row of rows) found.set(row.moveId, { ...row, kind: row.kind as KnownMove["kind"] });
  }
  return found;
}

/** Closes a difference that no step of ours can remove, or opens it again (null). Not found: that day's comparison has no such difference. */
export async function explainDifference(
  env: Env,
  programmeId: string,
  of: DifferenceOf & { readonly day: string },
  explained: Explained | null,
  basedOn: number | undefined,
): Promise<NoteReply | { readonly kind: "not_found" }> {
  const { provider, day, name, moveId } = of;
  const [row] = await drizzle(env.DB)
    .select()
    .from(reconciliations)
    .where(
      and(
        eq(reconciliations.programmeId, programmeId),
        eq(reconciliations.provider, provider),
        eq(reconciliations.day, day),
      ),
    );
  const stored = row ? (JSON.parse(row.differences) as Difference[]) : [];
  const open = bookedSince(stored, await movesOf(env, programmeId, stored));
  const isThere = open.some((one) => one.name === name && one.moveId === moveId);
  if (!isThere) return { kind: "not_found" };
  return writeNote(env, programmeId, { provider, name, moveId }, explained, basedOn);
}

/** Bills of yesterday are ready by ten in the morning; the clock fetches each once, and again while there is none. */
export async function reconcileDue(env: Env, nowMs: number): Promise<void> {
  const beijing = new Date(nowMs + ZONE_OFFSET_MS);
  if (beijing.getUTCHours() < 10 || beijing.getUTCMinutes() % 30 !== 15) return;
  const day = dayOf(nowMs - DAY_MS);
  const rows = await drizzle(env.DB)
    .select()
    .from(paymentSettings)
    .where(eq(paymentSettings.isEnabled, true));
  await attemptEach("bills", rows, async ({ programmeId, provider }) => {
    const known = (await reconciled(env, programmeId, 20)).some(
      (one) => one.day === day && one.provider === provider && one.word === "",
    );
    if (!known) await reconcileDay(env, programmeId, provider as ProviderName, day, nowMs);
  });
}
