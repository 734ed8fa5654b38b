import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Authority: the keys under which a programme's personal data lies, each wrapped by a secret of the deployment. */
export const vaultKeys = sqliteTable(
  "vault_keys",
  {
    programmeId: text("programme_id").notNull(),
    /** 0: the key of fingerprints, which stays; from 1 on: data keys, of which the newest seals. */
    version: integer("version").notNull(),
    /** `<kid>.<base64url>` */
    wrapped: text("wrapped").notNull(),
    createdAtMs: integer("created_at_ms").notNull(),
  },
  (table) => [primaryKey({ columns: [table.programmeId, table.version] })],
);
