/** The runtime binds at most this many parameters to a statement. */
const PARAMETERS_MAX = 100;

/**
 * Writes many rows with few statements: a call of `sql.exec` costs more than a row, so rows share one.
 * `head` and `tail` stand before and after the list of values; the texts are fixed, so each is prepared once.
 */
export class BulkWriter {
  readonly #head: string;
  readonly #tail: string;
  readonly #columns: number;
  readonly #rowsPerStatement: number;
  readonly #single: string;
  readonly #full: string;

  constructor(head: string, columns: number, tail = "") {
    this.#head = head;
    this.#tail = tail;
    this.#columns = columns;
    this.#rowsPerStatement = Math.floor(PARAMETERS_MAX / columns);
    this.#single = this.#statement(1);
    this.#full = this.#statement(this.#rowsPerStatement);
  }

  #statement(rows: number): string {
    const row = `(${Array.from({ length: this.#columns }, () => "?").join(", ")})`;
    return `${this.#head} VALUES ${Array.from({ length: rows }, () => row).join(", ")} ${this.#tail}`;
  }

  write(sql: SqlStorage, rows: readonly (readonly SqlStorageValue[])[]): void {
    for (const [statement, values] of this.#filled(rows)) sql.exec(statement, ...values);
  }

  /** The same, and how many rows of the table are other than before. */
  change(sql: SqlStorage, rows: readonly (readonly SqlStorageValue[])[]): number {
    let changed = 0;
    for (const [statement, values] of this.#filled(rows)) {
      sql.exec(statement, ...values);
      changed += Number(sql.exec("SELECT changes() AS changed").one()["changed"]);
    }
    return changed;
  }

  *#filled(
    rows: readonly (readonly SqlStorageValue[])[],
  ): Generator<readonly [string, readonly SqlStorageValue[]]> {
    let at = 0;
    for (; at + this.#rowsPerStatement <= rows.length; at += this.#rowsPerStatement) {
      yield [this.#full, rows.slice(at, at + this.#rowsPerStatement).flat()];
    }
    for (; at < rows.length; at += 1) yield [this.#single, rows[at] ?? []];
  }
}
