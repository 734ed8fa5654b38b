/** One of each kind of goods that nobody ships: a card code, a top-up, a class that is booked, a card of several uses. Through the API. */
import type { Client } from "./seed-client.ts";

interface VirtualGoods {
  readonly goodsId: string;
  readonly kind: string;
  readonly title: string;
  readonly subtitle: string;
  readonly category: string;
  readonly picture: string;
  readonly groundColor: string;
  readonly pricePoints: number;
  readonly marketPriceFen: number;
  readonly units: number;
  readonly says: string;
  readonly terms: Readonly<Record<string, unknown>>;
}

const GOODS: readonly VirtualGoods[] = [
  {
    ...{ goodsId: "listening-card", kind: "card_code", category: "card" },
    ...{ title: "有声书月卡 兑换码", subtitle: "兑换即发码，31 天畅听" },
    ...{ picture: "/goods/listening-card.svg", groundColor: "#e6ecf0" },
    ...{ pricePoints: 480, marketPriceFen: 1_800, units: 24 },
    says: "兑换后在订单里看兑换码，在有声书应用的「兑换中心」输入。码只属于这一单，第一次查看会记录时间。",
    terms: { lowStockAt: 20 },
  },
  {
    ...{ goodsId: "phone-credit", kind: "virtual", category: "card" },
    ...{ title: "手机话费 10 元 直充", subtitle: "填手机号，几秒到账" },
    ...{ picture: "/goods/phone-credit.svg", groundColor: "#e3e9e1" },
    ...{ pricePoints: 950, marketPriceFen: 1_000, units: 200 },
    says: "兑换后填要充值的手机号。充不上会自动退回全部积分，尾号 0000 的号码总是充不上，可以用来试。",
    terms: { product: "phone-credit-10" },
  },
  {
    ...{ goodsId: "brew-class", kind: "local_service", category: "drink" },
    ...{ title: "手冲体验课 60 分钟", subtitle: "镇海路店，先预约时间再到店" },
    ...{ picture: "/goods/pour-over.svg", groundColor: "#efe2cf" },
    ...{ pricePoints: 300, marketPriceFen: 6_800, units: 80 },
    says: "在核销码页选门店和时间，到店出示码。改时间不收费。",
    terms: { storeIds: ["zhenhai"], validDays: 60 },
  },
  {
    ...{ goodsId: "refill-card", kind: "local_service", category: "card" },
    ...{ title: "续杯卡 5 次", subtitle: "一张卡五杯，可以一次用几杯" },
    ...{ picture: "/goods/refill-card.svg", groundColor: "#fcefe9" },
    ...{ pricePoints: 600, marketPriceFen: 4_500, units: 100 },
    says: "同一张卡用满五次为止，一次可以核销几杯，剩几次在卡上看得到。",
    terms: { usesPerUnit: 5, validDays: 90 },
  },
];

/** Above the last of the plain list. */
const POSITION_FROM = 1_000;

export async function seedVirtual(staff: Client): Promise<void> {
  for (const [at, goods] of GOODS.entries()) {
    const { goodsId, category, picture, pricePoints, says, terms, units, ...document } = goods;
    const { revision, skus } = await staff.post<{
      readonly revision: number;
      readonly skus: readonly { readonly skuId: string }[];
    }>("/api/v1/staff/goods", {
      goodsId,
      goods: {
        ...document,
        ...{ categoryId: category, role: "everyday", position: POSITION_FROM + at },
        pictures: [{ path: picture, width: 800, height: 800, alt: document.title }],
        limits: { perOrder: 2, perDay: null, lifetime: null, window: { days: 30, units: 5 } },
        description: [{ kind: "paragraph", text: says }],
        skus: [{ skuId: goodsId, pricePoints, priceFen: 0, lowStockUnits: null }],
      },
    });
    const skuId = skus[0]?.skuId ?? goodsId;
    const stock = { requestId: `seed-${skuId}-received`, cause: "received", note: "开业备货" };
    await staff.post(`/api/v1/staff/skus/${skuId}/stock`, { ...stock, units });
    await staff.put(`/api/v1/staff/delivery-terms/${skuId}`, { ...TERMS, ...terms });
    if (goods.kind === "card_code") await importCodes(staff, skuId, units);
    await staff.post(`/api/v1/staff/goods/${goodsId}/publish`, { revision });
  }
}

const TERMS = {
  ...{ freightTemplateId: null, usesPerUnit: 1, validDays: 30, storeIds: null },
  ...{ lowStockAt: 20, product: "" },
};

/** As many as there are units, so that the shelf promises no code that is not there. */
async function importCodes(staff: Client, skuId: string, units: number): Promise<void> {
  const codes = Array.from(
    { length: units },
    (_, at) =>
      `DEMO-${String((at + 1) * 7_919 + 1_000_000).slice(-6)}-${String(at + 1).padStart(4, "0")}`,
  );
  await staff.file(
    `/api/v1/staff/codes/${skuId}/import?batchId=seed-${skuId}`,
    codes.join("\n"),
    "text/csv",
  );
}
