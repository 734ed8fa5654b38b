/**
 * One person, several records: which record went into which, as this isolate knows it. Sessions, events and links of a record that
 * left go on at the one that stays. The Accounts enforce it; what is known here may be seconds behind.
 */
import { memberKeyOf, splitMemberKey } from "../kernel/ids.ts";
import { Lru } from "../kernel/lru.ts";
import type { Env } from "../platform/env.ts";
import type { Session } from "../platform/http/api.ts";
import { describeError, log } from "../platform/log.ts";

/** A merge reaches every isolate within this time. */
const FRESH_MS = 4_000;
/** Rows are read again for so long, because they may become visible out of order. */
const OVERLAP_MS = 60_000;
const FIRST_READ_MS_MAX = 1_000;
const MERGES_MAX = 20_000;
const HOPS_MAX = 16;

interface Records {
  readonly into: Map<string, string>;
  readonly from: Map<string, string[]>;
  readThroughMs: number;
  checkedAtMs: number;
}

const known = new Lru<string, Records>(64);

export const READ_MERGES = `SELECT from_id AS fromId, into_id AS intoId, at_ms AS atMs FROM member_merges
  WHERE programme_id = ?1 AND at_ms >= ?2 AND state <> 'refused' ORDER BY at_ms LIMIT ${MERGES_MAX}`;

async function refresh(env: Env, programmeId: string, nowMs: number): Promise<Records> {
  const old = known.get(programmeId);
  const records = old ?? { into: new Map(), from: new Map(), readThroughMs: 0, checkedAtMs: 0 };
  records.checkedAtMs = nowMs;
  try {
    const { results } = await env.DB.prepare(READ_MERGES)
      .bind(programmeId, Math.max(0, records.readThroughMs - OVERLAP_MS))
      .all<{ fromId: string; intoId: string; atMs: number }>();
    for (const { fromId, intoId, atMs } of results) {
      records.readThroughMs = Math.max(records.readThroughMs, atMs);
      if (records.into.has(fromId)) continue;
      records.into.set(fromId, intoId);
      records.from.set(intoId, [...(records.from.get(intoId) ?? []), fromId]);
    }
  } catch (error) {
    // Without D1 everybody is who they were: the Account of a record that left refuses.
    log("merges_read_failed", { programmeId, error: describeError(error) });
  }
  known.set(programmeId, records);
  return records;
}

/** After a merge by this isolate, so that staff and the member see it at once. */
export async function readMerges(env: Env, programmeId: string, nowMs: number): Promise<void> {
  await refresh(env, programmeId, nowMs);
}

async function recordsOf(env: Env, programmeId: string, nowMs: number): Promise<Records> {
  const cached = known.get(programmeId);
  if (cached && nowMs - cached.checkedAtMs < FRESH_MS) return cached;
  return refresh(env, programmeId, nowMs);
}

function currentIn(records: Records, memberId: string): string {
  let current = memberId;
  for (let hop = 0; hop < HOPS_MAX; hop += 1) {
    const next = records.into.get(current);
    if (next === undefined) break;
    current = next;
  }
  return current;
}

/** The record that a member key leads to today. */
export async function currentKey(env: Env, memberKey: string, nowMs: number): Promise<string> {
  const { programmeId, memberId } = splitMemberKey(memberKey);
  const current = currentIn(await recordsOf(env, programmeId, nowMs), memberId);
  return current === memberId ? memberKey : memberKeyOf(programmeId, current);
}

/** Records that went into this one, directly and through others; none for almost everybody. */
export async function olderRecords(
  env: Env,
  { programmeId, memberId }: Pick<Session, "programmeId" | "memberId">,
  nowMs: number,
): Promise<readonly string[]> {
  const { from } = await recordsOf(env, programmeId, nowMs);
  const found: string[] = [];
  const next = [...(from.get(memberId) ?? [])];
  for (let one = next.pop(); one !== undefined && found.length < 32; one = next.pop()) {
    found.push(one);
    next.push(...(from.get(one) ?? []));
  }
  return found;
}

/**
 * The session of whoever the token names today. At once where this isolate knows; only its first request waits, and not for long:
 * D1 may be away, and redemptions go on.
 */
export function currentSession(
  session: Session | null,
  env: Env,
  ctx: Pick<ExecutionContext, "waitUntil">,
  nowMs: number,
): Session | null | Promise<Session | null> {
  if (!session || session.role !== "member") return session;
  const { programmeId } = session;
  const cached = known.get(programmeId);
  if (cached) {
    if (nowMs - cached.checkedAtMs >= FRESH_MS) {
      cached.checkedAtMs = nowMs;
      ctx.waitUntil(refresh(env, programmeId, nowMs));
    }
    return sessionIn(cached, session);
  }
  const reading = refresh(env, programmeId, nowMs);
  ctx.waitUntil(reading);
  const waited = new Promise<null>((give) => setTimeout(give, FIRST_READ_MS_MAX, null));
  return Promise.race([reading, waited]).then((records) =>
    records ? sessionIn(records, session) : session,
  );
}

function sessionIn(records: Records, session: Session): Session {
  const memberId = currentIn(records, session.memberId);
  if (memberId === session.memberId) return session;
  return { ...session, memberId, memberKey: memberKeyOf(session.programmeId, memberId) };
}
