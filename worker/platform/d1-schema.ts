import { sql } from "drizzle-orm";
import {
  index,
  integer,
  primaryKey,
  sqliteTable,
  text,
  uniqueIndex,
} from "drizzle-orm/sqlite-core";

/** Authority: which SKUs a programme has. The Sku object of each holds the units. */
export const skus = sqliteTable(
  "skus",
  {
    programmeId: text("programme_id").notNull(),
    skuId: text("sku_id").notNull(),
    title: text("title").notNull(),
    category: text("category").notNull(),
    createdAtMs: integer("created_at_ms").notNull(),
  },
  (table) => [primaryKey({ columns: [table.programmeId, table.skuId] })],
);

/** Cron's own: how far it came in a catalogue that is too large for one minute. */
export const sweepMarks = sqliteTable("sweep_marks", {
  name: text("name").primaryKey(),
  /** The name of the last object that was woken; empty: it begins at the first. */
  reached: text("reached").notNull(),
});

/** Projection of every sale, from its Sku. */
export const sales = sqliteTable(
  "sales",
  {
    saleId: text("sale_id").primaryKey(),
    programmeId: text("programme_id").notNull(),
    skuId: text("sku_id").notNull(),
    kind: text("kind").notNull(),
    status: text("status").notNull(),
    version: integer("version").notNull(),
    opensAtMs: integer("opens_at_ms").notNull(),
    closesAtMs: integer("closes_at_ms").notNull(),
    epoch: integer("epoch").notNull(),
    shelf: integer("shelf").notNull(),
    returned: integer("returned").notNull(),
    reserve: integer("reserve").notNull(),
    live: integer("live").notNull(),
    movedOut: integer("moved_out").notNull(),
    stocked: integer("stocked").notNull(),
    granted: integer("granted").notNull(),
    /** JSON, as the pages read it. */
    terms: text("terms").notNull(),
    state: text("state").notNull(),
  },
  (table) => [
    index("sales_by_programme").on(table.programmeId, table.kind, table.status),
    index("sales_by_sku").on(table.programmeId, table.skuId, table.kind, table.status),
    index("sales_by_shelf").on(table.programmeId, table.kind, table.status, table.shelf),
  ],
);

/** Projection of posted orders, from their Accounts. The identity is the member and the order id. */
export const orders = sqliteTable(
  "orders",
  {
    programmeId: text("programme_id").notNull(),
    memberId: text("member_id").notNull(),
    orderId: text("order_id").notNull(),
    version: integer("version").notNull(),
    saleId: text("sale_id").notNull(),
    state: text("state").notNull(),
    quantity: integer("quantity").notNull(),
    epoch: integer("epoch").notNull(),
    points: integer("points").notNull(),
    cashFen: integer("cash_fen").notNull(),
    ordinal: integer("ordinal").notNull(),
    grantedAtMs: integer("granted_at_ms").notNull(),
    updatedAtMs: integer("updated_at_ms").notNull(),
    /** Null in rows from before orders had a life after their grant, as are those below. */
    title: text("title"),
    goodsKind: text("goods_kind"),
    cashState: text("cash_state"),
    paidFen: integer("paid_fen"),
    returnedPoints: integer("returned_points"),
  },
  (table) => [
    primaryKey({ columns: [table.programmeId, table.memberId, table.orderId] }),
    index("orders_by_sale").on(table.saleId, table.grantedAtMs),
    index("orders_by_state").on(table.programmeId, table.state, table.grantedAtMs),
    index("orders_by_time").on(table.programmeId, table.grantedAtMs),
    // Staff look for an order by its number alone.
    index("orders_by_id").on(table.programmeId, table.orderId),
    index("orders_unpaid")
      .on(table.programmeId, table.updatedAtMs)
      .where(sql`cash_state IN ('awaiting', 'void', 'late_paid')`),
    // Holds all that is compared, so that no row is read of those that are right.
    index("orders_cancelled_paid")
      .on(
        ...([table.programmeId, table.updatedAtMs, table.memberId, table.orderId] as const),
        ...([table.paidFen, table.grantedAtMs] as const),
      )
      .where(sql`state = 'cancelled' AND paid_fen > 0`),
  ],
);

