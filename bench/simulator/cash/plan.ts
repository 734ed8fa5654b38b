/** Which lives cost money, and what their members do with an order once it is granted. */
import type { Random } from "../../../worker/testing/simulation/random.ts";
import type { Plan } from "../plan.ts";

export interface CashPlan {
  /** What an order is for: something that is sent, or codes that a vault issues. */
  readonly goods: "physical" | "card_code";
  /** Of one unit, fen. */
  readonly priceFen: number;
  /** What members and staff do is drawn from it, in the order in which they do it. */
  readonly random: Random;
}

/** Orders live long after their sale, so only small sales pay, and of these not all. */
export const WALKS_SHARE = 0.2;
/** Of these, the share that sells card codes. */
const CARDS_SHARE = 0.3;
const MEMBERS_MAX = 30;

/** Null: nobody pays. Drawn apart from the rest of a life, so that a life without money stays what it was. */
export function makeCash(random: Random, plan: Plan, share: number): CashPlan | null {
  if (plan.members.length > MEMBERS_MAX || !random.chance(share)) return null;
  const goods = random.chance(CARDS_SHARE) ? "card_code" : "physical";
  return { goods, priceFen: random.pick([100, 990, 990, 12_345]), random };
}
