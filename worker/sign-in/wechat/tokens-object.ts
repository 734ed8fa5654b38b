/**
 * The one place where an app's tokens are fetched. WeChat counts every fetch, and two servers that refresh on their own make
 * each other's tokens invalid; so all isolates ask this object, and it asks once.
 */
import { DurableObject } from "cloudflare:workers";
import { createHmac } from "node:crypto";
import type { Clock } from "../../kernel/clock.ts";
import type { Env } from "../../platform/env.ts";
import { describeError, log } from "../../platform/log.ts";
import { WechatClient } from "./client.ts";

/** `relay`: a host whose address is on WeChat's allow-list fetches for us. */
export type TokenSource =
  | { readonly kind: "direct"; readonly secret: string }
  | { readonly kind: "relay"; readonly url: string; readonly secret: string };

export interface JsTicket {
  readonly value: string;
  readonly expiresAtMs: number;
}

const KEY = "js-ticket";
/** Fetched anew this long before it lapses, while the old one still serves. */
const EARLY_MS = 10 * 60_000;
/** After a failure nobody asks again for so long. */
const PAUSE_MS = 10_000;
const TIMEOUT_MS = 6_000;

export class WechatTokens extends DurableObject<Env> {
  clock: Clock = () => Date.now();
  #going: Promise<JsTicket> | null = null;
  #pausedUntilMs = 0;

  /** Null: WeChat or the relay does not answer, and there is none left that holds. */
  async jsTicket(appId: string, source: TokenSource): Promise<JsTicket | null> {
    const nowMs = this.clock();
    const kept = await this.ctx.storage.get<JsTicket>(KEY);
    const holds = kept !== undefined && kept.expiresAtMs > nowMs;
    if (holds && kept.expiresAtMs - EARLY_MS > nowMs) return kept;
    if (nowMs < this.#pausedUntilMs) return holds ? kept : null;
    try {
      this.#going ??= this.#fetch(appId, source, nowMs).finally(() => {
        this.#going = null;
      });
      return await this.#going;
    } catch (error) {
      this.#pausedUntilMs = nowMs + PAUSE_MS;
      log("wechat_ticket_failed", { appId, error: describeError(error) });
      return holds ? kept : null;
    }
  }

  async #fetch(appId: string, source: TokenSource, nowMs: number): Promise<JsTicket> {
    const { value, expiresInS } =
      source.kind === "direct"
        ? await this.#fromWechat(appId, source.secret)
        : await fromRelay(appId, source, nowMs);
    const ticket = { value, expiresAtMs: nowMs + expiresInS * 1_000 };
    await this.ctx.storage.put(KEY, ticket);
    return ticket;
  }

  async #fromWechat(appId: string, secret: string): Promise<{ value: string; expiresInS: number }> {
    const client = new WechatClient(this.env, { appId, secret });
    const { value } = await client.appToken();
    return client.jsTicket(value);
  }
}

/** A signed question, so that the relay gives tokens to nobody else. docs/wechat.md has its form. */
async function fromRelay(
  appId: string,
  { url, secret }: { readonly url: string; readonly secret: string },
  nowMs: number,
): Promise<{ value: string; expiresInS: number }> {
  const timestamp = String(Math.floor(nowMs / 1_000));
  const signature = createHmac("sha256", secret).update(`${timestamp}.${appId}`).digest("hex");
  const address = new URL(url);
  address.searchParams.set("appid", appId);
  const response = await fetch(address, {
    headers: { "x-qiangdui-timestamp": timestamp, "x-qiangdui-signature": signature },
    redirect: "manual",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!response.ok) throw new Error(`the relay answered ${response.status}`);
  const body: Record<string, unknown> = await response.json();
  const { jsapi_ticket: value, expires_in: expiresInS } = body;
  if (typeof value !== "string" || !(Number(expiresInS) > 0)) {
    throw new Error("the relay answered no ticket");
  }
  return { value, expiresInS: Number(expiresInS) };
}
