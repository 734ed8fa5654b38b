/** One-time codes of an authenticator app (TOTP), and the codes for the day it is lost. */
import { randomInt } from "node:crypto";
import { Secret, TOTP } from "otpauth";
import { openVault } from "../vault/index.ts";
import type { Env } from "../platform/env.ts";
import { hashOf } from "./tokens.ts";

const PERIOD_MS = 30_000;
const RECOVERY_CODES = 10;
/** Letters and digits that nobody takes for another. */
const ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz";
/** People belong to no programme; no programme id looks like this. */
const VAULT_OF_STAFF = "~staff";

const totpOf = (secret: string, email = "", issuer = "Qiangdui"): TOTP =>
  new TOTP({
    issuer,
    label: email,
    secret: Secret.fromBase32(secret),
    algorithm: "SHA1",
    digits: 6,
    period: 30,
  });

export function newTotpSecret(): string {
  return new Secret({ size: 20 }).base32;
}

/** What the QR code carries. */
export function totpUri(secret: string, email: string, issuer: string): string {
  return totpOf(secret, email, issuer).toString();
}

/**
 * The step whose code this is, one step around now; null for a wrong code, and for one that is not younger than the last that was
 * accepted: whoever looks over a shoulder must not use it again.
 */
export function acceptedStep(
  secret: string,
  code: string,
  lastStep: number | null,
  nowMs: number,
): number | null {
  if (!/^\d{6}$/.test(code)) return null;
  const delta = totpOf(secret).validate({ token: code, timestamp: nowMs, window: 1 });
  if (delta === null) return null;
  const step = Math.floor(nowMs / PERIOD_MS) + delta;
  return lastStep !== null && step <= lastStep ? null : step;
}

export function newRecoveryCodes(): string[] {
  return Array.from({ length: RECOVERY_CODES }, () => {
    const letters = Array.from(
      { length: 10 },
      () => ALPHABET[randomInt(ALPHABET.length)] ?? "2",
    ).join("");
    return `${letters.slice(0, 5)}-${letters.slice(5)}`;
  });
}

/** Fifty random bits each: a plain hash is enough, nobody goes through them all. */
export function recoveryHash(staffId: string, code: string): string {
  return hashOf(`${staffId}\n${code.toLowerCase().replace(/[^0-9a-z]/g, "")}`);
}

export async function sealTotp(env: Env, staffId: string, secret: string): Promise<string> {
  return (await openVault(env, VAULT_OF_STAFF)).seal(`totp:${staffId}`, secret);
}

export async function openTotp(env: Env, staffId: string, sealed: string): Promise<string> {
  return (await openVault(env, VAULT_OF_STAFF)).open(`totp:${staffId}`, sealed);
}
