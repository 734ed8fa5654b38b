/** What tiers may be. Pure. */
import { z } from "zod";
import { LIMITS } from "../kernel/limits.ts";
import { parseWith, type Parsed, type Problem } from "../earning/rules/index.ts";
import type { TierTerms } from "./model.ts";

const months = z.int().min(1).max(120);
const benefits = z.strictObject({
  earnPercent: z.int().min(100).max(1_000),
  redeemPercent: z.int().min(1).max(100),
  checkInBonus: z.int().min(0).max(10_000),
  hasExclusivePool: z.boolean(),
  giftPoints: z.int().min(0).max(100_000),
});

export const tierSchema: z.ZodType<TierTerms> = z.strictObject({
  version: z.int().min(1),
  zoneOffsetMs: z.int().min(-43_200_000).max(50_400_000),
  tiers: z
    .array(
      z.strictObject({
        tierId: z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/),
        title: z.string().min(1).max(LIMITS.textMax),
        growthMin: z.int().min(0).max(LIMITS.pointsMax),
        benefits,
      }),
    )
    .min(1)
    .max(20),
  window: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("lifetime") }),
    z.strictObject({ kind: z.literal("calendar_year") }),
    z.strictObject({ kind: z.literal("rolling_months"), months: z.int().min(1).max(36) }),
  ]),
  expiry: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("never") }),
    z.strictObject({ kind: z.literal("tier_start_date"), months }),
    z.strictObject({ kind: z.literal("program_join_date"), months }),
    z.strictObject({ kind: z.literal("customer_attribute") }),
    z.strictObject({
      kind: z.literal("absolute_expiration"),
      cycleStartMs: z.int().min(0).max(LIMITS.timeMsMax),
      months,
    }),
  ]),
  roundTo: z.enum(["none", "day", "week", "month", "year"]),
  downgrade: z.enum(["one_down", "balance_based"]),
  graceDays: z.int().min(0).max(365),
  onReversal: z.enum(["at_once", "at_expiry"]),
});

/** What makes no difference to a tier that never ends, and would be believed to. */
function neverProblems({ window, graceDays, onReversal }: TierTerms): Problem[] {
  const problems: Problem[] = [];
  if (window.kind !== "lifetime") {
    problems.push({ field: "window", reason: "a tier that never ends never looks at a window" });
  }
  if (graceDays > 0) {
    problems.push({ field: "graceDays", reason: "a tier that never ends has no grace" });
  }
  if (onReversal === "at_expiry") {
    problems.push({ field: "onReversal", reason: "a tier that never ends is never looked at" });
  }
  return problems;
}

/** Reads tier terms; problems name their field, such as `tiers.1.growthMin`. */
export function parseTierTerms(input: unknown): Parsed<TierTerms> {
  const parsed = parseWith(tierSchema, input);
  if (parsed.kind === "invalid") return parsed;
  const { tiers, expiry } = parsed.value;
  const problems: Problem[] = [];
  if (tiers[0]?.growthMin !== 0) {
    problems.push({ field: "tiers.0.growthMin", reason: "the first tier is everybody's" });
  }
  tiers.forEach((tier, at) => {
    const before = tiers[at - 1];
    if (before && before.growthMin >= tier.growthMin) {
      problems.push({ field: `tiers.${at}.growthMin`, reason: "not above the tier before" });
    }
    if (tiers.findIndex((other) => other.tierId === tier.tierId) < at) {
      problems.push({ field: `tiers.${at}.tierId`, reason: "named twice" });
    }
  });
  if (expiry.kind === "never") problems.push(...neverProblems(parsed.value));
  return problems.length === 0 ? parsed : { kind: "invalid", problems };
}
