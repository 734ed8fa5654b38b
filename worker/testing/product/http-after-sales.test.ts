/** After-sales over HTTP of what was paid with points, cash and freight: single units, overlapping cases, a second person. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CaseRowView } from "../../after-sales/wire.ts";
import type { OrderView } from "../../accounts/wire.ts";
import { HttpShop, type Json, type Reply } from "./http-shop.ts";
import { Caller, newOrderId, until } from "./product.ts";

const UNITS = 3;
const UNIT_POINTS = 101;
/** Two of them together need a second person. */
const UNIT_FEN = 33_337;
const FREIGHT_FEN = 800;

let shop: HttpShop;
let second: Caller;
beforeAll(async () => {
  shop = await HttpShop.open({}, { hasBank: true });
  second = await new Caller(shop.origin).login("http-second", "staff");
});
afterAll(async () => {
  await shop.expectAuditAtRest();
  await shop.close();
});

interface Bought {
  readonly member: Caller & { readonly id: string };
  readonly orderId: string;
}

async function must(path: string, body: Json): Promise<Reply> {
  const reply = await shop.send(shop.staff, "POST", path, body);
  expect(reply.status, reply.text).toBeLessThan(300);
  return reply;
}

/** Units of goods with freight, paid at the bank; nothing of it is sent. */
async function paid(): Promise<Bought> {
  const goodsId = `tea-${newOrderId().slice(0, 12)}`;
  const sku = { skuId: goodsId, pricePoints: UNIT_POINTS, priceFen: UNIT_FEN };
  const goods = { title: "云山白茶", freightFen: FREIGHT_FEN, skus: [sku] };
  const { revision } = (await must("/api/v1/staff/goods", { goodsId, goods })).body;
  await must(`/api/v1/staff/goods/${goodsId}/publish`, { revision });
  const stock = { requestId: newOrderId(), cause: "received", units: 10 };
  await must(`/api/v1/staff/skus/${goodsId}/stock`, stock);
  const member = await shop.member(UNITS * UNIT_POINTS);
  const live = await shop.send<{ skus: { saleId: string; epoch: number }[] }>(
    ...([member, "GET", `/api/v1/goods/${goodsId}/live`] as const),
  );
  const { saleId = "", epoch = 0 } = live.body.skus[0] ?? {};
  const orderId = await shop.buy(member, saleId, { quantity: UNITS, epoch });
  const way = { provider: "wechat", scene: "h5" };
  const path = `/api/v1/orders/${orderId}/payments`;
  const begun = await shop.send<{ paymentId: string }>(member, "POST", path, way);
  await shop.product.server.bank?.pay(begun.body.paymentId);
  return { member, orderId };
}

async function orderOf({ member, orderId }: Bought): Promise<OrderView> {
  return (await shop.send<OrderView>(member, "GET", `/api/v1/orders/${orderId}`)).body;
}

async function ask({ member, orderId }: Bought, quantity: number): Promise<string> {
  const caseId = newOrderId();
  const wish = { caseId, kind: "refund", quantity, reason: "changed_mind" };
  const asked = await shop.send(member, "POST", `/api/v1/orders/${orderId}/after-sales`, wish);
  expect(asked.status, asked.text).toBe(200);
  return caseId;
}

function agree({ member, orderId }: Bought, caseId: string, note = ""): Promise<Reply> {
  const path = `/api/v1/staff/after-sales/${member.id}/${orderId}/${caseId}/agree-refund`;
  return shop.send(shop.staff, "POST", path, { note });
}

async function worthOf(one: Bought, caseId: string): Promise<number | undefined> {
  const { afterSales } = await orderOf(one);
  return afterSales.find((some) => some.caseId === caseId)?.cashFen;
}

const isBack = (one: Bought): Promise<OrderView> =>
  until(
    () => orderOf(one),
    ({ state }) => state === "refunded",
  );

async function listed(caseId: string, query = ""): Promise<CaseRowView | undefined> {
  const path = `/api/v1/staff/after-sales${query}`;
  const { body } = await shop.send<{ items: CaseRowView[] }>(shop.staff, "GET", path);
  return body.items.find((row) => row.caseId === caseId);
}

/** The case in the desk's list, once the list has it. */
const rowOf = (caseId: string): Promise<CaseRowView | undefined> =>
  until(
    () => listed(caseId),
    (row) => row !== undefined,
  );

