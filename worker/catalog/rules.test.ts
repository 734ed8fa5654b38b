import { assert, nat, property, stringMatching } from "fast-check";
import { describe, expect, it } from "vitest";
import {
  goodsSkuKeyOf,
  saleIdOf,
  skuKeyOf,
  splitSkuId,
  storeOfSale,
  storeSkuId,
} from "../kernel/ids.ts";
import { asHeadquarters, changedFields, isHandedOver, priceIn, sellsOwnOf } from "./rules.ts";

const id = stringMatching(/^[0-9a-z](?:[0-9a-z-]{0,20}[0-9a-z])?$/).filter(
  (text) => !text.includes("--"),
);

describe("a store's own SKU", () => {
  it("says by its name of which SKU and which store it is", () => {
    assert(
      property(id, id, id, nat(9), (programmeId, skuId, storeId, ordinal) => {
        const own = storeSkuId(skuId, storeId);
        expect(splitSkuId(own ?? "")).toEqual({ goodsSkuId: skuId, storeId });
        const saleId = saleIdOf(skuKeyOf(programmeId, own ?? ""), ordinal);
        expect(storeOfSale(saleId)).toBe(storeId);
        expect(goodsSkuKeyOf(saleId)).toBe(skuKeyOf(programmeId, skuId));
        const plain = saleIdOf(skuKeyOf(programmeId, skuId), ordinal);
        expect(storeOfSale(plain)).toBeNull();
        expect(goodsSkuKeyOf(plain)).toBe(skuKeyOf(programmeId, skuId));
      }),
    );
  });

  it("is none where the ids are too long together", () => {
    expect(storeSkuId("a".repeat(40), "b".repeat(18))).toHaveLength(64);
    expect(storeSkuId("a".repeat(40), "b".repeat(19))).toBeNull();
  });
});

describe("what a store changes", () => {
  const plain = asHeadquarters("jetty", "latte");
  const price = (skuId: string, pricePoints: number) => ({ skuId, pricePoints, priceFen: 0 });

  it("needs a right for each thing that differs, and none for what does not", () => {
    expect(changedFields(plain, plain)).toEqual([]);
    expect(changedFields(plain, { ...plain, isHidden: true })).toEqual(["visibility"]);
    expect(changedFields(plain, { ...plain, sellsOwn: true, prices: [price("a", 1)] })).toEqual([
      "stock",
      "price",
    ]);
    const two = { ...plain, prices: [price("a", 1), price("b", 2)] };
    const turned = { ...plain, prices: [price("b", 2), price("a", 1)] };
    expect(changedFields(two, turned)).toEqual([]);
    expect(changedFields(two, { ...two, prices: [price("a", 1), price("b", 3)] })).toEqual([
      "price",
    ]);
  });

  it("costs what the store says, variant by variant, and else what headquarters say", () => {
    const here = { prices: [price("a", 5)] };
    expect(priceIn(here, price("a", 9))).toEqual({ pricePoints: 5, priceFen: 0 });
    expect(priceIn(here, price("b", 9))).toEqual({ pricePoints: 9, priceFen: 0 });
  });

  it("is its own for what is handed over there, as long as the goods are of that kind", () => {
    expect(["coupon", "local_service"].every((kind) => isHandedOver(kind as "coupon"))).toBe(true);
    const own = { ...plain, sellsOwn: true };
    expect(sellsOwnOf("local_service", own)).toBe(true);
    expect(sellsOwnOf("physical", own)).toBe(false);
    expect(sellsOwnOf("local_service", plain)).toBe(false);
    expect(sellsOwnOf("coupon", undefined)).toBe(false);
  });
});
