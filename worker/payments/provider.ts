/** What the mall asks of whoever carries its money. Each provider is one implementation; nothing else knows which. */

/** How the member pays: inside WeChat, in a browser of a phone, by a QR code that another device scans. */
export const SCENES = ["jsapi", "h5", "qr"] as const;
export type Scene = (typeof SCENES)[number];

export const PROVIDERS = ["wechat", "alipay"] as const;
export type ProviderName = (typeof PROVIDERS)[number];

export interface PaymentOrder {
  /** The merchant's order number at the provider: 32 characters of `[0-9A-Za-z_-]`. */
  readonly paymentId: string;
  readonly scene: Scene;
  readonly title: string;
  readonly amountFen: number;
  readonly expiresAtMs: number;
  /** Where the provider reports. */
  readonly notifyUrl: string;
  /** Where the member comes back to. */
  readonly returnUrl: string;
  /** The member's id at WeChat; needed by `jsapi` alone. */
  readonly openId: string | null;
  readonly clientIp: string;
}

/** What the page does to let the member pay. */
export type HandOver =
  | { readonly kind: "redirect"; readonly url: string }
  | { readonly kind: "qr"; readonly text: string }
  | { readonly kind: "jsapi"; readonly params: Readonly<Record<string, string>> };

export type BeginAnswer =
  | { readonly kind: "begun"; readonly handOver: HandOver }
  /** It is paid already: the call was lost. */
  | { readonly kind: "paid" }
  | { readonly kind: "refused"; readonly word: string }
  | { readonly kind: "silence"; readonly word: string };

export interface Paid {
  readonly paymentId: string;
  readonly txnId: string;
  readonly amountFen: number;
  readonly paidAtMs: number;
}

export interface PaidWord {
  readonly kind: "paid";
  readonly paid: Paid;
  /** Whoever paid, as the provider knows them, in this app; null: it does not say. Never kept as it is. */
  readonly payer: string | null;
}

/** Whoever paid, as the guard of invites compares them: a provider's id of a person is good for one app. */
export function payerTrait(
  { name, appId }: Pick<PaymentProvider, "name" | "appId">,
  { payer }: PaidWord,
): string | null {
  return payer === null ? null : `${name}:${appId}:${payer}`;
}

export type PaymentWord =
  | PaidWord
  | { readonly kind: "unpaid" }
  | { readonly kind: "closed" }
  /**
   * It was never begun there, or its beginning is still on its way. The provider refuses by its own clock what begins too late, so
   * `atMs` says when it was by that clock, or by ours where ours is behind: two clocks have to be wrong before money is missed.
   */
  | { readonly kind: "unknown"; readonly atMs: number }
  | { readonly kind: "silence"; readonly word: string };

export interface RefundOrder {
  readonly refundId: string;
  readonly paymentId: string;
  readonly txnId: string;
  readonly amountFen: number;
  /** What was paid in all. */
  readonly totalFen: number;
  readonly reason: string;
}

export type RefundWord =
  | { readonly kind: "done"; readonly atMs: number }
  | { readonly kind: "asked" }
  | { readonly kind: "refused"; readonly word: string }
  | { readonly kind: "silence" };

/** A call of the provider, proven to be its own. */
export type Notice =
  | PaidWord
  | { readonly kind: "refund"; readonly refundId: string; readonly word: RefundWord }
  /** Proven, and nothing that anybody waits for. */
  | { readonly kind: "other" };

/** `forged` says that the proof fails; the word says where, for the log, and never who. */
export type Heard = Notice | { readonly kind: "forged"; readonly word: string };

export interface NoticeCall {
  readonly headers: Headers;
  /** Exactly as it came: the signature covers every byte. */
  readonly body: string;
  readonly nowMs: number;
}

/** One line of a provider's daily bill. */
export interface BillRow {
  readonly kind: "payment" | "refund";
  readonly paymentId: string;
  readonly txnId: string;
  /** Of a refund: the merchant's number of it. */
  readonly refundId: string | null;
  readonly amountFen: number;
}

export type Bill =
  | { readonly kind: "bill"; readonly rows: readonly BillRow[] }
  /** Not made yet, or this provider gives none. */
  | { readonly kind: "none"; readonly word: string };

export interface PaymentProvider {
  readonly name: ProviderName;
  /** The merchant's app at the provider; a member's id there is good for this app alone. */
  readonly appId: string;
  readonly scenes: readonly Scene[];
  begin(order: PaymentOrder, nowMs: number): Promise<BeginAnswer>;
  query(paymentId: string, nowMs: number): Promise<PaymentWord>;
  /** After `closed` nothing can be paid any more; `unpaid` means that it is still open, `unknown` that it may open yet. */
  close(paymentId: string, nowMs: number): Promise<PaymentWord>;
  refund(order: RefundOrder, nowMs: number): Promise<RefundWord>;
  queryRefund(order: RefundOrder, nowMs: number): Promise<RefundWord>;
  hear(call: NoticeCall): Promise<Heard>;
  /** What the provider wants to read when its call was taken, and when it shall call again. */
  acknowledge(isTaken: boolean): Response;
  /** `day` as `2026-11-21`. */
  bill(day: string, nowMs: number): Promise<Bill>;
}

/** How a provider reaches its server; tests and the demo pass their own. */
export type Fetch = (request: Request) => Promise<Response>;
