/** When points lapse: a period from the moment they were earned, rounded in the programme's zone. Pure. */
import {
  addMonths,
  civilOf,
  dayOf,
  periodEndMs,
  periodIndex,
  startOfDayMs,
} from "../../kernel/calendar.ts";
import { DAY_MS, programmeDay } from "../../kernel/clock.ts";
import { LIMITS } from "../../kernel/limits.ts";

/** Where the end of the period is moved to. `month_of_year` is the next end of that month (1 is January). */
export type ExpiryRounding =
  | {
      readonly kind:
        | "none"
        | "day_start"
        | "day_end"
        | "week_end"
        | "month_end"
        | "quarter_end"
        | "half_year_end"
        | "year_end";
    }
  | { readonly kind: "month_of_year"; readonly month: number };

export type ExpiryRule =
  | { readonly kind: "never" }
  | { readonly kind: "at"; readonly atMs: number }
  | {
      readonly kind: "after";
      readonly amount: number;
      readonly unit: "days" | "months" | "years";
      readonly rounding: ExpiryRounding;
    };

const PERIOD_OF = {
  day_end: "day",
  week_end: "week",
  month_end: "month",
  quarter_end: "quarter",
  half_year_end: "half_year",
  year_end: "year",
} as const;

/** The first moment at which the points are gone; null: never, or after every moment that anything may be set for. */
export function expiryOf(
  rule: ExpiryRule,
  earnedAtMs: number,
  zoneOffsetMs: number,
): number | null {
  if (rule.kind === "never") return null;
  if (rule.kind === "at") return rule.atMs;
  const endMs = rounded(rule.rounding, periodEnd(rule, earnedAtMs, zoneOffsetMs), zoneOffsetMs);
  return endMs > LIMITS.timeMsMax ? null : endMs;
}

function periodEnd(
  rule: { readonly amount: number; readonly unit: "days" | "months" | "years" },
  earnedAtMs: number,
  zoneOffsetMs: number,
): number {
  if (rule.unit === "days") return earnedAtMs + rule.amount * DAY_MS;
  const day = programmeDay(earnedAtMs, zoneOffsetMs);
  const sinceMidnightMs = earnedAtMs - startOfDayMs(day, zoneOffsetMs);
  const months = rule.unit === "years" ? rule.amount * 12 : rule.amount;
  return startOfDayMs(addMonths(day, months), zoneOffsetMs) + sinceMidnightMs;
}

function rounded(rounding: ExpiryRounding, endMs: number, zoneOffsetMs: number): number {
  const day = programmeDay(endMs, zoneOffsetMs);
  switch (rounding.kind) {
    case "none":
      return endMs;
    case "day_start":
      return startOfDayMs(day, zoneOffsetMs);
    case "month_of_year": {
      const { year, month } = civilOf(day);
      const ends = month <= rounding.month ? year : year + 1;
      const next = addMonths(dayOf({ year: ends, month: rounding.month, day: 1 }), 1);
      return startOfDayMs(next, zoneOffsetMs);
    }
    default: {
      const period = PERIOD_OF[rounding.kind];
      const end = periodEndMs(period, periodIndex(period, endMs, zoneOffsetMs), zoneOffsetMs);
      return end ?? endMs;
    }
  }
}
