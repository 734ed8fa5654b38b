/** Which lives cost money, and what their members do with an order once it is granted. */
import type { GoodsKind } from "../../../worker/kernel/goods-kind.ts";
import type { ProviderName } from "../../../worker/payments/provider.ts";
import type { Random } from "../../../worker/testing/simulation/random.ts";
import type { Plan } from "../plan.ts";

export interface CashPlan {
  /** What an order is for: something that is sent, codes that a vault issues, a right at a store, or a supplier's top-up. */
  readonly goods: GoodsKind;
  /** Who carries the money of a page on a phone. */
  readonly provider: ProviderName;
  /** Of one unit, fen. */
  readonly priceFen: number;
  /** Members leave money with the merchant, and pay with it and with points, here and at other tills. */
  readonly spends: boolean;
  /** Phones lie there for a while before they open the cashier of a provider that hears of a trade only then. */
  readonly opensLate: boolean;
  /** What members and staff do is drawn from it, in the order in which they do it. */
  readonly random: Random;
}

/** Orders live long after their sale, so only small sales pay, and of these not all. */
export const WALKS_SHARE = 0.2;
/** What they sell; the dearer a walk, the rarer. */
const GOODS = [
  ...(["physical", "physical", "physical", "physical", "card_code", "card_code"] as const),
  ...(["local_service", "coupon", "virtual", "virtual", "virtual"] as const),
] as const;
/** Of these, the share that spends points and stored value. */
const SPENDS_SHARE = 0.4;
/** Of those that pay by Alipay, the share whose cashier is opened late. */
const OPENS_LATE_SHARE = 0.4;
const MEMBERS_MAX = 30;

/** Null: nobody pays. Drawn apart from the rest of a life, so that a life without money stays what it was. */
export function makeCash(random: Random, plan: Plan, share: number): CashPlan | null {
  if (plan.members.length > MEMBERS_MAX || !random.chance(share)) return null;
  const goods = random.pick(GOODS);
  const priceFen = random.pick([100, 990, 990, 12_345]);
  const provider = random.pick(["wechat", "wechat", "alipay"] as const);
  const spends = random.chance(SPENDS_SHARE);
  const opensLate = provider === "alipay" && random.chance(OPENS_LATE_SHARE);
  return { goods, provider, priceFen, spends, opensLate, random };
}
