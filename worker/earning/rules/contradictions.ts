/** What is well-formed and still cannot be meant: rules that never match, never pay, or undo themselves. Pure. */
import type { ExpiryRule } from "../../accounts/points/index.ts";
import { DAY_MS } from "../../kernel/clock.ts";
import {
  MONEY_KINDS,
  type Benefit,
  type Cap,
  type Condition,
  type EarnProgramme,
  type EarnRule,
  type PendingPolicy,
} from "./types.ts";

export interface Problem {
  /** Path of the field, such as `benefit.points`. */
  readonly field: string;
  readonly reason: string;
}

const NEEDS_MONEY: ReadonlySet<string> = new Set([
  "order_amount",
  "product",
  "category",
  "label",
  "nth_order",
]);

/** Every contradiction in a rule. `pointsPerYuanMax` bounds its rate. */
export function contradictionsOf(rule: EarnRule, pointsPerYuanMax: number): readonly Problem[] {
  return [
    ...windowProblems(rule),
    ...benefitProblems(rule, pointsPerYuanMax),
    ...capProblems(rule.caps, "caps"),
    ...(rule.condition ? conditionProblems(rule.condition, "condition", rule) : []),
    ...(new Set(rule.on).size === rule.on.length ? [] : [{ field: "on", reason: "named twice" }]),
  ];
}

function windowProblems(rule: EarnRule): Problem[] {
  const { startsAtMs, endsAtMs, expiry, pending } = rule;
  const problems: Problem[] = [];
  if (startsAtMs !== null && endsAtMs !== null && endsAtMs <= startsAtMs) {
    problems.push({ field: "endsAtMs", reason: "ends before it starts" });
  }
  return [...problems, ...fixedExpiryProblems(rule, pending), ...validityProblems(expiry, pending)];
}

/** `pending` is the rule's own waiting time, or the programme's where it has none. */
function fixedExpiryProblems(
  { expiry, endsAtMs }: EarnRule,
  pending: PendingPolicy | null,
): Problem[] {
  if (expiry?.kind !== "at") return [];
  if (endsAtMs === null) {
    return [{ field: "endsAtMs", reason: "a rule with a fixed expiry must end before it" }];
  }
  const waitsMs = pending?.kind === "days" ? pending.days * DAY_MS : 0;
  return expiry.atMs <= endsAtMs + waitsMs
    ? [{ field: "expiry.atMs", reason: "points lapse while they can be earned" }]
    : [];
}

/** The fewest days that a unit can have, rounding down included. */
const DAYS_AT_LEAST = { days: 1, months: 28, years: 365 } as const;
/** The longest validity by each unit: ten years. Longer is a slip of the pen, and `never` is a choice of its own. */
const AMOUNT_MAX = { days: 3_650, months: 120, years: 10 } as const;

/** Validities that end before they begin, or before the points are active. */
export function validityProblems(
  expiry: ExpiryRule | null,
  pending: PendingPolicy | null,
): readonly Problem[] {
  if (expiry?.kind !== "after") return [];
  const { amount, unit, rounding } = expiry;
  if (amount > AMOUNT_MAX[unit]) {
    return [{ field: "expiry.amount", reason: `over ${AMOUNT_MAX[unit]} ${unit}` }];
  }
  if (amount === 0 && (rounding.kind === "none" || rounding.kind === "day_start")) {
    return [{ field: "expiry.amount", reason: "points lapse the moment they are earned" }];
  }
  if (pending?.kind === "days" && pending.days >= amount * DAYS_AT_LEAST[unit]) {
    return [{ field: "pending.days", reason: "points lapse before they are active" }];
  }
  return [];
}

/** The fewest points that a benefit gives where it gives any. */
function leastAwardOf(benefit: Benefit): number {
  const isWhole = benefit.kind === "per_amount" && benefit.counting === "whole_steps";
  return benefit.kind === "fixed" || isWhole ? benefit.points : 1;
}

