/** How the goods of each SKU reach their members, and what sending costs: D1 is the authority. */
import { parseSaleId, splitSkuId } from "../kernel/ids.ts";
import { quoteFreight, type FreightQuote, type FreightTemplate } from "./core/index.ts";

export interface DeliveryTerms {
  /** Null: the programme's default template. */
  readonly freightTemplateId: string | null;
  /** Of each unit of a coupon or a local service. */
  readonly usesPerUnit: number;
  readonly validDays: number;
  /** Null: every store. */
  readonly storeIds: readonly string[] | null;
  /** Staff are told when fewer codes are free. */
  readonly lowStockAt: number;
  /** What the supplier of a top-up calls the goods. */
  readonly product: string;
}

export const DELIVERY_DEFAULTS: DeliveryTerms = {
  freightTemplateId: null,
  usesPerUnit: 1,
  validDays: 30,
  storeIds: null,
  lowStockAt: 20,
  product: "",
};

export interface StoredTerms extends DeliveryTerms {
  /** 0: nobody has saved any, and these are the defaults. */
  readonly savedAtMs: number;
}

export interface SavedTemplate extends FreightTemplate {
  readonly isDefault: boolean;
}

export interface StoredTemplate extends SavedTemplate {
  readonly savedAtMs: number;
}

interface TemplateRow {
  readonly body: string;
  readonly is_default: number;
  readonly saved_at_ms: number;
}

const readTemplate = (row: TemplateRow): StoredTemplate => ({
  ...(JSON.parse(row.body) as FreightTemplate),
  ...{ isDefault: row.is_default === 1, savedAtMs: row.saved_at_ms },
});

const ROWS_MAX = 200;

export class DeliveryTermsStore {
  readonly #db: D1Database;
  readonly #programmeId: string;

  constructor(db: D1Database, programmeId: string) {
    this.#db = db;
    this.#programmeId = programmeId;
  }

  /** Of a store's own units: what their goods say, but to be used in that store. */
  async of(skuId: string): Promise<StoredTerms> {
    const { goodsSkuId, storeId } = splitSkuId(skuId);
    const terms = await this.#ofGoods(goodsSkuId);
    return storeId === null ? terms : { ...terms, storeIds: [storeId] };
  }

  async #ofGoods(skuId: string): Promise<StoredTerms> {
    const row = await this.#db
      .prepare(
        "SELECT body, saved_at_ms FROM delivery_terms WHERE programme_id = ?1 AND sku_id = ?2",
      )
      .bind(this.#programmeId, skuId)
      .first<{ body: string; saved_at_ms: number }>();
    const saved = row ? (JSON.parse(row.body) as Partial<DeliveryTerms>) : {};
    return { ...DELIVERY_DEFAULTS, ...saved, savedAtMs: row?.saved_at_ms ?? 0 };
  }

