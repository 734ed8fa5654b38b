/** What a store may do with goods in its own way, decided without asking anybody. Pure. */
import type { GoodsKind } from "../kernel/goods-kind.ts";
import type { StoreField } from "../staff/wire.ts";

export interface StorePrice {
  readonly skuId: string;
  readonly pricePoints: number;
  readonly priceFen: number;
}

/** Goods as a store has them. */
export interface StoreGoods {
  readonly storeId: string;
  readonly goodsId: string;
  /** Whoever shops in this store is not shown them. */
  readonly isHidden: boolean;
  /** The store has units of its own; its prices hold for those. */
  readonly sellsOwn: boolean;
  /** Variants that cost something else there; the rest costs what headquarters say. */
  readonly prices: readonly StorePrice[];
  /** 0: nobody has changed anything yet. */
  readonly version: number;
}

export type StoreGoodsDraft = Pick<StoreGoods, "isHidden" | "sellsOwn" | "prices">;

/** What is handed over in a store can be that store's own; what is sent or issued comes from headquarters. */
const HANDED_OVER: ReadonlySet<GoodsKind> = new Set<GoodsKind>(["coupon", "local_service"]);

export const isHandedOver = (kind: GoodsKind): boolean => HANDED_OVER.has(kind);

export function asHeadquarters(storeId: string, goodsId: string): StoreGoods {
  return { storeId, goodsId, isHidden: false, sellsOwn: false, prices: [], version: 0 };
}

/** Whether this store's members redeem its own units: a kind that changed since takes that back. */
export function sellsOwnOf(kind: GoodsKind, here: StoreGoods | undefined): boolean {
  return here !== undefined && here.sellsOwn && isHandedOver(kind);
}

export function priceIn<S extends { skuId: string; pricePoints: number; priceFen: number }>(
  here: Pick<StoreGoods, "prices">,
  sku: S,
): Pick<S, "pricePoints" | "priceFen"> {
  const own = here.prices.find(({ skuId }) => skuId === sku.skuId) ?? sku;
  return { pricePoints: own.pricePoints, priceFen: own.priceFen };
}

/** Which rights a change needs: one for each thing that differs. */
export function changedFields(before: StoreGoodsDraft, after: StoreGoodsDraft): StoreField[] {
  const fields: StoreField[] = [];
  if (before.isHidden !== after.isHidden) fields.push("visibility");
  if (before.sellsOwn !== after.sellsOwn) fields.push("stock");
  if (keyOf(before.prices) !== keyOf(after.prices)) fields.push("price");
  return fields;
}

/** The order in which prices are named says nothing. */
function keyOf(prices: readonly StorePrice[]): string {
  return prices
    .map(({ skuId, pricePoints, priceFen }) => `${skuId} ${pricePoints} ${priceFen}`)
    .toSorted()
    .join("\n");
}
