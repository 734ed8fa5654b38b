/** The demo mall's catalogue: five categories, goods of every kind, variants, levels, limits and stock. Through the API. */
import { DEMO_GOODS, type DemoGoods } from "../catalog/demo-goods.ts";

export interface Poster {
  post<T>(path: string, body?: unknown): Promise<T>;
  put<T>(path: string, body: unknown): Promise<T>;
}

const CATEGORIES = [
  { categoryId: "drink", parentId: null, name: "现泡茶饮" },
  { categoryId: "tea", parentId: null, name: "茶叶" },
  { categoryId: "white-tea", parentId: "tea", name: "白茶" },
  { categoryId: "scented-tea", parentId: "tea", name: "花茶" },
  { categoryId: "ware", parentId: null, name: "茶器" },
  { categoryId: "life", parentId: null, name: "生活" },
  { categoryId: "card", parentId: null, name: "卡券" },
];

/** The tea house itself. */
export const HOUSE = "main";
const WARE = "ware";
const STORES_SET = ["price", "stock", "visibility", "till_codes"];

const ROLES = { traffic: "everyday", profit: "quality", image: "special" } as const;

const facts = (...pairs: [string, string][]): object => ({
  kind: "facts",
  facts: pairs.map(([name, value]) => ({ name, value })),
});
const paragraph = (text: string): object => ({ kind: "paragraph", text });

const KILN = { name: "德化白瓷坊", isDropShipped: false };

/** What the plain list of the demo goods does not say, by goods. */
const MORE: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  "white-tea-tin": {
    categoryId: "white-tea",
    tags: ["新茶", "送礼"],
    limits: { perOrder: 2, perDay: 1, lifetime: null, window: { days: 30, units: 2 } },
    description: [
      facts(
        ["产地", "福建福鼎 磻溪镇"],
        ["等级", "白牡丹 一级"],
        ["净含量", "100 g"],
        ["保质期", "36 个月，干燥避光"],
        ["售后", "未拆封 7 天可退，积分回原批次"],
      ),
      { kind: "heading", text: "怎么泡" },
      { kind: "list", items: ["3 g 茶，150 ml 水，90 °C", "头泡 30 秒，之后每泡加 10 秒"] },
    ],
  },
  "jasmine-tin": { categoryId: "scented-tea", tags: ["新茶"] },
  "osmanthus-teabag": { categoryId: "scented-tea", tags: ["办公室"] },
  "drink-coupon": { kind: "coupon", tags: ["到账即用"] },
  "topping-coupon": { kind: "coupon", tags: ["到账即用"] },
  "milk-tea": { kind: "local_service" },
  "lemon-tea": { kind: "local_service", tags: ["夏日"] },
  "annual-card": {
    kind: "local_service",
    tags: ["限量"],
    description: [paragraph("365 天，每天一杯原叶茶。到店出示订单里的码，限本人使用。")],
  },
  "travel-cup": {
    tags: ["送礼", "限量"],
    freightFen: 600,
    description: [
      facts(["材质", "316 不锈钢内胆"], ["容量", "480 ml"], ["保温", "6 小时 65 °C 以上"]),
      paragraph("杯身磨砂喷涂，单手开盖，可放进车载杯架。"),
    ],
  },
  "enamel-mug": {
    title: "云山搪瓷杯",
    tags: ["新品"],
    axes: [
      { name: "颜色", values: ["云白", "山绿"] },
      { name: "容量", values: ["250 ml", "350 ml"] },
    ],
    skus: [
      { values: ["云白", "250 ml"], code: "QD-MUG-W250", pricePoints: 400 },
      { values: ["云白", "350 ml"], code: "QD-MUG-W350", pricePoints: 450 },
      { values: ["山绿", "250 ml"], code: "QD-MUG-G250", pricePoints: 400 },
      { values: ["山绿", "350 ml"], code: "QD-MUG-G350", pricePoints: 450, lowStockUnits: 5 },
    ],
    stock: [160, 120, 116, 4],
  },
  "tea-stove": { tags: ["冬日", "送礼"], lowStockUnits: 10, stock: [6] },
  "mountain-umbrella": { tags: ["户外"], freightFen: 800 },
  gaiwan: { tags: ["手绘"], supplier: { ...KILN, code: "DH-GW-02" } },
  "fair-cup": { supplier: { ...KILN, code: "DH-FC-01" } },
  // It leaves from where the peel is dried: the shop never has it in hand.
  "tangerine-tea": {
    supplier: { name: "新会陈皮坊", code: "XH-2019-100", isDropShipped: true },
    costFen: 4_200,
  },
  "travel-tea-set": {
    tags: ["送礼", "户外"],
    redeemedBy: { tierIds: ["spring", "ancient"], segments: null, storeIds: null },
  },
};

function documentOf(goods: DemoGoods, position: number): Record<string, unknown> {
  const { skuId, title, subtitle, category, role, picture, groundColor, marketPriceFen } = goods;
  const { lowStockUnits = null, stock: _stock, ...more } = MORE[skuId] ?? {};
  const { pricePoints, priceFen, limitPerMember } = goods;
  return {
    ...{ title, subtitle, groundColor, marketPriceFen, position },
    categoryId: category,
    brandId: category === "ware" ? WARE : HOUSE,
    role: ROLES[role],
    kind: "physical",
    pictures: [{ path: picture, width: 800, height: 800, alt: title }],
    limits: {
      ...{ perOrder: Math.min(limitPerMember, 5), perDay: null, lifetime: null },
      window: { days: 30, units: limitPerMember },
    },
    skus: [{ skuId, pricePoints, priceFen, lowStockUnits }],
    ...more,
  };
}

interface Made {
  readonly revision: number;
  readonly skus: readonly { readonly skuId: string }[];
}

export async function seedGoods(staff: Poster): Promise<void> {
  // The tea house, and the brand of the tea ware that shares its points; they may be there already.
  const house = { brandId: HOUSE, name: "屿岸茶社", storeMaySet: STORES_SET };
  const ware = { brandId: WARE, name: "屿岸器物", storeMaySet: [] };
  for (const brand of [house, ware]) {
    await staff.post("/api/v1/staff/brands", brand).catch(() => undefined);
  }
  await staff.put("/api/v1/staff/categories", { revision: 0, categories: CATEGORIES });
  for (const [at, goods] of DEMO_GOODS.entries()) {
    const goodsId = goods.skuId;
    const document = documentOf(goods, (at + 1) * 10);
    const made = await staff.post<Made>("/api/v1/staff/goods", { goodsId, goods: document });
    const units = (MORE[goodsId]?.["stock"] as readonly number[] | undefined) ?? [goods.units];
    for (const [sku, { skuId }] of made.skus.entries()) {
      await staff.post(`/api/v1/staff/skus/${skuId}/stock`, {
        ...{ requestId: `seed-${skuId}-received`, cause: "received" },
        ...{ units: units[sku] ?? goods.units, note: "开业进货" },
      });
    }
    const { revision } = made;
    await staff.post(`/api/v1/staff/goods/${goodsId}/publish`, { revision });
  }
}
