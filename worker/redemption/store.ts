/** Rows of a Sku object ↔ the model: the SKU and its sales; the takes have a store of their own. */
import { invariant } from "../kernel/invariant.ts";
import { SaleLogStore } from "./sale-log-store.ts";
import { TakesStore } from "./takes-store.ts";
import type { GoodsTerms } from "./goods-terms.ts";
import { assertSale, type Sale, type SaleStatus, type SaleTerms } from "./model.ts";

type SqlRow = Record<string, SqlStorageValue>;

/** What the goods are called and look like; every sale of the SKU starts from it. */
export interface SkuGoods {
  readonly title: string;
  readonly subtitle: string;
  readonly picture: string;
  readonly groundColor: string;
  readonly marketPriceFen: number | null;
  readonly goods?: GoodsTerms;
}

export interface SkuRecord {
  readonly skuKey: string;
  /** `on_demand`: the merchant buys in what each sale needs, so scheduling stocks what is missing. */
  readonly supply: "stocked" | "on_demand";
  readonly goods: SkuGoods;
  readonly nextOrdinal: number;
  readonly standingSaleId: string;
}

export class SkuStore {
  readonly #sql: SqlStorage;
  #sku: SkuRecord | null = null;
  readonly #sales = new Map<string, Sale>();
  readonly takes: TakesStore;
  readonly log: SaleLogStore;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    this.takes = new TakesStore(sql);
    this.log = new SaleLogStore(sql);
    this.#load();
  }

  /** Back to what the rows say. */
  forget(): void {
    this.#sales.clear();
    this.takes.forget();
    this.#load();
  }

  #load(): void {
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

  /** The sale that ordinary redemption goes through now; null: nobody has opened the books. */
  get standingSale(): Sale | null {
    return this.#sku && this.sale(this.#sku.standingSaleId);
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

  /** `actor`: who gave the command; null: the clock or the members. */
  saveSale(before: Sale, after: Sale, nowMs: number, actor: string | null = null): void {
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
    if (after.terms.closesAtMs !== before.terms.closesAtMs) this.saveTerms(after);
    this.log.changed(before, after, nowMs, actor);
    if (after.status === "closed") {
      this.#sales.delete(after.terms.saleId);
      this.takes.closed(after.terms.saleId);
    } else this.#sales.set(after.terms.saleId, after);
  }

  /** In the commit of the sale's change, after `saveSale`. */
  saveTerms(sale: Sale): void {
    this.#sql.exec(
      "UPDATE sales SET terms = ? WHERE sale_id = ?",
      JSON.stringify(sale.terms),
      sale.terms.saleId,
    );
  }

  /** Standing shelf after a stock command that was obeyed before; null: it is new. */
  stockAct(requestId: string): number | null {
    const row = this.#all("SELECT position FROM watermarks WHERE name = ?", actName(requestId))[0];
    return row ? Number(row["position"]) : null;
  }

  keepStockAct(requestId: string, shelfAfter: number): void {
    this.#sql.exec(
      "INSERT INTO watermarks (name, position) VALUES (?, ?)",
      actName(requestId),
      shelfAfter,
    );
  }

  // ---- stock projection

  /** Asked after every commit, so it reads no row whole. */
  get isProjected(): boolean {
    return this.#all("SELECT 1 FROM sales WHERE projected_version < version LIMIT 1").length === 0;
  }

  /** Sales whose newest version D1 has not confirmed. */
  unprojected(count: number): { sale: Sale; changedAtMs: number }[] {
    return this.#all("SELECT * FROM sales WHERE projected_version < version LIMIT ?", count).map(
      (row) => ({ sale: readSale(row), changedAtMs: Number(row["changed_at_ms"]) }),
    );
  }

  /** What changed after it was sent waits from that moment on, so that a busy sale shows its real lag. */
  markProjected(saleId: string, version: number, sentAtMs: number): void {
    this.#sql.exec(
      `UPDATE sales SET projected_version = MAX(projected_version, ?1),
         changed_at_ms = CASE WHEN version > ?1 THEN MAX(changed_at_ms, ?2) ELSE changed_at_ms END WHERE sale_id = ?3`,
      version,
      sentAtMs,
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

/** Commands of staff are few: each keeps one row, so that a repeat is told the same. */
const actName = (requestId: string): string => `stock:${requestId}`;

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

function numberOrNull(value: SqlStorageValue | undefined): number | null {
  return value === null || value === undefined ? null : Number(value);
}
