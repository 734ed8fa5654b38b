import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Authority: the same points as a gift to everybody of a segment or label, and how far it has come. */
export const pointsCampaigns = sqliteTable(
  "points_campaigns",
  {
    programmeId: text("programme_id").notNull(),
    campaignId: text("campaign_id").notNull(),
    /** JSON: the `CampaignTerms`. */
    terms: text("terms").notNull(),
    state: text("state").notNull(),
    /** Who were gathered; a member who comes into the segment later gets nothing. */
    members: integer("members").notNull(),
    /** The member up to whom it was given. */
    reached: text("reached").notNull(),
    given: integer("given").notNull(),
    refused: integer("refused").notNull(),
    madeBy: text("made_by").notNull(),
    madeAtMs: integer("made_at_ms").notNull(),
    /** Whoever started it, and with `+` whoever agreed. */
    startedBy: text("started_by"),
    startedAtMs: integer("started_at_ms"),
    endedAtMs: integer("ended_at_ms"),
  },
  (table) => [
    primaryKey({ columns: [table.programmeId, table.campaignId] }),
    index("points_campaigns_by_time").on(table.programmeId, table.madeAtMs),
    index("points_campaigns_by_state").on(table.state),
  ],
);

/** Authority: whom a campaign is for, until it has ended. */
export const pointsCampaignMembers = sqliteTable(
  "points_campaign_members",
  {
    programmeId: text("programme_id").notNull(),
    campaignId: text("campaign_id").notNull(),
    memberId: text("member_id").notNull(),
  },
  (table) => [primaryKey({ columns: [table.programmeId, table.campaignId, table.memberId] })],
);
