import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Authority: a page or the look of a programme, its draft and which version visitors see. */
export const pageDocuments = sqliteTable(
  "page_documents",
  {
    programmeId: text("programme_id").notNull(),
    pageId: text("page_id").notNull(),
    revision: integer("revision").notNull(),
    /** Marks the write that raised the revision, so that the version of the same batch can tell whether it won. */
    stamp: text("stamp").notNull(),
    /** JSON; null: everything is published. */
    draft: text("draft"),
    newestVersion: integer("newest_version").notNull(),
    publishedVersion: integer("published_version"),
    publishedAtMs: integer("published_at_ms"),
    scheduledVersion: integer("scheduled_version"),
    scheduledAtMs: integer("scheduled_at_ms"),
    savedBy: text("saved_by").notNull(),
    savedAtMs: integer("saved_at_ms").notNull(),
  },
  (table) => [primaryKey({ columns: [table.programmeId, table.pageId] })],
);

/** Authority: what was ever published or scheduled; never changed. */
export const pageVersions = sqliteTable(
  "page_versions",
  {
    programmeId: text("programme_id").notNull(),
    pageId: text("page_id").notNull(),
    version: integer("version").notNull(),
    body: text("body").notNull(),
    restores: integer("restores"),
    savedBy: text("saved_by").notNull(),
    savedAtMs: integer("saved_at_ms").notNull(),
  },
  (table) => [primaryKey({ columns: [table.programmeId, table.pageId, table.version] })],
);
