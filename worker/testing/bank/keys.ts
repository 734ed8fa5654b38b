/** Keys of the pretended bank and of the one merchant that it knows. */

const RSA = {
  name: "RSASSA-PKCS1-v1_5",
  modulusLength: 2_048,
  publicExponent: new Uint8Array([1, 0, 1]),
  hash: "SHA-256",
} as const;

/** Two runtimes name the type differently. */
type Key = Parameters<typeof crypto.subtle.exportKey>[1];

export interface PemPair {
  readonly privatePem: string;
  readonly publicPem: string;
}

export interface BankKeys {
  /** What the platform signs with. */
  readonly platform: PemPair;
  readonly merchant: PemPair;
  readonly apiV3Key: string;
}

const pem = (name: string, bytes: ArrayBuffer): string =>
  `-----BEGIN ${name}-----\n${Buffer.from(bytes).toString("base64")}\n-----END ${name}-----\n`;

export async function newPair(): Promise<PemPair> {
  const pair = (await crypto.subtle.generateKey(RSA, true, ["sign", "verify"])) as {
    privateKey: Key;
    publicKey: Key;
  };
  const pkcs8 = (await crypto.subtle.exportKey("pkcs8", pair.privateKey)) as ArrayBuffer;
  const spki = (await crypto.subtle.exportKey("spki", pair.publicKey)) as ArrayBuffer;
  return { privatePem: pem("PRIVATE KEY", pkcs8), publicPem: pem("PUBLIC KEY", spki) };
}

export async function newBankKeys(): Promise<BankKeys> {
  const apiV3Key = crypto.randomUUID().replaceAll("-", "");
  return { platform: await newPair(), merchant: await newPair(), apiV3Key };
}

const IMPORT = { name: RSA.name, hash: RSA.hash } as const;
const bytesOf = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(Buffer.from(text.replace(/-----[^-]+-----|\s/g, ""), "base64"));

export async function signWith(privatePem: string, text: string): Promise<string> {
  const key = await crypto.subtle.importKey("pkcs8", bytesOf(privatePem), IMPORT, false, ["sign"]);
  const bytes = await crypto.subtle.sign(RSA.name, key, new TextEncoder().encode(text));
  return Buffer.from(bytes).toString("base64");
}

export async function isSignedBy(
  publicPem: string,
  text: string,
  signature: string,
): Promise<boolean> {
  const key = await crypto.subtle.importKey("spki", bytesOf(publicPem), IMPORT, false, ["verify"]);
  const bytes = Uint8Array.from(Buffer.from(signature, "base64"));
  return crypto.subtle.verify(RSA.name, key, bytes, new TextEncoder().encode(text));
}

/** Seals as WeChat Pay does: AES-256-GCM, the tag at the end. */
export async function sealWith(apiV3Key: string, nonce: string, about: string, text: string) {
  const encoder = new TextEncoder();
  const key = await crypto.subtle.importKey("raw", encoder.encode(apiV3Key), "AES-GCM", false, [
    "encrypt",
  ]);
  const sealed = await crypto.subtle.encrypt(
    { name: "AES-GCM", iv: encoder.encode(nonce), additionalData: encoder.encode(about) },
    key,
    encoder.encode(text),
  );
  return Buffer.from(sealed).toString("base64");
}
