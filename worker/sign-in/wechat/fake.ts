/**
 * A WeChat server for development, tests and the demo. It answers as the public documents say (docs/wechat.md lists the points),
 * signs with keys of its own, and exists only where the development login does.
 */
import { signToken, verifyToken, type KeyRing } from "../../kernel/key-ring.ts";

export const FAKE_APP_ID = "wxfa0e000000000001";
const FAKE_SECRET = "fake-secret-of-a-fake-app";
export const FAKE_PATH = "/fake-wechat";
const CODE_MS = 5 * 60_000;
const COOKIE = "fake_wechat_user";

const usedCodes = new Set<string>();

/** The fake signs by the deployment's development keys, under a purpose of its own. */
const PURPOSE = "fake-wechat.v1";

interface Grant {
  readonly openid: string;
  readonly scope: string;
}

function grantOf(ring: KeyRing, token: string, kind: string, nowMs: number): Grant | null {
  const claims = verifyToken(ring, PURPOSE, token);
  if (!Array.isArray(claims)) return null;
  const [given, openid, scope, expiresAtMs] = claims as [string, string, string, number];
  return given === kind && expiresAtMs > nowMs ? { openid, scope } : null;
}

const error = (errcode: number, errmsg: string): Response => Response.json({ errcode, errmsg });

/** The person whose phone this is: a cookie of the fake, so that two browsers are two people. */
function personOf(request: Request): string {
  const found = /(?:^|;\s*)fake_wechat_user=([0-9A-Za-z_-]{6,40})/.exec(
    request.headers.get("cookie") ?? "",
  );
  return found?.[1] ?? `oFAKE${crypto.randomUUID().replaceAll("-", "").slice(0, 20)}`;
}

/** As in a snapshot page: somebody who does not exist, and says so. For tests, by `fake_snapshot=1` in the address. */
const SNAPSHOT = "oSNAP";

function authorise(request: Request, ring: KeyRing, nowMs: number): Response {
  const { searchParams } = new URL(request.url);
  const back = searchParams.get("redirect_uri") ?? "";
  const scope = searchParams.get("scope") ?? "";
  if (searchParams.get("appid") !== FAKE_APP_ID) return text("AppID 参数错误", 400);
  if (searchParams.get("response_type") !== "code") return text("参数错误", 400);
  if (new URL(back, request.url).host !== new URL(request.url).host) {
    return text("redirect_uri 域名与后台配置不一致，错误码:10003", 400);
  }
  if (scope !== "snsapi_base" && scope !== "snsapi_userinfo") return text("scope 参数错误", 400);
  const isSnapshot = searchParams.get("fake_snapshot") === "1";
  const openid = isSnapshot ? `${SNAPSHOT}${crypto.randomUUID().slice(0, 8)}` : personOf(request);
  const isAllowed = searchParams.get("fake_allow") === "1";
  // The real one asks too: only snsapi_base is silent.
  if (scope === "snsapi_userinfo" && !isAllowed) return askPage(request.url);
  const target = new URL(back);
  target.searchParams.set(
    "code",
    signToken(ring, PURPOSE, ["code", openid, scope, nowMs + CODE_MS]),
  );
  target.searchParams.set("state", searchParams.get("state") ?? "");
  return new Response(null, {
    status: 302,
    headers: {
      location: target.href,
      "set-cookie": `${COOKIE}=${openid}; Path=/; HttpOnly; SameSite=Lax; Max-Age=31536000`,
    },
  });
}

