/** What a rule may be. Refuses what is negative, fractional, absurd or contradictory, and names the field. Pure. */
import { z } from "zod";
import { PERIODS } from "../../kernel/calendar.ts";
import { LIMITS } from "../../kernel/limits.ts";
import {
  capProblems,
  clashesWith,
  contradictionsOf,
  validityProblems,
  type Problem,
} from "./contradictions.ts";
import { EVENT_KINDS, type Condition, type EarnProgramme, type EarnRule } from "./types.ts";

/** Bounds of a rule: beyond them a figure is a slip of the pen. */
export const RULE_LIMITS = {
  /** Most points one fixed benefit gives. */
  fixedPointsMax: 100_000,
  /** Most points for each yuan. */
  pointsPerYuanMax: 1_000,
  percentMax: 10_000,
  priorityMax: 1_000,
  conditionDepthMax: 6,
  listMax: 200,
  capsMax: 8,
  pendingDaysMax: 365,
} as const;

const momentMs = z.int().min(0).max(LIMITS.timeMsMax);
const word = z.string().min(1).max(LIMITS.idMax);
const words = z.array(word).min(1).max(RULE_LIMITS.listMax);
const scopeWords = z.array(word).max(RULE_LIMITS.listMax).default([]);
const points = z.int().min(1).max(RULE_LIMITS.fixedPointsMax);
const minute = z.int().min(0).max(1_439);
const days = (max: number) => z.array(z.int().min(1).max(max)).min(1).max(max);

function conditionAt(depth: number): z.ZodType<Condition> {
  const leaves = [
    z.object({
      kind: z.literal("order_amount"),
      minFen: z.int().min(0).max(LIMITS.amountFenMax).nullable(),
      maxFen: z.int().min(0).max(LIMITS.amountFenMax).nullable(),
    }),
    z.object({
      kind: z.enum([
        "product",
        "category",
        "label",
        "store",
        "channel",
        "tier",
        "segment",
        "member_label",
        "custom_name",
      ]),
      in: words,
    }),
    z.object({ kind: z.literal("day_of_week"), days: days(7) }),
    z.object({ kind: z.literal("day_of_month"), days: days(31) }),
    z.object({ kind: z.literal("time_of_day"), fromMinute: minute, toMinute: minute }),
    z.object({ kind: z.literal("date_window"), fromMs: momentMs, toMs: momentMs }),
    z.object({
      kind: z.literal("nth_order"),
      from: z.int().min(1).max(100_000),
      to: z.int().min(1).max(100_000).nullable(),
    }),
    z.object({
      kind: z.literal("birthday"),
      daysBefore: z.int().min(0).max(31),
      daysAfter: z.int().min(0).max(31),
    }),
    z.object({ kind: z.literal("birthday_month") }),
  ] as const;
  if (depth === 0) return z.discriminatedUnion("kind", leaves);
  const inner = z.lazy(() => conditionAt(depth - 1));
  return z.discriminatedUnion("kind", [
    z.object({ kind: z.enum(["all", "any"]), of: z.array(inner).min(1).max(20) }),
    z.object({ kind: z.literal("not"), of: inner }),
    ...leaves,
  ]);
}

/** A condition as deep as a rule may have it. */
export const conditionSchema = conditionAt(RULE_LIMITS.conditionDepthMax);

const roundingSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.enum([
      "none",
      "day_start",
      "day_end",
      "week_end",
      "month_end",
      "quarter_end",
      "half_year_end",
      "year_end",
    ]),
  }),
  z.object({ kind: z.literal("month_of_year"), month: z.int().min(1).max(12) }),
]);

export const expirySchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("never") }),
  z.object({ kind: z.literal("at"), atMs: momentMs }),
  z.object({
    kind: z.literal("after"),
    amount: z.int().min(0).max(3_650),
    unit: z.enum(["days", "months", "years"]),
    rounding: roundingSchema,
  }),
]);

export const pendingSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("none") }),
  z.object({ kind: z.literal("days"), days: z.int().min(1).max(RULE_LIMITS.pendingDaysMax) }),
  z.object({ kind: z.literal("event") }),
]);

