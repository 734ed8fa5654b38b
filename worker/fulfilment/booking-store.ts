/** When stores take bookings, and the places that are taken: D1 is the authority, and counts in the statement that books. */
import { DAY_MS } from "../kernel/clock.ts";
import { splitSkuId } from "../kernel/ids.ts";
import type { BookingPlan, Slot, Taken } from "./core/index.ts";
import { readVoucher, type StoredVoucher, type VoucherRow } from "./voucher-store.ts";

/** A plan and what it is for. `skuId` "" is for everything that has no plan of its own in the store. */
export interface StoredPlan {
  readonly storeId: string;
  readonly skuId: string;
  readonly plan: BookingPlan;
  readonly savedAtMs: number;
}

interface PlanRow {
  readonly store_id: string;
  readonly sku_id: string;
  readonly body: string;
  readonly saved_at_ms: number;
}

const PLANS_MAX = 500;
/** Slots that a plan and those before it can have cut. */
const TAKEN_MAX = 10_000;

const readPlan = (row: PlanRow): StoredPlan => ({
  ...{ storeId: row.store_id, skuId: row.sku_id, savedAtMs: row.saved_at_ms },
  plan: JSON.parse(row.body) as BookingPlan,
});

/** Slots are no longer than a day, so whoever is still there came within one. */
const MEETS = `booked_store_id = ?2 AND booked_at_ms > ?3 - ${DAY_MS} AND booked_at_ms < ?4
  AND booked_until_ms > ?3 AND booked_plan = ?5 AND state <> 'void'`;

export class BookingStore {
  readonly #db: D1Database;
  readonly #programmeId: string;

  constructor(db: D1Database, programmeId: string) {
    this.#db = db;
    this.#programmeId = programmeId;
  }

