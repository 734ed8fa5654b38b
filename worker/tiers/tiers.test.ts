import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chinaMs, CHINA_MS } from "../testing/points/earning.ts";
import {
  addGrowth,
  buyMembership,
  effectiveTier,
  evaluateTier,
  newTierState,
  parseTierTerms,
  tierView,
  withAttributeEnd,
  type Tier,
  type TierExpiry,
  type TierState,
  type TierTerms,
} from "./index.ts";

const TALON_ONE =
  "https://raw.githubusercontent.com/talon-one/talon_one.js/HEAD/docs/LoyaltyProgram.md";
const DAY = 86_400_000;
const JOINED = chinaMs("2024-03-15");
const tier = (tierId: string, growthMin: number, more: Partial<Tier["benefits"]> = {}): Tier => ({
  tierId,
  title: tierId,
  growthMin,
  benefits: {
    earnPercent: 100,
    redeemPercent: 100,
    checkInBonus: 0,
    hasExclusivePool: false,
    giftPoints: 0,
    ...more,
  },
});
const TERMS: TierTerms = {
  version: 1,
  zoneOffsetMs: CHINA_MS,
  tiers: [
    tier("base", 0),
    tier("silver", 100, { earnPercent: 120, giftPoints: 10 }),
    tier("gold", 500, { earnPercent: 150, redeemPercent: 90, giftPoints: 50 }),
    tier("black", 2_000, { earnPercent: 200, hasExclusivePool: true }),
  ],
  window: { kind: "rolling_months", months: 12 },
  expiry: { kind: "tier_start_date", months: 12 },
  roundTo: "none",
  downgrade: "one_down",
  graceDays: 0,
  onReversal: "at_once",
};

function grown(growth: number, terms = TERMS, atMs = chinaMs("2024-06-10T12:00")): TierState {
  return addGrowth(newTierState(terms, JOINED), terms, growth, atMs).state;
}

describe("growth", () => {
  it("upgrades at once, over several tiers, with the gift of each", () => {
    const outcome = addGrowth(newTierState(TERMS, JOINED), TERMS, 600, JOINED);
    expect(outcome.state.tierId).toBe("gold");
    expect(outcome.changes).toEqual([
      { kind: "upgraded", from: "base", to: "gold" },
      { kind: "gift", tierId: "silver", points: 10, naturalKey: "tier_gift:silver" },
      { kind: "gift", tierId: "gold", points: 50, naturalKey: "tier_gift:gold" },
    ]);
  });

  it("gives a gift once in a life, however often somebody goes up and down", () => {
    let state = newTierState(TERMS, JOINED);
    const gifts: string[] = [];
    for (let turn = 0; turn < 4; turn += 1) {
      for (const growth of [150, -150]) {
        const outcome = addGrowth(state, TERMS, growth, JOINED + turn);
        ({ state } = outcome);
        for (const change of outcome.changes) {
          if (change.kind === "gift") gifts.push(change.naturalKey);
        }
      }
    }
    expect(gifts).toEqual(["tier_gift:silver"]);
    expect(state.tierId).toBe("base");
  });

  it.each([
    ["lifetime", { kind: "lifetime" }, 200],
    ["calendar_year", { kind: "calendar_year" }, 50],
    ["rolling_months", { kind: "rolling_months", months: 12 }, 150],
  ] as const)("is counted by its window: %s", (_, window, growth) => {
    const terms: TierTerms = { ...TERMS, window };
    let state = newTierState(terms, JOINED);
    for (const [at, more] of [
      ["2024-01-20", 50],
      ["2024-11-02", 100],
      ["2025-01-01", 50],
    ] as const) {
      ({ state } = addGrowth(state, terms, more, chinaMs(at)));
    }
    expect(tierView(state, terms, chinaMs("2025-01-31T23:59")).growth).toBe(growth);
  });
});

