/**
 * What nobody has said the last word on for longer than it takes: a provider that is silent about a payment or a refund, goods that
 * are not given, an order whose time to pay is over. Each goes on asking by itself; staff see it here and may have it asked now.
 */
import { accountOf } from "../accounts/index.ts";
import { DAY_MS } from "../kernel/clock.ts";
import { memberKeyOf } from "../kernel/ids.ts";
import type { Env } from "../platform/env.ts";
import { retellOrder } from "./standings.ts";
import { DOUBTS, PAY_MINUTES_MAX, type DoubtName } from "./wire.ts";

export interface Doubt {
  readonly name: DoubtName;
  readonly memberId: string;
  readonly orderId: string;
  readonly title: string;
  /** The provider that is asked; null: none. */
  readonly provider: string | null;
  readonly amountFen: number;
  readonly points: number;
  readonly sinceMs: number;
}

/** All is settled within seconds when all is well; what is not after this stands in the list. */
export const IN_DOUBT_AFTER_MS = 300_000;
/** A bank takes days for a refund that it took. */
const REFUND_SLOW_MS = 3 * DAY_MS;
const SHOWN_MAX = 20;

/** Each walks the few rows of its state, oldest first. */
const ofMoves = (kind: string, state: string): string =>
  `SELECT m.member_id, m.order_id, COALESCE(o.title, '') AS title, m.provider, m.amount_fen, COALESCE(o.points, 0) AS points,
     m.at_ms AS since_ms, COUNT(*) OVER () AS total
   FROM money_moves m INDEXED BY money_moves_by_state
   LEFT JOIN orders o ON o.programme_id = m.programme_id AND o.member_id = m.member_id AND o.order_id = m.order_id
   WHERE m.programme_id = ?1 AND m.state = '${state}' AND m.kind = '${kind}' AND m.at_ms < ?2
   ORDER BY m.at_ms LIMIT ${SHOWN_MAX}`;
const ofOrders = (condition: string, since: string): string =>
  `SELECT o.member_id, o.order_id, COALESCE(o.title, '') AS title, NULL AS provider, o.cash_fen AS amount_fen, o.points,
     ${since} AS since_ms, COUNT(*) OVER () AS total
   FROM orders o INDEXED BY orders_by_state LEFT JOIN sales s ON s.sale_id = o.sale_id
   WHERE o.programme_id = ?1 AND ${condition} AND o.granted_at_ms < ?2 AND ${since} < ?2
   ORDER BY o.granted_at_ms LIMIT ${SHOWN_MAX}`;

/** An order waits as long as its own sale said, whatever is set for those to come; without its sale, for the longest that may be set. */
const PAY_UNTIL = `o.granted_at_ms + COALESCE(s.terms ->> '$.payWithinMs', ${PAY_MINUTES_MAX} * 60000)`;

const QUERIES: Readonly<Record<DoubtName, string>> = {
  payment: ofMoves("attempt", "open"),
  refund: ofMoves("refund", "waiting"),
  refund_slow: ofMoves("refund", "asked"),
  unpaid: ofOrders("o.state = 'awaiting_payment'", PAY_UNTIL),
  // A top-up waits for its member and its supplier, and has a list of its own.
  goods: ofOrders(
    "o.state = 'issuing' AND o.goods_kind IN ('card_code', 'coupon')",
    "o.updated_at_ms",
  ),
};

interface Row {
  readonly member_id: string;
  readonly order_id: string;
  readonly title: string;
  readonly provider: string | null;
  readonly amount_fen: number;
  readonly points: number;
  readonly since_ms: number;
  readonly total: number;
}

export interface Doubts {
  readonly count: number;
  /** The oldest of each name. */
  readonly items: readonly Doubt[];
}

/** From D1, by an index each: what it reads grows with what is in doubt and with nothing else. */
export async function inDoubt(
  env: Env,
  programmeId: string,
  nowMs: number,
  afterMs = IN_DOUBT_AFTER_MS,
): Promise<Doubts> {
  const results = await env.DB.batch<Row>(
    DOUBTS.map((name) =>
      env.DB.prepare(QUERIES[name]).bind(
        programmeId,
        nowMs - afterMs - (name === "refund_slow" ? REFUND_SLOW_MS : 0),
      ),
    ),
  );
  const rowsOf = (at: number): readonly Row[] => results[at]?.results ?? [];
  return {
    count: DOUBTS.reduce((sum, _, at) => sum + (rowsOf(at)[0]?.total ?? 0), 0),
    items: DOUBTS.flatMap((name, at) =>
      rowsOf(at).map((row) => ({ name, ...shown(row), sinceMs: row.since_ms })),
    ),
  };
}

const shown = (row: Row) => ({
  ...{ memberId: row.member_id, orderId: row.order_id, title: row.title },
  ...{ provider: row.provider, amountFen: row.amount_fen, points: row.points },
});

/**
 * Asks everybody about one order now, as its Account would have done later, and has the Account tell the lists what came of it. Null:
 * there is no such order.
 */
export async function askNow(
  env: Env,
  programmeId: string,
  { memberId, orderId }: { readonly memberId: string; readonly orderId: string },
): Promise<{ readonly isSettled: boolean } | null> {
  const memberKey = memberKeyOf(programmeId, memberId);
  const isSettled = await accountOf(env, memberKey).askOutside(memberKey, orderId);
  if (isSettled === null) return null;
  await retellOrder(env, programmeId, { memberId, orderId });
  return { isSettled };
}
