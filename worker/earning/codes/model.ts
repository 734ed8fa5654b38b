/** Till codes: staff or a QR sticker give points at a store. So many uses, so many a member, until they expire. Pure. */
import type { Refused } from "../../accounts/points/index.ts";
import type { Award } from "../rules/index.ts";

export interface TillCode {
  readonly codeId: string;
  /** What is typed or scanned. */
  readonly text: string;
  readonly via: "staff" | "qr";
  readonly points: number;
  readonly usesMax: number;
  readonly usesPerMemberMax: number;
  readonly startsAtMs: number;
  readonly expiresAtMs: number;
  readonly storeId: string | null;
  readonly issuedBy: string;
  readonly isRevoked: boolean;
}

export interface CodeUse {
  readonly codeId: string;
  /** The member's own id of the request; the same id is one use. */
  readonly requestId: string;
  readonly memberKey: string;
  /** Which use of the code this is, counted from 1. */
  readonly ordinal: number;
  readonly atMs: number;
}

export interface CodeFacts {
  readonly uses: number;
  readonly usesByMember: number;
  /** The use under this request id; null: none. */
  readonly known: CodeUse | null;
}

export type CodeOutcome =
  | {
      readonly kind: "used" | "replayed";
      readonly use: CodeUse;
      readonly award: Award;
    }
  | Refused;

function refused(reason: string, figures: Readonly<Record<string, number>> = {}): Refused {
  return { kind: "refused", refusal: { code: "not_eligible", figures: { reason, ...figures } } };
}

/** Uses a code once. The caller counts `facts` and writes the use in one step, so no two uses see the same count. */
export function useCode(
  code: TillCode,
  request: { readonly requestId: string; readonly memberKey: string },
  facts: CodeFacts,
  nowMs: number,
): CodeOutcome {
  if (facts.known) {
    return facts.known.memberKey === request.memberKey
      ? { kind: "replayed", use: facts.known, award: awardOf(code, facts.known) }
      : {
          kind: "refused",
          refusal: { code: "idempotency_mismatch", figures: { fields: "memberKey" } },
        };
  }
  if (code.isRevoked) return refused("revoked");
  if (nowMs < code.startsAtMs) return refused("not_started", { startsAtMs: code.startsAtMs });
  if (nowMs >= code.expiresAtMs) return refused("expired", { expiresAtMs: code.expiresAtMs });
  if (facts.uses >= code.usesMax) return refused("used_up", { limit: code.usesMax });
  if (facts.usesByMember >= code.usesPerMemberMax) {
    return {
      kind: "refused",
      refusal: {
        code: "limit_reached",
        figures: { limit: code.usesPerMemberMax, used: facts.usesByMember },
      },
    };
  }
  const use: CodeUse = {
    codeId: code.codeId,
    requestId: request.requestId,
    memberKey: request.memberKey,
    ordinal: facts.uses + 1,
    atMs: nowMs,
  };
  return { kind: "used", use, award: awardOf(code, use) };
}

function awardOf(code: TillCode, use: CodeUse): Award {
  return {
    naturalKey: `till_code:${code.codeId}:${use.ordinal}`,
    points: code.points,
    sourceId: code.codeId,
  };
}

/** Without 0, O, 1, I and L, which are misread; 31 is prime, so one wrong or swapped sign never passes. */
const ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";
const SIZE = ALPHABET.length;

function checkSign(body: string): string {
  let sum = 0;
  for (const [at, sign] of [...body].entries()) sum += ALPHABET.indexOf(sign) * (at + 2);
  return ALPHABET[sum % SIZE] ?? "";
}

/**
 * Makes a code from random bytes, the last sign a check. Bytes that would favour some signs are passed over, so bring a few
 * more than `length`; null: they did not suffice.
 */
export function codeFromBytes(bytes: Uint8Array, length: number): string | null {
  let body = "";
  for (const byte of bytes) {
    if (body.length === length - 1) break;
    if (byte < SIZE * Math.floor(256 / SIZE)) body += ALPHABET[byte % SIZE] ?? "";
  }
  return body.length === length - 1 ? body + checkSign(body) : null;
}

/** What somebody typed as a code: upper case, blanks and hyphens gone; null when it cannot be one. */
export function readCode(typed: string): string | null {
  const text = typed.toUpperCase().replaceAll(/[\s-]/g, "");
  if (text.length < 4 || text.length > 20) return null;
  if (![...text].every((sign) => ALPHABET.includes(sign))) return null;
  return checkSign(text.slice(0, -1)) === text.at(-1) ? text : null;
}
