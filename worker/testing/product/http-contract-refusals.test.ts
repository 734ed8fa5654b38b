/** docs/contract.md, the table of codes: each refusal with its figures, and what becomes of its order id. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
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

/** The refusal again, word for word; `title` and `detail` included. */
async function expectReplayed(
  who: Caller,
  saleId: string,
  what: Redeeming,
  first: Reply,
): Promise<void> {
  const again = await shop.redeem(who, saleId, what);
  expect({ status: again.status, text: again.text }).toEqual({
    status: first.status,
    text: first.text,
  });
  // The ticket's path is another instance; everything else is the same.
  const byTicket = await shop.ticket(who, saleId, what);
  expect({ ...byTicket.body, instance: "" }).toEqual({ ...first.body, instance: "" });
}

/** Members enough that every Account object of the product has one. */
const crowd = (points: number): Promise<(Caller & { readonly id: string })[]> =>
  Promise.all(Array.from({ length: 12 }, () => shop.member(points)));

describe("final refusals are stored", () => {
  it("limit_reached, also after the order that reached it is cancelled", async () => {
    const saleId = await shop.sale({ units: 5 });
    const member = await shop.member(100);
    const granted = await shop.buy(member, saleId);
    const what = { orderId: newOrderId() };
    const first = await shop.redeem(member, saleId, what);
    expectProblem(first, 409, "limit_reached", { limit: 1, used: 1 });
    await expectReplayed(member, saleId, what, first);
    expect((await shop.cancel(member, granted)).status).toBe(200);
    await expectReplayed(member, saleId, what, first);
    await shop.buy(member, saleId);
    expect((await shop.order(member, what.orderId)).body).toMatchObject({
      outcome: "refused",
      state: "refused",
      code: "limit_reached",
      figures: { limit: 1, used: 1 },
    });
  });

  it("points_insufficient, also after points have come", async () => {
    const saleId = await shop.sale({ units: 5, pricePoints: 50 });
    const member = await shop.member(49);
    const what = { orderId: newOrderId() };
    const first = await shop.redeem(member, saleId, what);
    expectProblem(first, 409, "points_insufficient", { needed: 50, active: 49 });
    await shop.grant(member.id, 100);
    await expectReplayed(member, saleId, what, first);
    await shop.buy(member, saleId);
    await expectReplayed(member, saleId, what, first);
  });

  it("sold_out, also after a restock and a wave", async () => {
    const saleId = await shop.sale({ units: 1 });
    const winner = await shop.member(10);
    const bought = await shop.buy(winner, saleId);
    const losers = await crowd(10);
    const whats = losers.map(() => ({ orderId: newOrderId() }));
    const firsts = await Promise.all(
      losers.map((loser, at) => shop.redeem(loser, saleId, whats[at])),
    );
    for (const first of firsts) expectProblem(first, 409, "sold_out", { remaining: 0 });
    const check = async (): Promise<void> => {
      for (const [at, loser] of losers.entries()) {
        await expectReplayed(loser, saleId, whats[at] ?? {}, firsts[at] as Reply);
        expect(await shop.points(loser)).toMatchObject({ active: 10, held: 0, spent: 0 });
      }
    };
    await check();
    expect(await shop.restock(saleId, 2)).toMatchObject({ epoch: 2, remaining: 2 });
    await check();
    const [first, second] = await crowd(10);
    await shop.buy(first as Caller, saleId, { epoch: 2 });
    await shop.buy(second as Caller, saleId, { epoch: 2 });
    await shop.cancel(winner, bought);
    await until(
      () => shop.view(saleId),
      (view) => view.returned === 1,
    );
    expect(await shop.command(saleId, "wave")).toMatchObject({ epoch: 3, remaining: 1 });
    await check();
    expect((await shop.view(saleId)).remaining).toBe(1);
  });

  it("sold_out for a quantity, with what was left for smaller orders", async () => {
    const saleId = await shop.sale({ units: 3, limitPerMember: 3, quantityMax: 3 });
    const [one, other] = [await shop.member(30), await shop.member(30)];
    await shop.buy(one, saleId, { quantity: 2 });
    const what = { orderId: newOrderId(), quantity: 2 };
    const first = await shop.redeem(other, saleId, what);
    expectProblem(first, 409, "sold_out", { remaining: 1 });
    await shop.buy(other, saleId);
    await expectReplayed(other, saleId, what, first);
    expect(await shop.restock(saleId, 3)).toMatchObject({ epoch: 2, remaining: 3 });
    await expectReplayed(other, saleId, what, first);
  });

  for (const [epoch, seen] of [
    [1, "before the close"],
    [2, "after it"],
  ] as const) {
    it(`closed, for an epoch seen ${seen}, whichever Account is asked`, async () => {
      const saleId = await shop.sale({ units: 5, limitPerMember: 5 });
      const early = await shop.member(100);
      await shop.buy(early, saleId);
      const closed = await shop.command(saleId, "close");
      expect(closed).toMatchObject({ status: "closed", epoch: 2, soldOut: false });
      const closedAtMs = closed.closedAtMs ?? 0;
      for (const member of [early, ...(await crowd(100))]) {
        const what = { orderId: newOrderId(), epoch };
        const first = await shop.redeem(member, saleId, what);
        expectProblem(first, 409, "closed", { closedAtMs });
        await expectReplayed(member, saleId, what, first);
      }
    });
  }

  it("closed for a ticket that was never used, and its points come back", async () => {
    const saleId = await shop.sale({ units: 5 });
    const member = await shop.member(10);
    const orderId = newOrderId();
    expect((await shop.ticket(member, saleId, { orderId })).status).toBe(201);
    const { closedAtMs } = await shop.command(saleId, "close");
    const first = await shop.redeem(member, saleId, { orderId });
    expectProblem(first, 409, "closed", { closedAtMs });
    await expectReplayed(member, saleId, { orderId }, first);
    expect(await shop.points(member)).toMatchObject({ active: 10, held: 0 });
  });

  it("stale names the epoch of its moment for ever", async () => {
    const saleId = await shop.sale({ units: 2, limitPerMember: 9, quantityMax: 2 });
    await shop.buy(await shop.member(10), saleId);
    expect(await shop.restock(saleId, 1)).toMatchObject({ epoch: 2, remaining: 2 });
    const members = await crowd(100);
    const whats = members.map(() => ({ orderId: newOrderId(), epoch: 1 }));
    const firsts: Reply[] = [];
    for (const [at, member] of members.entries()) {
      const first = await shop.redeem(member, saleId, whats[at]);
      expectProblem(first, 409, "stale", { epoch: 2 });
      firsts.push(first);
    }
    await shop.buy(members[0] as Caller, saleId, { epoch: 2 });
    expect(await shop.restock(saleId, 5)).toMatchObject({ epoch: 3 });
    for (const [at, member] of members.entries()) {
      await expectReplayed(member, saleId, whats[at] ?? {}, firsts[at] as Reply);
    }
  });

  it("a stored refusal under another body is a mismatch, not a second chance", async () => {
    const saleId = await shop.sale({ units: 2, limitPerMember: 9, quantityMax: 2 });
    const member = await shop.member(100);
    await shop.buy(await shop.member(10), saleId);
    const orderId = newOrderId();
    const what = { orderId, quantity: 2 };
    expectProblem(await shop.redeem(member, saleId, what), 409, "sold_out", { remaining: 1 });
    await shop.restock(saleId, 5);
    const fields = ["epoch"];
    const again = await shop.redeem(member, saleId, { ...what, epoch: 2 });
    expectProblem(again, 422, "idempotency_mismatch", { fields });
    const smaller = await shop.redeem(member, saleId, { orderId, quantity: 1 });
    expectProblem(smaller, 422, "idempotency_mismatch", { fields: ["quantity"] });
  });
});

