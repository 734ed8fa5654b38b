/** What the Worker asks an Account about earning, and what it answers. Plain data: errors lose their class across RPC. */
import type { CheckInTerms } from "../../earning/check-in/index.ts";
import type { MemberPrice } from "../../earning/discounts/index.ts";
import type { TillCode } from "../../earning/codes/index.ts";
import type { Fingerprints, Invite, InviteAwards, Trait } from "../../earning/invites/index.ts";
import type { NamedShare, ProgrammeTerms, StoredTask } from "../../earning/programme/index.ts";
import type {
  CapNotice,
  EarnEvent,
  EventKind,
  EventLine,
  MemberFacts,
} from "../../earning/rules/index.ts";
import type { PastTaskEvent } from "../../earning/tasks/index.ts";
import type { Channel } from "../../reminders/index.ts";
import type { Refusal } from "../../kernel/refusal.ts";
import type { MembershipPrice, TierTerms, TierView } from "../../tiers/index.ts";
import type { WalletBalance } from "../points/index.ts";
import type { PricedSale } from "./pricing.ts";
import type { MembershipPurchase } from "./purchases-store.ts";

/** Goes with every command: which state of the terms it is to be decided by, and the terms where the Account lacks them. */
export interface Envelope {
  readonly memberKey: string;
  /** −1: the Worker cannot read them; the Account decides by what it knows. */
  readonly revision: number;
  readonly terms?: ProgrammeTerms;
}

export interface Refused {
  readonly kind: "refused";
  readonly refusal: Refusal;
}

export interface Birthday {
  readonly month: number;
  readonly day: number;
}

/** What the merchant's system knows of a member; absent: as it was. */
export interface FactsUpdate {
  readonly segments?: readonly string[] | undefined;
  readonly labels?: readonly string[] | undefined;
  readonly birthday?: Birthday | null | undefined;
}

export interface MemberMark {
  readonly list: "labels" | "segments";
  readonly word: string;
  readonly isOn: boolean;
}

export interface EventCommand {
  readonly eventId: string;
  readonly kind: EventKind;
  readonly name: string | null;
  readonly atMs: number;
  readonly lines: readonly EventLine[];
  readonly storeId: string | null;
  readonly channel: string | null;
  readonly facts: FactsUpdate;
  readonly prints: Partial<Fingerprints>;
  readonly actor: string;
}

export interface EarnedReply {
  readonly kind: "earned";
  readonly isReplay: boolean;
  readonly points: number;
  readonly growth: number;
  readonly breakdown: readonly NamedShare[];
  readonly notices: readonly CapNotice[];
  readonly balance: WalletBalance;
}

export interface ReturnCommand {
  readonly eventId: string;
  readonly returnId: string;
  /** Null: all that is left. */
  readonly amountFen: number | null;
  readonly actor: string;
}

export interface ReturnedReply {
  readonly kind: "returned";
  readonly isReplay: boolean;
  /** What the return asks for, and what the policy let it take. */
  readonly asked: number;
  readonly taken: number;
  readonly balance: WalletBalance;
}

export interface CheckInReply {
  readonly kind: "check_in";
  readonly terms: CheckInTerms;
  readonly day: number;
  /** First day of the shown cycle, and its states in order. */
  readonly days: readonly {
    readonly day: number;
    readonly points: number;
    readonly state: "done" | "missed" | "made_up" | "today" | "ahead";
  }[];
  readonly isCheckedIn: boolean;
  readonly streak: number;
  readonly cards: number;
  readonly next: { readonly inDays: number; readonly points: number } | null;
  /** Points of the day, before multipliers. */
  readonly points: number;
  /** Points that this very request earned. */
  readonly earned: number;
  /** False: the day was checked before, or nothing was asked for. */
  readonly isNew: boolean;
}

export interface TaskRow {
  readonly task: StoredTask;
  readonly done: number;
  readonly state: "open" | "claimable" | "claimed";
  readonly endsAtMs: number | null;
}

export interface ClaimedReply {
  readonly kind: "claimed";
  readonly isReplay: boolean;
  readonly points: number;
  readonly balance: WalletBalance;
}

