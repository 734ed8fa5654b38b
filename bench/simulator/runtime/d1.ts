/** D1 on SQLite in memory: can be away, slow, or commit and lose its acknowledgement. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
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
const preparedStatements = new Map<string, StatementSync>();
db.exec(SCHEMA);
// The audit log lets nobody delete, which the next life must.
for (const row of db.prepare("SELECT name FROM sqlite_master WHERE type = 'trigger'").all())
  db.exec(`DROP TRIGGER "${String(row["name"])}"`);
const TABLES = db
  .prepare("SELECT name FROM sqlite_master WHERE type = 'table'")
  .all()
  .map((row) => String(row["name"]));

export class SimD1 {
  readonly #sim: Simulation;
  #downUntilMs = 0;

  constructor(sim: Simulation) {
    this.#sim = sim;
    for (const table of TABLES) db.exec(`DELETE FROM "${table}"`);
  }

  /** Rows as they are, for the witness. */
  read(sql: string): Row[] {
    return this.#statement(sql).all();
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
      first: async () => (await this.#ask(party, [query]))[0]?.results[0] ?? null,
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
      const answer = (run: () => void): void => {
        const slowMs = faults.strikes("d1_slow") ? random.next() * 8_000 : 0;
        scheduler.after(party, 1 + random.next() * 8 + slowMs, run);
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
    db.exec("BEGIN");
    try {
      const results = queries.map(({ sql, values }): Result => {
        const guarded = this.#sim.law.guardsVersions ? sql : sql.replace(VERSION_GUARD, "");
        const statement = this.#statement(guarded);
        const found = statement.all(...(inOrder(sql, values) as SQLInputValue[])) as Row[];
        const changes = Number(CHANGES.get()?.["changes"] ?? 0);
        return { success: true, results: found, meta: { changes } };
      });
      db.exec("COMMIT");
      return results;
    } catch (error) {
      db.exec("ROLLBACK");
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  /** Node passes positional values to unnamed parameters only, so `?1` becomes `?` and its value is given where it stands. */
  #statement(sql: string): StatementSync {
    const known = preparedStatements.get(sql);
    if (known) return known;
    const made = db.prepare(sql.replaceAll(/\?\d+/g, "?"));
    preparedStatements.set(sql, made);
    return made;
  }
}

const CHANGES = db.prepare("SELECT changes() AS changes");

/** The values of `?1`, `?2` … as often and in the order in which they stand. */
function inOrder(sql: string, values: readonly unknown[]): readonly unknown[] {
  const named = [...sql.matchAll(/\?(\d+)/g)].map((match) => values[Number(match[1]) - 1]);
  return named.length === 0 ? values : named;
}
