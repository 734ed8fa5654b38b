import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chinaMs, CHINA_MS, orderOf, PLAIN } from "../../testing/points/earning.ts";
import {
  memberPrice,
  parseDiscount,
  parseDiscountTerms,
  type RedemptionDiscount,
  type TierPercent,
} from "./index.ts";

const MEMBER_DAY: RedemptionDiscount = {
  discountId: "member-day",
  version: 2,
  title: "Member day, a fifth off",
  startsAtMs: null,
  endsAtMs: null,
  condition: { kind: "day_of_month", days: [8, 18, 28] },
  percent: 80,
  priority: 0,
  isStackable: true,
};
const sceneAt = (text: string) => ({
  event: orderOf(0, { atMs: chinaMs(text) }),
  member: PLAIN,
  zoneOffsetMs: CHINA_MS,
});
const tierAt = (percent: number): TierPercent => ({ title: "Gold", percent });
const GOLD = { ...MEMBER_DAY, discountId: "vip", condition: null, percent: 50, version: 1 };

describe("a member's price", () => {
  it("is a fifth off on member day, by the programme's calendar", () => {
    const price = (text: string) => memberPrice(500, [MEMBER_DAY], null, sceneAt(text)).points;
    expect(price("2026-06-17T23:59")).toBe(500);
    expect(price("2026-06-18T00:00")).toBe(400);
    expect(price("2026-06-18T23:59")).toBe(400);
    expect(price("2026-06-19T00:00")).toBe(500);
  });

  it("names what was taken off, so that the order explains itself", () => {
    expect(memberPrice(999, [MEMBER_DAY], tierAt(90), sceneAt("2026-06-18"))).toEqual({
      listPoints: 999,
      points: 719,
      applied: [
        {
          ...{ discountId: "member-day", version: 2, title: "Member day, a fifth off" },
          ...{ percent: 80, points: 200 },
        },
        { discountId: "tier", version: 0, title: "Gold", percent: 90, points: 80 },
      ],
    });
  });

  it("takes one discount alone where it does not stack", () => {
    const alone = { ...GOLD, isStackable: false };
    const at = sceneAt("2026-06-18");
    expect(memberPrice(1_000, [MEMBER_DAY, GOLD], null, at).points).toBe(400);
    expect(memberPrice(1_000, [MEMBER_DAY, alone], null, at).points).toBe(500);
  });

  it("is never above the list price and never nothing, whatever is taken off", () => {
    const percents = fc.array(fc.integer({ min: 1, max: 99 }), { maxLength: 6 });
    fc.assert(
      fc.property(
        fc.nat(1_000_000),
        percents,
        fc.integer({ min: 1, max: 100 }),
        (list, all, tier) => {
          const discounts = all.map((percent, at) => ({ ...GOLD, discountId: `d${at}`, percent }));
          const scene = sceneAt("2026-06-18");
          const { points, applied } = memberPrice(list, discounts, tierAt(tier), scene);
          expect(points).toBeLessThanOrEqual(list);
          expect(points).toBeGreaterThanOrEqual(Math.min(1, list));
          // What each takes off adds up to the difference, so an order explains itself to the point.
          expect(applied.reduce((sum, one) => sum + one.points, points)).toBe(list);
          expect(applied.every((one) => one.points >= 0)).toBe(true);
          expect(memberPrice(list, [...discounts].reverse(), tierAt(tier), scene).points).toBe(
            points,
          );
        },
      ),
    );
  });

  it.each([
    ["percent", { percent: 0 }],
    ["percent", { percent: 100 }],
    ["percent", { percent: 79.5 }],
    ["endsAtMs", { startsAtMs: 9, endsAtMs: 9 }],
    ["condition.days.0", { condition: { kind: "day_of_month", days: [32] } }],
  ])("names %s in bad terms: %j", (field, change) => {
    expect(parseDiscount(MEMBER_DAY).kind).toBe("ok");
    const result = parseDiscount({ ...MEMBER_DAY, ...change });
    expect(result.kind === "invalid" && result.problems.map((one) => one.field)).toContain(field);
  });

  it("asks only what is known before a redemption", () => {
    const fields = (condition: unknown): unknown => {
      const parsed = parseDiscount({ ...MEMBER_DAY, condition });
      return parsed.kind === "invalid" && parsed.problems;
    };
    expect(fields({ kind: "tier", in: ["gold"] })).toBe(false);
    const deep = { kind: "all", of: [{ kind: "not", of: { kind: "category", in: ["tea"] } }] };
    expect(fields(deep)).toEqual([
      { field: "condition", reason: "a price cannot ask for category" },
    ]);
    expect(fields({ kind: "nth_order", from: 1, to: 1 })).toHaveLength(1);
  });

  it("of a programme are read together, each with the version it came with", () => {
    const { version: _, ...body } = MEMBER_DAY;
    const terms = { version: 7, standing: true, flash: false, discounts: [body] };
    expect(parseDiscountTerms(terms)).toMatchObject({
      value: { flash: false, discounts: [{ discountId: "member-day", version: 7 }] },
    });
    const twice = parseDiscountTerms({ ...terms, discounts: [body, { ...body, percent: 0 }] });
    expect(twice).toMatchObject({
      problems: [{ field: "discounts.1.percent" }, { field: "discounts.1.discountId" }],
    });
  });
});
