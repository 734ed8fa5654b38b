/** Words of an order's life after the grant. Plain data, kept as one JSON text beside the order. Types only. */
import type { GoodsKind } from "../../kernel/goods-kind.ts";
import type { AfterSaleState, AfterSaleStep } from "./after-sales.ts";
import type {
  CashLegState,
  FreightLegState,
  OrderState,
  OrderStep,
  PointsLegState,
} from "./states.ts";

export interface Moment<S extends string> {
  readonly state: S;
  readonly atMs: number;
}

/** What one leg is now, and how it came there. */
export interface Leg<S extends string> {
  readonly state: S;
  readonly history: readonly Moment<S>[];
}

export interface LifeEvent {
  readonly step: OrderStep;
  readonly atMs: number;
  /** `member`, `system`, `provider`, or `staff:<id>`. */
  readonly by: string;
  /** For people: a tracking number's last digits, why it failed. Never personal data. */
  readonly note: string;
  /** Of the act, where whoever asked for it named it. */
  readonly key?: string;
}

/** One way in which the member began to pay; `paymentId` is the merchant's order number at the provider. */
export interface PaymentAttempt {
  readonly paymentId: string;
  readonly provider: string;
  readonly scene: string;
  readonly amountFen: number;
  readonly createdAtMs: number;
  /** Its provider takes no money for it from then on; absent in those of before it was kept. */
  readonly payByMs?: number;
  /**
   * `closed`: the provider takes no money for it any more. `dropped`: the member pays another amount, and the provider, who did not
   * know of it then, may still hear of it.
   */
  readonly state: "open" | "dropped" | "paid" | "closed";
  /** When its provider is asked next; null: nothing to ask. */
  readonly askAtMs: number | null;
  readonly tries: number;
}

/** Money that arrived, once per transaction of its provider. */
export interface Receipt {
  readonly txnId: string;
  readonly paymentId: string;
  readonly provider: string;
  readonly amountFen: number;
  readonly paidAtMs: number;
  /** What it is: the order's price, or money that has to go back. */
  readonly use: "order" | "late" | "double" | "mismatch";
}

export type RefundReason =
  | "cancelled"
  | "failed"
  | "late_paid"
  | "double_paid"
  | "mismatch"
  | "after_sale";

/** Money on its way back. The row is the order to send it; it is sent until the provider says that it is done. */
export interface CashRefund {
  readonly refundId: string;
  readonly txnId: string;
  readonly paymentId: string;
  readonly provider: string;
  readonly amountFen: number;
  readonly reason: RefundReason;
  /** `waiting`: not taken by the provider yet; `asked`: taken; `failed`: somebody has to look. */
  readonly state: "waiting" | "asked" | "done" | "failed";
  readonly createdAtMs: number;
  readonly doneAtMs: number | null;
  readonly askAtMs: number | null;
  readonly tries: number;
  /** The provider's word, when it failed. */
  readonly word: string;
}

/** What pays part of the cash without a provider. Its `no` counts the choices of the member. */
export interface Tender {
  readonly no: number;
  /** `held` while the rest is awaited, `taken` when the order is paid. */
  readonly state: "held" | "taken" | "released";
  readonly points: number;
  /** What these points pay. */
  readonly pointsFen: number;
  readonly storedFen: number;
  /** Of these, what came back. */
  readonly backPoints: number;
  readonly backPointsFen: number;
  readonly backStoredFen: number;
}

export type AfterSaleKind = "refund" | "return" | "exchange";

/** Points, and money really paid: of some units of an order. */
export interface Share {
  readonly points: number;
  readonly cashFen: number;
}

/** What was agreed to, by whom, while the goods are on their way back. */
export interface TakingBack {
  readonly by: string;
  readonly note?: string;
  readonly share?: Share;
  /** Pays back all the same where the member turns out to have seen or used them. */
  readonly evenIfUsed: boolean;
}

/** One case of after-sales. */
export interface AfterSale {
  readonly caseId: string;
  readonly kind: AfterSaleKind;
  readonly state: AfterSaleState;
  readonly quantity: number;
  /** What it gives back; an exchange gives nothing back. */
  readonly points: number;
  readonly cashFen: number;
  /** What its units were worth, where the desk gave less; absent: what it gives back. */
  readonly worth?: Share;
  readonly reason: string;
  readonly note: string;
  /** Names of pictures that are stored with the order. */
  readonly evidence: readonly string[];
  readonly trackingNo: string;
  /** Its goods are being taken back outside, and nothing else becomes of it until that is answered. */
  readonly takingBack?: TakingBack;
  readonly history: readonly {
    readonly step: AfterSaleStep | "apply";
    readonly atMs: number;
    readonly by: string;
    readonly note: string;
  }[];
  /** When the side that is silent has its say taken for it; null: nobody is waited for. */
  readonly dueAtMs: number | null;
}

/** Everything after the grant. The redemption itself, hold and points, is the `Order`. */
export interface OrderLife {
  readonly memberKey: string;
  readonly orderId: string;
  readonly goodsKind: GoodsKind;
  readonly quantity: number;
  readonly cashFen: number;
  readonly freightFen: number;
  readonly state: OrderState;
  readonly history: readonly LifeEvent[];
  readonly legs: {
    readonly points: Leg<PointsLegState>;
    readonly cash: Leg<CashLegState>;
    readonly freight: Leg<FreightLegState>;
  };
  /** A cash leg that is not paid by then lapses; null: nothing is awaited. */
  readonly payByMs: number | null;
  readonly receiveByMs: number | null;
  readonly closeByMs: number | null;
  /** Goods that deliver themselves: when the deliverer is asked next, or asked to take back what an ended order was given. */
  readonly issueAtMs: number | null;
  readonly issueTries: number;
  /** Uses of a service or coupon that were written off; a used service is not cancelled. */
  readonly uses: number;
  /**
   * Uses of all its vouchers: of coupons from their issue on, of a service once the first was written off. Absent before, and in
   * orders of before it was kept.
   */
  readonly usesTotal?: number;
  /** Units that left in parcels; an order may go in several. */
  readonly shippedUnits: number;
  /** Units that after-sales gave back. */
  readonly returnedUnits: number;
  readonly attempts: readonly PaymentAttempt[];
  readonly receipts: readonly Receipt[];
  readonly refunds: readonly CashRefund[];
  readonly afterSales: readonly AfterSale[];
  /** Null: its cash is paid by providers alone. */
  readonly tender: Tender | null;
}

export interface LifeRefusal {
  readonly kind: "refused";
  /** `state`: not from the state it is in; otherwise the word says what stands against it. */
  readonly reason:
    | "state"
    | "used"
    | "submitted"
    | "units_unsent"
    | "payment_begun"
    | "amount_mismatch"
    | "unknown_payment"
    | "nothing_to_pay"
    | "nothing_to_refund"
    | "too_much"
    | "whole_only"
    | "unknown_case"
    | "case_state";
  readonly state: OrderState;
}

export type LifeOutcome =
  | { readonly kind: "changed"; readonly life: OrderLife }
  | { readonly kind: "already"; readonly life: OrderLife }
  | LifeRefusal;
