import { describe, expect, it } from "vitest";
import type { SaleView } from "../redemption/index.ts";
import { goodsTiles, type PricedSale } from "./goods-tiles.ts";

type Made = { skuId: string; of: string | null; points: number; fen?: number; remaining?: number };

function made({ skuId, of, points, fen = 0, remaining = 9 }: Made): PricedSale {
  const goods = of === null ? null : { goodsId: of };
  const sale = { skuId, goods, pricePoints: points, priceFen: fen, remaining } as SaleView;
  return { sale, pricePoints: points };
}

const tilesOf = (...skus: Made[]): unknown[] =>
  goodsTiles(skus.map(made)).tiles.map((tile) => [
    ...[tile.goodsId, tile.skuId, tile.pricePoints, tile.priceFen],
    ...[tile.hasPrices, tile.remaining],
  ]);

describe("tiles of goods", () => {
  it("are one a goods: the cheapest SKU that is there, and the units of all", () => {
    expect(
      tilesOf(
        { skuId: "w250", of: "mug", points: 400, remaining: 0 },
        { skuId: "fan", of: "fan", points: 420, fen: 500 },
        { skuId: "w350", of: "mug", points: 450 },
        { skuId: "g350", of: "mug", points: 430, fen: 990, remaining: 4 },
      ),
    ).toEqual([
      ["mug", "w350", 450, 0, true, 13],
      ["fan", "fan", 420, 500, false, 9],
    ]);
  });

  it("say the price of what is gone when all of it is", () => {
    expect(
      tilesOf(
        { skuId: "a", of: "mug", points: 450, remaining: 0 },
        { skuId: "b", of: "mug", points: 400, remaining: 0 },
      ),
    ).toEqual([["mug", "b", 400, 0, true, 0]]);
  });

  it("keep SKUs apart that belong to no goods, and know every SKU's tile", () => {
    const skus = [
      { skuId: "a", of: null, points: 100 },
      { skuId: "b", of: null, points: 100 },
      { skuId: "c", of: "mug", points: 100 },
      { skuId: "d", of: "mug", points: 90 },
    ];
    expect(tilesOf(...skus)).toHaveLength(3);
    expect([...goodsTiles(skus.map(made)).faceOf]).toEqual([
      ["a", "a"],
      ["b", "b"],
      ["c", "d"],
      ["d", "d"],
    ]);
  });
});
