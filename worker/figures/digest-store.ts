/** Rows of the digest in D1: what is read of the ledger, and what a step adds. A step is one batch, hence one transaction. */
import { WINDOW_DAYS, type Digest, type DigestRow, type MemberCounts } from "./model.ts";

export interface MemberRow extends MemberCounts {
  readonly programmeId: string;
  readonly memberId: string;
  readonly firstSeenAtMs: number;
  readonly frequency: number;
  /** As the Account knows it; null: it knows no entry of this member. */
  readonly standing: {
    readonly seq: number;
    readonly active: number;
    readonly pending: number;
    readonly tierId: string | null;
    readonly nextExpiresAtMs: number | null;
    readonly nextExpiring: number;
  } | null;
}

/** Every statement by its name, so that a test can look at its plan. */
export const DIGEST_SQL = {
  read: `SELECT e.rowid AS rowid, e.programme_id AS programmeId, e.member_id AS memberId, e.type, e.points,
      COALESCE(e.recorded_at_ms, e.occurred_at_ms) AS atMs, e.order_id AS orderId, e.source_id AS sourceId,
      e.store_id AS storeId, o.sale_id AS saleId, o.quantity
    FROM ledger_entries e LEFT JOIN orders o
      ON o.programme_id = e.programme_id AND o.member_id = e.member_id AND o.order_id = e.order_id
    WHERE e.rowid > ?1 ORDER BY e.rowid LIMIT ?2`,
  counts: `SELECT m.programme_id AS programmeId, m.member_id AS memberId, m.last_active_at_ms AS lastActiveAtMs,
      m.last_redeemed_at_ms AS lastRedeemedAtMs, m.last_purchase_at_ms AS lastPurchaseAtMs, m.last_store_id AS lastStoreId,
      m.earned_points AS earnedPoints, m.spent_points AS spentPoints, m.month, m.purchases_0 AS p0, m.purchases_1 AS p1,
      m.purchases_2 AS p2
    FROM json_each(?1) asked CROSS JOIN members m
      ON m.programme_id = asked.value ->> 0 AND m.member_id = asked.value ->> 1`,
  begin:
    "INSERT OR IGNORE INTO digest_marks (name, mark, stamp, at_ms) VALUES ('ledger', 0, '', 0)",
  mark: "SELECT mark FROM digest_marks WHERE name = 'ledger'",
  move: "UPDATE digest_marks SET mark = ?2, stamp = ?3, at_ms = ?4 WHERE name = 'ledger' AND mark = ?1",
  days: `INSERT INTO day_figures (programme_id, day, type, entries, points)
    SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4 FROM json_each(?1)
    WHERE (SELECT stamp FROM digest_marks WHERE name = 'ledger') = ?2
    ON CONFLICT (programme_id, day, type) DO UPDATE SET entries = entries + excluded.entries, points = points + excluded.points`,
  goodsDays: `INSERT INTO goods_day_figures (programme_id, sku_id, day, orders, units, points, returned)
    SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6 FROM json_each(?1)
    WHERE (SELECT stamp FROM digest_marks WHERE name = 'ledger') = ?2
    ON CONFLICT (programme_id, sku_id, day) DO UPDATE SET orders = orders + excluded.orders, units = units + excluded.units,
      points = points + excluded.points, returned = returned + excluded.returned`,
  /** Windows of these goods anew, from the days they consist of. */
  goods: `INSERT INTO goods_figures (programme_id, sku_id, day, units_30, points_30)
    SELECT asked.value ->> 0, asked.value ->> 1, ?2, COALESCE(SUM(d.units - d.returned), 0), COALESCE(SUM(d.points), 0)
    FROM json_each(?1) asked CROSS JOIN goods_day_figures d
      ON d.programme_id = asked.value ->> 0 AND d.sku_id = asked.value ->> 1 AND d.day > ?2 - ${WINDOW_DAYS} AND d.day <= ?2
    WHERE true GROUP BY 1, 2
    ON CONFLICT (programme_id, sku_id) DO UPDATE SET day = excluded.day, units_30 = excluded.units_30, points_30 = excluded.points_30`,
  members: `INSERT INTO members (programme_id, member_id, first_seen_at_ms, last_active_at_ms, last_redeemed_at_ms,
      last_purchase_at_ms, last_store_id, earned_points, spent_points, month, purchases_0, purchases_1, purchases_2, frequency,
      seq, active, pending, tier_id, next_expires_at_ms, next_expiring)
    SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7, value ->> 8,
      value ->> 9, value ->> 10, value ->> 11, value ->> 12, value ->> 13, COALESCE(value ->> 14, 0), COALESCE(value ->> 15, 0),
      COALESCE(value ->> 16, 0), value ->> 17, value ->> 18, COALESCE(value ->> 19, 0)
    FROM json_each(?1) WHERE (SELECT stamp FROM digest_marks WHERE name = 'ledger') = ?2
    ON CONFLICT (programme_id, member_id) DO UPDATE SET
      first_seen_at_ms = MIN(first_seen_at_ms, excluded.first_seen_at_ms), last_active_at_ms = excluded.last_active_at_ms,
      last_redeemed_at_ms = excluded.last_redeemed_at_ms, last_purchase_at_ms = excluded.last_purchase_at_ms,
      last_store_id = excluded.last_store_id, earned_points = excluded.earned_points, spent_points = excluded.spent_points,
      month = excluded.month, purchases_0 = excluded.purchases_0, purchases_1 = excluded.purchases_1,
      purchases_2 = excluded.purchases_2, frequency = excluded.frequency, seq = excluded.seq, active = excluded.active,
      pending = excluded.pending, tier_id = excluded.tier_id, next_expires_at_ms = excluded.next_expires_at_ms,
      next_expiring = excluded.next_expiring`,
  /** Goods whose window ended before today: a bounded number of them. */
  staleGoods: `SELECT programme_id AS programmeId, sku_id AS skuId FROM goods_figures
    WHERE units_30 <> 0 AND day < ?1 LIMIT ?2`,
  emptyGoods: `UPDATE goods_figures SET units_30 = 0, points_30 = 0, day = ?2
    WHERE units_30 <> 0 AND (programme_id, sku_id) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?1)) AND day < ?2`,
  rollMembers: `UPDATE members SET month = ?1,
      purchases_1 = CASE WHEN month = ?1 - 1 THEN purchases_0 ELSE 0 END,
      purchases_2 = CASE ?1 - month WHEN 1 THEN purchases_1 WHEN 2 THEN purchases_0 ELSE 0 END,
      frequency = CASE ?1 - month WHEN 1 THEN purchases_0 + purchases_1 WHEN 2 THEN purchases_0 ELSE 0 END,
      purchases_0 = 0
    WHERE rowid IN (SELECT rowid FROM members WHERE frequency > 0 AND month < ?1 LIMIT ?2)`,
} as const;

