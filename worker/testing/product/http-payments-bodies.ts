/** Fitting bodies and paths of the payment routes, for the tests that spoil them. */
import type { Json } from "./http-shop.ts";

/** Every route: who may call it, and what the right caller is answered with a fitting body. */
export const PAYMENTS_ROUTES: Readonly<
  Record<string, readonly ["public" | "member" | "staff", number]>
> = {
  "get /api/v1/orders/{orderId}/payments": ["member", 404],
  // Nobody carries money for these programmes.
  "post /api/v1/orders/{orderId}/payments": ["member", 409],
  "post /api/v1/orders/{orderId}/payments/check": ["member", 404],
  "post /api/v1/payments/{programmeId}/{provider}/notify": ["public", 404],
};

export const PAYMENTS_PARAMS: Readonly<Record<string, string>> = { provider: "wechat" };

export const PAYMENTS_FITTING: Readonly<Record<string, Json>> = {
  "/api/v1/orders/{orderId}/payments": { provider: "wechat", scene: "h5" },
  "/api/v1/payments/{programmeId}/{provider}/notify": { id: "x" },
};
