/** The discounts' door. Pure. */
export {
  memberPrice,
  type AppliedDiscount,
  type MemberPrice,
  type RedemptionDiscount,
} from "./model.ts";
export { parseDiscount } from "./schema.ts";