  /** `basedOn`: `savedAtMs` of what was edited. False: somebody saved it since, and nothing was written. */
  async save(
    skuId: string,
    terms: DeliveryTerms,
    by: { readonly savedBy: string; readonly nowMs: number; readonly basedOn?: number | undefined },
  ): Promise<boolean> {
    const { savedBy, nowMs, basedOn = null } = by;
    const { meta } = await this.#db
      .prepare(
        `INSERT INTO delivery_terms (programme_id, sku_id, body, saved_by, saved_at_ms) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (programme_id, sku_id) DO UPDATE SET body = json_patch(delivery_terms.body, excluded.body), saved_by = excluded.saved_by,
           saved_at_ms = excluded.saved_at_ms
         WHERE ?6 IS NULL OR delivery_terms.saved_at_ms = ?6`,
      )
      .bind(this.#programmeId, skuId, JSON.stringify(terms), savedBy, nowMs, basedOn)
      .run();
    return meta.changes > 0;
  }

  /** The SKU has card codes: staff find it among those, and the sweep reseals them. */
  async markCodes(skuId: string, savedBy: string, nowMs: number): Promise<void> {
    const body = JSON.stringify({ ...DELIVERY_DEFAULTS, hasCodes: true });
    await this.#db
      .prepare(
        `INSERT INTO delivery_terms (programme_id, sku_id, body, saved_by, saved_at_ms) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (programme_id, sku_id) DO UPDATE SET body = json_set(delivery_terms.body, '$.hasCodes', json('true'))`,
      )
      .bind(this.#programmeId, skuId, body, savedBy, nowMs)
      .run();
  }

  async templates(): Promise<StoredTemplate[]> {
    const { results } = await this.#db
      .prepare(
        `SELECT body, is_default, saved_at_ms FROM freight_templates WHERE programme_id = ?1
         ORDER BY is_default DESC, template_id LIMIT ${ROWS_MAX}`,
      )
      .bind(this.#programmeId)
      .all<TemplateRow>();
    return results.map(readTemplate);
  }

  async template(templateId: string): Promise<StoredTemplate | null> {
    const row = await this.#db
      .prepare(
        "SELECT body, is_default, saved_at_ms FROM freight_templates WHERE programme_id = ?1 AND template_id = ?2",
      )
      .bind(this.#programmeId, templateId)
      .first<TemplateRow>();
    return row && readTemplate(row);
  }

  /** `basedOn`: `savedAtMs` of what was edited. False: somebody saved or removed it since, and nothing was written. */
  async saveTemplate(
    template: SavedTemplate,
    by: { readonly savedBy: string; readonly nowMs: number; readonly basedOn?: number | undefined },
  ): Promise<boolean> {
    const { isDefault, ...body } = template;
    const { savedBy, nowMs, basedOn = null } = by;
    const [, written] = await this.#db.batch([
      // Only beside a write that goes through: the same condition as below.
      this.#db
        .prepare(
          `UPDATE freight_templates SET is_default = 0 WHERE programme_id = ?1 AND template_id <> ?2 AND ?3 = 1
             AND (COALESCE(?4, 0) = 0 OR EXISTS (SELECT 1 FROM freight_templates WHERE programme_id = ?1 AND template_id = ?2))
             AND NOT EXISTS (SELECT 1 FROM freight_templates WHERE programme_id = ?1 AND template_id = ?2 AND saved_at_ms <> ?4)`,
        )
        .bind(this.#programmeId, body.templateId, isDefault ? 1 : 0, basedOn),
      this.#db
        .prepare(
          `INSERT INTO freight_templates (programme_id, template_id, is_default, body, saved_by, saved_at_ms)
           SELECT ?1, ?2, ?3, ?4, ?5, ?6
           WHERE COALESCE(?7, 0) = 0 OR EXISTS (SELECT 1 FROM freight_templates WHERE programme_id = ?1 AND template_id = ?2)
           ON CONFLICT (programme_id, template_id) DO UPDATE SET
             is_default = excluded.is_default, body = excluded.body, saved_by = excluded.saved_by, saved_at_ms = excluded.saved_at_ms
           WHERE ?7 IS NULL OR freight_templates.saved_at_ms = ?7`,
        )
        .bind(
          ...[this.#programmeId, body.templateId, isDefault ? 1 : 0, JSON.stringify(body)],
          ...[savedBy, nowMs, basedOn],
        ),
    ]);
    return (written?.meta.changes ?? 0) > 0;
  }

  /** `basedOn`: `savedAtMs` of what was seen. Not null: somebody saved it since, and this is what stands. */
  async removeTemplate(templateId: string, basedOn?: number): Promise<StoredTemplate | null> {
    await this.#db
      .prepare(
        `DELETE FROM freight_templates WHERE programme_id = ?1 AND template_id = ?2
         AND (?3 IS NULL OR saved_at_ms = ?3)`,
      )
      .bind(this.#programmeId, templateId, basedOn ?? null)
      .run();
    return this.template(templateId);
  }

  /**
   * What sending so many units of a SKU to a district costs: by its own template, by the one that its goods name, by what its
   * goods cost wherever they go, by the programme's default, in this order.
   */
  async quote(skuId: string, regionCode: string, pieces: number): Promise<FreightQuote> {
    const [terms, templates, goods] = await Promise.all([
      this.of(skuId),
      this.templates(),
      this.#freightOfGoods(skuId),
    ]);
    const byId = (id: string | null): SavedTemplate | undefined =>
      id === null ? undefined : templates.find(({ templateId }) => templateId === id);
    const named = byId(terms.freightTemplateId) ?? byId(goods.templateId);
    if (!named && goods.amountFen > 0) {
      return { kind: "deliverable", amountFen: goods.amountFen };
    }
    const wanted = named ?? templates.find(({ isDefault }) => isDefault);
    return quoteFreight(wanted ?? null, regionCode, pieces);
  }

  async #freightOfGoods(
    skuId: string,
  ): Promise<{ readonly templateId: string | null; readonly amountFen: number }> {
    const row = await this.#db
      .prepare(
        `SELECT terms ->> '$.goods.freightTemplateId' AS template_id, terms ->> '$.goods.freightFen' AS amount_fen
         FROM sales WHERE programme_id = ?1 AND kind = 'standing' AND sku_id = ?2 ORDER BY opens_at_ms DESC LIMIT 1`,
      )
      .bind(this.#programmeId, skuId)
      .first<{ template_id: string | null; amount_fen: number | null }>();
    return { templateId: row?.template_id ?? null, amountFen: row?.amount_fen ?? 0 };
  }
}

/** The SKU that an order of a sale is for. */
export const skuIdOf = (saleId: string): string => parseSaleId(saleId)?.skuId ?? "";
