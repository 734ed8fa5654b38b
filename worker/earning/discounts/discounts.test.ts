import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chinaMs, CHINA_MS, orderOf, PLAIN } from "../../testing/points/earning.ts";
import { memberPrice, parseDiscount, type RedemptionDiscount } from "./index.ts";

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
const GOLD = { ...MEMBER_DAY, discountId: "vip", condition: null, percent: 50, version: 1 };

describe("a member's price", () => {
  it("is a fifth off on member day, by the programme's calendar", () => {
    const price = (text: string) => memberPrice(500, [MEMBER_DAY], 100, sceneAt(text)).points;
    expect(price("2026-06-17T23:59")).toBe(500);
    expect(price("2026-06-18T00:00")).toBe(400);
    expect(price("2026-06-18T23:59")).toBe(400);
    expect(price("2026-06-19T00:00")).toBe(500);
  });

  it("names what was taken off, so that the order explains itself", () => {
    expect(memberPrice(999, [MEMBER_DAY], 90, sceneAt("2026-06-18"))).toEqual({
      listPoints: 999,
      points: 719,
      applied: [
        { discountId: "member-day", version: 2, percent: 80 },
        { discountId: "tier", version: 0, percent: 90 },
      ],
    });
  });

  it("takes one discount alone where it does not stack", () => {
    const alone = { ...GOLD, isStackable: false };
    const at = sceneAt("2026-06-18");
    expect(memberPrice(1_000, [MEMBER_DAY, GOLD], 100, at).points).toBe(400);
    expect(memberPrice(1_000, [MEMBER_DAY, alone], 100, at).points).toBe(500);
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
          const { points } = memberPrice(list, discounts, tier, scene);
          expect(points).toBeLessThanOrEqual(list);
          expect(points).toBeGreaterThanOrEqual(Math.min(1, list));
          expect(memberPrice(list, [...discounts].reverse(), tier, scene).points).toBe(points);
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
});
