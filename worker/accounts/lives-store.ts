/** Lives of orders: rows ↔ model, when time acts on one, and which orders D1 has to hear of. */
import { LIMITS } from "../kernel/limits.ts";
import { Lru } from "../kernel/lru.ts";
import { assertCash, beginLife, dueAtMs, endUndelivered, type OrderLife } from "./orders/index.ts";
import type { OrderRef } from "../redemption/index.ts";
import type { Order } from "./orders.ts";

export interface ChangedOrder {
  readonly seq: number;
  readonly memberKey: string;
  readonly orderId: string;
}

export class LivesStore {
  readonly #sql: SqlStorage;
  readonly #recent = new Lru<string, OrderLife | null>(LIMITS.cachedMembersMax);
  #nextDueAtMs: number | null = null;
  #changes: number | null = null;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  forget(): void {
    this.#recent.clear();
    this.#nextDueAtMs = null;
    this.#changes = null;
  }

  /** Null: nothing happened to it yet that its order does not tell. */
  stored(memberKey: string, orderId: string): OrderLife | null {
    const key = `${memberKey} ${orderId}`;
    const known = this.#recent.get(key);
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

  /** The life of a granted order, as its row says or as it follows from the order. */
  of(order: Order): OrderLife {
    return this.stored(order.memberKey, order.orderId) ?? impliedLife(order);
  }

  save(life: OrderLife): void {
    assertCash(life);
    const due = dueAtMs(life);
    this.#sql.exec(
      `INSERT INTO order_lives (member_key, order_id, state, due_at_ms, detail) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (member_key, order_id) DO UPDATE SET state = excluded.state, due_at_ms = excluded.due_at_ms,
         detail = excluded.detail`,
      life.memberKey,
      life.orderId,
      life.state,
      due,
      JSON.stringify(life),
    );
    this.#recent.set(`${life.memberKey} ${life.orderId}`, life);
    // A moment that moved later is found out when it is looked at; one that came nearer is known at once.
    if (due !== null && this.#nextDueAtMs !== null && due < this.#nextDueAtMs) {
      this.#nextDueAtMs = due;
    }
  }

  /** The earliest moment at which time acts on an order; infinity: never. It may be early, never late. */
  nextDueAtMs(): number {
    if (this.#nextDueAtMs === null) {
      const row = this.#sql
        .exec("SELECT MIN(due_at_ms) AS at FROM order_lives WHERE due_at_ms IS NOT NULL")
        .one();
      this.#nextDueAtMs = row["at"] === null ? Number.POSITIVE_INFINITY : Number(row["at"]);
    }
    return this.#nextDueAtMs;
  }

  /** Those that are due, the longest waiting first. */
  due(nowMs: number, count: number): OrderRef[] {
    this.#nextDueAtMs = null;
    return this.#sql
      .exec(
        "SELECT member_key, order_id FROM order_lives WHERE due_at_ms <= ? ORDER BY due_at_ms LIMIT ?",
        nowMs,
        count,
      )
      .toArray()
      .map((row) => ({ memberKey: String(row["member_key"]), orderId: String(row["order_id"]) }));
  }

  /** Rows that could not be dealt with wait, whatever they say themselves. */
  postpone(lives: readonly OrderRef[], atMs: number): void {
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

/** Rows from before after-sales existed have none. */
function readLife(text: string): OrderLife {
  const life = JSON.parse(text) as OrderLife;
  return { ...life, afterSales: life.afterSales ?? [] };
}

/** An order that nothing was written of since its grant but, perhaps, its cancel. */
function impliedLife(order: Order): OrderLife {
  const atMs = order.grant?.atMs ?? order.createdAtMs;
  const life = beginLife(order, atMs);
  return order.isCancelled
    ? endUndelivered(life, "cancel", { by: "member" }, order.updatedAtMs)
    : life;
}