describe("the end of a tier, as Talon.One publishes the policies", () => {
  const CASES: readonly (readonly [
    TierExpiry["kind"],
    TierExpiry,
    TierTerms["roundTo"],
    string,
  ])[] = [
    ["tier_start_date", { kind: "tier_start_date", months: 12 }, "none", "2025-06-10"],
    ["tier_start_date", { kind: "tier_start_date", months: 12 }, "month", "2025-07-01"],
    ["tier_start_date", { kind: "tier_start_date", months: 12 }, "year", "2026-01-01"],
    ["program_join_date", { kind: "program_join_date", months: 12 }, "none", "2025-03-15"],
    [
      "absolute_expiration",
      { kind: "absolute_expiration", cycleStartMs: chinaMs("2020-01-01"), months: 12 },
      "none",
      "2025-01-01",
    ],
  ];
  it.each(CASES)(`%s (${TALON_ONE})`, (_, expiry, roundTo, endsAt) => {
    const state = grown(100, { ...TERMS, expiry, roundTo });
    expect(state.endsAtMs).toBe(chinaMs(endsAt));
  });

  it(`customer_attribute (${TALON_ONE})`, () => {
    const terms: TierTerms = { ...TERMS, expiry: { kind: "customer_attribute" } };
    const state = grown(100, terms);
    expect(state.endsAtMs).toBeNull();
    const set = withAttributeEnd(state, terms, chinaMs("2025-02-02"), chinaMs("2024-07-01"));
    expect(set.endsAtMs).toBe(chinaMs("2025-02-02"));
    // By then the growth of June has not left the window of twelve months.
    expect(evaluateTier(set, terms, chinaMs("2025-02-02")).state.tierId).toBe("silver");
  });

  it("never: a tier stays", () => {
    const terms: TierTerms = { ...TERMS, expiry: { kind: "never" }, window: { kind: "lifetime" } };
    expect(evaluateTier(grown(100, terms), terms, chinaMs("2090-01-01")).state.tierId).toBe(
      "silver",
    );
  });
});

describe("a downgrade, as Talon.One publishes the policies", () => {
  const END = chinaMs("2025-06-10");

  it(`one_down goes one tier (${TALON_ONE})`, () => {
    const terms: TierTerms = { ...TERMS, window: { kind: "calendar_year" } };
    const outcome = evaluateTier(grown(2_500, terms), terms, END);
    expect(outcome.changes).toEqual([{ kind: "downgraded", from: "black", to: "gold" }]);
    expect(outcome.state.endsAtMs).toBe(chinaMs("2026-06-10"));
    expect(evaluateTier(outcome.state, terms, chinaMs("2027-06-10")).state.tierId).toBe("base");
  });

  it(`balance_based goes to the tier that the growth gives (${TALON_ONE})`, () => {
    const terms: TierTerms = {
      ...TERMS,
      window: { kind: "calendar_year" },
      downgrade: "balance_based",
    };
    const state = addGrowth(grown(2_500, terms), terms, 120, chinaMs("2025-02-01")).state;
    expect(evaluateTier(state, terms, END).state.tierId).toBe("silver");
  });

  it("waits for the grace days, and earning again in them keeps the tier", () => {
    const terms: TierTerms = { ...TERMS, window: { kind: "calendar_year" }, graceDays: 30 };
    const outcome = evaluateTier(grown(600, terms), terms, END);
    expect(outcome.changes).toEqual([{ kind: "grace", tierId: "gold", untilMs: END + 30 * DAY }]);
    expect(effectiveTier(outcome.state, terms, END + 30 * DAY - 1).tier.tierId).toBe("gold");
    expect(effectiveTier(outcome.state, terms, END + 30 * DAY).tier.tierId).toBe("silver");
    const back = addGrowth(outcome.state, terms, 500, END + 10 * DAY);
    expect(back.changes).toMatchObject([{ kind: "renewed", tierId: "gold" }]);
    expect(back.state.graceUntilMs).toBeNull();
  });

  it("follows a return at once, or at the end of the tier, as the terms say", () => {
    const now = chinaMs("2024-06-20");
    const after = (onReversal: TierTerms["onReversal"]) => {
      const terms = { ...TERMS, onReversal };
      return addGrowth(grown(600, terms), terms, -550, now).state.tierId;
    };
    expect([after("at_once"), after("at_expiry")]).toEqual(["base", "gold"]);
  });

  it("is the same whether a member is looked at every day or after years", () => {
    const terms = fc.record({
      downgrade: fc.constantFrom("one_down" as const, "balance_based" as const),
      graceDays: fc.constantFrom(0, 10),
      roundTo: fc.constantFrom("none" as const, "month" as const),
      expiry: fc.constantFrom<TierExpiry>(
        { kind: "tier_start_date", months: 3 },
        { kind: "program_join_date", months: 6 },
        { kind: "absolute_expiration", cycleStartMs: 0, months: 12 },
      ),
    });
    const growths = fc.array(
      fc.record({ waitDays: fc.nat(90), growth: fc.integer({ min: -300, max: 900 }) }),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(terms, growths, (change, steps) => {
        const rules: TierTerms = { ...TERMS, ...change };
        let lazy = newTierState(rules, JOINED);
        let eager = lazy;
        let nowMs = JOINED;
        for (const { waitDays, growth } of [...steps, { waitDays: 800, growth: 0 }]) {
          for (let day = 0; day < waitDays; day += 1) {
            eager = evaluateTier(eager, rules, nowMs + day * DAY).state;
          }
          nowMs += waitDays * DAY;
          lazy = addGrowth(lazy, rules, growth, nowMs).state;
          eager = addGrowth(eager, rules, growth, nowMs).state;
          expect(lazy).toEqual(eager);
        }
      }),
    );
  });
});

