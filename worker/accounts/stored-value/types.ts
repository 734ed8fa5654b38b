/** Words of stored value: money that a member left with the merchant, in fen. Types and constants only. */
import type { Refusal } from "../../kernel/refusal.ts";

/** A new word is added, never reused. */
export const STORED_ENTRY_TYPES = ["top_up", "hold", "capture", "release", "refund"] as const;
export type StoredEntryType = (typeof STORED_ENTRY_TYPES)[number];

/** Why an entry exists and who caused it. */
export interface StoredCause {
  /** Unique per member: the reason why the entry can exist only once. */
  readonly naturalKey: string;
  /** The order that it paid for; null: none. */
  readonly orderId: string | null;
  /** The payment by which it came in; null: none. */
  readonly sourceId: string | null;
  /** Shown to the member. Outside the hash. */
  readonly note: string;
}

export interface StoredEntry extends StoredCause {
  /** 1, 2, 3 … per member, without a gap. */
  readonly seq: number;
  readonly type: StoredEntryType;
  /** What it moved; positive. The type says which way. */
  readonly movedFen: number;
  /** Signed change of what the member owns, held or not. */
  readonly amountFen: number;
  /** What the member owns then, held or not. */
  readonly balanceAfterFen: number;
  readonly recordedAtMs: number;
  readonly prevHash: string;
  readonly hash: string;
}

/** The law: `balanceFen + heldFen + spentFen = toppedUpFen`. */
export interface StoredWallet {
  readonly memberKey: string;
  readonly seq: number;
  readonly headHash: string;
  /** What may be spent now. */
  readonly balanceFen: number;
  /** Set aside for orders that wait for the rest of their cash. */
  readonly heldFen: number;
  /** All that ever came in. */
  readonly toppedUpFen: number;
  /** Spent and not given back. */
  readonly spentFen: number;
}

export type StoredOutcome =
  | { readonly kind: "booked"; readonly wallet: StoredWallet; readonly entry: StoredEntry }
  /** The natural key is known: nothing changes. */
  | { readonly kind: "already" }
  | { readonly kind: "refused"; readonly refusal: Refusal };
