import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Projection of after-sales cases, from the Accounts. */
export const afterSales = sqliteTable(
  "after_sales",
  {
    programmeId: text("programme_id").notNull(),
    memberId: text("member_id").notNull(),
    orderId: text("order_id").notNull(),
    caseId: text("case_id").notNull(),
    kind: text("kind").notNull(),
    state: text("state").notNull(),
    quantity: integer("quantity").notNull(),
    points: integer("points").notNull(),
    cashFen: integer("cash_fen").notNull(),
    reason: text("reason").notNull(),
    title: text("title").notNull(),
    appliedAtMs: integer("applied_at_ms").notNull(),
    dueAtMs: integer("due_at_ms"),
    version: integer("version").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.programmeId, table.memberId, table.orderId, table.caseId] }),
    index("after_sales_by_state").on(table.programmeId, table.state, table.dueAtMs),
    index("after_sales_by_time").on(table.programmeId, table.state, table.appliedAtMs),
  ],
);

/** Authority: pictures of evidence in R2, each sealed under a data key of the programme. */
export const evidencePictures = sqliteTable(
  "evidence_pictures",
  {
    programmeId: text("programme_id").notNull(),
    memberId: text("member_id").notNull(),
    orderId: text("order_id").notNull(),
    /** A keyed print of the bytes, and what they are. */
    name: text("name").notNull(),
    /** At least this data key: a rotation seals first and notes then. */
    keyVersion: integer("key_version").notNull(),
    storedAtMs: integer("stored_at_ms").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.programmeId, table.memberId, table.orderId, table.name] }),
    index("evidence_pictures_by_key").on(table.programmeId, table.keyVersion),
  ],
);