  async plansOf(storeId: string): Promise<StoredPlan[]> {
    const { results } = await this.#db
      .prepare(
        `SELECT * FROM booking_plans WHERE programme_id = ?1 AND store_id = ?2 ORDER BY sku_id LIMIT ${PLANS_MAX}`,
      )
      .bind(this.#programmeId, storeId)
      .all<PlanRow>();
    return results.map(readPlan);
  }

  async planOf(storeId: string, skuId: string): Promise<StoredPlan | null> {
    const row = await this.#db
      .prepare(
        "SELECT * FROM booking_plans WHERE programme_id = ?1 AND store_id = ?2 AND sku_id = ?3",
      )
      .bind(this.#programmeId, storeId, skuId)
      .first<PlanRow>();
    return row && readPlan(row);
  }

  /** Goods that a plan can be for, by title. */
  async bookableGoods(): Promise<{ skuId: string; title: string }[]> {
    const { results } = await this.#db
      .prepare(
        `SELECT k.sku_id AS skuId, g.title || CASE WHEN k.sku_id = g.goods_id THEN '' ELSE ' · ' || k.sku_id END AS title
         FROM goods AS g JOIN goods_skus AS k ON k.programme_id = g.programme_id AND k.goods_id = g.goods_id AND k.is_active = 1
         WHERE g.programme_id = ?1 AND g.kind IN ('local_service', 'coupon')
         ORDER BY g.title, k.sku_id LIMIT ${PLANS_MAX}`,
      )
      .bind(this.#programmeId)
      .all<{ skuId: string; title: string }>();
    return results;
  }

  /** Where a voucher of this SKU is booked: a plan of the goods goes before the store's. */
  async plansFor(skuId: string, storeIds: readonly string[]): Promise<StoredPlan[]> {
    const { results } = await this.#db
      .prepare(
        `SELECT p.* FROM json_each(?2) AS s JOIN booking_plans AS p
           ON p.programme_id = ?1 AND p.store_id = s.value AND p.sku_id IN ('', ?3)
         WHERE p.sku_id = ?3 OR NOT EXISTS (SELECT 1 FROM booking_plans AS own
           WHERE own.programme_id = ?1 AND own.store_id = p.store_id AND own.sku_id = ?3)`,
      )
      .bind(this.#programmeId, JSON.stringify(storeIds), splitSkuId(skuId).goodsSkuId)
      .all<PlanRow>();
    return results.map(readPlan);
  }

  /** `basedOn`: `savedAtMs` of what was edited. False: somebody saved or removed it since, and nothing was written. */
  async savePlan(
    { storeId, skuId, plan }: Omit<StoredPlan, "savedAtMs">,
    by: { readonly savedBy: string; readonly nowMs: number; readonly basedOn?: number | undefined },
  ): Promise<boolean> {
    const { meta } = await this.#db
      .prepare(
        `INSERT INTO booking_plans (programme_id, store_id, sku_id, body, saved_by, saved_at_ms) SELECT ?1, ?2, ?3, ?4, ?5, ?6
         WHERE COALESCE(?7, 0) = 0 OR EXISTS (SELECT 1 FROM booking_plans WHERE programme_id = ?1 AND store_id = ?2 AND sku_id = ?3)
         ON CONFLICT (programme_id, store_id, sku_id) DO UPDATE SET
           body = excluded.body, saved_by = excluded.saved_by, saved_at_ms = excluded.saved_at_ms
         WHERE ?7 IS NULL OR booking_plans.saved_at_ms = ?7`,
      )
      .bind(
        ...[this.#programmeId, storeId, skuId, JSON.stringify(plan)],
        ...[by.savedBy, by.nowMs, by.basedOn ?? null],
      )
      .run();
    return meta.changes > 0;
  }

  /** `basedOn`: `savedAtMs` of what was seen. Not null: somebody saved it since, and this is what stands. */
  async removePlan(storeId: string, skuId: string, basedOn?: number): Promise<StoredPlan | null> {
    await this.#db
      .prepare(
        `DELETE FROM booking_plans WHERE programme_id = ?1 AND store_id = ?2 AND sku_id = ?3
         AND (?4 IS NULL OR saved_at_ms = ?4)`,
      )
      .bind(this.#programmeId, storeId, skuId, basedOn ?? null)
      .run();
    return this.planOf(storeId, skuId);
  }

  /** What is taken of a plan's places within a time. */
  async taken({ storeId, skuId }: StoredPlan, within: Slot): Promise<Taken[]> {
    const { results } = await this.#db
      .prepare(
        `SELECT booked_at_ms, booked_until_ms, COUNT(*) AS vouchers FROM vouchers
         WHERE programme_id = ?1 AND ${MEETS} GROUP BY booked_at_ms, booked_until_ms LIMIT ${TAKEN_MAX}`,
      )
      .bind(this.#programmeId, storeId, within.fromMs, within.untilMs, skuId)
      .all<{ booked_at_ms: number; booked_until_ms: number; vouchers: number }>();
    return results.map(({ booked_at_ms: fromMs, booked_until_ms: untilMs, vouchers }) => ({
      ...{ fromMs, untilMs, vouchers },
    }));
  }

  /**
   * Books a slot for a voucher that is as it was read, if a place of the slot is free then: one statement, so of two who
   * meet at the last place one gets it. `made`: bookings for this visit, this one included.
   */
  async book(
    voucher: StoredVoucher,
    { storeId, skuId, plan }: StoredPlan,
    slot: Slot,
    made: number,
  ): Promise<boolean> {
    const { meta } = await this.#db
      .prepare(
        `UPDATE vouchers SET booked_store_id = ?2, booked_at_ms = ?3, booked_until_ms = ?4, booked_plan = ?5,
           bookings_made = ?6, booked_uses_left = uses_left
         WHERE programme_id = ?1 AND voucher_id = ?7 AND state = 'live'
           AND uses_left = ?8 AND bookings_made = ?9 AND booked_at_ms IS ?10
           AND (SELECT COUNT(*) FROM vouchers WHERE programme_id = ?1 AND voucher_id <> ?7 AND ${MEETS}) < ?11`,
      )
      .bind(
        ...[this.#programmeId, storeId, slot.fromMs, slot.untilMs, skuId, made],
        ...[voucher.voucherId, voucher.usesLeft, voucher.booking.made],
        ...[voucher.booking.at?.fromMs ?? null, plan.capacity],
      )
      .run();
    return meta.changes > 0;
  }

  /** `isForgiven`: as if this visit had never been booked, so that the member may choose anew. */
  async release(voucher: StoredVoucher, isForgiven: boolean): Promise<boolean> {
    const { meta } = await this.#db
      .prepare(
        `UPDATE vouchers SET booked_store_id = NULL, booked_at_ms = NULL, booked_until_ms = NULL, booked_plan = NULL,
           bookings_made = CASE WHEN ?4 THEN 0 ELSE bookings_made END
         WHERE programme_id = ?1 AND voucher_id = ?2 AND booked_at_ms = ?3`,
      )
      .bind(
        ...[this.#programmeId, voucher.voucherId, voucher.booking.at?.fromMs ?? null],
        isForgiven ? 1 : 0,
      )
      .run();
    return meta.changes > 0;
  }

  /** Who has booked at a store within a time, whether they came or are still expected. */
  async booked(storeId: string, { fromMs, untilMs }: Slot): Promise<StoredVoucher[]> {
    const { results } = await this.#db
      .prepare(
        `SELECT * FROM vouchers WHERE programme_id = ?1 AND booked_store_id = ?2 AND booked_at_ms >= ?3 AND booked_at_ms < ?4
           AND state <> 'void' ORDER BY booked_at_ms, locator LIMIT 500`,
      )
      .bind(this.#programmeId, storeId, fromMs, untilMs)
      .all<VoucherRow>();
    return results.map(readVoucher);
  }
}
