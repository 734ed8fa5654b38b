import { describe, expect, it } from "vitest";
import { array, assert, integer, property } from "fast-check";
import {
  addCounts,
  ALL_DAYS,
  digestOf,
  frequencyOf,
  monthOf,
  type DigestRow,
  type MemberCounts,
} from "./model.ts";

const ZONE = 8 * 3_600_000;
const at = (text: string): number => Date.parse(`${text}+08:00`);
let rowid = 0;
const row = (more: Partial<DigestRow>): DigestRow => ({
  ...{ rowid: (rowid += 1), programmeId: "demo", memberId: "m-1", type: "earn_order", points: 5 },
  ...{ atMs: at("2026-11-20T10:00:00"), orderId: null, sourceId: null, storeId: null },
  ...{ saleId: null, quantity: null },
  ...more,
});

describe("a digest", () => {
  it("sums points by day and type, and over all days", () => {
    const { days } = digestOf(
      [
        row({ points: 100, atMs: at("2026-11-19T23:59:59") }),
        row({ points: 50, atMs: at("2026-11-20T00:00:00") }),
        row({ type: "redeem", points: -30, atMs: at("2026-11-20T09:00:00") }),
      ],
      ZONE,
    );
    const told = days.map(({ day, type, entries, points }) => [
      day === ALL_DAYS ? "all" : day - Math.floor(at("2026-11-19T08:00:00") / 86_400_000),
      ...[type, entries, points],
    ]);
    expect(told).toEqual([
      [0, "earn_order", 1, 100],
      ["all", "earn_order", 2, 150],
      [1, "earn_order", 1, 50],
      [1, "redeem", 1, -30],
      ["all", "redeem", 1, -30],
    ]);
  });

  it("counts units of goods by the sale of the order, and what came back", () => {
    const order = { saleId: "demo.mug~2", quantity: 2, orderId: "o1" };
    const { goods } = digestOf(
      [
        row({ type: "redeem", points: -20, ...order }),
        row({ type: "redeem_rollback", points: 20, ...order }),
        row({ type: "redeem", points: -10, ...order, orderId: "o2", quantity: 1 }),
        row({ type: "redeem", points: -10, saleId: null }),
      ],
      ZONE,
    );
    expect(goods).toMatchObject([{ skuId: "mug", orders: 2, units: 3, returned: 2, points: 10 }]);
  });

  it("takes several lots of one purchase for one", () => {
    const { members } = digestOf(
      [row({ sourceId: "e1" }), row({ sourceId: "e1", points: 3 }), row({ sourceId: "e2" })],
      ZONE,
    );
    expect([...(members[0]?.purchases.values() ?? [])]).toEqual([2]);
    expect(members[0]).toMatchObject({ earnedPoints: 13, spentPoints: 0 });
  });
});

describe("counts of a member", () => {
  const counts = (month: number, purchases: MemberCounts["purchases"]): MemberCounts => ({
    ...{ lastActiveAtMs: 1, lastRedeemedAtMs: null, lastPurchaseAtMs: 1, lastStoreId: "s1" },
    ...{ earnedPoints: 10, spentPoints: 0, month, purchases },
  });
  const delta = (purchases: [number, number][]) => ({
    ...{
      programmeId: "demo",
      memberId: "m",
      firstActiveAtMs: 1,
      lastActiveAtMs: 5,
      lastRedeemedAtMs: 4,
    },
    ...{ lastPurchaseAtMs: null, lastStoreId: null, earnedPoints: 1, spentPoints: 2 },
    purchases: new Map(purchases),
  });

  it("move with the months and forget what is older than two", () => {
    expect(addCounts(counts(100, [3, 2, 1]), delta([[101, 1]]), 101)).toMatchObject({
      ...{ month: 101, purchases: [1, 3, 2], lastStoreId: "s1", lastRedeemedAtMs: 4 },
    });
    expect(addCounts(counts(100, [3, 2, 1]), delta([]), 103).purchases).toEqual([0, 0, 0]);
    expect(addCounts(null, delta([[99, 4]]), 100).purchases).toEqual([0, 4, 0]);
  });

  it("are the same in whatever steps the entries come", () => {
    const months = array(integer({ min: 100, max: 103 }), { maxLength: 30 });
    assert(
      property(months, integer({ min: 0, max: 30 }), (given, cut) => {
        const step = (part: readonly number[]) => {
          const byMonth = new Map<number, number>();
          for (const month of part) byMonth.set(month, (byMonth.get(month) ?? 0) + 1);
          return delta([...byMonth]);
        };
        const once = addCounts(null, step(given), 103);
        const twice = addCounts(
          addCounts(null, step(given.slice(0, cut)), 100),
          step(given.slice(cut)),
          103,
        );
        expect(twice.purchases).toEqual(once.purchases);
        expect(frequencyOf(once)).toBe(given.filter((month) => month > 100).length);
      }),
    );
  });
});

it("numbers months from 1970", () => {
  expect(monthOf(0)).toBe(0);
  expect(monthOf(31)).toBe(1);
  expect(monthOf(365)).toBe(12);
});
