/** WeChat: to its server and back, and pages signed for its JS-SDK. */
import { z } from "@hono/zod-openapi";
import { randomBytes } from "node:crypto";
import { signToken, verifyToken } from "../kernel/key-ring.ts";
import { returnPath } from "../kernel/own-path.ts";
import { ringOf } from "../members/index.ts";
import { json, type Api } from "../platform/http/api.ts";
import { describeError, log } from "../platform/log.ts";
import {
  arrived,
  loginAt,
  programmeOf,
  redirect,
  returnTo,
  STATE_COOKIE,
  TAG,
  type Call,
} from "./arrival.ts";
import { channelsOf } from "./channels-store.ts";
import { cookieIn, serverCookie, SignInDesk, type Proof } from "./desk.ts";
import { authoriseUrl, WechatClient } from "./wechat/client.ts";
import { appSecretOf, jsConfigOf } from "./wechat/js-config.ts";

const STATE_PURPOSE = "wechat-state.v1";
const STATE_MS = 10 * 60_000;

export function wechatRoutes(api: Api): void {
  beginRoute(api);
  callbackRoute(api);
  jsConfigRoute(api);
}

function beginRoute(api: Api): void {
  api.route(
    {
      ...{ method: "get", path: "/api/v1/sign-in/wechat", access: "public", tag: TAG },
      summary: "Sends the browser to WeChat to be recognised",
      query: z.object({ returnTo, asks: z.enum(["silent", "profile"]).default("silent") }),
      responses: { 303: { description: "To WeChat" } },
      problems: ["not_found"],
    },
    async (call) => {
      const { env, request, query, nowMs, problem } = call;
      const { wechat } = await channelsOf(env, programmeOf(call), nowMs);
      if (!wechat) return problem("not_found");
      const nonce = randomBytes(16).toString("hex");
      const back = returnPath(query.returnTo);
      const state = signToken(ringOf(env.SESSION_KEYS), STATE_PURPOSE, [
        ...[nonce, back, nowMs + STATE_MS],
      ]);
      const { origin } = new URL(request.url);
      const address = authoriseUrl(env, origin, {
        appId: wechat.appId,
        scope: query.asks === "profile" || wechat.asksProfile ? "snsapi_userinfo" : "snsapi_base",
        state: nonce,
        redirectUri: `${origin}/api/v1/sign-in/wechat/callback`,
      });
      return redirect(address, serverCookie(request, STATE_COOKIE, state, 600));
    },
  );
}

function callbackRoute(api: Api): void {
  api.route(
    {
      ...{ method: "get", path: "/api/v1/sign-in/wechat/callback", access: "public", tag: TAG },
      summary: "Where WeChat sends the browser back to, with a code",
      query: z.object({
        code: z.string().max(600).default(""),
        state: z.string().max(128).default(""),
      }),
      responses: { 303: { description: "On to where the sign-in began, or to the consent page" } },
      problems: ["not_found"],
    },
    async (call) => {
      const { env, request, query, nowMs } = call;
      // The state belongs to this browser: an address that somebody else sent leads nowhere.
      const begun = verifyToken(
        ringOf(env.SESSION_KEYS),
        STATE_PURPOSE,
        cookieIn(request, STATE_COOKIE) ?? "",
      ) as [string, string, number] | null;
      const [nonce, kept, untilMs] = begun ?? ["", "/", 0];
      const back = returnPath(kept);
      if (nonce === "" || nonce !== query.state || untilMs < nowMs || query.code === "") {
        return redirect(loginAt(back, { failed: "wechat_state" }));
      }
      const proof = await wechatProof(call, query.code);
      if (proof === null || proof === "snapshot") {
        return redirect(loginAt(back, { failed: proof === null ? "wechat" : "wechat_snapshot" }));
      }
      return arrived(call, proof, back);
    },
  );
}

/** `snapshot`: WeChat lets somebody look who is nobody yet; making a member of them would make a new one each time. */
async function wechatProof(call: Call, code: string): Promise<Proof | "snapshot" | null> {
  const { env, nowMs } = call;
  const programmeId = programmeOf(call);
  const { wechat } = await channelsOf(env, programmeId, nowMs);
  if (!wechat) return null;
  try {
    const desk = await SignInDesk.open(env, programmeId, nowMs);
    const secret = await appSecretOf(env, wechat, desk.vault);
    if (secret === null) return null;
    const client = new WechatClient(env, { appId: wechat.appId, secret });
    const { openid, accessToken, scopes, isSnapshot, ...first } = await client.exchange(code);
    if (isSnapshot) return "snapshot";
    const more = scopes.includes("snsapi_userinfo")
      ? await client.userinfo(openid, accessToken)
      : { nickname: "", unionid: null };
    const union = first.unionid ?? more.unionid;
    const subject = `${wechat.appId}:${openid}`;
    return {
      via: "wechat",
      memberId: null,
      subjects: [
        { kind: "wechat", subject, shown: more.nickname },
        ...(union === null
          ? []
          : [{ kind: "wechat_union" as const, subject: union, shown: more.nickname }]),
      ],
    };
  } catch (error) {
    log("wechat_sign_in_failed", { error: describeError(error) });
    return null;
  }
}

function jsConfigRoute(api: Api): void {
  api.route(
    {
      ...{ method: "get", path: "/api/v1/wechat/js-config", access: "public", tag: TAG },
      summary: "Signs a page of this mall for WeChat's JS-SDK",
      query: z.object({ url: z.string().max(2_000).default("") }),
      responses: {
        200: {
          description: "For `wx.config`",
          schema: z.object({
            appId: z.string(),
            timestamp: z.int(),
            nonceStr: z.string(),
            signature: z.string(),
          }),
        },
      },
      problems: ["not_found"],
    },
    async (call) => {
      const { env, request, query, nowMs, problem } = call;
      // Only our own pages: a signature for another site would lend it the merchant's app.
      const url = query.url === "" ? `${new URL(request.url).origin}/` : query.url;
      const isOurs = URL.canParse(url) && new URL(url).origin === new URL(request.url).origin;
      if (!isOurs) {
        const message = "an address of this mall";
        return problem("invalid", { errors: [{ path: "query.url", message }] });
      }
      const programmeId = programmeOf(call);
      const channels = await channelsOf(env, programmeId, nowMs);
      if (!channels.wechat) return problem("not_found");
      const desk = await SignInDesk.open(env, programmeId, nowMs);
      const config = await jsConfigOf(env, channels, desk.vault, url, nowMs);
      return config ? json(config) : problem("unavailable", {}, 10);
    },
  );
}
