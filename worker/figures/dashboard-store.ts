/** What the dashboard reads of D1: projections only, each by an index. */
import { DAY_MS } from "../kernel/clock.ts";
import { AT_STORE } from "../kernel/ids.ts";
import { ALL_DAYS } from "./model.ts";

export const GOODS = `SELECT s.sku_id AS skuId, s.terms ->> '$.title' AS title, s.terms ->> '$.picture' AS picture,
    s.terms ->> '$.pricePoints' AS pricePoints, s.shelf AS shelf, COALESCE(g.units_30, 0) AS units30,
    COALESCE(g.points_30, 0) AS points30
  FROM sales s LEFT JOIN goods_figures g ON g.programme_id = s.programme_id AND g.sku_id = s.sku_id`;
/** Goods are slow when fewer than one in twenty units went. */
export const IS_SLOW = "COALESCE(g.units_30, 0) * 20 < COALESCE(g.units_30, 0) + s.shelf";
export const ON_OFFER = "s.programme_id = ?1 AND s.kind = 'standing' AND s.status = 'open'";

/** Every statement by its name, so that a test can look at its plan. */
export const DASHBOARD_SQL = {
  days: "SELECT day, type, entries, points FROM day_figures WHERE programme_id = ?1 AND day >= ?2",
  owned: `SELECT COALESCE(SUM(points), 0) AS points FROM day_figures WHERE programme_id = ?1 AND day = ${ALL_DAYS}`,
  hot: `SELECT g.sku_id AS skuId, COALESCE(CASE WHEN instr(g.sku_id, '${AT_STORE}') > 0 THEN k.title END, s.terms ->> '$.title', k.title, g.sku_id) AS title,
      COALESCE(s.terms ->> '$.picture', '') AS picture, s.terms ->> '$.pricePoints' AS pricePoints, s.shelf AS shelf,
      g.units_30 AS units30, g.points_30 AS points30
    FROM goods_figures g LEFT JOIN skus k ON k.programme_id = g.programme_id AND k.sku_id = g.sku_id
    LEFT JOIN sales s ON s.programme_id = g.programme_id AND s.sku_id = g.sku_id AND s.kind = 'standing' AND s.status = 'open'
    WHERE g.programme_id = ?1 AND g.units_30 > 0 ORDER BY g.units_30 DESC LIMIT 8`,
  stockOuts: `${GOODS} WHERE ${ON_OFFER} AND s.shelf = 0 LIMIT 20`,
  stockOutCount: `SELECT COUNT(*) AS count FROM sales s WHERE ${ON_OFFER} AND s.shelf = 0`,
  approvals: `SELECT COUNT(*) AS count FROM approvals
    WHERE programme_id = ?1 AND state = 'proposed' AND expires_at_ms > ?2`,
  toShip: "SELECT COUNT(*) AS count FROM orders WHERE programme_id = ?1 AND state = 'to_ship'",
  cases: `SELECT COUNT(*) AS count FROM after_sales
    WHERE programme_id = ?1 AND state IN ('applied', 'sent_back')`,
  words: "SELECT COUNT(*) AS count FROM ratings WHERE programme_id = ?1 AND state = 'waiting'",
  digestAt: "SELECT at_ms AS atMs FROM digest_marks WHERE name = 'ledger'",
  kept: "SELECT body, at_ms AS atMs FROM slow_figures WHERE programme_id = ?1",
  keep: `INSERT INTO slow_figures (programme_id, body, at_ms) VALUES (?1, ?2, ?3)
    ON CONFLICT (programme_id) DO UPDATE SET body = excluded.body, at_ms = excluded.at_ms`,
} as const;

/** Members since a moment; a record that went into another is none any more. */
function countOf(column: "last_active_at_ms" | "last_redeemed_at_ms"): string {
  const since = `FROM members WHERE programme_id = ?1 AND ${column} >= ?2`;
  return `SELECT (SELECT COUNT(*) ${since}) - (SELECT COUNT(*) ${since} AND merged_into IS NOT NULL) AS count`;
}

/** Counts over all members or all goods: made every few minutes, whatever they cost. */
export const SLOW_SQL = {
  active: countOf("last_active_at_ms"),
  redeemers: countOf("last_redeemed_at_ms"),
  expiring: `SELECT COUNT(*) AS members, COALESCE(SUM(next_expiring), 0) AS points FROM members
    WHERE programme_id = ?1 AND next_expires_at_ms > ?2 AND next_expires_at_ms <= ?3`,
  rated: `SELECT COUNT(*) AS count, COALESCE(SUM(stars), 0) AS stars FROM ratings
    WHERE programme_id = ?1 AND state IN ('waiting', 'shown', 'hidden') AND at_ms >= ?2`,
  slow: `${GOODS} WHERE ${ON_OFFER} AND s.shelf > 0 AND ${IS_SLOW}
    ORDER BY COALESCE(g.units_30, 0) * 1.0 / (COALESCE(g.units_30, 0) + s.shelf), s.shelf DESC LIMIT 20`,
  slowCount: `SELECT COUNT(*) AS count FROM sales s LEFT JOIN goods_figures g
      ON g.programme_id = s.programme_id AND g.sku_id = s.sku_id
    WHERE ${ON_OFFER} AND s.shelf > 0 AND ${IS_SLOW}`,
} as const;

