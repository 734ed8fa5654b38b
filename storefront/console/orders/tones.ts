import type { Tone } from "../kit/index.ts";

/** What an order waits for, in colour. */
export const TONES: Readonly<Record<string, Tone>> = {
  awaiting_payment: "warn",
  to_ship: "warn",
  to_write_off: "brand",
  issuing: "info",
  shipped: "info",
  refunding: "info",
  received: "ok",
  closed: "ok",
};
