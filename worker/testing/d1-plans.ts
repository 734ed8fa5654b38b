/** Looks at how D1 would carry out a statement: a list of a million members must not be read whole. */
import { expect } from "vitest";

/** Whole tables that are as long as the request is: what was asked about, given as JSON. */
const GIVEN = /\bSCAN (?:json_each|asked)\b|\bSCAN \w+ VIRTUAL TABLE/;
/** Sums of a list the request gave, and orders that the statement says are bounded. */
const SORTED_GIVEN = /USE TEMP B-TREE FOR (?:GROUP BY|DISTINCT)/;

export async function planOf(db: D1Database, sql: string): Promise<string[]> {
  const names = [...new Set(sql.match(/\?\d+/g) ?? [])];
  const unnamed = names.length === 0 ? (sql.match(/\?/g) ?? []) : [];
  const values = [...names, ...unnamed].map(() => "[]");
  const { results } = await db
    .prepare(`EXPLAIN QUERY PLAN ${sql}`)
    .bind(...values)
    .all<{ detail: string }>();
  return results.map(({ detail }) => detail);
}

/** No table is read whole, and nothing is sorted that an index could give in order. `mayScan`: details that are allowed. */
export async function expectIndexed(
  db: D1Database,
  sql: string,
  mayScan: RegExp = /^$/,
): Promise<void> {
  const bad = (await planOf(db, sql)).filter(
    (detail) =>
      /\bSCAN\b|USE TEMP B-TREE/.test(detail) &&
      !GIVEN.test(detail) &&
      !SORTED_GIVEN.test(detail) &&
      !mayScan.test(detail) &&
      detail !== "SCAN CONSTANT ROW",
  );
  expect(bad, sql).toEqual([]);
}

/** D1 that keeps what it was asked. */
export function listening(real: D1Database): {
  readonly db: D1Database;
  readonly asked: Set<string>;
} {
  const asked = new Set<string>();
  const db = new Proxy(real, {
    get: (target, name) => {
      if (name === "prepare") {
        return (sql: string) => {
          asked.add(sql);
          return target.prepare(sql);
        };
      }
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  return { db, asked };
}