describe("open refusals decide nothing", () => {
  it("not_open says when, writes nothing, and the same id is granted when it comes again", async () => {
    const member = await shop.member(10);
    const opensAtMs = Date.now() + 2_000;
    const saleId = await shop.sale({ units: 5, opensAtMs });
    const orderId = newOrderId();
    const early = await shop.redeem(member, saleId, { orderId });
    expectProblem(early, 425, "not_open");
    const opensInMs = Number(early.body["opensInMs"]);
    expect(opensInMs).toBeGreaterThan(0);
    expect(opensInMs).toBeLessThanOrEqual(2_000);
    expectProblem(await shop.order(member, orderId), 404, "not_found");
    expect(await shop.points(member)).toMatchObject({ active: 10, held: 0 });
    const granted = await until(
      () => shop.redeem(member, saleId, { orderId }),
      ({ status }) => status !== 425,
    );
    expect(granted).toMatchObject({ status: 201, body: { orderId, outcome: "granted" } });
    expect(Date.now()).toBeGreaterThanOrEqual(opensAtMs);
  });

  it("not_open marks no ticket: after the opening it still waits for its tap", async () => {
    const member = await shop.member(10);
    const saleId = await shop.sale({ units: 5, opensAtMs: Date.now() + 1_500 });
    const orderId = newOrderId();
    expect((await shop.ticket(member, saleId, { orderId })).status).toBe(201);
    expectProblem(await shop.redeem(member, saleId, { orderId }), 425, "not_open");
    await until(
      () => shop.view(saleId),
      (view) => view.status === "open",
    );
    expect((await shop.order(member, orderId)).body).toMatchObject({ state: "held", next: "tap" });
    expect((await shop.view(saleId)).remaining).toBe(5);
    await shop.buy(member, saleId, { orderId });
  });

  it("a pause is not_open with nothing to wait for, and a resume grants the same id", async () => {
    const saleId = await shop.sale({ units: 5 });
    const members = await crowd(10);
    await shop.command(saleId, "pause");
    const ids = members.map(() => newOrderId());
    for (const [at, member] of members.entries()) {
      const orderId = ids[at] as string;
      const paused = await shop.redeem(member, saleId, { orderId });
      // An Account that has not heard of the pause holds and asks: in doubt is an answer too.
      if (paused.status !== 202) expectProblem(paused, 425, "not_open", { opensInMs: 0 });
    }
    await shop.command(saleId, "resume");
    let granted = 0;
    for (const [at, member] of members.entries()) {
      const orderId = ids[at] as string;
      const reply = await until(
        () => shop.redeem(member, saleId, { orderId }),
        ({ status }) => status !== 425 && status !== 202,
      );
      if (reply.status < 300) granted += 1;
      else expectProblem(reply, 409, "sold_out", { remaining: 0 });
    }
    expect(granted).toBe(5);
  });

  it("epoch_unknown is not final: the right epoch is granted under the same id", async () => {
    const saleId = await shop.sale({ units: 5 });
    for (const member of await crowd(10)) {
      const orderId = newOrderId();
      const ahead = await shop.redeem(member, saleId, { orderId, epoch: 9 });
      expectProblem(ahead, 422, "epoch_unknown", { epoch: 1 });
      expectProblem(await shop.ticket(member, saleId, { orderId, epoch: 9 }), 422, "epoch_unknown");
      expectProblem(await shop.order(member, orderId), 404, "not_found");
      expect((await shop.points(member)).held).toBe(0);
    }
    const member = await shop.member(10);
    const orderId = newOrderId();
    expectProblem(await shop.redeem(member, saleId, { orderId, epoch: 2 }), 422, "epoch_unknown");
    await shop.buy(member, saleId, { orderId, epoch: 1 });
  });

  it("an epoch nobody has read yet is learned from the Sku before it is refused", async () => {
    const saleId = await shop.sale({ units: 1, quantityMax: 1 });
    const members = await crowd(10);
    // Every Account has met the first epoch, and none is told of the second.
    for (const member of members) {
      expect((await shop.ticket(member, saleId)).status).toBe(201);
    }
    await shop.buy(await shop.member(10), saleId);
    expect(await shop.restock(saleId, 20)).toMatchObject({ epoch: 2 });
    for (const member of await crowd(10)) await shop.buy(member, saleId, { epoch: 2 });
  });
});
