/** The demo's stores, freight, vouchers, codes and a few orders on their way. Through the API. */
import { HOUSE, type Poster } from "./seed-goods.ts";

export interface Shopper extends Poster {
  get<T>(path: string): Promise<T>;
}

const STORES = [
  { storeId: "zhenhai", name: "镇海路店", address: "厦门市思明区镇海路 26 号" },
  { storeId: "airport", name: "高崎机场店", address: "厦门市湖里区翔云一路 T4 航站楼" },
];

const TERMS = { freightTemplateId: null, usesPerUnit: 1, validDays: 30, storeIds: null };
const VOUCHERS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  "drink-coupon": {},
  "topping-coupon": {},
  "milk-tea": { storeIds: ["zhenhai"] },
  "annual-card": { usesPerUnit: 12, validDays: 365 },
};

const BOOKING = {
  ...{ weekdays: [1, 2, 3, 4, 5, 6, 7], hours: [{ fromMinute: 600, untilMinute: 1_260 }] },
  ...{ slotMinutes: 60, capacity: 6, closedDays: [], aheadDays: 13 },
  ...{ leadMinutes: 30, moveHours: 2, moves: 1 },
};
/** Store, SKU ("" for everything else there), and what is other than usual. */
const BOOKINGS: readonly (readonly [string, string, Readonly<Record<string, unknown>>])[] = [
  ["zhenhai", "", {}],
  [
    "zhenhai",
    "brew-class",
    {
      ...{ slotMinutes: 90, capacity: 4, moveHours: 12 },
      hours: [
        { fromMinute: 600, untilMinute: 780 },
        { fromMinute: 840, untilMinute: 1_200 },
      ],
    },
  ],
  ["airport", "", { capacity: 2 }],
];

const PEOPLE = [
  ["黄小安", "13612340415", "350203", "镇海路 26 号 301 室"],
  ["吴之", "13812345678", "110101", "东长安街 1 号 2 单元 501"],
  ["许一清", "15912340000", "440305", "科技园南区 8 栋 1203"],
] as const;

/** Before the sales, because they show what goods are. */
export async function seedDelivery(staff: Poster): Promise<void> {
  for (const store of STORES) {
    await staff.post("/api/v1/staff/stores", { ...store, brandId: HOUSE }).catch(() => undefined);
  }
  const rule = { firstPieces: 1, extraPieces: 1, extraFen: 0 };
  await staff.put("/api/v1/staff/freight-templates/mainland", {
    title: "全国包邮，偏远另算",
    isDefault: true,
    undeliverable: ["710000", "810000", "820000"],
    rules: [
      {
        ...{ ...rule, firstFen: 1_500, freeFromPieces: null },
        regions: ["650000", "540000", "150000", "630000", "640000", "620000"],
      },
      { ...rule, regions: [], firstFen: 0, freeFromPieces: null },
    ],
  });
  for (const [skuId, over] of Object.entries(VOUCHERS)) {
    const body = { ...TERMS, lowStockAt: 20, product: "", ...over };
    await staff.put(`/api/v1/staff/delivery-terms/${skuId}`, body);
  }
  for (const [storeId, skuId, over] of BOOKINGS) {
    const path = `/api/v1/staff/booking-plans/${storeId}?skuId=${skuId}`;
    await staff.put(path, { ...BOOKING, ...over });
  }
  await seedStoreGoods(staff);
}

/** Rent is high at the airport: lemon tea costs more there, comes from its own units, and no yearly card is shown. */
async function seedStoreGoods(staff: Poster): Promise<void> {
  const at = (goodsId: string): string => `/api/v1/staff/store-goods/airport/${goodsId}`;
  const prices = [{ skuId: "lemon-tea", pricePoints: 380, priceFen: 0 }];
  await staff.put(at("lemon-tea"), { version: 0, isHidden: false, sellsOwn: true, prices });
  await staff.post(`${at("lemon-tea")}/stock`, {
    ...{ requestId: "seed-airport-lemon-tea", skuId: "lemon-tea" },
    ...{ cause: "received", units: 60, note: "机场店本周备货" },
  });
  const hidden = { version: 0, isHidden: true, sellsOwn: false, prices: [] };
  await staff.put(at("annual-card"), hidden);
}

/** A few members with addresses and orders in every state that staff act on. */
export async function seedOrders(memberAt: (at: number) => Promise<Shopper>): Promise<void> {
  for (const [at, [name, phone, regionCode, detail]] of PEOPLE.entries()) {
    const member = await memberAt(at + 1);
    const addressId = `seed-address-${String(at + 1).padStart(4, "0")}`;
    const address = { name, phone, regionCode, detail, isDefault: true };
    await member.put(`/api/v1/me/addresses/${addressId}`, address);
    for (const goodsId of ["tangerine-tea", "drink-coupon", "milk-tea"]) {
      const orderId = await redeem(member, goodsId, at + 1);
      if (goodsId === "tangerine-tea" && orderId !== null) {
        await member.put(`/api/v1/orders/${orderId}/address`, { addressId });
      }
    }
    await bookClass(member, at + 1);
  }
}

/** Somebody has booked at the desk's store, so that its list is not empty: today while slots are left, else tomorrow. */
async function bookClass(member: Shopper, at: number): Promise<void> {
  const orderId = await redeem(member, "brew-class", at);
  if (orderId === null) return;
  // A voucher comes into being when somebody first looks at it.
  const voucher = `/api/v1/me/vouchers/${orderId}-001`;
  await member.get(`${voucher}/codes`);
  const { offer } = await member.get<{ offer: { slots: { fromMs: number }[] } | null }>(
    `${voucher}/slots?storeId=zhenhai`,
  );
  const slot = offer?.slots[at % 3];
  if (slot) await member.put(`${voucher}/booking`, { storeId: "zhenhai", atMs: slot.fromMs });
}

/** Null: this member may not, or has too few points; the demo does without. */
async function redeem(member: Shopper, goodsId: string, at: number): Promise<string | null> {
  const live = await member.get<{ skus: { saleId: string; epoch: number }[] }>(
    `/api/v1/goods/${goodsId}/live`,
  );
  const [sku] = live.skus;
  if (!sku) return null;
  const orderId = `seed-order-${goodsId}-${at}`.slice(0, 40);
  const body = { orderId, quantity: 1, epoch: sku.epoch };
  return member
    .post(`/api/v1/sales/${encodeURIComponent(sku.saleId)}/redemptions`, body)
    .then(() => orderId)
    .catch(() => null);
}
