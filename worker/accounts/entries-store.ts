/** The ledger of an Account: entries of all its members in the order they were written, and how far D1 has them. */
import { BulkWriter } from "../platform/bulk.ts";
import type { Watermarks } from "../platform/watermarks.ts";
import type { EntryType, LedgerEntry } from "./ledger.ts";

type SqlRow = Record<string, SqlStorageValue>;
export type AccountMark = "projected" | "pending_from";

export interface PlacedEntry {
  /** Counts the entries of this object; what D1 is sent follows it. */
  readonly position: number;
  readonly memberKey: string;
  readonly recordedAtMs: number;
  readonly entry: LedgerEntry;
}

const ENTRY_ROWS = new BulkWriter(
  "INSERT INTO entries (position, member_key, seq, type, points, natural_key, recorded_at_ms, detail)",
  8,
);
/** Entries that wait for D1 are kept in memory up to here; beyond it they are read back from their rows. */
const WAITING_MAX = 8_192;

export class EntriesStore {
  readonly #sql: SqlStorage;
  readonly #marks: Watermarks<AccountMark>;
  #lastPosition = 0;
  #new: PlacedEntry[] = [];
  /** What D1 has not confirmed, oldest first; null: read it from the rows. */
  #waiting: PlacedEntry[] | null = null;

  constructor(sql: SqlStorage, marks: Watermarks<AccountMark>) {
    this.#sql = sql;
    this.#marks = marks;
    this.forget();
  }

  /** Back to what the rows say. */
  forget(): void {
    this.#new = [];
    this.#lastPosition = Number(
      this.#sql.exec("SELECT COALESCE(MAX(position), 0) AS last FROM entries").one()["last"],
    );
    this.#waiting = this.waitingCount === 0 ? [] : null;
  }

  append(memberKey: string, entry: LedgerEntry, nowMs: number): void {
    this.#lastPosition += 1;
    const placed = { position: this.#lastPosition, memberKey, recordedAtMs: nowMs, entry };
    this.#new.push(placed);
    this.#waiting?.push(placed);
    if (this.#waiting && this.#waiting.length > WAITING_MAX) this.#waiting = null;
  }

  /** Part of every commit. */
  flush(): void {
    if (this.#new.length === 0) return;
    ENTRY_ROWS.write(this.#sql, this.#new.map(entryRow));
    this.#new = [];
  }

  // ---- how far D1 has them

  get waitingCount(): number {
    return this.#lastPosition - this.#marks.get("projected");
  }

  /** The oldest entries that D1 has not confirmed. */
  waiting(count: number): readonly PlacedEntry[] {
    if (this.#waiting) return this.#waiting.slice(0, count);
    return this.#all(
      "SELECT * FROM entries WHERE position > ? ORDER BY position LIMIT ?",
      this.#marks.get("projected"),
      count,
    ).map((row) => ({
      position: Number(row["position"]),
      memberKey: String(row["member_key"]),
      recordedAtMs: Number(row["recorded_at_ms"]),
      entry: readEntry(row),
    }));
  }

  /** D1 has every entry up to this position. Part of a commit. */
  projected(position: number): void {
    this.#marks.set("projected", position);
    if (this.#waiting) {
      this.#waiting = this.#waiting.filter((placed) => placed.position > position);
    } else if (this.waitingCount === 0) this.#waiting = [];
  }

  // ---- reading

  byNaturalKey(memberKey: string, naturalKey: string): LedgerEntry | null {
    if (this.#new.some((placed) => placed.memberKey === memberKey)) this.flush();
    const row = this.#all(
      "SELECT * FROM entries WHERE member_key = ? AND natural_key = ? AND type NOT IN ('redeem', 'redeem_rollback')",
      memberKey,
      naturalKey,
    )[0];
    return row ? readEntry(row) : null;
  }

  /** Newest first. */
  page(memberKey: string, beforeSeq: number, count: number): LedgerEntry[] {
    return this.#all(
      "SELECT * FROM entries WHERE member_key = ? AND seq < ? ORDER BY seq DESC LIMIT ?",
      memberKey,
      beforeSeq,
      count,
    ).map(readEntry);
  }

  at(memberKey: string, seq: number): LedgerEntry | null {
    const row = this.#all(
      "SELECT * FROM entries WHERE member_key = ? AND seq = ?",
      memberKey,
      seq,
    )[0];
    return row ? readEntry(row) : null;
  }

  #all(query: string, ...bindings: SqlStorageValue[]): SqlRow[] {
    return this.#sql.exec<SqlRow>(query, ...bindings).toArray();
  }
}

function entryRow({ position, memberKey, recordedAtMs, entry }: PlacedEntry): SqlStorageValue[] {
  const { seq, type, points, naturalKey, ...detail } = entry;
  return [position, memberKey, seq, type, points, naturalKey, recordedAtMs, JSON.stringify(detail)];
}

function readEntry(row: SqlRow): LedgerEntry {
  return {
    ...(JSON.parse(String(row["detail"])) as Omit<
      LedgerEntry,
      "seq" | "type" | "points" | "naturalKey"
    >),
    seq: Number(row["seq"]),
    type: String(row["type"]) as EntryType,
    points: Number(row["points"]),
    naturalKey: String(row["natural_key"]),
  };
}
