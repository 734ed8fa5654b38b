import { assert, boolean, constantFrom, option, property } from "fast-check";
import { createHmac, generateKeyPairSync, sign } from "node:crypto";
import { describe, expect, it } from "vitest";
import { returnPath } from "../kernel/own-path.ts";
import { channelsSchema, NO_CHANNELS, sealSecrets, withoutSecrets } from "./channels.ts";
import { readTicket, type TicketKey } from "./jwt.ts";
import { CODE_TERMS, decideSend, decideSignIn, maskedPhone, mayTry, phoneOf } from "./model.ts";

const T = 1_900_000_000_000;
const member = option(constantFrom("a", "b"), { nil: null });

describe("who somebody is after a proof", () => {
  const facts = {
    ...{ session: null, owner: null, hasConsent: true },
    ...{ sessionIsFresh: false, ownerIsFresh: false },
  };

  it("keeps nothing of anybody who has not agreed", () => {
    assert(
      property(member, member, boolean(), boolean(), (session, owner, one, other) => {
        const decision = decideSignIn({
          ...{ session, owner, hasConsent: false, sessionIsFresh: one, ownerIsFresh: other },
        });
        expect(decision).toEqual({ kind: "consent_needed" });
      }),
    );
  });

  it("never signs anybody in as a member that was not proved", () => {
    assert(
      property(member, member, boolean(), boolean(), (session, owner, one, other) => {
        const decision = decideSignIn({
          ...{ session, owner, hasConsent: true, sessionIsFresh: one, ownerIsFresh: other },
        });
        if (decision.kind === "enter" || decision.kind === "link") {
          expect([session, owner]).toContain(decision.memberId);
        }
        if (decision.kind === "create") expect([session, owner]).toEqual([null, null]);
      }),
    );
  });

  it("joins two when one of them has nothing to lose, and else asks people", () => {
    const two = { ...facts, session: "a", owner: "b" };
    expect(decideSignIn(two)).toEqual({ kind: "both_in_use" });
    expect(decideSignIn({ ...two, sessionIsFresh: true })).toEqual({
      ...{ kind: "enter", memberId: "b", moveFrom: "a" },
    });
    expect(decideSignIn({ ...two, ownerIsFresh: true })).toEqual({
      ...{ kind: "enter", memberId: "a", moveFrom: "b" },
    });
    expect(decideSignIn({ ...facts, session: "a" })).toEqual({ kind: "link", memberId: "a" });
    expect(decideSignIn(facts)).toEqual({ kind: "create" });
  });
});

describe("codes to phones", () => {
  it("knows a number however it is written, and nothing else", () => {
    for (const text of ["13800002607", "+86 138-0000-2607", "0086 13800002607"]) {
      expect(phoneOf(text)).toBe("13800002607");
    }
    expect(phoneOf("+44 20 7946 0000")).toBe("+442079460000");
    for (const text of ["", "12345", "23800002607", "138000026071", "abc", "+0123456789"]) {
      expect(phoneOf(text)).toBeNull();
    }
    expect(maskedPhone("13800002607")).toBe("138****2607");
  });

  it("sends one a minute and five an hour, and lets a code be tried five times", () => {
    let state: ReturnType<typeof decideSend> = decideSend(null, T);
    let sends = 0;
    for (let minute = 0; minute < 60; minute += 1) {
      const at = T + minute * CODE_TERMS.pauseMs;
      const before = minute === 0 ? null : state.ok ? state.next : null;
      const next = minute === 0 ? state : decideSend(before, at);
      if (next.ok) {
        sends += 1;
        expect(decideSend(next.next, at + 59_999)).toMatchObject({ ok: false });
        state = next;
      }
    }
    expect(sends).toBe(CODE_TERMS.sendsMax);
    const code = { sentAtMs: T, sends: 1, windowAtMs: T, tries: 4 };
    expect(mayTry(code, T)).toBe(true);
    expect(mayTry({ ...code, tries: 5 }, T)).toBe(false);
    expect(mayTry(code, T + CODE_TERMS.validMs)).toBe(false);
  });
});

