/** Caps and returns: what a member may earn at most, and what a return takes back. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  chinaMs,
  CHINA_MS,
  inForce,
  NO_USE,
  orderOf,
  PLAIN,
  PROGRAMME,
} from "../../testing/points/earning.ts";
import {
  capsFreed,
  evaluate,
  reversalOf,
  WALLET,
  withUse,
  type Cap,
  type CapUsage,
  type EarnRule,
} from "./index.ts";

const times = (percent: number): Partial<EarnRule> => ({
  benefit: { kind: "multiplier", percent },
});
const fixed = (points: number, more: Partial<EarnRule> = {}): Partial<EarnRule> => ({
  benefit: { kind: "fixed", points },
  ...more,
});

/** The period of a moment by the calendar on the wall in China, told apart from how the code counts. */
function periodOf(period: Exclude<Cap["period"], "order">, atMs: number): string {
  const wall = new Date(atMs + CHINA_MS);
  const [year, month] = [wall.getUTCFullYear(), wall.getUTCMonth()];
  const monday = Math.floor((atMs + CHINA_MS) / 86_400_000) - ((wall.getUTCDay() + 6) % 7);
  const names: Readonly<Record<typeof period, string>> = {
    day: wall.toISOString().slice(0, 10),
    week: `monday ${monday}`,
    month: `${year}-${month}`,
    quarter: `${year} q${Math.floor(month / 3)}`,
    half_year: `${year} h${Math.floor(month / 6)}`,
    year: String(year),
    ever: "ever",
  };
  return names[period];
}

