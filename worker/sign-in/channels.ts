/** Ways into the mall, as the merchant sets them: WeChat, phone, tickets of the merchant's own members, and pages that embed it. */
import { z } from "@hono/zod-openapi";
import { createPublicKey } from "node:crypto";
import { isPublicAddress } from "../kernel/outgoing.ts";

const APP_ID = /^wx[0-9a-f]{16}$/;
/** `http://localhost` too, for trying it out: only somebody at that machine can open it. */
const ORIGIN = /^(?:https:\/\/[a-z0-9.-]+|http:\/\/localhost)(?::\d{2,5})?$/;
/** `MP_verify_…` of an official account, `WW_verify_…` of WeCom, bare letters and digits of a mini program's business domain. */
export const VERIFY_FILE = /^(?:(?:MP|WW)_verify_)?[0-9A-Za-z]{8,32}\.txt$/;
const address = z.string().refine(isPublicAddress, "https://, a host with a public name");
/** Written by staff, never read back: it is sealed as soon as it arrives. Null keeps what is there. */
const secret = z.string().min(16).max(200).nullable().default(null);

function isEd25519(pem: string): boolean {
  try {
    return createPublicKey(pem).asymmetricKeyType === "ed25519";
  } catch {
    return false;
  }
}

const ticketKeySchema = z
  .strictObject({
    keyId: z.string().regex(/^[0-9A-Za-z_-]{1,32}$/),
    algorithm: z.enum(["HS256", "EdDSA"]),
    publicKey: z.string().max(400).nullable().describe("EdDSA: Ed25519 as SPKI PEM."),
    secret: secret.describe("HS256: 32 characters or more."),
  })
  .superRefine(({ algorithm, publicKey, secret: given }, context) => {
    if (algorithm === "EdDSA" && !(publicKey !== null && isEd25519(publicKey))) {
      context.addIssue({ code: "custom", path: ["publicKey"], message: "an Ed25519 key as PEM" });
    }
    if (algorithm === "HS256" && given !== null && given.length < 32) {
      context.addIssue({ code: "custom", path: ["secret"], message: "32 characters or more" });
    }
  });

export const channelsSchema = z.strictObject({
  wechat: z
    .strictObject({
      appId: z.string().regex(APP_ID, "wx and 16 hex digits"),
      appSecret: secret,
      /** Asks for the name and picture when a member comes for the first time. */
      asksProfile: z.boolean(),
      /** Null: this mall fetches tokens itself. Otherwise they come from a host whose address WeChat's allow-list has. */
      relayUrl: address.nullable(),
      relaySecret: secret,
    })
    .nullable(),
  phone: z.strictObject({
    isOn: z.boolean(),
    /** The merchant's gateway for short messages; without one no code leaves. */
    gatewayUrl: address.nullable(),
    gatewaySecret: secret,
  }),
  ticketKeys: z.array(ticketKeySchema).max(4),
  embedOrigins: z
    .array(z.string().regex(ORIGIN, "https://host, without a path"))
    .max(20)
    .describe("Pages of these origins may show the mall in a frame."),
  verifyFiles: z
    .array(
      z.strictObject({
        name: z.string().regex(VERIFY_FILE),
        content: z.string().regex(/^[0-9A-Za-z]{8,64}$/),
      }),
    )
    .max(10)
    .describe("Files by which WeChat checks that the domain is yours."),
  /** What is not offered inside WeChat, because sharing there may not be rewarded: activities, and the picture to share. */
  hiddenInWechat: z.array(z.enum(["invite", "tasks", "check_in", "poster"])).max(4),
});
export type ChannelsInput = z.infer<typeof channelsSchema>;

type Secrets = "appSecret" | "relaySecret" | "gatewaySecret" | "secret";
/** The same with every secret sealed, as it is stored. */
export type Channels = ChannelsInput;

export const NO_CHANNELS: Channels = {
  wechat: null,
  phone: { isOn: false, gatewayUrl: null, gatewaySecret: null },
  ticketKeys: [],
  embedOrigins: [],
  verifyFiles: [],
  hiddenInWechat: [],
};

const SECRETS: ReadonlySet<string> = new Set<Secrets>([
  ...(["appSecret", "relaySecret", "gatewaySecret", "secret"] as const),
]);

/** Seals what is new, and keeps what was sealed where nothing new came. Secrets are known by their place. */
export function sealSecrets(
  given: Channels,
  stored: Channels,
  seal: (context: string, text: string) => string,
): Channels {
  const walk = (value: unknown, old: unknown, path: string): unknown => {
    if (Array.isArray(value)) {
      const olds = Array.isArray(old) ? (old as unknown[]) : [];
      return value.map((one: unknown, at) => {
        // Keys are known by their names, whatever place they have in the list.
        const keyId = (one as { keyId?: unknown } | null)?.keyId;
        const before =
          keyId === undefined
            ? olds[at]
            : olds.find((other) => (other as { keyId?: unknown } | null)?.keyId === keyId);
        return walk(one, before, `${path}.${String(keyId ?? at)}`);
      });
    }
    if (typeof value !== "object" || value === null) return value;
    const before = (old ?? {}) as Record<string, unknown>;
    return Object.fromEntries(
      Object.entries(value).map(([name, one]) => {
        const at = `${path}.${name}`;
        if (!SECRETS.has(name)) return [name, walk(one, before[name], at)];
        return [name, typeof one === "string" ? seal(at, one) : (before[name] ?? null)];
      }),
    );
  };
  return walk(given, stored, "channels") as Channels;
}

/** For staff: whether a secret is there, never what it is. */
export function withoutSecrets(channels: Channels): unknown {
  return JSON.parse(
    JSON.stringify(channels, (name, value: unknown) =>
      SECRETS.has(name) ? (value === null ? null : true) : value,
    ),
  );
}
