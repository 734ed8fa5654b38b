/** Fitting bodies and paths of the sign-in's routes, for the tests that spoil them. */
import { createHmac } from "node:crypto";
import type { Json } from "./http-shop.ts";

const CHANNELS = {
  wechat: null,
  phone: { isOn: true, gatewayUrl: null, gatewaySecret: null },
  ticketKeys: [],
  embedOrigins: [],
  verifyFiles: [],
  hiddenInWechat: [],
};

/** Every route: who may call it, and what the right caller is answered with a fitting body. */
export const SIGN_IN_ROUTES: Readonly<
  Record<string, readonly ["public" | "member" | "staff", number]>
> = {
  "get /api/v1/sign-in/wechat": ["public", 303],
  "get /api/v1/sign-in/wechat/callback": ["public", 303],
  "get /api/v1/sign-in/ticket": ["public", 303],
  "post /api/v1/sign-in/phone": ["public", 422],
  "post /api/v1/sign-in/phone/verify": ["public", 422],
  "post /api/v1/sign-in/consent": ["public", 409],
  "get /api/v1/wechat/js-config": ["public", 200],
  "get /api/v1/me/identities": ["member", 200],
  "delete /api/v1/me/consent": ["member", 204],
  "get /api/v1/staff/channels": ["staff", 200],
  "put /api/v1/staff/channels": ["staff", 409],
};

export const SIGN_IN_FITTING: Readonly<Record<string, Json>> = {
  // No number of anybody's: what is asked for is refused, and no code is made.
  "/api/v1/sign-in/phone": { phone: "0000000" },
  "/api/v1/sign-in/phone/verify": {
    merge: false,
    phone: "13800002607",
    code: "000000",
    noticeVersion: null,
    isEmbedded: false,
  },
  "/api/v1/sign-in/consent": { noticeVersion: "0123456789abcdef", isEmbedded: false },
  "/api/v1/staff/channels": { revision: 99, channels: CHANNELS },
};

/** A one-time ticket of the merchant's key `shop`, as docs/sign-in.md has it. */
export function ticketOf(host: string, secret: string, sub: string, jti: string): string {
  const now = Math.floor(Date.now() / 1_000);
  const claims = { sub, jti, aud: host, iat: now, exp: now + 120 };
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const text = `${part({ alg: "HS256", kid: "shop" })}.${part(claims)}`;
  return `${text}.${createHmac("sha256", secret).update(text).digest("base64url")}`;
}
