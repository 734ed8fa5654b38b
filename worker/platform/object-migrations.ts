import { invariant } from "../kernel/invariant.ts";

export interface ObjectMigration {
  /** 1, 2, 3 …, as in the file name. */
  readonly id: number;
  readonly sql: string;
}

/**
 * Brings an object's own database up to date, inside the constructor.
 * A list with a gap or out of order is refused: a migration merged late must get a later number.
 */
export function migrateObject(
  storage: DurableObjectStorage,
  migrations: readonly ObjectMigration[],
): void {
  migrations.forEach((migration, at) => {
    invariant(migration.id === at + 1, "object migrations are numbered 1, 2, 3 … without a gap");
  });
  const { sql } = storage;
  sql.exec(
    "CREATE TABLE IF NOT EXISTS schema_migrations (id INTEGER PRIMARY KEY, applied_at_ms INTEGER NOT NULL) STRICT",
  );
  const done = sql
    .exec<{ id: number | null }>("SELECT MAX(id) AS id FROM schema_migrations")
    .one().id;
  const applied = done ?? 0;
  invariant(applied <= migrations.length, "an object is never opened by older code than wrote it");
  for (const migration of migrations.slice(applied)) {
    storage.transactionSync(() => {
      sql.exec(migration.sql);
      sql.exec(
        "INSERT INTO schema_migrations (id, applied_at_ms) VALUES (?, ?)",
        migration.id,
        Date.now(),
      );
    });
  }
}
