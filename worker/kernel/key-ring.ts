import { createHmac, timingSafeEqual } from "node:crypto";
import { invariant } from "./invariant.ts";

/** One signing key. The first of a ring signs, every one of them verifies: that is the rotation. */
interface SigningKey {
  readonly keyId: string;
  readonly secret: string;
}
export type KeyRing = readonly [SigningKey, ...SigningKey[]];

const SECRET_LENGTH_MIN = 32;

/** Reads `kid:secret,kid:secret`. Throws on a setting that could not protect anything. */
export function parseKeyRing(setting: string): KeyRing {
  const keys = setting
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .map((part): SigningKey => {
      const [keyId = "", secret = ""] = part.split(":", 2);
      invariant(/^[0-9A-Za-z_-]{1,16}$/.test(keyId), "a key ring entry reads kid:secret");
      invariant(secret.length >= SECRET_LENGTH_MIN, "a signing secret has 32 characters or more");
      return { keyId, secret };
    });
  const [signing, ...verifying] = keys;
  invariant(signing, "a key ring has at least one key");
  return [signing, ...verifying];
}

/** `<base64url payload>.<kid>.<base64url HMAC-SHA-256>`; the purpose keeps tokens of one kind from passing as another. */
export function signToken(ring: KeyRing, purpose: string, claims: unknown): string {
  const [key] = ring;
  const payload = Buffer.from(JSON.stringify(claims)).toString("base64url");
  return `${payload}.${key.keyId}.${macOf(key, purpose, payload)}`;
}

/** The claims of a token that one of the ring's keys signed for this purpose, else `null`. */
export function verifyToken(ring: KeyRing, purpose: string, token: string): unknown {
  const [payload, keyId, mac, ...rest] = token.split(".");
  if (!payload || !keyId || !mac || rest.length > 0) return null;
  const key = ring.find((candidate) => candidate.keyId === keyId);
  if (!key) return null;
  const given = Buffer.from(mac);
  const wanted = Buffer.from(macOf(key, purpose, payload));
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return null;
  try {
    return JSON.parse(Buffer.from(payload, "base64url").toString("utf8"));
  } catch {
    return null;
  }
}

function macOf(key: SigningKey, purpose: string, payload: string): string {
  return createHmac("sha256", key.secret).update(`${purpose}.${payload}`).digest("base64url");
}
