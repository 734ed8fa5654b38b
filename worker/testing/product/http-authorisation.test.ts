/** Who may call what: every documented route for nobody, a member, staff, and staff of another programme. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseKeyRing, signToken } from "../../kernel/key-ring.ts";
import { expectProblem, HttpShop, raw, type Reply } from "./http-shop.ts";
import { fillPath, operationsOf, type OpenApi, type Operation } from "./http-openapi.ts";
import { EARNING_PARAMS, EARNING_ROUTES, FREE_FORM } from "./http-earning-bodies.ts";
import { PAYMENTS_PARAMS, PAYMENTS_ROUTES } from "./http-payments-bodies.ts";
import { FULFILMENT_PARAMS, FULFILMENT_ROUTES } from "./http-fulfilment-bodies.ts";
import { REGISTER_PARAMS, REGISTER_ROUTES } from "./http-register-bodies.ts";
import { STAFF_PARAMS, STAFF_ROUTES } from "./http-staff-bodies.ts";
import { SIGN_IN_ROUTES } from "./http-sign-in-bodies.ts";
import { PAGES_PARAMS, PAGES_ROUTES } from "./http-pages-bodies.ts";
import { SALES_PARAMS, SALES_QUERIES, SALES_ROUTES } from "./http-sales-bodies.ts";
import { CATALOG_PARAMS, CATALOG_ROUTES } from "./http-catalog-bodies.ts";
import { FITTING } from "./http-siege.ts";
import { Caller, newOrderId } from "./product.ts";

const SIGNING = `new:${"s".repeat(40)}`;
const RETIRING = `old:${"r".repeat(40)}`;
const STRANGER = `new:${"x".repeat(40)}`;
const IN_AN_HOUR = (): number => Date.now() + 3_600_000;

/** A session as the server would sign it; `claims` may say anything. */
function tokenOf(claims: readonly unknown[], keys = SIGNING, purpose = "session.v1"): string {
  return signToken(parseKeyRing(keys), purpose, claims);
}

let shop: HttpShop;
let operations: readonly Operation[];
beforeAll(async () => {
  shop = await HttpShop.open({
    SESSION_KEYS: `${SIGNING},${RETIRING}`,
    TICKET_KEYS: SIGNING,
    MEMBER_RATE: "1000000/1000000",
  });
  const { body } = await shop.send<OpenApi>(shop.staff, "GET", "/api/openapi.json");
  operations = operationsOf(body);
});
afterAll(async () => {
  await shop.expectAuditAtRest();
  await shop.close();
});

function callerOf(token: string): Caller {
  return Object.assign(new Caller(shop.origin), { token });
}

const ROLES = ["nobody", "member", "staff", "foreign member", "foreign staff"] as const;
type Role = (typeof ROLES)[number];

/** What each role is answered, by method and path; every other status is a hole or a lock too many. */
const TABLE: Readonly<Record<string, Readonly<Record<Role, number>>>> = {
  "get /healthz": row(200, 200, 200, 200, 200),
  "get /api/openapi.json": row(200, 200, 200, 200, 200),
  "get /api/v1/sales": row(200, 200, 200, 200, 200),
  "get /api/v1/sales/{saleId}": row(200, 200, 200, 404, 404),
  "post /api/v1/sales/{saleId}/tickets": row(401, 201, 409, 404, 404),
  "delete /api/v1/sales/{saleId}/tickets/{orderId}": row(401, 404, 404, 404, 404),
  "get /api/v1/sales/{saleId}/door": row(401, 401, 401, 401, 401),
  "get /api/v1/look": row(200, 200, 200, 200, 200),
  "get /api/v1/open-pages": row(426, 426, 426, 426, 426),
  "post /api/v1/sales/{saleId}/redemptions": row(401, 201, 409, 404, 404),
  "get /api/v1/orders": row(401, 200, 200, 200, 200),
  "get /api/v1/orders/{orderId}": row(401, 404, 404, 404, 404),
  "post /api/v1/orders/{orderId}/cancel": row(401, 404, 404, 404, 404),
  "get /api/v1/me": row(401, 200, 200, 200, 200),
  "get /api/v1/me/points": row(401, 200, 200, 200, 200),
  ...earningTable(),
  ...staffTable(),
  ...Object.fromEntries(
    Object.entries(SALES_ROUTES).map(([route, [, told]]) => [route, row(...told)]),
  ),
  ...catalogTable(),
  "post /api/v1/dev/login": row(200, 200, 200, 200, 200),
  "delete /api/v1/session": row(204, 204, 204, 204, 204),
  "get /api/v1/audit": row(401, 403, 200, 403, 403),
  "post /api/v1/staff/skus": row(401, 403, 200, 403, 201),
  "post /api/v1/staff/sales": row(401, 403, 201, 403, 404),
  "post /api/v1/staff/sales/{saleId}/schedule": row(401, 403, 200, 403, 404),
  "post /api/v1/staff/sales/{saleId}/pause": row(401, 403, 200, 403, 404),
  "post /api/v1/staff/sales/{saleId}/resume": row(401, 403, 200, 403, 404),
  "post /api/v1/staff/sales/{saleId}/wave": row(401, 403, 200, 403, 404),
  "post /api/v1/staff/sales/{saleId}/close": row(401, 403, 200, 403, 404),
  "post /api/v1/staff/sales/{saleId}/restock": row(401, 403, 200, 403, 404),
  "post /api/v1/staff/members/{memberId}/grants": row(401, 403, 201, 403, 201),
  "post /api/v1/staff/grants": row(401, 403, 200, 403, 200),
  "get /api/v1/me/points/entries": row(401, 200, 200, 200, 200),
  "get /api/v1/me/points/entries/{seq}/receipt": row(401, 200, 404, 404, 404),
  "get /api/v1/orders/{orderId}/refund-quote": row(401, 404, 404, 404, 404),
  "get /api/v1/evidence/{programmeId}/roots": row(200, 200, 200, 200, 200),
  "post /api/v1/staff/members/{memberId}/points/claw-back": row(401, 403, 201, 403, 201),
  "get /api/v1/staff/members/{memberId}/points": row(401, 403, 200, 403, 200),
  "get /api/v1/staff/members/{memberId}/points/timeline": row(401, 403, 200, 403, 200),
  "get /api/v1/staff/members/{memberId}/points/at": row(401, 403, 200, 403, 200),
};

