/** Signing in over HTTP: by phone, by the fake WeChat server, by the merchant's ticket; and nothing kept before consent. */
import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkInBody } from "../points/programme.ts";
import { ticketOf } from "./http-sign-in-bodies.ts";
import { Caller, makeMember, makeSale, newOrderId, startProduct, type Product } from "./product.ts";

let product: Product;
let staff: Caller;
const SECRET = "m".repeat(40);
const CHANNELS = {
  wechat: {
    ...{ appId: "wxfa0e000000000001", appSecret: null, asksProfile: false },
    ...{ relayUrl: null, relaySecret: null },
  },
  phone: { isOn: true, gatewayUrl: null, gatewaySecret: null },
  ticketKeys: [{ keyId: "shop", algorithm: "HS256", publicKey: null, secret: SECRET }],
  embedOrigins: [],
  verifyFiles: [
    { name: "MP_verify_abcdEFGH12345678.txt", content: "abcdEFGH12345678" },
    { name: "6ynZPDvfTF.txt", content: "0123456789abcdef0123456789abcdef" },
  ],
  hiddenInWechat: [],
};

beforeAll(async () => {
  product = await startProduct();
  staff = await new Caller(product.origin).login("sign-in-staff", "staff");
  const saved = await staff.send("PUT", "/api/v1/staff/channels", {
    revision: 0,
    channels: CHANNELS,
  });
  expect(saved.status).toBe(200);
  await staff.send("PUT", "/api/v1/staff/earning/terms/check_in", checkInBody());
});
afterAll(() => product.close());

/** One browser: its cookies, and no redirect followed unseen. */
class Phone {
  readonly cookies = new Map<string, string>();

  async ask(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    const jar = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    if (jar !== "") headers.set("cookie", jar);
    const address = new URL(path, product.origin);
    const response = await fetch(address, { redirect: "manual", ...init, headers });
    for (const line of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === "") this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return response;
  }

  post(path: string, body: unknown): Promise<Response> {
    const headers = { "content-type": "application/json" };
    return this.ask(path, { method: "POST", headers, body: JSON.stringify(body) });
  }

  /** Follows redirects as a browser does; the last address and answer. */
  async go(path: string): Promise<{ address: URL; response: Response }> {
    let address = new URL(path, product.origin);
    for (let hops = 0; hops < 8; hops += 1) {
      const response = await this.ask(address.href);
      const location = response.headers.get("location");
      if (location === null) return { address, response };
      address = new URL(location, address);
    }
    throw new Error("redirects without end");
  }

  async me(): Promise<string | null> {
    const response = await this.ask("/api/v1/me");
    return response.ok ? ((await response.json()) as { memberId: string }).memberId : null;
  }
}

const noticeVersion = createHash("sha256").update("").digest("hex").slice(0, 16);

async function byPhone(
  phone: Phone,
  number: string,
  more: object = { noticeVersion },
): Promise<Response> {
  const sent = await phone.post("/api/v1/sign-in/phone", { phone: number });
  const { developmentCode: code } = (await sent.json()) as { developmentCode: string };
  return phone.post("/api/v1/sign-in/phone/verify", { phone: number, code, ...more });
}

async function rows(table: string): Promise<number> {
  const db = await product.server.miniflare.getD1Database("DB", "qiangdui");
  return Number(await db.prepare(`SELECT COUNT(*) AS n FROM ${table}`).first("n"));
}

const ticket = (sub: string, jti: string): string =>
  ticketOf(new URL(product.origin).host, SECRET, sub, jti);
const ticketPath = (token: string, back = "/me"): string =>
  `/api/v1/sign-in/ticket?ticket=${token}&returnTo=${encodeURIComponent(back)}`;

