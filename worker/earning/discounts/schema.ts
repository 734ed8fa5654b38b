/** What discounts on redemptions may be. Pure. */
import { z } from "zod";
import { LIMITS } from "../../kernel/limits.ts";
import {
  conditionSchema,
  parseRule,
  parseWith,
  type Condition,
  type Parsed,
  type Problem,
} from "../rules/index.ts";
import type { DiscountTerms, RedemptionDiscount } from "./model.ts";

export const DISCOUNTS_MAX = 50;
const moment = z.int().min(0).max(LIMITS.timeMsMax).nullable();

export const discountSchema: z.ZodType<RedemptionDiscount> = z.strictObject({
  discountId: z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/),
  version: z.int().min(1),
  title: z.string().min(1).max(LIMITS.textMax),
  startsAtMs: moment,
  endsAtMs: moment,
  condition: conditionSchema.nullable(),
  percent: z.int().min(1).max(99),
  priority: z.int().min(0).max(1_000),
  isStackable: z.boolean(),
});

/** What a price can ask of a redemption before it is made: when it is, who the member is, which goods. */
const ASKABLE: ReadonlySet<Condition["kind"]> = new Set([
  "all",
  "any",
  "not",
  "product",
  "tier",
  "segment",
  "member_label",
  "day_of_week",
  "day_of_month",
  "time_of_day",
  "date_window",
  "birthday",
  "birthday_month",
]);

function unaskable(condition: Condition | null): Condition["kind"] | null {
  if (!condition) return null;
  if (!ASKABLE.has(condition.kind)) return condition.kind;
  if (condition.kind === "not") return unaskable(condition.of);
  if (condition.kind !== "all" && condition.kind !== "any") return null;
  for (const one of condition.of) {
    const found = unaskable(one);
    if (found) return found;
  }
  return null;
}

/** Reads a discount; its window and condition are read as those of a rule are. */
export function parseDiscount(input: unknown): Parsed<RedemptionDiscount> {
  const parsed = parseWith(discountSchema, input);
  if (parsed.kind === "invalid") return parsed;
  const { discountId, title, startsAtMs, endsAtMs, condition, priority, isStackable } =
    parsed.value;
  const asRule = parseRule({
    ruleId: discountId,
    title,
    on: ["order"],
    startsAtMs,
    endsAtMs,
    condition,
    scope: null,
    benefit: { kind: "fixed", points: 1 },
    priority,
    isStackable,
    caps: [],
    expiry: null,
    pending: null,
  });
  if (asRule.kind === "invalid") return asRule;
  const kind = unaskable(condition);
  if (!kind) return parsed;
  return invalid("condition", `a price cannot ask for ${kind}`);
}

function invalid(field: string, reason: string): { kind: "invalid"; problems: Problem[] } {
  return { kind: "invalid", problems: [{ field, reason }] };
}

/** For forms: what the editor sends, discount by discount. */
export const discountTermsSchema = z.strictObject({
  version: z.int().min(1),
  standing: z.boolean(),
  flash: z.boolean(),
  discounts: z.array(discountSchema).max(DISCOUNTS_MAX),
});

const termsSchema = z.strictObject({
  version: z.int().min(1),
  standing: z.boolean(),
  flash: z.boolean(),
  discounts: z.array(z.record(z.string(), z.unknown())).max(DISCOUNTS_MAX),
});

/** Reads the terms. A discount carries the version of the terms it came with. */
export function parseDiscountTerms(input: unknown): Parsed<DiscountTerms> {
  const parsed = parseWith(termsSchema, input);
  if (parsed.kind === "invalid") return parsed;
  const { version, discounts, ...rest } = parsed.value;
  const problems: Problem[] = [];
  const read: RedemptionDiscount[] = [];
  discounts.forEach((one, at) => {
    const discount = parseDiscount({ ...one, version });
    if (discount.kind === "ok") read.push(discount.value);
    else {
      for (const { field, reason } of discount.problems)
        problems.push({ field: `discounts.${at}.${field}`, reason });
    }
  });
  const ids = discounts.map((one) => one["discountId"]);
  ids.forEach((id, at) => {
    if (ids.indexOf(id) !== at)
      problems.push({ field: `discounts.${at}.discountId`, reason: "is there twice" });
  });
  if (problems.length > 0) return { kind: "invalid", problems };
  return { kind: "ok", value: { version, ...rest, discounts: read } };
}
