import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  chinaMs,
  inForce,
  NO_USE,
  orderOf,
  PLAIN,
  PROGRAMME,
} from "../../testing/points/earning.ts";
import {
  evaluate,
  grantsOf,
  type Benefit,
  type Cap,
  type EarnProgramme,
  type EarnRule,
} from "./index.ts";

const SETONO =
  "https://github.com/Setono/sylius-loyalty-plugin/blob/7e8079dc8b5d8d3bfd5c26a1069ec31920667a7d";
/** Its own table, and the two cases that only its code has: `resolveMultiplier`. */
const SETONO_TEST = `${SETONO}/tests/Rule/EarningCalculatorTest.php`;
const SETONO_CODE = `${SETONO}/src/Rule/EarningCalculator.php`;

const perYuan = (points: number, perFen: number): Benefit => ({
  kind: "per_amount",
  points,
  perFen,
  counting: "whole_steps",
});
const times = (percent: number): Partial<EarnRule> => ({
  benefit: { kind: "multiplier", percent },
});
const fixed = (points: number, more: Partial<EarnRule> = {}): Partial<EarnRule> => ({
  benefit: { kind: "fixed", points },
  ...more,
});

describe("the order of rules as Setono publishes it", () => {
  type Case = readonly [string, readonly Partial<EarnRule>[], EarnProgramme["rounding"], number];
  const one = { benefit: perYuan(1, 100) };
  const CASES: readonly Case[] = [
    ["sums stackable base rules", [one, { benefit: perYuan(1, 200) }], "floor", 28],
    [
      "a rule that does not stack applies alone",
      [one, fixed(100, { isStackable: false, priority: 10 })],
      "floor",
      100,
    ],
    [
      "the highest priority wins among those that do not stack",
      [
        fixed(50, { isStackable: false, priority: 5 }),
        fixed(200, { isStackable: false, priority: 20 }),
      ],
      "floor",
      200,
    ],
    ["multipliers scale the summed base", [one, times(200)], "floor", 38],
    ["rounds the multiplied total down", [one, times(150)], "floor", 28],
    ["rounds the multiplied total half up", [one, times(150)], "half_up", 29],
    ["rounds the multiplied total up", [one, times(150)], "ceil", 29],
    [
      "skips rules out of their window",
      [{ ...one, startsAtMs: chinaMs("2099-01-01") }],
      "floor",
      0,
    ],
  ];
  const OF_CODE: readonly Case[] = [
    ["stackable multipliers multiply", [one, times(200), times(150)], "floor", 57],
    [
      "a multiplier that does not stack applies alone",
      [one, times(200), { ...times(300), isStackable: false }],
      "floor",
      57,
    ],
  ];
  const sourced = [
    ...CASES.map((row) => [...row, SETONO_TEST] as const),
    ...OF_CODE.map((row) => [...row, SETONO_CODE] as const),
  ];
  it.each(sourced)("%s (%5$s)", (_, rules, rounding, points) => {
    const programme = { ...PROGRAMME, rounding };
    expect(evaluate(inForce(...rules), orderOf(1_999), PLAIN, programme, NO_USE).points).toBe(
      points,
    );
  });

  it("the breakdown says which rule gave what", () => {
    const rules = inForce(one, fixed(5));
    expect(evaluate(rules, orderOf(1_999), PLAIN, PROGRAMME, NO_USE).shares).toEqual([
      { ruleId: "r0", version: 1, points: 19 },
      { ruleId: "r1", version: 1, points: 5 },
    ]);
  });
});

