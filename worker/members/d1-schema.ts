import { sql } from "drizzle-orm";
import {
  index,
  integer,
  primaryKey,
  sqliteTable,
  text,
  uniqueIndex,
} from "drizzle-orm/sqlite-core";

/**
 * Everybody a programme knows. Of the person, and whether they are blocked, this is the authority (the block itself is enforced by
 * the Account). The figures are a projection: the digest counts them from the ledger and asks the Accounts, minutes behind.
 */
export const members = sqliteTable(
  "members",
  {
    programmeId: text("programme_id").notNull(),
    memberId: text("member_id").notNull(),
    displayName: text("display_name").notNull().default(""),
    /** Sealed by the vault; null: not known. */
    phoneSealed: text("phone_sealed"),
    /** The last four digits, by which the desk finds a member. */
    phoneTail: text("phone_tail"),
    firstSeenAtMs: integer("first_seen_at_ms").notNull(),
    blockedAtMs: integer("blocked_at_ms"),
    blockReason: text("block_reason").notNull().default(""),
    /** What staff noted; never shown to the member. */
    note: text("note").notNull().default(""),
    /** The record this one went into; null: it stands for itself. */
    mergedInto: text("merged_into"),
    /** Counts changes of what staff edit. */
    version: integer("version").notNull().default(0),

    // Figures of the digest from here on.
    /** Entries that the figures know; 0: none yet. */
    seq: integer("seq").notNull().default(0),
    active: integer("active").notNull().default(0),
    pending: integer("pending").notNull().default(0),
    tierId: text("tier_id"),
    nextExpiresAtMs: integer("next_expires_at_ms"),
    nextExpiring: integer("next_expiring").notNull().default(0),
    /** The newest entry, or the first sight. */
    lastActiveAtMs: integer("last_active_at_ms").notNull(),
    lastRedeemedAtMs: integer("last_redeemed_at_ms"),
    lastPurchaseAtMs: integer("last_purchase_at_ms"),
    lastStoreId: text("last_store_id"),
    earnedPoints: integer("earned_points").notNull().default(0),
    spentPoints: integer("spent_points").notNull().default(0),
    /** Months since 1970 that `purchases0` counts; `purchases1` and `purchases2` are the two before it. */
    month: integer("month").notNull().default(0),
    purchases0: integer("purchases_0").notNull().default(0),
    purchases1: integer("purchases_1").notNull().default(0),
    purchases2: integer("purchases_2").notNull().default(0),
    /** Their sum: purchases of this month and the two before. */
    frequency: integer("frequency").notNull().default(0),
  },
  (table) => [
    primaryKey({ columns: [table.programmeId, table.memberId] }),
    index("members_by_activity").on(table.programmeId, table.lastActiveAtMs, table.memberId),
    index("members_by_first_seen").on(table.programmeId, table.firstSeenAtMs, table.memberId),
    index("members_by_balance").on(table.programmeId, table.active, table.memberId),
    index("members_by_frequency").on(table.programmeId, table.frequency, table.memberId),
    index("members_by_spent")
      .on(table.programmeId, table.spentPoints, table.memberId)
      .where(sql`spent_points > 0`),
    index("members_by_tier").on(
      table.programmeId,
      table.tierId,
      table.lastActiveAtMs,
      table.memberId,
    ),
    index("members_by_name")
      .on(table.programmeId, table.displayName, table.memberId)
      .where(sql`display_name <> ''`),
    index("members_by_phone_tail")
      .on(table.programmeId, table.phoneTail, table.memberId)
      .where(sql`phone_tail IS NOT NULL`),
    index("members_blocked")
      .on(table.programmeId, table.blockedAtMs, table.memberId)
      .where(sql`blocked_at_ms IS NOT NULL`),
    index("members_redeemed")
      .on(table.programmeId, table.lastRedeemedAtMs, table.memberId)
      .where(sql`last_redeemed_at_ms IS NOT NULL`),
    index("members_expiring")
      .on(table.programmeId, table.nextExpiresAtMs, table.memberId, table.nextExpiring)
      .where(sql`next_expires_at_ms IS NOT NULL`),
    // The few that went into another: what counts everybody leaves them out.
    index("members_merged")
      .on(table.programmeId, table.lastActiveAtMs, table.lastRedeemedAtMs)
      .where(sql`merged_into IS NOT NULL`),
    index("members_to_roll")
      .on(table.month)
      .where(sql`frequency > 0`),
  ],
);

/** Authority: that two records are of one person, and how far joining them has come. Carried on until it is done. */
export const memberMerges = sqliteTable(
  "member_merges",
  {
    programmeId: text("programme_id").notNull(),
    mergeId: text("merge_id").notNull(),
    fromId: text("from_id").notNull(),
    intoId: text("into_id").notNull(),
    /** `open`, `done` or `refused`. */
    state: text("state").notNull(),
    /** Why it was refused. */
    obstacle: text("obstacle"),
    reason: text("reason").notNull(),
    /** `staff:<id>`, two of them, or `member`. */
    actor: text("actor").notNull(),
    atMs: integer("at_ms").notNull(),
    doneAtMs: integer("done_at_ms"),
    movedPoints: integer("moved_points").notNull().default(0),
  },
  (table) => [
    primaryKey({ columns: [table.programmeId, table.mergeId] }),
    uniqueIndex("member_merges_from")
      .on(table.programmeId, table.fromId)
      .where(sql`state <> 'refused'`),
    index("member_merges_into").on(table.programmeId, table.intoId),
    index("member_merges_by_time").on(table.programmeId, table.atMs),
    index("member_merges_open")
      .on(table.atMs)
      .where(sql`state = 'open'`),
  ],
);