describe("caps", () => {
  const day: Cap = { period: "day", pointsMax: 50, timesMax: null };

  it("withhold what goes over and say how much", () => {
    const rules = inForce({ caps: [day] });
    const first = evaluate(rules, orderOf(3_000), PLAIN, PROGRAMME, NO_USE);
    const used = withUse(NO_USE, first.changes);
    const second = evaluate(rules, orderOf(3_000), PLAIN, PROGRAMME, used);
    expect([first.points, second.points]).toEqual([30, 20]);
    expect(second.notices).toEqual([{ ruleId: "r0", period: "day", withheld: 10 }]);
    const next = orderOf(3_000, { atMs: chinaMs("2026-06-02T00:00") });
    expect(evaluate(rules, next, PLAIN, PROGRAMME, used).points).toBe(30);
  });

  it("count times as well as points", () => {
    const rules = inForce(fixed(5, { caps: [{ period: "week", pointsMax: null, timesMax: 2 }] }));
    let used: CapUsage = NO_USE;
    const points = [0, 1, 2].map(() => {
      const result = evaluate(rules, orderOf(1), PLAIN, PROGRAMME, used);
      used = withUse(used, result.changes);
      return result.points;
    });
    expect(points).toEqual([5, 5, 0]);
  });

  it("are never exceeded in any interleaving of events, repeats, late arrivals and returns", () => {
    const PERIODS = [
      ...(["order", "day", "week", "month", "quarter", "half_year", "year", "ever"] as const),
    ];
    const anyCap = fc.record({
      period: fc.constantFrom(...PERIODS),
      pointsMax: fc.option(fc.integer({ min: 1, max: 120 }), { nil: null }),
      timesMax: fc.option(fc.integer({ min: 1, max: 5 }), { nil: null }),
    });
    const step = fc.record({
      eventId: fc.integer({ min: 0, max: 15 }),
      dayOffset: fc.nat(400),
      amountFen: fc.integer({ min: 0, max: 9_000 }),
      returns: fc.option(fc.nat(9_000), { nil: null }),
    });
    fc.assert(
      fc.property(
        fc.array(fc.array(anyCap, { maxLength: 3 }), { minLength: 1, maxLength: 3 }),
        fc.array(anyCap, { maxLength: 3 }),
        fc.array(step, { maxLength: 25 }),
        fc.integer({ min: 100, max: 250 }),
        (capsOfRules, walletCaps, steps, tierPercent) => {
          const rules = inForce(
            ...capsOfRules.map((caps, at) => (at === 2 ? { ...times(170), caps } : { caps })),
          );
          const programme = { ...PROGRAMME, walletCaps };
          let usage: CapUsage = NO_USE;
          const kept = new Map<string, { atMs: number; shares: Map<string, number> }>();
          for (const one of steps) {
            const id = `o${one.eventId}`;
            const known = kept.get(id);
            if (known) continue; // The ledger's natural key stops a repeat.
            const atMs = chinaMs("2026-01-01") + one.dayOffset * 86_400_000;
            const event = orderOf(one.amountFen, { eventId: id, atMs });
            const member = { ...PLAIN, tierPercent };
            const result = evaluate(rules, event, member, programme, usage);
            usage = withUse(usage, result.changes);
            const shares = new Map(result.shares.map((share) => [share.ruleId, share.points]));
            if (one.returns !== null) {
              const earned = { basisFen: one.amountFen, shares: result.shares };
              const back = reversalOf(earned, Math.min(one.returns, one.amountFen), 0);
              usage = withUse(usage, capsFreed(result.changes, result.shares, back.shares));
              for (const { ruleId, points } of back.shares) {
                shares.set(ruleId, (shares.get(ruleId) ?? 0) - points);
              }
            }
            kept.set(id, { atMs, shares });
          }
          // Recounted from what the member kept, without looking at the usage.
          const all = [
            ...rules.map(({ rule }) => ({ ruleId: rule.ruleId, caps: rule.caps })),
            { ruleId: WALLET, caps: walletCaps },
          ];
          for (const { ruleId, caps } of all) {
            for (const cap of caps) {
              const sums = new Map<string, { points: number; times: number }>();
              for (const [id, { atMs, shares }] of kept) {
                const points =
                  ruleId === WALLET
                    ? [...shares.values()].reduce((sum, share) => sum + share, 0)
                    : (shares.get(ruleId) ?? 0);
                if (points === 0) continue;
                const key = cap.period === "order" ? id : periodOf(cap.period, atMs);
                const sum = sums.get(key) ?? { points: 0, times: 0 };
                sums.set(key, { points: sum.points + points, times: sum.times + 1 });
              }
              for (const { points, times: count } of sums.values()) {
                expect(points).toBeLessThanOrEqual(cap.pointsMax ?? points);
                expect(count).toBeLessThanOrEqual(cap.timesMax ?? count);
              }
            }
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe("a return", () => {
  const earned = { basisFen: 1_999, shares: [{ ruleId: "r0", version: 1, points: 19 }] };

  it.each([
    [0, 0, 0],
    [1_000, 0, 10],
    [1_999, 0, 19],
    [1_999, 10, 9],
    [5_000, 0, 19],
  ])("of %i fen after %i points takes %i", (returnedFen, already, points) => {
    expect(reversalOf(earned, returnedFen, already).points).toBe(points);
  });

  it("in parts takes the same as at once, and never more than was given", () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(300), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 90_000 }),
        fc.array(fc.nat(30_000), { minLength: 1, maxLength: 6 }),
        (shares, basisFen, parts) => {
          const order = {
            basisFen,
            shares: shares.map((points, at) => ({ ruleId: `r${at}`, version: 1, points })),
          };
          let returnedFen = 0;
          let taken = 0;
          for (const part of parts) {
            returnedFen = Math.min(basisFen, returnedFen + part);
            const back = reversalOf(order, returnedFen, taken);
            expect(back.points).toBeGreaterThanOrEqual(0);
            expect(back.shares.every((share) => share.points > 0)).toBe(true);
            expect(back.shares.reduce((sum, share) => sum + share.points, 0)).toBe(back.points);
            taken += back.points;
          }
          expect(taken).toBe(reversalOf(order, returnedFen, 0).points);
          const rest = reversalOf(order, basisFen, taken).points;
          expect(taken + rest).toBe(shares.reduce((sum, points) => sum + points, 0));
        },
      ),
    );
  });
});
