import { invariant } from "../kernel/invariant.ts";

/** Some settings are fixed by the first deployment: the object that saw another value refuses to work. */
export function pinSetting(sql: SqlStorage, name: string, configured: string): void {
  const row = sql.exec("SELECT value FROM meta WHERE key = ?", name).toArray()[0];
  if (!row) {
    sql.exec("INSERT INTO meta (key, value) VALUES (?, ?)", name, configured);
    return;
  }
  const stored = row["value"];
  invariant(stored === configured, `${name} is fixed at the first deployment`, {
    stored,
    configured,
  });
}
