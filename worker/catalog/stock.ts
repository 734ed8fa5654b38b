/** Stock commands and the ledger: the Sku object moves the units, D1 keeps who asked for it and why. */
import { skuKeyOf } from "../kernel/ids.ts";
import { stubOf, type Env } from "../platform/env.ts";
import type { StockCause } from "./model.ts";
import type { Movement, StockLedgerView } from "./wire.ts";

export interface StockOrder {
  readonly programmeId: string;
  readonly skuId: string;
  readonly requestId: string;
  readonly cause: StockCause;
  readonly units: number;
  readonly note: string;
  readonly actor: string;
}

export type StockReply =
  | { readonly kind: "moved"; readonly shelf: number; readonly title: string }
  | { readonly kind: "not_found" }
  | { readonly kind: "mismatch"; readonly fields: readonly string[] }
  | { readonly kind: "units_insufficient"; readonly shelf: number };

type Row = Record<string, unknown>;

/** The request that undoes a movement is named after it: no movement is undone twice, whoever asks. */
const UNDO = "undo-";

/** What stands against an undo; null: it takes back just what its movement did. */
async function undoRefused(db: D1Database, order: StockOrder): Promise<StockReply | null> {
  const { programmeId, skuId, requestId, units } = order;
  const undone = await db
    .prepare(
      `SELECT units FROM stock_movements WHERE programme_id = ?1 AND request_id = ?2 AND sku_id = ?3
         AND cause <> 'undone' AND shelf_after IS NOT NULL`,
    )
    .bind(programmeId, requestId.startsWith(UNDO) ? requestId.slice(UNDO.length) : "", skuId)
    .first<number>("units");
  if (undone === null) return { kind: "not_found" };
  return undone === -units ? null : { kind: "mismatch", fields: ["units"] };
}

/**
 * The record comes first, so that no unit moves without one; it counts once the Sku's answer stands in it. Both are keyed by
 * the request, so a repeat after a loss of either ends the same.
 */