export interface InvitesReply {
  readonly kind: "invites";
  readonly invited: number;
  readonly rewarded: number;
  readonly waiting: number;
  readonly recent: readonly { readonly atMs: number; readonly state: string }[];
}

export interface TierReply {
  readonly kind: "tier";
  readonly view: TierView;
  readonly terms: TierTerms;
}

export interface RemindersReply {
  readonly kind: "reminders";
  readonly optedOut: boolean;
  readonly reminders: readonly {
    readonly reminderId: string;
    readonly atMs: number;
    readonly points: number;
    readonly expiresAtMs: number;
    readonly daysLeft: number;
  }[];
}

export interface ReminderLogReply {
  readonly kind: "reminder_log";
  readonly optedOut: boolean;
  readonly notices: readonly {
    readonly atMs: number;
    readonly channel: Channel;
    readonly state: "waiting" | "sent" | "failed";
    /** How often a carrier was tried; 0 in the app. */
    readonly tries: number;
    readonly points: number;
    readonly expiresAtMs: number;
    readonly daysLeft: number;
  }[];
}

/** What a member's page says of the birthday. */
export interface BirthdayStanding {
  /** Null: not told yet. */
  readonly told: Birthday | null;
  /** What the rules in force give on the day itself; 0: nothing, but something around it. */
  readonly points: number;
}

export interface ProfileReply {
  readonly kind: "profile";
  readonly joinedAtMs: number | null;
  readonly segments: readonly string[];
  readonly labels: readonly string[];
  readonly birthday: Birthday | null;
  readonly makeUpCards: number;
  readonly isBlocked: boolean;
  readonly tierId: string | null;
}

/** Every command with what it is asked and what it answers beside a refusal. */
export interface EarnCalls {
  readonly event: { readonly input: EventCommand; readonly reply: EarnedReply };
  readonly return: { readonly input: ReturnCommand; readonly reply: ReturnedReply };
  readonly complete: {
    readonly input: { readonly eventId: string; readonly actor: string };
    readonly reply: {
      readonly kind: "completed";
      readonly isReplay: boolean;
      readonly balance: WalletBalance;
    };
  };
  readonly check_in_view: { readonly input: object; readonly reply: CheckInReply };
  readonly check_in: { readonly input: object; readonly reply: CheckInReply };
  readonly make_up: { readonly input: { readonly day: number }; readonly reply: CheckInReply };
  readonly tasks: {
    readonly input: object;
    readonly reply: {
      readonly kind: "tasks";
      readonly tasks: readonly TaskRow[];
      /** Null: nothing in force asks for it. */
      readonly birthday: BirthdayStanding | null;
    };
  };
  readonly claim: { readonly input: { readonly taskId: string }; readonly reply: ClaimedReply };
  readonly tier: { readonly input: object; readonly reply: TierReply };
  readonly prices: {
    readonly input: { readonly sales: readonly PricedSale[] };
    readonly reply: { readonly kind: "prices"; readonly prices: readonly MemberPrice[] };
  };
  readonly invites: { readonly input: object; readonly reply: InvitesReply };
  readonly accept: {
    readonly input: {
      readonly inviteId: string;
      readonly inviterKey: string;
      readonly prints: Partial<Fingerprints>;
    };
    readonly reply: {
      readonly kind: "accepted";
      readonly isReplay: boolean;
      readonly invite: Invite;
    };
  };
  /** What the guard of invites may compare of this member. */
  readonly seen: {
    readonly input: { readonly prints: Partial<Fingerprints> };
    readonly reply: { readonly kind: "seen" };
  };
  readonly till_code: {
    readonly input: { readonly requestId: string; readonly code: TillCode };
    readonly reply: ClaimedReply | { readonly kind: "pending" };
  };
  readonly reminders: { readonly input: object; readonly reply: RemindersReply };
  /** What staff read of the same: every channel, and whether it arrived. */
  readonly reminder_log: { readonly input: object; readonly reply: ReminderLogReply };
  readonly remind_settings: {
    readonly input: { readonly optedOut: boolean };
    readonly reply: RemindersReply;
  };
  readonly profile: {
    readonly input: {
      readonly facts: FactsUpdate;
      /** Ends the member's tier, where the terms say so; undefined: as it was. */
      readonly tierEndsAtMs?: number | null | undefined;
      /** Closes the account for points, or opens it; undefined: as it was. */
      readonly isBlocked?: boolean | undefined;
      /** One word put on the member, or taken off, whatever the others are. */
      readonly mark?: MemberMark | undefined;
    };
    readonly reply: ProfileReply;
  };
  /** The member's own word, once: it is not changed by a second. */
  readonly birthday: {
    readonly input: { readonly birthday: Birthday };
    readonly reply: BirthdayStanding & { readonly kind: "birthday" };
  };
  readonly cards: {
    readonly input: { readonly requestId: string; readonly cards: number };
    readonly reply: ProfileReply;
  };
  readonly membership: {
    readonly input: {
      readonly requestId: string;
      readonly tierId: string;
      readonly months: number;
      /** Points are taken from the balance; null: nobody said. */
      readonly paid: MembershipPrice | null;
      /** `staff:<id>` */
      readonly by: string;
    };
    readonly reply: TierReply;
  };
  readonly purchases: {
    readonly input: object;
    readonly reply: {
      readonly kind: "purchases";
      readonly purchases: readonly MembershipPurchase[];
    };
  };
  readonly review_invite: {
    readonly input: { readonly isGenuine: boolean };
    readonly reply: { readonly kind: "reviewed"; readonly state: string };
  };
}
export type EarnKind = keyof EarnCalls;

