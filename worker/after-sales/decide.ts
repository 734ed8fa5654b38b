/** A step of the desk that gives something back, by one person or, above a figure, by two. */
import {
  accountOf,
  AFTER_SALE_MOVES,
  mustTakeBack,
  type CaseReply,
  type CaseRequest,
} from "../accounts/index.ts";
import { takeBackGoods } from "../fulfilment/index.ts";
import { splitMemberKey } from "../kernel/ids.ts";
import type { Env } from "../platform/env.ts";

/** The member has seen the code, or used the coupon: paying back all the same has to be said. */
export interface GoodsUsed {
  readonly kind: "goods_used";
}

/** Codes and coupons are taken back before the points and the money leave, so that nobody holds both. */
export async function giveBackBy(
  env: Env,
  { evenIfUsed, ...request }: CaseRequest & { readonly evenIfUsed: boolean },
): Promise<CaseReply | GoodsUsed> {
  const { memberKey, orderId, caseId, step } = request;
  const account = accountOf(env, memberKey);
  const known = await account.order(memberKey, orderId);
  const one = known?.life?.afterSales.find((some) => some.caseId === caseId);
  const isPossible = one !== undefined && AFTER_SALE_MOVES[step][one.state] !== undefined;
  if (isPossible && known?.life && mustTakeBack(known.life, step)) {
    const { programmeId, memberId } = splitMemberKey(memberKey);
    const taken = await takeBackGoods(env, programmeId, { memberId, orderId });
    if (taken === "used" && !evenIfUsed) return { kind: "goods_used" };
  }
  return account.stepAfterSale(request);
}
