/** What a bought membership cost, and how that was paid. */

/** Money that this product did not take itself. */
export const MONEY_METHODS = ["cash", "wechat", "alipay", "card", "transfer", "other"] as const;

export type MembershipPrice =
  | {
      readonly kind: "money";
      readonly amountFen: number;
      readonly method: (typeof MONEY_METHODS)[number];
    }
  /** Taken from the balance in the commit that gave the membership. */
  | { readonly kind: "points"; readonly points: number }
  | { readonly kind: "gift" };
