/** What the editor's API refuses, with the field that it names. */
import { LIFE_INVITES, LIFE_TIERS } from "../points/life-terms.ts";

/** Of terms: which kind, what is sent, the field. */
export const REFUSED_TERMS: readonly (readonly [string, object, string])[] = [
  ["earn", { zoneOffsetMs: 28_800_000 }, "rounding"],
  ["earn", { zoneOffsetMs: 1.5 }, "zoneOffsetMs"],
  ["check_in", { dailyPoints: -1 }, "dailyPoints"],
  ["check_in", { zoneOffsetMs: 0 }, "zoneOffsetMs"],
  ["invites", { ...LIFE_INVITES, inviterPoints: 0.5 }, "inviterPoints"],
  ["invites", { ...LIFE_INVITES, days: 100_000 }, "days"],
  ["tiers", { ...LIFE_TIERS, tiers: [...LIFE_TIERS.tiers].reverse() }, "tiers.0.growthMin"],
  ["tiers", { ...LIFE_TIERS, graceDays: -3 }, "graceDays"],
  [
    "tiers",
    { ...LIFE_TIERS, window: { kind: "lifetime" }, expiry: { kind: "never" } },
    "graceDays",
  ],
  ["invites", { ...LIFE_INVITES, act: "redemption", amountFenMin: 1 }, "amountFenMin"],
  ["reminders", { ladderDays: [7, 7], sendMinute: 1, quiet: null, pointsMin: 1 }, "ladderDays.1"],
  [
    "growth",
    { perAmount: { growth: 1, perFen: 0 }, registration: 0, checkIn: 0 },
    "perAmount.perFen",
  ],
  ["reminders", { ladderDays: [1, 7], sendMinute: 1, quiet: null, pointsMin: 1 }, "ladderDays.1"],
  ["approval", { pointsFrom: 500, alonePerDayMax: 10 }, "alonePerDayMax"],
  ["discounts", { standing: true, flash: 1, discounts: [] }, "flash"],
  [
    "discounts",
    { standing: true, flash: false, discounts: [{ discountId: "a", percent: 120 }] },
    "discounts.0.percent",
  ],
  ["refund", { kind: "grace", days: 0 }, "days"],
  ["clawback", { policy: "take_all" }, "policy"],
  [
    "rate",
    { rate: { points: 1, fen: 1_000_000 }, pointsMin: 0, percentMax: 50, pointsMax: null },
    "rate.fen",
  ],
  [
    "rate",
    { rate: { points: 100, fen: 100 }, pointsMin: 9, percentMax: 50, pointsMax: 8 },
    "pointsMax",
  ],
];

/** Of a rule: the field, and what is changed in a rule that is taken. */
export const REFUSED_RULES: readonly (readonly [string, object])[] = [
  ["benefit.points", { benefit: { kind: "fixed", points: -5 } }],
  ["benefit.points", { benefit: { kind: "fixed", points: 2.5 } }],
  ["benefit.percent", { benefit: { kind: "multiplier", percent: 1_000_000 } }],
  ["endsAtMs", { startsAtMs: 2_000, endsAtMs: 1_000 }],
  ["caps.0.pointsMax", { caps: [{ period: "day", pointsMax: 0, timesMax: null }] }],
  ["condition.fromMs", { condition: { kind: "date_window", fromMs: -1, toMs: 5 } }],
  [
    "caps.0.pointsMax",
    {
      benefit: { kind: "fixed", points: 30 },
      caps: [{ period: "day", pointsMax: 29, timesMax: null }],
    },
  ],
  [
    "benefit.points",
    { benefit: { kind: "per_amount", points: 1e5, perFen: 1, counting: "exact" } },
  ],
  [
    "expiry.amount",
    { expiry: { kind: "after", amount: 0, unit: "days", rounding: { kind: "none" } } },
  ],
  ["priority", { priority: 9_999 }],
  ["surprise", { surprise: true }],
  ["ruleId", { ruleId: "tier" }],
];
