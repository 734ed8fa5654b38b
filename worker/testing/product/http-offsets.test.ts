/** Points for part of a bill over HTTP: what a till of the merchant's does, and what it is told. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { OffsetQuoteView, OffsetView } from "../../spending/wire.ts";
import { EARNING, EarningShop } from "./http-earning-shop.ts";
import { expectProblem } from "./http-shop.ts";
import { newOrderId } from "./product.ts";

let earning: EarningShop;
beforeAll(async () => {
  earning = await EarningShop.open();
});
afterAll(async () => {
  await earning.shop.expectAuditAtRest();
  await earning.shop.close();
});

const pathOf = (memberId: string): string => `/api/v1/staff/members/${memberId}/offsets`;
const quoteOf = (memberId: string): string => `/api/v1/staff/members/${memberId}/offset-quote`;
const BILL = { billFen: 3_000, points: null };

let members = 0;
async function member(points: number): Promise<string> {
  members += 1;
  const id = `till-member-${members}`;
  await earning.shop.grant(id, points);
  return id;
}

describe("points for part of a bill", () => {
  it("are taken nowhere until the merchant says so, and then as the console says", async () => {
    const id = await member(5_000);
    const refused = await earning.staff("POST", quoteOf(id), BILL);
    expectProblem(refused, 409, "conflict");
    expect(refused.body).toMatchObject({ reason: "offset_off" });
    await earning.ok("PUT", `${EARNING}/terms/rate`, {
      ...{ rate: { points: 100, fen: 100 }, pointsMin: 200, percentMax: 40, pointsMax: 1_000 },
    });
    await earning.ok("PUT", `${EARNING}/terms/offset`, {
      ...{ tills: true, mall: false, isStackable: false, holdMinutes: 15 },
    });
    const quote = await earning.ok("POST", quoteOf(id), BILL);
    expect(quote as unknown as OffsetQuoteView).toMatchObject({
      ...{ points: 1_000, fen: 1_000, leftFen: 2_000, pointsMax: 1_000, pointsMin: 200 },
    });
    const small = await earning.ok("POST", quoteOf(id), { billFen: 400, points: null });
    expect(small).toMatchObject({ points: 0, fen: 0, leftFen: 400 });
    const stacked = { ...BILL, isDiscounted: true };
    const twice = await earning.staff("POST", quoteOf(id), stacked);
    expect(twice.body).toMatchObject({ reason: "offset_not_stackable" });
  });

  it("are held, captured and returned once each, and the ledger says so", async () => {
    const id = await member(1_500);
    const offsetId = newOrderId();
    const wish = { ...BILL, offsetId, points: 600, note: "门店 3 号收银" };
    const held = await earning.staff("POST", pathOf(id), wish);
    expect(held.status, held.text).toBe(201);
    expect(held.body as unknown as OffsetView).toMatchObject({
      ...{ offsetId, memberId: id, state: "held", points: 600, fen: 600, leftFen: 2_400 },
      balance: 900,
    });
    expect((await earning.staff("POST", pathOf(id), wish)).status).toBe(200);
    const other = await earning.staff("POST", pathOf(id), { ...wish, points: 700 });
    expectProblem(other, 422, "idempotency_mismatch");
    const one = `${pathOf(id)}/${offsetId}`;
    expect(await earning.ok("POST", `${one}/capture`, { points: 500 })).toMatchObject({
      ...{ state: "captured", points: 500, balance: 1_000 },
    });
    expect(
      await earning.ok("POST", `${one}/returns`, { returnId: "r1", points: 200 }),
    ).toMatchObject({ returnedPoints: 200, balance: 1_200 });
    expect(await earning.ok("GET", one)).toMatchObject({ returns: [{ returnId: "r1" }] });
    const points = await earning.ok("GET", `/api/v1/staff/members/${id}/points`);
    const entries = points["entries"] as { type: string; points: number; reason: string }[];
    expect(entries.slice(0, 4).map(({ type, points: moved }) => [type, moved])).toEqual([
      ...[
        ["redeem_rollback", 200],
        ["capture", -500],
        ["release", 0],
        ["hold", 0],
      ],
    ]);
    expect(entries[1]?.reason).toBe("门店 3 号收银");
  });

  it("are refused where they are not there, and for a store that is not the till's", async () => {
    const id = await member(150);
    const wish = { ...BILL, offsetId: newOrderId(), note: "n" };
    expectProblem(await earning.staff("POST", pathOf(id), wish), 409, "points_insufficient");
    expectProblem(
      await earning.staff("POST", `${pathOf(id)}/${newOrderId()}/capture`, { points: null }),
      ...([404, "not_found"] as const),
    );
  });
});
