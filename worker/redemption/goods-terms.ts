/** What the catalogue says about the goods of a SKU, as far as a redemption must know it. Travels in the terms of a sale. */
import { GOODS_KINDS, type GoodsKind } from "../kernel/goods-kind.ts";

export { GOODS_KINDS, type GoodsKind };

/** Who may. A list that is null asks for nothing; of every other one a member needs one entry. */
export interface Audience {
  readonly tierIds: readonly string[] | null;
  readonly segments: readonly string[] | null;
  /** A member belongs to a store by the label `store:<id>`. */
  readonly storeIds: readonly string[] | null;
}

/** Units a member may have of one goods, over all its SKUs and sales. Null: as many as they like. */
export interface GoodsLimits {
  readonly perDay: number | null;
  readonly lifetime: number | null;
  /** Programme days, today included. */
  readonly window: { readonly days: number; readonly units: number } | null;
  /** Every SKU whose units count. */
  readonly skuKeys: readonly string[];
}

export interface GoodsTerms {
  readonly goodsId: string;
  readonly kind: GoodsKind;
  /** This SKU among the goods' variants, in words; empty where there is only one. */
  readonly spec: string;
  /** Carriage of one order, whatever its quantity. */
  readonly freightFen: number;
  /** Template of carriage by region; null: `freightFen` stands. */
  readonly freightTemplateId: string | null;
  readonly limits: GoodsLimits | null;
  readonly audience: Audience | null;
}
