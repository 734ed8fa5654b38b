/** Orders of an Account: rows ↔ model. Writes wait in memory until the commit's flush. */
import { goodsSkuKeyOf, orderKeyOf } from "../kernel/ids.ts";
import { invariant } from "../kernel/invariant.ts";
import { LIMITS } from "../kernel/limits.ts";
import { Lru } from "../kernel/lru.ts";
import { BulkWriter } from "../platform/bulk.ts";
import type { Watermarks } from "../platform/watermarks.ts";
import type { OrderRef, SaleTerms } from "../redemption/index.ts";
import type { AccountMark } from "./entries-store.ts";
import { orderRow, readOrder } from "./order-rows.ts";
import type { GoodsUsage } from "./rules.ts";
import { assertOrder, type LimitUsage, type Order, type OrderPlace } from "./orders.ts";
import type { MergesStore } from "./merging/merges-store.ts";
import type { Tally } from "./tally.ts";

type SqlRow = Record<string, SqlStorageValue>;

const ORDER_ROWS = new BulkWriter(
  "INSERT INTO orders (position, member_key, order_id, sale_id, hold, is_cancelled, quantity, points, day, created_at_ms, returned_points, detail)",
  12,
  `ON CONFLICT (member_key, order_id) DO UPDATE SET hold = excluded.hold, is_cancelled = excluded.is_cancelled,
     returned_points = excluded.returned_points, detail = excluded.detail`,
);
/** The mark of the oldest pending hold is written when it has moved this far: a start reads at most so many rows in vain. */
const MARK_EVERY_ROWS = 1_000;

interface Usage {
  pendingUnits: number;
  liveUnits: number;
  /** Units by programme day, for the daily limit. */
  readonly byDay: Map<number, number>;
}

/** What deciding on a member's next order needs of those before. */
interface MemberOrders {
  readonly ids: Set<string>;
  readonly usage: Map<string, Usage>;
}
/** A member with more orders than this is looked up row by row. */
const ORDERS_IN_MEMORY_MAX = 512;
/** No parameter: SQLite compiles a statement anew each time that its limit is bound, and every member's first order comes here. */
const SO_MANY = `LIMIT ${ORDERS_IN_MEMORY_MAX + 1}`;

export class OrdersStore {
  readonly #sql: SqlStorage;
  readonly #tally: Tally;
  readonly #terms = new Lru<string, SaleTerms>(LIMITS.cachedSalesMax);
  /** Members decided on lately; null: too many orders to keep. */
  readonly #members = new Lru<string, MemberOrders | null>(LIMITS.cachedMembersMax);
  /** Orders written lately: what is projected, replayed or read next is seldom older. */
  readonly #recent = new Lru<string, Order>(LIMITS.cachedMembersMax);
  readonly #marks: Watermarks<AccountMark>;
  #lastPosition = 0;
  /** Orders to write; a new one has its position, a known one keeps the one it has. */
  readonly #dirty = new Map<string, { order: Order; position: number | null }>();
  readonly #dirtyMembers = new Set<string>();
  /** Every pending order, by sale: what has to be asked about. */
  readonly #pending = new Map<string, Map<string, Order>>();
  /** The same orders by key, so that settling reads no row; oldest first, as their positions are. */
  readonly #pendingByKey = new Map<string, { order: Order; readonly position: number }>();
  readonly #heldBy = new Map<string, number>();

  /** Units of other records of the same person, which count against its limits. */
  readonly #merges: MergesStore;

  constructor(sql: SqlStorage, tally: Tally, marks: Watermarks<AccountMark>, merges: MergesStore) {
    this.#merges = merges;
    this.#sql = sql;
    this.#tally = tally;
    this.#marks = marks;
    this.#load();
  }

  forget(): void {
    this.#terms.clear();
    this.#members.clear();
    this.#dirty.clear();
    this.#dirtyMembers.clear();
    this.#pending.clear();
    this.#pendingByKey.clear();
    this.#recent.clear();
    this.#heldBy.clear();
    this.#load();
  }

