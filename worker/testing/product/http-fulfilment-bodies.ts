/** Fitting bodies and paths of the fulfilment routes, for the tests that spoil them. */
import type { Json } from "./http-shop.ts";
import { newOrderId } from "./product.ts";

const ID = "fitting-0000000000000001";

/** Every route: who may call it, and what the right caller is answered with a fitting body. */
export const FULFILMENT_ROUTES: Readonly<
  Record<string, readonly ["public" | "member" | "staff", number]>
> = {
  "get /api/v1/regions": ["public", 200],
  "get /api/v1/me/addresses": ["member", 200],
  "put /api/v1/me/addresses/{addressId}": ["member", 200],
  "delete /api/v1/me/addresses/{addressId}": ["member", 200],
  "get /api/v1/me/freight-quote": ["member", 422],
  "get /api/v1/orders/{orderId}/delivery": ["member", 404],
  "put /api/v1/orders/{orderId}/address": ["member", 404],
  "put /api/v1/orders/{orderId}/account": ["member", 404],
  "post /api/v1/orders/{orderId}/codes/reveal": ["member", 404],
  "post /api/v1/orders/{orderId}/receive": ["member", 404],
  "post /api/v1/orders/{orderId}/rating": ["member", 404],
  "get /api/v1/me/vouchers": ["member", 200],
  "get /api/v1/me/vouchers/{voucherId}/codes": ["member", 404],
  "put /api/v1/me/vouchers/{voucherId}/booking": ["member", 404],
  "get /api/v1/me/vouchers/{voucherId}/slots": ["member", 404],
  "get /api/v1/goods/{skuId}/ratings": ["public", 200],
  // No tracking service is set up, and a form with a signature is no body for a schema.
  "post /api/v1/callbacks/couriers/{programmeId}": ["public", 404],
  "post /api/v1/callbacks/top-ups/{programmeId}": ["public", 403],
  "get /api/v1/staff/orders": ["staff", 200],
  "get /api/v1/staff/orders/waiting": ["staff", 200],
  "get /api/v1/staff/orders/export": ["staff", 200],
  "get /api/v1/staff/orders/supplier-file": ["staff", 422],
  "get /api/v1/staff/suppliers": ["staff", 200],
  "post /api/v1/staff/orders/labels": ["staff", 200],
  "get /api/v1/staff/orders/{memberId}/{orderId}": ["staff", 404],
  "post /api/v1/staff/orders/{memberId}/{orderId}/reveal": ["staff", 404],
  "post /api/v1/staff/orders/{memberId}/{orderId}/shipments": ["staff", 404],
  "post /api/v1/staff/orders/{memberId}/{orderId}/track": ["staff", 404],
  "post /api/v1/staff/shipments/import": ["staff", 415],
  "get /api/v1/staff/carriers": ["staff", 200],
  "get /api/v1/staff/freight-templates": ["staff", 200],
  "put /api/v1/staff/freight-templates/{templateId}": ["staff", 200],
  "delete /api/v1/staff/freight-templates/{templateId}": ["staff", 200],
  "get /api/v1/staff/delivery-terms/{skuId}": ["staff", 200],
  "put /api/v1/staff/delivery-terms/{skuId}": ["staff", 200],
  "post /api/v1/staff/write-offs/preview": ["staff", 409],
  "post /api/v1/staff/write-offs": ["staff", 409],
  "get /api/v1/staff/write-offs": ["staff", 200],
  "get /api/v1/staff/write-offs/expected": ["staff", 422],
  "get /api/v1/staff/write-offs/stores": ["staff", 200],
  "post /api/v1/staff/write-offs/{writeOffId}/reverse": ["staff", 404],
  "get /api/v1/staff/booking-plans/{storeId}": ["staff", 404],
  "put /api/v1/staff/booking-plans/{storeId}": ["staff", 404],
  "delete /api/v1/staff/booking-plans/{storeId}": ["staff", 404],
  "post /api/v1/staff/bookings/{voucherId}/release": ["staff", 404],
  "get /api/v1/staff/codes": ["staff", 200],
  "post /api/v1/staff/codes/{skuId}/import": ["staff", 422],
  "post /api/v1/staff/codes/{skuId}/withdraw": ["staff", 200],
  "get /api/v1/staff/top-ups/troubled": ["staff", 200],
  "post /api/v1/staff/top-ups/{topUpId}/retry": ["staff", 409],
  "get /api/v1/staff/ratings": ["staff", 200],
  "post /api/v1/staff/ratings/{memberId}/{orderId}": ["staff", 404],
  "get /api/v1/staff/vault": ["staff", 200],
  "post /api/v1/staff/vault/rotate": ["staff", 200],
};

