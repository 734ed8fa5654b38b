/** Rows of a Sku object ↔ the model. The only place that knows its SQL. */
import { BulkWriter } from "../platform/bulk.ts";
import { invariant } from "../kernel/invariant.ts";
import { orderKey, type GrantedKey } from "./frozen.ts";
import type { OrderRef } from "./messages.ts";
import {
  assertSale,
  type Sale,
  type SaleStatus,
  type SaleTerms,
  type Take,
  type TakeState,
} from "./model.ts";

type SqlRow = Record<string, SqlStorageValue>;

const TAKE_ROWS = new BulkWriter(
  "INSERT INTO takes (sale_id, member_key, order_id, state, epoch, quantity, ordinal, remaining, at_ms)",
  9,
);
const OUTBOX_ROWS = new BulkWriter(
  "INSERT INTO outbox (seq, sale_id, member_key, order_id, at_ms)",
  5,
);
/** Up to here the ids of a running sale are kept in memory, so that a new one is decided without reading a row. */
const KNOWN_IDS_MAX = 200_000;

/** What the goods are called and look like; every sale of the SKU starts from it. */
export interface SkuGoods {
  readonly title: string;
  readonly subtitle: string;
  readonly picture: string;
  readonly groundColor: string;
  readonly marketPriceFen: number | null;
}

export interface SkuRecord {
  readonly skuKey: string;
  /** `on_demand`: the merchant buys in what each sale needs, so scheduling stocks what is missing. */
  readonly supply: "stocked" | "on_demand";
  readonly goods: SkuGoods;
  readonly nextOrdinal: number;
  readonly standingSaleId: string;
}

export interface OutboxRow extends OrderRef {
  readonly seq: number;
  readonly saleId: string;
  readonly atMs: number;
}

