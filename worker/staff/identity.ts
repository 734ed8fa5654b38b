/** Who stands before a staff route: a session of D1, remembered for a few seconds, or the development login. */
import { DAY_MS } from "../kernel/clock.ts";
import { LIMITS } from "../kernel/limits.ts";
import { memberKeyOf } from "../kernel/ids.ts";
import { Lru } from "../kernel/lru.ts";
import { sessionOf } from "../members/index.ts";
import type { Env } from "../platform/env.ts";
import type { Session } from "../platform/http/api.ts";
import { describeError } from "../platform/log.ts";
import { heldBy, permissionsOf } from "./roles.ts";
import { hashOf, readCookie, STAFF_COOKIE } from "./tokens.ts";

/** How long an isolate believes what it read: a revoked session lives at most this long elsewhere. */
const BELIEVED_MS = 3_000;
/** A session ends when nobody used it for so long. */
export const IDLE_MS = 12 * 3_600_000;
export const SESSION_MS = 7 * DAY_MS;
/** How exactly `seenAtMs` is kept. */
const SEEN_MS = 5 * 60_000;

interface Believed {
  readonly session: Session | null;
  readonly readAtMs: number;
}
const believed = new Lru<string, Believed>(LIMITS.cachedTokensMax);

export function forgetSession(tokenHash: string): void {
  believed.delete(tokenHash);
}

/** After a change of people, roles or sessions whose tokens are not at hand. */
export function forgetSessions(): void {
  believed.clear();
}

/**
 * The cookie `qd_staff`, else what a member's cookie or a bearer token says: a member (who is refused as such), or staff of the
 * development login where DEV_LOGIN is `on`.
 */
export async function staffSession(
  request: Request,
  env: Env,
  nowMs: number,
): Promise<Session | null> {
  if (!request.headers.has("authorization")) {
    const token = readCookie(request, STAFF_COOKIE);
    const session = token === null ? null : await sessionOfToken(token, env, nowMs);
    if (session) return session;
  }
  const other = sessionOf(request, env.SESSION_KEYS, nowMs);
  if (other?.role !== "staff") return other;
  return env.DEV_LOGIN === "on" ? developmentOwner(other) : null;
}

const ALL = permissionsOf(["owner"], {});

function developmentOwner(session: Session): Session {
  const { memberId } = session;
  const identity = {
    ...{ staffId: memberId, name: memberId, email: "", sessionId: null },
    ...{ roleIds: ["owner"], permissions: ALL, storeIds: null, needsSecondStep: false },
  };
  return { ...session, staff: identity };
}

async function sessionOfToken(token: string, env: Env, nowMs: number): Promise<Session | null> {
  if (token.length < 20 || token.length > 100) return null;
  const tokenHash = hashOf(token);
  const known = believed.get(tokenHash);
  if (known && nowMs - known.readAtMs < BELIEVED_MS && nowMs >= known.readAtMs)
    return known.session;
  const session = await readSession(env.DB, tokenHash, nowMs).catch((error: unknown) => {
    // Without D1 nobody's rights are known: the answer is to come again, and not that there is no session.
    throw Object.assign(new Error(describeError(error)), { retryable: true });
  });
  believed.set(tokenHash, { session, readAtMs: nowMs });
  return session;
}

interface Row {
  readonly session_id: string;
  readonly staff_id: string;
  readonly programme_id: string;
  readonly seen_at_ms: number;
  readonly name: string;
  readonly email: string;
  readonly role_ids: string;
  readonly store_ids: string | null;
  readonly custom: string;
  readonly has_second: number;
  readonly needs_second: number;
  readonly method: string;
}

const READ = `SELECT s.session_id, s.staff_id, s.programme_id, s.seen_at_ms, s.method, p.name, p.email, m.role_ids, m.store_ids,
    (SELECT COALESCE(json_group_object(r.role_id, json(r.permissions)), '{}') FROM staff_roles AS r
      WHERE r.programme_id = s.programme_id AND r.role_id IN (SELECT value FROM json_each(m.role_ids))) AS custom,
    p.totp_secret IS NOT NULL OR EXISTS (SELECT 1 FROM staff_passkeys AS k WHERE k.staff_id = s.staff_id) AS has_second,
    COALESCE((SELECT needs_second_step FROM staff_policies AS y WHERE y.programme_id = s.programme_id), 0) AS needs_second
  FROM staff_sessions AS s
  JOIN staff_people AS p ON p.staff_id = s.staff_id
  JOIN staff_memberships AS m ON m.programme_id = s.programme_id AND m.staff_id = s.staff_id AND m.state = 'active'
  WHERE s.token_hash = ?1 AND s.expires_at_ms > ?2 AND s.seen_at_ms > ?3`;

async function readSession(
  db: D1Database,
  tokenHash: string,
  nowMs: number,
): Promise<Session | null> {
  const row = await db
    .prepare(READ)
    .bind(tokenHash, nowMs, nowMs - IDLE_MS)
    .first<Row>();
  if (!row) return null;
  if (nowMs - row.seen_at_ms > SEEN_MS) {
    await db
      .prepare("UPDATE staff_sessions SET seen_at_ms = ?2 WHERE token_hash = ?1")
      .bind(tokenHash, nowMs)
      .run();
  }
  const roleIds = JSON.parse(row.role_ids) as string[];
  const custom = JSON.parse(row.custom) as Record<string, string[]>;
  const staffId = row.staff_id;
  const programmeId = row.programme_id;
  const storeIds = row.store_ids === null ? null : (JSON.parse(row.store_ids) as string[]);
  return {
    programmeId,
    memberId: staffId,
    memberKey: memberKeyOf(programmeId, staffId),
    role: "staff",
    staff: {
      ...{ staffId, name: row.name, email: row.email, sessionId: row.session_id, roleIds },
      permissions: heldBy(roleIds, custom, storeIds),
      storeIds,
      needsSecondStep: row.needs_second === 1 && row.has_second === 0,
    },
  };
}
