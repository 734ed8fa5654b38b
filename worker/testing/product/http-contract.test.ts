/** docs/contract.md by its rows: sessions, sales and redemptions, every code of a refusal, word for word on every replay. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SaleView } from "../../redemption/wire.ts";
import { expectProblem, HttpShop, raw, type Reply } from "./http-shop.ts";
import { Caller, newOrderId, until } from "./product.ts";

let shop: HttpShop;
beforeAll(async () => {
  shop = await HttpShop.open();
});
afterAll(async () => {
  await shop.expectAuditAtRest();
  await shop.close();
});

const sameAs = (first: Reply): { status: number; text: string } => ({
  status: first.status,
  text: first.text,
});

describe("sales", () => {
  it("answers healthz", async () => {
    const reply = await shop.send(new Caller(shop.origin), "GET", "/healthz");
    expect(reply).toMatchObject({ status: 200, body: { ok: true } });
  });

  it("shows a sale to anybody, with terms, clock, epoch and units", async () => {
    const beforeMs = Date.now();
    const saleId = await shop.sale({ units: 7, limitPerMember: 3, quantityMax: 2, priceFen: 990 });
    const reply = await shop.send(new Caller(shop.origin), "GET", `/api/v1/sales/${saleId}`);
    expect(reply.status).toBe(200);
    expect(reply.body).toMatchObject({
      saleId,
      kind: "flash",
      status: "open",
      epoch: 1,
      remaining: 7,
      returned: 0,
      soldOut: false,
      limitPerMember: 3,
      quantityMax: 2,
      pricePoints: 10,
      priceFen: 990,
    });
    const { serverTimeMs } = reply.body as unknown as SaleView;
    expect(serverTimeMs).toBeGreaterThanOrEqual(beforeMs);
    expect(serverTimeMs).toBeLessThanOrEqual(Date.now());
    expect(reply.headers["cache-control"]).toBe("no-store");
  });

  it("lists it once its projection has come, and says sold out by itself", async () => {
    const saleId = await shop.sale({ units: 1 });
    const listed = async (): Promise<SaleView | undefined> => {
      const reply = await shop.send<{ sales: SaleView[] }>(shop.staff, "GET", "/api/v1/sales");
      expect(reply.status).toBe(200);
      return reply.body.sales.find((sale) => sale.saleId === saleId);
    };
    expect(await until(listed, (sale) => sale !== undefined)).toMatchObject({ soldOut: false });
    await shop.buy(await shop.member(10), saleId);
    expect(await shop.view(saleId)).toMatchObject({
      status: "open",
      remaining: 0,
      soldOut: true,
    });
    expect(await until(listed, (sale) => sale?.soldOut === true)).toMatchObject({ remaining: 0 });
  });

  it("has no draft and no unknown sale for anybody", async () => {
    const known = await shop.sale();
    const draft = await shop.send(shop.staff, "POST", "/api/v1/staff/sales", {
      skuId: (await shop.view(known)).skuId,
      pricePoints: 10,
      units: 5,
      limitPerMember: 1,
      quantityMax: 1,
      opensAtMs: Date.now(),
      closesAtMs: Date.now() + 3_600_000,
    });
    expect(draft).toMatchObject({ status: 201, body: { status: "draft" } });
    const member = await shop.member(100);
    for (const saleId of [String(draft.body["saleId"]), "demo.nothing~1", "nonsense"]) {
      expectProblem(await shop.send(member, "GET", `/api/v1/sales/${saleId}`), 404, "not_found");
      expectProblem(await shop.redeem(member, saleId), 404, "not_found");
      expectProblem(await shop.ticket(member, saleId), 404, "not_found");
    }
    expect(await shop.points(member)).toMatchObject({ active: 100, held: 0 });
  });
});

describe("a redemption", () => {
  it("is granted once and replayed byte by byte", async () => {
    const saleId = await shop.sale({ units: 5, limitPerMember: 5 });
    const member = await shop.member(100);
    const orderId = newOrderId();
    const first = await shop.redeem(member, saleId, { orderId });
    expect(first.status).toBe(201);
    expect(first.body).toEqual({ orderId, outcome: "granted", points: 10, remaining: 4 });
    await shop.buy(member, saleId);
    const replay = await shop.redeem(member, saleId, { orderId });
    expect(sameAs(replay)).toEqual({ status: 200, text: first.text });
    expect((await shop.view(saleId)).remaining).toBe(3);
    expect(await shop.points(member)).toMatchObject({ active: 80, held: 0, spent: 20 });
  });

  it("is one order for ten taps at the same moment", async () => {
    const saleId = await shop.sale({ units: 5, limitPerMember: 5 });
    const member = await shop.member(100);
    const orderId = newOrderId();
    const taps = await Promise.all(
      Array.from({ length: 10 }, () => shop.redeem(member, saleId, { orderId })),
    );
    const statuses = taps.map(({ status }) => status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(1);
    expect(statuses.every((status) => [200, 201, 202].includes(status))).toBe(true);
    expect((await shop.redeem(member, saleId, { orderId })).status).toBe(200);
    expect((await shop.view(saleId)).remaining).toBe(4);
    expect((await shop.points(member)).spent).toBe(10);
  });

  it("belongs to its member: two may send the same text", async () => {
    const saleId = await shop.sale({ units: 5 });
    const orderId = newOrderId();
    const [one, other] = [await shop.member(10), await shop.member(30)];
    await shop.buy(one, saleId, { orderId });
    await shop.buy(other, saleId, { orderId });
    expect((await shop.view(saleId)).remaining).toBe(3);
    expect((await shop.cancel(one, orderId)).status).toBe(200);
    expect((await shop.order(other, orderId)).body).toMatchObject({ state: "to_ship" });
    expect((await shop.points(other)).active).toBe(20);
  });

  it("that differs from the first body under its id is a mismatch, and the first outcome stands", async () => {
    const saleId = await shop.sale({ units: 5, limitPerMember: 5, quantityMax: 2 });
    const otherSale = await shop.sale({ units: 5, limitPerMember: 5, quantityMax: 2 });
    const member = await shop.member(100);
    const orderId = newOrderId();
    const first = await shop.redeem(member, saleId, { orderId });
    const cases = [
      { to: saleId, what: { orderId, quantity: 2 }, fields: ["quantity"] },
      { to: saleId, what: { orderId, epoch: 0 }, fields: ["epoch"] },
      { to: saleId, what: { orderId, epoch: 7 }, fields: ["epoch"] },
      { to: otherSale, what: { orderId }, fields: ["saleId"] },
      {
        to: otherSale,
        what: { orderId, quantity: 2, epoch: 3 },
        fields: ["saleId", "quantity", "epoch"],
      },
    ];
    for (const { to, what, fields } of cases) {
      expectProblem(await shop.redeem(member, to, what), 422, "idempotency_mismatch", { fields });
      expectProblem(await shop.ticket(member, to, what), 422, "idempotency_mismatch", { fields });
    }
    expect((await shop.redeem(member, saleId, { orderId })).text).toBe(first.text);
    expect((await shop.view(otherSale)).remaining).toBe(5);
    expect((await shop.points(member)).active).toBe(90);
  });

  it("counts the limit in units, of every order that lives", async () => {
    const saleId = await shop.sale({ units: 20, limitPerMember: 3, quantityMax: 2 });
    const member = await shop.member(100);
    const two = await shop.buy(member, saleId, { quantity: 2 });
    const refused = await shop.redeem(member, saleId, { quantity: 2 });
    expectProblem(refused, 409, "limit_reached", { limit: 3, used: 2 });
    await shop.buy(member, saleId, { quantity: 1 });
    expectProblem(await shop.redeem(member, saleId), 409, "limit_reached", { limit: 3, used: 3 });
    await shop.cancel(member, two);
    await shop.buy(member, saleId, { quantity: 2 });
  });

  it("has quantityMax units at most", async () => {
    const saleId = await shop.sale({ units: 20, limitPerMember: 10, quantityMax: 2 });
    const member = await shop.member(200);
    const tap = await shop.redeem(member, saleId, { quantity: 3 });
    expect({ path: "redemptions", status: tap.status }).toEqual({
      path: "redemptions",
      status: 422,
    });
    const ticket = await shop.ticket(member, saleId, { quantity: 3 });
    expect({ path: "tickets", status: ticket.status }).toEqual({ path: "tickets", status: 422 });
    expect((await shop.points(member)).active).toBe(200);
    expect((await shop.view(saleId)).remaining).toBe(20);
  });

  it("keeps a member's daily limit", async () => {
    const saleId = await shop.sale({ units: 20, limitPerMember: 10, dailyLimitPerMember: 2 });
    const member = await shop.member(100);
    await shop.buy(member, saleId);
    const second = await shop.buy(member, saleId);
    const refused = await shop.redeem(member, saleId);
    expectProblem(refused, 409, "limit_reached", { limit: 2, used: 2, per: "day" });
    await shop.cancel(member, second);
    await shop.buy(member, saleId);
  });
});

describe("a development login", () => {
  it("makes an unknown member with nothing; cookie and bearer token are the same session", async () => {
    const login = await raw(shop.origin, {
      method: "POST",
      path: "/api/v1/dev/login",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ memberId: "never-seen" }),
    });
    expect(login).toMatchObject({
      status: 200,
      body: { memberId: "never-seen", programmeId: "demo", role: "member" },
    });
    const token = String(login.body["token"]);
    const cookie = login.headers["set-cookie"] ?? "";
    expect(cookie).toContain(`qd_session=${token};`);
    expect(cookie).toMatch(/HttpOnly/i);
    expect(cookie).toMatch(/SameSite=(?:Lax|Strict)/i);
    for (const headers of [
      { cookie: `other=1; qd_session=${token}` },
      { authorization: `Bearer ${token}` },
    ]) {
      const me = await raw(shop.origin, {
        method: "GET",
        path: "/api/v1/me",
        headers,
      });
      expect(me).toMatchObject({
        status: 200,
        body: { memberId: "never-seen", points: { active: 0, held: 0 } },
      });
    }
    const out = await shop.send(new Caller(shop.origin), "DELETE", "/api/v1/session");
    expect(out.status).toBe(204);
    expect(out.headers["set-cookie"]).toMatch(/qd_session=;.*Max-Age=0/i);
  });
});
