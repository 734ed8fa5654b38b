import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Authority: whose payment a number is. Written before its provider hears of it. */
export const payments = sqliteTable(
  "payments",
  {
    paymentId: text("payment_id").primaryKey(),
    programmeId: text("programme_id").notNull(),
    memberId: text("member_id").notNull(),
    orderId: text("order_id").notNull(),
    provider: text("provider").notNull(),
    scene: text("scene").notNull(),
    amountFen: integer("amount_fen").notNull(),
    createdAtMs: integer("created_at_ms").notNull(),
    /** `top_up`: `orderId` is that of a top-up of stored value. */
    purpose: text("purpose", { enum: ["order", "top_up"] })
      .notNull()
      .default("order"),
  },
  (table) => [index("payments_by_programme").on(table.programmeId, table.createdAtMs)],
);

/** Authority: how a programme is paid. `sealed` is the account at the provider, under the programme's own key. */
export const paymentSettings = sqliteTable(
  "payment_settings",
  {
    programmeId: text("programme_id").notNull(),
    provider: text("provider").notNull(),
    isEnabled: integer("is_enabled", { mode: "boolean" }).notNull(),
    sealed: text("sealed").notNull(),
    savedBy: text("saved_by").notNull(),
    savedAtMs: integer("saved_at_ms").notNull(),
  },
  (table) => [primaryKey({ columns: [table.programmeId, table.provider] })],
);

/** Authority: how long orders wait for their cash. */
export const paymentTerms = sqliteTable("payment_terms", {
  programmeId: text("programme_id").primaryKey(),
  flashMinutes: integer("flash_minutes").notNull(),
  standingMinutes: integer("standing_minutes").notNull(),
  savedBy: text("saved_by").notNull(),
  savedAtMs: integer("saved_at_ms").notNull(),
});

/** Projection of money that came and went, from the Accounts. `moveId` is the provider's transaction, or our refund's number. */
export const moneyMoves = sqliteTable(
  "money_moves",
  {
    programmeId: text("programme_id").notNull(),
    moveId: text("move_id").notNull(),
    kind: text("kind").notNull(),
    paymentId: text("payment_id").notNull(),
    memberId: text("member_id").notNull(),
    orderId: text("order_id").notNull(),
    provider: text("provider").notNull(),
    amountFen: integer("amount_fen").notNull(),
    /** Of a receipt what it is, of a refund how far it is. */
    state: text("state").notNull(),
    reason: text("reason").notNull(),
    atMs: integer("at_ms").notNull(),
    version: integer("version").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.programmeId, table.moveId] }),
    index("money_moves_by_time").on(table.programmeId, table.atMs),
    index("money_moves_by_state").on(table.programmeId, table.state, table.atMs),
    index("money_moves_by_order").on(
      ...([table.programmeId, table.memberId, table.orderId] as const),
      ...([table.kind, table.amountFen] as const),
    ),
  ],
);

/** Projection of the ledgers of stored value, from the Accounts. Rows never change. */
export const storedEntries = sqliteTable(
  "stored_entries",
  {
    programmeId: text("programme_id").notNull(),
    memberId: text("member_id").notNull(),
    seq: integer("seq").notNull(),
    type: text("type").notNull(),
    movedFen: integer("moved_fen").notNull(),
    /** Signed change of what the member owns. */
    amountFen: integer("amount_fen").notNull(),
    balanceAfterFen: integer("balance_after_fen").notNull(),
    orderId: text("order_id"),
    sourceId: text("source_id"),
    recordedAtMs: integer("recorded_at_ms").notNull(),
    prevHash: text("prev_hash").notNull(),
    hash: text("hash").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.programmeId, table.memberId, table.seq] }),
    index("stored_entries_by_time").on(table.programmeId, table.recordedAtMs),
  ],
);

/** Projection: sums over the entries of stored value, added to in the batch that brings them. */
export const storedTotals = sqliteTable("stored_totals", {
  programmeId: text("programme_id").primaryKey(),
  /** Members with an entry. */
  members: integer("members").notNull(),
  owedFen: integer("owed_fen").notNull(),
  toppedUpFen: integer("topped_up_fen").notNull(),
  spentFen: integer("spent_fen").notNull(),
});

/** Authority: what a comparison of a day found. */
export const reconciliations = sqliteTable(
  "reconciliations",
  {
    programmeId: text("programme_id").notNull(),
    provider: text("provider").notNull(),
    day: text("day").notNull(),
    checked: integer("checked").notNull(),
    /** JSON: the differences that are open. */
    differences: text("differences").notNull(),
    /** Empty, or why there was no bill to compare with. */
    word: text("word").notNull(),
    atMs: integer("at_ms").notNull(),
  },
  (table) => [primaryKey({ columns: [table.programmeId, table.provider, table.day] })],
);

/** Authority: what somebody found out about a difference that no step of ours removes. */
export const differenceNotes = sqliteTable(
  "difference_notes",
  {
    programmeId: text("programme_id").notNull(),
    provider: text("provider").notNull(),
    name: text("name").notNull(),
    moveId: text("move_id").notNull(),
    note: text("note").notNull(),
    savedBy: text("saved_by").notNull(),
    atMs: integer("at_ms").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.programmeId, table.provider, table.name, table.moveId] }),
    index("difference_notes_by_time").on(table.programmeId, table.atMs),
  ],
);
