/**
 * The disk of one object: Node's SQLite in memory. Everything written since the last flush is one open transaction,
 * so a crash loses exactly that, alarms included.
 */
import { DatabaseSync, type StatementSync, type SQLInputValue } from "node:sqlite";

type SqlRow = Record<string, unknown>;

interface Prepared {
  readonly statement: StatementSync;
  readonly isRead: boolean;
  readonly hasRows: boolean;
  readonly rowOf: RowOf;
}

type RowOf = (cells: readonly unknown[]) => SqlRow;

/** What a database looks like once its object has migrated it, and databases that are free to be used again. */
interface Shelf {
  readonly schema: string;
  readonly migrations: readonly SqlRow[];
  readonly tables: readonly string[];
  readonly free: Rows[];
}

const shelves = new Map<string, Shelf>();
const FREE_MAX = 64;

export class Rows {
  readonly #db = new DatabaseSync(":memory:");
  readonly #prepared = new Map<string, Prepared>();
  readonly #begin = this.#db.prepare("BEGIN");
  readonly #commit = this.#db.prepare("COMMIT");
  readonly #rollback = this.#db.prepare("ROLLBACK");
  readonly #savepoint = this.#db.prepare("SAVEPOINT work");
  readonly #release = this.#db.prepare("RELEASE work");
  readonly #undo = this.#db.prepare("ROLLBACK TO work");
  #isOpen = false;
  /** Something was written that a crash would lose. */
  isDirty = false;
  rowsWritten = 0;
  alarmAtMs: number | null = null;
  durableAlarmAtMs: number | null = null;
  isAlarmRunning = false;

  exec(query: string, bindings: readonly unknown[]): SqlRow[] {
    if (bindings.length === 0 && isScript(query)) {
      this.#write();
      this.#db.exec(query);
      return [];
    }
    const { text, values } = withLimit(query, bindings as SQLInputValue[]);
    const prepared = this.#prepare(text);
    if (prepared.isRead) return readAll(prepared, values);
    this.#write();
    if (prepared.hasRows) return readAll(prepared, values);
    this.rowsWritten += Number(prepared.statement.run(...values).changes);
    return [];
  }

  transactionSync<T>(work: () => T): T {
    // With nothing to keep from before, the transaction itself is what is undone.
    const isFirst = !this.#isOpen;
    this.#open();
    if (!isFirst) this.#savepoint.run();
    try {
      const result = work();
      if (!isFirst) this.#release.run();
      return result;
    } catch (error) {
      if (isFirst) this.#undoAll();
      else {
        this.#undo.run();
        this.#release.run();
      }
      throw error;
    }
  }

  /** An alarm that was set stays set, as it does when a part is undone. */
  #undoAll(): void {
    this.#rollback.run();
    this.#isOpen = false;
    this.isDirty = this.alarmAtMs !== this.durableAlarmAtMs;
  }

  setAlarm(atMs: number | null): void {
    this.#write();
    this.alarmAtMs = atMs;
  }

  /** What was written becomes durable. */
  flush(): void {
    if (this.#isOpen) this.#commit.run();
    this.#isOpen = false;
    this.isDirty = false;
    // A running alarm is deleted when its handler has ended, so a crash in between fires it again.
    if (!(this.isAlarmRunning && this.alarmAtMs === null)) this.durableAlarmAtMs = this.alarmAtMs;
  }

  /** A crash: back to the last flush. */
  lose(): void {
    if (this.#isOpen) this.#rollback.run();
    this.#isOpen = false;
    this.isDirty = false;
    this.isAlarmRunning = false;
    this.alarmAtMs = this.durableAlarmAtMs;
  }

  /** Ends a transaction that wrote nothing. */
  endRead(): void {
    if (this.#isOpen && !this.isDirty) {
      this.#commit.run();
      this.#isOpen = false;
    }
  }

  /** A database as an object of this kind leaves it after its migrations; an empty one while none is known. */
  static ofKind(kind: string): Rows {
    const shelf = shelves.get(kind);
    if (!shelf) return new Rows();
    const used = shelf.free.pop();
    if (used) return used;
    const rows = new Rows();
    rows.#db.exec(shelf.schema);
    for (const row of shelf.migrations) {
      const names = Object.keys(row);
      const marks = names.map(() => "?").join(", ");
      const values = Object.values(row) as SQLInputValue[];
      rows.#db
        .prepare(`INSERT INTO schema_migrations (${names.join(", ")}) VALUES (${marks})`)
        .run(...values);
    }
    return rows;
  }

  /** Remembers this migrated database as what all others of its kind start from: parsing SQL is slower than redeeming. */
  keepAs(kind: string): void {
    const made = this.#db
      .prepare(
        "SELECT name, type, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'",
      )
      .all();
    const tables = this.#db
      .prepare("SELECT name FROM sqlite_master WHERE type = 'table'")
      .all()
      .map((row) => String(row["name"]));
    if (!tables.includes("schema_migrations")) return;
    shelves.set(kind, {
      schema: made.map((row) => String(row["sql"])).join(";\n"),
      migrations: this.#db.prepare("SELECT * FROM schema_migrations").all(),
      tables: tables.filter((name) => name !== "schema_migrations"),
      free: [],
    });
  }

  /** Empties the database for the next life. */
  close(kind: string): void {
    const shelf = shelves.get(kind);
    if (!shelf || shelf.free.length >= FREE_MAX) return this.#db.close();
    this.lose();
    this.durableAlarmAtMs = null;
    this.alarmAtMs = null;
    this.rowsWritten = 0;
    for (const table of shelf.tables) {
      if (this.#prepare(`SELECT 1 FROM "${table}" LIMIT 1`).statement.get() === undefined) continue;
      this.#prepare(`DELETE FROM "${table}"`).statement.run();
    }
    shelf.free.push(this);
  }

  #write(): void {
    this.#open();
    this.isDirty = true;
  }

  #open(): void {
    if (this.#isOpen) return;
    this.#begin.run();
    this.#isOpen = true;
  }

  #prepare(query: string): Prepared {
    const known = this.#prepared.get(query);
    if (known) return known;
    const isRead = /^\s*(?:SELECT|WITH|EXPLAIN)\b/i.test(query);
    const hasRows = isRead || /\bRETURNING\b/i.test(query);
    const statement = this.#db.prepare(query);
    if (hasRows) statement.setReturnArrays(true);
    const columns = hasRows ? statement.columns().map(({ name }) => name) : [];
    const made = { statement, isRead, hasRows, rowOf: rowMaker(columns) };
    this.#prepared.set(query, made);
    return made;
  }
}

