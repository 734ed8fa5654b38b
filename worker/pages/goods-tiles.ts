import type { SaleView } from "../redemption/index.ts";
import type { GoodsTile } from "./page-data.ts";

/** What one SKU costs whoever looks. */
export interface PricedSale {
  readonly sale: SaleView;
  readonly pricePoints: number;
}

export interface GoodsTiles {
  /** One a goods, whatever it is made in, in the order in which the goods first come. */
  readonly tiles: readonly GoodsTile[];
  /** From every SKU to the one that its tile is known by. */
  readonly faceOf: ReadonlyMap<string, string>;
}

/** A tile has the price of the cheapest SKU that is there, and the units of all. */
export function goodsTiles(priced: readonly PricedSale[]): GoodsTiles {
  const byGoods = Map.groupBy(priced, ({ sale }) => sale.goods?.goodsId ?? sale.skuId);
  const tiles: GoodsTile[] = [];
  const faceOf = new Map<string, string>();
  for (const skus of byGoods.values()) {
    const [face] = skus.toSorted(cheapestFirst);
    if (!face) continue;
    tiles.push(tileOf(face, skus));
    for (const { sale } of skus) faceOf.set(sale.skuId, face.sale.skuId);
  }
  return { tiles, faceOf };
}

function cheapestFirst(a: PricedSale, b: PricedSale): number {
  const isGone = ({ sale }: PricedSale): number => Number(sale.remaining === 0);
  return isGone(a) - isGone(b) || worth(a) - worth(b);
}

/** A point is about a fen; only the order of prices hangs on it. */
const worth = ({ sale, pricePoints }: PricedSale): number => pricePoints + sale.priceFen;

function tileOf({ sale, pricePoints }: PricedSale, skus: readonly PricedSale[]): GoodsTile {
  const { skuId, saleId, title, subtitle, picture, groundColor, priceFen, marketPriceFen } = sale;
  const isSame = (one: PricedSale): boolean =>
    one.pricePoints === pricePoints && one.sale.priceFen === priceFen;
  return {
    ...{ skuId, saleId, title, subtitle, picture, groundColor, marketPriceFen },
    goodsId: sale.goods?.goodsId ?? null,
    ...{ listPoints: sale.pricePoints, pricePoints, priceFen },
    hasPrices: !skus.every(isSame),
    remaining: skus.reduce((sum, one) => sum + one.sale.remaining, 0),
    band: pricePoints < 500 ? "100-500" : pricePoints < 2_000 ? "500-2000" : "2000+",
  };
}
