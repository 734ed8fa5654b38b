/** What the pages of the points centre read over HTTP, in one place. */
import type { z } from "@hono/zod-openapi";
import type { EntryView as LedgerEntry, entriesViewSchema, PointsView } from "../accounts/wire.ts";
import type {
  checkedInViewSchema,
  checkInViewSchema,
  invitesViewSchema,
  paidSchema,
  remindersViewSchema,
  tasksViewSchema,
  taskViewSchema,
  tierViewSchema,
} from "../earning/wire.ts";
import type { receiptSchema, rootsSchema } from "../evidence/wire.ts";

export type { InviteOffer, Welcome } from "../earning/wire.ts";
export type EntryView = LedgerEntry;
export type EntryPart = EntryView["breakdown"][number];
export type WalletView = PointsView;
export type ExpiryDay = WalletView["calendar"][number];

export type EntriesView = z.infer<typeof entriesViewSchema>;
export type { RefundQuoteView } from "../accounts/wire.ts";

export type CheckInView = z.infer<typeof checkInViewSchema>;
export type CheckedInView = z.infer<typeof checkedInViewSchema>;
export type CheckInDay = CheckInView["cycle"]["days"][number];
export type TaskView = z.infer<typeof taskViewSchema>;
export type TasksView = z.infer<typeof tasksViewSchema>;
export type BirthdayView = NonNullable<TasksView["birthday"]>;
export type ClaimedView = z.infer<typeof paidSchema>;
export type InvitesView = z.infer<typeof invitesViewSchema>;
export type TierCardView = z.infer<typeof tierViewSchema>;
export type RemindersView = z.infer<typeof remindersViewSchema>;

export type ReceiptView = z.infer<typeof receiptSchema>;
export type ReceiptBody = ReceiptView["receipt"];
export type EvidenceView = z.infer<typeof rootsSchema>;
export type EvidenceKeyView = EvidenceView["keys"][number];
/** Ed25519, base64url. */
export type SignatureView = Pick<ReceiptView, "keyId" | "signature">;
/** What is signed of a day; `dayNumber` is the day as the signature has it. */
export type RootBody = Pick<
  EvidenceView["roots"][number],
  "programmeId" | "dayNumber" | "size" | "root" | "previous"
>;
export type { Block, BlockView, PageBody, Paragraph, Span } from "../page-builder/wire.ts";
export type { IdentitiesView } from "../sign-in/wire.ts";
