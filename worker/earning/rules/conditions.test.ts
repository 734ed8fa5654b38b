import { describe, expect, it } from "vitest";
import {
  chinaMs,
  CHINA_MS,
  inForce,
  lineOf,
  NO_USE,
  orderOf,
  PLAIN,
  PROGRAMME,
} from "../../testing/points/earning.ts";
import {
  evaluate,
  meets,
  type Condition,
  type EarnEvent,
  type LineScope,
  type MemberFacts,
} from "./index.ts";

describe("conditions", () => {
  const order = (more: Partial<EarnEvent> = {}): EarnEvent => ({
    ...orderOf(0),
    lines: [
      lineOf(3_000, { productId: "tea", categoryIds: ["drink"], labels: ["new"] }),
      lineOf(1_000, { productId: "cup", categoryIds: ["ware"] }),
    ],
    storeId: "s1",
    channel: "h5",
    ...more,
  });
  const gold: Partial<MemberFacts> = {
    tierId: "gold",
    segments: ["vip"],
    labels: ["mum"],
    ordersBefore: 2,
  };
  type Case = readonly [Condition, boolean, Partial<EarnEvent>?, Partial<MemberFacts>?];
  const at = (text: string): Partial<EarnEvent> => ({ atMs: chinaMs(text) });
  const born = (month: number, day: number): Partial<MemberFacts> => ({ birthday: { month, day } });
  const list = (kind: Extract<Condition, { in: readonly string[] }>["kind"], ...words: string[]) =>
    ({ kind, in: words }) as const;
  const leap = { kind: "birthday", daysBefore: 0, daysAfter: 0 } as const;
  const near = { kind: "birthday", daysBefore: 3, daysAfter: 3 } as const;
  const night = { kind: "time_of_day", fromMinute: 22 * 60, toMinute: 2 * 60 } as const;
  const CASES: readonly Case[] = [
    [{ kind: "order_amount", minFen: 4_000, maxFen: null }, true],
    [{ kind: "order_amount", minFen: 4_001, maxFen: null }, false],
    [{ kind: "order_amount", minFen: null, maxFen: 3_999 }, false],
    [list("product", "cup"), true],
    [list("product", "pot"), false],
    [list("category", "drink"), true],
    [list("label", "new"), true],
    [list("label", "old"), false],
    [list("store", "s1", "s2"), true],
    [list("store", "s2"), false],
    [list("store", "s1"), false, { storeId: null }],
    [list("channel", "h5"), true],
    [list("tier", "gold"), true],
    [list("tier", "gold"), false, {}, { tierId: null }],
    [list("segment", "vip"), true],
    [list("member_label", "dad"), false],
    [list("custom_name", "scan"), true, { kind: "custom", name: "scan" }],
    [{ kind: "nth_order", from: 3, to: 3 }, true],
    [{ kind: "nth_order", from: 1, to: 1 }, false],
    [{ kind: "nth_order", from: 1, to: 1 }, true, {}, { ordersBefore: 0 }],
    [{ kind: "day_of_week", days: [1] }, true],
    [{ kind: "day_of_week", days: [7] }, true, at("2026-06-07T23:59")],
    [{ kind: "day_of_month", days: [8, 18, 28] }, true, at("2026-06-18T00:00")],
    [{ kind: "day_of_month", days: [8, 18, 28] }, false, at("2026-06-19T00:00")],
    [night, true, at("2026-06-01T23:00")],
    [night, true, at("2026-06-01T01:59")],
    [night, false, at("2026-06-01T02:00")],
    [{ kind: "date_window", fromMs: chinaMs("2026-06-01"), toMs: chinaMs("2026-06-02") }, true],
    [{ kind: "date_window", fromMs: chinaMs("2026-05-01"), toMs: chinaMs("2026-06-01") }, false],
    [leap, true, at("2026-06-01T00:00"), born(6, 1)],
    [leap, true, at("2027-02-28T10:00"), born(2, 29)],
    [leap, false, at("2028-02-28T10:00"), born(2, 29)],
    [near, true, at("2026-12-31T10:00"), born(1, 2)],
    [near, true, at("2027-01-02T10:00"), born(12, 30)],
    [near, false, at("2027-01-03T10:00"), born(12, 30)],
    [near, false, at("2027-01-03T10:00")],
    [{ kind: "birthday_month" }, true, {}, born(6, 30)],
    [{ kind: "all", of: [list("store", "s1"), list("tier", "gold")] }, true],
    [{ kind: "all", of: [list("store", "s1"), list("tier", "silver")] }, false],
    [{ kind: "any", of: [list("store", "s9"), list("tier", "gold")] }, true],
    [{ kind: "not", of: list("tier", "gold") }, false],
  ];
  const full = CASES.map(
    ([condition, isMet, event, member]) => [condition, isMet, event ?? {}, member ?? {}] as const,
  );
  it.each(full)("%j is %s %j %j", (condition, isMet, event, member) => {
    const scene = {
      event: order(event),
      member: { ...PLAIN, ...gold, ...member },
      zoneOffsetMs: CHINA_MS,
    };
    expect(meets(condition, scene)).toBe(isMet);
  });

  it("show redemptions to rules that name them, and to no other", () => {
    const redeemed = order({ channel: "redemption" });
    const named = list("channel", "redemption", "h5");
    const SHOWN: readonly (readonly [Condition | null, number])[] = [
      [null, 0],
      [list("product", "cup"), 0],
      [{ kind: "not", of: list("channel", "h5") }, 0],
      [named, 40],
      [{ kind: "any", of: [list("store", "s9"), named] }, 40],
    ];
    for (const [condition, points] of SHOWN) {
      const rules = inForce({ condition });
      expect(evaluate(rules, redeemed, PLAIN, PROGRAMME, NO_USE).points).toBe(points);
      // Nor are they multiplied by what does not name them.
      const twice = [...rules, ...inForce({ benefit: { kind: "multiplier", percent: 200 } })];
      expect(evaluate(twice, redeemed, PLAIN, PROGRAMME, NO_USE).points).toBe(points);
    }
  });

  it("count the lines of a scope only", () => {
    const scope: LineScope = {
      productIds: [],
      categoryIds: ["drink"],
      labels: [],
      exceptProductIds: [],
      exceptCategoryIds: [],
      exceptLabels: [],
    };
    const points = (more: Partial<LineScope>): number =>
      evaluate(inForce({ scope: { ...scope, ...more } }), order(), PLAIN, PROGRAMME, NO_USE).points;
    expect(points({})).toBe(30);
    expect(points({ exceptLabels: ["new"] })).toBe(0);
    expect(points({ categoryIds: [], exceptProductIds: ["tea"] })).toBe(10);
    expect(points({ productIds: ["cup"] })).toBe(40);
  });
});
