/** A step of the desk that gives something back, by one person or, above a figure, by two. */
import {
  accountOf,
  AFTER_SALE_MOVES,
  type CaseReply,
  type CaseRequest,
} from "../accounts/index.ts";
import { takeBackGoods } from "../fulfilment/index.ts";
import { splitMemberKey } from "../kernel/ids.ts";
import type { Env } from "../platform/env.ts";

const DELIVERS_ITSELF: ReadonlySet<string> = new Set(["card_code", "coupon"]);

/**
 * Codes and coupons are taken back before the points and the money leave, so that nobody holds both; what was seen or used
 * already stays with the member, and paying for it all the same is what the desk just decided.
 */
export async function giveBackBy(env: Env, request: CaseRequest): Promise<CaseReply> {
  const { memberKey, orderId, caseId, step } = request;
  const account = accountOf(env, memberKey);
  const known = await account.order(memberKey, orderId);
  const one = known?.life?.afterSales.find((some) => some.caseId === caseId);
  const isPossible = one !== undefined && AFTER_SALE_MOVES[step][one.state] !== undefined;
  if (isPossible && known?.life && DELIVERS_ITSELF.has(known.life.goodsKind)) {
    const { programmeId, memberId } = splitMemberKey(memberKey);
    await takeBackGoods(env, programmeId, { memberId, orderId });
  }
  return account.stepAfterSale(request);
}
