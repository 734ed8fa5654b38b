/** docs/contract.md by its rows: tickets, their exchange, and giving one back. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TicketResponse } from "../../redemption/wire.ts";
import { expectProblem, HttpShop, type Redeeming, type Reply } from "./http-shop.ts";
import { newOrderId, until, type Caller } from "./product.ts";

let shop: HttpShop;
beforeAll(async () => {
  shop = await HttpShop.open();
});
afterAll(async () => {
  await shop.expectAuditAtRest();
  await shop.close();
});

/** A ticket that must be new; gives its order id and what came. */
async function hold(
  who: Caller,
  saleId: string,
  what: Redeeming = {},
): Promise<{ orderId: string; reply: Reply; ticket: TicketResponse }> {
  const orderId = what.orderId ?? newOrderId();
  const reply = await shop.ticket(who, saleId, { ...what, orderId });
  expect({ status: reply.status, orderId: reply.body["orderId"] }).toEqual({
    status: 201,
    orderId,
  });
  return { orderId, reply, ticket: reply.body as unknown as TicketResponse };
}

const later = (): number => Date.now() + 600_000;

describe("a ticket", () => {
  it("holds points and limit before the hour, and comes again with the same body", async () => {
    const opensAtMs = later();
    const closesAtMs = opensAtMs + 60_000;
    const saleId = await shop.sale({ opensAtMs, closesAtMs });
    const member = await shop.member(25);
    const { orderId, reply, ticket } = await hold(member, saleId);
    expect(ticket).toEqual({
      ticket: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      orderId,
      epoch: 1,
      points: 10,
      expiresAtMs: closesAtMs,
      doorUrl: `/api/v1/sales/${saleId}/door?ticket=${ticket.ticket}`,
    });
    expect(await shop.points(member)).toMatchObject({ active: 15, held: 10, spent: 0 });
    const replay = await shop.ticket(member, saleId, { orderId });
    expect({ status: replay.status, text: replay.text }).toEqual({ status: 200, text: reply.text });
    expectProblem(await shop.ticket(member, saleId), 409, "limit_reached", { limit: 1, used: 1 });
    expect((await shop.view(saleId)).remaining).toBe(5);
    expect((await shop.order(member, orderId)).body).toMatchObject({
      outcome: "pending",
      state: "held",
      next: "tap",
      canCancel: false,
      legs: { points: { points: 10, state: "held" } },
      timeline: [{ event: "held" }],
    });
  });

  it("lasts a day at the door when the sale lasts longer", async () => {
    const day = 86_400_000;
    const beforeMs = Date.now();
    const saleId = await shop.sale({ closesAtMs: beforeMs + 9 * day });
    const { ticket } = await hold(await shop.member(10), saleId);
    expect(ticket.expiresAtMs).toBeGreaterThanOrEqual(beforeMs + day);
    expect(ticket.expiresAtMs).toBeLessThanOrEqual(Date.now() + day);
  });

  it("and a redemption under the same id are one order", async () => {
    const saleId = await shop.sale({ limitPerMember: 3, quantityMax: 2 });
    const member = await shop.member(100);
    const { orderId } = await hold(member, saleId);
    for (const [what, fields] of [
      [{ orderId, quantity: 2 }, ["quantity"]],
      [{ orderId, epoch: 2 }, ["epoch"]],
    ] as const) {
      expectProblem(await shop.redeem(member, saleId, what), 422, "idempotency_mismatch", {
        fields,
      });
    }
    const granted = await shop.redeem(member, saleId, { orderId });
    expect(granted).toMatchObject({ status: 201, body: { outcome: "granted", points: 10 } });
    const asTicket = await shop.ticket(member, saleId, { orderId });
    expect({ status: asTicket.status, text: asTicket.text }).toEqual({
      status: 200,
      text: granted.text,
    });
    expect((await shop.view(saleId)).remaining).toBe(4);
    expect(await shop.points(member)).toMatchObject({ active: 90, held: 0, spent: 10 });
  });

  it("is refused for points and limit as a redemption is, and stays refused", async () => {
    const saleId = await shop.sale();
    const member = await shop.member(9);
    const orderId = newOrderId();
    const first = await shop.ticket(member, saleId, { orderId });
    expectProblem(first, 409, "points_insufficient", { needed: 10, active: 9 });
    await shop.grant(member.id, 50);
    const again = await shop.ticket(member, saleId, { orderId });
    expect({ status: again.status, text: again.text }).toEqual({ status: 409, text: first.text });
    const tap = await shop.redeem(member, saleId, { orderId });
    expect({ ...tap.body, instance: "" }).toEqual({ ...first.body, instance: "" });
    await hold(member, saleId);
  });

  it("names its own member and no other", async () => {
    const saleId = await shop.sale();
    const orderId = newOrderId();
    const [one, other] = [await shop.member(10, "secret-one"), await shop.member(10, "secret-two")];
    const tickets = [
      await hold(one, saleId, { orderId }),
      await hold(other, saleId, { orderId }),
    ].map(({ reply, ticket }) => {
      const [payload = ""] = ticket.ticket.split(".");
      return reply.text + Buffer.from(payload, "base64url").toString("utf8");
    });
    expect(tickets[0]).toContain(one.id);
    expect(tickets[0]).not.toContain(other.id);
    expect(tickets[1]).toContain(other.id);
    expect(tickets[1]).not.toContain(one.id);
    expectProblem(await shop.forgo(await shop.member(), saleId, orderId), 404, "not_found");
    expect((await shop.points(one)).held).toBe(10);
  });
});

