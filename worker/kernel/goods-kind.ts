/** What a unit of goods is, and so how it reaches its member. A new word is added, never reused. */
export const GOODS_KINDS = ["physical", "virtual", "coupon", "card_code", "local_service"] as const;
export type GoodsKind = (typeof GOODS_KINDS)[number];
