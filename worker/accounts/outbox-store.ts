/** Rows of an Account's outbox: effects on other objects, written in the commit of their cause. */
import { BulkWriter } from "../platform/bulk.ts";
import type { OrderRef } from "../redemption/index.ts";

const CANCEL_ROWS = new BulkWriter(
  "INSERT INTO outbox (topic, sale_id, member_key, order_id, at_ms)",
  5,
);
const PROJECT_ROWS = new BulkWriter("INSERT INTO outbox (topic, order_row, entry_row, at_ms)", 4);

type SqlRow = Record<string, SqlStorageValue>;

export interface CancelRow extends OrderRef {
  readonly seq: number;
  readonly saleId: string;
}

/** JSON of what D1 mirrors; either may be absent. */
export interface ProjectRow {
  readonly seq: number;
  readonly orderRow: string | null;
  readonly entryRow: string | null;
}

export class OutboxStore {
  readonly #sql: SqlStorage;
  #cancels: SqlStorageValue[][] = [];
  #projections: SqlStorageValue[][] = [];

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  cancel(saleId: string, ref: OrderRef, atMs: number): void {
    this.#cancels.push(["cancel", saleId, ref.memberKey, ref.orderId, atMs]);
  }

  project(orderRow: string | null, entryRow: string | null, atMs: number): void {
    this.#projections.push(["project", orderRow, entryRow, atMs]);
  }

  /** Part of every commit. */
  flush(): void {
    if (this.#cancels.length > 0) CANCEL_ROWS.write(this.#sql, this.#cancels);
    if (this.#projections.length > 0) PROJECT_ROWS.write(this.#sql, this.#projections);
    this.forget();
  }

  forget(): void {
    this.#cancels = [];
    this.#projections = [];
  }

  cancels(count: number): CancelRow[] {
    return this.#read("cancel", count).map((row) => ({
      seq: Number(row["seq"]),
      saleId: String(row["sale_id"]),
      memberKey: String(row["member_key"]),
      orderId: String(row["order_id"]),
    }));
  }

  projections(count: number): ProjectRow[] {
    return this.#read("project", count).map((row) => ({
      seq: Number(row["seq"]),
      orderRow: row["order_row"] === null ? null : String(row["order_row"]),
      entryRow: row["entry_row"] === null ? null : String(row["entry_row"]),
    }));
  }

  #read(topic: "cancel" | "project", count: number): SqlRow[] {
    return this.#sql
      .exec<SqlRow>("SELECT * FROM outbox WHERE topic = ? ORDER BY seq LIMIT ?", topic, count)
      .toArray();
  }

  remove(seqs: readonly number[]): void {
    this.#sql.exec(
      "DELETE FROM outbox WHERE seq IN (SELECT value FROM json_each(?))",
      JSON.stringify(seqs),
    );
  }

  /** How many rows wait, and since when. */
  backlog(topic: "cancel" | "project"): {
    readonly rows: number;
    readonly oldestAtMs: number | null;
  } {
    const row = this.#sql
      .exec<SqlRow>(
        "SELECT COUNT(*) AS rows, MIN(at_ms) AS oldest FROM outbox WHERE topic = ?",
        topic,
      )
      .one();
    const oldest = row["oldest"];
    return { rows: Number(row["rows"]), oldestAtMs: oldest === null ? null : Number(oldest) };
  }
}