describe("an exchange", () => {
  it("of a ticket that a wave made void gives the new one, in one step", async () => {
    const saleId = await shop.sale({ units: 1 });
    const member = await shop.member(10);
    const { orderId: old } = await hold(member, saleId);
    const winner = await shop.member(10);
    const bought = await shop.buy(winner, saleId);
    await shop.cancel(winner, bought);
    await until(
      () => shop.view(saleId),
      (view) => view.returned === 1,
    );
    expect(await shop.command(saleId, "wave")).toMatchObject({ epoch: 2, remaining: 1 });
    // Ten points and a limit of one: both holds at once could not be.
    const { orderId, reply } = await hold(member, saleId, { epoch: 2, replaces: old });
    expect((await shop.order(member, old)).body).toMatchObject({ state: "voided", code: "stale" });
    expect(await shop.points(member)).toMatchObject({ active: 0, held: 10 });
    const again = await shop.ticket(member, saleId, { orderId, epoch: 2, replaces: old });
    expect({ status: again.status, text: again.text }).toEqual({ status: 200, text: reply.text });
    await shop.buy(member, saleId, { orderId, epoch: 2 });
  });

  it("of a void one makes a new hold by the usual checks", async () => {
    const saleId = await shop.sale();
    const member = await shop.member(10);
    const { orderId: forgone } = await hold(member, saleId);
    expect((await shop.forgo(member, saleId, forgone)).status).toBe(200);
    const { orderId: second } = await hold(member, saleId, { replaces: forgone });
    const refused = await shop.ticket(member, saleId, { replaces: forgone });
    expectProblem(refused, 409, "limit_reached", { limit: 1, used: 1 });
    const refusedId = newOrderId();
    await shop.ticket(member, saleId, { orderId: refusedId });
    await shop.forgo(member, saleId, second);
    await hold(member, saleId, { replaces: refusedId });
  });

  it("of one that still lives gives that one again and makes nothing", async () => {
    for (const opensAtMs of [Date.now(), later()]) {
      const saleId = await shop.sale({
        opensAtMs,
        closesAtMs: opensAtMs + 60_000,
        limitPerMember: 5,
      });
      const member = await shop.member(50);
      const { orderId: old, reply: first } = await hold(member, saleId);
      const orderId = newOrderId();
      const reply = await shop.ticket(member, saleId, { orderId, replaces: old });
      expect({ status: reply.status, text: reply.text }).toEqual({ status: 200, text: first.text });
      expectProblem(await shop.order(member, orderId), 404, "not_found");
      expect((await shop.points(member)).held).toBe(10);
    }
  });

  it("of a granted one gives its grant and makes nothing, also when the sale is sold out", async () => {
    const saleId = await shop.sale({ units: 1, limitPerMember: 5 });
    const member = await shop.member(50);
    const { orderId: old } = await hold(member, saleId);
    const granted = await shop.redeem(member, saleId, { orderId: old });
    const orderId = newOrderId();
    const reply = await shop.ticket(member, saleId, { orderId, replaces: old });
    expect({ status: reply.status, text: reply.text }).toEqual({
      status: 200,
      text: granted.text,
    });
    expectProblem(await shop.order(member, orderId), 404, "not_found");
    expect(await shop.points(member)).toMatchObject({ active: 40, held: 0 });
  });

  it("of an unknown one, of another's and of another sale's makes nothing", async () => {
    const [saleId, otherSale] = [await shop.sale(), await shop.sale()];
    const [member, other] = [await shop.member(50), await shop.member(50)];
    const { orderId: foreign } = await hold(other, saleId);
    const { orderId: elsewhere } = await hold(member, otherSale);
    for (const replaces of [newOrderId(), foreign, elsewhere]) {
      const orderId = newOrderId();
      const reply = await shop.ticket(member, saleId, { orderId, replaces });
      expectProblem(reply, 404, "not_found");
      expectProblem(await shop.order(member, orderId), 404, "not_found");
    }
    expect((await shop.points(member)).held).toBe(10);
    expect((await shop.points(other)).held).toBe(10);
  });
});

