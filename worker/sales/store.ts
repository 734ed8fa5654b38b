/** Sessions of sales in D1. A change names the version it was made from, so that two people never save over each other. */
import type { Sale, SaleTerms, SaleView } from "../redemption/index.ts";
import { viewOf } from "../redemption/index.ts";
import { findSkuIds } from "../catalog/index.ts";
import { GOODS_WITH, isSkuOfGoods } from "../platform/sales-of-goods.ts";
import { parseSaleId } from "../kernel/ids.ts";
import type { Neighbour } from "./model.ts";
import type { SessionDraft, SessionView } from "./wire.ts";

type Row = Record<string, string | number | null>;
const ROWS_MAX = 200;
const GOODS_MAX = 60;

export interface Session extends SessionDraft {
  readonly sessionId: string;
  readonly state: SessionView["state"];
  readonly version: number;
  readonly createdBy: string;
  readonly createdAtMs: number;
  readonly updatedBy: string;
  readonly updatedAtMs: number;
}

export interface SessionSale {
  readonly sessionId: string;
  readonly skuId: string;
  readonly saleId: string;
}

export class SessionStore {
  readonly #db: D1Database;
  readonly #programmeId: string;

  constructor(db: D1Database, programmeId: string) {
    this.#db = db;
    this.#programmeId = programmeId;
  }