describe("the tier card", () => {
  it("shows the projected tier and what is missing", () => {
    const terms: TierTerms = { ...TERMS, window: { kind: "calendar_year" }, graceDays: 7 };
    const state = grown(600, terms);
    expect(tierView(state, terms, chinaMs("2025-02-01"))).toEqual({
      tierId: "gold",
      source: "growth",
      paid: null,
      growth: 0,
      lifetimeGrowth: 600,
      sinceMs: chinaMs("2024-06-10T12:00"),
      endsAtMs: chinaMs("2025-06-10"),
      graceUntilMs: null,
      projectedTierId: "silver",
      missingToStay: 500,
      next: { tierId: "black", missing: 2_000 },
    });
  });

  it("counts a bought membership where it is higher, and adds up what is bought again", () => {
    const now = chinaMs("2024-07-01T10:00");
    const bought = buyMembership(grown(100), TERMS, "gold", 1, now).state;
    expect(effectiveTier(bought, TERMS, now)).toMatchObject({
      tier: { tierId: "gold" },
      source: "paid",
    });
    const again = buyMembership(bought, TERMS, "gold", 1, now + DAY).state;
    expect(tierView(again, TERMS, now).paid?.untilMs).toBe(chinaMs("2024-09-01T10:00"));
    expect(effectiveTier(again, TERMS, chinaMs("2024-09-01T10:00"))).toMatchObject({
      tier: { tierId: "silver" },
      source: "growth",
    });
    const higher = addGrowth(again, TERMS, 2_000, now + 2 * DAY).state;
    expect(effectiveTier(higher, TERMS, now + 3 * DAY).source).toBe("growth");
  });

  it("leads on from a bought tier, which its own end takes away and no growth keeps", () => {
    const now = chinaMs("2024-07-01T10:00");
    const bought = buyMembership(grown(100), TERMS, "gold", 1, now).state;
    expect(tierView(bought, TERMS, now)).toMatchObject({
      ...{ tierId: "gold", source: "paid", growth: 100 },
      ...{ endsAtMs: chinaMs("2024-08-01T10:00"), projectedTierId: "silver", missingToStay: 0 },
      next: { tierId: "black", missing: 1_900 },
    });
  });

  it("lets the highest of growth and memberships count, and a lower one lie beneath until it ends", () => {
    const now = chinaMs("2024-07-01T10:00");
    const gold = buyMembership(grown(0), TERMS, "gold", 1, now).state;
    const both = buyMembership(gold, TERMS, "silver", 3, now + DAY).state;
    const at = (state: TierState, text: string): string =>
      effectiveTier(state, TERMS, chinaMs(text)).tier.tierId;
    expect(at(both, "2024-07-15")).toBe("gold");
    expect(tierView(both, TERMS, now + 2 * DAY).paid?.tierId).toBe("gold");
    expect(at(both, "2024-08-02")).toBe("silver");
    expect(at(both, "2024-10-03")).toBe("base");
    const earned = buyMembership(grown(600), TERMS, "silver", 1, now).state;
    expect(effectiveTier(earned, TERMS, now)).toMatchObject({
      ...{ tier: { tierId: "gold" }, source: "growth" },
    });
  });

  it("gives the gift of a tier once, whether growth or money reached it first", () => {
    const now = chinaMs("2024-07-01T10:00");
    const gifts = (changes: readonly { kind: string; tierId?: string }[]): unknown[] =>
      changes.filter(({ kind }) => kind === "gift").map(({ tierId }) => tierId);
    const bought = buyMembership(grown(100), TERMS, "gold", 1, now);
    expect(gifts(bought.changes)).toEqual(["gold"]);
    const again = buyMembership(bought.state, TERMS, "gold", 1, now + DAY);
    expect(gifts(again.changes)).toEqual([]);
    expect(gifts(addGrowth(again.state, TERMS, 600, now + DAY).changes)).toEqual([]);
    const beneath = buyMembership(grown(600), TERMS, "silver", 1, now);
    expect(gifts(beneath.changes)).toEqual([]);
  });

  it("reads a membership from before several could run, and ends it in its time", () => {
    const now = chinaMs("2024-07-01T10:00");
    const { memberships: _, ...old } = grown(0);
    const state: TierState = { ...old, paid: { tierId: "gold", untilMs: now + DAY } };
    expect(effectiveTier(state, TERMS, now).tier.tierId).toBe("gold");
    expect(effectiveTier(state, TERMS, now + DAY).tier.tierId).toBe("base");
    const more = buyMembership(state, TERMS, "gold", 1, now).state;
    expect(tierView(more, TERMS, now).paid?.untilMs).toBe(chinaMs("2024-08-02T10:00"));
  });
});

