/** What the pages of the points centre read over HTTP, in one place. */
import type { z } from "@hono/zod-openapi";
import type { EntryView as LedgerEntry, PointsView } from "../accounts/wire.ts";
import type {
  checkedInViewSchema,
  checkInViewSchema,
  invitesViewSchema,
  paidSchema,
  remindersViewSchema,
  taskViewSchema,
  tierViewSchema,
} from "../earning/wire.ts";

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
  /** Points that are lost; the cancel says it again, so that it is refused when more lapsed since. */
  readonly forfeited: number;
  readonly slices: readonly {
    readonly points: number;
    readonly expiresAtMs: number | null;
    readonly isLapsed: boolean;
    readonly becomes: "same_lot" | "grace" | "forfeit";
    readonly graceUntilMs: number | null;
  }[];
}

export type CheckInView = z.infer<typeof checkInViewSchema>;
export type CheckedInView = z.infer<typeof checkedInViewSchema>;
export type CheckInDay = CheckInView["cycle"]["days"][number];
export type TaskView = z.infer<typeof taskViewSchema>;
export interface TasksView {
  readonly tasks: readonly TaskView[];
}
export type ClaimedView = z.infer<typeof paidSchema>;
export type InvitesView = z.infer<typeof invitesViewSchema>;
export type TierCardView = z.infer<typeof tierViewSchema>;
export type RemindersView = z.infer<typeof remindersViewSchema>;

/** One ledger entry as a stranger may see it. `day` counts days since 1970-01-01. */
export interface ReceiptBody {
  readonly programmeId: string;
  readonly memberTag: string;
  readonly seq: number;
  readonly day: number;
  readonly prevHash: string;
  readonly hash: string;
}

/** What is signed of a day; `dayNumber` is the day as the signature has it. */
export interface RootBody {
  readonly programmeId: string;
  readonly dayNumber: number;
  readonly size: number;
  readonly root: string;
  readonly previous: string;
}

/** Ed25519, base64url. */
export interface SignatureView {
  readonly keyId: string;
  readonly signature: string;
}

export interface EvidenceKeyView {
  readonly keyId: string;
  /** Raw Ed25519 public key, base64url. */
  readonly publicKey: string;
}

export type ReceiptView = SignatureView & {
  readonly receipt: ReceiptBody;
  /** What was hashed into `receipt.hash`. */
  readonly entryText: string;
  readonly publicKey: string;
  /** Null until the day is sealed. */
  readonly inclusion: {
    readonly index: number;
    readonly path: readonly string[];
    readonly root: RootBody & SignatureView;
  } | null;
};

export interface EvidenceView {
  readonly programmeId: string;
  readonly keys: readonly EvidenceKeyView[];
  readonly roots: readonly (RootBody & SignatureView)[];
}