export async function moveStock(env: Env, nowMs: number, order: StockOrder): Promise<StockReply> {
  const { programmeId, skuId, requestId, cause, units, note, actor } = order;
  const title = await env.DB.prepare("SELECT title FROM skus WHERE programme_id = ? AND sku_id = ?")
    .bind(programmeId, skuId)
    .first<string>("title");
  if (title === null) return { kind: "not_found" };
  const refused = cause === "undone" ? await undoRefused(env.DB, order) : null;
  if (refused) return refused;
  const [, read] = await env.DB.batch<Row>([
    env.DB.prepare(
      `INSERT INTO stock_movements (programme_id, request_id, sku_id, cause, units, note, actor, at_ms)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    ).bind(programmeId, requestId, skuId, cause, units, note, actor, nowMs),
    env.DB.prepare(
      "SELECT sku_id, cause, units FROM stock_movements WHERE programme_id = ? AND request_id = ?",
    ).bind(programmeId, requestId),
  ]);
  const row = read?.results[0] ?? {};
  const fields = [
    ...(row["sku_id"] === skuId ? [] : ["skuId"]),
    ...(row["cause"] === cause ? [] : ["cause"]),
    ...(row["units"] === units ? [] : ["units"]),
  ];
  if (fields.length > 0) return { kind: "mismatch", fields };
  const sku = stubOf(env.SKU, skuKeyOf(programmeId, skuId), env);
  const outcome = await sku.moveStock({ requestId, units });
  const done = outcome.kind === "done";
  await (
    done
      ? env.DB.prepare(
          "UPDATE stock_movements SET shelf_after = ? WHERE programme_id = ? AND request_id = ?",
        ).bind(outcome.shelfAfter, programmeId, requestId)
      : env.DB.prepare(
          "DELETE FROM stock_movements WHERE programme_id = ? AND request_id = ? AND shelf_after IS NULL",
        ).bind(programmeId, requestId)
  ).run();
  return done ? { kind: "moved", shelf: outcome.shelfAfter, title } : outcome;
}

/** Sales of one SKU whose redemptions a page of the ledger looks through, newest first. */
const SALES_MAX = 24;

export const MOVEMENTS = `SELECT request_id, cause, units, shelf_after, note, actor, at_ms FROM stock_movements
  WHERE programme_id = ?1 AND sku_id = ?2 AND at_ms < ?3 ORDER BY at_ms DESC LIMIT ?4`;
export const REDEMPTIONS = `SELECT order_id, member_id, state, quantity, granted_at_ms, updated_at_ms FROM orders
  WHERE sale_id = ?1 AND granted_at_ms < ?2 ORDER BY granted_at_ms DESC LIMIT ?3`;
export const SALES_OF_SKU = `SELECT sale_id, kind, status, shelf, returned, reserve FROM sales
  WHERE programme_id = ?1 AND sku_id = ?2 ORDER BY opens_at_ms DESC LIMIT ?3`;

export async function movementsOf(
  db: D1Database,
  ask: { programmeId: string; skuId: string; before: number | null; limit: number },
): Promise<Pick<StockLedgerView, "inSales" | "movements" | "nextCursor">> {
  const { programmeId, skuId, limit } = ask;
  const before = ask.before ?? Number.MAX_SAFE_INTEGER;
  const sales = await db.prepare(SALES_OF_SKU).bind(programmeId, skuId, SALES_MAX).all<Row>();
  const pages = await db.batch<Row>([
    db.prepare(MOVEMENTS).bind(programmeId, skuId, before, limit + 1),
    ...sales.results.map(({ sale_id: saleId }) =>
      db.prepare(REDEMPTIONS).bind(saleId, before, limit + 1),
    ),
  ]);
  const [commands, ...redemptions] = pages;
  const all = [
    ...(commands?.results ?? []).map(commandOf),
    ...redemptions.flatMap(({ results }, at) => {
      const saleId = String(sales.results[at]?.["sale_id"]);
      return results.flatMap((row) => redemptionOf(row, saleId));
    }),
  ].toSorted((a, b) => b.at - a.at || b.movement.atMs - a.movement.atMs);
  const moments = all.map(({ at }) => at);
  const last = moments[limit];
  const shown = last === undefined ? all : all.filter(({ at }) => at > last);
  return {
    inSales: sales.results.reduce((sum, row) => sum + heldBySale(row), 0),
    movements: shown.map(({ movement }) => movement).toSorted((a, b) => b.atMs - a.atMs),
    nextCursor: last === undefined ? null : String(last + 1),
  };
}

function heldBySale(row: Row): number {
  if (row["kind"] !== "flash" || row["status"] === "closed" || row["status"] === "draft") return 0;
  return Number(row["shelf"]) + Number(row["returned"]) + Number(row["reserve"]);
}

/** `at`: the moment by which it is paged; a cancel stands with the redemption it undoes. */
interface Placed {
  readonly at: number;
  readonly movement: Movement;
}

function commandOf(row: Row): Placed {
  const shelfAfter = row["shelf_after"];
  const atMs = Number(row["at_ms"]);
  return {
    at: atMs,
    movement: {
      id: String(row["request_id"]),
      cause: String(row["cause"]) as StockCause,
      units: Number(row["units"]),
      shelfAfter: shelfAfter === null ? null : Number(shelfAfter),
      note: String(row["note"]),
      actor: String(row["actor"]),
      atMs,
      ...{ saleId: null, orderId: null },
    },
  };
}

function redemptionOf(row: Row, saleId: string): Placed[] {
  const orderId = String(row["order_id"]);
  const at = Number(row["granted_at_ms"]);
  const units = Number(row["quantity"]);
  const actor = `member:${String(row["member_id"])}`;
  const of = (cause: "redeemed" | "cancelled", moved: number, atMs: number): Placed => ({
    at,
    movement: {
      ...{ id: `${cause}:${actor}:${orderId}`, cause, units: moved, shelfAfter: null, note: "" },
      ...{ actor, atMs, saleId, orderId },
    },
  });
  const redeemed = of("redeemed", -units, at);
  const isBack = row["state"] === "cancelled" || row["state"] === "refunded";
  return isBack ? [redeemed, of("cancelled", units, Number(row["updated_at_ms"]))] : [redeemed];
}
