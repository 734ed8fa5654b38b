/** docs/contract.md by its rows: orders, their cancel, a member's points and grants. */
import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { MeView, OrdersView, OrderView } from "../../accounts/wire.ts";
import { expectProblem, HttpShop, type Reply } from "./http-shop.ts";
import { Caller, newOrderId, until } from "./product.ts";

let shop: HttpShop;
beforeAll(async () => {
  shop = await HttpShop.open();
});
afterAll(async () => {
  await shop.expectAuditAtRest();
  await shop.close();
});

const DAY_MS = 86_400_000;

describe("an order", () => {
  it("tells its legs, the lots it used and what happens next", async () => {
    const saleId = await shop.sale({ pricePoints: 30, priceFen: 500, units: 5, limitPerMember: 2 });
    const member = await shop.member();
    const soonMs = Date.now() + DAY_MS;
    const laterMs = Date.now() + 2 * DAY_MS;
    await shop.grant(member.id, 100);
    await shop.grant(member.id, 15, laterMs);
    await shop.grant(member.id, 10, soonMs);
    const orderId = await shop.buy(member, saleId);
    const { status, body } = await shop.order(member, orderId);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      orderId,
      saleId,
      quantity: 1,
      epoch: 1,
      outcome: "granted",
      state: "to_ship",
      code: null,
      figures: {},
      ordinal: 1,
      legs: {
        points: { points: 30, state: "posted" },
        cash: { amountFen: 500, state: "due_on_delivery" },
        freight: { amountFen: 0, state: "free" },
      },
      // First to lapse, first used.
      lots: [
        { lotId: 3, points: 10, expiresAtMs: soonMs },
        { lotId: 2, points: 15, expiresAtMs: laterMs },
        { lotId: 1, points: 5, expiresAtMs: null },
      ],
      next: "ship",
      canCancel: true,
    });
    expect(body.timeline.map(({ event }) => event)).toEqual(["held", "granted"]);
    expect(body.timeline[0]?.atMs).toBeLessThanOrEqual(body.timeline[1]?.atMs ?? 0);
  });

  it("is the member's own: another's is not found, nor is an unknown one", async () => {
    const member = await shop.member(10);
    const other = await shop.member(10);
    const orderId = await shop.buy(member, await shop.sale());
    for (const id of [orderId, newOrderId()]) {
      expectProblem(await shop.order(other, id), 404, "not_found");
      expectProblem(await shop.cancel(other, id), 404, "not_found");
    }
    expect((await shop.order(member, orderId)).body.state).toBe("to_ship");
  });

  it("stands in the list, the newest first", async () => {
    const saleId = await shop.sale({ units: 9, limitPerMember: 9 });
    const member = await shop.member(30);
    const list = async (query = ""): Promise<OrderView[]> => {
      const path = `/api/v1/orders${query}`;
      const reply = await shop.send<{ orders: OrderView[] }>(member, "GET", path);
      expect(reply.status).toBe(200);
      return reply.body.orders;
    };
    expect(await list()).toEqual([]);
    const ids: string[] = [];
    for (let at = 0; at < 3; at += 1) ids.unshift(await shop.buy(member, saleId));
    const refused = newOrderId();
    expectProblem(
      await shop.redeem(member, saleId, { orderId: refused }),
      409,
      "points_insufficient",
    );
    ids.unshift(refused);
    expect((await list()).map(({ orderId }) => orderId)).toEqual(ids);
    expect((await list("?limit=2")).map(({ orderId }) => orderId)).toEqual(ids.slice(0, 2));
    expect((await list())[1]).toEqual((await shop.order(member, ids[1] as string)).body);
    const pageAt = async (cursor: string): Promise<OrdersView> =>
      (await shop.send<OrdersView>(member, "GET", `/api/v1/orders?limit=2${cursor}`)).body;
    const first = await pageAt("");
    const second = await pageAt(`&cursor=${first.nextCursor}`);
    const paged = [...first.orders, ...second.orders].map(({ orderId }) => orderId);
    expect([paged, second.nextCursor]).toEqual([ids, null]);
    expectProblem(await shop.send(member, "GET", "/api/v1/orders?cursor=1"), 422, "invalid");
    expectProblem(await shop.send(member, "GET", "/api/v1/orders?limit=0"), 422, "invalid");
    expectProblem(await shop.send(member, "GET", "/api/v1/orders?limit=101"), 422, "invalid");
  });
});

