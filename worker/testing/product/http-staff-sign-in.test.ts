/** Signing in as somebody who works here, and what is tried against it. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { codeOf, expectRefusal, OWNER, SETUP_KEY, StaffShop } from "./staff-client.ts";
import { until } from "./product.ts";

let shop: StaffShop;
beforeAll(async () => {
  shop = await StaffShop.open();
});
afterAll(() => shop.close());

const WRONG = "not the password";

describe("the first owner", () => {
  it("is made once, by the key of the deployment", async () => {
    const body = {
      setupKey: SETUP_KEY,
      merchantName: "别家",
      ...OWNER,
      email: "second@example.com",
    };
    expectRefusal(
      await shop.browser().send("POST", "/api/v1/staff-auth/setup", body),
      409,
      "conflict",
      "has_owner",
    );
    const guess = { ...body, setupKey: "a guess" };
    expectRefusal(
      await shop.browser().send("POST", "/api/v1/staff-auth/setup", guess),
      403,
      "forbidden",
    );
    const state = await shop.browser().do("GET", "/api/v1/staff-auth/state");
    expect(state).toMatchObject({ needsSetup: false });
  });

  it("holds everything in the programme of the deployment", async () => {
    const { body } = await shop.owner.me();
    expect(body).toMatchObject({
      ...{ name: OWNER.name, email: OWNER.email, programmeId: "demo", roles: ["owner"] },
      ...{ merchant: { name: "屿岸茶社" }, isDevelopment: false, needsSecondStep: false },
    });
    expect(body["permissions"]).toContain("staff.write");
  });
});

describe("the cookie", () => {
  it("is out of reach of scripts and foreign pages", async () => {
    const reply = await shop.browser().signIn(OWNER.email, OWNER.password);
    const cookie = /qd_staff=[^,]*/.exec(reply.headers["set-cookie"] ?? "")?.[0] ?? "";
    expect(cookie).toMatch(/; Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+/);
    expect(reply.text).not.toContain(cookie.slice(9, 30));
  });

  it("is a new one at every sign-in: a planted one opens nothing (session fixation)", async () => {
    const browser = shop.browser();
    const planted = "planted-by-somebody-else-0123456789abcdef012";
    browser.cookies.set("qd_staff", planted);
    expect((await browser.signIn(OWNER.email, OWNER.password)).status).toBe(200);
    expect(browser.cookies.get("qd_staff")).not.toBe(planted);
    const thief = shop.browser();
    thief.cookies.set("qd_staff", planted);
    expectRefusal(await thief.me(), 401, "unauthenticated");
    const before = browser.cookies.get("qd_staff") ?? "";
    await browser.signIn(OWNER.email, OWNER.password);
    thief.cookies.set("qd_staff", before);
    expectRefusal(await thief.me(), 401, "unauthenticated");
  });

  it("is a new one whenever what it opens changes, and the old one is dead", async () => {
    const person = await shop.colleague("renewer", ["auditor"]);
    const tokenOf = (): string => person.cookies.get("qd_staff") ?? "";
    const thief = shop.browser();
    const next = "another tea of seven islands";
    const begin = { password: next };
    const steps: readonly (() => Promise<unknown>)[] = [
      () => person.do("PUT", "/api/v1/staff/me/password", { password: person.password, next }),
      async () => {
        const path = "/api/v1/staff/me/totp";
        const { secret } = await person.do<{ secret: string }>("POST", path, begin);
        await person.do("POST", `${path}/confirm`, { code: codeOf(secret) });
      },
      () => person.do("POST", "/api/v1/staff/me/totp/remove", begin),
      () => person.do("PUT", "/api/v1/staff/me/programme", { programmeId: "demo" }),
    ];
    for (const step of steps) {
      thief.cookies.set("qd_staff", tokenOf());
      await step();
      expect(tokenOf()).not.toBe(thief.cookies.get("qd_staff"));
      expectRefusal(await thief.me(), 401, "unauthenticated");
      expect((await person.me()).status).toBe(200);
    }
    // It is the same session all along.
    const { items } = await person.do<{ items: unknown[] }>("GET", "/api/v1/staff/me/sessions");
    expect(items).toHaveLength(1);
  });

  it("is no key to a member's routes, and a member's is none to these", async () => {
    const { cookies } = shop.owner;
    const browser = shop.browser();
    browser.cookies.set("qd_session", cookies.get("qd_staff") ?? "");
    expectRefusal(await browser.me(), 401, "unauthenticated");
    expectRefusal(await shop.owner.send("GET", "/api/v1/me"), 401, "unauthenticated");
  });
});

