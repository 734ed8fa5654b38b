/** What the pages of the points centre read over HTTP, in one place. */
import type { EntryView as LedgerEntry, PointsView } from "../accounts/wire.ts";

/** Which version of which rule gave how many points of an entry; the name where one is known. */
export interface EntryPart {
  readonly kind: string;
  readonly id: string;
  readonly version: number;
  readonly name?: string;
  readonly points: number;
}

export type EntryView = Omit<LedgerEntry, "breakdown"> & {
  readonly breakdown: readonly EntryPart[];
};
export type WalletView = Omit<PointsView, "entries"> & { readonly entries: readonly EntryView[] };
export type ExpiryDay = WalletView["calendar"][number];

export interface EntriesView {
  readonly entries: readonly EntryView[];
  readonly nextCursor: string | null;
}

/** What a cancellation would give back. */
export interface RefundQuoteView {
  readonly points: number;
  readonly slices: readonly {
    readonly points: number;
    readonly expiresAtMs: number | null;
    readonly isLapsed: boolean;
    readonly becomes: "same_lot" | "grace" | "forfeit";
    readonly graceUntilMs: number | null;
  }[];
}

export interface CheckInDay {
  readonly day: string;
  readonly points: number;
  readonly state: "done" | "missed" | "made_up" | "today" | "ahead";
}

export interface CheckInView {
  readonly day: string;
  readonly isCheckedIn: boolean;
  readonly streak: number;
  /** What today's check-in gives, or gave. */
  readonly points: number;
  readonly cycle: {
    readonly kind: "weekly" | "monthly" | "endless";
    readonly days: readonly CheckInDay[];
  };
  readonly makeUpCards: number;
  readonly nextBonus: { readonly inDays: number; readonly points: number } | null;
}
export type CheckedInView = CheckInView & { readonly earned: number };

export interface TaskView {
  readonly taskId: string;
  readonly title: string;
  readonly detail: string;
  readonly kind: "newcomer" | "daily" | "custom";
  readonly points: number;
  readonly goal: number;
  readonly done: number;
  readonly state: "open" | "claimable" | "claimed";
  readonly endsAtMs: number | null;
  readonly link: string | null;
}
export interface TasksView {
  readonly tasks: readonly TaskView[];
}
export interface ClaimedView {
  readonly points: number;
  readonly balance: number;
}

export interface InvitesView {
  readonly code: string;
  readonly link: string;
  readonly rules: {
    readonly inviterPoints: number;
    readonly inviteePoints: number;
    readonly act: string;
    readonly capPerMonth: number | null;
  };
  readonly invited: number;
  readonly rewarded: number;
  readonly waiting: number;
  readonly recent: readonly {
    readonly atMs: number;
    readonly state: "waiting" | "rewarded" | "refused";
  }[];
}

export interface RemindersView {
  readonly optedOut: boolean;
  readonly reminders: readonly {
    readonly reminderId: string;
    readonly atMs: number;
    readonly points: number;
    readonly expiresAtMs: number;
    readonly daysLeft: number;
  }[];
}

export interface TierCardView {
  readonly tier: { readonly tierId: string; readonly name: string; readonly level: number };
  readonly growth: number;
  readonly windowEndsAtMs: number | null;
  readonly next: {
    readonly tierId: string;
    readonly name: string;
    readonly missingGrowth: number;
  } | null;
  readonly projected: {
    readonly tierId: string;
    readonly name: string;
    readonly onMs: number;
  } | null;
  /** From this tier to the next, 0 to 1. */
  readonly progress: number;
  readonly benefits: readonly {
    readonly kind: string;
    readonly text: string;
    readonly value: number | string | null;
  }[];
  readonly ladder: readonly {
    readonly tierId: string;
    readonly name: string;
    readonly level: number;
    readonly fromGrowth: number;
  }[];
}

/** One ledger entry as a stranger may see it. `day` counts programme days. */
export interface ReceiptBody {
  readonly programmeId: string;
  readonly memberTag: string;
  readonly seq: number;
  readonly day: number;
  readonly prevHash: string;
  readonly hash: string;
}

export interface RootBody {
  readonly programmeId: string;
  readonly day: number;
  readonly size: number;
  readonly root: string;
  readonly previous: string;
}

/** Ed25519 over the body's bytes, base64url. */
export interface SignatureView {
  readonly keyId: string;
  readonly signature: string;
}

export interface ReceiptView {
  readonly receipt: ReceiptBody;
  readonly signed: SignatureView;
  /** Null until the day is sealed. */
  readonly inclusion: {
    readonly index: number;
    readonly path: readonly string[];
    readonly root: RootBody;
    readonly signed: SignatureView;
  } | null;
}

export interface EvidenceKeyView {
  readonly keyId: string;
  /** Raw Ed25519 public key, base64url. */
  readonly publicKey: string;
}

export interface EvidenceView {
  readonly programmeId: string;
  readonly keys: readonly EvidenceKeyView[];
  readonly roots: readonly (RootBody & SignatureView)[];
}
