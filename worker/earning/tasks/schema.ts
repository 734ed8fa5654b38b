/** What the terms of a task may be. Pure. */
import { z } from "zod";
import { PERIODS, type Period } from "../../kernel/calendar.ts";
import { LIMITS } from "../../kernel/limits.ts";
import { conditionSchema, EVENT_KINDS, parseRule, parseWith, type Parsed } from "../rules/index.ts";
import type { TaskTerms } from "./model.ts";

const moment = z.int().min(0).max(LIMITS.timeMsMax).nullable();

export const taskSchema: z.ZodType<TaskTerms> = z.strictObject({
  taskId: z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/),
  version: z.int().min(1),
  title: z.string().min(1).max(LIMITS.textMax),
  kind: z.enum(["newcomer", "daily", "custom"]),
  on: z.enum(EVENT_KINDS),
  condition: conditionSchema.nullable(),
  target: z.int().min(1).max(1_000),
  period: z.enum(PERIODS),
  points: z.int().min(0).max(100_000),
  growth: z.int().min(0).max(100_000),
  claim: z.enum(["auto", "by_member"]),
  newcomerDays: z.int().min(1).max(365).nullable(),
  startsAtMs: moment,
  endsAtMs: moment,
});

const DAYS_OF: Readonly<Record<Period, number>> = {
  ...{ day: 1, week: 7, month: 31, quarter: 92, half_year: 184, year: 366 },
  ever: Number.POSITIVE_INFINITY,
};

/** How often the event of a task can happen to one member in its period. */
function mostIn({ on, period }: TaskTerms): number {
  if (on === "registration") return 1;
  if (on === "check_in") return DAYS_OF[period];
  if (on === "birthday") return period === "ever" ? Number.POSITIVE_INFINITY : 1;
  return Number.POSITIVE_INFINITY;
}

/** Reads a task; its condition is read as that of a rule is, so that both refuse the same. */
export function parseTaskTerms(input: unknown): Parsed<TaskTerms> {
  const parsed = parseWith(taskSchema, input);
  if (parsed.kind === "invalid") return parsed;
  const terms = parsed.value;
  const asRule = parseRule({
    ruleId: terms.taskId,
    title: terms.title,
    on: [terms.on],
    startsAtMs: terms.startsAtMs,
    endsAtMs: terms.endsAtMs,
    condition: terms.condition,
    scope: null,
    benefit: { kind: "fixed", points: Math.max(1, terms.points) },
    priority: 0,
    isStackable: true,
    caps: [],
    expiry: null,
    pending: null,
  });
  const problems = asRule.kind === "invalid" ? [...asRule.problems] : [];
  if (terms.points === 0 && terms.growth === 0) {
    problems.push({ field: "points", reason: "nothing is ever paid" });
  }
  const most = mostIn(terms);
  if (terms.target > most) {
    problems.push({ field: "target", reason: `it happens ${most} times in the period at most` });
  }
  if (terms.kind === "newcomer" && terms.newcomerDays === null) {
    problems.push({ field: "newcomerDays", reason: "a newcomer's task needs its days" });
  }
  if (terms.kind === "newcomer" && terms.period !== "ever") {
    problems.push({ field: "period", reason: "one is a newcomer once" });
  }
  if (terms.kind === "daily" && terms.period !== "day") {
    problems.push({ field: "period", reason: "a daily task has the period of a day" });
  }
  return problems.length === 0 ? parsed : { kind: "invalid", problems };
}