describe("units that were paid with points, cash and freight, and not sent", () => {
  it("come back one by one: each its points and cash, the freight with the last", async () => {
    const one = await paid();
    const back: number[] = [];
    for (let turn = 0; turn < UNITS; turn += 1) {
      const quoted = await shop.send<{ points: number; cashFen: number }>(
        ...([one.member, "GET", `/api/v1/orders/${one.orderId}/after-sales/quote`] as const),
      );
      expect((await agree(one, await ask(one, 1))).status).toBe(200);
      back.push(quoted.body.cashFen);
      const { active, spent } = await shop.points(one.member);
      const given = (turn + 1) * UNIT_POINTS;
      expect([active, spent]).toEqual([given, UNITS * UNIT_POINTS - given]);
    }
    expect(back).toEqual([UNIT_FEN, UNIT_FEN, UNIT_FEN + FREIGHT_FEN]);
    const { legs } = await isBack(one);
    expect(legs).toMatchObject({
      cash: { state: "refunded", refundedFen: UNITS * UNIT_FEN + FREIGHT_FEN },
      freight: { state: "refunded" },
    });
  });

  it("come back in overlapping cases: the freight joins the one that is answered last", async () => {
    const one = await paid();
    const cases = [await ask(one, 1), await ask(one, 1), await ask(one, 1)] as const;
    for (const caseId of cases) expect(await worthOf(one, caseId)).toBe(UNIT_FEN);
    await agree(one, cases[2]);
    await agree(one, cases[0]);
    expect(await worthOf(one, cases[1])).toBe(UNIT_FEN + FREIGHT_FEN);
    await agree(one, cases[1]);
    const { legs } = await isBack(one);
    expect(legs.cash).toMatchObject({ refundedFen: UNITS * UNIT_FEN + FREIGHT_FEN });
  });
});

describe("a refund that waits for a second person", () => {
  const WAITS = "?state=second_person";
  const decide = async (approvalId: string, verb: string): Promise<Reply> =>
    shop.send(second, "POST", `/api/v1/staff/approvals/${approvalId}/${verb}`, { note: "" });

  it("says so at the desk, and is proposed anew when it was rejected", async () => {
    const one = await paid();
    const caseId = await ask(one, 2);
    expect(await rowOf(caseId)).toMatchObject({ state: "applied", waitsFor: null });
    expect(await listed(caseId, WAITS)).toBeUndefined();
    const first = await agree(one, caseId);
    expect(first.status).toBe(202);
    const { approvalId, proposedBy, proposedAtMs } = first.body;
    expect((await rowOf(caseId))?.waitsFor).toEqual({ approvalId, proposedBy, proposedAtMs });
    expect(await listed(caseId, WAITS)).toEqual(await rowOf(caseId));
    expect((await agree(one, caseId)).body).toEqual(first.body);

    expect((await decide(String(approvalId), "reject")).status).toBe(200);
    expect(await rowOf(caseId)).toMatchObject({ state: "applied", waitsFor: null });
    expect(await listed(caseId, WAITS)).toBeUndefined();
    const again = await agree(one, caseId, "the boss agreed by phone");
    expect([again.status, again.body["state"]]).toEqual([202, "proposed"]);
    expect(again.body["approvalId"]).not.toBe(approvalId);
    const done = await decide(String(again.body["approvalId"]), "approve");
    expect(done.body).toMatchObject({ state: "done" });
    const { afterSales } = await orderOf(one);
    expect(afterSales.map(({ state }) => state)).not.toContain("applied");
  });

  it("of less than the case is worth by now is not paid, and proposed anew", async () => {
    const one = await paid();
    const [large, small] = [await ask(one, 2), await ask(one, 1)];
    const first = await agree(one, large);
    expect(first.status).toBe(202);
    await agree(one, small);
    const stale = await decide(String(first.body["approvalId"]), "approve");
    expect(stale.body).toMatchObject({ state: "refused", outcome: { reason: "worth_more_now" } });
    const again = await agree(one, large);
    expect(again.body["figure"]).toBe(2 * UNIT_FEN + FREIGHT_FEN);
    await decide(String(again.body["approvalId"]), "approve");
    const { legs } = await isBack(one);
    expect(legs.cash).toMatchObject({ refundedFen: UNITS * UNIT_FEN + FREIGHT_FEN });
  });
});
