/** Rows of an Account's outbox: effects on other objects, written in the commit of their cause. */
import { BulkWriter } from "../platform/bulk.ts";

export type OutboxTopic = "cancel" | "project";

export interface OutboxRow {
  readonly seq: number;
  readonly topic: OutboxTopic;
  readonly saleId: string | null;
  readonly memberKey: string;
  readonly orderId: string | null;
  readonly entrySeq: number | null;
  readonly atMs: number;
}

const OUTBOX_ROWS = new BulkWriter(
  "INSERT INTO outbox (topic, sale_id, member_key, order_id, entry_seq, at_ms)",
  6,
);

type SqlRow = Record<string, SqlStorageValue>;

export class OutboxStore {
  readonly #sql: SqlStorage;
  #waiting: SqlStorageValue[][] = [];

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  insert(row: Omit<OutboxRow, "seq">): void {
    this.#waiting.push([row.topic, row.saleId, row.memberKey, row.orderId, row.entrySeq, row.atMs]);
  }

  /** Part of every commit. */
  flush(): void {
    if (this.#waiting.length === 0) return;
    OUTBOX_ROWS.write(this.#sql, this.#waiting);
    this.#waiting = [];
  }

  forget(): void {
    this.#waiting = [];
  }

  read(topic: OutboxTopic, count: number): OutboxRow[] {
    return this.#sql
      .exec<SqlRow>("SELECT * FROM outbox WHERE topic = ? ORDER BY seq LIMIT ?", topic, count)
      .toArray()
      .map(readRow);
  }

  remove(seqs: readonly number[]): void {
    this.#sql.exec(
      "DELETE FROM outbox WHERE seq IN (SELECT value FROM json_each(?))",
      JSON.stringify(seqs),
    );
  }

  /** How many rows wait, and since when. */
  backlog(topic: OutboxTopic): { readonly rows: number; readonly oldestAtMs: number | null } {
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

function readRow(row: SqlRow): OutboxRow {
  return {
    seq: Number(row["seq"]),
    topic: row["topic"] === "cancel" ? "cancel" : "project",
    saleId: row["sale_id"] === null ? null : String(row["sale_id"]),
    memberKey: String(row["member_key"]),
    orderId: row["order_id"] === null ? null : String(row["order_id"]),
    entrySeq: row["entry_seq"] === null ? null : Number(row["entry_seq"]),
    atMs: Number(row["at_ms"]),
  };
}
