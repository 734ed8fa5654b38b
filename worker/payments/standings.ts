/** Payments × orders × ledger, all of them at once, from the projection: which orders do not add up, and what puts one right. */
import { accountOf } from "../accounts/index.ts";
import { DAY_MS } from "../kernel/clock.ts";
import { memberKeyOf } from "../kernel/ids.ts";
import type { Env } from "../platform/env.ts";
import { STANDINGS, type StandingName } from "./reconcile.ts";

export interface DifferingOrder {
  readonly memberId: string;
  readonly orderId: string;
  readonly title: string;
  readonly state: string;
  readonly points: number;
  readonly paidFen: number;
  readonly updatedAtMs: number;
}

export interface Standing {
  readonly name: StandingName;
  readonly count: number;
  /** The newest of them. */
  readonly orders: readonly DifferingOrder[];
}

/** A change is on its way for seconds; what is still wrong after this is wrong. */
const SETTLED_AFTER_MS = 600_000;
const SHOWN_MAX = 20;

const CONDITIONS: Readonly<Record<StandingName, string>> = {
  cancelled_but_kept: `o.state = 'cancelled' AND o.paid_fen > 0 AND o.paid_fen > (SELECT COALESCE(SUM(m.amount_fen), 0) FROM money_moves m
    WHERE m.programme_id = o.programme_id AND m.member_id = o.member_id AND m.order_id = o.order_id AND m.kind = 'refund')`,
  delivered_but_unpaid: `o.state IN ('shipped', 'received', 'closed') AND o.cash_state IN ('awaiting', 'void', 'late_paid')`,
  ended_without_points: `o.state IN ('cancelled', 'refunded') AND o.points > 0 AND NOT EXISTS (SELECT 1 FROM ledger_entries e INDEXED BY ledger_entries_returned
    WHERE e.programme_id = o.programme_id AND e.member_id = o.member_id AND e.order_id = o.order_id AND e.type = 'redeem_rollback')`,
};

/** The index of each, so that looking costs what is wrong and not what ever was. */
const INDEX: Readonly<Record<StandingName, string>> = {
  cancelled_but_kept: "orders_cancelled_paid",
  delivered_but_unpaid: "orders_unpaid",
  ended_without_points: "orders_by_state",
};

/** Points of orders that were granted before this are the deep audit's, which reads every ledger. */
const LOOKED_BACK_MS = 90 * DAY_MS;

interface Row {
  readonly member_id: string;
  readonly order_id: string;
  readonly title: string | null;
  readonly state: string;
  readonly points: number;
  readonly paid_fen: number | null;
  readonly updated_at_ms: number;
  readonly total: number;
}

export async function standing(env: Env, programmeId: string, nowMs: number): Promise<Standing[]> {
  const results = await env.DB.batch<Row>(
    STANDINGS.map((name) =>
      env.DB.prepare(
        `SELECT o.member_id, o.order_id, o.title, o.state, o.points, o.paid_fen, o.updated_at_ms, COUNT(*) OVER () AS total
         FROM orders o INDEXED BY ${INDEX[name]}
         WHERE o.programme_id = ?1 AND o.updated_at_ms < ?2 AND o.granted_at_ms >= ?3 AND ${CONDITIONS[name]}
         ORDER BY o.updated_at_ms DESC LIMIT ${SHOWN_MAX}`,
      ).bind(
        ...[programmeId, nowMs - SETTLED_AFTER_MS],
        name === "ended_without_points" ? nowMs - LOOKED_BACK_MS : 0,
      ),
    ),
  );
  return STANDINGS.map((name, at) => {
    const rows = results[at]?.results ?? [];
    return { name, count: rows[0]?.total ?? 0, orders: rows.map(shown) };
  });
}

function shown(row: Row): DifferingOrder {
  const { member_id: memberId, order_id: orderId, state, points } = row;
  const paidFen = row.paid_fen ?? 0;
  return {
    memberId,
    orderId,
    title: row.title ?? "",
    state,
    points,
    paidFen,
    updatedAtMs: row.updated_at_ms,
  };
}

export interface Mended {
  /** What still does not add up now that the Account itself has told everything. */
  readonly differs: readonly StandingName[];
}

/**
 * The Account asserts before every write that no ended order keeps money or points, and that none is delivered unpaid. So what
 * the projection says otherwise it has lost or never had: the Account tells it the whole order once more. No money and no
 * point moves. Null: there is no such order.
 */
export async function retellOrder(
  env: Env,
  programmeId: string,
  { memberId, orderId }: { readonly memberId: string; readonly orderId: string },
): Promise<Mended | null> {
  const at = [programmeId, memberId, orderId] as const;
  const mirrored = await env.DB.prepare(
    `SELECT MAX(version) AS version FROM (
       SELECT version FROM orders WHERE programme_id = ?1 AND member_id = ?2 AND order_id = ?3
       UNION ALL SELECT version FROM money_moves WHERE programme_id = ?1 AND member_id = ?2 AND order_id = ?3)`,
  )
    .bind(...at)
    .first<{ version: number | null }>();
  const memberKey = memberKeyOf(programmeId, memberId);
  const account = accountOf(env, memberKey);
  if (!(await account.retell(memberKey, orderId, mirrored?.version ?? 0))) return null;
  const results = await env.DB.batch<{ differs: number }>(
    STANDINGS.map((name) =>
      env.DB.prepare(
        `SELECT COUNT(*) AS differs FROM orders o
         WHERE o.programme_id = ?1 AND o.member_id = ?2 AND o.order_id = ?3 AND ${CONDITIONS[name]}`,
      ).bind(...at),
    ),
  );
  return {
    differs: STANDINGS.filter((_, index) => (results[index]?.results[0]?.differs ?? 0) > 0),
  };
}
