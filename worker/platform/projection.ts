/** What D1 mirrors for lists and reports. A projection never decides anything. */
import type { Sale, SaleTerms } from "../redemption/index.ts";
import type { Env } from "./env.ts";
import { meterOf } from "./meter.ts";

/** Rows on their way to D1: JSON texts, made once where the row was, and only joined on the way. */
export interface ProjectionRows {
  readonly sales?: readonly string[];
  readonly orders?: readonly string[];
  readonly entries?: readonly string[];
  readonly moves?: readonly string[];
  readonly cases?: readonly string[];
  readonly stored?: readonly string[];
}

/** The lists that are known here; what a later version of a sender adds is let by. */
export const PROJECTED = ["sales", "orders", "entries", "moves", "cases", "stored"] as const;

export interface ProjectedSale {
  readonly programmeId: string;
  readonly skuId: string;
  readonly terms: SaleTerms;
  readonly state: Omit<Sale, "terms">;
}

export interface ProjectedOrder {
  readonly programmeId: string;
  readonly memberId: string;
  readonly orderId: string;
  readonly version: number;
  readonly saleId: string;
  /** A word of `worker/accounts/orders/states.ts`. */
  readonly state: string;
  readonly quantity: number;
  readonly epoch: number;
  readonly points: number;
  readonly cashFen: number;
  readonly ordinal: number;
  readonly grantedAtMs: number;
  readonly updatedAtMs: number;
  readonly title: string;
  readonly goodsKind: string;
  readonly cashState: string;
  readonly paidFen: number;
  readonly returnedPoints: number;
}

export interface ProjectedEntry {
  readonly programmeId: string;
  readonly memberId: string;
  readonly seq: number;
  readonly type: string;
  readonly points: number;
  readonly orderId: string | null;
  readonly balanceAfter: number;
  readonly occurredAtMs: number;
  readonly hash: string;
  readonly recordedAtMs: number;
  readonly prevHash: string;
  readonly askedPoints: number;
  readonly sourceId: string | null;
  readonly storeId: string | null;
  readonly breakdown: readonly unknown[];
  readonly actor: string;
}

export function saleRow(sale: ProjectedSale): string {
  return JSON.stringify(sale);
}

/** Money that came for an order, or goes back. */
export interface ProjectedMove {
  readonly programmeId: string;
  /** The provider's transaction, or our own number of the refund. */
  readonly moveId: string;
  readonly kind: "payment" | "refund" | "attempt";
  readonly paymentId: string;
  readonly memberId: string;
  readonly orderId: string;
  readonly provider: string;
  readonly amountFen: number;
  readonly state: string;
  readonly reason: string;
  readonly atMs: number;
  readonly version: number;
}

export function moveRow(move: ProjectedMove): string {
  const { programmeId, moveId, kind, paymentId, memberId, orderId } = move;
  const { provider, amountFen, state, reason, atMs, version } = move;
  return JSON.stringify([
    ...[programmeId, moveId, kind, paymentId, memberId, orderId],
    ...[provider, amountFen, state, reason, atMs, version],
  ]);
}

/** An entry of the ledger of stored value. */
export interface ProjectedStoredEntry {
  readonly programmeId: string;
  readonly memberId: string;
  readonly seq: number;
  readonly type: string;
  readonly movedFen: number;
  readonly amountFen: number;
  readonly balanceAfterFen: number;
  readonly orderId: string | null;
  readonly sourceId: string | null;
  readonly recordedAtMs: number;
  readonly prevHash: string;
  readonly hash: string;
}

export function storedRow(entry: ProjectedStoredEntry): string {
  const { programmeId, memberId, seq, type, movedFen, amountFen, balanceAfterFen } = entry;
  const { orderId, sourceId, recordedAtMs, prevHash, hash } = entry;
  return JSON.stringify([
    ...[programmeId, memberId, seq, type, movedFen, amountFen, balanceAfterFen],
    ...[orderId, sourceId, recordedAtMs, prevHash, hash],
  ]);
}

/** A case of after-sales, for the desk that works through them. */
export interface ProjectedCase {
  readonly programmeId: string;
  readonly memberId: string;
  readonly orderId: string;
  readonly caseId: string;
  readonly kind: string;
  readonly state: string;
  readonly quantity: number;
  readonly points: number;
  readonly cashFen: number;
  readonly reason: string;
  readonly title: string;
  readonly appliedAtMs: number;
  readonly dueAtMs: number | null;
  readonly version: number;
}

export function caseRow(one: ProjectedCase): string {
  const { programmeId, memberId, orderId, caseId, kind, state, quantity } = one;
  const { points, cashFen, reason, title, appliedAtMs, dueAtMs, version } = one;
  return JSON.stringify([
    ...[programmeId, memberId, orderId, caseId, kind, state, quantity],
    ...[points, cashFen, reason, title, appliedAtMs, dueAtMs, version],
  ]);
}