const keyOf = ({ programmeId, memberId }: { programmeId: string; memberId: string }): string =>
  `${programmeId}:${memberId}`;

export class DigestStore {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  async mark(): Promise<number> {
    const row = await this.#db.prepare(DIGEST_SQL.mark).first<{ mark: number }>();
    if (row) return row.mark;
    await this.#db.prepare(DIGEST_SQL.begin).run();
    return 0;
  }

  async read(mark: number, rowsMax: number): Promise<DigestRow[]> {
    const { results } = await this.#db
      .prepare(DIGEST_SQL.read)
      .bind(mark, rowsMax)
      .all<DigestRow>();
    return results;
  }

  /** What rows count of these members, by member key. */
  async counts(
    members: readonly { programmeId: string; memberId: string }[],
  ): Promise<Map<string, MemberCounts>> {
    const asked = members.map(({ programmeId, memberId }) => [programmeId, memberId]);
    const { results } = await this.#db
      .prepare(DIGEST_SQL.counts)
      .bind(JSON.stringify(asked))
      .all<CountsRow>();
    return new Map(
      results.map(({ p0, p1, p2, ...row }) => [keyOf(row), { ...row, purchases: [p0, p1, p2] }]),
    );
  }

  /** Adds a step and moves the mark with it, once: false when another step came first, and nothing was added. */
  async add(
    step: { from: number; to: number; today: number; nowMs: number },
    { days, goods }: Pick<Digest, "days" | "goods">,
    members: readonly MemberRow[],
  ): Promise<boolean> {
    const stamp = crypto.randomUUID();
    const rows = (sql: string, list: readonly unknown[]): D1PreparedStatement =>
      this.#db.prepare(sql).bind(JSON.stringify(list), stamp);
    const touched = [...new Set(goods.map(({ programmeId, skuId }) => `${programmeId}\n${skuId}`))];
    const [moved] = await this.#db.batch([
      this.#db.prepare(DIGEST_SQL.move).bind(step.from, step.to, stamp, step.nowMs),
      rows(
        DIGEST_SQL.days,
        days.map((one) => [one.programmeId, one.day, one.type, one.entries, one.points]),
      ),
      rows(
        DIGEST_SQL.goodsDays,
        goods.map(({ programmeId, skuId, day, orders, units, points, returned }) => [
          ...[programmeId, skuId, day, orders, units, points, returned],
        ]),
      ),
      this.#db
        .prepare(DIGEST_SQL.goods)
        .bind(JSON.stringify(touched.map((key) => key.split("\n"))), step.today),
      rows(DIGEST_SQL.members, members.map(columnsOf)),
    ]);
    return moved?.meta.changes === 1;
  }

  /** Windows of goods that ended before today, and months of members that are over; how many rows were put right. */
  async roll(today: number, month: number, rowsMax: number): Promise<number> {
    const { results } = await this.#db
      .prepare(DIGEST_SQL.staleGoods)
      .bind(today, rowsMax)
      .all<{ programmeId: string; skuId: string }>();
    const goods = JSON.stringify(results.map(({ programmeId, skuId }) => [programmeId, skuId]));
    const statements = [this.#db.prepare(DIGEST_SQL.rollMembers).bind(month, rowsMax)];
    if (results.length > 0) {
      // Goods without a day left in their window have nothing to sum.
      statements.push(this.#db.prepare(DIGEST_SQL.goods).bind(goods, today));
      statements.push(this.#db.prepare(DIGEST_SQL.emptyGoods).bind(goods, today));
    }
    const [rolled] = await this.#db.batch(statements);
    return results.length + (rolled?.meta.changes ?? 0);
  }
}

interface CountsRow extends Omit<MemberCounts, "purchases"> {
  readonly programmeId: string;
  readonly memberId: string;
  readonly p0: number;
  readonly p1: number;
  readonly p2: number;
}

function columnsOf(row: MemberRow): unknown[] {
  const { programmeId, memberId, firstSeenAtMs, lastActiveAtMs, lastRedeemedAtMs } = row;
  const { lastPurchaseAtMs, lastStoreId, earnedPoints, spentPoints, month, purchases } = row;
  const { seq, active, pending, tierId, nextExpiresAtMs, nextExpiring } = row.standing ?? {};
  return [
    ...[programmeId, memberId, firstSeenAtMs, lastActiveAtMs, lastRedeemedAtMs, lastPurchaseAtMs],
    ...[lastStoreId, earnedPoints, spentPoints, month, ...purchases, row.frequency],
    ...[seq, active, pending, tierId, nextExpiresAtMs, nextExpiring].map((value) => value ?? null),
  ];
}
