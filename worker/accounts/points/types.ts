/** Words of the points wallet: lots, entries, the state of one member. Types and constants only. */
import type { Refusal } from "../../kernel/refusal.ts";

export interface PointsLot {
  /** Numbered per member from 1. */
  readonly lotId: number;
  /** What made the lot: a credit's source, or `refund_grace`. */
  readonly source: string;
  /** The order, task or invite it came from, so that a claw-back finds its own lots; null: nothing to find. */
  readonly originId: string | null;
  /** Points the lot was credited with. */
  readonly points: number;
  readonly remaining: number;
  /** Null: never. */
  readonly expiresAtMs: number | null;
  /** Not spendable before; null: no time to wait for. */
  readonly pendingUntilMs: number | null;
  /** Not spendable until this event is reported; null: no event to wait for. */
  readonly pendingEvent: string | null;
  /** When the member earned it; expiry counts from here. */
  readonly earnedAtMs: number;
}

/** Part of a lot that an entry moved. `points` are positive; the entry's type says which way they went. */
export interface LotSlice {
  readonly lotId: number;
  readonly points: number;
  readonly expiresAtMs: number | null;
}

/** A new word is added, never reused. */
export const CREDIT_TYPES = [
  "opening",
  "earn_order",
  "earn_action",
  "promo",
  "manual_credit",
  "transfer_in",
] as const;
export type CreditType = (typeof CREDIT_TYPES)[number];

export const ENTRY_TYPES = [
  ...CREDIT_TYPES,
  "activate",
  "hold",
  "capture",
  "release",
  "redeem",
  "redeem_rollback",
  "transfer_out",
  "manual_debit",
  "clawback",
  "expire",
] as const;
export type EntryType = (typeof ENTRY_TYPES)[number];

/** What one version of one rule gave. */
export interface RuleShare {
  readonly ruleId: string;
  readonly version: number;
  readonly points: number;
}

/** Why an entry exists and who caused it. The caller knows all of it before the transition. */
export interface Cause {
  /** Unique per member: the reason why the entry can exist only once. */
  readonly naturalKey: string;
  readonly orderId: string | null;
  /** Event, task, invite or order at the place it came from; null: none. */
  readonly sourceId: string | null;
  readonly breakdown: readonly RuleShare[];
  /** `member`, `system`, or a staff id. Outside the hash, so that a person can be erased. */
  readonly actor: string;
  readonly storeId: string | null;
  /** Shown to the member. Outside the hash. */
  readonly customerNote: string;
  /** Never shown to the member. Outside the hash. */
  readonly internalNote: string;
  /** When it happened where it happened; at or before the moment of the transition. */
  readonly occurredAtMs: number;
}

export interface PointsEntry extends Cause {
  /** 1: sealed before rules existed. 2: `hashOf` of today. */
  readonly hashVersion: 1 | 2;
  /** 1, 2, 3 … per member, without a gap. */
  readonly seq: number;
  readonly type: EntryType;
  /** Signed change of what the member owns: lots and holds, less a deficit. */
  readonly points: number;
  /** What was asked for, where a policy may give less; else the size of `points`. */
  readonly askedPoints: number;
  readonly slices: readonly LotSlice[];
  /** Lots this entry opened, as they were at that moment. */
  readonly opens: readonly PointsLot[];
  /** Active points that this entry used to pay a deficit. */
  readonly paid: readonly LotSlice[];
  /** Points that no lot covered: they became deficit. */
  readonly overdraft: number;
  readonly balanceAfter: number;
  /** When the ledger took it down. Never decreases along the chain. */
  readonly recordedAtMs: number;
  readonly prevHash: string;
  readonly hash: string;
}

export interface Wallet {
  readonly memberKey: string;
  readonly seq: number;
  readonly headHash: string;
  /** Points ever credited. */
  readonly granted: number;
  readonly held: number;
  readonly spent: number;
  readonly expired: number;
  /** Taken back by the merchant: claw-backs and manual debits. */
  readonly clawedBack: number;
  /** Points taken back that no lot covered yet; the next active points pay it. */
  readonly deficit: number;
  readonly lotSeq: number;
  /** Open lots, and those empty ones that the caller loaded because a slice names them. */
  readonly lots: readonly PointsLot[];
}

/** Answers whether a natural key is in this member's ledger. The shell asks its unique index. */
export interface EntryLookup {
  find(naturalKey: string): PointsEntry | null;
}

/** For commands that something else lets happen once: no row is read for them. */
export const NO_LEDGER: EntryLookup = { find: () => null };

export interface Booked {
  readonly kind: "booked";
  readonly wallet: Wallet;
  readonly entries: readonly PointsEntry[];
}

/** The natural key is known and says the same: nothing changes. */
export interface Replayed {
  readonly kind: "replayed";
  readonly entry: PointsEntry;
}

export interface Refused {
  readonly kind: "refused";
  readonly refusal: Refusal;
}

export type Outcome = Booked | Replayed | Refused;

/** What happens to a slice whose lot lapsed before it came back. */
export type LapsePolicy =
  | { readonly kind: "grace"; readonly days: number }
  | { readonly kind: "forfeit" };

/** Which points a reversal may take. */
export const CLAWBACK_POLICIES = ["only_pending", "within_balance", "allow_negative"] as const;
export type ClawbackPolicy = (typeof CLAWBACK_POLICIES)[number];

export const GRACE_SOURCE = "refund_grace";