/**
 * A rule takes the programme's validity or waiting time where it has none of its own, and stands under the caps of the
 * wallet; together they must make sense.
 */
export function clashesWith(programme: EarnProgramme, rule: EarnRule): readonly Problem[] {
  const least = leastAwardOf(rule.benefit);
  const expiry = rule.expiry ?? programme.expiry;
  const pending = rule.pending ?? programme.pending;
  const tight = programme.walletCaps.find(
    ({ pointsMax }) => pointsMax !== null && pointsMax < least,
  );
  return [
    ...fixedExpiryProblems(rule, pending),
    ...validityProblems(expiry, pending),
    ...(tight
      ? [{ field: "benefit.points", reason: `over the wallet's cap of a ${tight.period}` }]
      : []),
  ];
}

function benefitProblems(rule: EarnRule, pointsPerYuanMax: number): Problem[] {
  const { benefit } = rule;
  const problems: Problem[] = [];
  const hasMoney = rule.on.every((kind) => MONEY_KINDS.has(kind));
  if (benefit.kind === "per_amount") {
    if (!hasMoney) problems.push({ field: "on", reason: "only orders carry an amount" });
    if ((benefit.points * 100) / benefit.perFen > pointsPerYuanMax) {
      problems.push({ field: "benefit.points", reason: `over ${pointsPerYuanMax} points a yuan` });
    }
  } else if (rule.scope) {
    problems.push({ field: "scope", reason: "only a benefit per amount counts lines" });
  }
  const least = leastAwardOf(benefit);
  rule.caps.forEach((cap, at) => {
    if (cap.pointsMax !== null && cap.pointsMax < least) {
      problems.push({ field: `caps.${at}.pointsMax`, reason: "less than one award" });
    }
  });
  return problems;
}

const ORDER_OF_PERIODS = ["order", "day", "week", "month", "quarter", "half_year", "year", "ever"];

/** Caps that say nothing, say it twice, or allow more in a day than in its month. */
export function capProblems(caps: readonly Cap[], field: string): Problem[] {
  const problems: Problem[] = [];
  caps.forEach((cap, at) => {
    if (cap.pointsMax === null && cap.timesMax === null) {
      problems.push({ field: `${field}.${at}`, reason: "limits nothing" });
    }
    if (cap.period === "order" && cap.timesMax !== null) {
      problems.push({ field: `${field}.${at}.timesMax`, reason: "an order is counted once" });
    }
    caps.forEach((other, otherAt) => {
      if (otherAt <= at) return;
      if (other.period === cap.period) {
        problems.push({ field: `${field}.${otherAt}.period`, reason: "limited twice" });
      }
    });
    for (const other of caps) {
      const isShorter =
        ORDER_OF_PERIODS.indexOf(cap.period) < ORDER_OF_PERIODS.indexOf(other.period);
      if (!isShorter) continue;
      if ((cap.pointsMax ?? 0) > (other.pointsMax ?? Number.POSITIVE_INFINITY)) {
        problems.push({
          field: `${field}.${at}.pointsMax`,
          reason: `over that of ${other.period}`,
        });
      }
      if ((cap.timesMax ?? 0) > (other.timesMax ?? Number.POSITIVE_INFINITY)) {
        problems.push({ field: `${field}.${at}.timesMax`, reason: `over that of ${other.period}` });
      }
    }
  });
  return problems;
}