describe("giving a ticket back", () => {
  it("returns points and limit, once, and the id stays forgone", async () => {
    const saleId = await shop.sale();
    const member = await shop.member(10);
    const { orderId } = await hold(member, saleId);
    const first = await shop.forgo(member, saleId, orderId);
    expect(first).toMatchObject({ status: 200, body: { orderId, outcome: "forgone" } });
    const again = await shop.forgo(member, saleId, orderId);
    expect({ status: again.status, text: again.text }).toEqual({ status: 200, text: first.text });
    expect(await shop.points(member)).toMatchObject({ active: 10, held: 0 });
    const refused = await shop.redeem(member, saleId, { orderId });
    expectProblem(refused, 409, "forgone");
    expect((await shop.redeem(member, saleId, { orderId })).text).toBe(refused.text);
    expectProblem(await shop.ticket(member, saleId, { orderId }), 409, "forgone");
    await shop.buy(member, saleId);
    expect((await shop.redeem(member, saleId, { orderId })).text).toBe(refused.text);
    expect((await shop.view(saleId)).remaining).toBe(4);
  });

  it("works before the opening", async () => {
    const saleId = await shop.sale({ opensAtMs: later(), closesAtMs: later() + 60_000 });
    const member = await shop.member(10);
    const { orderId } = await hold(member, saleId);
    expect((await shop.forgo(member, saleId, orderId)).body["outcome"]).toBe("forgone");
    await hold(member, saleId);
  });

  it("that is granted answers the grant", async () => {
    const saleId = await shop.sale();
    const member = await shop.member(10);
    const orderId = newOrderId();
    const granted = await shop.redeem(member, saleId, { orderId });
    const reply = await shop.forgo(member, saleId, orderId);
    expect({ status: reply.status, text: reply.text }).toEqual({
      status: 200,
      text: granted.text,
    });
    expect((await shop.order(member, orderId)).body.state).toBe("to_ship");
  });

  it("that nobody holds is not found", async () => {
    const [saleId, otherSale] = [await shop.sale(), await shop.sale()];
    const [member, other] = [await shop.member(10), await shop.member(10)];
    const { orderId } = await hold(member, saleId);
    expectProblem(await shop.forgo(member, saleId, newOrderId()), 404, "not_found");
    expectProblem(await shop.forgo(member, otherSale, orderId), 404, "not_found");
    expectProblem(await shop.forgo(other, saleId, orderId), 404, "not_found");
    expect((await shop.points(member)).held).toBe(10);
  });
});

describe("tickets and the life of a sale", () => {
  it("a ticket of an epoch that is over is stale, and sold_out or closed once that is known", async () => {
    const saleId = await shop.sale({ units: 1, quantityMax: 1 });
    const member = await shop.member(10);
    await shop.buy(await shop.member(10), saleId);
    await shop.restock(saleId, 3);
    const stale = await shop.ticket(member, saleId, { epoch: 1 });
    expect(stale.status).toBe(409);
    expect(["stale", "sold_out"]).toContain(stale.body["code"]);
    await hold(member, saleId, { epoch: 2 });
  });

  for (const [epoch, seen] of [
    [1, "before the close"],
    [2, "after it"],
  ] as const) {
    it(`a closed sale gives no ticket for an epoch seen ${seen}`, async () => {
      const saleId = await shop.sale();
      const { closedAtMs } = await shop.command(saleId, "close");
      for (let at = 0; at < 6; at += 1) {
        const member = await shop.member(10);
        const what = { orderId: newOrderId(), epoch };
        const first = await shop.ticket(member, saleId, what);
        expectProblem(first, 409, "closed", { closedAtMs });
        expect((await shop.ticket(member, saleId, what)).text).toBe(first.text);
        expect(await shop.points(member)).toMatchObject({ active: 10, held: 0 });
      }
    });
  }
});
