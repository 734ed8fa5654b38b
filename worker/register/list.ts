/** Which rows a list of members reads, and by which index. Pure: a question in, a statement out. */

import { DAY_MS } from "../kernel/clock.ts";
import type { Sight } from "../kernel/masks.ts";

export const SORTS = ["activity", "seen", "balance", "frequency"] as const;
export type Sort = (typeof SORTS)[number];

export interface ListAsk {
  readonly programmeId: string;
  readonly q: string;
  /** Who is not shown a name or a phone does not find by it either. */
  readonly sight: Pick<Sight, "name" | "phone">;
  readonly labelId: string | null;
  readonly segmentId: string | null;
  readonly tierId: string | null;
  readonly isBlocked: boolean;
  /** The nearest deadline lies within so many days. */
  readonly expiringDays: number | null;
  /** They redeemed within so many days. */
  readonly redeemedDays: number | null;
  readonly sort: Sort;
  readonly isAscending: boolean;
  readonly cursor: Cursor | null;
  readonly limit: number;
  readonly nowMs: number;
}

/** The key of the last row read: what the list is ordered by, and the member. */
export interface Cursor {
  readonly by: string;
  readonly key: string | number | null;
  readonly memberId: string;
}

export interface Statement {
  /** What drives the list: a cursor of another one is none of this list. */
  readonly by: string;
  readonly sql: string;
  readonly values: readonly (string | number)[];
}

/** Rows of one page that are looked at for conditions that no index answers; fewer may be shown. */
export const SCAN_ROWS = 1_000;

const COLUMNS = `m.member_id AS memberId, m.display_name AS displayName, m.phone_tail AS phoneTail,
  m.first_seen_at_ms AS firstSeenAtMs, m.last_active_at_ms AS lastActiveAtMs, m.last_redeemed_at_ms AS lastRedeemedAtMs,
  m.last_purchase_at_ms AS lastPurchaseAtMs, m.last_store_id AS lastStoreId, m.blocked_at_ms AS blockedAtMs, m.seq,
  m.active, m.pending, m.tier_id AS tierId, m.next_expires_at_ms AS nextExpiresAtMs, m.next_expiring AS nextExpiring,
  m.earned_points AS earnedPoints, m.spent_points AS spentPoints, m.frequency, m.merged_into AS mergedInto`;
export const MEMBER_COLUMNS = COLUMNS;

interface Driver {
  readonly by: string;
  readonly from: string;
  readonly where: readonly string[];
  readonly values: readonly (string | number)[];
  /** Column of the order; null: the member alone. */
  readonly column: string | null;
  readonly isAscending: boolean;
}

const SORT_COLUMNS: Readonly<Record<Sort, string>> = {
  activity: "m.last_active_at_ms",
  seen: "m.first_seen_at_ms",
  balance: "m.active",
  frequency: "m.frequency",
};

/** The end of a range of texts that begin alike. */
const after = (prefix: string): string => `${prefix}\u{10ffff}`;

/** How words of a search are meant: four digits end a phone number, ASCII begins an id, the rest begins a name. */
export function meaningOf(
  q: string,
  sight: Pick<Sight, "name" | "phone">,
): "phone" | "id" | "name" {
  if (/^\d{4}$/.test(q) && sight.phone) return "phone";
  return /^[0-9A-Za-z_.@-]+$/.test(q) || !sight.name ? "id" : "name";
}

