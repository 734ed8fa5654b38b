/** Cancels on their way to their Skus, each written in the commit of its cause. */
import type { OrderRef } from "../redemption/index.ts";

export interface CancelRow extends OrderRef {
  readonly seq: number;
  readonly saleId: string;
}

export class CancelsStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  add(saleId: string, ref: OrderRef, atMs: number): void {
    this.#sql.exec(
      "INSERT INTO cancels (sale_id, member_key, order_id, at_ms) VALUES (?, ?, ?, ?)",
      saleId,
      ref.memberKey,
      ref.orderId,
      atMs,
    );
  }

  waiting(count: number): CancelRow[] {
    return this.#sql
      .exec("SELECT seq, sale_id, member_key, order_id FROM cancels ORDER BY seq LIMIT ?", count)
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