describe("by phone", () => {
  it("makes a member once, who is the same the next time", async () => {
    const first = new Phone();
    const answer = await byPhone(first, "13800000001");
    expect(answer.status).toBe(200);
    const { memberId, isNew } = (await answer.json()) as { memberId: string; isNew: boolean };
    expect(isNew).toBe(true);
    expect(await first.me()).toBe(memberId);
    const shown = await first.ask("/api/v1/me/identities");
    expect(await shown.json()).toEqual({
      identities: [{ kind: "phone", shown: "138****0001" }],
      hasConsent: true,
    });
    expect(await first.ask("/api/v1/session", { method: "DELETE" })).toMatchObject({ status: 204 });
    expect(await first.me()).toBeNull();
  });

  it("keeps nothing of who does not agree, and the code stays good for when they do", async () => {
    const phone = new Phone();
    const before = [await rows("identities"), await rows("consents")];
    const sent = await phone.post("/api/v1/sign-in/phone", { phone: "13800000002" });
    const { developmentCode: code } = (await sent.json()) as { developmentCode: string };
    const body = { phone: "13800000002", code, noticeVersion: null };
    const refused = await phone.post("/api/v1/sign-in/phone/verify", body);
    expect(refused.status).toBe(409);
    expect(await refused.json()).toMatchObject({ reason: "consent_needed" });
    const old = { ...body, noticeVersion: "0".repeat(16) };
    expect((await phone.post("/api/v1/sign-in/phone/verify", old)).status).toBe(409);
    expect([await rows("identities"), await rows("consents")]).toEqual(before);
    const agreed = { ...body, noticeVersion };
    expect((await phone.post("/api/v1/sign-in/phone/verify", agreed)).status).toBe(200);
    // A code signs in once.
    expect((await phone.post("/api/v1/sign-in/phone/verify", agreed)).status).toBe(422);
  });

  it("lets nobody guess, and nobody be flooded", async () => {
    const phone = new Phone();
    const number = "13800000003";
    const sent = await phone.post("/api/v1/sign-in/phone", { phone: number });
    const { developmentCode } = (await sent.json()) as { developmentCode: string };
    const again = await phone.post("/api/v1/sign-in/phone", { phone: number });
    expect(again.status).toBe(429);
    const wrong = developmentCode === "000000" ? "111111" : "000000";
    for (let tries = 0; tries < 5; tries += 1) {
      const body = { phone: number, code: wrong, noticeVersion };
      expect((await phone.post("/api/v1/sign-in/phone/verify", body)).status).toBe(422);
    }
    const right = { phone: number, code: developmentCode, noticeVersion };
    expect((await phone.post("/api/v1/sign-in/phone/verify", right)).status).toBe(422);
  });

  it("forgets who withdraws", async () => {
    const phone = new Phone();
    const answer = await byPhone(phone, "13800000004");
    const { memberId } = (await answer.json()) as { memberId: string };
    expect((await phone.ask("/api/v1/me/consent", { method: "DELETE" })).status).toBe(204);
    expect(await phone.me()).toBeNull();
    const db = await product.server.miniflare.getD1Database("DB", "qiangdui");
    const left = await db
      .prepare("SELECT COUNT(*) AS n FROM identities WHERE member_id = ?1")
      .bind(memberId)
      .first("n");
    expect(left).toBe(0);
  });
});

describe("by WeChat", () => {
  it("recognises silently, asks for consent, and leads back to where it began", async () => {
    const phone = new Phone();
    const arrived = await phone.go("/api/v1/sign-in/wechat?returnTo=/points");
    expect(arrived.address.pathname).toBe("/login");
    expect(arrived.address.searchParams.get("step")).toBe("consent");
    expect(await phone.me()).toBeNull();
    const agreed = await phone.post("/api/v1/sign-in/consent", { noticeVersion });
    expect(await agreed.json()).toMatchObject({ isNew: true, returnTo: "/points" });
    const memberId = await phone.me();
    expect(memberId).not.toBeNull();
    // The next time there is nothing to ask.
    await phone.ask("/api/v1/session", { method: "DELETE" });
    const again = await phone.go("/api/v1/sign-in/wechat?returnTo=/me");
    expect(again.address.pathname).toBe("/me");
    expect(await phone.me()).toBe(memberId);
  });

  it("asks WeChat for consent where a name is wanted", async () => {
    const phone = new Phone();
    const asked = await phone.go("/api/v1/sign-in/wechat?asks=profile");
    const href = /id="allow" href="([^"]+)"/.exec(await asked.response.text())?.[1] ?? "";
    const arrived = await phone.go(href.replaceAll("&amp;", "&"));
    expect(arrived.address.searchParams.get("step")).toBe("consent");
    await phone.post("/api/v1/sign-in/consent", { noticeVersion });
    const shown = (await (await phone.ask("/api/v1/me/identities")).json()) as {
      identities: { kind: string; shown: string }[];
    };
    expect(shown.identities.map(({ kind }) => kind).sort()).toEqual(["wechat", "wechat_union"]);
    expect(shown.identities[0]?.shown).toMatch(/^微信用户/);
  });

  it("makes no member of the nobody of a snapshot page", async () => {
    const phone = new Phone();
    const begun = await phone.ask("/api/v1/sign-in/wechat?returnTo=/me");
    const authorise = new URL(begun.headers.get("location") ?? "");
    authorise.searchParams.set("fake_snapshot", "1");
    const before = await rows("identities");
    const back = await phone.go(authorise.href);
    expect(back.address.searchParams.get("failed")).toBe("wechat_snapshot");
    expect([await phone.me(), await rows("identities")]).toEqual([null, before]);
    expect(await back.response.text()).toContain("使用完整服务");
  });

  it("takes no code that another browser began, and none twice", async () => {
    const mine = new Phone();
    const begun = await mine.ask("/api/v1/sign-in/wechat?returnTo=/me");
    const back = await mine.ask(begun.headers.get("location") ?? "");
    const callback = back.headers.get("location") ?? "";
    const victim = new Phone();
    const stolen = await victim.go(callback);
    expect(stolen.address.searchParams.get("failed")).toBe("wechat_state");
    expect(victim.cookies.has("qd_session")).toBe(false);
    const own = await mine.go(callback);
    expect(own.address.searchParams.get("step")).toBe("consent");
    const twice = await mine.go(callback);
    expect(twice.address.searchParams.get("failed")).toBe("wechat_state");
  });

  it("signs its own pages for the JS-SDK, and no other", async () => {
    const url = `${product.origin}/s/demo.cup~1?from=chat`;
    const config = await staff.get<Record<string, string>>(
      `/api/v1/wechat/js-config?url=${encodeURIComponent(`${url}#top`)}`,
    );
    expect(config.status).toBe(200);
    expect(config.body["signature"]).toMatch(/^[0-9a-f]{40}$/);
    const foreign = await staff.get("/api/v1/wechat/js-config?url=https%3A%2F%2Fevil.example%2F");
    expect(foreign.status).toBe(422);
  });

  it("shows the files by which WeChat checks the domain: of an account, and of a mini program", async () => {
    const text = async (path: string): Promise<string> =>
      (await fetch(product.origin + path)).text();
    expect(await text("/MP_verify_abcdEFGH12345678.txt")).toBe("abcdEFGH12345678");
    expect(await text("/6ynZPDvfTF.txt")).toBe("0123456789abcdef0123456789abcdef");
    expect((await fetch(`${product.origin}/MP_verify_zzzzzzzz.txt`)).status).toBe(404);
  });
});

