/**
 * What a dry run replays: events as the Accounts keep them, and from the projections in D1 what sources stated and, where a
 * rule asks for it, what was redeemed. Accounts keep one row an event anyway, so that it counts once; a copy in D1 would be
 * a second row an event, for something that staff ask for a few times a month.
 */
import type { MemberToday, PastEventsPage } from "../accounts/index.ts";
import { bucketOf, memberKeyOf } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import { accountNames } from "../platform/account-names.ts";
import { accountBuckets, stubOf, type Env } from "../platform/env.ts";
import {
  notKept,
  redemptionEvent,
  statedEvent,
  withFaces,
  type FacelessEvent,
  type LedgerRow,
  type OrderRow,
} from "./past.ts";
import type { PastTaskEvent } from "./tasks/index.ts";

/** Events that one dry run replays; beyond it the report says that it is of a part. */
const EVENTS_MAX = 50_000;
const PAGE_ROWS = 500;
const D1_ROWS = 1_000;

export interface PastEvents {
  readonly events: readonly PastTaskEvent[];
  readonly isWhole: boolean;
}

export interface PastRequest {
  readonly programmeId: string;
  readonly fromMs: number;
  readonly toMs: number;
  /** Whether the draft, or anything in force, asks for redemptions. */
  readonly withRedemptions: boolean;
}

/** Every statement by its name, so that a test can look at its plan. */
export const PAST_SQL = {
  stated: `SELECT rowid, recorded_at_ms AS reachedMs, member_id AS memberId, seq, occurred_at_ms AS atMs, source_id AS sourceId,
      store_id AS storeId, breakdown
    FROM ledger_entries WHERE programme_id = ?1 AND recorded_at_ms >= ?2 AND recorded_at_ms < ?3
      AND (recorded_at_ms > ?2 OR rowid > ?4) AND type = 'earn_action' AND breakdown IS NOT NULL
    ORDER BY recorded_at_ms, rowid LIMIT ?5`,
  redeemed: `SELECT rowid, granted_at_ms AS reachedMs, member_id AS memberId, order_id AS orderId, sale_id AS saleId, state,
      cash_fen AS cashFen, granted_at_ms AS atMs
    FROM orders WHERE programme_id = ?1 AND granted_at_ms >= ?2 AND granted_at_ms < ?3
      AND (granted_at_ms > ?2 OR rowid > ?4)
    ORDER BY granted_at_ms, rowid LIMIT ?5`,
} as const;

export async function pastEvents(env: Env, request: PastRequest): Promise<PastEvents> {
  const kept = await keptEvents(env, request);
  if (!kept.isWhole) return kept;
  const room = EVENTS_MAX - kept.events.length;
  const stated = await read(env.DB, PAST_SQL.stated, request, room, (row) =>
    statedEvent(row as unknown as LedgerRow),
  );
  const redeemed = request.withRedemptions
    ? await read(env.DB, PAST_SQL.redeemed, request, room - stated.length, (row) =>
        redemptionEvent(row as unknown as OrderRow),
      )
    : [];
  const found = notKept([...stated, ...redeemed], kept.events);
  const keys = new Set(found.map(({ event }) => event.memberKey));
  const faced = withFaces(found, kept.events, await membersToday(env, [...keys], request.toMs));
  return { events: [...kept.events, ...faced], isWhole: stated.length + redeemed.length < room };
}

async function keptEvents(
  env: Env,
  { programmeId, fromMs, toMs }: PastRequest,
): Promise<PastEvents> {
  const events: PastTaskEvent[] = [];
  for (const name of await accountNames(env)) {
    const account = stubOf(env.ACCOUNT, name, env);
    let after: string | null = "";
    while (after !== null) {
      if (events.length >= EVENTS_MAX) return { events, isWhole: false };
      const page = (await account.pastEvents({
        ...{ programmeId, fromMs, toMs, after },
        count: PAGE_ROWS,
      })) as PastEventsPage;
      events.push(...page.events);
      after = page.next;
    }
  }
  return { events, isWhole: true };
}

interface Place {
  readonly rowid: number;
  readonly reachedMs: number;
  readonly memberId: string;
}

/** Pages of a projection by time; `room` events at most, and then there may be more. */
async function read(
  db: D1Database,
  sql: string,
  { programmeId, fromMs, toMs }: PastRequest,
  room: number,
  eventOf: (row: Place & { readonly memberKey: string }) => FacelessEvent | null,
): Promise<FacelessEvent[]> {
  const events: FacelessEvent[] = [];
  let [reachedMs, rowid] = [fromMs, 0];
  while (events.length < room) {
    const { results } = await db
      .prepare(sql)
      .bind(programmeId, reachedMs, toMs, rowid, D1_ROWS)
      .all<Place>();
    for (const row of results) {
      const event = eventOf({ ...row, memberKey: memberKeyOf(programmeId, row.memberId) });
      if (event && events.length < room) events.push(event);
    }
    const last = results.at(-1);
    if (!last || results.length < D1_ROWS) break;
    ({ reachedMs, rowid } = last);
  }
  return events;
}

/** What the Accounts know of these members now: one question an object, of a bounded number of members. */
async function membersToday(
  env: Env,
  keys: readonly string[],
  nowMs: number,
): Promise<ReadonlyMap<string, MemberToday>> {
  const today = new Map<string, MemberToday>();
  const byAccount = Map.groupBy(keys, (key) => bucketOf(key, accountBuckets(env)));
  for (const [name, own] of byAccount) {
    for (let at = 0; at < own.length; at += LIMITS.bulkGrantsMax) {
      const asked = own.slice(at, at + LIMITS.bulkGrantsMax);
      const known = await stubOf(env.ACCOUNT, name, env).membersToday(asked, nowMs);
      known.forEach((one, index) => today.set(asked[index] ?? "", one));
    }
  }
  return today;
}