describe("the merchant's ticket", () => {
  const pair = generateKeyPairSync("ed25519");
  const keys: TicketKey[] = [
    { keyId: "h1", algorithm: "HS256", key: "s".repeat(40) },
    {
      ...{ keyId: "e1", algorithm: "EdDSA" },
      key: pair.publicKey.export({ type: "spki", format: "pem" }).toString(),
    },
  ];
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const claims = {
    ...{ sub: "vip-1", jti: "ticket-000000001", aud: "mall.example" },
    ...{ iat: T / 1_000, exp: T / 1_000 + 120 },
  };
  const made = (header: object, body: object, mac: (text: string) => Buffer): string => {
    const text = `${part(header)}.${part(body)}`;
    return `${text}.${mac(text).toString("base64url")}`;
  };
  const hmac = (text: string): Buffer => createHmac("sha256", "s".repeat(40)).update(text).digest();
  const hs = (body: object = claims, header: object = { alg: "HS256", kid: "h1" }): string =>
    made(header, body, hmac);
  const read = (token: string, nowMs = T): unknown => {
    const reading = readTicket(token, keys, "mall.example", nowMs);
    return reading.ok ? reading.ticket.memberId : reading.reason;
  };

  it("is read by either algorithm of its key", () => {
    expect(read(hs())).toBe("vip-1");
    const signed = made({ alg: "EdDSA", kid: "e1" }, claims, (text) =>
      sign(null, Buffer.from(text), pair.privateKey),
    );
    expect(read(signed)).toBe("vip-1");
  });

  it("is refused when it is forged, confused, foreign, early, late or too long", () => {
    const token = hs();
    expect(read(`${token.slice(0, -4)}AAAA`)).toBe("forged");
    expect(read(hs(claims, { alg: "none", kid: "h1" }))).toBe("unknown_key");
    expect(read(hs(claims, { alg: "EdDSA", kid: "h1" }))).toBe("unknown_key");
    // The public key as if it were a secret: the oldest trick with two algorithms.
    const confused = made({ alg: "HS256", kid: "e1" }, claims, (text) =>
      createHmac("sha256", keys[1]?.key ?? "")
        .update(text)
        .digest(),
    );
    expect(read(confused)).toBe("unknown_key");
    expect(read(hs({ ...claims, aud: "other.example" }))).toBe("not_for_us");
    expect(read(token, T + 181_000)).toBe("expired");
    expect(read(hs({ ...claims, iat: T / 1_000 + 61, exp: T / 1_000 + 120 }))).toBe("expired");
    expect(read(hs({ ...claims, exp: T / 1_000 + 3_600 }))).toBe("expired");
    expect(read(hs({ ...claims, sub: "a b" }))).toBe("malformed");
    expect(read(hs({ ...claims, jti: "x" }))).toBe("malformed");
    expect(read("a.b.c")).toBe("malformed");
  });
});

describe("channels", () => {
  it("seal what is new, keep what was sealed, and show neither", () => {
    const key = { keyId: "k1", algorithm: "HS256", publicKey: null, secret: "x".repeat(32) };
    const given = channelsSchema.parse({ ...NO_CHANNELS, ticketKeys: [key] });
    const seal = (context: string): string => `sealed ${context}`;
    const first = sealSecrets(given, NO_CHANNELS, seal);
    expect(first.ticketKeys[0]?.secret).toBe("sealed channels.ticketKeys.k1.secret");
    const other = { ...key, keyId: "k0", secret: null };
    const again = channelsSchema.parse({
      ...NO_CHANNELS,
      ticketKeys: [other, { ...key, secret: null }],
    });
    const second = sealSecrets(again, first, seal);
    expect(second.ticketKeys.map(({ secret }) => secret)).toEqual([
      null,
      "sealed channels.ticketKeys.k1.secret",
    ]);
    expect(JSON.stringify(withoutSecrets(second))).not.toContain("sealed");
  });

  it("take no origin with a path, no key that is none, and no wildcard", () => {
    const good = (more: object): boolean =>
      channelsSchema.safeParse({ ...NO_CHANNELS, ...more }).success;
    expect(good({ embedOrigins: ["https://shop.example"] })).toBe(true);
    for (const origin of ["http://a.cn", "https://*", "https://a.cn/x", "*", "https://a.cn; x"]) {
      expect(good({ embedOrigins: [origin] })).toBe(false);
    }
    const key = { keyId: "e", algorithm: "EdDSA", publicKey: "no key", secret: null };
    expect(good({ ticketKeys: [key] })).toBe(false);
  });
});

describe("where a sign-in leads back to", () => {
  it("is a page of this mall", () => {
    expect(returnPath("/s/demo.cup~1?a=b")).toBe("/s/demo.cup~1?a=b");
    for (const path of [
      "//evil.cn",
      "/\\evil.cn",
      "https://evil.cn",
      "/login?x",
      "/api/v1/session",
      "",
      "/a b",
      "\u0009//evil",
    ]) {
      expect(returnPath(path)).toBe("/");
    }
  });
});
