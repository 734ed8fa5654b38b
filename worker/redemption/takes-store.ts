/** The takes of a Sku object: rows ↔ model, which ids have one, and which grants their Accounts have not acknowledged. */
import { orderKeyOf } from "../kernel/ids.ts";
import { BulkWriter } from "../platform/bulk.ts";
import { Watermarks } from "../platform/watermarks.ts";
import type { GrantedKey } from "./frozen.ts";
import type { OrderRef } from "./messages.ts";
import type { Take, TakeState } from "./model.ts";

type SqlRow = Record<string, SqlStorageValue>;

const TAKE_ROWS = new BulkWriter(
  "INSERT INTO takes (position, sale_id, member_key, order_id, state, epoch, quantity, ordinal, remaining, at_ms)",
  10,
);
/** The mark of what is settled is written when it has moved this far, or when nothing waits any more. */
const MARK_EVERY_TAKES = 500;
/** Up to here the ids of a running sale are kept in memory, so that a new one is decided without reading a row. */
const KNOWN_IDS_MAX = 200_000;

/** A grant or a forgone ticket that its Account has not acknowledged. */
export interface UnsettledTake extends OrderRef {
  readonly position: number;
  readonly saleId: string;
  readonly take: Take;
}

export class TakesStore {
  readonly #sql: SqlStorage;
  /** Ids with a row, by sale; null when there are too many to keep. */
  readonly #known = new Map<string, Set<string> | null>();
  #newTakes: SqlStorageValue[][] = [];
  #lastPosition = 0;
  /** Positions of takes that their Accounts must still hear of; oldest first. */
  readonly #unsettled = new Map<string, number>();
  readonly #marks: Watermarks<"settled">;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    this.#marks = new Watermarks(sql);
    this.#load();
  }

  /** Back to what the rows say. */
  forget(): void {
    this.#marks.forget();
    this.#known.clear();
    this.#unsettled.clear();
    this.#newTakes = [];
    this.#load();
  }

  #load(): void {
    const last = this.#all("SELECT COALESCE(MAX(position), 0) AS last FROM takes")[0];
    this.#lastPosition = Number(last?.["last"] ?? 0);
    const unsettled = this.#all(
      "SELECT position, sale_id, ordinal, member_key, order_id FROM takes WHERE position > ? ORDER BY position",
      this.#marks.get("settled"),
    );
    for (const row of unsettled) {
      const key = wordKey(String(row["sale_id"]), readRef(row), Number(row["ordinal"]));
      this.#unsettled.set(key, Number(row["position"]));
    }
  }

  /** A closed sale needs no ids in memory: whoever asks again reads the row. */
  closed(saleId: string): void {
    this.#known.delete(saleId);
  }

  find(saleId: string, ref: OrderRef): Take | undefined {
    const known = this.#knownIds(saleId);
    if (known && !known.has(orderKeyOf(ref))) return undefined;
    this.flush();
    const row = this.#all(
      "SELECT * FROM takes WHERE sale_id = ? AND member_key = ? AND order_id = ?",
      saleId,
      ref.memberKey,
      ref.orderId,
    )[0];
    return row && readTake(row);
  }

  /** The takes of some orders, each once however often it is named, in one statement; an unknown order is undefined. */
  findAll(saleId: string, refs: readonly OrderRef[]): (Take | undefined)[] {
    this.flush();
    const found = new Map<string, Take | undefined>();
    for (const ref of refs) found.set(orderKeyOf(ref), undefined);
    const rows = this.#all(
      `SELECT t.* FROM json_each(?2) AS r CROSS JOIN takes AS t
       ON t.sale_id = ?1 AND t.member_key = r.value ->> '$[0]' AND t.order_id = r.value ->> '$[1]'`,
      saleId,
      pairsOf(refs),
    );
    for (const row of rows) {
      found.set(orderKeyOf(readRef(row)), readTake(row));
    }
    return [...found.values()];
  }

  insert(saleId: string, ref: OrderRef, take: Take): void {
    const { memberKey, orderId } = ref;
    const { state, epoch, quantity, ordinal, remaining, atMs } = take;
    this.#lastPosition += 1;
    this.#unsettled.set(wordKey(saleId, ref, ordinal), this.#lastPosition);
    this.#newTakes.push([
      this.#lastPosition,
      saleId,
      memberKey,
      orderId,
      state,
      epoch,
      quantity,
      ordinal,
      remaining,
      atMs,
    ]);
    this.#knownIds(saleId)?.add(orderKeyOf(ref));
  }

  #knownIds(saleId: string): Set<string> | null {
    const known = this.#known.get(saleId);
    if (known !== undefined) {
      if (known === null || known.size <= KNOWN_IDS_MAX) return known;
      this.#known.set(saleId, null);
      return null;
    }
    // A close inside this commit drops the set while takes still wait to be written: the rows come first.
    this.flush();
    const rows = this.#all(
      "SELECT member_key || ' ' || order_id AS key FROM takes WHERE sale_id = ? LIMIT ?",
      saleId,
      KNOWN_IDS_MAX + 1,
    );
    const ids = rows.length > KNOWN_IDS_MAX ? null : new Set(rows.map((row) => String(row["key"])));
    this.#known.set(saleId, ids);
    return ids;
  }

  /** Writes what waits, few statements for many rows. Part of every commit. */
  flush(): void {
    if (this.#newTakes.length === 0) return;
    TAKE_ROWS.write(this.#sql, this.#newTakes);
    this.#newTakes = [];
  }

  markCancelled(saleId: string, refs: readonly OrderRef[]): void {
    this.#sql.exec(
      `UPDATE takes SET state = 'cancelled' WHERE sale_id = ?1 AND (member_key, order_id) IN
         (SELECT r.value ->> '$[0]', r.value ->> '$[1]' FROM json_each(?2) AS r)`,
      saleId,
      pairsOf(refs),
    );
  }

  /** Every order ever granted in a sale, cancelled ones included. */
  grantedKeys(saleId: string): GrantedKey[] {
    return this.#all(
      "SELECT member_key, order_id, epoch FROM takes WHERE sale_id = ? AND state <> 'forgone'",
      saleId,
    ).map((row) => {
      return { key: orderKeyOf(readRef(row)), epoch: Number(row["epoch"]) };
    });
  }

  /** A page of takes in key order, for the audit. */
  after(
    after: { saleId: string; memberKey: string; orderId: string },
    count: number,
  ): { saleId: string; ref: OrderRef; take: Take }[] {
    return this.#all(
      `SELECT * FROM takes WHERE (sale_id, member_key, order_id) > (?, ?, ?)
       ORDER BY sale_id, member_key, order_id LIMIT ?`,
      after.saleId,
      after.memberKey,
      after.orderId,
      count,
    ).map((row) => ({ saleId: String(row["sale_id"]), ref: readRef(row), take: readTake(row) }));
  }

  /** Grants of a sale by their number, the newest first, below `beforeOrdinal`. */
  newest(
    saleId: string,
    beforeOrdinal: number,
    count: number,
  ): { memberKey: string; orderId: string; take: Take }[] {
    this.flush();
    return this.#all(
      `SELECT * FROM takes WHERE sale_id = ? AND ordinal > 0 AND ordinal < ? ORDER BY ordinal DESC LIMIT ?`,
      saleId,
      beforeOrdinal,
      count,
    ).map((row) => ({ ...readRef(row), take: readTake(row) }));
  }

  /** What one sale's rows add up to. */
  count(saleId: string): { live: number; granted: number } {
    const row = this.#all(
      `SELECT COALESCE(SUM(CASE WHEN state = 'granted' THEN quantity END), 0) AS live,
              COUNT(CASE WHEN state <> 'forgone' THEN 1 END) AS granted
       FROM takes WHERE sale_id = ?`,
      saleId,
    )[0];
    return {
      live: Number(row?.["live"] ?? 0),
      granted: Number(row?.["granted"] ?? 0),
    };
  }

  // ---- grants, and tickets given back, on their way to their Accounts

  get unsettledCount(): number {
    return this.#unsettled.size;
  }

  /** The Account has posted these grants. Part of a commit. */
  settled(saleId: string, ordinals: readonly number[]): void {
    for (const ordinal of ordinals) this.#heard(grantKey(saleId, ordinal));
    this.#moveMark();
  }

  /** The Account has answered what it was sent. Part of a commit. */
  delivered(takes: readonly UnsettledTake[]): void {
    for (const one of takes) this.#heard(wordKey(one.saleId, one, one.take.ordinal));
    this.#moveMark();
  }

  #heard(key: string): void {
    if (!this.#unsettled.delete(key)) return;
    globalThis.failpoints?.mark("sku:ack");
  }

  #moveMark(): void {
    const [oldest] = this.#unsettled.values();
    const settledTo = (oldest ?? this.#lastPosition + 1) - 1;
    const isWorthWriting =
      oldest === undefined || settledTo >= this.#marks.get("settled") + MARK_EVERY_TAKES;
    if (isWorthWriting) this.#marks.set("settled", settledTo);
  }

  /** Those that have waited longest, behind a position. */
  unsettled(count: number, after = 0): UnsettledTake[] {
    const positions: number[] = [];
    for (const position of this.#unsettled.values()) {
      if (positions.length === count) break;
      if (position <= after) continue;
      positions.push(position);
    }
    return this.#all(
      "SELECT * FROM takes WHERE position IN (SELECT value FROM json_each(?)) ORDER BY position",
      JSON.stringify(positions),
    ).map((row) => ({
      ...{ position: Number(row["position"]), saleId: String(row["sale_id"]) },
      ...{ ...readRef(row), take: readTake(row) },
    }));
  }

  #all(query: string, ...bindings: SqlStorageValue[]): SqlRow[] {
    return this.#sql.exec<SqlRow>(query, ...bindings).toArray();
  }
}

function readTake(row: SqlRow): Take {
  return {
    state: String(row["state"]) as TakeState,
    epoch: Number(row["epoch"]),
    quantity: Number(row["quantity"]),
    ordinal: Number(row["ordinal"]),
    remaining: Number(row["remaining"]),
    atMs: Number(row["at_ms"]),
  };
}

/** What an Account must hear of: a grant by its number, a forgone ticket by its order. */
function wordKey(saleId: string, ref: OrderRef, ordinal: number): string {
  return ordinal > 0 ? grantKey(saleId, ordinal) : `${saleId} ${orderKeyOf(ref)}`;
}

function grantKey(saleId: string, ordinal: number): string {
  return `${saleId} ${ordinal}`;
}

const pairsOf = (refs: readonly OrderRef[]): string =>
  JSON.stringify(refs.map(({ memberKey, orderId }) => [memberKey, orderId]));

function readRef(row: SqlRow): OrderRef {
  return { memberKey: String(row["member_key"]), orderId: String(row["order_id"]) };
}
