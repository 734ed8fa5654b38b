/** What the Worker asks an Account about spending beside redemptions, and what it answers. Plain data. */
import type { Refusal } from "../../kernel/refusal.ts";
import type {
  OffsetQuote,
  OffsetReturnWish,
  PointsOffset,
  WalletBalance,
} from "../points/index.ts";
import type { StoredValueTerms } from "../../earning/programme/index.ts";
import type { LifeReply } from "../life-messages.ts";
import type { NewTopUp, StoredEntry, TopUp } from "../stored-value/index.ts";
import type { BillAsked, HoldAsked } from "./offset-desk.ts";

export type StoredTerms = StoredValueTerms;

export interface Refused {
  readonly kind: "refused";
  readonly refusal: Refusal;
}

export type QuoteReply =
  | (OffsetQuote & {
      readonly kind: "quote";
      /** Fewer points than this pay for nothing. */
      readonly pointsMin: number;
    })
  | Refused;

export type OffsetReply =
  | {
      readonly kind: "offset";
      readonly isReplay: boolean;
      readonly offset: PointsOffset;
      /** What its points pay of the bill. */
      readonly fen: number;
      readonly balance: WalletBalance;
    }
  | Refused;

export interface StoredPage {
  readonly kind: "stored_value";
  readonly balanceFen: number;
  readonly heldFen: number;
  readonly seq: number;
  readonly terms: StoredTerms;
  /** Newest first. */
  readonly entries: readonly StoredEntry[];
  /** Payments that were begun and not heard of. */
  readonly open: readonly TopUp[];
  readonly nextBeforeSeq: number | null;
}

export type BeginTopUpReply = { readonly kind: "top_up"; readonly topUp: TopUp } | Refused;

/** What points and stored value would pay of an order's cash. */
export interface TenderQuote {
  readonly kind: "tender_quote";
  /** Both legs that one payment pays. */
  readonly wholeFen: number;
  /** Null: points pay for no cash of this programme's orders. */
  readonly points: {
    readonly points: number;
    readonly fen: number;
    readonly max: number;
    readonly min: number;
    readonly step: { readonly points: number; readonly fen: number };
    readonly active: number;
  } | null;
  readonly stored: { readonly fen: number; readonly maxFen: number; readonly balanceFen: number };
  /** What is left for a provider; 0: the order is paid by this alone. */
  readonly leftFen: number;
}

export interface TenderAsked {
  readonly orderId: string;
  /** At most so many, in whole conversions; null: as many as are allowed. */
  readonly points: number | null;
  /** At most so much; null: as much as is needed and there. */
  readonly storedFen: number | null;
}

interface Named {
  readonly offsetId: string;
}

/** Every command with what it is asked and what it answers. They travel with the terms, as earning does. */
export interface SpendCalls {
  readonly offset_quote: { readonly input: BillAsked; readonly reply: QuoteReply };
  readonly offset_hold: { readonly input: HoldAsked; readonly reply: OffsetReply };
  readonly offset_capture: {
    /** Null: all that is held. */
    readonly input: Named & { readonly points: number | null; readonly actor: string };
    readonly reply: OffsetReply;
  };
  readonly offset_void: {
    readonly input: Named & { readonly actor: string };
    readonly reply: OffsetReply;
  };
  readonly offset_return: { readonly input: Named & OffsetReturnWish; readonly reply: OffsetReply };
  readonly offset_view: { readonly input: Named; readonly reply: OffsetReply };
  readonly tender_quote: {
    readonly input: TenderAsked;
    readonly reply: TenderQuote | Refused;
  };
  readonly tender_set: {
    /** `leftFen` is what the member was shown; another figure changes nothing. */
    readonly input: TenderAsked & { readonly leftFen: number };
    readonly reply: Extract<LifeReply, { kind: "advanced" | "already" }> | Refused;
  };
  readonly stored_view: {
    readonly input: { readonly beforeSeq: number; readonly count: number };
    readonly reply: StoredPage;
  };
  readonly top_up_begin: {
    readonly input: Omit<NewTopUp, "memberKey">;
    readonly reply: BeginTopUpReply;
  };
}
export type SpendKind = keyof SpendCalls;

export type SpendReply<K extends SpendKind> =
  | SpendCalls[K]["reply"]
  /** The terms are not known here in this state: send them along. */
  | { readonly kind: "terms_needed" };