/** Earning knows no sale and no other member: whoever may call at all is answered the same in every programme. */
function earningTable(): Record<string, Record<Role, number>> {
  return Object.fromEntries(
    Object.entries({ ...EARNING_ROUTES, ...PAGES_ROUTES }).map(([route, [access, status]]) => {
      const forMembers = access === "member" ? status : 403;
      return [route, row(401, forMembers, status, forMembers, status)];
    }),
  );
}

/** Routes that know no sale and no member: whoever may call at all is answered the same in every programme. */
function staffTable(): Record<string, Record<Role, number>> {
  return Object.fromEntries(
    Object.entries(STAFF_ROUTES).map(([route, [access, status]]) => [
      route,
      access === "public"
        ? row(status, status, status, status, status)
        : row(401, 403, status, 403, status),
    ]),
  );
}

/** Goods of the paths are nobody's, so that every right caller is answered alike; what is whose has a test of its own. */
function catalogTable(): Record<string, Record<Role, number>> {
  return Object.fromEntries(
    Object.entries({
      ...CATALOG_ROUTES,
      ...FULFILMENT_ROUTES,
      ...PAYMENTS_ROUTES,
      ...REGISTER_ROUTES,
      ...SIGN_IN_ROUTES,
    }).map(([route, [access, status]]) => {
      const forGuests = access === "public" ? status : 401;
      const forMembers = access === "staff" ? 403 : status;
      return [route, row(forGuests, forMembers, status, forMembers, status)];
    }),
  );
}

function row(
  nobody: number,
  member: number,
  staff: number,
  foreignMember: number,
  foreignStaff: number,
): Record<Role, number> {
  return { nobody, member, staff, "foreign member": foreignMember, "foreign staff": foreignStaff };
}