/** A list and no object: D1 reads its fields by position, which costs less than by name. */
export function orderRow(order: ProjectedOrder): string {
  const { programmeId, memberId, orderId, version, saleId, state, quantity } = order;
  const { epoch, points, cashFen, ordinal, grantedAtMs, updatedAtMs } = order;
  const { title, goodsKind, cashState, paidFen, returnedPoints } = order;
  return JSON.stringify([
    ...[programmeId, memberId, orderId, version, saleId, state, quantity],
    ...[epoch, points, cashFen, ordinal, grantedAtMs, updatedAtMs],
    ...[title, goodsKind, cashState, paidFen, returnedPoints],
  ]);
}

export function entryRow(entry: ProjectedEntry): string {
  const { programmeId, memberId, seq, type, points, orderId } = entry;
  const { balanceAfter, occurredAtMs, hash, recordedAtMs, prevHash, askedPoints } = entry;
  const { sourceId, storeId, breakdown, actor } = entry;
  return JSON.stringify([
    ...[programmeId, memberId, seq, type, points, orderId],
    ...[balanceAfter, occurredAtMs, hash, recordedAtMs, prevHash, askedPoints],
    ...[sourceId, storeId, breakdown.length === 0 ? null : JSON.stringify(breakdown), actor],
  ]);
}

const byPosition = (count: number): string =>
  Array.from({ length: count }, (_, at) => `value ->> ${at}`).join(", ");

/** One statement a table: `json_each` over one parameter, so the limit of 100 parameters never bites. */
const UPSERT = {
  sales: `INSERT INTO sales (sale_id, programme_id, sku_id, kind, status, version, opens_at_ms, closes_at_ms, epoch, shelf, returned,
      reserve, live, moved_out, stocked, granted, terms, state)
    SELECT value ->> '$.terms.saleId', value ->> '$.programmeId', value ->> '$.skuId', value ->> '$.terms.kind',
      value ->> '$.state.status', value ->> '$.state.version', value ->> '$.terms.opensAtMs', value ->> '$.terms.closesAtMs',
      value ->> '$.state.epoch', value ->> '$.state.shelf', value ->> '$.state.returned', value ->> '$.state.reserve',
      value ->> '$.state.live', value ->> '$.state.movedOut', value ->> '$.state.stocked', value ->> '$.state.granted',
      value -> '$.terms', value -> '$.state'
    FROM json_each(?1) WHERE true
    ON CONFLICT (sale_id) DO UPDATE SET status = excluded.status, version = excluded.version, epoch = excluded.epoch,
      shelf = excluded.shelf, returned = excluded.returned, reserve = excluded.reserve, live = excluded.live,
      moved_out = excluded.moved_out, stocked = excluded.stocked, granted = excluded.granted, terms = excluded.terms,
      state = excluded.state
    WHERE excluded.version > sales.version`,
  orders: `INSERT INTO orders (programme_id, member_id, order_id, version, sale_id, state, quantity, epoch, points, cash_fen, ordinal,
      granted_at_ms, updated_at_ms, title, goods_kind, cash_state, paid_fen, returned_points)
    SELECT ${byPosition(18)} FROM json_each(?1) WHERE true
    ON CONFLICT (programme_id, member_id, order_id) DO UPDATE SET version = excluded.version, state = excluded.state,
      updated_at_ms = excluded.updated_at_ms, title = excluded.title, goods_kind = excluded.goods_kind,
      cash_state = excluded.cash_state, paid_fen = excluded.paid_fen, returned_points = excluded.returned_points
    WHERE excluded.version > orders.version`,
  entries: `INSERT INTO ledger_entries (programme_id, member_id, seq, type, points, order_id, balance_after, occurred_at_ms, hash,
      recorded_at_ms, prev_hash, asked_points, source_id, store_id, breakdown, actor)
    SELECT ${byPosition(16)} FROM json_each(?1) WHERE true
    ON CONFLICT (programme_id, member_id, seq) DO NOTHING`,
  moves: `INSERT INTO money_moves (programme_id, move_id, kind, payment_id, member_id, order_id, provider, amount_fen, state, reason,
      at_ms, version)
    SELECT ${byPosition(12)} FROM json_each(?1) WHERE true
    ON CONFLICT (programme_id, move_id) DO UPDATE SET state = excluded.state, reason = excluded.reason, at_ms = excluded.at_ms,
      amount_fen = excluded.amount_fen, version = excluded.version
    WHERE excluded.version > money_moves.version`,
  stored: `INSERT INTO stored_entries (programme_id, member_id, seq, type, moved_fen, amount_fen, balance_after_fen, order_id,
      source_id, recorded_at_ms, prev_hash, hash)
    SELECT ${byPosition(12)} FROM json_each(?1) WHERE true
    ON CONFLICT (programme_id, member_id, seq) DO NOTHING`,
  cases: `INSERT INTO after_sales (programme_id, member_id, order_id, case_id, kind, state, quantity, points, cash_fen, reason, title,
      applied_at_ms, due_at_ms, version)
    SELECT ${byPosition(14)} FROM json_each(?1) WHERE true
    ON CONFLICT (programme_id, member_id, order_id, case_id) DO UPDATE SET kind = excluded.kind, state = excluded.state,
      points = excluded.points, cash_fen = excluded.cash_fen, reason = excluded.reason, due_at_ms = excluded.due_at_ms,
      version = excluded.version
    WHERE excluded.version > after_sales.version`,
} as const;

