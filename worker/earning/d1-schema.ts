/** Tables of earning that came after those of worker/platform/d1-schema.ts. */
import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Authority: an import that waits for a second person, as it was sent. */
export const pointsImports = sqliteTable(
  "points_imports",
  {
    programmeId: text("programme_id").notNull(),
    importId: text("import_id").notNull(),
    csv: text("csv").notNull(),
    sentBy: text("sent_by").notNull(),
    sentAtMs: integer("sent_at_ms").notNull(),
  },
  (table) => [primaryKey({ columns: [table.programmeId, table.importId] })],
);

/** Authority: files whose lines were booked, by their content, so that one that comes again is asked about. */
export const pointsImportFiles = sqliteTable(
  "points_import_files",
  {
    programmeId: text("programme_id").notNull(),
    /** Of what the lines say, not of how they are written. */
    digest: text("digest").notNull(),
    importId: text("import_id").notNull(),
    importedBy: text("imported_by").notNull(),
    importedAtMs: integer("imported_at_ms").notNull(),
    /** The line from which on nothing is booked yet; null: the file was booked to its end. */
    nextLine: integer("next_line"),
  },
  (table) => [primaryKey({ columns: [table.programmeId, table.digest] })],
);