function askPage(address: string): Response {
  const allow = new URL(address);
  allow.searchParams.set("fake_allow", "1");
  const href = allow.href.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
  return new Response(
    `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>微信授权（演示）</title>
<body style="font:16px/1.6 sans-serif;max-width:24em;margin:3em auto;padding:0 1em"><h1 style="font-size:1.2em">微信授权（演示）</h1>
<p>演示商城申请获得你的昵称、头像。</p><p><a id="allow" href="${href}">同意</a></p></body></html>`,
    { headers: { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" } },
  );
}

const text = (body: string, status: number): Response =>
  new Response(body, { status, headers: { "content-type": "text/plain; charset=utf-8" } });

function exchange(query: URLSearchParams, ring: KeyRing, nowMs: number): Response {
  if (query.get("appid") !== FAKE_APP_ID) return error(40013, "invalid appid");
  if (query.get("secret") !== FAKE_SECRET) return error(40125, "invalid appsecret");
  if (query.get("grant_type") !== "authorization_code") return error(40002, "invalid grant_type");
  const code = query.get("code") ?? "";
  const grant = grantOf(ring, code, "code", nowMs);
  if (!grant) return error(40029, "invalid code");
  if (usedCodes.has(code)) return error(40163, "code been used");
  usedCodes.add(code);
  const { openid, scope } = grant;
  const token = signToken(ring, PURPOSE, ["token", openid, scope, nowMs + 7_200_000]);
  return Response.json({
    ...{ access_token: token, expires_in: 7_200, refresh_token: token, openid, scope },
    ...(scope === "snsapi_userinfo" ? { unionid: `uFAKE${openid.slice(5)}` } : {}),
    ...(openid.startsWith(SNAPSHOT) ? { is_snapshotuser: 1 } : {}),
  });
}

function userinfo(query: URLSearchParams, ring: KeyRing, nowMs: number): Response {
  const grant = grantOf(ring, query.get("access_token") ?? "", "token", nowMs);
  if (!grant || grant.openid !== query.get("openid")) return error(40001, "invalid credential");
  if (grant.scope !== "snsapi_userinfo") return error(48001, "api unauthorized");
  const { openid } = grant;
  return Response.json({
    ...{ openid, nickname: `微信用户${openid.slice(-4)}`, headimgurl: "", privilege: [] },
    unionid: `uFAKE${openid.slice(5)}`,
  });
}

async function stableToken(request: Request, ring: KeyRing, nowMs: number): Promise<Response> {
  const body: Record<string, unknown> = await request.json();
  if (body["appid"] !== FAKE_APP_ID) return error(40013, "invalid appid");
  if (body["secret"] !== FAKE_SECRET) return error(40125, "invalid appsecret");
  if (body["grant_type"] !== "client_credential") return error(40002, "invalid grant_type");
  const token = signToken(ring, PURPOSE, ["app", FAKE_APP_ID, "", nowMs + 7_200_000]);
  return Response.json({ access_token: token, expires_in: 7_200 });
}

function ticket(query: URLSearchParams, ring: KeyRing, nowMs: number): Response {
  if (query.get("type") !== "jsapi") return error(40097, "invalid args");
  if (!grantOf(ring, query.get("access_token") ?? "", "app", nowMs)) {
    return error(40001, "invalid credential, access_token is invalid or not latest");
  }
  const value = signToken(ring, PURPOSE, ["ticket", FAKE_APP_ID, "", nowMs + 7_200_000]);
  return Response.json({ errcode: 0, errmsg: "ok", ticket: value, expires_in: 7_200 });
}

export const isFakeApp = (appId: string): boolean => appId === FAKE_APP_ID;
export const fakeSecret = (): string => FAKE_SECRET;

/** Null: the real server has nothing there either. */
export async function fakeWechat(
  request: Request,
  ring: KeyRing,
  nowMs: number,
): Promise<Response | null> {
  const { pathname, searchParams } = new URL(request.url);
  switch (pathname.slice(FAKE_PATH.length)) {
    case "/connect/oauth2/authorize":
      return authorise(request, ring, nowMs);
    case "/sns/oauth2/access_token":
      return exchange(searchParams, ring, nowMs);
    case "/sns/userinfo":
      return userinfo(searchParams, ring, nowMs);
    case "/cgi-bin/stable_token":
      return request.method === "POST" ? stableToken(request, ring, nowMs) : null;
    case "/cgi-bin/ticket/getticket":
      return ticket(searchParams, ring, nowMs);
    default:
      return null;
  }
}