describe("two records of one person", () => {
  it("become one when both are proved and it is asked for: points, orders, sessions, the old id", async () => {
    const [one, other] = [new Phone(), new Phone()];
    for (const [phone, number] of [
      [one, "13800000021"],
      [other, "13800000022"],
    ] as const) {
      expect((await byPhone(phone, number)).status).toBe(200);
    }
    const [stays, leaves] = [(await one.me()) ?? "", (await other.me()) ?? ""];
    await makeMember(staff, stays, 100);
    await makeMember(staff, leaves, 40);
    const saleId = await makeSale(staff, { title: "并档", pricePoints: 10 });
    const { body: sale } = await staff.get<{ epoch: number }>(`/api/v1/sales/${saleId}`);
    const orderId = newOrderId();
    const bought = await other.post(`/api/v1/sales/${saleId}/redemptions`, {
      ...{ orderId, quantity: 1, epoch: sale.epoch },
    });
    expect(bought.status).toBe(201);

    const db = await product.server.miniflare.getD1Database("DB", "qiangdui");
    // As if the minute between two codes to a phone were over.
    const later = () => db.prepare("DELETE FROM phone_codes").run();
    await later();
    const refused = await byPhone(one, "13800000022");
    expect(refused.status).toBe(409);
    expect(await refused.json()).toMatchObject({ code: "conflict", reason: "both_in_use" });
    await later();
    const merged = await byPhone(one, "13800000022", { noticeVersion, merge: true });
    expect(await merged.clone().json()).not.toHaveProperty("reason");
    expect(merged.status).toBe(200);

    const account = async (phone: Phone) =>
      (await (await phone.ask("/api/v1/me")).json()) as {
        memberId: string;
        points: { active: number };
      };
    await expect.poll(async () => (await account(one)).points.active).toBe(130);
    expect((await account(one)).memberId).toBe(stays);
    // The other browser was never told: its session goes on as the record that stays.
    await expect.poll(async () => (await account(other)).memberId, { timeout: 10_000 }).toBe(stays);
    const list = (await (await one.ask("/api/v1/orders")).json()) as {
      orders: { orderId: string }[];
    };
    expect(list.orders.map((order) => order.orderId)).toContain(orderId);
    expect((await one.ask(`/api/v1/orders/${orderId}`)).status).toBe(200);
    expect(await (await one.ask("/orders")).text()).toContain(orderId);
    expect((await one.ask(`/orders/${orderId}`)).status).toBe(200);
    const cancelled = await one.post(`/api/v1/orders/${orderId}/cancel`, {});
    expect(cancelled.status).toBe(200);
    await expect.poll(async () => (await account(one)).points.active).toBe(140);
    const shown = await staff.get<{ mergedInto: string }>(`/api/v1/staff/members/${leaves}`);
    expect(shown.body.mergedInto).toBe(stays);
    const again = new Phone();
    await later();
    expect((await byPhone(again, "13800000022")).status).toBe(200);
    expect(await again.me()).toBe(stays);
    const audit = await staff.get<{ ok: boolean }>("/api/v1/audit");
    expect(audit.body.ok).toBe(true);
  });
});