  order(memberKey: string, orderId: string): Order | null {
    const key = orderKeyOf({ memberKey, orderId });
    const inMemory = this.#pendingByKey.get(key)?.order ?? this.#recent.get(key);
    if (inMemory) return inMemory;
    const dirty = this.#dirty.get(key);
    if (dirty) return dirty.order;
    const mine = this.#ordersOf(memberKey);
    if (mine && !mine.ids.has(orderId)) return null;
    const row = this.#all(
      "SELECT * FROM orders WHERE member_key = ? AND order_id = ?",
      memberKey,
      orderId,
    )[0];
    return row ? this.#readOrder(row) : null;
  }

  /** Takes orders into memory that will be asked for next. Outside a commit, so that no row is behind. */
  warm(refs: readonly OrderRef[]): void {
    const missing = refs.filter((ref) => !this.#recent.get(orderKeyOf(ref)));
    if (missing.length === 0) return;
    const rows = this.#all(
      `SELECT o.* FROM json_each(?) AS r CROSS JOIN orders AS o
       ON o.member_key = r.value ->> '$[0]' AND o.order_id = r.value ->> '$[1]'`,
      JSON.stringify(missing.map(({ memberKey, orderId }) => [memberKey, orderId])),
    );
    for (const row of rows) {
      const order = this.#readOrder(row);
      this.#recent.set(orderKeyOf(order), order);
    }
  }

  /** Newest first, behind a place or from the first on. */
  orders(memberKey: string, count: number, after?: OrderPlace): Order[] {
    const { createdAtMs = null, orderId = null } = after ?? {};
    return this.#all(
      `SELECT * FROM orders WHERE member_key = ?1
       AND (?2 IS NULL OR created_at_ms < ?2 OR (created_at_ms = ?2 AND order_id > ?3))
       ORDER BY created_at_ms DESC, order_id LIMIT ?4`,
      ...[memberKey, createdAtMs, orderId, count],
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
    const mine = this.#ordersOf(memberKey);
    const usage = mine
      ? mine.usage.get(saleId)
      : usageBySale(this.#memberRows(memberKey, "AND sale_id = ?", saleId)).get(saleId);
    const { pendingUnits, liveUnits, byDay } = usage ?? NO_USAGE;
    const sum = { pendingUnits, liveUnits, todayUnits: byDay.get(day) ?? 0 };
    for (const one of this.#merges.unitsOf(memberKey)) {
      if (one.saleId !== saleId) continue;
      sum.liveUnits += one.units;
      sum.todayUnits += one.day === day ? one.units : 0;
    }
    return sum;
  }

  /** Units over every sale of some SKUs. `fromDay`: the first programme day of the window. */
  goodsUsage(
    memberKey: string,
    skuKeys: readonly string[],
    day: number,
    fromDay: number,
  ): GoodsUsage {
    const mine = this.#ordersOf(memberKey);
    const bySale = mine?.usage ?? usageBySale(this.#memberRows(memberKey, ""));
    const wanted = new Set(skuKeys);
    let lifetimeUnits = 0;
    let todayUnits = 0;
    let windowUnits = 0;
    for (const [saleId, { pendingUnits, liveUnits, byDay }] of bySale) {
      if (!wanted.has(goodsSkuKeyOf(saleId))) continue;
      lifetimeUnits += pendingUnits + liveUnits;
      todayUnits += byDay.get(day) ?? 0;
      for (const [on, units] of byDay) if (on >= fromDay) windowUnits += units;
    }
    for (const one of this.#merges.unitsOf(memberKey)) {
      if (!wanted.has(goodsSkuKeyOf(one.saleId))) continue;
      lifetimeUnits += one.units;
      todayUnits += one.day === day ? one.units : 0;
      windowUnits += one.day >= fromDay ? one.units : 0;
    }
    return { lifetimeUnits, todayUnits, windowUnits };
  }

  #ordersOf(memberKey: string): MemberOrders | null {
    const cached = this.#members.get(memberKey);
    if (cached !== undefined) return cached;
    const rows = this.#memberRows(memberKey, SO_MANY);
    const mine =
      rows.length > ORDERS_IN_MEMORY_MAX
        ? null
        : { ids: new Set(rows.map((row) => String(row["order_id"]))), usage: usageBySale(rows) };
    this.#members.set(memberKey, mine);
    return mine;
  }

  #memberRows(memberKey: string, tail: string, ...bindings: SqlStorageValue[]): SqlRow[] {
    if (this.#dirtyMembers.has(memberKey)) this.flush();
    return this.#all(
      `SELECT order_id, sale_id, hold, is_cancelled, quantity, day FROM orders INDEXED BY orders_by_member
       WHERE member_key = ? ${tail}`,
      memberKey,
      ...bindings,
    );
  }

  insert(order: Order, terms: SaleTerms): void {
    this.#keepTerms(terms);
    this.#write(null, order);
    const { memberKey, saleId, day } = order;
    // A member of too many orders is not kept in memory, and reading all of them twice would be dear.
    if (order.hold === "pending" && this.#members.get(memberKey)) {
      const { pendingUnits, liveUnits } = this.usage(memberKey, saleId, day);
      invariant(pendingUnits + liveUnits <= terms.limitPerMember, "I7 units within the limit");
    }
  }

  update(before: Order, after: Order): void {
    this.#write(before, after);
  }

  #write(before: Order | null, after: Order): void {
    assertOrder(after);
    this.#merges.touch(after.memberKey);
    const key = orderKeyOf(after);
    const position =
      before === null ? this.#nextPosition() : (this.#dirty.get(key)?.position ?? null);
    this.#dirty.set(key, { order: after, position });
    this.#recent.set(key, after);
    this.#dirtyMembers.add(after.memberKey);
    this.#trackPending(key, after, position);
    const wasPending = before?.hold === "pending" ? before.quantity : 0;
    const isPending = after.hold === "pending" ? after.quantity : 0;
    const wasLive = liveUnitsOf(before);
    const isLive = liveUnitsOf(after);
    const mine = this.#members.get(after.memberKey);
    if (mine) {
      mine.ids.add(after.orderId);
      let usage = mine.usage.get(after.saleId);
      if (!usage) mine.usage.set(after.saleId, (usage = noUsage()));
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

  #nextPosition(): number {
    this.#lastPosition += 1;
    return this.#lastPosition;
  }

  #trackPending(key: string, order: Order, position: number | null): void {
    const { memberKey, saleId } = order;
    const inSale = this.#pending.get(saleId);
    const tracked = this.#pendingByKey.get(key);
    if (order.hold === "pending") {
      if (inSale) inSale.set(key, order);
      else this.#pending.set(saleId, new Map([[key, order]]));
      if (tracked) {
        tracked.order = order;
        return;
      }
      invariant(position !== null, "a hold is pending from its first row on");
      this.#pendingByKey.set(key, { order, position });
      this.#heldBy.set(memberKey, this.heldBy(memberKey) + order.points);
      return;
    }
    if (!tracked) return;
    this.#pendingByKey.delete(key);
    const held = this.heldBy(memberKey) - order.points;
    if (held === 0) this.#heldBy.delete(memberKey);
    else this.#heldBy.set(memberKey, held);
    if (inSale?.delete(key) && inSale.size === 0) this.#pending.delete(saleId);
  }

  /** Points that the member's pending orders hold. */
  heldBy(memberKey: string): number {
    return this.#heldBy.get(memberKey) ?? 0;
  }

  /** Pending orders by sale. */
  get pending(): ReadonlyMap<string, ReadonlyMap<string, Order>> {
    return this.#pending;
  }

  pendingOf(memberKey: string): Order[] {
    const own: Order[] = [];
    for (const { order } of this.#pendingByKey.values()) {
      if (order.memberKey === memberKey) own.push(order);
    }
    return own;
  }

  /** Writes what waits, few statements for many rows. Part of every commit. */
  flush(): void {
    if (this.#dirty.size === 0) return;
    ORDER_ROWS.write(this.#sql, [...this.#dirty.values()].map(orderRow));
    this.#dirty.clear();
    this.#dirtyMembers.clear();
    const [oldest] = this.#pendingByKey.values();
    const pendingFrom = oldest?.position ?? this.#lastPosition + 1;
    if (pendingFrom >= this.#marks.get("pending_from") + MARK_EVERY_ROWS) {
      this.#marks.set("pending_from", pendingFrom);
    }
  }

  #load(): void {
    this.#lastPosition = Number(
      this.#sql.exec("SELECT COALESCE(MAX(position), 0) AS last FROM orders").one()["last"],
    );
    const rows = this.#all(
      "SELECT * FROM orders WHERE position >= ? AND hold = 'pending' ORDER BY position",
      this.#marks.get("pending_from"),
    );
    for (const row of rows) {
      const order = this.#readOrder(row);
      this.#trackPending(orderKeyOf(order), order, Number(row["position"]));
    }
  }

  /** Every order id this bucket knows of a sale, for the filter that lets a Worker refuse by itself. */
  keysOfSale(saleId: string): string[] {
    return this.#all(
      `SELECT member_key || ' ' || order_id AS key FROM orders
       WHERE position >= (SELECT MIN(from_position) FROM sale_terms WHERE sale_id = ?1) AND sale_id = ?1`,
      saleId,
    ).map((row) => String(row["key"]));
  }

  #keepTerms(terms: SaleTerms): void {
    const key = `${terms.saleId} ${terms.version}`;
    if (this.#terms.get(key)) return;
    this.#sql.exec(
      "INSERT OR IGNORE INTO sale_terms (sale_id, version, terms, from_position) VALUES (?, ?, ?, ?)",
      terms.saleId,
      terms.version,
      JSON.stringify(terms),
      this.#lastPosition + 1,
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
    const order = readOrder(row, (saleId, version) => this.#termsOf(saleId, version));
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

function noUsage(): Usage {
  return { pendingUnits: 0, liveUnits: 0, byDay: new Map() };
}
const NO_USAGE = noUsage();

function usageBySale(rows: readonly SqlRow[]): Map<string, Usage> {
  const bySale = new Map<string, Usage>();
  for (const row of rows) {
    const isPending = row["hold"] === "pending";
    const isLive = row["hold"] === "posted" && row["is_cancelled"] === 0;
    if (!isPending && !isLive) continue;
    const saleId = String(row["sale_id"]);
    let usage = bySale.get(saleId);
    if (!usage) bySale.set(saleId, (usage = noUsage()));
    const units = Number(row["quantity"]);
    if (isPending) usage.pendingUnits += units;
    else usage.liveUnits += units;
    addTo(usage.byDay, Number(row["day"]), units);
  }
  return bySale;
}

function addTo(figures: Map<number, number>, key: number, by: number): void {
  if (by !== 0) figures.set(key, (figures.get(key) ?? 0) + by);
}