function conditionProblems(condition: Condition, field: string, rule: EarnRule): Problem[] {
  switch (condition.kind) {
    case "all":
    case "any": {
      const inner = condition.of.flatMap((one, at) =>
        conditionProblems(one, `${field}.of.${at}`, rule),
      );
      const clash = condition.kind === "all" ? disjoint(condition.of, field) : [];
      return [...inner, ...clash];
    }
    case "not":
      return conditionProblems(condition.of, `${field}.of`, rule);
    case "order_amount":
      return [
        ...leafProblems(condition, field, rule),
        ...((condition.maxFen ?? Number.POSITIVE_INFINITY) < (condition.minFen ?? 0)
          ? [{ field: `${field}.maxFen`, reason: "below the minimum" }]
          : []),
        ...(condition.maxFen === null && condition.minFen === null
          ? [{ field, reason: "limits nothing" }]
          : []),
      ];
    case "nth_order":
      return [
        ...leafProblems(condition, field, rule),
        ...((condition.to ?? condition.from) < condition.from
          ? [{ field: `${field}.to`, reason: "before the first" }]
          : []),
      ];
    case "date_window":
      return windowConditionProblems(condition, field, rule);
    case "time_of_day":
      return condition.toMinute === condition.fromMinute
        ? [{ field: `${field}.toMinute`, reason: "a window of no length" }]
        : [];
    default:
      return leafProblems(condition, field, rule);
  }
}

function windowConditionProblems(
  { fromMs, toMs }: Extract<Condition, { kind: "date_window" }>,
  field: string,
  { startsAtMs, endsAtMs }: EarnRule,
): Problem[] {
  if (toMs <= fromMs) return [{ field: `${field}.toMs`, reason: "ends before it starts" }];
  if (startsAtMs !== null && toMs <= startsAtMs) {
    return [{ field: `${field}.toMs`, reason: "is over before the rule starts" }];
  }
  return endsAtMs !== null && fromMs >= endsAtMs
    ? [{ field: `${field}.fromMs`, reason: "begins after the rule has ended" }]
    : [];
}

function leafProblems(condition: Condition, field: string, rule: EarnRule): Problem[] {
  const problems: Problem[] = [];
  if (NEEDS_MONEY.has(condition.kind) && !rule.on.some((kind) => MONEY_KINDS.has(kind))) {
    problems.push({ field, reason: "no event of this rule has an order" });
  }
  if (condition.kind === "custom_name" && !rule.on.includes("custom")) {
    problems.push({ field, reason: "no event of this rule has a name" });
  }
  return problems;
}

type ListCondition = Extract<Condition, { readonly in: readonly string[] }>;
/** Kinds of which an event or a member has one only, so two lists without a common word exclude each other. */
const SINGLE: ReadonlySet<string> = new Set(["store", "channel", "tier", "custom_name"]);

/** Pairs under one `all` that no event can meet together. */
function disjoint(conditions: readonly Condition[], field: string): Problem[] {
  const problems: Problem[] = [];
  conditions.forEach((left, at) => {
    conditions.slice(at + 1).forEach((right, after) => {
      if (canBothHold(left, right)) return;
      const place = `${field}.of.${at + 1 + after}`;
      problems.push({ field: place, reason: "contradicts another condition" });
    });
  });
  return problems;
}

function canBothHold(left: Condition, right: Condition): boolean {
  if (left.kind === "not") return !isSame(left.of, right);
  if (right.kind === "not") return !isSame(right.of, left);
  if (left.kind !== right.kind) return true;
  if (SINGLE.has(left.kind)) {
    const words = (right as ListCondition).in;
    return (left as ListCondition).in.some((one) => words.includes(one));
  }
  if (left.kind === "day_of_week" || left.kind === "day_of_month") {
    const { days } = right as typeof left;
    return left.days.some((day) => days.includes(day));
  }
  if (left.kind === "order_amount") {
    const other = right as typeof left;
    return overlap(left.minFen, left.maxFen, other.minFen, other.maxFen);
  }
  if (left.kind === "nth_order") {
    const other = right as typeof left;
    return overlap(left.from, left.to, other.from, other.to);
  }
  if (left.kind === "date_window") {
    const other = right as typeof left;
    return left.fromMs < other.toMs && other.fromMs < left.toMs;
  }
  return true;
}

function isSame(left: Condition, right: Condition): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

function overlap(
  from: number | null,
  to: number | null,
  otherFrom: number | null,
  otherTo: number | null,
): boolean {
  const most = Number.POSITIVE_INFINITY;
  return (from ?? 0) <= (otherTo ?? most) && (otherFrom ?? 0) <= (to ?? most);
}