describe("an evaluation", () => {
  const exact = (points: number, perFen: number): Partial<EarnRule> => ({
    benefit: { kind: "per_amount", points, perFen, counting: "exact" },
  });

  it("rounds once: fractions of several rules add up first", () => {
    const event = orderOf(150);
    expect(evaluate(inForce(exact(1, 100)), event, PLAIN, PROGRAMME, NO_USE).points).toBe(1);
    const two = inForce(exact(1, 100), exact(1, 100));
    expect(evaluate(two, event, PLAIN, PROGRAMME, NO_USE).points).toBe(3);
  });

  it("stays a number however many multipliers there are", () => {
    const many = Array.from({ length: 200 }, () => times(10_000));
    const event = orderOf(100_000_000);
    const result = evaluate(inForce(exact(1, 1), ...many), event, PLAIN, PROGRAMME, NO_USE);
    expect(result.points).toBe(Number.MAX_SAFE_INTEGER);
    const sum = result.shares.reduce((total, { points }) => total + BigInt(points), 0n);
    expect(sum).toBe(BigInt(result.points));
  });

  it("multiplies by the member's tier and says so", () => {
    const member = { ...PLAIN, tierPercent: 150 };
    const result = evaluate(inForce({}), orderOf(10_000), member, PROGRAMME, NO_USE);
    expect(result.shares).toEqual([
      { ruleId: "r0", version: 1, points: 100 },
      { ruleId: "tier", version: 0, points: 50 },
    ]);
  });

  it("is the same in every order of the rules, and its shares sum to its points", () => {
    const anyRule = fc.record({
      benefit: fc.oneof<fc.Arbitrary<Benefit>[]>(
        fc.record({
          kind: fc.constant("per_amount" as const),
          points: fc.integer({ min: 1, max: 9 }),
          perFen: fc.integer({ min: 1, max: 700 }),
          counting: fc.constantFrom("whole_steps" as const, "exact" as const),
        }),
        fc.record({ kind: fc.constant("fixed" as const), points: fc.integer({ min: 1, max: 99 }) }),
        fc.record({
          kind: fc.constant("multiplier" as const),
          percent: fc.integer({ min: 101, max: 400 }),
        }),
      ),
      priority: fc.nat(3),
      isStackable: fc.boolean(),
      caps: fc.constantFrom<readonly Cap[]>(
        [],
        [{ period: "day", pointsMax: 40, timesMax: null }],
        [{ period: "order", pointsMax: 25, timesMax: null }],
      ),
    });
    fc.assert(
      fc.property(
        fc.array(anyRule, { minLength: 1, maxLength: 6 }),
        fc.nat(90_000),
        fc.constantFrom<EarnProgramme["rounding"]>("floor", "half_up", "ceil"),
        fc.integer({ min: 100, max: 300 }),
        fc.infiniteStream(fc.nat(1_000)),
        (specs, amountFen, rounding, tierPercent, chance) => {
          const rules = inForce(...specs);
          const shuffled = rules
            .map((rule) => ({ rule, at: chance.next().value ?? 0 }))
            .sort((a, b) => a.at - b.at)
            .map(({ rule }) => rule);
          const programme = {
            ...PROGRAMME,
            rounding,
            walletCaps: [{ period: "day" as const, pointsMax: 500, timesMax: null }],
          };
          const member = { ...PLAIN, tierPercent };
          const event = orderOf(amountFen);
          const result = evaluate(rules, event, member, programme, NO_USE);
          expect(evaluate(shuffled, event, member, programme, NO_USE)).toEqual(result);
          const sum = result.shares.reduce((total, share) => total + share.points, 0);
          expect(sum).toBe(result.points);
          expect(result.shares.every((share) => share.points > 0)).toBe(true);
          expect(result.points).toBeLessThanOrEqual(500);
        },
      ),
    );
  });

  it("makes a lot for each validity", () => {
    const rules = inForce(
      {},
      fixed(30, {
        expiry: { kind: "after", amount: 7, unit: "days", rounding: { kind: "day_end" } },
        pending: { kind: "days", days: 3 },
      }),
    );
    const event = orderOf(5_000);
    const result = evaluate(rules, event, PLAIN, PROGRAMME, NO_USE);
    const waits = { ...PROGRAMME, pending: { kind: "event" } as const };
    expect(grantsOf(result, rules, waits, event.atMs, "closed:o1")).toEqual([
      {
        points: 50,
        shares: [{ ruleId: "r0", version: 1, points: 50 }],
        expiresAtMs: chinaMs("2027-07-01"),
        pending: { kind: "event", event: "closed:o1" },
      },
      {
        points: 30,
        shares: [{ ruleId: "r1", version: 1, points: 30 }],
        expiresAtMs: chinaMs("2026-06-09"),
        pending: { kind: "until", atMs: chinaMs("2026-06-04T12:00") },
      },
    ]);
  });
});
