/** Sessions of the product's own make: the same token, the same HMAC, the same cache of verified ones. */
import type { Context } from "hono";
import { getCookie } from "hono/cookie";
import { memberKeyOf } from "../../worker/kernel/ids.ts";
import {
  parseKeyRing,
  signToken,
  verifyToken,
  type KeyRing,
} from "../../worker/kernel/key-ring.ts";
import { LIMITS } from "../../worker/kernel/limits.ts";
import { Lru } from "../../worker/kernel/lru.ts";

const PURPOSE = "session.v1";
const COOKIE = "qd_session";
const TOKEN_LENGTH_MAX = 1_024;

interface Verified {
  readonly memberKey: string;
  readonly expiresAtMs: number;
}

export function signSession(
  keys: KeyRing,
  programmeId: string,
  memberId: string,
  expiresAtMs: number,
): string {
  return signToken(keys, PURPOSE, [programmeId, memberId, "member", expiresAtMs]);
}

/** Verifies a token once, as the product does, and remembers it. */
export class Sessions {
  readonly #keys: KeyRing;
  readonly #verified = new Lru<string, Verified>(LIMITS.cachedTokensMax);

  constructor(setting: string) {
    this.#keys = parseKeyRing(setting);
  }

  /** The member of the bearer token or the cookie; null for a missing, forged or expired one. */
  memberKeyOf(c: Context, nowMs: number): string | null {
    const header = c.req.header("authorization");
    const token = header?.startsWith("Bearer ") ? header.slice(7).trim() : getCookie(c, COOKIE);
    if (!token || token.length > TOKEN_LENGTH_MAX) return null;
    const verified = this.#verified.get(token) ?? this.#verify(token);
    return verified && verified.expiresAtMs > nowMs ? verified.memberKey : null;
  }

  #verify(token: string): Verified | null {
    const claims = verifyToken(this.#keys, PURPOSE, token);
    if (!Array.isArray(claims)) return null;
    const [programmeId, memberId, , expiresAtMs] = claims as unknown[];
    if (typeof programmeId !== "string" || typeof memberId !== "string") return null;
    if (!Number.isInteger(expiresAtMs)) return null;
    const verified = {
      memberKey: memberKeyOf(programmeId, memberId),
      expiresAtMs: Number(expiresAtMs),
    };
    this.#verified.set(token, verified);
    return verified;
  }
}
