/** One refresher an app id: however many ask, WeChat or the relay is asked once; and what is signed by its ticket. */
import { env } from "cloudflare:workers";
import { runInDurableObject } from "cloudflare:test";
import { createHmac } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { stubOf, type Env } from "../platform/env.ts";
import { signJsPage } from "../sign-in/wechat/js-config.ts";
import type { WechatTokens } from "../sign-in/wechat/tokens-object.ts";

const bindings = env as unknown as Env;
const SECRET = "s".repeat(32);
const NOW_MS = 1_900_000_000_000;

/** What leaves the mall, and what the other side says. */
interface Asked {
  readonly url: string;
  readonly headers: Headers;
  readonly body: string;
}
let asked: Asked[] = [];
let answer: (asked: Asked) => object = () => ({});
let apps = 0;

const nextApp = (): string => `wx${String((apps += 1)).padStart(16, "0")}`;
const tokens = (appId: string) => stubOf(bindings.WECHAT, appId, bindings);
/** What the clock of the app's object shows from now on. */
const at = (appId: string, nowMs: number): Promise<void> =>
  runInDurableObject(tokens(appId), (object: WechatTokens) => {
    object.clock = () => nowMs;
  });

beforeEach(() => {
  asked = [];
  vi.spyOn(globalThis, "fetch").mockImplementation(async (input, init) => {
    const request = new Request(input as RequestInfo, init as RequestInit);
    const { url, headers } = request;
    asked.push({ url, headers, body: await request.text() });
    return Response.json(answer({ url, headers, body: "" }));
  });
});
afterEach(() => vi.restoreAllMocks());

const wechat = ({ url }: Asked): object =>
  new URL(url).pathname === "/cgi-bin/stable_token"
    ? { access_token: "app-token", expires_in: 7_200 }
    : { errcode: 0, errmsg: "ok", ticket: `ticket-${asked.length}`, expires_in: 7_200 };

describe("straight from WeChat", () => {
  const direct = { kind: "direct", secret: SECRET } as const;

  it("asks once for however many ask, by the stable token, and again ten minutes before the end", async () => {
    answer = wechat;
    const appId = nextApp();
    await at(appId, NOW_MS);
    const first = await Promise.all(
      Array.from({ length: 20 }, () => tokens(appId).jsTicket(appId, direct)),
    );
    expect(new Set(first.map((one) => one?.value))).toEqual(new Set(["ticket-2"]));
    expect(asked.map(({ url }) => new URL(url).pathname)).toEqual([
      "/cgi-bin/stable_token",
      "/cgi-bin/ticket/getticket",
    ]);
    expect(asked[0]?.headers.get("content-type")).toBe("application/json");
    expect(JSON.parse(asked[0]?.body ?? "")).toEqual({
      ...{ grant_type: "client_credential", appid: appId, secret: SECRET },
    });
    expect(new URL(asked[1]?.url ?? "").searchParams.get("access_token")).toBe("app-token");
    await at(appId, NOW_MS + 6_599_000);
    expect((await tokens(appId).jsTicket(appId, direct))?.value).toBe("ticket-2");
    await at(appId, NOW_MS + 6_601_000);
    expect((await tokens(appId).jsTicket(appId, direct))?.value).toBe("ticket-4");
  });

  it("goes on with the ticket there is while WeChat refuses, and does not ask in a storm", async () => {
    answer = wechat;
    const appId = nextApp();
    await at(appId, NOW_MS);
    await tokens(appId).jsTicket(appId, direct);
    answer = () => ({ errcode: 40164, errmsg: "invalid ip 1.2.3.4, not in whitelist" });
    await at(appId, NOW_MS + 7_000_000);
    for (let times = 0; times < 5; times += 1) {
      expect((await tokens(appId).jsTicket(appId, direct))?.value).toBe("ticket-2");
    }
    expect(asked).toHaveLength(3);
    await at(appId, NOW_MS + 7_300_000);
    expect(await tokens(appId).jsTicket(appId, direct)).toBeNull();
  });
});

describe("from a relay", () => {
  const relay = { kind: "relay", url: "https://relay.example/jsapi", secret: SECRET } as const;

  it("asks the one host of the allow-list, signed, and WeChat never", async () => {
    answer = () => ({ jsapi_ticket: "relayed", expires_in: 7_200 });
    const appId = nextApp();
    await at(appId, NOW_MS);
    expect((await tokens(appId).jsTicket(appId, relay))?.value).toBe("relayed");
    expect(asked.map(({ url }) => url)).toEqual([`https://relay.example/jsapi?appid=${appId}`]);
    const timestamp = asked[0]?.headers.get("x-qiangdui-timestamp") ?? "";
    const mac = createHmac("sha256", SECRET).update(`${timestamp}.${appId}`).digest("hex");
    expect([timestamp, asked[0]?.headers.get("x-qiangdui-signature")]).toEqual([
      String(NOW_MS / 1_000),
      mac,
    ]);
  });

  it("takes no answer without a ticket", async () => {
    answer = () => ({ errcode: 40001 });
    const appId = nextApp();
    await at(appId, NOW_MS);
    expect(await tokens(appId).jsTicket(appId, relay)).toBeNull();
  });
});

it("signs the example of the JS-SDK document as the document does", () => {
  const ticket =
    "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg";
  const page = "http://mp.weixin.qq.com?params=value#wechat_redirect";
  expect(signJsPage(ticket, "Wm3WZYTPz0wzccnW", 1_414_587_457, page)).toBe(
    "0f9de62fce790f9a083d5c99e95740ceb90c27ed",
  );
});