/** What stands in the paths; names that other domains use keep their values. */
export const FULFILMENT_PARAMS: Readonly<Record<string, string>> = {
  // One member's address is nobody else's, so each call has its own.
  get addressId(): string {
    return newOrderId();
  },
  voucherId: "voucher-000000000001",
  templateId: "mainland",
  writeOffId: ID,
  topUpId: ID,
};

const RULE = { firstPieces: 1, firstFen: 800, extraPieces: 1, extraFen: 200 };

export const FULFILMENT_FITTING: Readonly<Record<string, Json>> = {
  "/api/v1/me/addresses/{addressId}": {
    name: "黄小安",
    phone: "13612340415",
    regionCode: "350203",
    detail: "镇海路 26 号 301",
    isDefault: false,
  },
  "/api/v1/orders/{orderId}/address": { addressId: "address-000000000001" },
  "/api/v1/orders/{orderId}/account": { account: "13612340415" },
  "/api/v1/orders/{orderId}/codes/reveal": { reason: "again" },
  "/api/v1/orders/{orderId}/rating": { stars: 5, comment: "good" },
  "/api/v1/me/vouchers/{voucherId}/booking": { storeId: null, atMs: null },
  "/api/v1/callbacks/top-ups/{programmeId}": {
    ...{
      topUpId: ID,
      state: "success",
      reason: "",
      atMs: 1,
      nonce: "nonce-0001",
      sign: "0".repeat(64),
    },
  },
  "/api/v1/staff/orders/labels": { orders: [{ memberId: "nobody", orderId: ID }] },
  "/api/v1/staff/orders/{memberId}/{orderId}/reveal": { what: "address", reason: "asked" },
  "/api/v1/staff/orders/{memberId}/{orderId}/shipments": {
    ...{ shipmentId: ID, carrier: "shunfeng", trackingNo: "SF1234567890", quantity: null },
  },
  "/api/v1/staff/freight-templates/{templateId}": {
    title: "mainland",
    isDefault: false,
    rules: [{ regions: [], ...RULE }],
    undeliverable: [],
  },
  "/api/v1/staff/delivery-terms/{skuId}": {
    ...{ freightTemplateId: null, usesPerUnit: 1, validDays: 30, storeIds: null },
    ...{ lowStockAt: 5, product: "" },
  },
  "/api/v1/staff/booking-plans/{storeId}": {
    ...{ weekdays: [1, 2, 3], hours: [{ fromMinute: 600, untilMinute: 1_200 }], slotMinutes: 60 },
    ...{ capacity: 4, closedDays: ["2026-10-01"], aheadDays: 14, leadMinutes: 60 },
    ...{ moveHours: 12, moves: 1 },
  },
  "/api/v1/staff/write-offs/preview": {
    ...{ code: "123456789012", storeId: "store-1", uses: 1 },
  },
  "/api/v1/staff/write-offs": {
    ...{ writeOffId: ID, code: "123456789012", storeId: "store-1", uses: 1, readAgoMs: 0 },
  },
  "/api/v1/staff/write-offs/{writeOffId}/reverse": { reason: "wrong one" },
  "/api/v1/staff/codes/{skuId}/withdraw": { batchId: ID },
  "/api/v1/staff/ratings/{memberId}/{orderId}": { state: "shown", basedOn: "waiting" },
};