describe("every documented route", () => {
  it("stands in the table", () => {
    expect(operations.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(
      Object.keys(TABLE).sort(),
    );
  });

  for (const role of ROLES) {
    it(`answers ${role} as the table says`, async () => {
      const wrong: string[] = [];
      for (const operation of operations) {
        const route = `${operation.method} ${operation.path}`;
        const reply = await call(operation, await actor(role));
        const wanted = TABLE[route]?.[role];
        if (reply.status !== wanted) wrong.push(`${route}: ${reply.status}, not ${wanted}`);
        if (reply.headers["x-content-type-options"] !== "nosniff") wrong.push(`${route}: bare`);
        if (reply.status === 401) expectProblem(reply, 401, "unauthenticated");
        if (reply.status === 403) expectProblem(reply, 403, "forbidden");
      }
      expect(wrong).toEqual([]);
    });
  }
});

let actors = 0;

/** Somebody new of that role; a member of the shop's own programme has points. */
async function actor(role: Role): Promise<Caller> {
  actors += 1;
  const id = `actor-${actors}`;
  if (role === "nobody") return new Caller(shop.origin);
  if (role === "member") await shop.grant(id, 100);
  const programme = role.startsWith("foreign") ? "other" : "demo";
  const claim = role.endsWith("staff") ? "staff" : "member";
  return callerOf(tokenOf([programme, id, claim, IN_AN_HOUR()]));
}

/** A call that the right caller would be obeyed in: each has a sale of its own. */
async function call(operation: Operation, who: Caller): Promise<Reply> {
  const route = `${operation.method} ${operation.path}`;
  const isEarning = [
    EARNING_ROUTES,
    STAFF_ROUTES,
    CATALOG_ROUTES,
    FULFILMENT_ROUTES,
    REGISTER_ROUTES,
    PAYMENTS_ROUTES,
  ].some((table) => route in table);
  // Only a route that names a sale or a SKU gets one of its own: each costs three calls and their audit entries.
  const namesSale = /\{(?:saleId|skuId)\}/.test(operation.path);
  const needsSale = !isEarning && (namesSale || "skuId" in (FITTING[operation.path] ?? {}));
  const saleId = needsSale ? await shop.sale({ units: 5 }) : "demo.none~1";
  if (operation.path.endsWith("/resume")) await shop.command(saleId, "pause");
  const skuId = needsSale ? (await shop.view(saleId)).skuId : "none";
  const path = fillPath(operation.path, {
    ...{ saleId, orderId: newOrderId(), memberId: "granted" },
    ...{ seq: "1", programmeId: "demo", ...STAFF_PARAMS, ...EARNING_PARAMS },
    ...PAGES_PARAMS,
    ...SALES_PARAMS,
    ...CATALOG_PARAMS,
    ...FULFILMENT_PARAMS,
    ...REGISTER_PARAMS,
    ...PAYMENTS_PARAMS,
  });
  const fresh = {
    ...{ orderId: newOrderId(), idempotencyKey: newOrderId(), requestId: newOrderId() },
    skuId,
  };
  const fitting = { ...FITTING[operation.path], ...FREE_FORM[operation.path] };
  for (const [name, value] of Object.entries(fresh)) if (name in fitting) fitting[name] = value;
  // There is nothing to replace.
  delete fitting["replaces"];
  const body = operation.spec.requestBody ? fitting : undefined;
  const query = SALES_QUERIES[`${operation.method} ${operation.path}`] ?? "";
  return shop.send(who, operation.method.toUpperCase(), path + query, body);
}

describe("staff of another programme", () => {
  it("have no effect on this one's sales, goods and members", async () => {
    const saleId = await shop.sale({ units: 5 });
    const before = { ...(await shop.view(saleId)), serverTimeMs: 0 };
    const member = await shop.member(100);
    const points = await shop.points(member);
    const foreign = callerOf(tokenOf(["other", "their-staff", "staff", IN_AN_HOUR()]));
    for (const kind of ["schedule", "pause", "resume", "wave", "close", "restock", "extend"]) {
      const body =
        kind === "restock" ? { units: 3 } : kind === "extend" ? { closesAtMs: 4e12 } : undefined;
      const path = `/api/v1/staff/sales/${saleId}/${kind}`;
      expectProblem(await shop.send(foreign, "POST", path, body), 404, "not_found");
    }
    const theirs = await shop.send(foreign, "POST", "/api/v1/staff/skus", {
      skuId: before.skuId,
      title: "别家的货",
      units: 7,
      pricePoints: 1,
    });
    expect(theirs).toMatchObject({ status: 201, body: { skuKey: `other.${before.skuId}` } });
    const grant = { points: 9, reason: "theirs", idempotencyKey: "theirs" };
    const path = `/api/v1/staff/members/${member.id}/grants`;
    expect((await shop.send(foreign, "POST", path, grant)).status).toBe(201);
    expect({ ...(await shop.view(saleId)), serverTimeMs: 0 }).toEqual(before);
    expect(await shop.points(member)).toEqual(points);
    const namesake = callerOf(tokenOf(["other", member.id, "member", IN_AN_HOUR()]));
    expect(await shop.points(namesake)).toMatchObject({ active: 9 });
  });

  it("see none of this one's sales in their list", async () => {
    const saleId = await shop.sale();
    const foreign = callerOf(tokenOf(["other", "looker", "member", IN_AN_HOUR()]));
    const list = await shop.send(foreign, "GET", "/api/v1/sales");
    expect(list.status).toBe(200);
    expect(list.text).not.toContain(saleId);
    expect(list.text).not.toContain("demo.");
  });

  it("are shown none of them by its address either, nor at its door, nor is its page", async () => {
    const saleId = await shop.sale();
    const foreign = callerOf(tokenOf(["other", "looker", "member", IN_AN_HOUR()]));
    const path = `/api/v1/sales/${saleId}`;
    expectProblem(await shop.send(foreign, "GET", path), 404, "not_found");
    expectProblem(await shop.send(foreign, "GET", `${path}/door?watch=1`), 404, "not_found");
    const pageFor = async (token: string): Promise<number> => {
      const headers = { authorization: `Bearer ${token}` };
      return (await fetch(`${shop.origin}/s/${saleId}`, { headers })).status;
    };
    const own = await shop.member();
    const atDoor = await shop.send(own, "GET", `${path}/door?watch=1`);
    expectProblem(atDoor, 426, "upgrade_required");
    expect([await pageFor(foreign.token), await pageFor(own.token)]).toEqual([404, 200]);
  });

  it("and their members find no orders of a namesake here", async () => {
    const saleId = await shop.sale();
    const member = await shop.member(10);
    const orderId = await shop.buy(member, saleId);
    const namesake = callerOf(tokenOf(["other", member.id, "member", IN_AN_HOUR()]));
    expectProblem(await shop.order(namesake, orderId), 404, "not_found");
    expectProblem(await shop.cancel(namesake, orderId), 404, "not_found");
    expectProblem(await shop.redeem(namesake, saleId), 404, "not_found");
    expect((await shop.order(member, orderId)).body.state).toBe("to_ship");
  });
});

describe("a session", () => {
  const me = (token: string): Promise<Reply> => shop.send(callerOf(token), "GET", "/api/v1/me");

  it("is verified by every key of the ring and signed by the first", async () => {
    const claims = ["demo", "rotated", "member", IN_AN_HOUR()];
    expect((await me(tokenOf(claims, SIGNING))).status).toBe(200);
    expect((await me(tokenOf(claims, RETIRING))).status).toBe(200);
    const login = await shop.send(new Caller(shop.origin), "POST", "/api/v1/dev/login", {
      memberId: "rotated",
    });
    expect(String(login.body["token"]).split(".")[1]).toBe("new");
    expectProblem(await me(tokenOf(claims, STRANGER)), 401, "unauthenticated");
    const unknownKey = tokenOf(claims, `gone:${"s".repeat(40)}`);
    expectProblem(await me(unknownKey), 401, "unauthenticated");
  });

  it("ends at its hour, also when it was seen before", async () => {
    const over = tokenOf(["demo", "over", "member", Date.now() - 1]);
    expectProblem(await me(over), 401, "unauthenticated");
    const endsAtMs = Date.now() + 800;
    const token = tokenOf(["demo", "ending", "member", endsAtMs]);
    let reply = await me(token);
    expect(reply.status).toBe(200);
    while (reply.status === 200) reply = await me(token);
    expectProblem(reply, 401, "unauthenticated");
    expect(Date.now()).toBeGreaterThanOrEqual(endsAtMs);
  });

  it("is nothing else that is signed by the same keys, and no half of one", async () => {
    const atMs = IN_AN_HOUR();
    const wrong: string[] = [
      tokenOf(["demo", "m", "member", atMs], SIGNING, "ticket.v1"),
      tokenOf(["demo", "m", "admin", atMs]),
      tokenOf(["demo", "m", "", atMs]),
      tokenOf(["demo", "m", "member", String(atMs)]),
      tokenOf(["demo", "m", "member", atMs + 0.5]),
      tokenOf(["demo", "m", "member"]),
      tokenOf(["demo", "", "member", atMs]),
      tokenOf(["demo", "a:b", "member", atMs]),
      tokenOf(["demo", "a b", "member", atMs]),
      tokenOf(["", "m", "member", atMs]),
      tokenOf(["demo:x", "m", "member", atMs]),
      tokenOf(["demo", 7, "member", atMs]),
      tokenOf([]),
      signToken(parseKeyRing(SIGNING), "session.v1", null),
      signToken(parseKeyRing(SIGNING), "session.v1", { programmeId: "demo", memberId: "m" }),
    ];
    for (const token of wrong) expectProblem(await me(token), 401, "unauthenticated");
    const saleId = await shop.sale();
    const member = await shop.member(10);
    const held = await shop.ticket(member, saleId);
    expectProblem(await me(String(held.body["ticket"])), 401, "unauthenticated");
  });

  it("is read from the bearer token first, and a bad one does not fall back to the cookie", async () => {
    const atMs = IN_AN_HOUR();
    const bearer = tokenOf(["demo", "by-bearer", "member", atMs]);
    const cookie = tokenOf(["demo", "by-cookie", "staff", atMs]);
    const both = { authorization: `Bearer ${bearer}`, cookie: `qd_session=${cookie}` };
    const get = (path: string, headers: Record<string, string>): Promise<Reply> =>
      raw(shop.origin, { method: "GET", path, headers });
    expect((await get("/api/v1/me", both)).body["memberId"]).toBe("by-bearer");
    expectProblem(await get("/api/v1/audit", both), 403, "forbidden");
    const lower = { authorization: `bearer ${bearer}` };
    expect((await get("/api/v1/me", lower)).body["memberId"]).toBe("by-bearer");
    const forged = { authorization: "Bearer forged", cookie: `qd_session=${cookie}` };
    expectProblem(await get("/api/v1/me", forged), 401, "unauthenticated");
  });
});
