/** WeChat Pay API v3: what is signed, how a request names its signer, how a notification is opened. */
import { sign, verify } from "../rsa.ts";

/** A notification or response older or younger than this is none. */
export const TIMESTAMP_SLACK_MS = 300_000;
const SCHEME = "WECHATPAY2-SHA256-RSA2048";

export interface Signer {
  readonly mchId: string;
  /** Of the merchant's own certificate. */
  readonly serial: string;
  readonly key: CryptoKey;
}

/** Keys that the platform signs with, by the serial it names: a public key's id, or a certificate's serial. */
export type Verifiers = ReadonlyMap<string, CryptoKey>;

export interface Stamp {
  readonly timestamp: string;
  readonly nonce: string;
}

/** Method, path with query, time, nonce and body, each ended by a newline. */
export function requestMessage(method: string, path: string, stamp: Stamp, body: string): string {
  return `${method}\n${path}\n${stamp.timestamp}\n${stamp.nonce}\n${body}\n`;
}

/** What the platform signs in responses and notifications. */
export function answerMessage(stamp: Stamp, body: string): string {
  return `${stamp.timestamp}\n${stamp.nonce}\n${body}\n`;
}

export async function authorization(
  signer: Signer,
  method: string,
  path: string,
  stamp: Stamp,
  body: string,
): Promise<string> {
  const signature = await sign(signer.key, requestMessage(method, path, stamp, body));
  const parts = [
    `mchid="${signer.mchId}"`,
    `nonce_str="${stamp.nonce}"`,
    `signature="${signature}"`,
    `timestamp="${stamp.timestamp}"`,
    `serial_no="${signer.serial}"`,
  ];
  return `${SCHEME} ${parts.join(",")}`;
}

export type Proof = "proven" | "no_signature" | "stale" | "unknown_serial" | "wrong_signature";

/** Whether the platform signed exactly this body just now. */
export async function proofOf(
  headers: Headers,
  body: string,
  verifiers: Verifiers,
  nowMs: number,
): Promise<Proof> {
  const timestamp = headers.get("wechatpay-timestamp");
  const nonce = headers.get("wechatpay-nonce");
  const signature = headers.get("wechatpay-signature");
  const serial = headers.get("wechatpay-serial");
  if (!timestamp || !nonce || !signature || !serial || !/^\d{1,12}$/.test(timestamp)) {
    return "no_signature";
  }
  if (Math.abs(nowMs - Number(timestamp) * 1_000) > TIMESTAMP_SLACK_MS) return "stale";
  const key = verifiers.get(serial);
  if (!key) return "unknown_serial";
  const message = answerMessage({ timestamp, nonce }, body);
  return (await verify(key, message, signature)) ? "proven" : "wrong_signature";
}

export interface Sealed {
  readonly algorithm: string;
  readonly ciphertext: string;
  readonly associated_data?: string;
  readonly nonce: string;
}

/** AES-256-GCM under the merchant's APIv3 key, the tag at the end of the ciphertext. Null: it does not open. */
export async function unseal(sealed: Sealed, apiV3Key: string): Promise<string | null> {
  if (sealed.algorithm !== "AEAD_AES_256_GCM") return null;
  const encoder = new TextEncoder();
  const secret = encoder.encode(apiV3Key);
  if (secret.length !== 32) return null;
  const key = await crypto.subtle.importKey("raw", secret, "AES-GCM", false, ["decrypt"]);
  const parameters = {
    name: "AES-GCM",
    iv: encoder.encode(sealed.nonce),
    additionalData: encoder.encode(sealed.associated_data ?? ""),
    tagLength: 128,
  };
  const bytes = Uint8Array.from(Buffer.from(sealed.ciphertext, "base64"));
  try {
    return new TextDecoder().decode(await crypto.subtle.decrypt(parameters, key, bytes));
  } catch {
    return null;
  }
}

const packageOf = (prepayId: string): string => `prepay_id=${prepayId}`;

/** What is signed of it. */
export function jsapiMessage(appId: string, prepayId: string, stamp: Stamp): string {
  return `${appId}\n${stamp.timestamp}\n${stamp.nonce}\n${packageOf(prepayId)}\n`;
}

/** What the page hands to WeChat to open its cashier. */
export async function jsapiParams(
  signer: Signer,
  appId: string,
  prepayId: string,
  stamp: Stamp,
): Promise<Record<string, string>> {
  return {
    appId,
    timeStamp: stamp.timestamp,
    nonceStr: stamp.nonce,
    package: packageOf(prepayId),
    signType: "RSA",
    paySign: await sign(signer.key, jsapiMessage(appId, prepayId, stamp)),
  };
}
