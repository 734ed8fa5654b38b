/** RSA with SHA-256 by WebCrypto, over keys as merchants are given them. */
import { X509Certificate } from "node:crypto";

const RSA = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" } as const;
const encoder = new TextEncoder();

/** The bytes between the lines of a PEM text, or of bare Base64 as Alipay gives keys. */
export function bytesOfPem(pem: string): Uint8Array<ArrayBuffer> {
  const base64 = pem.replace(/-----[^-]+-----/g, "").replace(/\s+/g, "");
  return Uint8Array.from(Buffer.from(base64, "base64"));
}

/** A PKCS#8 key. Throws when the text is none. */
export function signingKey(pem: string): Promise<CryptoKey> {
  return crypto.subtle.importKey("pkcs8", bytesOfPem(pem), RSA, false, ["sign"]);
}

/** An SPKI key. Throws when the text is none. */
export function verifyingKey(pem: string): Promise<CryptoKey> {
  return crypto.subtle.importKey("spki", bytesOfPem(pem), RSA, false, ["verify"]);
}

/** The key inside a certificate, and the serial that the provider names it by. */
export async function certificateKey(pem: string): Promise<{ serial: string; key: CryptoKey }> {
  const certificate = new X509Certificate(pem);
  const spki = certificate.publicKey.export({ type: "spki", format: "der" });
  const key = await crypto.subtle.importKey("spki", Uint8Array.from(spki), RSA, false, ["verify"]);
  return { serial: certificate.serialNumber.toUpperCase(), key };
}

export async function sign(key: CryptoKey, text: string): Promise<string> {
  const signature = await crypto.subtle.sign(RSA.name, key, encoder.encode(text));
  return Buffer.from(signature).toString("base64");
}

export async function verify(key: CryptoKey, text: string, signature: string): Promise<boolean> {
  const bytes = Uint8Array.from(Buffer.from(signature, "base64"));
  return crypto.subtle.verify(RSA.name, key, bytes, encoder.encode(text));
}