/** The terms are not known here in this state: send them along. */
export type TermsNeeded = { readonly kind: "terms_needed" };

export type EarnReply<K extends EarnKind> = EarnCalls[K]["reply"] | Refused | TermsNeeded;

/** What one Account asks another, or an errand says. Every one of them may arrive twice. */
export type PeerMessage =
  | {
      readonly topic: "invite_bound";
      readonly inviterKey: string;
      readonly inviteId: string;
      readonly atMs: number;
    }
  | {
      readonly topic: "invite_act";
      readonly inviterKey: string;
      readonly invite: Invite;
      readonly event: EarnEvent;
      readonly prints: Fingerprints;
      /** Null: decide; else staff decided the review. */
      readonly isGenuine: boolean | null;
    }
  /** Who invited this member. */
  | { readonly topic: "inviter_of"; readonly memberKey: string }
  | {
      readonly topic: "invite_undo";
      readonly inviterKey: string;
      readonly invite: Invite;
      readonly actId: string;
    }
  | {
      readonly topic: "till_code";
      readonly codeKey: string;
      readonly code: TillCode;
      readonly memberKey: string;
      readonly requestId: string;
    };

export type PeerReply =
  | { readonly kind: "done" }
  | { readonly kind: "inviter"; readonly inviterKey: string | null }
  | { readonly kind: "decided"; readonly invite: Invite; readonly awards: InviteAwards }
  | { readonly kind: "used"; readonly ordinal: number; readonly points: number }
  | Refused;

/** What an Account does for itself after the commit: an order of its own that earns, or is returned. */
export type OwnErrand =
  | { readonly topic: "own_order"; readonly event: EventCommand }
  | {
      readonly topic: "own_return";
      readonly orderId: string;
      /** Of a part; absent: all that is left. */
      readonly returnId?: string;
      readonly amountFen?: number;
    }
  | {
      readonly topic: "plan_reminders" | "plan_birthdays";
      readonly programmeId: string;
      readonly after: string;
    };
export type Errand = PeerMessage | OwnErrand;

/** An invite that the guard left to a person, as the Account of the invited knows it. */
export interface InviteInReview {
  readonly inviterKey: string;
  readonly inviteeKey: string;
  readonly boundAtMs: number;
  readonly doneAtMs: number;
  readonly shared: readonly Trait[];
}

export interface PastEventsRequest {
  readonly programmeId: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly after: string;
  readonly count: number;
}
export interface PastEventsPage {
  readonly events: readonly PastTaskEvent[];
  /** Where the next page begins; null: this was the last. */
  readonly next: string | null;
}

/** A member as rules see them at a moment. */
export interface MemberToday {
  readonly facts: MemberFacts;
  readonly joinedAtMs: number | null;
}
