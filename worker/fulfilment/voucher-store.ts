/** Vouchers and their write-offs in D1, which is their authority. */
import { createHash } from "node:crypto";
import { DAY_MS } from "../kernel/clock.ts";
import type { GoodsKind } from "../kernel/goods-kind.ts";
import { nextRows, type RoundList } from "../platform/rounds.ts";
import type { OrderRef } from "./address-book.ts";
import {
  locatorOf,
  RIGHTS_LAW,
  type ActSnapshot,
  type Booking,
  type Voucher,
  type VoucherState,
} from "./core/index.ts";
import type { OrderFacts } from "./order-gate.ts";
import type { DeliveryTerms } from "./terms-store.ts";

export interface StoredVoucher extends Voucher {
  readonly locator: string;
  readonly skuId: string;
  readonly kind: "coupon" | "service";
  readonly bookedStoreId: string | null;
  /** The SKU whose plan counts the place, "" for the store's own; null without a booking. */
  readonly bookedPlan: string | null;
  readonly booking: Booking;
  readonly isOrderTold: boolean;
}

export interface WriteOff extends OrderRef {
  readonly writeOffId: string;
  readonly voucherId: string;
  readonly uses: number;
  readonly storeId: string;
  readonly staffId: string;
  readonly snapshot: ActSnapshot;
  readonly state: "pending" | "done" | "refused" | "reversing" | "reversed";
  readonly atMs: number;
  readonly reason: string;
  /** Who agreed to its reversal; null: nobody. */
  readonly reversedBy: string | null;
}

export interface VoucherRow {
  readonly [column: string]: string | number | null;
}

function readBooking(row: VoucherRow): Booking {
  const { booked_at_ms: atMs, booked_until_ms: untilMs, booked_uses_left: usesLeftThen } = row;
  return {
    at: atMs === null ? null : { fromMs: Number(atMs), untilMs: Number(untilMs ?? atMs) },
    made: Number(row["bookings_made"]),
    usesLeftThen: usesLeftThen === null ? null : Number(usesLeftThen),
  };
}

export const readVoucher = (row: VoucherRow): StoredVoucher => ({
  voucherId: String(row["voucher_id"]),
  locator: String(row["locator"]),
  memberId: String(row["member_id"]),
  orderId: String(row["order_id"]),
  skuId: String(row["sku_id"]),
  kind: row["kind"] as StoredVoucher["kind"],
  title: String(row["title"]),
  usesTotal: Number(row["uses_total"]),
  usesLeft: Number(row["uses_left"]),
  storeIds: row["store_ids"] === null ? null : (JSON.parse(String(row["store_ids"])) as string[]),
  validFromMs: Number(row["valid_from_ms"]),
  expiresAtMs: Number(row["expires_at_ms"]),
  state: row["state"] as VoucherState,
  bookedStoreId: row["booked_store_id"] === null ? null : String(row["booked_store_id"]),
  bookedPlan: row["booked_plan"] === null ? null : String(row["booked_plan"]),
  booking: readBooking(row),
  isOrderTold: row["is_order_told"] === 1,
});

const readWriteOff = (row: VoucherRow): WriteOff => ({
  writeOffId: String(row["write_off_id"]),
  voucherId: String(row["voucher_id"]),
  memberId: String(row["member_id"]),
  orderId: String(row["order_id"]),
  uses: Number(row["uses"]),
  storeId: String(row["store_id"]),
  staffId: String(row["staff_id"]),
  snapshot: JSON.parse(String(row["snapshot"])) as WriteOff["snapshot"],
  state: row["state"] as WriteOff["state"],
  atMs: Number(row["at_ms"]),
  reason: String(row["reason"]),
  reversedBy: row["reversed_by"] === null ? null : String(row["reversed_by"]),
});

/** Goods whose right is a voucher. */
export const hasVouchers = (kind: GoodsKind): boolean =>
  kind === "coupon" || kind === "local_service";

/** Plainly of the order's id; where another member's order has the same id, of both ids. */
function voucherIdsOf({ memberId, orderId, quantity }: OrderFacts, isPlain: boolean): string[] {
  const pair = createHash("sha256").update(`${memberId}\n${orderId}`).digest("hex");
  const name = isPlain ? orderId : `v${pair.slice(0, 27)}`;
  return Array.from({ length: quantity }, (_, at) => `${name}-${String(at + 1).padStart(3, "0")}`);
}

export const usesOfAll = (vouchers: readonly Voucher[]): number =>
  vouchers.reduce((sum, { usesTotal }) => sum + usesTotal, 0);

export class VoucherStore {
  readonly #db: D1Database;
  readonly #programmeId: string;

