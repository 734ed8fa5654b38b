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
  ],
);
