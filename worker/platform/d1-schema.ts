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
  },
  (table) => [primaryKey({ columns: [table.programmeId, table.memberId, table.seq] })],
);