describe("a wrong password", () => {
  it("is refused in the same words whether the account exists or not", async () => {
    const known = await shop.browser().signIn(OWNER.email, WRONG);
    const unknown = await shop.browser().signIn("nobody@example.com", WRONG);
    expectRefusal(known, 401, "unauthenticated", "wrong_credentials");
    expect(known.text).toBe(unknown.text);
    expect(Object.keys(known.headers).sort()).toEqual(Object.keys(unknown.headers).sort());
  });

  it("makes strangers wait longer and longer, many at once included, and never the owner's own browser", async () => {
    const victim = await shop.colleague("victim", ["auditor"]);
    const stranger = shop.browser();
    const tries = Array.from({ length: 12 }, () => stranger.signIn(victim.email, WRONG));
    const statuses = (await Promise.all(tries)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 401)).toHaveLength(5);
    const db = await shop.db();
    const longest = await db
      .prepare("SELECT MAX(until_ms - updated_at_ms) AS n FROM staff_throttles")
      .first<number>("n");
    expect(longest).toBeLessThanOrEqual(15 * 60_000);
    // A wait of two seconds may be over before a slow machine asks again.
    await db
      .prepare(
        "UPDATE staff_throttles SET until_ms = until_ms + 60000 WHERE until_ms > updated_at_ms",
      )
      .run();
    const waiting = await stranger.signIn(victim.email, victim.password);
    expectRefusal(waiting, 429, "rate_limited", "too_many_failures");
    expect(Number(waiting.headers["retry-after"])).toBeGreaterThan(0);
    // The browser that signed in before is counted by itself.
    expect((await victim.signIn(victim.email, victim.password)).status).toBe(200);
    // And the wait ends: right after it, the right password is taken.
    await db.prepare("UPDATE staff_throttles SET until_ms = updated_at_ms").run();
    expect((await stranger.signIn(victim.email, victim.password)).status).toBe(200);
  });

  it("is counted by address over all accounts", async () => {
    const stranger = shop.browser();
    stranger.address = "203.0.113.9";
    let refused = 0;
    for (let at = 0; at < 34 && refused === 0; at += 1) {
      if ((await stranger.signIn(`guess-${at}@example.com`, WRONG)).status === 429) refused = at;
    }
    expect(refused).toBeGreaterThanOrEqual(29);
    const neighbour = shop.browser();
    neighbour.address = "203.0.113.10";
    expect((await neighbour.signIn("guess-x@example.com", WRONG)).status).toBe(401);
  }, 60_000);
});

describe("a password", () => {
  it("that is common, short, plain or one's own name is not taken", async () => {
    const owner = shop.owner;
    for (const [next, message] of [
      ["short", "too_short"],
      ["1q2w3e4r5t", "common"],
      ["Basketball12", "common"],
      ["aaaaaaaaaaaa", "too_plain"],
      ["abcdefghijkl", "too_plain"],
      ["owner12345", "names_you"],
    ] as const) {
      const reply = await owner.send("PUT", "/api/v1/staff/me/password", {
        password: OWNER.password,
        next,
      });
      expect([next, reply.body["errors"]]).toEqual([next, [{ path: "next", message }]]);
    }
  });

  it("that is changed ends every other session, at once", async () => {
    const person = await shop.colleague("changer", ["auditor"]);
    const other = shop.browser();
    await other.signIn(person.email, person.password);
    expect((await other.me()).status).toBe(200);
    const wrong = { password: WRONG, next: "quite another one" };
    expect((await person.send("PUT", "/api/v1/staff/me/password", wrong)).status).toBe(422);
    await person.do("PUT", "/api/v1/staff/me/password", { ...wrong, password: person.password });
    expectRefusal(await other.me(), 401, "unauthenticated");
    expect((await person.me()).status).toBe(200);
  });

  it("is kept as scrypt with a salt, and nowhere in the audit log", async () => {
    const db = await shop.db();
    const row = await db
      .prepare("SELECT password_hash AS hash FROM staff_people WHERE email = ?1")
      .bind(OWNER.email)
      .first<string>("hash");
    expect(row).toMatch(/^scrypt\$16384\$8\$5\$[\w-]{22}\$[\w-]{43}$/);
    const found = await db
      .prepare("SELECT COUNT(*) AS n FROM audit_log WHERE entry LIKE '%islands of tea%'")
      .first<number>("n");
    expect(found).toBe(0);
  });
});