describe("tier terms", () => {
  it.each([
    ["tiers.0.growthMin", { tiers: [tier("base", 5)] }],
    ["tiers.1.growthMin", { tiers: [tier("a", 0), tier("b", 0)] }],
    ["tiers.1.growthMin", { tiers: [tier("a", 0), tier("b", -3)] }],
    ["tiers.1.tierId", { tiers: [tier("a", 0), tier("a", 9)] }],
    ["tiers.0.benefits.earnPercent", { tiers: [tier("a", 0, { earnPercent: 99 })] }],
    ["tiers.0.benefits.redeemPercent", { tiers: [tier("a", 0, { redeemPercent: 101 })] }],
    ["graceDays", { graceDays: -1 }],
    ["expiry.months", { expiry: { kind: "tier_start_date", months: 1.5 } }],
    ["window", { expiry: { kind: "never" } }],
    ["graceDays", { expiry: { kind: "never" }, window: { kind: "lifetime" }, graceDays: 7 }],
    [
      "onReversal",
      { expiry: { kind: "never" }, window: { kind: "lifetime" }, onReversal: "at_expiry" },
    ],
  ])("name %s: %j", (field, change) => {
    expect(parseTierTerms(TERMS).kind).toBe("ok");
    const result = parseTierTerms({ ...TERMS, ...change });
    expect(result.kind === "invalid" && result.problems.map((one) => one.field)).toContain(field);
  });
});
