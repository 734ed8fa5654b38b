/** The ledger of an Account: entries of all its members in the order they were written, and how far D1 has them. */
import { invariant } from "../kernel/invariant.ts";
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

interface NewEntry extends PlacedEntry {
  readonly prevPosition: number | null;
}

/** Where the ledger of a member ends. Of one without an entry the number is 0. */
export interface LedgerEnd {
  readonly seq: number;
  readonly position: number | null;
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
  `INSERT INTO entries (position, prev_position, member_key, seq, type, points, natural_key, recorded_at_ms, detail)`,
  9,
);
/** As the index `entries_anchors` has it. SQLite uses it only where a query says the same words. */
const ANCHOR_EVERY = 32;
/**
 * Entries of member ?1 from anchor ?2 down to the first one; without that anchor from ?3, and without that from the newest
 * that the member's row names. Rows are read as they are asked for, so a query with a limit reads no more than it needs.
 */
const CHAIN = `WITH RECURSIVE chain (position, prev_position) AS (
  SELECT position, prev_position FROM entries WHERE member_key = ?1 AND position = COALESCE(
    (SELECT position FROM entries WHERE member_key = ?1 AND seq = ?2 AND seq % ${ANCHOR_EVERY} = 0),
    ?3,
    (SELECT last_position FROM members WHERE member_key = ?1))
  UNION ALL
  SELECT e.position, e.prev_position FROM chain AS c
    CROSS JOIN entries AS e ON e.position = c.prev_position AND e.member_key = ?1)`;
/** Entries that wait for D1 are kept in memory up to here; beyond it they are read back from their rows. */
const WAITING_MAX = 8_192;

export class EntriesStore {
  readonly #sql: SqlStorage;
  readonly #marks: Watermarks<AccountMark>;
  #lastPosition = 0;
  #new: NewEntry[] = [];
  /** Entries since the last flush. */
  #appended = 0;
  /** Newest entries of members whose rows do not name them before the next flush. */
  readonly #ends = new Map<string, number>();
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
    this.#appended = 0;
    this.#ends.clear();
    this.#lastPosition = Number(
      this.#sql.exec("SELECT COALESCE(MAX(position), 0) AS last FROM entries").one()["last"],
    );
    this.#waiting = this.waitingCount === 0 ? [] : null;
  }

  /** Only the store of members appends: it advances the member's row by as much in the same commit. */
  append(memberKey: string, entry: PointsEntry, end: LedgerEnd): LedgerEnd {
    invariant(entry.seq === end.seq + 1, "an entry has the number after the last one");
    this.#lastPosition += 1;
    const placed = { position: this.#lastPosition, memberKey, entry };
    this.#new.push({ ...placed, prevPosition: end.position });
    this.#appended += 1;
    this.#ends.set(memberKey, placed.position);
    this.#waiting?.push(placed);
    if (this.#waiting && this.#waiting.length > WAITING_MAX) this.#waiting = null;
    return { seq: entry.seq, position: placed.position };
  }

  /** Part of every commit, beside the members' rows. How many entries it has. */
  flush(): number {
    this.#write();
    const appended = this.#appended;
    this.#appended = 0;
    this.#ends.clear();
    return appended;
  }

  #write(): void {
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
    if (this.#ends.has(memberKey)) this.#write();
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
      direction === "in" ? "AND e.points > 0" : direction === "out" ? "AND e.points < 0" : "";
    const query = `${CHAIN} SELECT e.* FROM chain CROSS JOIN entries AS e USING (position)
      WHERE e.seq < ?4 AND (?5 IS NULL OR e.type = ?5) ${signs}
        AND e.detail ->> '$.occurredAtMs' >= ?6 AND e.detail ->> '$.occurredAtMs' < ?7 LIMIT ?8`;
    const anchor = Math.ceil(Math.max(beforeSeq - 1, 1) / ANCHOR_EVERY) * ANCHOR_EVERY;
    const moments = [fromMs ?? 0, toMs ?? Number.MAX_SAFE_INTEGER];
    return this.#walk(query, memberKey, anchor, beforeSeq, type, ...moments, count)
      .toArray()
      .map(readEntry);
  }

  /** What the ledger says of one order, the oldest first. */
  ofOrder(memberKey: string, orderId: string): PointsEntry[] {
    const query = `${CHAIN} SELECT e.* FROM chain CROSS JOIN entries AS e USING (position)
      WHERE e.detail ->> '$.orderId' = ?4 ORDER BY e.seq LIMIT ?5`;
    return this.#walk(query, memberKey, null, orderId, LIMITS.auditRowsMax)
      .toArray()
      .map(readEntry);
  }

  at(memberKey: string, seq: number): PointsEntry | null {
    const [entry] = this.page(memberKey, seq + 1, 1);
    return entry?.seq === seq ? entry : null;
  }

  /** The whole ledger of a member from its beginning, some rows at a time. In memory a number stands for each. */
  *ledgerOf(memberKey: string): Generator<PlacedEntry> {
    const positions: number[] = [];
    const newestFirst = this.#walk(`${CHAIN} SELECT position FROM chain`, memberKey, null);
    for (const [position] of newestFirst.raw()) positions.push(Number(position));
    positions.reverse();
    for (let from = 0; from < positions.length; from += LIMITS.auditRowsMax) {
      const rows = this.#all(
        "SELECT * FROM entries WHERE position IN (SELECT value FROM json_each(?)) ORDER BY position",
        JSON.stringify(positions.slice(from, from + LIMITS.auditRowsMax)),
      );
      for (const row of rows) yield readPlaced(row);
    }
  }

  /** A query that begins with the member's chain, entries of this commit included. */
  #walk(
    query: string,
    memberKey: string,
    anchor: number | null,
    ...more: SqlStorageValue[]
  ): SqlStorageCursor<SqlRow> {
    const end = this.#ends.get(memberKey) ?? null;
    if (end !== null) this.#write();
    return this.#sql.exec<SqlRow>(query, memberKey, anchor, end, ...more);
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

function entryRow({ position, prevPosition, memberKey, entry }: NewEntry): SqlStorageValue[] {
  const { seq, type, points, naturalKey, recordedAtMs } = entry;
  const detail = JSON.stringify(detailOf(entry));
  const row = [memberKey, seq, type, points, naturalKey, recordedAtMs, detail];
  return [position, prevPosition, ...row];
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