export interface GoodsRow {
  readonly skuId: string;
  readonly title: string;
  readonly picture: string;
  readonly pricePoints: number | null;
  readonly shelf: number | null;
  readonly units30: number;
  readonly points30: number;
}

export interface DayRow {
  readonly day: number;
  readonly type: string;
  readonly entries: number;
  readonly points: number;
}

export interface QuickFigures {
  readonly days: readonly DayRow[];
  readonly owned: number;
  readonly hot: readonly GoodsRow[];
  readonly stockOuts: readonly GoodsRow[];
  readonly stockOutCount: number;
  readonly approvals: number;
  readonly toShip: number;
  /** After-sales cases in which the member waits for the merchant. */
  readonly cases: number;
  /** Ratings whose words nobody has read. */
  readonly words: number;
  readonly digestAtMs: number;
}

export interface SlowFigures {
  /** Absent in figures that were kept before ratings were counted. */
  readonly ratings30?: number;
  readonly stars30?: number;
  readonly active30: number;
  readonly redeemers30: number;
  readonly expiring15: number;
  readonly expiringMembers: number;
  readonly slow: readonly GoodsRow[];
  readonly slowCount: number;
  readonly atMs: number;
}

/** How old the long counts may be; older ones are shown once more while they are made anew. */
const FRESH_MS = 120_000;

export class DashboardStore {
  readonly #db: D1Database;
  readonly #programmeId: string;

  constructor(db: D1Database, programmeId: string) {
    this.#db = db;
    this.#programmeId = programmeId;
  }

  async quick(fromDay: number, nowMs: number): Promise<QuickFigures> {
    const one = (sql: string): D1PreparedStatement => this.#db.prepare(sql).bind(this.#programmeId);
    const names = [
      ...(["owned", "hot", "stockOuts", "stockOutCount"] as const),
      ...(["toShip", "cases", "words"] as const),
    ];
    const [days, digestAt, approvals, ...rest] = await this.#db.batch<Record<string, unknown>>([
      this.#db.prepare(DASHBOARD_SQL.days).bind(this.#programmeId, fromDay),
      this.#db.prepare(DASHBOARD_SQL.digestAt),
      this.#db.prepare(DASHBOARD_SQL.approvals).bind(this.#programmeId, nowMs),
      ...names.map((name) => one(DASHBOARD_SQL[name])),
    ]);
    const [owned, hot, stockOuts, ...counts] = rest.map(({ results }) => results);
    const [stockOutCount, toShip, cases, words] = counts.map((rows) =>
      Number(rows[0]?.["count"] ?? 0),
    );
    return {
      days: days?.results as unknown as DayRow[],
      digestAtMs: Number(digestAt?.results[0]?.["atMs"] ?? 0),
      owned: Number(owned?.[0]?.["points"] ?? 0),
      hot: hot as unknown as GoodsRow[],
      stockOuts: stockOuts as unknown as GoodsRow[],
      stockOutCount: stockOutCount ?? 0,
      approvals: Number(approvals?.results[0]?.["count"] ?? 0),
      toShip: toShip ?? 0,
      cases: cases ?? 0,
      words: words ?? 0,
    };
  }

  /** Null: never counted. */
  async kept(nowMs: number): Promise<{ figures: SlowFigures; isFresh: boolean } | null> {
    const row = await this.#db
      .prepare(DASHBOARD_SQL.kept)
      .bind(this.#programmeId)
      .first<{ body: string; atMs: number }>();
    if (!row) return null;
    return {
      figures: JSON.parse(row.body) as SlowFigures,
      isFresh: nowMs - row.atMs < FRESH_MS && nowMs >= row.atMs,
    };
  }

  async count(nowMs: number): Promise<SlowFigures> {
    const since = nowMs - 30 * DAY_MS;
    const bind = (sql: string, ...more: number[]): D1PreparedStatement =>
      this.#db.prepare(sql).bind(this.#programmeId, ...more);
    const [active, redeemers, expiring, rated, slow, slowCount] = await this.#db.batch<
      Record<string, unknown>
    >([
      bind(SLOW_SQL.active, since),
      bind(SLOW_SQL.redeemers, since),
      bind(SLOW_SQL.expiring, nowMs, nowMs + 15 * DAY_MS),
      bind(SLOW_SQL.rated, since),
      bind(SLOW_SQL.slow),
      bind(SLOW_SQL.slowCount),
    ]);
    const figures: SlowFigures = {
      active30: Number(active?.results[0]?.["count"] ?? 0),
      redeemers30: Number(redeemers?.results[0]?.["count"] ?? 0),
      expiring15: Number(expiring?.results[0]?.["points"] ?? 0),
      expiringMembers: Number(expiring?.results[0]?.["members"] ?? 0),
      ratings30: Number(rated?.results[0]?.["count"] ?? 0),
      stars30: Number(rated?.results[0]?.["stars"] ?? 0),
      slow: (slow?.results ?? []) as unknown as GoodsRow[],
      slowCount: Number(slowCount?.results[0]?.["count"] ?? 0),
      atMs: nowMs,
    };
    await bind(DASHBOARD_SQL.keep).bind(this.#programmeId, JSON.stringify(figures), nowMs).run();
    return figures;
  }
}