describe("sessions", () => {
  it("are listed, and revoked at once", async () => {
    const person = await shop.colleague("lister", ["auditor"]);
    const other = shop.browser();
    await other.signIn(person.email, person.password);
    const { items } = await person.do<{ items: { sessionId: string; isCurrent: boolean }[] }>(
      "GET",
      "/api/v1/staff/me/sessions",
    );
    expect(items.filter(({ isCurrent }) => isCurrent)).toHaveLength(1);
    expect(items).toHaveLength(2);
    const theirs = items.find(({ isCurrent }) => !isCurrent)?.sessionId ?? "";
    expect((await other.me()).status).toBe(200);
    // Somebody else's session is not there to be revoked.
    const foreign = await shop.owner.send("DELETE", `/api/v1/staff/me/sessions/${theirs}`);
    expectRefusal(foreign, 404, "not_found");
    await person.do("DELETE", `/api/v1/staff/me/sessions/${theirs}`);
    expectRefusal(await other.me(), 401, "unauthenticated");
  });

  it("end for a colleague who is shut out, and with the sign-out", async () => {
    const person = await shop.colleague("leaver", ["auditor"]);
    const { items } = await shop.owner.do<{ items: { email: string; staffId: string }[] }>(
      "GET",
      "/api/v1/staff/people",
    );
    const staffId = items.find(({ email }) => email === person.email)?.staffId ?? "";
    const change = { roleIds: ["auditor"], storeIds: null, state: "disabled", version: 1 };
    await shop.owner.do("PUT", `/api/v1/staff/people/${staffId}`, change);
    expectRefusal(await person.me(), 401, "unauthenticated");
    expectRefusal(await person.signIn(person.email, person.password), 401, "unauthenticated");
    const other = await shop.colleague("goer", ["auditor"]);
    const kept = other.cookies.get("qd_staff") ?? "";
    await other.do("POST", "/api/v1/staff/me/sign-out");
    other.cookies.set("qd_staff", kept);
    expectRefusal(await other.me(), 401, "unauthenticated");
  });
});