export class SkuStore {
  readonly #sql: SqlStorage;
  #sku: SkuRecord | null = null;
  readonly #sales = new Map<string, Sale>();
  /** Ids with a row, by sale; null when there are too many to keep. */
  readonly #known = new Map<string, Set<string> | null>();
  #newTakes: SqlStorageValue[][] = [];
  #newOutbox: SqlStorageValue[][] = [];

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    this.forget();
  }

  /** Back to what the rows say. */
  forget(): void {
    this.#sales.clear();
    this.#known.clear();
    this.#newTakes = [];
    this.#newOutbox = [];
    const sku = this.#all("SELECT * FROM sku WHERE id = 1")[0];
    this.#sku = sku ? readSku(sku) : null;
    for (const row of this.#all("SELECT * FROM sales WHERE status <> 'closed'")) {
      const sale = readSale(row);
      assertSale(sale);
      this.#sales.set(sale.terms.saleId, sale);
    }
  }

  get sku(): SkuRecord | null {
    return this.#sku;
  }

  saveSku(sku: SkuRecord): void {
    this.#sql.exec(
      `INSERT INTO sku (id, sku_key, supply, goods, next_ordinal, standing_sale_id) VALUES (1, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET supply = excluded.supply, goods = excluded.goods,
         next_ordinal = excluded.next_ordinal, standing_sale_id = excluded.standing_sale_id`,
      sku.skuKey,
      sku.supply,
      JSON.stringify(sku.goods),
      sku.nextOrdinal,
      sku.standingSaleId,
    );
    this.#sku = sku;
  }

  /** Sales that are not closed, from memory. */
  get running(): ReadonlyMap<string, Sale> {
    return this.#sales;
  }

  sale(saleId: string): Sale | null {
    const running = this.#sales.get(saleId);
    if (running) return running;
    const row = this.#all("SELECT * FROM sales WHERE sale_id = ?", saleId)[0];
    return row ? readSale(row) : null;
  }

  allSales(): Sale[] {
    return this.#all("SELECT * FROM sales ORDER BY sale_id").map(readSale);
  }

  insertSale(sale: Sale, nowMs: number): void {
    assertSale(sale);
    this.#sql.exec(
      `INSERT INTO sales (sale_id, status, epoch, shelf, returned, reserve, live, stocked, moved_out, granted, version,
         projected_version, changed_at_ms, terms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?)`,
      sale.terms.saleId,
      sale.status,
      sale.epoch,
      sale.shelf,
      sale.returned,
      sale.reserve,
      sale.live,
      sale.stocked,
      sale.movedOut,
      sale.granted,
      sale.version,
      nowMs,
      JSON.stringify(sale.terms),
    );
    this.#sales.set(sale.terms.saleId, sale);
  }

  saveSale(before: Sale, after: Sale, nowMs: number): void {
    if (before === after) return;
    assertSale(after);
    invariant(after.epoch >= before.epoch, "I8 the epoch never falls");
    this.#sql.exec(
      `UPDATE sales SET status = ?, epoch = ?, shelf = ?, returned = ?, reserve = ?, live = ?, stocked = ?, moved_out = ?,
         granted = ?, first_grant_at_ms = ?, sold_out_at_ms = ?, closed_at_ms = ?, next_wave_at_ms = ?,
         next_release_at_ms = ?, version = ?, changed_at_ms = CASE WHEN projected_version = ? THEN ? ELSE changed_at_ms END
       WHERE sale_id = ?`,
      after.status,
      after.epoch,
      after.shelf,
      after.returned,
      after.reserve,
      after.live,
      after.stocked,
      after.movedOut,
      after.granted,
      after.firstGrantAtMs,
      after.soldOutAtMs,
      after.closedAtMs,
      after.nextWaveAtMs,
      after.nextReleaseAtMs,
      after.version,
      before.version,
      nowMs,
      after.terms.saleId,
    );
    if (after.status === "closed") {
      this.#sales.delete(after.terms.saleId);
      this.#known.delete(after.terms.saleId);
    } else this.#sales.set(after.terms.saleId, after);
  }

  // ---- takes

  take(saleId: string, ref: OrderRef): Take | undefined {
    const known = this.#knownIds(saleId);
    if (known && !known.has(`${ref.memberKey} ${ref.orderId}`)) return undefined;
    this.flush();
    const row = this.#all(
      "SELECT * FROM takes WHERE sale_id = ? AND member_key = ? AND order_id = ?",
      saleId,
      ref.memberKey,
      ref.orderId,
    )[0];
    return row && readTake(row);
  }

  insertTake(saleId: string, ref: OrderRef, take: Take): void {
    const { memberKey, orderId } = ref;
    const { state, epoch, quantity, ordinal, remaining, atMs } = take;
    this.#newTakes.push([
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
    this.#knownIds(saleId)?.add(`${memberKey} ${orderId}`);
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
    if (this.#newTakes.length > 0) {
      TAKE_ROWS.write(this.#sql, this.#newTakes);
      this.#newTakes = [];
    }
    if (this.#newOutbox.length > 0) {
      OUTBOX_ROWS.write(this.#sql, this.#newOutbox);
      this.#newOutbox = [];
    }
  }

  markCancelled(saleId: string, ref: OrderRef): void {
    this.#sql.exec(
      "UPDATE takes SET state = 'cancelled' WHERE sale_id = ? AND member_key = ? AND order_id = ?",
      saleId,
      ref.memberKey,
      ref.orderId,
    );
  }

  /** Every order ever granted in a sale, cancelled ones included. */
  grantedKeys(saleId: string): GrantedKey[] {
    return this.#all(
      "SELECT member_key, order_id, epoch FROM takes WHERE sale_id = ? AND state <> 'forgone'",
      saleId,
    ).map((row) => {
      const { memberKey, orderId } = readRef(row);
      return { key: orderKey(memberKey, orderId), epoch: Number(row["epoch"]) };
    });
  }

  /** A page of takes in key order, for the audit. */
  takesAfter(
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

  /** What one sale's rows add up to. */
  countTakes(saleId: string): { live: number; granted: number } {
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

  // ---- outbox of grants

  insertOutbox(seq: number, saleId: string, ref: OrderRef, atMs: number): void {
    this.#newOutbox.push([seq, saleId, ref.memberKey, ref.orderId, atMs]);
  }

  deleteOutbox(seqs: readonly number[]): void {
    if (seqs.length === 0) return;
    this.flush();
    this.#sql.exec(
      "DELETE FROM outbox WHERE seq IN (SELECT value FROM json_each(?))",
      JSON.stringify(seqs),
    );
  }

  outbox(count: number): OutboxRow[] {
    return this.#all("SELECT * FROM outbox ORDER BY seq LIMIT ?", count).map((row) => ({
      seq: Number(row["seq"]),
      saleId: String(row["sale_id"]),
      ...readRef(row),
      atMs: Number(row["at_ms"]),
    }));
  }

  // ---- stock projection

  /** Sales whose newest version D1 has not confirmed. */
  unprojected(count: number): { sale: Sale; changedAtMs: number }[] {
    return this.#all("SELECT * FROM sales WHERE projected_version < version LIMIT ?", count).map(
      (row) => ({ sale: readSale(row), changedAtMs: Number(row["changed_at_ms"]) }),
    );
  }

  markProjected(saleId: string, version: number): void {
    this.#sql.exec(
      "UPDATE sales SET projected_version = MAX(projected_version, ?) WHERE sale_id = ?",
      version,
      saleId,
    );
  }

  // ---- doors

  saveWatcher(gate: string, saleId: string, nowMs: number): void {
    this.#sql.exec(
      "INSERT INTO watchers (gate, sale_id, at_ms) VALUES (?, ?, ?) ON CONFLICT (gate) DO UPDATE SET at_ms = excluded.at_ms",
      gate,
      saleId,
      nowMs,
    );
  }

  deleteWatcher(gate: string): void {
    this.#sql.exec("DELETE FROM watchers WHERE gate = ?", gate);
  }

  watchers(): { gate: string; saleId: string }[] {
    return this.#all("SELECT gate, sale_id FROM watchers").map((row) => ({
      gate: String(row["gate"]),
      saleId: String(row["sale_id"]),
    }));
  }

  #all(query: string, ...bindings: SqlStorageValue[]): SqlRow[] {
    return this.#sql.exec<SqlRow>(query, ...bindings).toArray();
  }
}

