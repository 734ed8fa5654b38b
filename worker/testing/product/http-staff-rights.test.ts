/** Every documented staff route for every role, for another merchant's owner, and for pages of other sites. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isPermission } from "../../kernel/permission.ts";
import { FREE_FORM } from "./http-earning-bodies.ts";
import { FITTING } from "./http-siege.ts";
import { fillPath, operationsOf, type OpenApi, type Operation } from "./http-openapi.ts";
import { expectRefusal, OWNER, SETUP_KEY, StaffShop, type StaffBrowser } from "./staff-client.ts";
import type { Reply } from "./http-shop.ts";
import { makeMember, makeSale, rowsOf, Caller } from "./product.ts";

const ROLES = [
  "owner",
  "operations",
  "fulfilment",
  "service",
  "clerk",
  "finance",
  "auditor",
] as const;
const MARK = "岛上的秘密";

let shop: StaffShop;
let operations: readonly Operation[];
/** Values for the paths: those of the shop's own things where a stranger might want them. */
const params: Record<string, string> = {};

beforeAll(async () => {
  shop = await StaffShop.open();
  const { body } = await shop.owner.send<OpenApi>("GET", "/api/openapi.json");
  operations = operationsOf(body).filter(({ spec }) => spec["x-access"] === "staff");
  for (const { path } of operations) {
    for (const [, name] of path.matchAll(/\{(\w+)\}/g))
      params[name as string] = "none-0000000000001";
  }
  await stock();
});
afterAll(() => shop.close());

/** Things of this merchant, all named with the mark. */
async function stock(): Promise<void> {
  const { owner } = shop;
  await owner.do("POST", "/api/v1/staff/brands", {
    brandId: "mine",
    name: MARK,
    storeMaySet: ["till_codes"],
  });
  for (const storeId of ["mine", "other"]) {
    const store = {
      storeId,
      brandId: storeId === "mine" ? "mine" : "main",
      name: MARK,
      address: MARK,
    };
    await owner.do("POST", "/api/v1/staff/stores", store);
  }
  await owner.do("POST", "/api/v1/staff/roles", {
    roleId: "mine",
    name: MARK,
    permissions: ["goods.read"],
  });
  const colleague = await shop.colleague("mine", ["auditor"]);
  const me = await colleague.do<{ staffId: string }>("GET", "/api/v1/staff/me");
  const staff = await new Caller(shop.product.origin).login("seeder", "staff");
  const saleId = await makeSale(staff, { title: MARK });
  await makeMember(staff, "mine", 100);
  await owner.do("POST", "/api/v1/staff/invites", {
    email: "waiting@example.com",
    roleIds: ["auditor"],
    storeIds: null,
  });
  const { invites } = await owner.do<{ invites: { inviteId: string }[] }>(
    "GET",
    "/api/v1/staff/people",
  );
  const inviteId = invites[0]?.inviteId ?? "";
  Object.assign(params, { staffId: me.staffId, saleId, memberId: "mine", inviteId });
  Object.assign(params, {
    brandId: "mine",
    storeId: "mine",
    roleId: "mine",
    staffSessionId: "ses-0123",
  });
}

const ownTrade = ({ path }: Operation): boolean => /^\/api\/v1\/staff\/me(?:\/|$)/.test(path);

const rightOf = ({ spec }: Pick<Operation, "spec">): string =>
  (spec as unknown as Readonly<Record<string, string>>)["x-permission"] ?? "";

/** Asks of all, a few at a time; what `ask` answers is kept unless it is null. */
async function ofAll<T>(
  all: readonly T[],
  ask: (one: T) => Promise<string | null>,
): Promise<string[]> {
  const told: (string | null)[] = [];
  for (let at = 0; at < all.length; at += 12) {
    told.push(...(await Promise.all(all.slice(at, at + 12).map(ask))));
  }
  return told.filter((one) => one !== null);
}