/** Projection of the points ledger, from the Accounts. */
export const ledgerEntries = sqliteTable(
  "ledger_entries",
  {
    programmeId: text("programme_id").notNull(),
    memberId: text("member_id").notNull(),
    seq: integer("seq").notNull(),
    type: text("type").notNull(),
    points: integer("points").notNull(),
    orderId: text("order_id"),
    balanceAfter: integer("balance_after").notNull(),
    occurredAtMs: integer("occurred_at_ms").notNull(),
    hash: text("hash").notNull(),
    /** Null in rows from before receipts existed, as are those below. */
    recordedAtMs: integer("recorded_at_ms"),
    prevHash: text("prev_hash"),
    askedPoints: integer("asked_points"),
    sourceId: text("source_id"),
    storeId: text("store_id"),
    /** JSON: what each version of each rule gave. */
    breakdown: text("breakdown"),
    /** Who caused it. Null in rows from before lists asked for it. */
    actor: text("actor"),
  },
  (table) => [
    primaryKey({ columns: [table.programmeId, table.memberId, table.seq] }),
    index("ledger_entries_by_time").on(table.programmeId, table.recordedAtMs),
    // Of what is met at every turn on a walk by time no index is kept: a redemption writes none of these.
    index("ledger_entries_by_type")
      .on(table.programmeId, table.type, table.recordedAtMs)
      .where(sql`type NOT IN ('redeem', 'redeem_rollback', 'earn_order')`),
    index("ledger_entries_by_actor")
      .on(table.programmeId, table.actor, table.recordedAtMs)
      .where(sql`actor NOT IN ('member', 'system')`),
    index("ledger_entries_returned")
      .on(table.programmeId, table.memberId, table.orderId)
      .where(sql`type = 'redeem_rollback'`),
    index("ledger_entries_by_store")
      .on(table.programmeId, table.storeId, table.recordedAtMs)
      .where(sql`store_id IS NOT NULL`),
  ],
);

/** Projection: which rules gave points by which entries, so that the entries of one rule are found. */
export const ledgerRules = sqliteTable(
  "ledger_rules",
  {
    programmeId: text("programme_id").notNull(),
    ruleId: text("rule_id").notNull(),
    recordedAtMs: integer("recorded_at_ms").notNull(),
    memberId: text("member_id").notNull(),
    seq: integer("seq").notNull(),
  },
  (table) => [
    primaryKey({
      columns: [table.programmeId, table.ruleId, table.recordedAtMs, table.memberId, table.seq],
    }),
  ],
);

/** Authority: counts the changes of a programme's terms. A write that expects another revision is refused, so that two
 * people never save over each other; `stamp` names the write that the other rows of its batch belong to. */
export const programmes = sqliteTable("programmes", {
  programmeId: text("programme_id").primaryKey(),
  revision: integer("revision").notNull(),
  stamp: text("stamp").notNull(),
});

/** Authority: terms that exist once a programme, every version kept. */
export const programmeTerms = sqliteTable(
  "programme_terms",
  {
    programmeId: text("programme_id").notNull(),
    kind: text("kind").notNull(),
    version: integer("version").notNull(),
    /** JSON, of the kind's own type. */
    body: text("body").notNull(),
    savedBy: text("saved_by").notNull(),
    savedAtMs: integer("saved_at_ms").notNull(),
  },
  (table) => [primaryKey({ columns: [table.programmeId, table.kind, table.version] })],
);

/** Authority: versions of earning rules and tasks. A published version never changes. */
export const ruleVersions = sqliteTable(
  "rule_versions",
  {
    programmeId: text("programme_id").notNull(),
    /** `rule` or `task`. */
    kind: text("kind").notNull(),
    ruleId: text("rule_id").notNull(),
    version: integer("version").notNull(),
    state: text("state").notNull(),
    /** JSON: the rule or the task. */
    body: text("body").notNull(),
    /** JSON of what the dry run showed. */
    report: text("report"),
    savedBy: text("saved_by").notNull(),
    savedAtMs: integer("saved_at_ms").notNull(),
    publishedBy: text("published_by"),
    publishedAtMs: integer("published_at_ms"),
    retiredAtMs: integer("retired_at_ms"),
  },
  (table) => [
    primaryKey({ columns: [table.programmeId, table.kind, table.ruleId, table.version] }),
    uniqueIndex("rule_published")
      .on(table.programmeId, table.kind, table.ruleId)
      .where(sql`state = 'published'`),
  ],
);

