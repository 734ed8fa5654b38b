/** What the terms of a programme may be, kind by kind. Each is read by its own module; here they are held together. Pure. */
import { z } from "zod";
import { CLAWBACK_POLICIES } from "../../accounts/points/index.ts";
import { LIMITS } from "../../kernel/limits.ts";
import { parseReminderTerms } from "../../reminders/index.ts";
import { parseTierTerms } from "../../tiers/index.ts";
import { parseCheckInTerms } from "../check-in/index.ts";
import { parseDiscountTerms } from "../discounts/index.ts";
import { parseInviteTerms } from "../invites/index.ts";
import type { ApprovalTerms } from "../manual/index.ts";
import {
  parseProgramme,
  parseWith,
  RULE_LIMITS,
  type Parsed,
  type Problem,
} from "../rules/index.ts";
import { parseTaskTerms } from "../tasks/index.ts";
import {
  DEFAULT_TERMS,
  PROGRAMME_LIMITS,
  type GrowthTerms,
  type ProgrammeTerms,
  type SavedTerms,
  type StoredTask,
  type TermsKind,
  type TermsOf,
} from "./model.ts";

const growth = z.int().min(0).max(100_000);
export const growthSchema: z.ZodType<GrowthTerms> = z.strictObject({
  version: z.int().min(1),
  perAmount: z
    .strictObject({ growth: growth.min(1), perFen: z.int().min(1).max(LIMITS.amountFenMax) })
    .nullable(),
  registration: growth,
  checkIn: growth,
});

export const approvalSchema: z.ZodType<ApprovalTerms> = z.strictObject({
  pointsFrom: z.int().min(1).max(LIMITS.pointsMax),
  alonePerDayMax: z.int().min(0).max(LIMITS.pointsMax),
});

export const refundSchema: z.ZodType<TermsOf["refund"]> = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("grace"), days: z.int().min(1).max(365) }),
  z.strictObject({ kind: z.literal("forfeit") }),
]);

export const clawbackSchema: z.ZodType<TermsOf["clawback"]> = z.strictObject({
  policy: z.enum(CLAWBACK_POLICIES),
});

export const rateSchema: z.ZodType<TermsOf["rate"]> = z.strictObject({
  rate: z.strictObject({
    points: z.int().min(1).max(1_000_000),
    fen: z.int().min(1).max(1_000_000),
  }),
  pointsMin: z.int().min(0).max(LIMITS.pointsMax),
  percentMax: z.int().min(0).max(100),
  pointsMax: z.int().min(1).max(LIMITS.pointsMax).nullable(),
});

export const offsetSchema: z.ZodType<TermsOf["offset"]> = z.strictObject({
  version: z.int().min(1),
  tills: z.boolean(),
  mall: z.boolean(),
  isStackable: z.boolean(),
  holdMinutes: z.int().min(1).max(1_440),
});

const yuanFen = z.int().min(1).max(LIMITS.amountFenMax);
export const storedValueSchema: z.ZodType<TermsOf["stored_value"]> = z.strictObject({
  version: z.int().min(1),
  isOn: z.boolean(),
  choicesFen: z.array(yuanFen).max(8),
  topUpMinFen: yuanFen,
  topUpMaxFen: yuanFen,
  balanceMaxFen: yuanFen,
});

function parseStoredValue(input: unknown): Parsed<TermsOf["stored_value"]> {
  const parsed = parseWith(storedValueSchema, input);
  if (parsed.kind === "invalid") return parsed;
  const { choicesFen, topUpMinFen, topUpMaxFen, balanceMaxFen } = parsed.value;
  const problems: Problem[] = [];
  if (topUpMaxFen < topUpMinFen) problems.push({ field: "topUpMaxFen", reason: "below the least" });
  if (balanceMaxFen < topUpMaxFen) {
    problems.push({ field: "balanceMaxFen", reason: "below what may come in at once" });
  }
  choicesFen.forEach((fen, at) => {
    if (fen < topUpMinFen || fen > topUpMaxFen)
      problems.push({ field: `choicesFen.${at}`, reason: "outside what may come in at once" });
  });
  return problems.length === 0 ? parsed : { kind: "invalid", problems };
}

/** As many as points: beyond it a figure is a slip of the pen, and a life of it is no exact number any more. */
const GROWTH_PER_YUAN_MAX = RULE_LIMITS.pointsPerYuanMax;

function parseGrowth(input: unknown): Parsed<GrowthTerms> {
  const parsed = parseWith(growthSchema, input);
  if (parsed.kind === "invalid" || !parsed.value.perAmount) return parsed;
  const { growth: given, perFen } = parsed.value.perAmount;
  if ((given * 100) / perFen <= GROWTH_PER_YUAN_MAX) return parsed;
  const reason = `over ${GROWTH_PER_YUAN_MAX} a yuan`;
  return { kind: "invalid", problems: [{ field: "perAmount.growth", reason }] };
}

/** A hundred yuan a point would be a slip of the pen. */
const FEN_PER_POINT_MAX = 10_000;

function parseRate(input: unknown): Parsed<TermsOf["rate"]> {
  const parsed = parseWith(rateSchema, input);
  if (parsed.kind === "invalid") return parsed;
  const { rate, pointsMin, pointsMax } = parsed.value;
  const problems: Problem[] = [];
  if (rate.fen > rate.points * FEN_PER_POINT_MAX) {
    problems.push({ field: "rate.fen", reason: "a point would be worth more than ¥100" });
  }
  if (pointsMax !== null && pointsMax < pointsMin) {
    problems.push({ field: "pointsMax", reason: "below pointsMin" });
  }
  return problems.length === 0 ? parsed : { kind: "invalid", problems };
}

