/** What the Worker asks an Account, and what it answers. Plain data: errors lose their class across RPC. */
import type { FinalRefusal, OpenCode, Refusal } from "../kernel/refusal.ts";
import type { Balance } from "./model.ts";
import type { LedgerEntry } from "./ledger.ts";
import type { Lot } from "./lots.ts";
import type { Order } from "./orders.ts";

export interface OrderRequest {
  readonly memberKey: string;
  readonly orderId: string;
  readonly saleId: string;
  readonly quantity: number;
  readonly epoch: number;
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
  readonly sources: Readonly<Record<number, string>>;
}

export type CancelReply =
  | OrderReply
  | { readonly kind: "cancelled"; readonly order: OrderWithLots };

export interface PointsReply {
  readonly balance: Balance;
  readonly lots: readonly Lot[];
  readonly entries: readonly LedgerEntry[];
  readonly nextBeforeSeq: number | null;
}

export interface GrantRequest {
  readonly memberKey: string;
  readonly points: number;
  readonly reason: string;
  readonly actor: string;
  readonly source: "manual" | "opening";
  readonly expiresAtMs: number | null;
  readonly idempotencyKey: string;
}

export type GrantReply =
  | {
      readonly kind: "granted";
      readonly entry: LedgerEntry;
      readonly isReplay: boolean;
      readonly balance: Balance;
    }
  | { readonly kind: "mismatch"; readonly fields: readonly string[] }
  | { readonly kind: "too_many_points" };
