/** Which entries of all members' ledgers a list reads, and by which index. Pure: a question in, a statement out. */
import type { EntryType } from "../accounts/index.ts";

export interface LedgerAsk {
  readonly programmeId: string;
  readonly memberId: string | null;
  readonly type: EntryType | null;
  readonly ruleId: string | null;
  readonly storeId: string | null;
  /** `member`, `system`, `staff:<id>`. */
  readonly actor: string | null;
  /** When the ledger took it down: from the first moment on, before the last. */
  readonly fromMs: number | null;
  readonly toMs: number | null;
  /** Signed: what was taken away is below zero. */
  readonly pointsMin: number | null;
  readonly pointsMax: number | null;
  readonly cursor: LedgerCursor | null;
  readonly limit: number;
}

/** The place of the last row that was looked at: what drives the list, and its order's figures there. */
export interface LedgerCursor {
  readonly by: Driver;
  readonly key: readonly (string | number)[];
}

export interface Statement {
  /** What drives the list: a cursor of another one is none of this list. */
  readonly by: Driver;
  readonly sql: string;
  readonly values: readonly (string | number)[];
}

/** Rows of one page that are looked at for conditions that no index answers; fewer may be shown, and the page goes on. */
export const LOOKED_AT = 5_000;

/** Kinds and actors that fill every ledger have no index of their own: a walk by time meets them soon. */
const COMMON_TYPES = ["redeem", "redeem_rollback", "earn_order"] as const;
const COMMON_ACTORS = ["member", "system"] as const;

const among = (values: readonly string[]): string => values.map((one) => `'${one}'`).join(", ");
const isCommon = (all: readonly string[], one: string | null): boolean =>
  one === null || all.includes(one);

export const DRIVERS = ["member", "rule", "actor", "store", "type", "time"] as const;
export type Driver = (typeof DRIVERS)[number];

const COLUMNS = `e.member_id AS memberId, e.seq, e.type, e.points, e.balance_after AS balanceAfter, e.order_id AS orderId,
  e.source_id AS sourceId, e.store_id AS storeId, e.actor, e.breakdown, e.recorded_at_ms AS recordedAtMs`;

/** The rarest of what is asked for, of which there is an index. */
function driverOf(ask: LedgerAsk): Driver {
  if (ask.memberId !== null) return "member";
  if (ask.ruleId !== null) return "rule";
  if (!isCommon(COMMON_ACTORS, ask.actor)) return "actor";
  if (ask.storeId !== null) return "store";
  return isCommon(COMMON_TYPES, ask.type) ? "time" : "type";
}

interface Walk {
  readonly from: string;
  readonly programme: string;
  /** Makes the database see that the index holds all that is asked for. */
  readonly told: string;
  readonly time: string;
  readonly order: readonly string[];
}

const byIndex = (name: string, told: string): Walk => ({
  ...{ from: `ledger_entries e INDEXED BY ledger_entries_by_${name}`, told },
  ...{ programme: "e.programme_id", time: "e.recorded_at_ms" },
  order: ["e.recorded_at_ms", "e.rowid"],
});

const WALKS: Readonly<Record<Driver, Walk>> = {
  // Time never decreases along a chain.
  member: { ...byIndex("member", "1"), from: "ledger_entries e", order: ["e.seq"] },
  rule: {
    from: `ledger_rules r CROSS JOIN ledger_entries e
      ON e.programme_id = r.programme_id AND e.member_id = r.member_id AND e.seq = r.seq`,
    ...{ programme: "r.programme_id", told: "1", time: "r.recorded_at_ms" },
    order: ["r.recorded_at_ms", "r.member_id", "r.seq"],
  },
  actor: byIndex("actor", `e.actor NOT IN (${among(COMMON_ACTORS)})`),
  store: byIndex("store", "e.store_id IS NOT NULL"),
  type: byIndex("type", `e.type NOT IN (${among(COMMON_TYPES)})`),
  time: byIndex("time", "1"),
};

