/** Cancels on their way to their Skus, each written in the commit of its cause. */
import { BulkWriter } from "../platform/bulk.ts";
import type { OrderRef } from "../redemption/index.ts";

const CANCEL_ROWS = new BulkWriter("INSERT INTO cancels (sale_id, member_key, order_id, at_ms)", 4);

export interface CancelRow extends OrderRef {
  readonly seq: number;
  readonly saleId: string;
}

export class CancelsStore {
  readonly #sql: SqlStorage;
  #new: SqlStorageValue[][] = [];

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  add(saleId: string, ref: OrderRef, atMs: number): void {
    this.#new.push([saleId, ref.memberKey, ref.orderId, atMs]);
  }

  /** Part of every commit. */
  flush(): void {
    if (this.#new.length === 0) return;
    CANCEL_ROWS.write(this.#sql, this.#new);
    this.#new = [];
  }

  /** Throws away what memory knows beyond the rows. */
  forget(): void {
    this.#new = [];
  }

  waiting(after: number, count: number): CancelRow[] {
    return this.#sql
      .exec(
        "SELECT seq, sale_id, member_key, order_id FROM cancels WHERE seq > ? ORDER BY seq LIMIT ?",
        ...[after, count],
      )
      .toArray()
      .map((row) => ({
        seq: Number(row["seq"]),
        saleId: String(row["sale_id"]),
        memberKey: String(row["member_key"]),
        orderId: String(row["order_id"]),
      }));
  }

  remove(seqs: readonly number[]): void {
    this.#sql.exec(
      "DELETE FROM cancels WHERE seq IN (SELECT value FROM json_each(?))",
      JSON.stringify(seqs),
    );
  }

  count(): number {
    return Number(this.#sql.exec("SELECT COUNT(*) AS rows FROM cancels").one()["rows"]);
  }
}
