/** D1 on SQLite in memory: can be away, slow, or commit and lose its acknowledgement. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { rowMaker, withLimit } from "./rows.ts";
import type { Party } from "./scheduler.ts";
import type { Simulation } from "./simulation.ts";

const MIGRATIONS = join(import.meta.dirname, "../../../migrations/d1");
const SCHEMA = readdirSync(MIGRATIONS)
  .filter((name) => name.endsWith(".sql"))
  .sort()
  .map((name) => readFileSync(join(MIGRATIONS, name), "utf8"))
  .join(";\n");
const VERSION_GUARD = /\s+WHERE excluded\.version > \w+\.version/;

interface Query {
  readonly sql: string;
  readonly values: readonly unknown[];
}

type Row = Record<string, unknown>;

interface Result {
  readonly success: true;
  readonly results: Row[];
  readonly meta: { readonly changes: number };
}

/** One life at a time, so one database serves them all; each finds it empty. */
const db = new DatabaseSync(":memory:");
const BEGIN = db.prepare("BEGIN");
const COMMIT = db.prepare("COMMIT");
const ROLLBACK = db.prepare("ROLLBACK");

interface Prepared {
  readonly statement: StatementSync;
  /** Null: it gives no rows. */
  readonly rowOf: ((cells: readonly unknown[]) => Row) | null;
  readonly isRead: boolean;
  /** Which value stands at each mark; null: as they are given. */
  readonly order: readonly number[] | null;
}

const preparedStatements = new Map<string, Prepared>();
const unguarded = new Map<string, string>();
db.exec(SCHEMA);
// The audit log lets nobody delete, which the next life must.
for (const row of db.prepare("SELECT name FROM sqlite_master WHERE type = 'trigger'").all())
  db.exec(`DROP TRIGGER "${String(row["name"])}"`);
const TABLES = db
  .prepare("SELECT name FROM sqlite_master WHERE type = 'table'")
  .all()
  .map((row) => ({
    isUsed: db.prepare(`SELECT 1 FROM "${String(row["name"])}" LIMIT 1`),
    empty: db.prepare(`DELETE FROM "${String(row["name"])}"`),
  }));

export class SimD1 {
  readonly #sim: Simulation;
  #downUntilMs = 0;

  constructor(sim: Simulation) {
    this.#sim = sim;
    for (const { isUsed, empty } of TABLES) if (isUsed.get() !== undefined) empty.run();
  }

  /** Rows as they are, for the witness. */
  read(sql: string): Row[] {
    return run(sql, []).results;
  }

  heal(): void {
    this.#downUntilMs = 0;
  }

  binding(party: Party): unknown {
    const statement = (query: Query): unknown => ({
      ...query,
      bind: (...values: unknown[]) => statement({ sql: query.sql, values }),
      all: async () => (await this.#ask(party, [query]))[0],
      run: async () => (await this.#ask(party, [query]))[0],
      first: async (column?: string) => {
        const row = (await this.#ask(party, [query]))[0]?.results[0] ?? null;
        return row === null || column === undefined ? row : row[column];
      },
      raw: async () =>
        ((await this.#ask(party, [query]))[0]?.results ?? []).map((row) => Object.values(row)),
    });
    return {
      prepare: (sql: string) => statement({ sql, values: [] }),
      batch: (queries: readonly Query[]) => this.#ask(party, queries),
    };
  }

  #ask(party: Party, queries: readonly Query[]): Promise<Result[]> {
    const { faults, random, scheduler, trace } = this.#sim;
    return new Promise((resolve, reject) => {
      const answer = (tell: () => void): void => {
        const slowMs = faults.strikes("d1_slow") ? random.next() * 8_000 : 0;
        scheduler.after(party, 1 + random.next() * 8 + slowMs, tell);
      };
      const fail = (why: string): void => {
        trace.say("D1", () => why);
        answer(() => reject(new Error(`D1_ERROR: ${why}`)));
      };
      party.output(() => {
        if (scheduler.nowMs < this.#downUntilMs) return fail("is away");
        if (faults.strikes("d1_down")) {
          this.#downUntilMs = scheduler.nowMs + random.next() * 40_000;
          return fail("goes away");
        }
        // The statement reaches D1 whatever becomes of its caller meanwhile.
        const results = this.#transaction(queries);
        if (results instanceof Error) return fail(results.message);
        if (faults.strikes("d1_partial_ack"))
          return fail("commits, and its acknowledgement is lost");
        answer(() => resolve(results));
      });
    });
  }

  #transaction(queries: readonly Query[]): Result[] | Error {
    const [only, ...others] = queries;
    // A single statement is a transaction of its own.
    if (only && others.length === 0) return this.#single(only);
    BEGIN.run();
    try {
      const results = queries.map((query) => this.#run(query));
      COMMIT.run();
      return results;
    } catch (error) {
      ROLLBACK.run();
      return errorOf(error);
    }
  }

  #single(query: Query): Result[] | Error {
    try {
      return [this.#run(query)];
    } catch (error) {
      return errorOf(error);
    }
  }

  #run({ sql, values }: Query): Result {
    return run(this.#sim.law.guardsVersions ? sql : withoutGuard(sql), values);
  }
}

const errorOf = (error: unknown): Error =>
  error instanceof Error ? error : new Error(String(error));

function withoutGuard(sql: string): string {
  const known = unguarded.get(sql) ?? sql.replace(VERSION_GUARD, "");
  unguarded.set(sql, known);
  return known;
}

function run(query: string, bindings: readonly unknown[]): Result {
  const { text: sql, values } = withLimit(query, bindings);
  const { statement, rowOf, isRead, order } = prepare(sql);
  const given = (order ? order.map((at) => values[at]) : values) as SQLInputValue[];
  if (rowOf === null) {
    const changes = Number(statement.run(...given).changes);
    return { success: true, results: [], meta: { changes } };
  }
  const results = (statement.all(...given) as unknown as unknown[][]).map(rowOf);
  const changes = isRead ? 0 : Number(CHANGES.get()?.["changes"] ?? 0);
  return { success: true, results, meta: { changes } };
}

/**
 * Node passes positional values to unnamed parameters only, so `?1` becomes `?` and its value is given where it stands,
 * as often as it stands.
 */
function prepare(sql: string): Prepared {
  const known = preparedStatements.get(sql);
  if (known) return known;
  const statement = db.prepare(sql.replaceAll(/\?\d+/g, "?"));
  const columns = statement.columns().map(({ name }) => name);
  if (columns.length > 0) statement.setReturnArrays(true);
  const marks = [...sql.matchAll(/\?(\d+)/g)].map((match) => Number(match[1]) - 1);
  const made = {
    statement,
    rowOf: columns.length > 0 ? rowMaker(columns) : null,
    isRead: /^\s*(?:SELECT|WITH|EXPLAIN)\b/i.test(sql),
    order: marks.length > 0 ? marks : null,
  };
  preparedStatements.set(sql, made);
  return made;
}

const CHANGES = db.prepare("SELECT changes() AS changes");
