/** The account a merchant has at a provider: what it enters, and the provider that comes of it. */
import { z } from "@hono/zod-openapi";
import { Alipay } from "./alipay/alipay.ts";
import type { Fetch, PaymentProvider, ProviderName } from "./provider.ts";
import { bytesOfPem, certificateKey, signingKey, verifyingKey } from "./rsa.ts";
import { WechatPay } from "./wechat/wechat.ts";

const pemText = z.string().trim().max(8_192);
export const WECHAT_ORIGIN = "https://api.mch.weixin.qq.com";
export const ALIPAY_GATEWAY = "https://openapi.alipay.com/gateway.do";

export const wechatAccountSchema = z
  .object({
    appId: z
      .string()
      .trim()
      .regex(/^wx[0-9a-f]{16}$/, "an app id of WeChat"),
    mchId: z
      .string()
      .trim()
      .regex(/^\d{8,12}$/, "a merchant number of WeChat Pay"),
    apiV3Key: z.string().length(32, "an APIv3 key has 32 characters"),
    merchantSerial: z
      .string()
      .trim()
      .regex(/^[0-9A-Fa-f]{20,64}$/, "a serial in hex"),
    privateKeyPem: pemText.min(1),
    publicKeyId: z.string().trim().max(80).default("").describe("Public-key mode: PUB_KEY_ID_…"),
    publicKeyPem: pemText.default(""),
    certificatesPem: z
      .string()
      .max(12_288)
      .default("")
      .describe(
        "Platform certificates, one after the other, for merchants from before public keys.",
      ),
    baseUrl: z.url().default(WECHAT_ORIGIN),
  })
  .refine(
    (one) => (one.publicKeyId !== "" && one.publicKeyPem !== "") || one.certificatesPem !== "",
    {
      path: ["publicKeyPem"],
      message: "either the platform's public key with its id, or its certificates",
    },
  )
  .openapi("WechatPayAccount");

export const alipayAccountSchema = z
  .object({
    appId: z
      .string()
      .trim()
      .regex(/^\d{16}$/, "an app id of Alipay"),
    privateKeyPem: pemText.min(1),
    publicKeyPem: pemText.min(1).describe("Alipay's own key, not the merchant's."),
    gateway: z.url().default(ALIPAY_GATEWAY),
  })
  .openapi("AlipayAccount");

export type WechatSettings = z.infer<typeof wechatAccountSchema>;
export type AlipaySettings = z.infer<typeof alipayAccountSchema>;

/** Throws when a key is none. */
export async function wechatOf(settings: WechatSettings, fetch: Fetch): Promise<PaymentProvider> {
  const { appId, mchId, apiV3Key, merchantSerial, publicKeyId, publicKeyPem, baseUrl } = settings;
  const verifiers = new Map<string, CryptoKey>();
  if (publicKeyId !== "" && publicKeyPem !== "") {
    verifiers.set(publicKeyId, await verifyingKey(publicKeyPem));
  }
  for (const pem of settings.certificatesPem.match(CERTIFICATE) ?? []) {
    const { serial, key } = await certificateKey(pem);
    verifiers.set(serial, key);
  }
  const key = await signingKey(settings.privateKeyPem);
  const signer = { mchId, serial: merchantSerial, key };
  const account = {
    ...{ appId, mchId, apiV3Key, signer, verifiers, baseUrl },
    publicKeyId: publicKeyId === "" ? null : publicKeyId,
  };
  return new WechatPay(account, fetch);
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

export async function alipayOf(settings: AlipaySettings, fetch: Fetch): Promise<PaymentProvider> {
  const { appId, gateway } = settings;
  const key = await signingKey(settings.privateKeyPem);
  const platformKey = await verifyingKey(settings.publicKeyPem);
  return new Alipay({ appId, gateway, key, platformKey }, fetch);
}

/** What may be shown of an account: enough to know it, nothing to use it. */
export function shownAccount(provider: ProviderName, settings: WechatSettings | AlipaySettings) {
  const key = provider === "wechat" ? (settings as WechatSettings).publicKeyId : "";
  return {
    appId: settings.appId,
    mchId: "mchId" in settings ? settings.mchId : "",
    publicKeyId: key,
    /** So that two people can compare what they entered without seeing it. */
    privateKeyPrint: printOf(settings.privateKeyPem),
  };
}

function printOf(pem: string): string {
  const bytes = bytesOfPem(pem);
  let sum = 0;
  for (const byte of bytes) sum = (Math.imul(sum, 31) + byte) >>> 0;
  return `${bytes.length}-${sum.toString(16).padStart(8, "0")}`;
}