/** The condition with an index of its own that drives the list; what else is asked is looked at row by row. */
function driverOf(ask: ListAsk): Driver {
  const { q, labelId, segmentId, tierId, expiringDays, redeemedDays, programmeId, nowMs } = ask;
  // Whoever looks for an id finds it, also of a record that went into another.
  const isSearch = q !== "";
  const standing = isSearch ? [] : ["m.merged_into IS NULL"];
  const own = {
    ...{ from: "members m", where: ["m.programme_id = ?", ...standing] },
    values: [programmeId],
  };
  const add = (by: string, more: Partial<Driver>): Driver => ({
    ...{ ...own, by, column: null, isAscending: true, ...more },
    where: [...own.where, ...(more.where ?? [])],
    values: [...own.values, ...(more.values ?? [])],
  });
  if (q !== "") {
    const meaning = meaningOf(q, ask.sight);
    if (meaning === "phone") return add("phone", { where: ["m.phone_tail = ?"], values: [q] });
    const column = meaning === "id" ? "m.member_id" : "m.display_name";
    const where = [`${column} >= ? AND ${column} < ?`];
    if (meaning === "name") where.push("m.display_name <> ''");
    const values = [q, after(q)];
    return add(meaning, { where, values, column: meaning === "id" ? null : column });
  }
  if (labelId !== null) {
    return {
      ...{ by: `label ${labelId}`, column: null, isAscending: true },
      from: `member_labels l CROSS JOIN members m ON m.programme_id = l.programme_id AND m.member_id = l.member_id`,
      where: ["l.programme_id = ? AND l.label_id = ?"],
      values: [programmeId, labelId],
    };
  }
  if (segmentId !== null) {
    return {
      ...{ by: `segment ${segmentId}`, column: null, isAscending: true },
      from: `segments s CROSS JOIN segment_members l CROSS JOIN members m
        ON m.programme_id = l.programme_id AND m.member_id = l.member_id`,
      where: [
        "s.programme_id = ? AND s.segment_id = ?",
        "l.programme_id = s.programme_id AND l.segment_id = s.segment_id AND l.round = s.round",
      ],
      values: [programmeId, segmentId],
    };
  }
  if (ask.isBlocked) {
    const where = ["m.blocked_at_ms IS NOT NULL"];
    return add("blocked", { where, column: "m.blocked_at_ms", isAscending: false });
  }
  if (expiringDays !== null) {
    return add("expiring", {
      where: ["m.next_expires_at_ms > ? AND m.next_expires_at_ms <= ?"],
      values: [nowMs, nowMs + expiringDays * DAY_MS],
      column: "m.next_expires_at_ms",
    });
  }
  if (redeemedDays !== null) {
    return add("redeemed", {
      where: ["m.last_redeemed_at_ms >= ?"],
      values: [nowMs - redeemedDays * DAY_MS],
      ...{ column: "m.last_redeemed_at_ms", isAscending: false },
    });
  }
  if (tierId !== null) {
    const where = ["m.tier_id = ?"];
    const order = { column: "m.last_active_at_ms", isAscending: false };
    return add("tier", { where, values: [tierId], ...order });
  }
  const { sort, isAscending } = ask;
  return add(`${sort} ${isAscending ? "up" : "down"}`, { column: SORT_COLUMNS[sort], isAscending });
}

/** Conditions beside the driver's, each as a sum that is 1 when the row meets it. */
function restOf(ask: ListAsk, by: string): { sql: string[]; values: (string | number)[] } {
  const sql: string[] = [];
  const values: (string | number)[] = [];
  const add = (isDriver: boolean, isAsked: boolean, text: string, ...more: (string | number)[]) => {
    if (isDriver || !isAsked) return;
    sql.push(text);
    values.push(...more);
  };
  add(by === "tier", ask.tierId !== null, "m.tier_id IS ?", ask.tierId ?? "");
  add(by === "blocked", ask.isBlocked, "m.blocked_at_ms IS NOT NULL");
  add(
    by.startsWith("label"),
    ask.labelId !== null,
    `EXISTS (SELECT 1 FROM member_labels x WHERE x.programme_id = m.programme_id AND x.label_id = ? AND x.member_id = m.member_id)`,
    ask.labelId ?? "",
  );
  add(
    by.startsWith("segment"),
    ask.segmentId !== null,
    `EXISTS (SELECT 1 FROM segments y CROSS JOIN segment_members x WHERE y.programme_id = m.programme_id AND y.segment_id = ?
       AND x.programme_id = y.programme_id AND x.segment_id = y.segment_id AND x.round = y.round AND x.member_id = m.member_id)`,
    ask.segmentId ?? "",
  );
  const days = ask.expiringDays;
  add(
    by === "expiring",
    days !== null,
    "m.next_expires_at_ms > ? AND m.next_expires_at_ms <= ?",
    ask.nowMs,
    ask.nowMs + (days ?? 0) * DAY_MS,
  );
  add(
    by === "redeemed",
    ask.redeemedDays !== null,
    "m.last_redeemed_at_ms >= ?",
    ask.nowMs - (ask.redeemedDays ?? 0) * DAY_MS,
  );
  return { sql, values };
}