/** Authority: what a till code gives. Its uses are counted in one Account. */
export const tillCodes = sqliteTable(
  "till_codes",
  {
    programmeId: text("programme_id").notNull(),
    codeId: text("code_id").notNull(),
    /** What is typed or scanned. */
    code: text("code").notNull(),
    isRevoked: integer("is_revoked", { mode: "boolean" }).notNull(),
    /** JSON: the `TillCode`. */
    body: text("body").notNull(),
    savedAtMs: integer("saved_at_ms").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.programmeId, table.codeId] }),
    uniqueIndex("till_codes_by_text").on(table.programmeId, table.code),
    index("till_codes_by_time").on(table.programmeId, table.savedAtMs),
  ],
);

/** Authority: grants and deductions by hand, and who agreed. The booking is the Account's, under `manual:<id>`. */
export const adjustments = sqliteTable(
  "adjustments",
  {
    programmeId: text("programme_id").notNull(),
    adjustmentId: text("adjustment_id").notNull(),
    memberId: text("member_id").notNull(),
    points: integer("points").notNull(),
    state: text("state").notNull(),
    proposedBy: text("proposed_by").notNull(),
    proposedAtMs: integer("proposed_at_ms").notNull(),
    /** JSON: the `Proposal`. */
    proposal: text("proposal").notNull(),
    /** Null: not booked yet. */
    bookedAtMs: integer("booked_at_ms"),
  },
  (table) => [
    primaryKey({ columns: [table.programmeId, table.adjustmentId] }),
    index("adjustments_by_staff").on(table.programmeId, table.proposedBy, table.proposedAtMs),
    index("adjustments_by_state").on(table.programmeId, table.state, table.proposedAtMs),
    index("adjustments_by_time").on(table.programmeId, table.proposedAtMs),
  ],
);

/** Authority: the code by which a member invites others. It says nothing about the member. */
export const inviteCodes = sqliteTable(
  "invite_codes",
  {
    programmeId: text("programme_id").notNull(),
    code: text("code").notNull(),
    memberId: text("member_id").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.programmeId, table.code] }),
    uniqueIndex("invite_codes_by_member").on(table.programmeId, table.memberId),
  ],
);

/** Authority: the Merkle root over a programme's entries of one day, as it was signed and published. */
export const dailyRoots = sqliteTable(
  "daily_roots",
  {
    programmeId: text("programme_id").notNull(),
    day: integer("day").notNull(),
    size: integer("size").notNull(),
    root: text("root").notNull(),
    previous: text("previous").notNull(),
    keyId: text("key_id").notNull(),
    signature: text("signature").notNull(),
    publishedAtMs: integer("published_at_ms").notNull(),
  },
  (table) => [primaryKey({ columns: [table.programmeId, table.day] })],
);

/** Authority: the leaves under a daily root, 1,024 a row. */
export const evidenceLeaves = sqliteTable(
  "evidence_leaves",
  {
    programmeId: text("programme_id").notNull(),
    day: integer("day").notNull(),
    chunk: integer("chunk").notNull(),
    /** Member tag and sequence of its first leaf. */
    firstKey: text("first_key").notNull(),
    root: text("root").notNull(),
    /** Hashes in hex, one after the other. */
    leaves: text("leaves").notNull(),
  },
  (table) => [primaryKey({ columns: [table.programmeId, table.day, table.chunk] })],
);

/** Authority: the public half of every key that ever signed, so that old receipts verify after a rotation. */
export const evidenceKeys = sqliteTable(
  "evidence_keys",
  {
    keyId: text("key_id").notNull(),
    publicKey: text("public_key").notNull(),
    firstUsedAtMs: integer("first_used_at_ms").notNull(),
  },
  (table) => [primaryKey({ columns: [table.keyId, table.publicKey] })],
);

/** Authority: the key of a programme's member tags. Thrown away, no receipt leads to a person any more. */
export const evidenceTags = sqliteTable("evidence_tags", {
  programmeId: text("programme_id").primaryKey(),
  tagKey: text("tag_key").notNull(),
});
