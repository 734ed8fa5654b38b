/** After a rotation: what lies under an older data key is sealed anew, some rows at a time. */
import type { Env } from "../platform/env.ts";
import { nextRows, type RoundList } from "../platform/rounds.ts";
import { attemptEach } from "../platform/upkeep.ts";
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

/** The rows of a column that lie under another key than `?`, the first of its own values. */
export function unsealed(
  programmeId: string,
  { table, column, key, where }: SealedColumn,
): RoundList {
  const value = (nth: number): string => `?${key.length + nth}`;
  return {
    ...{ name: `reseal:${programmeId}:${table}.${column}`, rows: ROWS_PER_RUN },
    ...{ by: key, start: key.map(() => ""), columns: [...key, column].join(", "), from: table },
    where: `programme_id = ${value(1)} AND ${column} IS NOT NULL AND ${column} NOT LIKE ${value(2)}${where === undefined ? "" : ` AND ${where}`}`,
  };
}

/** Answers how many rows were sealed anew. One that opens by no key we have stays as it is, and keeps no other waiting. */
export async function reseal(
  env: Env,
  programmeId: string,
  columns: readonly SealedColumn[],
): Promise<number> {
  const vault = await openVault(env, programmeId);
  let count = 0;
  for (const sealedColumn of columns) {
    const { table, column, key, contextOf, where: personal } = sealedColumn;
    const rows = await nextRows<Record<string, string>>(
      ...[env.DB, unsealed(programmeId, sealedColumn), programmeId, `s1.${vault.version}.%`],
    );
    const updates: D1PreparedStatement[] = [];
    const sealAnew = async (row: Record<string, string>): Promise<void> => {
      const sealed = row[column] ?? "";
      const context = contextOf(row);
      const text = await (personal === undefined
        ? vault.open(context, sealed)
        : vault.read(context, sealed));
      const fresh = vault.seal(context, text);
      const where = key.map((name, at) => `${name} = ?${at + 4}`).join(" AND ");
      // Only what is still as it was read: a member may have written meanwhile.
      updates.push(
        env.DB.prepare(
          `UPDATE ${table} SET ${column} = ?1 WHERE programme_id = ?2 AND ${column} = ?3 AND ${where}`,
        ).bind(fresh, programmeId, sealed, ...key.map((name) => row[name] ?? "")),
      );
    };
    await attemptEach("reseal", rows, sealAnew, ROWS_PER_RUN);
    if (updates.length > 0) await env.DB.batch(updates);
    count += updates.length;
  }
  return count;
}
