/** A programme's terms for tests: plain, and changed where a test says so. */
import {
  assembleTerms,
  type ProgrammeTerms,
  type RuleWindow,
  type StoredTask,
} from "../../earning/programme/index.ts";
import type { EarnRule } from "../../earning/rules/index.ts";
import type { TierTerms } from "../../tiers/index.ts";
import { CHINA_MS, PROGRAMME, ruleOf } from "./earning.ts";
import { LIFE_CHECK_IN, LIFE_INVITES, LIFE_REMINDERS, LIFE_TIERS } from "./life-terms.ts";

export const TERMS: ProgrammeTerms = assembleTerms(
  "demo",
  1,
  {
    earn: { ...PROGRAMME, expiry: { kind: "never" } },
    check_in: { ...LIFE_CHECK_IN, cycle: "endless", streak: [], cumulative: [], dailyPoints: 5 },
    invites: LIFE_INVITES,
    growth: { version: 1, perAmount: { growth: 1, perFen: 100 }, registration: 0, checkIn: 0 },
  },
  [],
  [],
);

/** Rules in force since ever. */
export const windows = (...rules: readonly Partial<EarnRule>[]): RuleWindow[] =>
  rules.map((rule, at) => ({
    rule: ruleOf({ ruleId: `r${at}`, ...rule }),
    version: 1,
    fromMs: 0,
    untilMs: null,
  }));

export function taskOf(more: Partial<StoredTask> = {}): StoredTask {
  return {
    taskId: "buy-twice",
    version: 1,
    title: "Buy twice",
    kind: "custom",
    on: "order",
    condition: null,
    target: 2,
    period: "ever",
    points: 40,
    growth: 0,
    claim: "by_member",
    newcomerDays: null,
    startsAtMs: null,
    endsAtMs: null,
    detail: "",
    link: null,
    ...more,
  };
}

export const NO_GRACE_TIERS: TierTerms = {
  ...LIFE_TIERS,
  zoneOffsetMs: CHINA_MS,
  roundTo: "none",
  graceDays: 0,
};

export const REMINDERS = { ...LIFE_REMINDERS, quiet: null };
