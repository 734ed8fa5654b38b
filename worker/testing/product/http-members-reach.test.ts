/** What staff do about members, felt at once: a block while a sale runs, at an open door too, and whom a preset finds. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TicketResponse } from "../../redemption/wire.ts";
import type { SegmentView } from "../../segments/wire.ts";
import { ruleOf } from "../points/earning.ts";
import { publishWith } from "../points/programme.ts";
import { expectProblem, HttpShop, type Json } from "./http-shop.ts";
import { DoorSocket } from "./http-socket.ts";
import { Caller, newOrderId, until } from "./product.ts";

const STAFF = "/api/v1/staff";
let shop: HttpShop;
const open: DoorSocket[] = [];

beforeAll(async () => {
  shop = await HttpShop.open({ MEMBER_RATE: "100000/100000" });
});
afterAll(async () => {
  for (const door of open) door.close();
  await shop.expectAuditAtRest();
  await shop.close();
});

async function ok<T = Json>(method: "POST" | "PUT" | "GET", path: string, body?: unknown) {
  const reply = await shop.send<T>(shop.staff, method, path, body);
  expect(reply.status, `${method} ${path} ${reply.text}`).toBeLessThan(300);
  return reply.body;
}

const say = (verb: "block" | "unblock", { id }: { readonly id: string }): Promise<Json> =>
  ok("POST", `${STAFF}/members/${id}/${verb}`, { reason: "test" });

/** Stands at the door of a sale with a ticket in hand. */
async function atTheDoor(who: Caller, saleId: string): Promise<DoorSocket> {
  const reply = await shop.ticket(who, saleId);
  expect(reply.status, reply.text).toBe(201);
  const { doorUrl } = reply.body as unknown as TicketResponse;
  const door = await DoorSocket.open(shop.origin, doorUrl);
  open.push(door);
  await door.wait("stock");
  return door;
}

describe("a member who is blocked while a sale runs", () => {
  it("is refused at once, at the open door too, and goes on once unblocked", async () => {
    const saleId = await shop.sale({ limitPerMember: 4 });
    const [member, other] = [await shop.member(100), await shop.member(100)];
    await shop.buy(member, saleId);
    const doors = [await atTheDoor(member, saleId), await atTheDoor(other, saleId)] as const;
    expect(await shop.points(member)).toMatchObject({ active: 80, held: 10 });

    await say("block", member);
    const refusals = [await shop.redeem(member, saleId), await shop.ticket(member, saleId)];
    for (const reply of refusals) expectProblem(reply, 403, "not_eligible", { rule: "blocked" });
    expect(await doors[0].grab()).toMatchObject({ outcome: "refused", code: "forgone" });
    // Nobody else feels it, and what was redeemed before stays.
    expect(await doors[1].grab()).toMatchObject({ outcome: "granted" });
    await until(
      () => shop.points(member),
      ({ active, held, spent }) => active === 90 && held === 0 && spent === 10,
    );
    expect((await shop.view(saleId)).remaining).toBe(3);

    await say("unblock", member);
    await shop.buy(member, saleId);
    const door = await atTheDoor(member, saleId);
    expect(await door.grab()).toMatchObject({ outcome: "granted", remaining: 1 });
  });
});

describe("the preset of the most frequent 30 %", () => {
  it("finds who bought most often, and goods that are for them open to them", async () => {
    const rule = ruleOf({ ruleId: "per-yuan", title: "每元一分" });
    await publishWith((method, path, body) => ok(method, path, body), "rules", rule);
    const buyers = await Promise.all(Array.from({ length: 10 }, () => shop.member()));
    // Three of ten are on top, and who ties with the third belongs too.
    const times = [1, 1, 2, 2, 3, 3, 5, 5, 7, 9];
    for (const [at, { id }] of buyers.entries()) {
      for (let bought = 0; bought < (times[at] ?? 0); bought += 1) {
        await ok("POST", `${STAFF}/earning/events`, {
          ...{ eventId: newOrderId(), memberId: id, kind: "order", atMs: Date.now() },
          lines: [{ productId: "tea", amountFen: 900 }],
        });
      }
    }
    type Rows = {
      readonly items: readonly { readonly memberId: string; readonly frequency: number }[];
    };
    const listed = (query: string): Promise<Rows> =>
      ok("GET", `${STAFF}/members?limit=200${query}`);
    const ids = new Map(buyers.map(({ id }, at) => [id, times[at]]));
    await until(
      () => listed(""),
      ({ items }) =>
        items.filter(({ memberId, frequency }) => ids.get(memberId) === frequency).length === 10,
    );

    const { presets } = await ok<{ presets: { presetId: string; rule: Json }[] }>(
      "GET",
      `${STAFF}/segments`,
    );
    const preset = presets.find(({ presetId }) => presetId === "top-frequency");
    expect(preset?.rule).toEqual({ all: [{ kind: "top", percent: 30, by: "frequency" }] });
    const segment = { version: 0, name: "常客", rule: preset?.rule };
    await ok("PUT", `${STAFF}/segments/regulars`, segment);
    const { items } = await until(
      () => ok<{ items: SegmentView[] }>("GET", `${STAFF}/segments`),
      ({ items: [one] }) => one?.counting === null && one.countedAtMs !== null,
    );
    expect(items[0]?.size).toBe(4);
    const found = (await listed("&segment=regulars")).items.map(({ memberId }) => memberId);
    expect(found.toSorted()).toEqual(
      buyers
        .slice(6)
        .map(({ id }) => id)
        .toSorted(),
    );

    // Their accounts were told: what goods are for is open to them and to nobody else.
    const seenBy = { tierIds: null, segments: ["regulars"], storeIds: null };
    const goods = { title: "常客专享", skus: [{ pricePoints: 1 }], seenBy };
    await ok("POST", `${STAFF}/goods`, { goodsId: "for-regulars", goods });
    await ok("POST", `${STAFF}/goods/for-regulars/publish`, { revision: 1 });
    const seen = await Promise.all(
      buyers.map(async (who) => (await who.get("/api/v1/goods/for-regulars")).status),
    );
    expect(seen).toEqual([404, 404, 404, 404, 404, 404, 200, 200, 200, 200]);
  });
});

