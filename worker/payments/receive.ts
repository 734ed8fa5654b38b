/** Proven money reaches what it was for: an order, or the stored value of its member. */
import { accountOf } from "../accounts/index.ts";
import { memberKeyOf } from "../kernel/ids.ts";
import type { Env } from "../platform/env.ts";
import { reportTraits } from "../earning/index.ts";
import { payerTrait, type PaidWord, type PaymentProvider } from "./provider.ts";
import type { PaymentRow } from "./store.ts";

export type Received =
  | { readonly kind: "received" | "not_found" }
  | { readonly kind: "refused"; readonly reason: string };

/** Idempotent by the provider's transaction. */
export async function receivePaid(
  env: Env,
  provider: Pick<PaymentProvider, "name" | "appId">,
  row: PaymentRow,
  word: PaidWord,
  nowMs: number,
): Promise<Received> {
  const { paid } = word;
  const memberKey = memberKeyOf(row.programmeId, row.memberId);
  // Before the money: it may complete the very act that the guard of invites looks at.
  await reportTraits(env, memberKey, { payment: payerTrait(provider, word) }, nowMs);
  const account = accountOf(env, memberKey);
  const { orderId } = row;
  if (row.purpose === "top_up") {
    const { txnId, amountFen, paidAtMs } = paid;
    const topUp = await account.topUpReceived(memberKey, orderId, { txnId, amountFen, paidAtMs });
    return { kind: topUp ? "received" : "not_found" };
  }
  const reply = await account.moneyReceived({ memberKey, orderId, ...paid });
  if (reply.kind === "refused") return { kind: "refused", reason: reply.reason };
  return { kind: reply.kind === "not_found" ? "not_found" : "received" };
}
