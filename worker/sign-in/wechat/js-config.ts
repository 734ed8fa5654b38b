/** What `wx.config` needs to know that a page is the app's. */
import { createHash, randomBytes } from "node:crypto";
import { stubOf, type Env } from "../../platform/env.ts";
import type { Vault } from "../../vault/index.ts";
import type { Channels } from "../channels.ts";
import { FAKE_APP_ID, fakeSecret } from "./fake.ts";
import type { TokenSource } from "./tokens-object.ts";

export interface JsConfig {
  readonly appId: string;
  readonly timestamp: number;
  readonly nonceStr: string;
  readonly signature: string;
}

/** SHA-1 over the four parts in the order of the document; the address without its fragment. */
export function signJsPage(
  ticket: string,
  nonceStr: string,
  timestamp: number,
  url: string,
): string {
  const page = url.split("#", 1)[0] ?? "";
  const text = `jsapi_ticket=${ticket}&noncestr=${nonceStr}&timestamp=${timestamp}&url=${page}`;
  return createHash("sha1").update(text).digest("hex");
}

/** The app's secret in clear; null: staff have not given one. */
export async function appSecretOf(
  env: Env,
  wechat: NonNullable<Channels["wechat"]>,
  vault: Vault,
): Promise<string | null> {
  if (wechat.appId === FAKE_APP_ID) return env.DEV_LOGIN === "on" ? fakeSecret() : null;
  if (wechat.appSecret === null) return null;
  return vault.open("channels.wechat.appSecret", wechat.appSecret);
}

async function sourceOf(
  env: Env,
  wechat: NonNullable<Channels["wechat"]>,
  vault: Vault,
): Promise<TokenSource | null> {
  if (wechat.relayUrl !== null) {
    if (wechat.relaySecret === null) return null;
    const secret = await vault.open("channels.wechat.relaySecret", wechat.relaySecret);
    return { kind: "relay", url: wechat.relayUrl, secret };
  }
  const secret = await appSecretOf(env, wechat, vault);
  return secret === null ? null : { kind: "direct", secret };
}

export async function jsConfigOf(
  env: Env,
  channels: Channels,
  vault: Vault,
  url: string,
  nowMs: number,
): Promise<JsConfig | null> {
  const { wechat } = channels;
  const source = wechat && (await sourceOf(env, wechat, vault));
  if (!wechat || !source) return null;
  const { appId } = wechat;
  const ticket = await stubOf(env.WECHAT, appId, env).jsTicket(appId, source);
  if (!ticket) return null;
  const timestamp = Math.floor(nowMs / 1_000);
  const nonceStr = randomBytes(8).toString("hex");
  return {
    appId,
    timestamp,
    nonceStr,
    signature: signJsPage(ticket.value, nonceStr, timestamp, url),
  };
}