/** What else a list of rows changes, ahead of them in their batch. */
const WITH: Readonly<Partial<Record<keyof typeof UPSERT, string>>> = {
  entries: `INSERT INTO ledger_rules (programme_id, rule_id, recorded_at_ms, member_id, seq)
    SELECT DISTINCT e.value ->> 0, share.value ->> '$.ruleId', e.value ->> 9, e.value ->> 1, e.value ->> 2
    FROM json_each(?1) e CROSS JOIN json_each(e.value ->> 14) share WHERE e.value ->> 14 IS NOT NULL
    ON CONFLICT (programme_id, rule_id, recorded_at_ms, member_id, seq) DO NOTHING`,
  // Rows that are there already were counted when they came; one list may hold a row twice.
  stored: `INSERT INTO stored_totals (programme_id, members, owed_fen, topped_up_fen, spent_fen)
    SELECT programme_id, SUM(seq = 1), SUM(amount_fen), SUM(CASE type WHEN 'top_up' THEN moved_fen ELSE 0 END),
      SUM(CASE type WHEN 'capture' THEN moved_fen WHEN 'refund' THEN 0 - moved_fen ELSE 0 END)
    FROM (SELECT DISTINCT value ->> 0 AS programme_id, value ->> 1 AS member_id, value ->> 2 AS seq, value ->> 3 AS type,
        value ->> 4 AS moved_fen, value ->> 5 AS amount_fen FROM json_each(?1)) AS new
    WHERE NOT EXISTS (SELECT 1 FROM stored_entries s
      WHERE s.programme_id = new.programme_id AND s.member_id = new.member_id AND s.seq = new.seq)
    GROUP BY programme_id
    ON CONFLICT (programme_id) DO UPDATE SET members = members + excluded.members, owed_fen = owed_fen + excluded.owed_fen,
      topped_up_fen = topped_up_fen + excluded.topped_up_fen, spent_fen = spent_fen + excluded.spent_fen`,
};

/** D1's words for a row that it never takes. Any other failure is D1's own: the same rows may pass the next time. */
const ROW_REFUSED = /SQLITE_(?:CONSTRAINT|TOOBIG|MISMATCH)|malformed JSON|integer overflow/;

export const isRefusedRow = (error: unknown): boolean => ROW_REFUSED.test(String(error));

export function lengthOf(rows: ProjectionRows): number {
  let length = 0;
  for (const table of PROJECTED) {
    for (const row of rows[table] ?? []) length += row.length;
  }
  return length;
}

/** The same rows in lists so long that D1 takes each. */
export function piecesOf(rows: ProjectionRows, lengthMax: number): readonly ProjectionRows[] {
  if (lengthOf(rows) <= lengthMax) return [rows];
  const pieces: Partial<Record<(typeof PROJECTED)[number], string[]>>[] = [{}];
  let length = 0;
  for (const table of PROJECTED) {
    for (const row of rows[table] ?? []) {
      if (length > 0 && length + row.length > lengthMax) {
        pieces.push({});
        length = 0;
      }
      const piece = pieces.at(-1) ?? {};
      (piece[table] ??= []).push(row);
      length += row.length;
    }
  }
  return pieces;
}

/** Writes the rows in one D1 batch, which is one transaction. */
export async function writeProjection(env: Env, rows: ProjectionRows): Promise<void> {
  const tables: string[] = [];
  const statements: D1PreparedStatement[] = [];
  for (const table of PROJECTED) {
    const list = rows[table];
    if (list && list.length > 0) {
      const rowsText = `[${list.join(",")}]`;
      // Nothing is asked about rules where no row names one: a redemption's does not.
      const isBare = table === "entries" && !list.some((row) => row.includes("ruleId"));
      const statementsOf = [...(isBare ? [] : [WITH[table] ?? []]), UPSERT[table]].flat();
      for (const statement of statementsOf) {
        tables.push(table);
        statements.push(env.DB.prepare(statement).bind(rowsText));
      }
    }
  }
  if (statements.length === 0) return;
  const results = await env.DB.batch(statements);
  const meter = meterOf(env);
  results.forEach(({ meta }, at) => {
    meter?.add("D1", "rowsWritten", tables[at], meta.rows_written);
    meter?.add("D1", "rowsRead", tables[at], meta.rows_read);
  });
}
