/** What the Worker asks an Account, and what it answers. Plain data: errors lose their class across RPC. */
import type { FinalRefusal, OpenCode, Refusal } from "../kernel/refusal.ts";
import type { ProgrammeTerms } from "../earning/programme/index.ts";
import type { CashBack, OrderLife } from "./orders/index.ts";
import type { Order } from "./orders.ts";
import type {
  ClawbackPolicy,
  ExpiryCalendar,
  PointsEntry,
  PointsLot,
  RefundQuote,
  WalletBalance,
} from "./points/index.ts";
import type { GoodsUsage, MemberStanding } from "./rules.ts";
import type { PointsTerms } from "./terms.ts";

export interface OrderRequest {
  readonly memberKey: string;
  readonly orderId: string;
  readonly saleId: string;
  readonly quantity: number;
  readonly epoch: number;
  /** What the member agreed to pay; a price above it makes no hold. Absent: whatever it costs. */
  readonly pointsMax?: number | undefined;
  readonly pricing?: Pricing | undefined;
}

/** The state of the terms that the Worker knows, by which the price is found; `terms` where the Account does not know it. */
export interface Pricing {
  readonly revision: number;
  readonly terms?: ProgrammeTerms;
}
export interface TermsNeeded {
  readonly kind: "terms_needed";
}

export interface RedeemRequest extends OrderRequest {
  /** The Worker has no filter of this bucket for this sale yet. */
  readonly wantsFrozen: boolean;
}

export interface TicketRequest extends OrderRequest {
  readonly replaces: string | null;
}

/** Lets a Worker refuse by itself: absent from the filter and stamped low enough means refused, for ever. */
export interface FrozenShare {
  readonly epochs: readonly { readonly upTo: number; readonly refusal: FinalRefusal }[];
  readonly bits: Uint8Array;
  readonly probes: number;
}

export type OrderReply =
  | {
      readonly kind: "granted";
      readonly orderId: string;
      readonly points: number;
      readonly remaining: number;
      readonly isReplay: boolean;
    }
  | { readonly kind: "refused"; readonly refusal: FinalRefusal; readonly frozen?: FrozenShare }
  | { readonly kind: "open"; readonly refusal: Refusal<OpenCode> }
  | { readonly kind: "pending" }
  | { readonly kind: "mismatch"; readonly fields: readonly string[] }
  | { readonly kind: "not_found"; readonly what: "sale" | "order" }
  | { readonly kind: "too_many"; readonly quantityMax: number }
  | { readonly kind: "no_tickets" };

export type TicketReply =
  | OrderReply
  | {
      readonly kind: "ticket";
      readonly orderId: string;
      readonly quantity: number;
      readonly epoch: number;
      readonly points: number;
      readonly expiresAtMs: number;
      readonly isReplay: boolean;
    };

export type ForgoReply = OrderReply | { readonly kind: "forgone" };

/** An order with the sources of its lots, for people. */
export interface OrderWithLots {
  readonly order: Order;
  /** What became of it; null: it was never granted. */
  readonly life: OrderLife | null;
  readonly sources: Readonly<Record<number, string>>;
}

export type CancelReply =
  | OrderReply
  /** It is past cancelling, or more points would be lost than the member was told. */
  | { readonly kind: "conflict"; readonly refusal: Refusal }
  | { readonly kind: "cancelled"; readonly order: OrderWithLots };

/** What a page must know to say whether a member may redeem goods, and why not. */
export interface MemberInGoods {
  readonly standing: MemberStanding;
  readonly usage: GoodsUsage;
}

/** What a cancel would give back: points slice by slice, and money. */
export interface CancelQuote extends RefundQuote {
  readonly cash: CashBack;
}

export interface CancelRequest {
  readonly memberKey: string;
  readonly orderId: string;
  /** Points that the member was told are lost; null: nobody was told anything. */
  readonly forfeitMax: number | null;
  readonly terms?: PointsTerms;
}

/** What gave points is called, by rule id; an id that is missing is its own name. */
export type ShareNames = Readonly<Record<string, ShareName>>;
export interface ShareName {
  readonly kind: ShareKind;
  readonly name: string;
}
export type ShareKind =
  | "rule"
  | "task"
  | "tier"
  | "tier_gift"
  | "check_in"
  | "invite"
  | "till_code"
  | "discount";

export interface PointsReply {
  /** Entries of the ledger; 0: nobody has heard of this member. */
  readonly seq: number;
  readonly balance: WalletBalance;
  readonly lots: readonly PointsLot[];
  readonly calendar: ExpiryCalendar;
  /** Of points that pending redemptions hold. */
  readonly held: ExpiryCalendar;
  readonly entries: readonly PointsEntry[];
  readonly names: ShareNames;
  readonly nextBeforeSeq: number | null;
}

export interface EntriesPage {
  readonly entries: readonly PointsEntry[];
  readonly names: ShareNames;
  readonly nextBeforeSeq: number | null;
}

/** An entry, or what an order did that no entry tells of. `key` sorts, and stands for the item in a cursor. */
export interface TimelineItem {
  readonly key: string;
  readonly atMs: number;
  readonly entry?: PointsEntry;
  readonly order?: {
    readonly event: "held" | "refused" | "voided";
    readonly orderId: string;
    readonly saleId: string;
    readonly title: string;
    readonly points: number;
    readonly code: string | null;
  };
}

export interface TimelinePage {
  readonly items: readonly TimelineItem[];
  readonly nextBefore: string | null;
}

/** A change by hand: who, why, and under which key it happens once. */
export interface ByHand {
  readonly memberKey: string;
  readonly points: number;
  /** Shown to the member. */
  readonly reason: string;
  /** Never shown to the member. */
  readonly internalNote: string;
  readonly storeId: string | null;
  readonly actor: string;
  readonly idempotencyKey: string;
}

export interface GrantRequest extends ByHand {
  /** `campaign`: a gift to many, once a member; its id is the idempotency key. */
  readonly source: "manual" | "opening" | "campaign";
  readonly expiresAtMs: number | null;
  readonly pendingUntilMs: number | null;
}

export interface DeductRequest extends ByHand {
  /** False: a balance that does not cover it is refused. */
  readonly mayGoNegative: boolean;
}

export interface ClawBackRequest extends ByHand {
  /** Null: as the programme's terms say. */
  readonly policy: ClawbackPolicy | null;
  /** Lots of this origin go first. */
  readonly originId: string | null;
  readonly terms?: PointsTerms;
}

export interface ActivateRequest {
  readonly memberKey: string;
  readonly event: string;
  readonly reason: string;
  readonly internalNote: string;
  readonly storeId: string | null;
  readonly actor: string;
}

export type ChangeReply =
  | {
      readonly kind: "changed";
      readonly entry: PointsEntry;
      readonly isReplay: boolean;
      readonly balance: WalletBalance;
    }
  | { readonly kind: "mismatch"; readonly fields: readonly string[] }
  | { readonly kind: "refused"; readonly refusal: Refusal };

/** A member as lists and reports keep them. */
export interface MemberFigures {
  readonly memberKey: string;
  /** Entries so far: a later reading has a higher one, or the same and knows the same entries. */
  readonly seq: number;
  readonly active: number;
  readonly pending: number;
  readonly negative: number;
  readonly tierId: string | null;
  readonly joinedAtMs: number | null;
  /** The nearest deadline of points, and how many go then. */
  readonly nextExpiresAtMs: number | null;
  readonly nextExpiring: number;
}