describe("a cancel", () => {
  it("gives points to their own lots and the unit into the next wave, once", async () => {
    const saleId = await shop.sale({ pricePoints: 30, units: 1 });
    const member = await shop.member();
    const expiresAtMs = Date.now() + DAY_MS;
    await shop.grant(member.id, 20, expiresAtMs);
    await shop.grant(member.id, 100);
    const before = await shop.points(member);
    const orderId = await shop.buy(member, saleId);
    expect(await shop.points(member)).toMatchObject({ active: 90, spent: 30 });
    const first = await shop.cancel(member, orderId);
    expect(first.status).toBe(200);
    expect(first.body).toMatchObject({
      state: "cancelled",
      outcome: "granted",
      next: "none",
      canCancel: false,
      legs: { points: { points: 30, state: "returned" }, cash: { state: "none" } },
    });
    expect(first.body.timeline.map(({ event }) => event)).toEqual(["held", "granted", "cancelled"]);
    const again = await shop.cancel(member, orderId);
    expect({ status: again.status, text: again.text }).toEqual({ status: 200, text: first.text });
    const after = await shop.points(member);
    expect(after).toMatchObject({ active: 120, held: 0, spent: 0 });
    expect(after.lots).toEqual(before.lots);
    expect(after.entries.map(({ type, points }) => ({ type, points }))).toEqual([
      { type: "redeem_rollback", points: 30 },
      { type: "redeem", points: -30 },
      { type: "manual_credit", points: 100 },
      { type: "manual_credit", points: 20 },
    ]);
    const returned = await until(
      () => shop.view(saleId),
      (view) => view.returned > 0,
    );
    expect(returned).toMatchObject({ returned: 1, remaining: 0, status: "open" });
    expect(returned.nextWaveAtMs).toBeGreaterThan(Date.now());
    expect(await shop.command(saleId, "wave")).toMatchObject({
      returned: 0,
      remaining: 1,
      epoch: 2,
      nextWaveAtMs: null,
    });
    await shop.buy(await shop.member(30), saleId, { epoch: 2 });
    expect((await shop.redeem(member, saleId, { orderId })).status).toBe(200);
    expect((await shop.view(saleId)).remaining).toBe(0);
  });

  it("frees the limit", async () => {
    const saleId = await shop.sale();
    const member = await shop.member(10);
    const orderId = await shop.buy(member, saleId);
    await shop.cancel(member, orderId);
    await shop.buy(member, saleId);
    expect((await shop.cancel(member, orderId)).body.state).toBe("cancelled");
    expect((await shop.points(member)).spent).toBe(10);
  });

  it("of a hold in doubt or of an unused ticket answers 202 and voids nothing", async () => {
    for (const opensAtMs of [Date.now(), Date.now() + 600_000]) {
      const saleId = await shop.sale({ opensAtMs, closesAtMs: opensAtMs + 60_000 });
      const member = await shop.member(10);
      const orderId = newOrderId();
      expect((await shop.ticket(member, saleId, { orderId })).status).toBe(201);
      const reply = await shop.cancel(member, orderId);
      expect({ status: reply.status, body: reply.body }).toEqual({
        status: 202,
        body: { orderId, outcome: "pending", href: `/api/v1/orders/${orderId}` },
      });
      expect((await shop.order(member, orderId)).body.state).toBe("held");
      expect((await shop.points(member)).held).toBe(10);
    }
  });

  it("of a refused order repeats the refusal", async () => {
    const saleId = await shop.sale();
    const member = await shop.member();
    const orderId = newOrderId();
    const fields = { needed: 10, active: 0 };
    expectProblem(
      await shop.redeem(member, saleId, { orderId }),
      409,
      "points_insufficient",
      fields,
    );
    expectProblem(await shop.cancel(member, orderId), 409, "points_insufficient", fields);
    expect((await shop.points(member)).entries).toEqual([]);
  });
});

