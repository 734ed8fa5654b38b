/** The ledger of an Account: entries of all its members in the order they were written, and how far D1 has them. */
import { LIMITS } from "../kernel/limits.ts";
import { BulkWriter } from "../platform/bulk.ts";
import type { Watermarks } from "../platform/watermarks.ts";
import {
  entryOfStored,
  type EntryLookup,
  type EntryType,
  type PointsEntry,
  type StoredEntry,
} from "./points/index.ts";

type SqlRow = Record<string, SqlStorageValue>;
export type AccountMark = "projected" | "pending_from";

export interface PlacedEntry {
  /** Counts the entries of this object; what D1 is sent follows it. */
  readonly position: number;
  readonly memberKey: string;
  readonly entry: PointsEntry;
}

/** By when it happened: from the first moment on, before the last. */
export interface LedgerFilter {
  readonly type: EntryType | null;
  readonly direction: "in" | "out" | null;
  readonly fromMs: number | null;
  readonly toMs: number | null;
}

const EVERYTHING: LedgerFilter = { type: null, direction: null, fromMs: null, toMs: null };

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

  append(memberKey: string, entry: PointsEntry): void {
    this.#lastPosition += 1;
    const placed = { position: this.#lastPosition, memberKey, entry };
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
    ).map(readPlaced);
  }

  /** D1 has every entry up to this position. Part of a commit. */
  projected(position: number): void {
    this.#marks.set("projected", position);
    if (this.#waiting) {
      this.#waiting = this.#waiting.filter((placed) => placed.position > position);
    } else if (this.waitingCount === 0) this.#waiting = [];
  }

  // ---- reading

  /** The ledger of one member, for commands that ask whether they were done before. */
  lookup(memberKey: string): EntryLookup {
    return { find: (naturalKey) => this.#byNaturalKey(memberKey, naturalKey) };
  }

  #byNaturalKey(memberKey: string, naturalKey: string): PointsEntry | null {
    if (this.#new.some((placed) => placed.memberKey === memberKey)) this.flush();
    const row = this.#all(
      "SELECT * FROM entries WHERE member_key = ? AND natural_key = ? AND type NOT IN ('redeem', 'redeem_rollback')",
      memberKey,
      naturalKey,
    )[0];
    return row ? readEntry(row) : null;
  }

  /** Newest first. */
  page(
    memberKey: string,
    beforeSeq: number,
    count: number,
    filter: LedgerFilter = EVERYTHING,
  ): PointsEntry[] {
    const { type, direction, fromMs, toMs } = filter;
    const signs =
      direction === "in" ? "AND points > 0" : direction === "out" ? "AND points < 0" : "";
    return this.#all(
      `SELECT * FROM entries WHERE member_key = ? AND seq < ? AND (? IS NULL OR type = ?) ${signs}
         AND detail ->> '$.occurredAtMs' >= ? AND detail ->> '$.occurredAtMs' < ?
       ORDER BY seq DESC LIMIT ?`,
      memberKey,
      beforeSeq,
      type,
      type,
      fromMs ?? 0,
      toMs ?? Number.MAX_SAFE_INTEGER,
      count,
    ).map(readEntry);
  }

  /** What the ledger says of one order, the oldest first. */
  ofOrder(memberKey: string, orderId: string): PointsEntry[] {
    this.flush();
    return this.#all(
      "SELECT * FROM entries WHERE member_key = ? AND detail ->> '$.orderId' = ? ORDER BY seq LIMIT ?",
      memberKey,
      orderId,
      LIMITS.auditRowsMax,
    ).map(readEntry);
  }

  at(memberKey: string, seq: number): PointsEntry | null {
    const row = this.#all(
      "SELECT * FROM entries WHERE member_key = ? AND seq = ?",
      memberKey,
      seq,
    )[0];
    return row ? readEntry(row) : null;
  }

  /** The whole ledger of a member from its beginning, some rows at a time. */
  *ledgerOf(memberKey: string): Generator<PlacedEntry> {
    for (let after = 0; ;) {
      const rows = this.#all(
        "SELECT * FROM entries WHERE member_key = ? AND seq > ? ORDER BY seq LIMIT ?",
        memberKey,
        after,
        LIMITS.auditRowsMax,
      );
      for (const row of rows) yield readPlaced(row);
      const last = rows.at(-1);
      if (!last || rows.length < LIMITS.auditRowsMax) return;
      after = Number(last["seq"]);
    }
  }

  #all(query: string, ...bindings: SqlStorageValue[]): SqlRow[] {
    return this.#sql.exec<SqlRow>(query, ...bindings).toArray();
  }
}

type Columns = "seq" | "type" | "points" | "naturalKey" | "recordedAtMs";
/** What a row's JSON holds. Most entries are plain, so what is empty is left out. */
type EntryDetail = Partial<Omit<PointsEntry, Columns>> &
  Pick<
    PointsEntry,
    "hashVersion" | "slices" | "balanceAfter" | "occurredAtMs" | "prevHash" | "hash"
  >;

const PLAIN = {
  opens: [],
  paid: [],
  overdraft: 0,
  orderId: null,
  sourceId: null,
  breakdown: [],
  actor: "",
  storeId: null,
  customerNote: "",
  internalNote: "",
} as const;

function entryRow({ position, memberKey, entry }: PlacedEntry): SqlStorageValue[] {
  const { seq, type, points, naturalKey, recordedAtMs } = entry;
  const detail = JSON.stringify(detailOf(entry));
  return [position, memberKey, seq, type, points, naturalKey, recordedAtMs, detail];
}

function detailOf(entry: PointsEntry): EntryDetail {
  const { hashVersion, slices, balanceAfter, occurredAtMs, prevHash, hash, askedPoints } = entry;
  const { orderId, sourceId, actor, storeId, customerNote, internalNote } = entry;
  return {
    ...{ hashVersion, slices, balanceAfter, occurredAtMs, prevHash, hash },
    ...(askedPoints === Math.abs(entry.points) ? {} : { askedPoints }),
    ...(entry.opens.length === 0 ? {} : { opens: entry.opens }),
    ...(entry.paid.length === 0 ? {} : { paid: entry.paid }),
    ...(entry.overdraft === 0 ? {} : { overdraft: entry.overdraft }),
    ...(entry.breakdown.length === 0 ? {} : { breakdown: entry.breakdown }),
    ...(orderId === null ? {} : { orderId }),
    ...(sourceId === null ? {} : { sourceId }),
    ...(actor === "" ? {} : { actor }),
    ...(storeId === null ? {} : { storeId }),
    ...(customerNote === "" ? {} : { customerNote }),
    ...(internalNote === "" ? {} : { internalNote }),
  };
}

function readPlaced(row: SqlRow): PlacedEntry {
  return {
    position: Number(row["position"]),
    memberKey: String(row["member_key"]),
    entry: readEntry(row),
  };
}

function readEntry(row: SqlRow): PointsEntry {
  const columns = {
    seq: Number(row["seq"]),
    type: String(row["type"]) as PointsEntry["type"],
    points: Number(row["points"]),
    naturalKey: String(row["natural_key"]),
    recordedAtMs: Number(row["recorded_at_ms"]),
  };
  const detail = JSON.parse(String(row["detail"])) as EntryDetail | StoredEntry;
  // Rows from before rules existed say no version; they keep the hash they were sealed with.
  if (!("hashVersion" in detail)) {
    const { recordedAtMs, ...stored } = columns;
    return { ...entryOfStored({ ...detail, ...stored }), recordedAtMs };
  }
  return { ...PLAIN, askedPoints: Math.abs(columns.points), ...detail, ...columns };
}
