/** WeChat's servers as the mall calls them. Each call names the public document it follows in docs/wechat.md. */
import { ringOf } from "../../members/index.ts";
import type { Env } from "../../platform/env.ts";
import { FAKE_APP_ID, FAKE_PATH, fakeWechat } from "./fake.ts";

const TIMEOUT_MS = 6_000;

export interface WechatApp {
  readonly appId: string;
  readonly secret: string;
}

export class WechatError extends Error {
  readonly errcode: number;

  constructor(errcode: number, message: string) {
    super(`WeChat answered ${errcode}: ${message}`);
    this.errcode = errcode;
  }
}

const isFake = (env: Env, appId: string): boolean =>
  env.DEV_LOGIN === "on" && appId === FAKE_APP_ID;

/** Where a member's browser is sent to be recognised. */
export function authoriseUrl(
  env: Env,
  origin: string,
  ask: {
    readonly appId: string;
    readonly scope: "snsapi_base" | "snsapi_userinfo";
    readonly state: string;
    readonly redirectUri: string;
  },
): string {
  const base = isFake(env, ask.appId) ? `${origin}${FAKE_PATH}` : "https://open.weixin.qq.com";
  // The order of the parameters is part of the document.
  const query = [
    `appid=${ask.appId}`,
    `redirect_uri=${encodeURIComponent(ask.redirectUri)}`,
    "response_type=code",
    `scope=${ask.scope}`,
    `state=${ask.state}`,
  ].join("&");
  return `${base}/connect/oauth2/authorize?${query}#wechat_redirect`;
}

export interface Exchanged {
  readonly openid: string;
  readonly unionid: string | null;
  readonly accessToken: string;
  readonly scopes: readonly string[];
  /** WeChat shows a snapshot of the page to nobody in particular: openid and unionid are made up. */
  readonly isSnapshot: boolean;
}

export class WechatClient {
  readonly #env: Env;
  readonly #app: WechatApp;

  constructor(env: Env, app: WechatApp) {
    this.#env = env;
    this.#app = app;
  }

  async #ask(
    path: string,
    query: Readonly<Record<string, string>>,
    body?: object,
  ): Promise<Record<string, unknown>> {
    const search = new URLSearchParams(query).toString();
    const headers = { "content-type": "application/json" };
    const init = body ? { method: "POST", headers, body: JSON.stringify(body) } : {};
    const response = isFake(this.#env, this.#app.appId)
      ? await fakeWechat(
          new Request(`https://fake.invalid${FAKE_PATH}${path}?${search}`, init),
          ringOf(this.#env.SESSION_KEYS),
          Date.now(),
        )
      : await fetch(`https://api.weixin.qq.com${path}?${search}`, {
          ...init,
          signal: AbortSignal.timeout(TIMEOUT_MS),
        });
    if (!response?.ok) throw new WechatError(response?.status ?? 404, "no answer");
    const value: Record<string, unknown> = await response.json();
    const errcode = Number(value["errcode"] ?? 0);
    if (errcode !== 0) throw new WechatError(errcode, String(value["errmsg"] ?? ""));
    return value;
  }

  /** Web page authorisation, step 2: the code for an openid. A code is good once and for five minutes. */
  async exchange(code: string): Promise<Exchanged> {
    const { appId, secret } = this.#app;
    const value = await this.#ask("/sns/oauth2/access_token", {
      ...{ appid: appId, secret, code, grant_type: "authorization_code" },
    });
    const { openid, unionid, access_token: accessToken, scope } = value;
    return {
      openid: String(openid),
      unionid: typeof unionid === "string" ? unionid : null,
      accessToken: String(accessToken),
      scopes: String(scope).split(","),
      isSnapshot: Number(value["is_snapshotuser"] ?? 0) === 1,
    };
  }

  /** Web page authorisation, step 4: name and union id, after snsapi_userinfo. */
  async userinfo(
    openid: string,
    accessToken: string,
  ): Promise<{ nickname: string; unionid: string | null }> {
    const value = await this.#ask("/sns/userinfo", {
      ...{ access_token: accessToken, openid, lang: "zh_CN" },
    });
    const { nickname, unionid } = value;
    return {
      nickname: String(nickname ?? "").slice(0, 40),
      unionid: typeof unionid === "string" ? unionid : null,
    };
  }

  /** The stable access token: asking again does not make the one before it invalid. */
  async appToken(): Promise<{ value: string; expiresInS: number }> {
    const { appId, secret } = this.#app;
    const value = await this.#ask(
      "/cgi-bin/stable_token",
      {},
      {
        ...{ grant_type: "client_credential", appid: appId, secret },
      },
    );
    return { value: String(value["access_token"]), expiresInS: Number(value["expires_in"]) };
  }

  async jsTicket(appToken: string): Promise<{ value: string; expiresInS: number }> {
    const value = await this.#ask("/cgi-bin/ticket/getticket", {
      ...{ access_token: appToken, type: "jsapi" },
    });
    return { value: String(value["ticket"]), expiresInS: Number(value["expires_in"]) };
  }
}
