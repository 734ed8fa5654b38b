/** AES-256-GCM for what must not be read from a stolen disk: texts under data keys, data keys under the ring of the deployment. */
import { createCipheriv, createDecipheriv, createHmac } from "node:crypto";
import { invariant } from "./invariant.ts";
import type { KeyRing } from "./key-ring.ts";

const ALGORITHM = "aes-256-gcm";
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export interface DataKey {
  /** Counts the data keys of a programme from 1. */
  readonly version: number;
  /** 32 bytes. */
  readonly key: Buffer;
}

/** From the runtime's own source, which a simulated one replaces. */
const randomBytes = (count: number): Buffer => crypto.getRandomValues(Buffer.alloc(count));

export const newKey = (): Buffer => randomBytes(KEY_BYTES);

/** `context` is not secret and not stored: a sealed text opens only where it was made for. */
function encrypt(key: Buffer, context: string, bytes: Uint8Array): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, nonce);
  cipher.setAAD(Buffer.from(context));
  const body = Buffer.concat([cipher.update(bytes), cipher.final()]);
  return Buffer.concat([nonce, body, cipher.getAuthTag()]);
}

/** Null: another key, another context, or changed bytes. */
function decrypt(key: Buffer, context: string, bytes: Buffer): Buffer | null {
  if (bytes.length < NONCE_BYTES + TAG_BYTES) return null;
  const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, NONCE_BYTES));
  decipher.setAAD(Buffer.from(context));
  decipher.setAuthTag(bytes.subarray(bytes.length - TAG_BYTES));
  try {
    const body = decipher.update(bytes.subarray(NONCE_BYTES, bytes.length - TAG_BYTES));
    return Buffer.concat([body, decipher.final()]);
  } catch {
    return null;
  }
}

/** `s1.<version>.<base64url of nonce, text and tag>` */
export function sealText(data: DataKey, context: string, text: string): string {
  const packed = encrypt(data.key, context, Buffer.from(text)).toString("base64url");
  return `s1.${data.version}.${packed}`;
}

export function openText(data: DataKey, context: string, sealed: string): string | null {
  const [, , packed = ""] = sealed.split(".", 3);
  return decrypt(data.key, context, fromText(packed))?.toString("utf8") ?? null;
}

/** The data key a text was sealed under; null for what is no sealed text. */
export function sealedVersion(sealed: string): number | null {
  const found = /^s1\.([1-9]\d{0,8})\.[0-9A-Za-z_-]+$/.exec(sealed);
  return found ? Number(found[1]) : null;
}

const MAGIC = Buffer.from("QDs1");
const HEADER_BYTES = MAGIC.length + 4;

/** `QDs1`, the version in four bytes, nonce, bytes and tag. */
export function sealBytes(data: DataKey, context: string, bytes: Uint8Array): Buffer {
  const version = Buffer.alloc(HEADER_BYTES - MAGIC.length);
  version.writeUInt32BE(data.version);
  return Buffer.concat([MAGIC, version, encrypt(data.key, context, bytes)]);
}

export function openBytes(data: DataKey, context: string, sealed: Uint8Array): Buffer | null {
  return decrypt(data.key, context, Buffer.from(sealed.subarray(HEADER_BYTES)));
}

/** The data key that bytes were sealed under; null for what is not sealed. */
export function sealedBytesVersion(sealed: Uint8Array): number | null {
  const header = Buffer.from(sealed.subarray(0, HEADER_BYTES));
  if (header.length < HEADER_BYTES || !header.subarray(0, MAGIC.length).equals(MAGIC)) return null;
  return header.readUInt32BE(MAGIC.length);
}

const fromText = (packed: string): Buffer => Buffer.from(packed, "base64url");

/** Wraps a key under the first secret of the ring: `<kid>.<base64url>`. */
export function wrapKey(ring: KeyRing, context: string, key: Buffer): string {
  const [first] = ring;
  invariant(first, "a key ring has a key");
  const packed = encrypt(wrappingKey(first.secret), context, key).toString("base64url");
  return `${first.keyId}.${packed}`;
}

/** Null: the secret that wrapped it is not in the ring any more, or the text is not what was wrapped. */
export function unwrapKey(ring: KeyRing, context: string, wrapped: string): Buffer | null {
  const [keyId, packed = ""] = wrapped.split(".", 2);
  const found = ring.find((one) => one.keyId === keyId);
  const key = found ? decrypt(wrappingKey(found.secret), context, fromText(packed)) : null;
  return key?.length === KEY_BYTES ? key : null;
}

export const wrappedBy = (wrapped: string): string => wrapped.split(".", 1)[0] ?? "";

function wrappingKey(secret: string): Buffer {
  return createHmac("sha256", secret).update("vault.wrap.v1").digest();
}

/** What equal texts have in common and nobody can compute without the key: for looking up and for finding duplicates. */
export function fingerprintOf(key: Buffer, kind: string, text: string): string {
  return createHmac("sha256", key).update(`${kind}\n${text}`).digest("base64url");
}
