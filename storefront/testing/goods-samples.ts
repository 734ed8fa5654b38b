/** Goods for tests: as the catalogue's API shows them. */
import type { GoodsCardView, GoodsDetailView } from "../../worker/catalog/wire.ts";
import type { PageBase, PageData } from "../../worker/pages/page-data.ts";
import { T0 } from "./samples.ts";

type Of<P extends PageData["page"]> = Extract<PageData, { page: P }>;

export function cardSample(over: Partial<GoodsCardView> = {}): GoodsCardView {
  return {
    brand: null,
    ...{ goodsId: "enamel-mug", skuId: "enamel-mug-1", title: "云山搪瓷杯", subtitle: "摔不碎" },
    ...{ kind: "physical", role: "everyday", categoryId: "ware", tags: ["新品"] },
    picture: {
      ...{ path: "/media/demo/a.webp", width: 800, height: 800, alt: "" },
      sources: [
        { path: "/media/demo/b.webp", width: 400 },
        { path: "/media/demo/a.webp", width: 800 },
      ],
    },
    ...{ groundColor: "#f3ede3", pricePoints: 400, memberPoints: 360, priceFen: 0 },
    ...{ hasPrices: true, marketPriceFen: 3_900, remaining: 7, redeemed: 3, redeemedBy: null },
    ...over,
  };
}

export function detailSample(over: Partial<GoodsDetailView> = {}): GoodsDetailView {
  const sku = {
    ...{ status: "open" as const, epoch: 2, pricePoints: 400, memberPoints: 360, priceFen: 0 },
    ...{ remaining: 7, quantityMax: 5, discounts: ["芽友 9 折"], picture: null },
  };
  return {
    ...cardSample(),
    store: null,
    ...{ revision: 3, pictures: [], freightFen: 600, forTiers: ["春友"], serverTimeMs: T0 },
    description: [
      { kind: "heading", text: "怎么用", items: [], facts: [], picture: null },
      { kind: "paragraph", text: "<b>不是标记</b>", items: [], facts: [], picture: null },
      { kind: "list", text: "", items: ["可入烤箱"], facts: [], picture: null },
      {
        kind: "facts",
        text: "",
        items: [],
        facts: [{ name: "容量", value: "350 ml" }],
        picture: null,
      },
    ],
    axes: [{ name: "颜色", values: ["云白", "山绿"] }],
    skus: [
      { ...sku, skuId: "enamel-mug-1", values: ["云白"], saleId: "demo.enamel-mug-1~0" },
      {
        ...{ ...sku, skuId: "enamel-mug-2", values: ["山绿"], saleId: "demo.enamel-mug-2~0" },
        remaining: 0,
      },
    ],
    limits: { perOrder: 5, perDay: 1, lifetime: 9, window: { days: 30, units: 2 } },
    mine: {
      unmet: null,
      limits: [{ per: "window", limit: 2, used: 1, days: 30 }],
      tierId: "spring",
    },
    ...over,
  };
}

export function goodsSample(base: PageBase): Of<"goods"> {
  const lapsing = {
    points: 420,
    expiresAtMs: T0 + 86_400_000,
    goods: [cardSample({ goodsId: "tea" })],
  };
  return {
    ...{ ...base, page: "goods", goods: detailSample() },
    suggestions: { active: 4_860, affordable: [], soon: [], expiring: lapsing, because: null },
  };
}

export function goodsListSample(base: PageBase, goods = [cardSample()]): Of<"goodsList"> {
  return {
    ...{ ...base, page: "goodsList" },
    filter: {
      category: "white-tea",
      brand: null,
      q: "",
      kind: null,
      affordable: true,
      within: null,
      sort: "newest",
    },
    categories: [
      { categoryId: "tea", parentId: null, name: "茶叶" },
      { categoryId: "white-tea", parentId: "tea", name: "白茶" },
    ],
    list: { goods, nextCursor: goods.length > 0 ? "10.enamel-mug" : null, catalogVersion: 4 },
    suggestions: null,
    stores: [
      { storeId: "jetty", name: "栈桥店" },
      { storeId: "old-town", name: "老城店" },
    ],
    storeId: null,
    brands: [
      { brandId: "tea", name: "屿岸" },
      { brandId: "ware", name: "屿岸器物" },
    ],
  };
}