describe("a gift of points to a label", () => {
  const make = (campaignId: string, points: number): Promise<Json> => {
    const audience = { kind: "label", id: "gifted" };
    const note = "周年礼：谢谢你一年来常来";
    const terms = { points, note, internalNote: "", expiresAtMs: null };
    return ok("POST", `${STAFF}/campaigns`, { campaignId, audience, ...terms });
  };
  const stateOf = async (campaignId: string): Promise<Json | undefined> => {
    const { items } = await ok("GET", `${STAFF}/campaigns`);
    return (items as Json[]).find((one) => one["campaignId"] === campaignId);
  };

  it("says its cost, waits for a second person from a sum on, and is in each ledger with its note, once", async () => {
    const members = [await shop.member(), await shop.member(), await shop.member()];
    await ok("PUT", `${STAFF}/labels/gifted`, { name: "贵宾" });
    const memberIds = members.map(({ id }) => id);
    await ok("POST", `${STAFF}/labels/gifted/members`, { memberIds, isOn: true });
    const [small, large] = [newOrderId(), newOrderId()];
    expect(await make(small, 20)).toMatchObject({ state: "ready", members: 3, cost: 60 });
    expect((await shop.points(members[0] as Caller)).active).toBe(0);
    const start = (id: string, who = shop.staff) =>
      shop.send(who, "POST", `${STAFF}/campaigns/${id}/start`, {});
    expect((await start(small)).status).toBe(200);
    const isDone = (row: Json | undefined): boolean => row?.["state"] === "done";
    expect(await until(() => stateOf(small), isDone)).toMatchObject({ given: 3, refused: 0 });
    expect((await start(small)).status).toBe(200);
    for (const member of members) {
      const { active, entries } = await shop.points(member);
      expect(active).toBe(20);
      expect(entries).toMatchObject([
        { type: "promo", points: 20, customerNote: "周年礼：谢谢你一年来常来" },
      ]);
    }
    await make(large, 40_000);
    expect((await start(large)).status).toBe(202);
    expect(await stateOf(large)).toMatchObject({ state: "waiting", cost: 120_000, given: 0 });
    const second = await new Caller(shop.origin).login("gift-second", "staff");
    const approve = `${STAFF}/approvals/${large}/approve`;
    const agreed = await shop.send(second, "POST", approve, { note: "" });
    expect(agreed.status, agreed.text).toBe(200);
    expect(await until(() => stateOf(large), isDone)).toMatchObject({ given: 3 });
    expect((await shop.points(members[0] as Caller)).active).toBe(40_020);
  });

  it("is refused where nobody belongs, where it lapsed, and under an id of another", async () => {
    const body = { points: 1, note: "n", internalNote: "", expiresAtMs: null };
    const post = (more: object) =>
      shop.send(shop.staff, "POST", `${STAFF}/campaigns`, {
        ...{
          campaignId: newOrderId(),
          audience: { kind: "label", id: "gifted" },
          ...body,
          ...more,
        },
      });
    expectProblem(await post({ audience: { kind: "segment", id: "none" } }), 422, "invalid");
    expectProblem(await post({ expiresAtMs: 1 }), 422, "invalid");
    expectProblem(await post({ points: 0 }), 422, "invalid");
    const campaignId = newOrderId();
    expect((await post({ campaignId })).status).toBe(201);
    expect((await post({ campaignId })).status).toBe(200);
    expectProblem(await post({ campaignId, points: 2 }), 422, "idempotency_mismatch");
    const stopped = await ok("POST", `${STAFF}/campaigns/${campaignId}/stop`, {});
    expect(stopped).toMatchObject({ state: "stopped", given: 0 });
    const late = await shop.send(shop.staff, "POST", `${STAFF}/campaigns/${campaignId}/start`, {});
    expectProblem(late, 409, "conflict", { reason: "stopped" });
  });
});
