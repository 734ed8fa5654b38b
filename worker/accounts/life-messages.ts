/** What others ask an Account about an order after its grant, and what it answers. Plain data. */
import type {
  Act,
  LifeRefusal,
  OrderLife,
  OrderStep,
  Receipt,
  RefundWord,
} from "./orders/index.ts";
import type { Order } from "./orders.ts";

/** Steps that somebody outside takes. What money and time do, the Account does by itself. */
export type AdvanceStep = Extract<
  OrderStep,
  | "ship"
  | "receive"
  | "use"
  | "write_off"
  | "reverse_write_off"
  | "use_coupon"
  | "reverse_coupon"
  | "submit"
  | "issue"
  | "fail"
  | "cancel"
  | "close"
>;

export interface AdvanceRequest extends Act {
  readonly memberKey: string;
  readonly orderId: string;
  readonly step: AdvanceStep;
}

export type LifeReply =
  | { readonly kind: "advanced"; readonly order: Order; readonly life: OrderLife }
  | { readonly kind: "already"; readonly order: Order; readonly life: OrderLife }
  | { readonly kind: "not_found" }
  | LifeRefusal;

export interface PaymentRequest {
  readonly memberKey: string;
  readonly orderId: string;
  readonly paymentId: string;
  readonly provider: string;
  readonly scene: string;
}

export type BeginPaymentReply =
  | {
      readonly kind: "begun";
      readonly amountFen: number;
      readonly payByMs: number;
      readonly title: string;
    }
  | { readonly kind: "not_found" }
  | LifeRefusal;

export interface MoneyRequest {
  readonly memberKey: string;
  readonly orderId: string;
  readonly paymentId: string;
  readonly txnId: string;
  readonly amountFen: number;
  readonly paidAtMs: number;
}

export interface RefundHeard {
  readonly memberKey: string;
  readonly orderId: string;
  readonly refundId: string;
  readonly word: RefundWord;
}

export type MoneyReply =
  | (Extract<LifeReply, { kind: "advanced" }> & { readonly use: Receipt["use"] })
  | Exclude<LifeReply, { kind: "advanced" }>;
