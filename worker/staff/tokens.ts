/** Tokens that only the browser or the letter carries; D1 keeps their hash. */
import { createHash, randomBytes } from "node:crypto";

export const STAFF_COOKIE = "qd_staff";

export function newToken(): string {
  return randomBytes(32).toString("base64url");
}

export function newId(prefix: string): string {
  return `${prefix}-${randomBytes(10).toString("hex")}`;
}

export function hashOf(token: string): string {
  return createHash("sha256").update(token).digest("base64url");
}

export function readCookie(request: Request, name: string): string | null {
  for (const part of (request.headers.get("cookie") ?? "").split(";")) {
    const at = part.indexOf("=");
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim();
  }
  return null;
}

/** `seconds` 0 clears it. */
export function cookieOf(request: Request, name: string, value: string, seconds: number): string {
  const secure = new URL(request.url).protocol === "https:" ? "; Secure" : "";
  return `${name}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${seconds}${secure}`;
}