export const capSchema = z.object({
  period: z.enum(["order", ...PERIODS]),
  pointsMax: z.int().min(1).max(LIMITS.pointsMax).nullable(),
  timesMax: z.int().min(1).max(1_000_000).nullable(),
});

const benefitSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("per_amount"),
    points,
    perFen: z.int().min(1).max(LIMITS.amountFenMax),
    counting: z.enum(["whole_steps", "exact"]),
  }),
  z.object({ kind: z.literal("fixed"), points }),
  // Less than once would take points away, once would do nothing.
  z.object({
    kind: z.literal("multiplier"),
    percent: z.int().min(101).max(RULE_LIMITS.percentMax),
  }),
]);

const scopeSchema = z.object({
  productIds: scopeWords,
  categoryIds: scopeWords,
  labels: scopeWords,
  exceptProductIds: scopeWords,
  exceptCategoryIds: scopeWords,
  exceptLabels: scopeWords,
});

/** A rule as the editor sends it. */
export const ruleSchema: z.ZodType<EarnRule> = z.strictObject({
  ruleId: z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/),
  title: z.string().min(1).max(LIMITS.textMax),
  on: z.array(z.enum(EVENT_KINDS)).min(1).max(EVENT_KINDS.length),
  startsAtMs: momentMs.nullable(),
  endsAtMs: momentMs.nullable(),
  condition: conditionSchema.nullable(),
  scope: scopeSchema.nullable(),
  benefit: benefitSchema,
  priority: z.int().min(0).max(RULE_LIMITS.priorityMax),
  isStackable: z.boolean(),
  caps: z.array(capSchema).max(RULE_LIMITS.capsMax),
  expiry: expirySchema.nullable(),
  pending: pendingSchema.nullable(),
});

export const programmeSchema: z.ZodType<EarnProgramme> = z.strictObject({
  zoneOffsetMs: z
    .int()
    .min(-43_200_000)
    .max(50_400_000)
    .refine((offsetMs) => offsetMs % 60_000 === 0, "whole minutes"),
  rounding: z.enum(["floor", "half_up", "ceil"]),
  walletCaps: z.array(capSchema).max(RULE_LIMITS.capsMax),
  expiry: expirySchema,
  pending: pendingSchema,
});

export type Parsed<T> =
  | { readonly kind: "ok"; readonly value: T }
  | { readonly kind: "invalid"; readonly problems: readonly Problem[] };

/** Reads a draft of a rule for a programme; every problem names its field by path, such as `caps.0.pointsMax`. */
export function parseRule(
  input: unknown,
  programme: EarnProgramme | null = null,
): Parsed<EarnRule> {
  const parsed = parseWith(ruleSchema, input);
  if (parsed.kind === "invalid") return parsed;
  const own = contradictionsOf(parsed.value, RULE_LIMITS.pointsPerYuanMax);
  const problems = own.length === 0 && programme ? clashesWith(programme, parsed.value) : own;
  return problems.length === 0 ? parsed : { kind: "invalid", problems };
}

/** Reads a programme's settings. */
export function parseProgramme(input: unknown): Parsed<EarnProgramme> {
  const parsed = parseWith(programmeSchema, input);
  if (parsed.kind === "invalid") return parsed;
  const { walletCaps, expiry, pending } = parsed.value;
  const problems = [...capProblems(walletCaps, "walletCaps"), ...validityProblems(expiry, pending)];
  if (expiry.kind === "at") {
    problems.push({ field: "expiry", reason: "a programme goes on; its points need a period" });
  }
  return problems.length === 0 ? parsed : { kind: "invalid", problems };
}

/** Reads any settings by their schema, with problems in the same form. */
export function parseWith<T>(schema: z.ZodType<T>, input: unknown): Parsed<T> {
  const result = schema.safeParse(input);
  if (result.success) return { kind: "ok", value: result.data };
  const problems = result.error.issues.map((issue) => ({
    field: issue.path.join(".") || (issue.code === "unrecognized_keys" ? issue.keys.join(",") : ""),
    reason: issue.message,
  }));
  return { kind: "invalid", problems };
}