describe("by the merchant's ticket", () => {
  it("takes a member in once", async () => {
    const token = ticket("vip-77", "ticket-00000001");
    const phone = new Phone();
    const arrived = await phone.go(ticketPath(token));
    expect(arrived.address.searchParams.get("step")).toBe("consent");
    await phone.post("/api/v1/sign-in/consent", { noticeVersion });
    expect(await phone.me()).toBe("vip-77");
    const replay = await new Phone().go(ticketPath(token));
    expect(replay.address.searchParams.get("failed")).toBe("ticket_used");
    const next = await phone.go(ticketPath(ticket("vip-77", "ticket-00000002")));
    expect(next.address.pathname).toBe("/me");
  });

  it("is refused when it is forged, and leads to no other site", async () => {
    const token = ticket("vip-78", "ticket-00000003");
    const forged = await new Phone().go(ticketPath(`${token.slice(0, -3)}AAA`));
    expect(forged.address.searchParams.get("failed")).toBe("ticket_forged");
    const away = await new Phone().ask(
      ticketPath(ticket("vip-78", "ticket-00000004"), "//evil.example"),
    );
    expect(away.headers.get("location")).toMatch(/^\/login\?returnTo=%2F&/);
  });
});

describe("one member, several identities", () => {
  it("adds a phone to who is signed in, and knows them by it", async () => {
    const phone = new Phone();
    await phone.go("/api/v1/sign-in/wechat?returnTo=/me");
    await phone.post("/api/v1/sign-in/consent", { noticeVersion });
    const memberId = await phone.me();
    const linked = await byPhone(phone, "13800000010", { noticeVersion: null });
    expect(await linked.json()).toMatchObject({ memberId, isNew: false });
    const other = new Phone();
    expect(await (await byPhoneLater(other, "13800000010")).json()).toMatchObject({ memberId });
  });

  it("joins a fresh member to the one who came by a ticket and adds the phone", async () => {
    const memberId = "vip-rich";
    await makeMember(staff, memberId, 50);
    const number = "13800000011";
    expect((await byPhone(new Phone(), number)).status).toBe(200);
    const phone = new Phone();
    await phone.go(ticketPath(ticket(memberId, "ticket-00000011")));
    await phone.post("/api/v1/sign-in/consent", { noticeVersion });
    for (const browser of [phone, new Phone()])
      expect(await (await byPhoneLater(browser, number)).json()).toMatchObject({ memberId });
  });

  it("keeps a ticket that somebody sent out of the record of who follows it", async () => {
    const thief = new Phone();
    await thief.go(ticketPath(ticket("vip-thief", "ticket-00000031")));
    await thief.post("/api/v1/sign-in/consent", { noticeVersion });
    // Somebody with points of their own, and somebody as fresh as the thief.
    for (const points of [500, 0]) {
      const [victim, number] = [new Phone(), `13800000${points + 100}`];
      const { memberId } = (await (await byPhone(victim, number)).json()) as { memberId: string };
      await makeMember(staff, memberId, points);
      for (const [at, who] of [victim, thief].entries()) {
        await who.go(ticketPath(ticket("vip-thief", `ticket-${points}-000${at}`)));
        expect(await who.me()).toBe("vip-thief");
      }
      expect(await (await byPhoneLater(new Phone(), number)).json()).toMatchObject({ memberId });
    }
  });
});

/** A minute later: the pause between two codes to one phone is over. */
async function byPhoneLater(phone: Phone, number: string): Promise<Response> {
  const db = await product.server.miniflare.getD1Database("DB", "qiangdui");
  await db.exec("UPDATE phone_codes SET sent_at_ms = sent_at_ms - 60000");
  return byPhone(phone, number, { noticeVersion: null });
}

describe("channels", () => {
  it("never show a secret, and keep it when none is given", async () => {
    const read = await staff.get<{ revision: number; channels: typeof CHANNELS }>(
      "/api/v1/staff/channels",
    );
    expect(JSON.stringify(read.body)).not.toContain(SECRET);
    expect(read.body.channels.ticketKeys[0]?.secret).toBe(true);
    const { revision } = read.body;
    const keep = { ...CHANNELS, ticketKeys: [{ ...CHANNELS.ticketKeys[0], secret: null }] };
    const saved = await staff.send("PUT", "/api/v1/staff/channels", { revision, channels: keep });
    expect(saved.status).toBe(200);
    const arrived = await new Phone().go(ticketPath(ticket("vip-77", "ticket-00000021")));
    expect(arrived.address.pathname).toBe("/me");
    const late = await staff.send("PUT", "/api/v1/staff/channels", { revision, channels: keep });
    expect(late.status).toBe(409);
  });
});