describe("points", () => {
  it("are pages of a gapless chain", async () => {
    const saleId = await shop.sale({ units: 9, limitPerMember: 9 });
    const member = await shop.member(100);
    for (let at = 0; at < 4; at += 1) await shop.buy(member, saleId);
    const whole = await shop.points(member, "?limit=100");
    expect(whole.nextBeforeSeq).toBeNull();
    expect(whole.entries.map(({ seq }) => seq)).toEqual([5, 4, 3, 2, 1]);
    expect(whole.entries.map(({ balanceAfter }) => balanceAfter)).toEqual([60, 70, 80, 90, 100]);
    whole.entries.forEach((entry, at) => {
      const older = whole.entries[at + 1];
      expect(entry.prevHash).toBe(older?.hash ?? "0".repeat(64));
      expect(entry.hash).toHaveLength(createHash("sha256").digest("hex").length);
    });
    const seen = [];
    let query = "?limit=2";
    for (let page = 0; page < 4; page += 1) {
      const { entries, nextBeforeSeq } = await shop.points(member, query);
      seen.push(...entries);
      if (nextBeforeSeq === null) break;
      query = `?limit=2&beforeSeq=${nextBeforeSeq}`;
    }
    expect(seen).toEqual(whole.entries);
  });

  it("name the lots that lapse next, and lapse", async () => {
    const member = await shop.member(100);
    const laterMs = Date.now() + DAY_MS;
    await shop.grant(member.id, 30, laterMs);
    const soonMs = Date.now() + 1_200;
    await shop.grant(member.id, 7, soonMs);
    await shop.grant(member.id, 5, soonMs);
    expect(await shop.points(member)).toMatchObject({
      active: 142,
      expired: 0,
      negative: 0,
      pending: 0,
      nextExpiry: { points: 12, expiresAtMs: soonMs },
    });
    const lapsed = await until(
      () => shop.points(member),
      (points) => points.active !== 142,
    );
    expect(lapsed).toMatchObject({
      active: 130,
      expired: 12,
      nextExpiry: { points: 30, expiresAtMs: laterMs },
    });
    const saleId = await shop.sale({ pricePoints: 131 });
    const refused = await shop.redeem(member, saleId);
    expectProblem(refused, 409, "points_insufficient", { needed: 131, active: 130 });
  });

  it("stand in the profile", async () => {
    const member = await shop.member(10);
    await shop.ticket(member, await shop.sale({ pricePoints: 4 }));
    const reply = await shop.send<MeView>(member, "GET", "/api/v1/me");
    expect(reply.status).toBe(200);
    expect(reply.body).toMatchObject({
      memberId: member.id,
      programmeId: "demo",
      role: "member",
      points: { active: 6, held: 4, pending: 0 },
    });
  });
});

describe("a grant by command", () => {
  it("is one lot for one key, and a mismatch under another body", async () => {
    const member = await shop.member();
    const path = `/api/v1/staff/members/${member.id}/grants`;
    const body = { points: 50, reason: "生日礼", expiresAtMs: null, idempotencyKey: "birthday:1" };
    const first = await shop.send(shop.staff, "POST", path, body);
    expect(first).toMatchObject({
      status: 201,
      body: { memberId: member.id, points: 50, active: 50, seq: 1 },
    });
    const again = await shop.send(shop.staff, "POST", path, body);
    expect({ status: again.status, text: again.text }).toEqual({ status: 200, text: first.text });
    for (const [change, field] of [
      [{ points: 51 }, "points"],
      [{ reason: "别的" }, "reason"],
      [{ expiresAtMs: Date.now() + DAY_MS }, "expiresAtMs"],
    ] as const) {
      const reply = await shop.send(shop.staff, "POST", path, { ...body, ...change });
      expectProblem(reply, 422, "idempotency_mismatch", { fields: [field] });
    }
    expect(await shop.points(member)).toMatchObject({ active: 50, lots: [{ points: 50 }] });
    const other = await shop.member();
    const theirs = `/api/v1/staff/members/${other.id}/grants`;
    expect((await shop.send(shop.staff, "POST", theirs, body)).status).toBe(201);
  });

  it("is made at once whatever its size, since nobody stands behind the development login", async () => {
    const member = await shop.member();
    const path = `/api/v1/staff/members/${member.id}/grants`;
    const body = { points: 10_000_000, reason: "load test", idempotencyKey: "rich:1" };
    const reply = await shop.send(shop.staff, "POST", path, body);
    expect(reply).toMatchObject({ status: 201, body: { active: 10_000_000 } });
  });

  for (const [name, text] of [
    ["emoji and Chinese", "🍵 春日限定 👩‍👩‍👧"],
    ["right-to-left and combining marks", "\u202eabc\u0301\u0300 عربي"],
    ["a NUL in the middle", "a\u0000b"],
    ["half a surrogate pair", "a\ud800b"],
    ["quotes and markup", `'"; DROP TABLE members; -- <script>`],
  ] as const) {
    it(`with ${name} for a reason is repeated as the same, or refused as invalid`, async () => {
      const member = await shop.member();
      const path = `/api/v1/staff/members/${member.id}/grants`;
      const body = { points: 5, reason: text, idempotencyKey: "strange" };
      const first = await shop.send(shop.staff, "POST", path, body);
      if (first.status === 422) return expectProblem(first, 422, "invalid");
      expect(first.status).toBe(201);
      const again = await shop.send(shop.staff, "POST", path, body);
      expect({ status: again.status, text: again.text }).toEqual({ status: 200, text: first.text });
      const { entries } = await shop.points(member);
      expect(entries.map(({ reason }) => reason)).toEqual([text]);
    });
  }
});

