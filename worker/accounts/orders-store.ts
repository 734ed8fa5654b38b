/** Orders of an Account: rows ↔ model. Writes wait in memory until the commit's flush. */
import { invariant } from "../kernel/invariant.ts";
import { LIMITS } from "../kernel/limits.ts";
import { Lru } from "../kernel/lru.ts";
import { BulkWriter } from "../platform/bulk.ts";
import type { SaleTerms } from "../redemption/index.ts";
import {
  assertOrder,
  type HoldState,
  type LimitUsage,
  type Order,
  type OrderGoods,
} from "./orders.ts";
import type { Tally } from "./tally.ts";

type SqlRow = Record<string, SqlStorageValue>;

const ORDER_ROWS = new BulkWriter(
  "INSERT INTO orders (member_key, order_id, sale_id, hold, is_cancelled, quantity, points, day, created_at_ms, detail)",
  10,
  `ON CONFLICT (member_key, order_id) DO UPDATE SET hold = excluded.hold, is_cancelled = excluded.is_cancelled,
     detail = excluded.detail`,
);

/** What a row's JSON holds: everything that no query asks for. */
type OrderDetail = Pick<
  Order,
  | "termsVersion"
  | "epoch"
  | "cashFen"
  | "isWanted"
  | "slices"
  | "refusal"
  | "grant"
  | "ticketExpiresAtMs"
  | "updatedAtMs"
  | "version"
>;

interface Usage {
  pendingUnits: number;
  liveUnits: number;
  /** Units by programme day, for the daily limit. */
  readonly byDay: Map<number, number>;
}

export class OrdersStore {
  readonly #sql: SqlStorage;
  readonly #tally: Tally;
  readonly #terms = new Lru<string, SaleTerms>(LIMITS.cachedSalesMax);
  readonly #usage = new Lru<string, Usage>(LIMITS.cachedMembersMax);
  readonly #dirty = new Map<string, Order>();
  readonly #dirtyUsage = new Set<string>();
  /** Ids that a look-up just missed, so that deciding on one reads the table once. Emptied when it grows. */
  readonly #absent = new Set<string>();
  /** Every pending order, by sale: what has to be asked about. Mirrors the partial index. */
  readonly #pending = new Map<string, Map<string, Order>>();
  /** The same orders by key, so that settling reads no row. */
  readonly #pendingByKey = new Map<string, Order>();

  constructor(sql: SqlStorage, tally: Tally) {
    this.#sql = sql;
    this.#tally = tally;
    this.#loadPending();
  }

  forget(): void {
    this.#terms.clear();
    this.#usage.clear();
    this.#dirty.clear();
    this.#dirtyUsage.clear();
    this.#absent.clear();
    this.#pending.clear();
    this.#pendingByKey.clear();
    this.#loadPending();
  }

  order(memberKey: string, orderId: string): Order | null {
    const key = `${memberKey} ${orderId}`;
    const inMemory = this.#pendingByKey.get(key) ?? this.#dirty.get(key);
    if (inMemory) return inMemory;
    if (this.#absent.has(key)) return null;
    const row = this.#all(
      "SELECT * FROM orders WHERE member_key = ? AND order_id = ?",
      memberKey,
      orderId,
    )[0];
    if (row) return this.#readOrder(row);
    if (this.#absent.size >= LIMITS.cachedTokensMax) this.#absent.clear();
    this.#absent.add(key);
    return null;
  }

  /** Newest first. */
  orders(memberKey: string, count: number): Order[] {
    return this.#all(
      "SELECT * FROM orders WHERE member_key = ? ORDER BY created_at_ms DESC, order_id LIMIT ?",
      memberKey,
      count,
    ).map((row) => this.#readOrder(row));
  }

  newestInSale(memberKey: string, saleId: string): Order | null {
    const row = this.#all(
      `SELECT * FROM orders INDEXED BY orders_by_member WHERE sale_id = ? AND member_key = ?
       ORDER BY (hold = 'pending') DESC, created_at_ms DESC LIMIT 1`,
      saleId,
      memberKey,
    )[0];
    return row ? this.#readOrder(row) : null;
  }

  usage(memberKey: string, saleId: string, day: number): LimitUsage {
    const usage = this.#usageOf(memberKey, saleId);
    const { pendingUnits, liveUnits } = usage;
    return { pendingUnits, liveUnits, todayUnits: usage.byDay.get(day) ?? 0 };
  }

