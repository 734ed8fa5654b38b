import type { MeView, OrderView } from "../../worker/accounts/wire.ts";
import type { SaleView } from "../../worker/redemption/wire.ts";
import type { SaleData } from "../member/sale/sale-model.ts";

/** One consistent story for the tests: a cup at ten o'clock, Beijing time. */
export const T0 = Date.parse("2025-10-25T10:00:00+08:00");

export function saleSample(over: Partial<SaleView> = {}): SaleView {
  return {
    saleId: "tea.travel-cup~12",
    skuId: "travel-cup",
    kind: "flash",
    title: "云山白随行保温杯",
    subtitle: "480 ml · 墨绿",
    picture: "/goods/travel-cup.svg",
    groundColor: "var(--surface-3)",
    pricePoints: 900,
    priceFen: 990,
    payWithinMs: null,
    marketPriceFen: 16_800,
    limitPerMember: 1,
    dailyLimitPerMember: null,
    quantityMax: 1,
    units: 500,
    dailyUnits: null,
    opensAtMs: T0,
    closesAtMs: T0 + 1_800_000,
    serverTimeMs: T0 - 765_000,
    status: "scheduled",
    epoch: 0,
    remaining: 500,
    returned: 0,
    redeemed: 0,
    nextWaveAtMs: null,
    soldOut: false,
    soldOutAtMs: null,
    firstGrantAtMs: null,
    closedAtMs: null,
    termsVersion: 1,
    goods: null,
    ...over,
  };
}

export function meSample(points: Partial<MeView["points"]> = {}): MeView {
  return {
    memberId: "chen",
    programmeId: "tea",
    role: "member",
    displayName: "陈",
    points: { active: 4_860, held: 0, pending: 0, ...points },
  };
}

export function orderSample(over: Partial<OrderView> = {}): OrderView {
  return {
    orderId: "7F3K20A9bQpL4mZx81TnVwYe2R",
    saleId: "tea.travel-cup~12",
    storeId: null,
    title: "云山白随行保温杯",
    subtitle: "480 ml · 墨绿",
    picture: "/goods/travel-cup.svg",
    groundColor: "var(--surface-3)",
    quantity: 1,
    epoch: 0,
    outcome: "pending",
    state: "held",
    code: null,
    figures: {},
    ordinal: null,
    legs: {
      points: { points: 900, state: "held", returned: 0, listPoints: 900, discounts: [] },
      cash: { amountFen: 990, state: "due_on_delivery", refundedFen: 0 },
      freight: { amountFen: 0, state: "free" },
    },
    goodsKind: "physical",
    pay: null,
    tender: null,
    dueAtMs: null,
    unitsToReturn: 0,
    uses: null,
    afterSales: [],
    lots: [
      {
        lotId: 12,
        source: "order",
        points: 860,
        expiresAtMs: Date.parse("2025-11-07T23:59:59+08:00"),
      },
      {
        lotId: 15,
        source: "campaign",
        points: 40,
        expiresAtMs: Date.parse("2025-12-31T23:59:59+08:00"),
      },
    ],
    next: "tap",
    canCancel: false,
    timeline: [{ event: "held", atMs: T0 - 1_735_000 }],
    createdAtMs: T0 - 1_735_000,
    updatedAtMs: T0 - 1_735_000,
    version: 1,
    ...over,
  };
}

export function grantedSample(over: Partial<OrderView> = {}): OrderView {
  return orderSample({
    outcome: "granted",
    state: "to_ship",
    ordinal: 137,
    canCancel: true,
    legs: {
      points: { points: 900, state: "posted", returned: 0, listPoints: 900, discounts: [] },
      cash: { amountFen: 990, state: "due_on_delivery", refundedFen: 0 },
      freight: { amountFen: 0, state: "free" },
    },
    timeline: [
      { event: "held", atMs: T0 - 1_735_000 },
      { event: "granted", atMs: T0 + 938 },
    ],
    ...over,
  });
}

export function lostSample(over: Partial<OrderView> = {}): OrderView {
  return orderSample({
    outcome: "refused",
    state: "voided",
    code: "sold_out",
    figures: { remaining: 0, atMs: T0 + 1_412 },
    legs: {
      points: { points: 900, state: "returned", returned: 900, listPoints: 900, discounts: [] },
      cash: { amountFen: 990, state: "void", refundedFen: 0 },
      freight: { amountFen: 0, state: "free" },
    },
    timeline: [
      { event: "held", atMs: T0 - 1_735_000 },
      { event: "refused", atMs: T0 + 1_412 },
      { event: "voided", atMs: T0 + 2_000 },
    ],
    ...over,
  });
}

export function saleData(over: Partial<SaleData> = {}): SaleData {
  return {
    page: "sale",
    locale: "zh-CN",
    serverTimeMs: T0 - 765_000,
    programme: { programmeId: "tea", name: "屿岸茶社", logo: null, theme: "cinnabar" },
    me: meSample(),
    devLogin: true,
    isPreview: false,
    sharesPoster: true,
    sale: saleSample(),
    order: null,
    limitUsed: 0,
    price: null,
    nextSale: null,
    ...over,
  };
}
