import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Authority: which proved identity belongs to which member. */
export const identities = sqliteTable(
  "identities",
  {
    programmeId: text("programme_id").notNull(),
    kind: text("kind").notNull(),
    /** Keyed hash of what was proved; the same for the same person. */
    print: text("print").notNull(),
    memberId: text("member_id").notNull(),
    /** JSON sealed by the vault: the phone number, or the WeChat id and name. */
    sealed: text("sealed").notNull(),
    createdAtMs: integer("created_at_ms").notNull(),
    provedAtMs: integer("proved_at_ms").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.programmeId, table.kind, table.print] }),
    index("identities_by_member").on(table.programmeId, table.memberId),
  ],
);

/** Authority: who agreed to which privacy notice, and took it back when. */
export const consents = sqliteTable(
  "consents",
  {
    programmeId: text("programme_id").notNull(),
    memberId: text("member_id").notNull(),
    givenAtMs: integer("given_at_ms").notNull(),
    noticeVersion: text("notice_version").notNull(),
    via: text("via").notNull(),
    withdrawnAtMs: integer("withdrawn_at_ms"),
  },
  (table) => [primaryKey({ columns: [table.programmeId, table.memberId, table.givenAtMs] })],
);

/** Authority: the code that was sent to a phone, as a keyed hash, and how often. */
export const phoneCodes = sqliteTable(
  "phone_codes",
  {
    programmeId: text("programme_id").notNull(),
    print: text("print").notNull(),
    code: text("code").notNull(),
    sentAtMs: integer("sent_at_ms").notNull(),
    sends: integer("sends").notNull(),
    windowAtMs: integer("window_at_ms").notNull(),
    tries: integer("tries").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.programmeId, table.print] }),
    index("phone_codes_by_time").on(table.sentAtMs),
  ],
);

/** Authority: tickets that were taken, until they would have lapsed. */
export const usedTickets = sqliteTable(
  "used_tickets",
  {
    programmeId: text("programme_id").notNull(),
    ticketId: text("ticket_id").notNull(),
    expiresAtMs: integer("expires_at_ms").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.programmeId, table.ticketId] }),
    index("used_tickets_by_time").on(table.expiresAtMs),
  ],
);

/** Authority: by which ways members of a programme come in, and where the mall may be embedded. */
export const mallChannels = sqliteTable("mall_channels", {
  programmeId: text("programme_id").primaryKey(),
  revision: integer("revision").notNull(),
  /** JSON; secrets in it are sealed by the vault. */
  body: text("body").notNull(),
  savedBy: text("saved_by").notNull(),
  savedAtMs: integer("saved_at_ms").notNull(),
});
