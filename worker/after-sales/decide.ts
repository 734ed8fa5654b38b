/** A step of the desk that gives something back, by one person or, above a figure, by two. */
import { accountOf, type CaseReply, type CaseRequest } from "../accounts/index.ts";
import type { Env } from "../platform/env.ts";

export type GiveBackRequest = CaseRequest & {
  /** Pays back all the same where the member has seen the code, or used the coupon. */
  readonly evenIfUsed: boolean;
};

/** The Account takes codes and coupons back before the points and the money leave, so that nobody holds both or neither. */
export function giveBackBy(
  env: Env,
  { evenIfUsed, ...request }: GiveBackRequest,
): Promise<CaseReply> {
  const account = accountOf(env, request.memberKey);
  const { step, ...agreed } = request;
  return step === "agree_refund"
    ? account.agreeAfterSale({ ...agreed, evenIfUsed })
    : account.stepAfterSale(request);
}
