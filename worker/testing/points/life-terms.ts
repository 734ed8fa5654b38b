/** The merchant of the long simulation: rules with caps, check-in, a task, invites, tiers, reminders. */
import type { CheckInTerms } from "../../earning/check-in/index.ts";
import type { InviteTerms } from "../../earning/invites/index.ts";
import type { EarnProgramme, RuleInForce } from "../../earning/rules/index.ts";
import type { TaskTerms } from "../../earning/tasks/index.ts";
import type { ReminderTerms } from "../../reminders/index.ts";
import type { Tier, TierTerms } from "../../tiers/index.ts";
import { CHINA_MS, inForce } from "./earning.ts";

export const LIFE_PROGRAMME: EarnProgramme = {
  zoneOffsetMs: CHINA_MS,
  rounding: "floor",
  walletCaps: [
    { period: "day", pointsMax: 3_000, timesMax: null },
    { period: "half_year", pointsMax: 30_000, timesMax: null },
  ],
  expiry: { kind: "after", amount: 6, unit: "months", rounding: { kind: "month_end" } },
  pending: { kind: "event" },
};

export const LIFE_RULES: readonly RuleInForce[] = inForce(
  { ruleId: "spend", caps: [{ period: "month", pointsMax: 2_000, timesMax: null }] },
  {
    ruleId: "tea",
    benefit: { kind: "per_amount", points: 3, perFen: 250, counting: "exact" },
    scope: {
      productIds: [],
      categoryIds: ["tea"],
      labels: [],
      exceptProductIds: [],
      exceptCategoryIds: [],
      exceptLabels: [],
    },
    expiry: { kind: "after", amount: 60, unit: "days", rounding: { kind: "day_end" } },
    pending: { kind: "days", days: 10 },
  },
  {
    ruleId: "first",
    benefit: { kind: "fixed", points: 100 },
    condition: { kind: "nth_order", from: 1, to: 1 },
    caps: [{ period: "ever", pointsMax: null, timesMax: 1 }],
  },
  {
    ruleId: "member-day",
    on: ["order", "check_in"],
    benefit: { kind: "multiplier", percent: 200 },
    condition: { kind: "day_of_month", days: [8, 18, 28] },
    caps: [{ period: "day", pointsMax: 500, timesMax: null }],
  },
  {
    ruleId: "birthday",
    benefit: { kind: "multiplier", percent: 150 },
    condition: { kind: "birthday_month" },
  },
);

export const LIFE_CHECK_IN: CheckInTerms = {
  version: 1,
  zoneOffsetMs: CHINA_MS,
  cycle: "monthly",
  dailyPoints: 2,
  streak: [
    { days: 3, points: 5 },
    { days: 7, points: 15 },
  ],
  cumulative: [{ days: 20, points: 40 }],
  combine: "plus",
  afterLast: "restart",
  makeUpDaysMax: 5,
  makeUpPays: true,
};

export const LIFE_TASK: TaskTerms = {
  taskId: "three-orders",
  version: 1,
  title: "Three orders a month",
  kind: "custom",
  on: "order",
  condition: { kind: "order_amount", minFen: 1_000, maxFen: null },
  target: 3,
  period: "month",
  points: 60,
  growth: 20,
  claim: "auto",
  newcomerDays: null,
  startsAtMs: null,
  endsAtMs: null,
};

export const LIFE_INVITES: InviteTerms = {
  version: 1,
  zoneOffsetMs: CHINA_MS,
  inviterPoints: 50,
  inviteePoints: 20,
  act: "order",
  amountFenMin: 1_000,
  days: 60,
  cap: { period: "month", timesMax: 3 },
  guard: { device: "refuse", network: "review", payment: "refuse", address: "review" },
};

export const tierOf = (
  tierId: string,
  growthMin: number,
  earnPercent: number,
  giftPoints: number,
): Tier => ({
  tierId,
  title: tierId,
  growthMin,
  benefits: {
    earnPercent,
    redeemPercent: 100,
    checkInBonus: 0,
    hasExclusivePool: false,
    giftPoints,
  },
});

export const LIFE_TIERS: TierTerms = {
  version: 1,
  zoneOffsetMs: CHINA_MS,
  tiers: [
    tierOf("base", 0, 100, 0),
    tierOf("silver", 800, 120, 30),
    tierOf("gold", 3_000, 150, 100),
  ],
  window: { kind: "rolling_months", months: 12 },
  expiry: { kind: "tier_start_date", months: 6 },
  roundTo: "month",
  downgrade: "one_down",
  graceDays: 15,
  onReversal: "at_once",
};

export const LIFE_REMINDERS: ReminderTerms = {
  zoneOffsetMs: CHINA_MS,
  ladderDays: [15, 7, 1],
  sendMinute: 600,
  quiet: { fromMinute: 1_260, toMinute: 540 },
  pointsMin: 10,
};
