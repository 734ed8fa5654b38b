import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Authority: words staff put on members by hand. */
export const labels = sqliteTable(
  "labels",
  {
    programmeId: text("programme_id").notNull(),
    labelId: text("label_id").notNull(),
    name: text("name").notNull(),
    createdBy: text("created_by").notNull(),
    createdAtMs: integer("created_at_ms").notNull(),
  },
  (table) => [primaryKey({ columns: [table.programmeId, table.labelId] })],
);

/** Authority: who carries a label. The Account is told, so that rules can ask for it. */
export const memberLabels = sqliteTable(
  "member_labels",
  {
    programmeId: text("programme_id").notNull(),
    labelId: text("label_id").notNull(),
    memberId: text("member_id").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.programmeId, table.labelId, table.memberId] }),
    index("member_labels_by_member").on(table.programmeId, table.memberId),
  ],
);

/** Authority: rules that say who belongs to a segment, and how far the count of them has come. */
export const segments = sqliteTable(
  "segments",
  {
    programmeId: text("programme_id").notNull(),
    segmentId: text("segment_id").notNull(),
    name: text("name").notNull(),
    /** JSON: the `SegmentRule`. */
    rule: text("rule").notNull(),
    version: integer("version").notNull(),
    savedBy: text("saved_by").notNull(),
    savedAtMs: integer("saved_at_ms").notNull(),
    /** Rows of `segment_members` that count now; each counting has a round of its own. */
    round: integer("round").notNull(),
    size: integer("size").notNull(),
    countedAtMs: integer("counted_at_ms"),
    /** The round under way; null: none. */
    nextRound: integer("next_round"),
    /** The member up to whom it has come. */
    reached: text("reached").notNull(),
    nextSize: integer("next_size").notNull(),
    /** JSON of what the round found out before it began: thresholds of shares. */
    basis: text("basis"),
  },
  (table) => [
    primaryKey({ columns: [table.programmeId, table.segmentId] }),
    index("segments_counting").on(table.nextRound),
  ],
);

/** Projection: who belonged to a segment when it was counted. */
export const segmentMembers = sqliteTable(
  "segment_members",
  {
    programmeId: text("programme_id").notNull(),
    segmentId: text("segment_id").notNull(),
    round: integer("round").notNull(),
    memberId: text("member_id").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.programmeId, table.segmentId, table.round, table.memberId] }),
  ],
);
