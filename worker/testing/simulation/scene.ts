/** What a simulated life is made of: who wants what, the messages on the way, the terms of the sale. */
import type { FrozenNotice } from "../../redemption/frozen.ts";
import type { SaleTerms, TakeAnswer } from "../../redemption/model.ts";

export interface Intent {
  readonly memberKey: string;
  readonly orderId: string;
  readonly quantity: number;
  readonly route: "ticket" | "direct" | "both" | "never_taps";
  readonly cancels: boolean;
  readonly forgoes: boolean;
  readonly replaces: string | null;
}

export type Message =
  | {
      readonly to: "account";
      readonly kind: "ticket" | "redeem" | "cancel" | "forgo";
      readonly intent: Intent;
    }
  | {
      readonly to: "account";
      readonly kind: "answer";
      readonly key: string;
      readonly answer: TakeAnswer;
    }
  | { readonly to: "account"; readonly kind: "notice"; readonly notice: FrozenNotice }
  | TakeMessage
  | {
      readonly to: "sku";
      readonly kind: "cancel" | "forgo";
      readonly key: string;
      readonly epoch: number;
      readonly quantity: number;
    };

export interface TakeMessage {
  readonly to: "sku";
  readonly kind: "take";
  readonly key: string;
  readonly epoch: number;
  readonly quantity: number;
  readonly probe: boolean;
  readonly via: "account" | "door";
}

export const OPENS_AT_MS = 1_000;
const FAR_MS = 1_000_000_000;

export const keyOf = (one: { memberKey: string; orderId: string }): string =>
  `${one.memberKey} ${one.orderId}`;

export function termsFor(quantityMax: number, limitPerMember: number): SaleTerms {
  return {
    saleId: "demo.sku~1",
    skuKey: "demo.sku",
    kind: "flash",
    title: "",
    subtitle: "",
    picture: "",
    groundColor: "",
    pricePoints: 10,
    priceFen: 0,
    marketPriceFen: null,
    limitPerMember,
    dailyLimitPerMember: null,
    quantityMax,
    dailyUnits: null,
    opensAtMs: OPENS_AT_MS,
    closesAtMs: FAR_MS,
    waveIntervalMs: FAR_MS,
    zoneOffsetMs: 0,
    version: 1,
  };
}
