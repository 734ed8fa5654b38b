/** The cash leg, which the product does not have yet: paid after the grant, refunded when the order is cancelled. */
import type { Rules } from "./rules.ts";

export interface Cash {
  readonly isPaid: boolean;
  readonly refunds: number;
}

export const NO_CASH: Cash = { isPaid: false, refunds: 0 };

export function isUnpaid(cash: Cash, isCancelled: boolean): boolean {
  return !cash.isPaid && !isCancelled;
}

export function onCancel(cash: Cash, latePayment: Rules["latePayment"]): Cash {
  const isOwed = cash.isPaid && latePayment !== "ignore";
  return isOwed ? { ...cash, refunds: cash.refunds + 1 } : cash;
}

/** A payment notice for a granted order. Null: heard before, nothing changes. */
export function onPayment(
  cash: Cash,
  isCancelled: boolean,
  rules: Pick<Rules, "paymentOnce" | "latePayment">,
): { readonly cash: Cash; readonly isRevived: boolean } | null {
  if (cash.isPaid && rules.paymentOnce) return null;
  const paid: Cash = { ...cash, isPaid: true };
  if (!isCancelled) return { cash: paid, isRevived: false };
  switch (rules.latePayment) {
    case "refund":
      return { cash: { ...paid, refunds: cash.refunds + 1 }, isRevived: false };
    case "revive":
      return { cash: paid, isRevived: true };
    case "ignore":
      return { cash: paid, isRevived: false };
  }
}
