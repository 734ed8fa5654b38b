/** Fitting bodies and paths of the payment routes, for the tests that spoil them. */
import type { Json } from "./http-shop.ts";

const CASE_STEPS = [
  ...["agree", "agree-refund", "refuse", "take-back", "refuse-goods", "replace"],
] as const;

/** Every route: who may call it, and what the right caller is answered with a fitting body. */
export const PAYMENTS_ROUTES: Readonly<
  Record<string, readonly ["public" | "member" | "staff", number]>
> = {
  "get /api/v1/orders/{orderId}/payments": ["member", 404],
  // Nobody carries money for these programmes.
  "post /api/v1/orders/{orderId}/payments": ["member", 409],
  "post /api/v1/orders/{orderId}/payments/check": ["member", 404],
  "get /api/v1/orders/{orderId}/after-sales/quote": ["member", 404],
  "post /api/v1/orders/{orderId}/after-sales": ["member", 404],
  // It takes a picture and nothing else.
  "post /api/v1/orders/{orderId}/evidence": ["member", 415],
  "get /api/v1/orders/{orderId}/evidence/{file}": ["member", 404],
  "get /api/v1/staff/orders/{memberId}/{orderId}/evidence/{file}": ["staff", 404],
  "post /api/v1/orders/{orderId}/after-sales/{caseId}/withdraw": ["member", 404],
  "post /api/v1/orders/{orderId}/after-sales/{caseId}/send-back": ["member", 404],
  "get /api/v1/staff/after-sales": ["staff", 200],
  ...Object.fromEntries(
    CASE_STEPS.map((step) => [
      `post /api/v1/staff/after-sales/{memberId}/{orderId}/{caseId}/${step}`,
      ["staff", 404] as const,
    ]),
  ),
  "get /api/v1/staff/finance": ["staff", 200],
  "get /api/v1/staff/finance/moves": ["staff", 200],
  "post /api/v1/staff/finance/moves/{memberId}/{orderId}/{moveId}/repair": ["staff", 404],
  "post /api/v1/staff/finance/bills": ["staff", 404],
  "post /api/v1/staff/finance/bills/explain": ["staff", 404],
  "post /api/v1/staff/finance/orders/{memberId}/{orderId}/retell": ["staff", 404],
  "get /api/v1/staff/finance/in-doubt": ["staff", 200],
  "post /api/v1/staff/finance/in-doubt/{memberId}/{orderId}/ask": ["staff", 404],
  "post /api/v1/staff/finance/payments/{paymentId}/ask": ["staff", 404],
  "post /api/v1/staff/finance/refunds/{refundId}/ask": ["staff", 404],
  "get /api/v1/staff/finance/settings": ["staff", 200],
  "put /api/v1/staff/finance/settings/terms": ["staff", 200],
  "put /api/v1/staff/finance/settings/wechat": ["staff", 422],
  "put /api/v1/staff/finance/settings/alipay": ["staff", 422],
  "post /api/v1/payments/{programmeId}/{provider}/notify": ["public", 404],
  "get /api/v1/orders/{orderId}/tender": ["member", 404],
  "put /api/v1/orders/{orderId}/tender": ["member", 404],
  "get /api/v1/me/stored-value": ["member", 200],
  "post /api/v1/me/stored-value/top-ups": ["member", 409],
  "post /api/v1/me/stored-value/top-ups/{topUpId}/check": ["member", 404],
  "get /api/v1/staff/stored-value": ["staff", 200],
  "get /api/v1/staff/members/{memberId}/stored-value": ["staff", 200],
  // No programme of these tests lets points pay for bills.
  "post /api/v1/staff/members/{memberId}/offset-quote": ["staff", 409],
  "post /api/v1/staff/members/{memberId}/offsets": ["staff", 409],
  "get /api/v1/staff/members/{memberId}/offsets/{offsetId}": ["staff", 404],
  "post /api/v1/staff/members/{memberId}/offsets/{offsetId}/capture": ["staff", 404],
  "post /api/v1/staff/members/{memberId}/offsets/{offsetId}/void": ["staff", 200],
  // Voided a line before.
  "post /api/v1/staff/members/{memberId}/offsets/{offsetId}/returns": ["staff", 409],
};

export const PAYMENTS_PARAMS: Readonly<Record<string, string>> = {
  ...{ provider: "wechat", caseId: "case-00000001", moveId: "move-1", paymentId: "p1" },
  refundId: "refund-1",
  file: "0123456789abcdef0123456789abcdef.jpg",
  offsetId: "offset-0000000000000001",
  topUpId: "top-up-0000000000000001",
};

export const PAYMENTS_FITTING: Readonly<Record<string, Json>> = {
  "/api/v1/orders/{orderId}/payments": { provider: "wechat", scene: "h5" },
  "/api/v1/orders/{orderId}/after-sales": {
    ...{ caseId: "case-00000001", kind: "refund", quantity: 1, reason: "broken" },
    ...{ note: "", evidence: [] },
  },
  "/api/v1/orders/{orderId}/tender": { points: 0, storedFen: 0, leftFen: 100 },
  "/api/v1/me/stored-value/top-ups": {
    ...{ topUpId: "top-up-0000000000000001", amountFen: 5_000, provider: "wechat", scene: "h5" },
  },
  "/api/v1/staff/members/{memberId}/offset-quote": {
    ...{ billFen: 1_000, points: null, isDiscounted: false },
  },
  "/api/v1/staff/members/{memberId}/offsets": {
    ...{ offsetId: "offset-0000000000000001", billFen: 1_000, points: 100 },
    ...{ isDiscounted: false, storeId: null, note: "Till 3" },
  },
  "/api/v1/staff/members/{memberId}/offsets/{offsetId}/capture": { points: null },
  "/api/v1/staff/members/{memberId}/offsets/{offsetId}/returns": { returnId: "r1", points: null },
  "/api/v1/staff/finance/bills": { provider: "wechat", day: "2026-11-21" },
  "/api/v1/staff/finance/bills/explain": {
    ...{ provider: "wechat", day: "2026-11-21", name: "amount_differs", moveId: "t1" },
    note: "refunded by hand",
    basedOn: 0,
  },
  "/api/v1/staff/finance/settings/terms": { flashMinutes: 10, standingMinutes: 30 },
  // No key fits: whoever may come as far is told so.
  "/api/v1/staff/finance/settings/wechat": {
    isEnabled: true,
    account: {
      ...{ appId: "wx8888888888888888", mchId: "1900000001", apiV3Key: "k".repeat(32) },
      ...{ merchantSerial: "5157F09EFDC096DE15EBE81A47057A7232F1B8E1", privateKeyPem: "AAAA" },
      ...{ publicKeyId: "PUB_KEY_ID_1", publicKeyPem: "AAAA", certificatesPem: "" },
    },
  },
  "/api/v1/staff/finance/settings/alipay": {
    isEnabled: true,
    account: { appId: "2021000000000001", privateKeyPem: "AAAA", publicKeyPem: "AAAA" },
  },
  "/api/v1/orders/{orderId}/after-sales/{caseId}/withdraw": { trackingNo: "" },
  "/api/v1/orders/{orderId}/after-sales/{caseId}/send-back": { trackingNo: "SF1" },
  ...Object.fromEntries(
    CASE_STEPS.map((step) => [
      `/api/v1/staff/after-sales/{memberId}/{orderId}/{caseId}/${step}`,
      {
        note: "because",
        points: 1,
        cashFen: 0,
        evenIfUsed: false,
        approvalId: "approval-of-a-case-0001",
      },
    ]),
  ),
};
