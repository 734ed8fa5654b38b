/** Passwords: which are taken, and how they are kept (scrypt by the figures of OWASP). */
import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { COMMON_PASSWORDS } from "./common-passwords.ts";

export const PASSWORD_MIN = 10;
export const PASSWORD_MAX = 128;

/** OWASP's line for 16 MiB: an isolate has 128 MiB for everybody it serves. */
const COST = { N: 16_384, r: 8, p: 5 } as const;
const KEY_BYTES = 32;

export type PasswordProblem = "too_short" | "too_long" | "common" | "too_plain" | "names_you";

/** Null: it may be used. Whatever is typed counts, spaces and emoji too; no rule asks for digits or signs. */
export function passwordProblem(
  password: string,
  words: readonly string[],
): PasswordProblem | null {
  const length = [...password].length;
  if (length < PASSWORD_MIN) return "too_short";
  if (length > PASSWORD_MAX) return "too_long";
  const lower = password.toLowerCase();
  // The same with digits and signs stuck to its end is guessed as soon.
  const stem = lower.replace(/[\d!@#$%^&*._-]{1,4}$/, "");
  if (COMMON_PASSWORDS.has(lower) || COMMON_PASSWORDS.has(stem)) return "common";
  if (new Set(lower).size < 5 || isSequence(lower)) return "too_plain";
  const own = words
    .flatMap((word) => word.toLowerCase().split(/[@.\s_-]+/))
    .filter((word) => word.length >= 4);
  if (
    [...own, "qiangdui", "抢兑"].some(
      (word) => lower.includes(word) && lower.length < word.length + 6,
    )
  ) {
    return "names_you";
  }
  return null;
}

function isSequence(text: string): boolean {
  const steps = new Set<number>();
  for (let at = 1; at < text.length; at += 1)
    steps.add(text.charCodeAt(at) - text.charCodeAt(at - 1));
  return (
    steps.size <= 2 && [...steps].every((step) => Math.abs(step) <= 1 || step === -9 || step === 9)
  );
}

/** `scrypt$N$r$p$salt$key` */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password, salt, COST);
  return [
    "scrypt",
    COST.N,
    COST.r,
    COST.p,
    salt.toString("base64url"),
    key.toString("base64url"),
  ].join("$");
}

/** Takes as long for nobody (`null`) as for somebody, so that the time does not tell whether an account exists. */
export async function verifyPassword(password: string, stored: string | null): Promise<boolean> {
  const [kind, n, r, p, salt = "", key = ""] = (stored ?? "").split("$");
  const isStored = kind === "scrypt" && key !== "";
  const cost = isStored ? { N: Number(n), r: Number(r), p: Number(p) } : COST;
  const wanted = isStored ? Buffer.from(key, "base64url") : randomBytes(KEY_BYTES);
  const given = await derive(password, Buffer.from(salt, "base64url"), cost);
  return isStored && timingSafeEqual(given, wanted);
}

interface Cost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

function derive(password: string, salt: Buffer, cost: Cost): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const options = { ...cost, maxmem: 64 * 1_024 * 1_024 };
    scrypt(password.normalize("NFKC"), salt, KEY_BYTES, options, (error, key) => {
      if (error) reject(error);
      else resolve(key);
    });
  });
}
