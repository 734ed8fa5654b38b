import { LIMITS } from "../kernel/limits.ts";
import { parseKeyRing, signToken, verifyToken, type KeyRing } from "../kernel/key-ring.ts";
import { MEMBER_ID_PATTERN, memberKeyOf, PROGRAMME_ID_PATTERN } from "../kernel/ids.ts";
import { Lru } from "../kernel/lru.ts";
import type { Session } from "../platform/http/api.ts";

const PURPOSE = "session.v1";
export const SESSION_COOKIE = "qd_session";
export const SESSION_SECONDS = 30 * 86_400;

interface Verified {
  /** The ring it was verified by: another one must verify it anew. */
  readonly keys: string;
  readonly session: Session;
  readonly expiresAtMs: number;
}

/** Verified tokens of this isolate, so that the HMAC is computed once a session and not once a request. */
const verified = new Lru<string, Verified>(LIMITS.cachedTokensMax);
const rings = new Map<string, KeyRing>();

export function ringOf(setting: string): KeyRing {
  let ring = rings.get(setting);
  if (!ring) {
    ring = parseKeyRing(setting);
    rings.set(setting, ring);
  }
  return ring;
}

export function signSession(keys: string, session: Session, expiresAtMs: number): string {
  const { programmeId, memberId, role } = session;
  return signToken(ringOf(keys), PURPOSE, [programmeId, memberId, role, expiresAtMs]);
}

/** Reads the cookie or the bearer token; null for a missing, forged or expired one. */
export function sessionOf(request: Request, keys: string, nowMs: number): Session | null {
  const token = bearerOf(request) ?? cookieOf(request);
  if (!token || token.length > 1_024) return null;
  const cached = verified.get(token);
  if (cached && cached.keys === keys) return cached.expiresAtMs > nowMs ? cached.session : null;
  const fresh = verify(token, keys);
  if (!fresh) return null;
  verified.set(token, fresh);
  return fresh.expiresAtMs > nowMs ? fresh.session : null;
}

function verify(token: string, keys: string): Verified | null {
  const claims = verifyToken(ringOf(keys), PURPOSE, token);
  if (!Array.isArray(claims)) return null;
  const [programmeId, memberId, role, expiresAtMs] = claims as unknown[];
  if (typeof programmeId !== "string" || !PROGRAMME_ID_PATTERN.test(programmeId)) return null;
  if (typeof memberId !== "string" || !MEMBER_ID_PATTERN.test(memberId)) return null;
  if ((role !== "member" && role !== "staff") || !Number.isInteger(expiresAtMs)) return null;
  const memberKey = memberKeyOf(programmeId, memberId);
  const session: Session = { programmeId, memberId, memberKey, role };
  return { keys, session, expiresAtMs: Number(expiresAtMs) };
}

function bearerOf(request: Request): string | null {
  const header = request.headers.get("authorization");
  // The name of a scheme is in no case (RFC 9110, 11.1).
  return header?.slice(0, 7).toLowerCase() === "bearer " ? header.slice(7).trim() : null;
}

function cookieOf(request: Request): string | null {
  const header = request.headers.get("cookie");
  if (!header) return null;
  for (const part of header.split(";")) {
    const at = part.indexOf("=");
    if (part.slice(0, at).trim() === SESSION_COOKIE) return part.slice(at + 1).trim();
  }
  return null;
}

/**
 * The session as a cookie. A page inside a frame of another site has a cookie of its own there: partitioned by the site
 * around it (CHIPS), so that no site can follow a member to the next.
 */
export function sessionCookie(
  request: Request,
  token: string,
  seconds: number,
  isEmbedded = false,
): string {
  const base = `${SESSION_COOKIE}=${token}; Path=/; HttpOnly; Max-Age=${seconds}`;
  if (isEmbedded) return `${base}; SameSite=None; Secure; Partitioned`;
  const secure = new URL(request.url).protocol === "https:" ? "; Secure" : "";
  return `${base}; SameSite=Lax${secure}`;
}