/** The statement of one page. Rows carry `fits`: those that do not are passed over, and the page goes on behind them. */
export function listStatement(ask: ListAsk): Statement {
  const driver = driverOf(ask);
  const { by, column, isAscending } = driver;
  const rest = restOf(ask, by);
  const where = [...driver.where];
  const values: (string | number)[] = [...rest.values, ...driver.values];
  const member = /^(?:label|segment) /.test(by) ? "l.member_id" : "m.member_id";
  if (ask.cursor?.by === by) {
    const more = isAscending ? ">" : "<";
    if (column === null) {
      where.push(`${member} ${more} ?`);
      values.push(ask.cursor.memberId);
    } else {
      where.push(`(${column}, m.member_id) ${more} (?, ?)`);
      values.push(ask.cursor.key ?? 0, ask.cursor.memberId);
    }
  }
  const direction = isAscending ? "" : " DESC";
  const order = column === null ? member : `${column}${direction}, m.member_id${direction}`;
  const fits = rest.sql.length === 0 ? "1" : rest.sql.map((one) => `(${one})`).join(" AND ");
  const limit = rest.sql.length === 0 ? ask.limit + 1 : SCAN_ROWS;
  return {
    by,
    sql: `SELECT ${COLUMNS}, ${column ?? "NULL"} AS orderKey, COALESCE(${fits}, 0) AS fits FROM ${driver.from}
      WHERE ${where.join(" AND ")} ORDER BY ${order} LIMIT ${limit}`,
    values,
  };
}

interface Listed {
  readonly memberId: string;
  readonly orderKey: string | number | null;
  readonly fits: number;
}

/** The rows of a page among those that were read, and where the next page begins. */
export function pageOf<Row extends Listed>(
  rows: readonly Row[],
  statement: Pick<Statement, "by">,
  limit: number,
): { rows: Row[]; next: Cursor | null } {
  const shown: Row[] = [];
  let last: Row | null = null;
  for (const row of rows) {
    if (row.fits !== 0 && shown.length === limit) return { rows: shown, next: cursorAt(last) };
    last = row;
    if (row.fits !== 0) shown.push(row);
  }
  return { rows: shown, next: rows.length === SCAN_ROWS ? cursorAt(last) : null };

  function cursorAt(row: Row | null): Cursor | null {
    return row && { by: statement.by, key: row.orderKey, memberId: row.memberId };
  }
}

export function writeCursor(cursor: Cursor | null): string | null {
  if (!cursor) return null;
  const { by, key, memberId } = cursor;
  return Buffer.from(JSON.stringify([by, key, memberId])).toString("base64url");
}

/** Null: not a cursor of a list of members. */
export function readCursor(text: string): Cursor | null {
  try {
    const [by, key, memberId] = JSON.parse(Buffer.from(text, "base64url").toString()) as unknown[];
    const isKey = key === null || typeof key === "number" || typeof key === "string";
    if (typeof by !== "string" || typeof memberId !== "string" || !isKey) return null;
    return { by, key, memberId };
  } catch {
    return null;
  }
}
