/**
 * Figures that say how far something got through rows that count up by `position`: one row for thousands of marks.
 * A mark may lag behind the truth, never run ahead of it; what lies beyond is done again at the next start.
 */
export class Watermarks<Name extends string> {
  readonly #sql: SqlStorage;
  readonly #written = new Map<string, number>();

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    this.forget();
  }

  /** Back to what the rows say. */
  forget(): void {
    this.#written.clear();
    for (const row of this.#sql.exec("SELECT name, position FROM watermarks")) {
      this.#written.set(String(row["name"]), Number(row["position"]));
    }
  }

  get(name: Name): number {
    return this.#written.get(name) ?? 0;
  }

  /** Part of a commit. */
  set(name: Name, position: number): void {
    if (position <= this.get(name)) return;
    this.#sql.exec(
      "INSERT INTO watermarks (name, position) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET position = excluded.position",
      name,
      position,
    );
    this.#written.set(name, position);
  }
}