/** The statement of one page, newest first. Rows carry `fits`: those that do not are passed over. */
export function ledgerStatement(ask: LedgerAsk): Statement {
  const by = driverOf(ask);
  const values: (string | number)[] = [];
  const bind = (value: string | number): string => `?${values.push(value)}`;
  const programme = bind(ask.programmeId);
  const { from, told, time, order, ...walk } = WALKS[by];
  const where = [`${walk.programme} = ${programme}`, told];
  const fits: string[] = [];
  const asked = (driver: Driver | null, column: string, value: string | null): void => {
    if (value === null) return;
    (by === driver ? where : fits).push(`${column} = ${bind(value)}`);
  };
  asked("member", "e.member_id", ask.memberId);
  asked("rule", "r.rule_id", by === "rule" ? ask.ruleId : null);
  asked("actor", "e.actor", ask.actor);
  asked("store", "e.store_id", ask.storeId);
  asked("type", "e.type", ask.type);
  if (by === "member" && ask.ruleId !== null) {
    fits.push(`EXISTS (SELECT 1 FROM json_each(COALESCE(e.breakdown, '[]')) share
      WHERE share.value ->> '$.ruleId' = ${bind(ask.ruleId)})`);
  }
  if (ask.pointsMin !== null) fits.push(`e.points >= ${bind(ask.pointsMin)}`);
  if (ask.pointsMax !== null) fits.push(`e.points <= ${bind(ask.pointsMax)}`);
  if (ask.fromMs !== null) where.push(`${time} >= ${bind(ask.fromMs)}`);
  if (ask.toMs !== null) where.push(`${time} < ${bind(ask.toMs)}`);
  if (ask.cursor?.by === by && ask.cursor.key.length === order.length) {
    where.push(`(${order.join(", ")}) < (${ask.cursor.key.map(bind).join(", ")})`);
  }
  const way = order.map((column) => `${column} DESC`).join(", ");
  const select = `SELECT ${COLUMNS}, json_array(${order.join(", ")}) AS place`;
  const rows = `FROM ${from} WHERE ${where.join(" AND ")} ORDER BY ${way}`;
  if (fits.length === 0) {
    return { by, sql: `${select}, 1 AS fits, 0 AS nth ${rows} LIMIT ${ask.limit + 1}`, values };
  }
  // The last one that is looked at comes along, so that the next page goes on behind it.
  const looked = `${select}, COALESCE(${fits.join(" AND ")}, 0) AS fits ${rows} LIMIT ${LOOKED_AT}`;
  const sql = `SELECT * FROM (SELECT *, row_number() OVER () AS nth FROM (${looked}))
    WHERE fits <> 0 OR nth = ${LOOKED_AT} LIMIT ${ask.limit + 1}`;
  return { by, sql, values };
}

export interface LedgerRow {
  readonly memberId: string;
  readonly seq: number;
  readonly type: EntryType;
  readonly points: number;
  readonly balanceAfter: number;
  readonly orderId: string | null;
  readonly sourceId: string | null;
  readonly storeId: string | null;
  readonly actor: string | null;
  /** JSON; null: no rule gave it. */
  readonly breakdown: string | null;
  readonly recordedAtMs: number;
  /** JSON: the key of a cursor here. */
  readonly place: string;
  readonly fits: number;
  /** Which of the rows that were looked at it is; 0: all that were fit. */
  readonly nth: number;
}

/** The rows of a page among those that were read, and where the next page begins. */
export function pageOf(
  rows: readonly LedgerRow[],
  by: Driver,
  limit: number,
): { readonly rows: readonly LedgerRow[]; readonly next: LedgerCursor | null } {
  const shown: LedgerRow[] = [];
  let last: LedgerRow | undefined;
  for (const row of rows) {
    if (row.fits !== 0 && shown.length === limit) return { rows: shown, next: cursorAt(last) };
    last = row;
    if (row.fits !== 0) shown.push(row);
  }
  return { rows: shown, next: last?.nth === LOOKED_AT ? cursorAt(last) : null };

  function cursorAt(row: LedgerRow | undefined): LedgerCursor | null {
    return row ? { by, key: JSON.parse(row.place) as LedgerCursor["key"] } : null;
  }
}

export function writeCursor(cursor: LedgerCursor | null): string | null {
  if (!cursor) return null;
  return Buffer.from(JSON.stringify([cursor.by, ...cursor.key])).toString("base64url");
}

/** Null: not a cursor of this list. */
export function readCursor(text: string): LedgerCursor | null {
  try {
    const [by, ...key] = JSON.parse(Buffer.from(text, "base64url").toString()) as unknown[];
    const driver = DRIVERS.find((one) => one === by);
    const isKey = key.every((one) => typeof one === "number" || typeof one === "string");
    return driver && isKey && key.length > 0 ? { by: driver, key } : null;
  } catch {
    return null;
  }
}