  #usageOf(memberKey: string, saleId: string): Usage {
    const key = `${memberKey} ${saleId}`;
    const cached = this.#usage.get(key);
    if (cached) return cached;
    if (this.#dirtyUsage.has(key)) this.flush();
    const usage: Usage = { pendingUnits: 0, liveUnits: 0, byDay: new Map() };
    const rows = this.#all(
      `SELECT hold, day, SUM(quantity) AS units FROM orders INDEXED BY orders_by_member
       WHERE sale_id = ? AND member_key = ? AND is_cancelled = 0 AND hold IN ('pending', 'posted') GROUP BY hold, day`,
      saleId,
      memberKey,
    );
    for (const row of rows) {
      const units = Number(row["units"]);
      if (row["hold"] === "pending") usage.pendingUnits += units;
      else usage.liveUnits += units;
      addTo(usage.byDay, Number(row["day"]), units);
    }
    this.#usage.set(key, usage);
    return usage;
  }

  insert(order: Order, terms: SaleTerms): void {
    this.#keepTerms(terms);
    this.#write(null, order);
  }

  update(before: Order, after: Order): void {
    this.#write(before, after);
  }

  #write(before: Order | null, after: Order): void {
    assertOrder(after);
    const key = `${after.memberKey} ${after.orderId}`;
    this.#dirty.set(key, after);
    this.#absent.delete(key);
    this.#dirtyUsage.add(`${after.memberKey} ${after.saleId}`);
    this.#trackPending(key, after);
    const wasPending = before?.hold === "pending" ? before.quantity : 0;
    const isPending = after.hold === "pending" ? after.quantity : 0;
    const wasLive = liveUnitsOf(before);
    const isLive = liveUnitsOf(after);
    const usage = this.#usage.get(`${after.memberKey} ${after.saleId}`);
    if (usage) {
      usage.pendingUnits += isPending - wasPending;
      usage.liveUnits += isLive - wasLive;
      addTo(usage.byDay, after.day, isPending + isLive - wasPending - wasLive);
    }
    this.#tally.add({
      pendingHolds: Number(after.hold === "pending") - Number(before?.hold === "pending"),
      postedOrders: Number(after.hold === "posted") - Number(before?.hold === "posted"),
      cancelledOrders: Number(after.isCancelled) - Number(before?.isCancelled ?? false),
      liveUnits: isLive - wasLive,
    });
  }

  #trackPending(key: string, order: Order): void {
    const inSale = this.#pending.get(order.saleId);
    if (order.hold === "pending") {
      if (inSale) inSale.set(key, order);
      else this.#pending.set(order.saleId, new Map([[key, order]]));
      this.#pendingByKey.set(key, order);
      return;
    }
    this.#pendingByKey.delete(key);
    if (inSale?.delete(key) && inSale.size === 0) this.#pending.delete(order.saleId);
  }

  /** Pending orders by sale. */
  get pending(): ReadonlyMap<string, ReadonlyMap<string, Order>> {
    return this.#pending;
  }

  /** Writes what waits, few statements for many rows. Part of every commit. */
  flush(): void {
    if (this.#dirty.size === 0) return;
    ORDER_ROWS.write(this.#sql, [...this.#dirty.values()].map(orderRow));
    this.#dirty.clear();
    this.#dirtyUsage.clear();
  }

  #loadPending(): void {
    for (const row of this.#all("SELECT * FROM orders WHERE hold = 'pending'")) {
      const order = this.#readOrder(row);
      this.#trackPending(`${order.memberKey} ${order.orderId}`, order);
    }
  }

  /** Every order id this bucket knows of a sale, for the filter that lets a Worker refuse by itself. */
  keysOfSale(saleId: string): string[] {
    return this.#all(
      "SELECT member_key || ' ' || order_id AS key FROM orders WHERE sale_id = ?",
      saleId,
    ).map((row) => String(row["key"]));
  }

  #keepTerms(terms: SaleTerms): void {
    const key = `${terms.saleId} ${terms.version}`;
    if (this.#terms.get(key)) return;
    this.#sql.exec(
      "INSERT OR IGNORE INTO sale_terms (sale_id, version, terms) VALUES (?, ?, ?)",
      terms.saleId,
      terms.version,
      JSON.stringify(terms),
    );
    this.#terms.set(key, terms);
  }

  #termsOf(saleId: string, version: number): SaleTerms {
    const key = `${saleId} ${version}`;
    const cached = this.#terms.get(key);
    if (cached) return cached;
    const row = this.#all(
      "SELECT terms FROM sale_terms WHERE sale_id = ? AND version = ?",
      saleId,
      version,
    )[0];
    invariant(row, "an order's terms are kept beside it");
    const terms = JSON.parse(String(row["terms"])) as SaleTerms;
    this.#terms.set(key, terms);
    return terms;
  }

  #readOrder(row: SqlRow): Order {
    const saleId = String(row["sale_id"]);
    const detail = JSON.parse(String(row["detail"])) as OrderDetail;
    const terms = this.#termsOf(saleId, detail.termsVersion);
    const order: Order = {
      ...detail,
      memberKey: String(row["member_key"]),
      orderId: String(row["order_id"]),
      saleId,
      hold: String(row["hold"]) as HoldState,
      isCancelled: row["is_cancelled"] === 1,
      quantity: Number(row["quantity"]),
      points: Number(row["points"]),
      day: Number(row["day"]),
      createdAtMs: Number(row["created_at_ms"]),
      goods: goodsOf(terms),
      opensAtMs: terms.opensAtMs,
    };
    assertOrder(order);
    return order;
  }

  #all(query: string, ...bindings: SqlStorageValue[]): SqlRow[] {
    return this.#sql.exec<SqlRow>(query, ...bindings).toArray();
  }
}

function liveUnitsOf(order: Order | null): number {
  return order?.hold === "posted" && !order.isCancelled ? order.quantity : 0;
}

function addTo(figures: Map<number, number>, key: number, by: number): void {
  if (by !== 0) figures.set(key, (figures.get(key) ?? 0) + by);
}

function orderRow(order: Order): SqlStorageValue[] {
  const detail: OrderDetail = {
    termsVersion: order.termsVersion,
    epoch: order.epoch,
    cashFen: order.cashFen,
    isWanted: order.isWanted,
    slices: order.slices,
    refusal: order.refusal,
    grant: order.grant,
    ticketExpiresAtMs: order.ticketExpiresAtMs,
    updatedAtMs: order.updatedAtMs,
    version: order.version,
  };
  return [
    order.memberKey,
    order.orderId,
    order.saleId,
    order.hold,
    order.isCancelled ? 1 : 0,
    order.quantity,
    order.points,
    order.day,
    order.createdAtMs,
    JSON.stringify(detail),
  ];
}

function goodsOf(terms: SaleTerms): OrderGoods {
  const { title, subtitle, picture, groundColor } = terms;
  return { title, subtitle, picture, groundColor };
}