  async find(sessionId: string): Promise<Session | null> {
    const row = await this.#db
      .prepare("SELECT * FROM sale_sessions WHERE programme_id = ?1 AND session_id = ?2")
      .bind(this.#programmeId, sessionId)
      .first<Row>();
    return row && readSession(row);
  }

  /** Sessions that touch a span of time, by opening; with a brand, those that have goods of it. */
  async between(
    fromMs: number,
    toMs: number,
    { isPublic = false, brandId = null }: { isPublic?: boolean; brandId?: string | null } = {},
  ): Promise<Session[]> {
    const ofBrand = `(?5 IS NULL OR EXISTS (SELECT 1 FROM json_each(body, '$.items') AS asked
      WHERE ${isSkuOfGoods("(asked.value ->> '$.skuId')", GOODS_WITH.brand("?5"))}))`;
    const { results } = await this.#db
      .prepare(
        `SELECT * FROM sale_sessions WHERE programme_id = ?1 AND opens_at_ms < ?3 AND closes_at_ms > ?2
           AND (?4 = 0 OR state = 'scheduled') AND ${ofBrand} ORDER BY opens_at_ms, session_id LIMIT ${ROWS_MAX}`,
      )
      .bind(this.#programmeId, fromMs, toMs, isPublic ? 1 : 0, brandId)
      .all<Row>();
    return results.map(readSession);
  }

  /** Other sessions that open within a span, cancelled ones left out. */
  async neighbours(sessionId: string, fromMs: number, toMs: number): Promise<Neighbour[]> {
    const all = await this.between(fromMs, toMs);
    return all
      .filter((one) => one.sessionId !== sessionId && one.state !== "cancelled")
      .filter(({ opensAtMs }) => opensAtMs >= fromMs && opensAtMs < toMs)
      .map(({ sessionId: id, title, opensAtMs }) => ({ sessionId: id, title, opensAtMs }));
  }

  async insert(session: Session): Promise<void> {
    await this.#db
      .prepare(
        `INSERT INTO sale_sessions (programme_id, session_id, state, revision, title, opens_at_ms, closes_at_ms, body,
           created_by, created_at_ms, updated_by, updated_at_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)`,
      )
      .bind(
        ...[this.#programmeId, session.sessionId, session.state, session.version, session.title],
        ...[session.opensAtMs, session.closesAtMs, bodyOf(session)],
        ...[session.createdBy, session.createdAtMs, session.updatedBy, session.updatedAtMs],
      )
      .run();
  }

  /** Writes over the version before; false: somebody else did meanwhile. */
  async save(session: Session): Promise<boolean> {
    const result = await this.#db
      .prepare(
        `UPDATE sale_sessions SET state = ?3, revision = ?4, title = ?5, opens_at_ms = ?6, closes_at_ms = ?7, body = ?8,
           updated_by = ?9, updated_at_ms = ?10 WHERE programme_id = ?1 AND session_id = ?2 AND revision = ?4 - 1`,
      )
      .bind(
        ...[this.#programmeId, session.sessionId, session.state, session.version, session.title],
        ...[session.opensAtMs, session.closesAtMs, bodyOf(session)],
        ...[session.updatedBy, session.updatedAtMs],
      )
      .run();
    return result.meta.changes === 1;
  }

  /** Only a draft can go; false: it is none any more, or another version. */
  async remove(sessionId: string, version: number): Promise<boolean> {
    const result = await this.#db
      .prepare(
        "DELETE FROM sale_sessions WHERE programme_id = ?1 AND session_id = ?2 AND revision = ?3 AND state = 'draft'",
      )
      .bind(this.#programmeId, sessionId, version)
      .run();
    return result.meta.changes === 1;
  }

  // ---- sales of sessions

  async salesOf(sessionIds: readonly string[]): Promise<SessionSale[]> {
    const { results } = await this.#db
      .prepare(
        `SELECT session_id, sku_id, sale_id FROM sale_session_sales
         WHERE programme_id = ?1 AND session_id IN (SELECT value FROM json_each(?2))`,
      )
      .bind(this.#programmeId, JSON.stringify(sessionIds))
      .all<Row>();
    return results.map((row) => ({
      sessionId: String(row["session_id"]),
      skuId: String(row["sku_id"]),
      saleId: String(row["sale_id"]),
    }));
  }

  async keepSale(sessionId: string, skuId: string, saleId: string): Promise<void> {
    await this.#db
      .prepare(
        `INSERT INTO sale_session_sales (programme_id, session_id, sku_id, sale_id) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (programme_id, session_id, sku_id) DO UPDATE SET sale_id = excluded.sale_id`,
      )
      .bind(this.#programmeId, sessionId, skuId, saleId)
      .run();
  }

  async dropSales(sessionId: string): Promise<void> {
    await this.#db
      .prepare("DELETE FROM sale_session_sales WHERE programme_id = ?1 AND session_id = ?2")
      .bind(this.#programmeId, sessionId)
      .run();
  }

  async sessionOfSale(saleId: string): Promise<string | null> {
    return this.#db
      .prepare("SELECT session_id FROM sale_session_sales WHERE sale_id = ?1 AND programme_id = ?2")
      .bind(saleId, this.#programmeId)
      .first<string>("session_id");
  }

  /** Sales by id, as the projection has them. */
  async views(saleIds: readonly string[], nowMs: number): Promise<Map<string, SaleView>> {
    const { results } = await this.#db
      .prepare(
        `SELECT terms, state FROM sales WHERE sale_id IN (SELECT value FROM json_each(?2)) AND programme_id = ?1`,
      )
      .bind(this.#programmeId, JSON.stringify(saleIds))
      .all<Row>();
    return new Map(
      results.map((row) => {
        const view = readView(row, nowMs);
        return [view.saleId, view];
      }),
    );
  }

  /** Flash sales that touch a span and belong to no session. */
  async loneSales(
    fromMs: number,
    toMs: number,
    nowMs: number,
    brandId: string | null = null,
  ): Promise<SaleView[]> {
    const { results } = await this.#db
      .prepare(
        `SELECT terms, state FROM sales WHERE programme_id = ?1 AND kind = 'flash'
           AND status IN ('scheduled', 'open', 'paused', 'closed') AND opens_at_ms < ?3 AND closes_at_ms > ?2
           AND NOT EXISTS (SELECT 1 FROM sale_session_sales AS own WHERE own.sale_id = sales.sale_id)
           AND (?4 IS NULL OR ${isSkuOfGoods("sales.sku_id", GOODS_WITH.brand("?4"))})
         ORDER BY opens_at_ms, sale_id LIMIT ${ROWS_MAX}`,
      )
      .bind(this.#programmeId, fromMs, toMs, brandId)
      .all<Row>();
    return results.map((row) => readView(row, nowMs));
  }

  /** Goods that a sale can be made of: their standing sales, found by the name or the id of the SKU. */
  async goods(words: string, own: readonly string[], nowMs: number): Promise<SaleView[]> {
    const found = await findSkuIds(this.#db, this.#programmeId, words, GOODS_MAX);
    const skuIds = [...new Set([...own, ...found])];
    const { results } = await this.#db
      .prepare(
        `SELECT s.terms, s.state FROM json_each(?2) AS asked
         CROSS JOIN sales AS s ON s.programme_id = ?1 AND s.sku_id = asked.value AND s.kind = 'standing'
           AND s.status IN ('open', 'paused')
         ORDER BY s.sku_id`,
      )
      .bind(this.#programmeId, JSON.stringify(skuIds))
      .all<Row>();
    return results.map((row) => readView(row, nowMs));
  }
}

function bodyOf(session: Session): string {
  const { note, items } = session;
  return JSON.stringify({ note, items });
}

function readSession(row: Row): Session {
  const body = JSON.parse(String(row["body"])) as Pick<SessionDraft, "note" | "items">;
  return {
    sessionId: String(row["session_id"]),
    state: String(row["state"]) as Session["state"],
    version: Number(row["revision"]),
    title: String(row["title"]),
    note: body.note,
    opensAtMs: Number(row["opens_at_ms"]),
    closesAtMs: Number(row["closes_at_ms"]),
    items: body.items,
    createdBy: String(row["created_by"]),
    createdAtMs: Number(row["created_at_ms"]),
    updatedBy: String(row["updated_by"]),
    updatedAtMs: Number(row["updated_at_ms"]),
  };
}

function readView(row: Row, nowMs: number): SaleView {
  const terms = JSON.parse(String(row["terms"])) as SaleTerms;
  const state = JSON.parse(String(row["state"])) as Omit<Sale, "terms">;
  return viewOf({ ...state, terms }, parseSaleId(terms.saleId)?.skuId ?? "", nowMs);
}