describe("a grant to many by one command", () => {
  it("is a lot each; repeated, or repeated for more members, it grants nobody twice", async () => {
    const members = [await shop.member(), await shop.member(), await shop.member()];
    const ids = members.map((member) => member.id);
    const body = { points: 7, reason: "会员日", idempotencyKey: "members-day" };
    const grantTo = (memberIds: readonly string[], change: object = {}): Promise<Reply> =>
      shop.send(shop.staff, "POST", "/api/v1/staff/grants", { memberIds, ...body, ...change });
    const two = [ids[0] ?? "", ids[1] ?? "", ids[0] ?? ""];
    expect(await grantTo(two)).toMatchObject({
      status: 200,
      body: { granted: 2, repeated: 0, refused: [] },
    });
    expect((await grantTo(ids)).body).toEqual({ granted: 1, repeated: 2, refused: [] });
    for (const member of members) {
      const { active, lots, entries } = await shop.points(member);
      expect({ active, lots: lots.length, entries: entries.length }).toEqual({
        active: 7,
        lots: 1,
        entries: 1,
      });
    }
    // The single command knows the same key.
    const single = `/api/v1/staff/members/${ids[0]}/grants`;
    expect((await shop.send(shop.staff, "POST", single, body)).status).toBe(200);
  });

  it("refuses a member for itself and grants the others", async () => {
    const [full, known, fresh] = [await shop.member(1), await shop.member(), await shop.member()];
    const body = { points: 5, reason: "补发", idempotencyKey: "make-up" };
    const theirs = `/api/v1/staff/members/${known.id}/grants`;
    expect((await shop.send(shop.staff, "POST", theirs, body)).status).toBe(201);
    const memberIds = [full.id, known.id, fresh.id];
    const much = { memberIds, ...body, points: 1_000_000_000 };
    const waits = await shop.send(shop.staff, "POST", "/api/v1/staff/grants", much);
    expect(waits).toMatchObject({ status: 202, body: { state: "proposed", figure: 3e9 } });
    expect(await shop.points(fresh)).toMatchObject({ active: 0 });
    const second = await new Caller(shop.origin).login("second", "staff");
    const approve = `/api/v1/staff/approvals/${String(waits.body["approvalId"])}/approve`;
    const done = await shop.send(second, "POST", approve, { note: "agreed" });
    expect(done.body["outcome"]).toEqual({
      granted: 1,
      repeated: 0,
      refused: expect.arrayContaining([
        { memberId: full.id, code: "too_many_points" },
        { memberId: known.id, code: "idempotency_mismatch" },
      ]),
    });
    const again = await shop.send(shop.staff, "POST", "/api/v1/staff/grants", much);
    expect(again).toMatchObject({ status: 202, body: { state: "done" } });
    expect(await shop.points(fresh)).toMatchObject({ active: 1_000_000_000 });
    expect(await shop.points(full)).toMatchObject({ active: 1 });
    expect(await shop.points(known)).toMatchObject({ active: 5 });
  });
});
