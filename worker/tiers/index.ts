/** The tiers' door. */
export {
  addGrowth,
  evaluateTier,
  EXCLUSIVE_POOL_SEGMENT,
  newTierState,
  withAttributeEnd,
  type Tier,
  type TierBenefits,
  type TierExpiry,
  type TierOutcome,
  type TierState,
  type TierTerms,
} from "./model.ts";
export { buyMembership } from "./membership.ts";
export { MONEY_METHODS, type MembershipPrice } from "./price.ts";
export { joinTiers, summed } from "./join.ts";
export { parseTierTerms, tierSchema } from "./schema.ts";
export { effectiveTier, tierDueAtMs, tierView, type EffectiveTier, type TierView } from "./view.ts";
