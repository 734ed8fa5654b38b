/** The discounts' door. Pure. */
export {
  DEFAULT_DISCOUNTS,
  listPrice,
  memberPrice,
  takesPart,
  type AppliedDiscount,
  type DiscountTerms,
  type MemberPrice,
  type RedemptionDiscount,
  type TierPercent,
} from "./model.ts";
export { discountTermsSchema, parseDiscount, parseDiscountTerms } from "./schema.ts";
