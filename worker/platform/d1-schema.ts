import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

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
  (table) => [index("sales_by_programme").on(table.programmeId, table.kind, table.status)],
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
  },
  (table) => [
    primaryKey({ columns: [table.programmeId, table.memberId, table.orderId] }),
    index("orders_by_sale").on(table.saleId, table.grantedAtMs),
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
  },
  (table) => [
    primaryKey({ columns: [table.programmeId, table.memberId, table.seq] }),
    index("ledger_entries_by_time").on(table.programmeId, table.recordedAtMs),
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
