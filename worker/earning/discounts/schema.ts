/** What a discount on redemptions may be. Pure. */
import { z } from "zod";
import { LIMITS } from "../../kernel/limits.ts";
import { parseRule, parseWith, type Parsed } from "../rules/index.ts";
import type { RedemptionDiscount } from "./model.ts";

const moment = z.int().min(0).max(LIMITS.timeMsMax).nullable();

const schema: z.ZodType<RedemptionDiscount> = z.strictObject({
  discountId: z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/),
  version: z.int().min(1),
  title: z.string().min(1).max(LIMITS.textMax),
  startsAtMs: moment,
  endsAtMs: moment,
  condition: z.custom<RedemptionDiscount["condition"]>(),
  percent: z.int().min(1).max(99),
  priority: z.int().min(0).max(1_000),
  isStackable: z.boolean(),
});

/** Reads a discount; its window and condition are read as those of a rule are. */
export function parseDiscount(input: unknown): Parsed<RedemptionDiscount> {
  const parsed = parseWith(schema, input);
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
  return asRule.kind === "invalid" ? asRule : parsed;
}
