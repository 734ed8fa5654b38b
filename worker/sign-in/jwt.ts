/** The merchant's ticket: a JWT (RFC 7519) of a few minutes, signed by the merchant's own key. Nothing in its header is believed but the key's name. */
import { createHmac, createPublicKey, timingSafeEqual, verify } from "node:crypto";
import { MEMBER_ID_PATTERN } from "../kernel/ids.ts";

export interface TicketKey {
  readonly keyId: string;
  readonly algorithm: "HS256" | "EdDSA";
  /** HS256: the secret. EdDSA: the Ed25519 public key, SPKI as PEM. */
  readonly key: string;
}

export interface MemberTicket {
  /** The merchant's own id of the member. */
  readonly memberId: string;
  /** Unique: a ticket is taken once. */
  readonly ticketId: string;
  readonly expiresAtMs: number;
}

export type TicketRefusal = "malformed" | "unknown_key" | "forged" | "expired" | "not_for_us";
export type TicketReading =
  | { readonly ok: true; readonly ticket: MemberTicket }
  | { readonly ok: false; readonly reason: TicketRefusal };

/** Longest life of a ticket, and how far clocks may be apart. */
export const TICKET_MS_MAX = 5 * 60_000;
const SKEW_MS = 60_000;
const TEXT_MAX = 2_048;

const no = (reason: TicketRefusal): TicketReading => ({ ok: false, reason });

function jsonOf(part: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

function isSigned({ algorithm, key }: TicketKey, signed: string, signature: Buffer): boolean {
  if (algorithm === "HS256") {
    const wanted = createHmac("sha256", key).update(signed).digest();
    return wanted.length === signature.length && timingSafeEqual(wanted, signature);
  }
  return verify(null, Buffer.from(signed), createPublicKey(key), signature);
}

/** `audience` is the host of this mall; `aud` must name it, so that a ticket for another mall opens nothing here. */
export function readTicket(
  token: string,
  keys: readonly TicketKey[],
  audience: string,
  nowMs: number,
): TicketReading {
  const parts = token.split(".");
  const [head = "", body = "", mac = ""] = parts;
  if (token.length > TEXT_MAX || parts.length !== 3) return no("malformed");
  const [header, claims] = [jsonOf(head), jsonOf(body)];
  if (!header || !claims) return no("malformed");
  const key = keys.find(({ keyId }) => keyId === header["kid"]);
  // The key says by which algorithm it signs; a header that says otherwise is an attack or a mistake.
  if (!key || header["alg"] !== key.algorithm) return no("unknown_key");
  if (!isSigned(key, `${head}.${body}`, Buffer.from(mac, "base64url"))) return no("forged");
  const { sub, jti, iat, exp, aud } = claims;
  if (aud !== audience) return no("not_for_us");
  if (typeof sub !== "string" || !MEMBER_ID_PATTERN.test(sub)) return no("malformed");
  if (typeof jti !== "string" || !/^[0-9A-Za-z_.-]{8,64}$/.test(jti)) return no("malformed");
  if (!Number.isInteger(iat) || !Number.isInteger(exp)) return no("malformed");
  const [issuedAtMs, expiresAtMs] = [Number(iat) * 1_000, Number(exp) * 1_000];
  const isTimely =
    issuedAtMs <= nowMs + SKEW_MS &&
    expiresAtMs > nowMs - SKEW_MS &&
    expiresAtMs - issuedAtMs <= TICKET_MS_MAX;
  return isTimely
    ? { ok: true, ticket: { memberId: sub, ticketId: jti, expiresAtMs } }
    : no("expired");
}
