/** After a rotation: what lies under an older data key is sealed anew, some rows at a time. */
import type { Env } from "../platform/env.ts";
import { openVault } from "./vault.ts";

/** A column of sealed texts. Its table has a `programme_id`. */
export interface SealedColumn {
  readonly table: string;
  readonly column: string;
  /** Columns that, with the programme, name one row. */
  readonly key: readonly string[];
  /** The context under which the row's text was sealed. */
  readonly contextOf: (row: Readonly<Record<string, string>>) => string;
  /**
   * Which rows hold personal words at all, of a column that was not always sealed: those that are not yet are sealed. Absent: every
   * row, and each is sealed.
   */
  readonly where?: string;
}

const ROWS_PER_RUN = 200;

/** Answers how many rows were sealed anew; fewer than asked for means that none is left. */
export async function reseal(
  env: Env,
  programmeId: string,
  columns: readonly SealedColumn[],
): Promise<number> {
  const vault = await openVault(env, programmeId);
  let count = 0;
  for (const { table, column, key, contextOf, where: personal } of columns) {
    const { results } = await env.DB.prepare(
      `SELECT ${[...key, column].join(", ")} FROM ${table}
       WHERE programme_id = ?1 AND ${column} IS NOT NULL AND ${column} NOT LIKE ?2${personal === undefined ? "" : ` AND ${personal}`} LIMIT ${ROWS_PER_RUN}`,
    )
      .bind(programmeId, `s1.${vault.version}.%`)
      .all<Record<string, string>>();
    const updates = await Promise.all(
      results.map(async (row) => {
        const sealed = row[column] ?? "";
        const context = contextOf(row);
        const text = await (personal === undefined
          ? vault.open(context, sealed)
          : vault.read(context, sealed));
        const fresh = vault.seal(context, text);
        const where = key.map((name, at) => `${name} = ?${at + 4}`).join(" AND ");
        // Only what is still as it was read: a member may have written meanwhile.
        return env.DB.prepare(
          `UPDATE ${table} SET ${column} = ?1 WHERE programme_id = ?2 AND ${column} = ?3 AND ${where}`,
        ).bind(fresh, programmeId, sealed, ...key.map((name) => row[name] ?? ""));
      }),
    );
    if (updates.length > 0) await env.DB.batch(updates);
    count += updates.length;
  }
  return count;
}