  constructor(db: D1Database, programmeId: string) {
    this.#db = db;
    this.#programmeId = programmeId;
  }

  async find(voucherId: string): Promise<StoredVoucher | null> {
    return this.#one("voucher_id = ?2", voucherId);
  }

  async byLocator(locator: string): Promise<StoredVoucher | null> {
    return this.#one("locator = ?2", locator);
  }

  async #one(condition: string, value: string): Promise<StoredVoucher | null> {
    const row = await this.#db
      .prepare(`SELECT * FROM vouchers WHERE programme_id = ?1 AND ${condition}`)
      .bind(this.#programmeId, value)
      .first<VoucherRow>();
    return row && readVoucher(row);
  }

  async ofOrder({ memberId, orderId }: OrderRef): Promise<StoredVoucher[]> {
    const { results } = await this.#db
      .prepare(
        "SELECT * FROM vouchers WHERE programme_id = ?1 AND member_id = ?2 AND order_id = ?3 ORDER BY voucher_id",
      )
      .bind(this.#programmeId, memberId, orderId)
      .all<VoucherRow>();
    return results.map(readVoucher);
  }

  /** Of one person, whose older records may be several. */
  async ofMember(...memberIds: readonly string[]): Promise<StoredVoucher[]> {
    const { results } = await this.#db
      .prepare(
        `SELECT * FROM vouchers WHERE programme_id = ?1 AND member_id IN (SELECT value FROM json_each(?2))
         ORDER BY created_at_ms DESC, voucher_id LIMIT 100`,
      )
      .bind(this.#programmeId, JSON.stringify(memberIds))
      .all<VoucherRow>();
    return results.map(readVoucher);
  }

  /** One voucher a unit, however often and by how many it is made. */
  async issue(order: OrderFacts, terms: DeliveryTerms, nowMs: number): Promise<StoredVoucher[]> {
    // Two vouchers may meet on seven digits by chance; what was not written is tried with others.
    for (let tries = 0; tries < 8; tries += 1) {
      const known = await this.ofOrder(order);
      if (known.length >= order.quantity) return known;
      const ids = voucherIdsOf(order, tries === 0).filter(
        (id) => !known.some(({ voucherId }) => voucherId === id),
      );
      await this.#db.batch(ids.map((voucherId) => this.#insert(order, terms, voucherId, nowMs)));
    }
    return this.ofOrder(order);
  }

  #insert(
    order: OrderFacts,
    terms: DeliveryTerms,
    voucherId: string,
    nowMs: number,
  ): D1PreparedStatement {
    const locator = locatorOf(crypto.getRandomValues(new Uint8Array(4)));
    return this.#db
      .prepare(
        `INSERT INTO vouchers (programme_id, voucher_id, locator, member_id, order_id, sku_id, kind, title, uses_total, uses_left,
           store_ids, valid_from_ms, expires_at_ms, state, is_order_told, created_at_ms)
         SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9, ?10, ?11, ?12, 'live', 0, ?11
         WHERE (SELECT COUNT(*) FROM vouchers WHERE programme_id = ?1 AND member_id = ?4 AND order_id = ?5) < ?13
         ON CONFLICT DO NOTHING`,
      )
      .bind(
        ...[this.#programmeId, voucherId, locator, order.memberId, order.orderId, order.skuId],
        ...[order.goodsKind === "coupon" ? "coupon" : "service", order.title, terms.usesPerUnit],
        ...[terms.storeIds && JSON.stringify(terms.storeIds), nowMs],
        ...[nowMs + terms.validDays * DAY_MS, order.quantity],
      );
  }

  // ---- write-offs

  /** Takes the uses and writes the act down as `pending`, in one transaction. False: somebody was quicker. */
  async reserve(voucher: StoredVoucher, act: WriteOff): Promise<boolean> {
    const { programmeId, db } = { programmeId: this.#programmeId, db: this.#db };
    // What one clerk has read is no other's: of a card with several uses there would be uses left for both.
    const isOthers = `SELECT 1 FROM write_offs WHERE programme_id = ?1 AND voucher_id = ?3 AND staff_id <> ?8
      AND state IN ('pending', 'done', 'reversing') AND snapshot ->> '$.shownStep' = ?9 ->> '$.shownStep'`;
    const isFree = `state = 'live' AND uses_left >= ?6 AND NOT EXISTS (${isOthers})`;
    const guard = `SELECT 1 FROM vouchers WHERE programme_id = ?1 AND voucher_id = ?3 AND ${RIGHTS_LAW.usesAreGuarded ? isFree : "TRUE"}`;
    const [inserted] = await db.batch([
      db
        .prepare(
          `INSERT INTO write_offs (programme_id, write_off_id, voucher_id, member_id, order_id, uses, store_id, staff_id, snapshot, state, at_ms, reason)
           SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 'pending', ?10, '' WHERE EXISTS (${guard}) ON CONFLICT DO NOTHING`,
        )
        .bind(
          ...[programmeId, act.writeOffId, voucher.voucherId, voucher.memberId, voucher.orderId],
          ...[act.uses, act.storeId, act.staffId, JSON.stringify(act.snapshot), act.atMs],
        ),
      // Follows the row above and nothing else: `changes()` is 0 when it was not written.
      db
        .prepare(
          `UPDATE vouchers SET uses_left = uses_left - ?3, state = CASE WHEN uses_left = ?3 THEN 'used_up' ELSE state END
           WHERE programme_id = ?1 AND voucher_id = ?2 AND changes() = 1`,
        )
        .bind(programmeId, voucher.voucherId, act.uses),
    ]);
    return inserted?.meta.changes === 1;
  }

  async confirm(writeOffId: string): Promise<void> {
    await this.#db
      .prepare(
        "UPDATE write_offs SET state = 'done' WHERE programme_id = ?1 AND write_off_id = ?2 AND state = 'pending'",
      )
      .bind(this.#programmeId, writeOffId)
      .run();
  }

  /** Written down before the order hears of it, so that whoever comes after a crash goes on. */
  async beginReversal(writeOffId: string, by: string, reason: string): Promise<void> {
    await this.#db
      .prepare(
        `UPDATE write_offs SET state = 'reversing', reason = ?3, reversed_by = ?4
         WHERE programme_id = ?1 AND write_off_id = ?2 AND state = 'done'`,
      )
      .bind(this.#programmeId, writeOffId, reason, by)
      .run();
  }

  /** The order did not agree: what was served stays so. */
  async dropReversal(writeOffId: string): Promise<void> {
    await this.#db
      .prepare(
        `UPDATE write_offs SET state = 'done', reason = '', reversed_by = NULL
         WHERE programme_id = ?1 AND write_off_id = ?2 AND state = 'reversing'`,
      )
      .bind(this.#programmeId, writeOffId)
      .run();
  }

  /** The order did not agree, or the act is undone: its uses go back. Once, whoever says so how often. */
  async giveBack(
    act: Pick<WriteOff, "writeOffId" | "voucherId" | "uses">,
    to: "refused" | "reversed",
    note: { readonly by: string; readonly reason: string; readonly nowMs: number },
  ): Promise<boolean> {
    const from = to === "refused" ? "pending" : "reversing";
    const [changed] = await this.#db.batch([
      this.#db
        .prepare(
          `UPDATE write_offs SET state = ?3, reason = ?4, reversed_by = ?5, reversed_at_ms = ?6
           WHERE programme_id = ?1 AND write_off_id = ?2 AND state = '${from}'`,
        )
        .bind(this.#programmeId, act.writeOffId, to, note.reason, note.by, note.nowMs),
      this.#db
        .prepare(
          `UPDATE vouchers SET uses_left = uses_left + ?3, state = CASE WHEN state = 'used_up' THEN 'live' ELSE state END,
             is_order_told = 0 WHERE programme_id = ?1 AND voucher_id = ?2 AND changes() = 1`,
        )
        .bind(this.#programmeId, act.voucherId, act.uses),
    ]);
    return changed?.meta.changes === 1;
  }

  async orderTold(order: OrderRef): Promise<void> {
    await this.#db
      .prepare(
        "UPDATE vouchers SET is_order_told = 1 WHERE programme_id = ?1 AND member_id = ?2 AND order_id = ?3",
      )
      .bind(this.#programmeId, order.memberId, order.orderId)
      .run();
  }

  /** A coupon whose order does not count its uses ends whole, before it is given back, or is refused because one of it was used. */
  async voidUnused(order: OrderRef): Promise<boolean> {
    const key = [this.#programmeId, order.memberId, order.orderId] as const;
    const OF_ORDER = "programme_id = ?1 AND member_id = ?2 AND order_id = ?3";
    const { meta } = await this.#db
      .prepare(
        `UPDATE vouchers SET state = 'void' WHERE ${OF_ORDER} AND state = 'live'
           AND NOT EXISTS (SELECT 1 FROM vouchers WHERE ${OF_ORDER} AND uses_left < uses_total)`,
      )
      .bind(...key)
      .run();
    if (meta.changes > 0) return true;
    const left = await this.#db
      .prepare(`SELECT COUNT(*) AS n FROM vouchers WHERE ${OF_ORDER} AND state <> 'void'`)
      .bind(...key)
      .first<number>("n");
    return left === 0;
  }

  /**
   * The order was given back: what is left of its vouchers ends with it. It agreed to that, and agrees to no use after that. False:
   * some of it is held by a desk that has not finished, and may still come back to a voucher. Both in one transaction, so true is final.
   */
  async voidLeft({ memberId, orderId }: OrderRef): Promise<boolean> {
    const key = [this.#programmeId, memberId, orderId] as const;
    const [, held] = await this.#db.batch([
      this.#db
        .prepare(
          `UPDATE vouchers SET state = 'void'
           WHERE programme_id = ?1 AND member_id = ?2 AND order_id = ?3 AND state = 'live'`,
        )
        .bind(...key),
      this.#db
        .prepare(
          `SELECT 1 FROM vouchers AS v JOIN write_offs AS w ON w.programme_id = ?1 AND w.voucher_id = v.voucher_id
           WHERE v.programme_id = ?1 AND v.member_id = ?2 AND v.order_id = ?3 AND w.state IN ('pending', 'reversing') LIMIT 1`,
        )
        .bind(...key),
    ]);
    return held?.results.length === 0;
  }

  async writeOff(writeOffId: string): Promise<WriteOff | null> {
    const row = await this.#db
      .prepare("SELECT * FROM write_offs WHERE programme_id = ?1 AND write_off_id = ?2")
      .bind(this.#programmeId, writeOffId)
      .first<VoucherRow>();
    return row && readWriteOff(row);
  }

  async writeOffsOf(voucherIds: readonly string[]): Promise<WriteOff[]> {
    const { results } = await this.#db
      .prepare(
        `SELECT w.* FROM json_each(?2) AS v JOIN write_offs AS w ON w.programme_id = ?1 AND w.voucher_id = v.value
         WHERE w.state IN ('done', 'reversing', 'reversed') ORDER BY w.at_ms DESC LIMIT 200`,
      )
      .bind(this.#programmeId, JSON.stringify(voucherIds))
      .all<VoucherRow>();
    return results.map(readWriteOff);
  }

  /** Whether a use of these is held by a desk that has not finished. */
  async hasPending(voucherIds: readonly string[]): Promise<boolean> {
    const found = await this.#db
      .prepare(
        `SELECT 1 FROM json_each(?2) AS v JOIN write_offs AS w ON w.programme_id = ?1 AND w.voucher_id = v.value
         WHERE w.state = 'pending' LIMIT 1`,
      )
      .bind(this.#programmeId, JSON.stringify(voucherIds))
      .first();
    return found !== null;
  }

  /** Of a store, newest first; of all stores for null. */
  /** Each with what was used. */
  async recent(
    storeId: string | null,
    beforeMs: number,
    limit: number,
  ): Promise<(WriteOff & { readonly title: string })[]> {
    const { results } = await this.#db
      .prepare(
        // One statement would leave no index to the list of all stores.
        `SELECT w.*, v.title FROM write_offs AS w
           LEFT JOIN vouchers AS v ON v.programme_id = w.programme_id AND v.voucher_id = w.voucher_id
         WHERE w.programme_id = ?1 AND w.at_ms < ?2 ${storeId === null ? "" : "AND w.store_id = ?4"}
           AND w.state IN ('done', 'reversing', 'reversed') ORDER BY w.at_ms DESC LIMIT ?3`,
      )
      .bind(this.#programmeId, beforeMs, limit, ...(storeId === null ? [] : [storeId]))
      .all<VoucherRow>();
    return results.map((row) => ({ ...readWriteOff(row), title: String(row["title"] ?? "") }));
  }
}

export interface HalfDoneWriteOff {
  readonly programmeId: string;
  readonly act: WriteOff;
}

/** Each state has an index of its own. */
export const HALF_DONE: readonly RoundList[] = ["pending", "reversing"].map((state) => ({
  ...{ name: `write_offs:${state}`, rows: 100, by: ["at_ms", "rowid"], start: [0, 0] },
  ...{ columns: "*", from: "write_offs", where: `state = '${state}' AND at_ms <= ?3 - 15000` },
}));

/** What a crash left between the voucher and the order, either way; of all programmes. */
export async function halfDoneWriteOffs(
  db: D1Database,
  nowMs: number,
): Promise<HalfDoneWriteOff[]> {
  const found = await Promise.all(HALF_DONE.map((list) => nextRows<VoucherRow>(db, list, nowMs)));
  return found
    .flat()
    .map((row) => ({ programmeId: String(row["programme_id"]), act: readWriteOff(row) }));
}