function parseApproval(input: unknown): Parsed<ApprovalTerms> {
  const parsed = parseWith(approvalSchema, input);
  if (parsed.kind === "invalid") return parsed;
  const { pointsFrom, alonePerDayMax } = parsed.value;
  return alonePerDayMax > 0 && alonePerDayMax < pointsFrom - 1
    ? {
        kind: "invalid",
        problems: [{ field: "alonePerDayMax", reason: "below what one person may move at once" }],
      }
    : parsed;
}

const PARSERS: { readonly [K in TermsKind]: (input: unknown) => Parsed<TermsOf[K]> } = {
  earn: parseProgramme,
  check_in: parseCheckInTerms,
  invites: parseInviteTerms,
  tiers: parseTierTerms,
  growth: parseGrowth,
  reminders: parseReminderTerms,
  approval: parseApproval,
  refund: (input) => parseWith(refundSchema, input),
  clawback: (input) => parseWith(clawbackSchema, input),
  rate: parseRate,
  discounts: parseDiscountTerms,
  offset: (input) => parseWith(offsetSchema, input),
  stored_value: parseStoredValue,
};

const WITH_VERSION: ReadonlySet<TermsKind> = new Set([
  "check_in",
  "invites",
  "tiers",
  "growth",
  "discounts",
  "offset",
  "stored_value",
]);
const WITH_ZONE: ReadonlySet<TermsKind> = new Set(["check_in", "invites", "tiers", "reminders"]);

/** Reads terms of one kind. The programme's zone and the number of the version are filled in; another zone is refused. */
export function parseTerms<K extends TermsKind>(
  kind: K,
  input: Readonly<Record<string, unknown>>,
  version: number,
  saved: SavedTerms,
): Parsed<TermsOf[K]> {
  const { zoneOffsetMs } = saved.earn ?? DEFAULT_TERMS.earn;
  const problems: Problem[] = [];
  const given = input["zoneOffsetMs"];
  if (WITH_ZONE.has(kind) && given !== undefined && given !== zoneOffsetMs) {
    problems.push({ field: "zoneOffsetMs", reason: `the programme's is ${zoneOffsetMs}` });
  }
  if (kind === "earn" && saved.earn && given !== undefined && given !== zoneOffsetMs) {
    // Days that were counted would become other days.
    problems.push({ field: "zoneOffsetMs", reason: "a programme keeps its zone" });
  }
  if (problems.length > 0) return { kind: "invalid", problems };
  return PARSERS[kind]({
    ...input,
    ...(WITH_ZONE.has(kind) || (kind === "earn" && given === undefined) ? { zoneOffsetMs } : {}),
    ...(WITH_VERSION.has(kind) ? { version } : {}),
  });
}

export const taskPageSchema = z.object({
  detail: z.string().trim().max(LIMITS.textMax).default(""),
  link: z
    .string()
    .max(200)
    .regex(/^\/(?!\/)[0-9A-Za-z/_.-]*$/, "a path on this origin")
    .nullable()
    .default(null),
});

/** Reads a task with what its page says. */
export function parseTask(
  input: Readonly<Record<string, unknown>>,
  version: number,
): Parsed<StoredTask> {
  const { detail, link, ...terms } = input;
  const page = parseWith(taskPageSchema, { detail, link });
  const parsed = parseTaskTerms({ ...terms, version });
  if (parsed.kind === "ok" && page.kind === "ok") {
    return { kind: "ok", value: { ...parsed.value, ...page.value } };
  }
  return {
    kind: "invalid",
    problems: [parsed, page].flatMap((one) => (one.kind === "invalid" ? one.problems : [])),
  };
}

/** Whether terms are few and small enough to travel with a command. */
export function sizeProblem(terms: ProgrammeTerms, nowMs: number): Problem | null {
  const live = (window: { readonly untilMs: number | null }): boolean =>
    window.untilMs === null || window.untilMs > nowMs;
  if (terms.rules.filter(live).length > PROGRAMME_LIMITS.rulesMax) {
    return { field: "rules", reason: `more than ${PROGRAMME_LIMITS.rulesMax} are published` };
  }
  if (terms.tasks.filter(live).length > PROGRAMME_LIMITS.tasksMax) {
    return { field: "tasks", reason: `more than ${PROGRAMME_LIMITS.tasksMax} are published` };
  }
  return new TextEncoder().encode(JSON.stringify(terms)).length > PROGRAMME_LIMITS.bytesMax
    ? { field: "rules", reason: `the programme's text is over ${PROGRAMME_LIMITS.bytesMax} bytes` }
    : null;
}

const windowSchema = { fromMs: z.int(), untilMs: z.int().nullable() };
const shapeSchema = z.object({
  programmeId: z.string().min(1).max(LIMITS.idMax),
  revision: z.int().min(0),
  rules: z.array(z.object({ ...windowSchema, rule: z.object({}), version: z.int().min(1) })),
  tasks: z.array(z.object({ ...windowSchema, task: z.object({}) })),
});

/** Whether a value that came with a command is the terms of this programme, and of bounded size. */
export function isProgrammeTerms(value: unknown, programmeId: string): value is ProgrammeTerms {
  const shape = shapeSchema.safeParse(value);
  if (!shape.success || shape.data.programmeId !== programmeId) return false;
  return new TextEncoder().encode(JSON.stringify(value)).length <= PROGRAMME_LIMITS.bytesMax;
}