/** A call whose body no route reads, so that it shows who may knock and changes nothing. */
function knock(who: StaffBrowser, { method, path, spec }: Operation, query = ""): Promise<Reply> {
  const nobodys = Object.fromEntries(
    Object.keys(params).map((name) => [name, "none-0000000000001"]),
  );
  const headers = spec.requestBody ? { "content-type": "text/none" } : {};
  return who.send(
    method.toUpperCase(),
    fillPath(path, nobodys) + query,
    spec.requestBody ? {} : undefined,
    headers,
  );
}

describe("every staff route", () => {
  it("names a permission that exists, or is about one's own sign-in", () => {
    expect(operations.length).toBeGreaterThan(60);
    const strange = operations.filter((one) => {
      const right = rightOf(one);
      return right === "self" ? !ownTrade(one) : !isPermission(right);
    });
    expect(strange.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
  });

  for (const role of ROLES) {
    it(`lets ${role} do what the role holds, and nothing else`, async () => {
      const isBound = role === "clerk";
      const who =
        role === "owner"
          ? shop.owner
          : await shop.colleague(role, [role], isBound ? ["mine"] : null);
      const me = await who.do<{ permissions: string[] }>("GET", "/api/v1/staff/me");
      const held = new Set(me.permissions);
      expect(held.size).toBeGreaterThan(0);
      const trade = operations.filter((one) => !ownTrade(one));
      const wrong = await ofAll(trade, async (operation) => {
        const right = rightOf(operation);
        const { status, body } = await knock(who, operation, isBound ? "?storeId=mine" : "");
        // A refusal inside a route names its reason; the gate's names none.
        const isRefused = status === 401 || (status === 403 && body["reason"] === undefined);
        return isRefused === held.has(right)
          ? `${operation.method} ${operation.path} (${right}): ${status}`
          : null;
      });
      expect(wrong).toEqual([]);
    });
  }

  it("is closed to nobody in particular, and to somebody without a role that means anything", async () => {
    const stray = await shop.colleague("stray", ["mine"]);
    await shop.owner.do("PUT", "/api/v1/staff/roles/mine", {
      name: MARK,
      permissions: ["pages.read"],
      version: 1,
    });
    const trade = operations.filter((one) => !ownTrade(one));
    const open = await ofAll(trade, async (operation) => {
      const nobody = await knock(shop.browser(), operation);
      const { status } = await knock(stray, operation);
      const isOpen = status !== 403 && rightOf(operation) !== "pages.read";
      return nobody.status !== 401 || isOpen
        ? `${operation.path} ${nobody.status} ${status}`
        : null;
    });
    expect(open).toEqual([]);
  });
});

describe("the owner of another merchant", () => {
  it("is made by the operator's key, once", async () => {
    const operator = shop.browser();
    const wish = { programmeId: "demo", merchantName: "别家", email: "second@example.com" };
    const ask = (setupKey: string, more: object = {}) =>
      operator.send("POST", "/api/v1/staff-auth/merchants", { setupKey, ...wish, ...more });
    expectRefusal(await ask(SETUP_KEY), 409, "conflict", "has_owner");
    expectRefusal(await ask("not the key of this shop"), 403, "forbidden");
    expectRefusal(await ask(SETUP_KEY, { programmeId: "../demo" }), 422, "invalid");
  });

  it("finds nothing of this one and changes nothing, by its very ids", async () => {
    const stranger = await foreignOwner();
    const before = await rowsOf(shop.product, "demo");
    expect(before).toContain(MARK);
    const told: string[] = [];
    for (const operation of operations) {
      const { method, path, spec } = operation;
      if (path.endsWith("/sign-out") || ownTrade(operation)) continue;
      const body = { ...FITTING[path], ...FREE_FORM[path] };
      const bodyOf = spec.requestBody?.content["application/json"] ? body : undefined;
      const reply = await stranger.send(method.toUpperCase(), fillPath(path, params), bodyOf);
      if (reply.text.includes(MARK)) told.push(`${method} ${path}`);
    }
    expect(told).toEqual([]);
    expect(await rowsOf(shop.product, "demo")).toBe(before);
  });

  it("cannot reset the account of somebody who works for both", async () => {
    const stranger = await foreignOwner();
    const { programmeId } = (await stranger.me()).body;
    const invite = await stranger.do<{ path: string }>("POST", "/api/v1/staff/invites", {
      ...{ email: OWNER.email, roleIds: ["auditor"], storeIds: null },
    });
    const join = { token: invite.path.split("#")[1], name: "x", password: OWNER.password };
    await shop.owner.do("POST", "/api/v1/staff-auth/join", join);
    const { items } = await stranger.do<{ items: { email: string; staffId: string }[] }>(
      "GET",
      "/api/v1/staff/people",
    );
    const staffId = items.find(({ email }) => email === OWNER.email)?.staffId ?? "";
    const reset = await stranger.send("POST", `/api/v1/staff/people/${staffId}/reset`, {
      dropsSecondStep: true,
    });
    expectRefusal(reset, 409, "conflict", "works_elsewhere");
    // Who works in both goes from one to the other, with the rights of each.
    await shop.owner.do("PUT", "/api/v1/staff/me/programme", { programmeId });
    expect((await shop.owner.me()).body).toMatchObject({
      programmeId,
      roles: ["auditor"],
    });
    expectRefusal(
      await shop.owner.send("POST", "/api/v1/staff/brands", FITTING["/api/v1/staff/brands"]),
      403,
      "forbidden",
    );
    await shop.owner.do("PUT", "/api/v1/staff/me/programme", { programmeId: "demo" });
    const nowhere = await shop.owner.send("PUT", "/api/v1/staff/me/programme", {
      programmeId: "third",
    });
    expectRefusal(nowhere, 404, "not_found");
  });
});

/** The owner of a merchant beside this one, as the operator of the deployment makes them. */
async function foreignOwner(): Promise<StaffBrowser> {
  const programmeId = `else-${crypto.randomUUID().slice(0, 8)}`;
  const email = `${programmeId}@example.com`;
  const password = `${programmeId} drinks green tea`;
  const operator = shop.browser();
  const made = await operator.do<{ path: string }>("POST", "/api/v1/staff-auth/merchants", {
    ...{ setupKey: SETUP_KEY, programmeId, merchantName: "别家", email },
  });
  const browser = shop.browser();
  const token = made.path.split("#")[1];
  await browser.do("POST", "/api/v1/staff-auth/join", { token, name: "别家店主", password });
  expect((await browser.me()).body).toMatchObject({ programmeId, roles: ["owner"] });
  return browser;
}

describe("a page of another site", () => {
  it("writes nothing with the cookie of somebody who is signed in (CSRF)", async () => {
    const done: string[] = [];
    for (const operation of operations.filter(({ method }) => method !== "get")) {
      for (const headers of [
        { "sec-fetch-site": "cross-site" },
        { "sec-fetch-site": "same-site" },
        { origin: "https://evil.example" },
        { origin: "null" },
        // An old browser that says nothing at all.
        { origin: "" },
      ]) {
        const { path, method } = operation;
        const body = { ...FITTING[path], ...FREE_FORM[path] };
        const reply = await shop.owner.send(
          method.toUpperCase(),
          fillPath(path, params),
          body,
          headers,
        );
        if (reply.status !== 403)
          done.push(`${method} ${path} ${JSON.stringify(headers)}: ${reply.status}`);
      }
    }
    expect(done).toEqual([]);
    expect((await shop.owner.me()).status).toBe(200);
  });

  it("cannot sign somebody in as somebody else", async () => {
    for (const headers of [
      { "sec-fetch-site": "cross-site" },
      { origin: "https://evil.example" },
    ]) {
      const { email, password } = OWNER;
      const reply = await shop
        .browser()
        .send("POST", "/api/v1/staff-auth/password", { email, password }, headers);
      expectRefusal(reply, 403, "forbidden");
      expect(reply.headers["set-cookie"]).toBeUndefined();
    }
  });
});

describe("rights", () => {
  it("cannot be given beyond one's own, nor to oneself, nor taken from an owner", async () => {
    await shop.owner.do("POST", "/api/v1/staff/roles", {
      ...{ roleId: "lead", name: "组长", permissions: ["staff.read", "staff.write", "goods.read"] },
    });
    const lead = await shop.colleague("lead", ["lead"]);
    const people = await lead.do<{ items: { email: string; staffId: string }[] }>(
      "GET",
      "/api/v1/staff/people",
    );
    const idOf = (email: string): string =>
      people.items.find((one) => one.email === email)?.staffId ?? "";
    const owner = `/api/v1/staff/people/${idOf(OWNER.email)}`;
    const down = { roleIds: ["lead"], storeIds: null, state: "disabled", version: 1 };
    expectRefusal(await lead.send("PUT", owner, down), 403, "forbidden", "more_than_yours");
    expectRefusal(
      await lead.send("POST", `${owner}/reset`, { dropsSecondStep: true }),
      403,
      "forbidden",
      "more_than_yours",
    );
    expectRefusal(
      await lead.send("POST", `${owner}/sign-out`),
      403,
      "forbidden",
      "more_than_yours",
    );
    const self = `/api/v1/staff/people/${idOf(lead.email)}`;
    expectRefusal(
      await lead.send("PUT", self, { ...down, roleIds: ["owner"] }),
      409,
      "conflict",
      "yourself",
    );
    for (const roleIds of [["owner"], ["operations"], ["lead", "finance"]]) {
      const invite = { email: "friend@example.com", roleIds, storeIds: null };
      expectRefusal(
        await lead.send("POST", "/api/v1/staff/invites", invite),
        403,
        "forbidden",
        "more_than_yours",
      );
    }
    const role = { roleId: "sly", name: "x", permissions: ["goods.read", "points.grant"] };
    expectRefusal(
      await lead.send("POST", "/api/v1/staff/roles", role),
      403,
      "forbidden",
      "more_than_yours",
    );
  });

  it("of a role that changes are felt at once", async () => {
    await shop.owner.do("POST", "/api/v1/staff/roles", {
      roleId: "shifting",
      name: "变",
      permissions: ["audit.read"],
    });
    const person = await shop.colleague("shifting", ["shifting"]);
    expect((await person.send("GET", "/api/v1/staff/audit-log")).status).toBe(200);
    await shop.owner.do("PUT", "/api/v1/staff/roles/shifting", {
      name: "变",
      permissions: ["goods.read"],
      version: 1,
    });
    expectRefusal(await person.send("GET", "/api/v1/staff/audit-log"), 403, "forbidden");
  });

  it("of somebody bound to a store end at its door", async () => {
    const clerk = await shop.colleague("bound", ["owner"], ["mine"]);
    const { permissions } = await clerk.do<{ permissions: string[] }>("GET", "/api/v1/staff/me");
    expect(permissions).not.toContain("goods.write");
    expect(permissions).not.toContain("staff.read");
    const code = FITTING["/api/v1/staff/earning/till-codes"] ?? {};
    const issue = (storeId: string | null) =>
      clerk.send("POST", "/api/v1/staff/earning/till-codes", {
        ...{ ...code, storeId, requestId: crypto.randomUUID(), expiresAtMs: Date.now() + 60_000 },
      });
    expect((await issue("mine")).status).toBe(201);
    expectRefusal(await issue("other"), 403, "forbidden", "not_your_store");
    expectRefusal(await issue(null), 403, "forbidden", "not_your_store");
    const brand = { name: MARK, storeMaySet: [], state: "active", version: 1 };
    await shop.owner.do("PUT", "/api/v1/staff/brands/mine", brand);
    expectRefusal(await issue("mine"), 403, "forbidden", "headquarters_decide");
  });
});
