/** Begins and ends sessions. A sign-in always makes a new token, so one that was planted before it opens nothing. */
import { addressOf } from "../platform/http/audited.ts";
import type { Env } from "../platform/env.ts";
import { parseKeyRing, signToken, verifyToken } from "../kernel/key-ring.ts";
import { forgetSession, SESSION_MS } from "./identity.ts";
import { cookieOf, hashOf, newId, newToken, readCookie, STAFF_COOKIE } from "./tokens.ts";

export type SignInMethod = "password" | "two_step" | "passkey" | "invite" | "setup";

const DEVICE_COOKIE = "qd_staff_device";
const DEVICE_PURPOSE = "staff-device.v1";
const DEVICE_SECONDS = 180 * 86_400;
const DEVICE_TEXT_MAX = 200;

export interface BeginCall {
  readonly env: Env;
  readonly request: Request;
  readonly nowMs: number;
}

/** Ends the session that the browser had, begins another, and gives the headers that carry it. */
export async function beginSession(
  { env, request, nowMs }: BeginCall,
  who: { readonly staffId: string; readonly programmeId: string; readonly email: string },
  method: SignInMethod,
): Promise<Headers> {
  const token = newToken();
  const { staffId, programmeId } = who;
  const device = (request.headers.get("user-agent") ?? "").slice(0, DEVICE_TEXT_MAX);
  const insert = env.DB.prepare(
    `INSERT INTO staff_sessions (token_hash, session_id, staff_id, programme_id, method, address, device, created_at_ms,
       seen_at_ms, expires_at_ms)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8, ?9)`,
  ).bind(
    ...[hashOf(token), newId("ses"), staffId, programmeId, method, addressOf(request), device],
    ...[nowMs, nowMs + SESSION_MS],
  );
  await env.DB.batch([...endCurrent(env.DB, request), insert]);
  const headers = new Headers();
  headers.append("set-cookie", cookieOf(request, STAFF_COOKIE, token, SESSION_MS / 1_000));
  const known = signToken(parseKeyRing(env.SESSION_KEYS), DEVICE_PURPOSE, [
    hashOf(who.email),
    newId("dev"),
  ]);
  headers.append("set-cookie", cookieOf(request, DEVICE_COOKIE, known, DEVICE_SECONDS));
  return headers;
}

/**
 * The same session under a new token, because what it opens has changed: whoever knew the old token is out. Gives the headers
 * that carry the new one.
 */
export async function renewSession({ env, request }: BeginCall): Promise<Headers> {
  const headers = new Headers();
  const old = readCookie(request, STAFF_COOKIE);
  if (!old) return headers;
  const token = newToken();
  const { meta } = await env.DB.prepare(
    "UPDATE staff_sessions SET token_hash = ?2 WHERE token_hash = ?1",
  )
    .bind(hashOf(old), hashOf(token))
    .run();
  forgetSession(hashOf(old));
  if (meta.changes === 1)
    headers.append("set-cookie", cookieOf(request, STAFF_COOKIE, token, SESSION_MS / 1_000));
  return headers;
}

export async function endSession({ env, request }: BeginCall): Promise<Headers> {
  const ends = endCurrent(env.DB, request);
  if (ends.length > 0) await env.DB.batch(ends);
  return new Headers({ "set-cookie": cookieOf(request, STAFF_COOKIE, "", 0) });
}

function endCurrent(db: D1Database, request: Request): D1PreparedStatement[] {
  const token = readCookie(request, STAFF_COOKIE);
  if (!token) return [];
  const tokenHash = hashOf(token);
  forgetSession(tokenHash);
  return [db.prepare("DELETE FROM staff_sessions WHERE token_hash = ?1").bind(tokenHash)];
}

/** The name of the device if somebody of this address signed in on it before, else null. */
export function knownDevice(request: Request, env: Env, email: string): string | null {
  const token = readCookie(request, DEVICE_COOKIE);
  if (!token || token.length > 512) return null;
  const claims = verifyToken(parseKeyRing(env.SESSION_KEYS), DEVICE_PURPOSE, token);
  if (!Array.isArray(claims)) return null;
  const [account, device] = claims as unknown[];
  return account === hashOf(email) && typeof device === "string" ? device : null;
}
