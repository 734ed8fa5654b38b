/** Earning rules as data: events, what is known of the member, conditions, benefits, caps. Types only. */
import type { ExpiryRule, RuleShare } from "../../accounts/points/index.ts";
import type { Period } from "../../kernel/calendar.ts";

/** What can earn. The act of sharing is not here on purpose: platforms ban paying for it, and it proves nothing. */
export const EVENT_KINDS = [
  "order",
  "write_off",
  "registration",
  "check_in",
  "task",
  "invite",
  "till_code",
  "birthday",
  "review",
  "custom",
] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/**
 * The channel of what is redeemed in the mall itself. Rules, tasks and invites that do not name redemptions never see one:
 * points that are spent are no purchase.
 */
export const REDEMPTION_CHANNEL = "redemption";

/** Kinds that carry money and lines. */
export const MONEY_KINDS: ReadonlySet<EventKind> = new Set(["order", "write_off"]);

export interface EventLine {
  readonly productId: string;
  readonly categoryIds: readonly string[];
  readonly labels: readonly string[];
  /** Paid for this line, without freight and without what points covered. */
  readonly amountFen: number;
}

export interface EarnEvent {
  /** Unique at its source; part of the natural key. */
  readonly eventId: string;
  readonly kind: EventKind;
  /** The word of a `custom` event; null for the others. */
  readonly name: string | null;
  readonly memberKey: string;
  readonly atMs: number;
  readonly lines: readonly EventLine[];
  readonly storeId: string | null;
  readonly channel: string | null;
}

/** What the member was at the moment of the event. */
export interface MemberFacts {
  readonly tierId: string | null;
  readonly segments: readonly string[];
  readonly labels: readonly string[];
  /** Completed orders before this event. */
  readonly ordersBefore: number;
  readonly birthday: { readonly month: number; readonly day: number } | null;
  /** What the tier multiplies earned points by; 100 is once. */
  readonly tierPercent: number;
}

export type Condition =
  | { readonly kind: "all" | "any"; readonly of: readonly Condition[] }
  | { readonly kind: "not"; readonly of: Condition }
  | {
      readonly kind: "order_amount";
      readonly minFen: number | null;
      readonly maxFen: number | null;
    }
  | {
      readonly kind:
        | "product"
        | "category"
        | "label"
        | "store"
        | "channel"
        | "tier"
        | "segment"
        | "member_label"
        | "custom_name";
      readonly in: readonly string[];
    }
  | { readonly kind: "day_of_week"; readonly days: readonly number[] }
  | { readonly kind: "day_of_month"; readonly days: readonly number[] }
  | { readonly kind: "time_of_day"; readonly fromMinute: number; readonly toMinute: number }
  | { readonly kind: "date_window"; readonly fromMs: number; readonly toMs: number }
  | { readonly kind: "nth_order"; readonly from: number; readonly to: number | null }
  | { readonly kind: "birthday"; readonly daysBefore: number; readonly daysAfter: number }
  | { readonly kind: "birthday_month" };

/** Which lines count for a benefit per amount. An empty list names everything. */
export interface LineScope {
  readonly productIds: readonly string[];
  readonly categoryIds: readonly string[];
  readonly labels: readonly string[];
  readonly exceptProductIds: readonly string[];
  readonly exceptCategoryIds: readonly string[];
  readonly exceptLabels: readonly string[];
}

export type Benefit =
  | {
      readonly kind: "per_amount";
      readonly points: number;
      readonly perFen: number;
      /** `whole_steps`: points for each whole `perFen`. `exact`: fractions add up until the one rounding. */
      readonly counting: "whole_steps" | "exact";
    }
  | { readonly kind: "fixed"; readonly points: number }
  /** 200 doubles what the base rules give. */
  | { readonly kind: "multiplier"; readonly percent: number };

export type CapPeriod = "order" | Period;

export interface Cap {
  readonly period: CapPeriod;
  readonly pointsMax: number | null;
  readonly timesMax: number | null;
}

export type PendingPolicy =
  | { readonly kind: "none" }
  | { readonly kind: "days"; readonly days: number }
  /** Until the source reports that the event's return window is over. */
  | { readonly kind: "event" };

export interface EarnRule {
  readonly ruleId: string;
  readonly title: string;
  readonly on: readonly EventKind[];
  readonly startsAtMs: number | null;
  readonly endsAtMs: number | null;
  readonly condition: Condition | null;
  readonly scope: LineScope | null;
  readonly benefit: Benefit;
  /** Higher wins among rules that do not stack. */
  readonly priority: number;
  readonly isStackable: boolean;
  readonly caps: readonly Cap[];
  /** Null: the programme's own. */
  readonly expiry: ExpiryRule | null;
  readonly pending: PendingPolicy | null;
}

export interface RuleInForce {
  readonly rule: EarnRule;
  readonly version: number;
}

export interface EarnProgramme {
  readonly zoneOffsetMs: number;
  readonly rounding: "floor" | "half_up" | "ceil";
  /** Caps over everything a member earns. */
  readonly walletCaps: readonly Cap[];
  readonly expiry: ExpiryRule;
  readonly pending: PendingPolicy;
}

export interface CapUse {
  readonly points: number;
  readonly times: number;
}
/** What a member has used of each cap, by `capKey`. Only keys of live periods need to be there. */
export type CapUsage = ReadonlyMap<string, CapUse>;

export interface CapChange {
  readonly key: string;
  readonly points: number;
  readonly times: number;
}

/** Points that a cap kept back: shown to the member, and to the merchant in a dry run. */
export interface CapNotice {
  /** `*` is the wallet. */
  readonly ruleId: string;
  readonly period: CapPeriod;
  readonly withheld: number;
}

export interface Evaluation {
  readonly points: number;
  /** Sums to `points`. */
  readonly shares: readonly RuleShare[];
  readonly notices: readonly CapNotice[];
  /** To be added to the usage in the commit that credits the points. */
  readonly changes: readonly CapChange[];
}
