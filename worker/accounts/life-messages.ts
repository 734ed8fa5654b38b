/** What others ask an Account about an order after its grant, and what it answers. Plain data. */
import type { LifeRefusal, OrderLife, OrderStep, Receipt, RefundWord } from "./orders/index.ts";
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

export interface AdvanceRequest {
  readonly memberKey: string;
  readonly orderId: string;
  readonly step: AdvanceStep;
  /** `member`, `system`, or `staff:<id>`. */
  readonly by: string;
  /** For people, in the order's history; never personal data. */
  readonly note?: string;
  /** Names the act: the same one asked for again is `already`, whatever happened since. */
  readonly key?: string;
  /** Units in the parcel of a `ship`, absent: all that are left; uses that are written off or come back, absent: one. */
  readonly units?: number;
  /** With a `use`, and with the `issue` of coupons: the uses of all vouchers of the order. */
  readonly usesTotal?: number;
  /** How long what follows may take: until auto-receive after `ship`, until it closes after a receipt. */
  readonly withinMs?: number;
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
