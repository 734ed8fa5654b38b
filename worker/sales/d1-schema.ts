import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Authority: sessions (场次) and their drafts. What is sold in one is the Skus' matter from the moment it is scheduled. */
export const saleSessions = sqliteTable(
  "sale_sessions",
  {
    programmeId: text("programme_id").notNull(),
    sessionId: text("session_id").notNull(),
    /** `draft`, `scheduling`, `scheduled` or `cancelled`. */
    state: text("state").notNull(),
    /** Counts up with every change; a write that names another one is refused. */
    revision: integer("revision").notNull(),
    title: text("title").notNull(),
    opensAtMs: integer("opens_at_ms").notNull(),
    closesAtMs: integer("closes_at_ms").notNull(),
    /** JSON of the whole draft. */
    body: text("body").notNull(),
    createdBy: text("created_by").notNull(),
    createdAtMs: integer("created_at_ms").notNull(),
    updatedBy: text("updated_by").notNull(),
    updatedAtMs: integer("updated_at_ms").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.programmeId, table.sessionId] }),
    index("sale_sessions_by_time").on(table.programmeId, table.opensAtMs),
  ],
);

/** Authority: which sale was made for which SKU of a session. */
export const saleSessionSales = sqliteTable(
  "sale_session_sales",
  {
    programmeId: text("programme_id").notNull(),
    sessionId: text("session_id").notNull(),
    skuId: text("sku_id").notNull(),
    saleId: text("sale_id").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.programmeId, table.sessionId, table.skuId] }),
    index("sale_session_sales_by_sale").on(table.saleId),
  ],
);

/** Authority: what rehearsals of a session showed. */
export const saleRehearsals = sqliteTable(
  "sale_rehearsals",
  {
    programmeId: text("programme_id").notNull(),
    rehearsalId: text("rehearsal_id").notNull(),
    sessionId: text("session_id").notNull(),
    skuId: text("sku_id").notNull(),
    startedBy: text("started_by").notNull(),
    startedAtMs: integer("started_at_ms").notNull(),
    /** `running`, `proven`, `broken` or `failed`. */
    state: text("state").notNull(),
    /** JSON. */
    report: text("report").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.programmeId, table.rehearsalId] }),
    index("sale_rehearsals_by_session").on(table.programmeId, table.sessionId, table.startedAtMs),
  ],
);