const limited = new Map<string, string | null>();

/**
 * SQLite plans a query by its limit, so it compiles a statement anew whenever that value is bound again, which takes ten
 * times as long as running it. Limits are few: each makes a statement of its own.
 */
export function withLimit<V>(
  query: string,
  values: readonly V[],
): { readonly text: string; readonly values: readonly V[] } {
  let head = limited.get(query);
  if (head === undefined) {
    head = /\bLIMIT \?\d*\s*$/i.test(query) ? query.slice(0, query.lastIndexOf("?")) : null;
    limited.set(query, head);
  }
  if (head === null) return { text: query, values };
  return { text: head + String(values.at(-1)), values: values.slice(0, -1) };
}

/** Node makes arrays several times faster than objects, and reading rows is most of what a life costs. */
function readAll({ statement, rowOf }: Prepared, values: readonly SQLInputValue[]): SqlRow[] {
  const list = statement.all(...values) as unknown as unknown[][];
  const rows: SqlRow[] = [];
  for (const cells of list) rows.push(rowOf(cells));
  return rows;
}

const rowMakers = new Map<string, RowOf>();

/** A literal with its columns' names: an engine lays such objects out once, and finds a field of theirs without a search. */
export function rowMaker(columns: readonly string[]): RowOf {
  const key = JSON.stringify(columns);
  const known = rowMakers.get(key);
  if (known) return known;
  const fields = columns.map((name, at) => `${JSON.stringify(name)}: cells[${at}]`);
  // oxlint-disable-next-line typescript/no-implied-eval -- the names are those of the product's own columns
  const made = new Function("cells", `return { ${fields.join(", ")} };`) as RowOf;
  rowMakers.set(key, made);
  return made;
}

function isScript(query: string): boolean {
  const end = query.indexOf(";");
  return end >= 0 && query.slice(end + 1).trim() !== "";
}

/** What `sql.exec` returns, as far as objects may use it. */
export class Cursor {
  readonly #rows: SqlRow[];
  #at = 0;

  constructor(rows: SqlRow[]) {
    this.#rows = rows;
  }

  get columnNames(): string[] {
    return Object.keys(this.#rows[0] ?? {});
  }

  get rowsRead(): number {
    return this.#rows.length;
  }

  toArray(): SqlRow[] {
    const rest = this.#at === 0 ? this.#rows : this.#rows.slice(this.#at);
    this.#at = this.#rows.length;
    return rest;
  }

  one(): SqlRow {
    const [row, ...more] = this.toArray();
    if (!row || more.length > 0) throw new Error("Expected exactly one result from SQL query");
    return row;
  }

  next(): { done: false; value: SqlRow } | { done: true; value: undefined } {
    const value = this.#rows[this.#at];
    if (!value) return { done: true, value: undefined };
    this.#at += 1;
    return { done: false, value };
  }

  *raw(): IterableIterator<unknown[]> {
    for (const row of this.toArray()) yield Object.values(row);
  }

  [Symbol.iterator](): this {
    return this;
  }
}
