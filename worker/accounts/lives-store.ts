/** Lives of orders: rows ↔ model, when time acts on one, and which orders D1 has to hear of. */
import { orderKeyOf } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import { Lru } from "../kernel/lru.ts";
import { assertCash, beginLife, dueAtMs, endUndelivered, type OrderLife } from "./orders/index.ts";
import { BulkWriter } from "../platform/bulk.ts";
import type { OrderRef } from "../redemption/index.ts";
import type { Order } from "./orders.ts";

const LIFE_ROWS = new BulkWriter(
  "INSERT INTO order_lives (member_key, order_id, state, due_at_ms, detail)",
  5,
  `ON CONFLICT (member_key, order_id) DO UPDATE SET state = excluded.state, due_at_ms = excluded.due_at_ms,
     detail = excluded.detail`,
);

export interface ChangedOrder {
  readonly seq: number;
  readonly memberKey: string;
  readonly orderId: string;
}

export class LivesStore {
  readonly #sql: SqlStorage;
  readonly #recent = new Lru<string, OrderLife | null>(LIMITS.cachedMembersMax);
  /** What the next flush writes; until then it is newer than the rows. */
  readonly #dirty = new Map<string, OrderLife>();
  #nextDueAtMs: number | null = null;
  #changes: number | null = null;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  forget(): void {
    this.#recent.clear();
    this.#dirty.clear();
    this.#nextDueAtMs = null;
    this.#changes = null;
  }

  /** Null: nothing happened to it yet that its order does not tell. */
  stored(memberKey: string, orderId: string): OrderLife | null {
    const key = orderKeyOf({ memberKey, orderId });
    const known = this.#recent.get(key) ?? this.#dirty.get(key);
    if (known !== undefined) return known;
    const row = this.#sql
      .exec(
        "SELECT detail FROM order_lives WHERE member_key = ? AND order_id = ?",
        memberKey,
        orderId,
      )
      .toArray()[0];
    const life = row ? readLife(String(row["detail"])) : null;
    if (life) assertCash(life);
    this.#recent.set(key, life);
    return life;
  }

  /** Reads lives that will be asked for next, in one statement. */
  warm(refs: readonly OrderRef[]): void {
    const missing = new Map(refs.map((ref) => [orderKeyOf(ref), ref]));
    for (const key of missing.keys()) {
      if (this.#dirty.has(key) || this.#recent.get(key) !== undefined) missing.delete(key);
    }
    if (missing.size === 0) return;
    const rows = this.#sql.exec(
      `SELECT l.member_key, l.order_id, l.detail FROM json_each(?) AS r CROSS JOIN order_lives AS l
       ON l.member_key = r.value ->> '$[0]' AND l.order_id = r.value ->> '$[1]'`,
      JSON.stringify([...missing.values()].map(({ memberKey, orderId }) => [memberKey, orderId])),
    );
    for (const key of missing.keys()) this.#recent.set(key, null);
    for (const row of rows) {
      const ref = { memberKey: String(row["member_key"]), orderId: String(row["order_id"]) };
      this.#read(orderKeyOf(ref), String(row["detail"]));
    }
  }

  /** The life of a granted order, as its row says or as it follows from the order. */
  of(order: Order): OrderLife {
    return this.stored(order.memberKey, order.orderId) ?? impliedLife(order);
  }

  save(life: OrderLife): void {
    assertCash(life);
    const due = dueAtMs(life);
    const key = orderKeyOf(life);
    this.#dirty.set(key, life);
    this.#recent.set(key, life);
    // A moment that moved later is found out when it is looked at; one that came nearer is known at once.
    if (due !== null && this.#nextDueAtMs !== null && due < this.#nextDueAtMs) {
      this.#nextDueAtMs = due;
    }
  }

  /** Writes what waits, few statements for many rows. Part of every commit. */
  flush(): void {
    if (this.#dirty.size === 0) return;
    const rows = [...this.#dirty.values()].map((life) => [
      ...[life.memberKey, life.orderId, life.state],
      dueAtMs(life),
      JSON.stringify(life),
    ]);
    LIFE_ROWS.write(this.#sql, rows);
    this.#dirty.clear();
  }

  /** The earliest moment at which time acts on an order; infinity: never. It may be early, never late. */
  nextDueAtMs(): number {
    if (this.#nextDueAtMs === null) {
      this.flush();
      const row = this.#sql
        .exec("SELECT MIN(due_at_ms) AS at FROM order_lives WHERE due_at_ms IS NOT NULL")
        .one();
      this.#nextDueAtMs = row["at"] === null ? Number.POSITIVE_INFINITY : Number(row["at"]);
    }
    return this.#nextDueAtMs;
  }

  /** Those that are due, the longest waiting first; read whole, because all of them are looked at next. */
  due(nowMs: number, count: number): OrderRef[] {
    this.#nextDueAtMs = null;
    return this.#sql
      .exec(
        "SELECT member_key, order_id, detail FROM order_lives WHERE due_at_ms <= ? ORDER BY due_at_ms LIMIT ?",
        nowMs,
        count,
      )
      .toArray()
      .map((row) => {
        const ref = { memberKey: String(row["member_key"]), orderId: String(row["order_id"]) };
        const key = orderKeyOf(ref);
        if (this.#recent.get(key)) return ref;
        this.#read(key, String(row["detail"]));
        return ref;
      });
  }

  /** A row that breaks the law stays unread: whoever needs it meets it, alone, and says so. */
  #read(key: string, detail: string): void {
    try {
      const life = readLife(detail);
      assertCash(life);
      this.#recent.set(key, life);
    } catch {
      this.#recent.delete(key);
    }
  }

  /** Rows that could not be dealt with wait, whatever they say themselves. */
  postpone(lives: readonly OrderRef[], atMs: number): void {
    this.flush();
    for (const { memberKey, orderId } of lives) {
      this.#sql.exec(
        "UPDATE order_lives SET due_at_ms = ? WHERE member_key = ? AND order_id = ?",
        atMs,
        memberKey,
        orderId,
      );
    }
    this.#nextDueAtMs = null;
  }

  count(state: OrderLife["state"]): number {
    this.flush();
    const row = this.#sql
      .exec("SELECT COUNT(*) AS rows FROM order_lives WHERE state = ?", state)
      .one();
    return Number(row["rows"]);
  }

  // ---- what D1 has to hear of

  changed(memberKey: string, orderId: string): void {
    this.#sql.exec(
      "INSERT INTO order_changes (member_key, order_id) VALUES (?, ?)",
      memberKey,
      orderId,
    );
    this.#changes = null;
  }

  changes(count: number): ChangedOrder[] {
    return this.#sql
      .exec("SELECT seq, member_key, order_id FROM order_changes ORDER BY seq LIMIT ?", count)
      .toArray()
      .map((row) => ({
        seq: Number(row["seq"]),
        memberKey: String(row["member_key"]),
        orderId: String(row["order_id"]),
      }));
  }

  told(seqs: readonly number[]): void {
    this.#sql.exec(
      "DELETE FROM order_changes WHERE seq IN (SELECT value FROM json_each(?))",
      JSON.stringify(seqs),
    );
    this.#changes = null;
  }

  get changesWaiting(): number {
    this.#changes ??= Number(
      this.#sql.exec("SELECT COUNT(*) AS rows FROM order_changes").one()["rows"],
    );
    return this.#changes;
  }
}

/** Rows from before after-sales and tenders existed have none; before parcels were counted, the first one stood for all. */
function readLife(text: string): OrderLife {
  const life = JSON.parse(text) as OrderLife;
  const shippedUnits = life.shippedUnits ?? (life.state === "shipped" ? life.quantity : 0);
  return { ...life, shippedUnits, afterSales: life.afterSales ?? [], tender: life.tender ?? null };
}

/** An order that nothing was written of since its grant but, perhaps, its cancel. */
function impliedLife(order: Order): OrderLife {
  const atMs = order.grant?.atMs ?? order.createdAtMs;
  const life = beginLife(order, atMs);
  return order.isCancelled
    ? endUndelivered(life, "cancel", { by: "member" }, order.updatedAtMs)
    : life;
}