function readSku(row: SqlRow): SkuRecord {
  return {
    skuKey: String(row["sku_key"]),
    supply: row["supply"] === "on_demand" ? "on_demand" : "stocked",
    goods: JSON.parse(String(row["goods"])) as SkuGoods,
    nextOrdinal: Number(row["next_ordinal"]),
    standingSaleId: String(row["standing_sale_id"]),
  };
}

function readSale(row: SqlRow): Sale {
  return {
    terms: JSON.parse(String(row["terms"])) as SaleTerms,
    status: String(row["status"]) as SaleStatus,
    epoch: Number(row["epoch"]),
    shelf: Number(row["shelf"]),
    returned: Number(row["returned"]),
    reserve: Number(row["reserve"]),
    live: Number(row["live"]),
    stocked: Number(row["stocked"]),
    movedOut: Number(row["moved_out"]),
    granted: Number(row["granted"]),
    firstGrantAtMs: numberOrNull(row["first_grant_at_ms"]),
    soldOutAtMs: numberOrNull(row["sold_out_at_ms"]),
    closedAtMs: numberOrNull(row["closed_at_ms"]),
    nextWaveAtMs: numberOrNull(row["next_wave_at_ms"]),
    nextReleaseAtMs: numberOrNull(row["next_release_at_ms"]),
    version: Number(row["version"]),
  };
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

function readRef(row: SqlRow): OrderRef {
  return { memberKey: String(row["member_key"]), orderId: String(row["order_id"]) };
}

function numberOrNull(value: SqlStorageValue | undefined): number | null {
  return value === null || value === undefined ? null : Number(value);
}