describe("the second step", () => {
  it("is asked for, takes each code once, and recovery codes once each", async () => {
    const person = await shop.colleague("stepper", ["auditor"]);
    const { secret, uri } = await person.do<{ secret: string; uri: string }>(
      "POST",
      "/api/v1/staff/me/totp",
      { password: person.password },
    );
    expect(uri).toContain("otpauth://totp/");
    // Begun is not in force.
    expect((await shop.browser().signIn(person.email, person.password)).body["state"]).toBe(
      "signed_in",
    );
    const wrong = await person.send("POST", "/api/v1/staff/me/totp/confirm", { code: "000000" });
    expect(wrong.status).toBe(422);
    const first = codeOf(secret);
    const { codes } = await person.do<{ codes: string[] }>(
      "POST",
      "/api/v1/staff/me/totp/confirm",
      { code: first },
    );
    expect(codes).toHaveLength(10);

    const browser = shop.browser();
    expect((await browser.signIn(person.email, person.password)).body).toEqual({
      state: "second_step",
    });
    expectRefusal(await browser.me(), 401, "unauthenticated");
    const step = (code: string) => browser.send("POST", "/api/v1/staff-auth/second-step", { code });
    // The code that set it up is used up.
    expectRefusal(await step(first), 401, "unauthenticated", "wrong_code");
    expect((await step(codeOf(secret, 1))).body["state"]).toBe("signed_in");
    expect((await browser.me()).status).toBe(200);

    for (const status of [200, 401]) {
      await browser.signIn(person.email, person.password);
      expect((await step(codes[0] ?? "")).status).toBe(status);
    }
  });

  it("cannot be skipped or guessed", async () => {
    const person = await shop.colleague("guarded", ["auditor"]);
    const { secret } = await person.do<{ secret: string }>("POST", "/api/v1/staff/me/totp", {
      password: person.password,
    });
    await person.do("POST", "/api/v1/staff/me/totp/confirm", { code: codeOf(secret) });
    const bare = await shop
      .browser()
      .send("POST", "/api/v1/staff-auth/second-step", { code: codeOf(secret, 1) });
    expectRefusal(bare, 401, "unauthenticated", "begin_again");
    const browser = shop.browser();
    await browser.signIn(person.email, person.password);
    const guesses = await Promise.all(
      Array.from({ length: 9 }, (_, at) =>
        browser.send("POST", "/api/v1/staff-auth/second-step", { code: `00000${at}` }),
      ),
    );
    expect(guesses.filter(({ status }) => status === 401)).toHaveLength(5);
    expectRefusal(
      await browser.send("POST", "/api/v1/staff-auth/second-step", { code: codeOf(secret, 1) }),
      429,
      "rate_limited",
    );
  });

  it("can be asked of everybody: until it is set up nothing else is open", async () => {
    const person = await shop.colleague("unstepped", ["auditor"]);
    const policy = await shop.owner.do<{ version: number }>("GET", "/api/v1/staff/policy");
    await shop.owner.do("PUT", "/api/v1/staff/policy", {
      needsSecondStep: true,
      version: policy.version,
    });
    expectRefusal(await person.send("GET", "/api/v1/staff/audit-log"), 403, "forbidden");
    expect((await person.me()).body).toMatchObject({ needsSecondStep: true, permissions: [] });
    const { secret } = await person.do<{ secret: string }>("POST", "/api/v1/staff/me/totp", {
      password: person.password,
    });
    await person.do("POST", "/api/v1/staff/me/totp/confirm", { code: codeOf(secret) });
    expect((await person.send("GET", "/api/v1/staff/audit-log")).status).toBe(200);
    const db = await shop.db();
    await db.prepare("DELETE FROM staff_policies").run();
    await until(
      () => shop.owner.send("GET", "/api/v1/staff/people"),
      ({ status }) => status === 200,
    );
  });
});

describe("links", () => {
  it("are good once, and not after they were taken back", async () => {
    const invite = { email: "once@example.com", roleIds: ["auditor"], storeIds: null };
    const { path } = await shop.owner.do<{ path: string }>("POST", "/api/v1/staff/invites", invite);
    const join = { token: path.split("#")[1], name: "一次", password: "only once with this" };
    const both = await Promise.all(
      [1, 2].map(() => shop.browser().send("POST", "/api/v1/staff-auth/join", join)),
    );
    expect(both.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 404]);
    const again = await shop.owner.do<{ path: string }>("POST", "/api/v1/staff/invites", {
      ...invite,
      email: "gone@example.com",
    });
    const { invites } = await shop.owner.do<{ invites: { inviteId: string; email: string }[] }>(
      "GET",
      "/api/v1/staff/people",
    );
    const found = invites.find(({ email }) => email === "gone@example.com")?.inviteId ?? "";
    await shop.owner.do("DELETE", `/api/v1/staff/invites/${found}`);
    const late = { ...join, token: again.path.split("#")[1] };
    expectRefusal(
      await shop.browser().send("POST", "/api/v1/staff-auth/join", late),
      404,
      "not_found",
    );
  });

  it("let a locked-out owner in again by the key of the deployment, and end their sessions", async () => {
    const second = await shop.colleague("co-owner", ["owner"]);
    const { secret } = await second.do<{ secret: string }>("POST", "/api/v1/staff/me/totp", {
      password: second.password,
    });
    await second.do("POST", "/api/v1/staff/me/totp/confirm", { code: codeOf(secret) });
    const ask = { setupKey: SETUP_KEY, email: second.email };
    expectRefusal(
      await shop
        .browser()
        .send("POST", "/api/v1/staff-auth/recover", { ...ask, setupKey: "a guess" }),
      403,
      "forbidden",
    );
    const { path } = await shop
      .browser()
      .do<{ path: string }>("POST", "/api/v1/staff-auth/recover", ask);
    const reset = { token: path.split("#")[1], password: "back again at last" };
    const browser = shop.browser();
    expect((await browser.do("POST", "/api/v1/staff-auth/reset", reset))["state"]).toBe(
      "signed_in",
    );
    expectRefusal(await second.me(), 401, "unauthenticated");
    expect((await browser.me()).body["email"]).toBe(second.email);
  });
});
