/**
 * Lists that a sweep takes some rows of at a time, round and round. Rows that fail for good stay on such a list; were it read from
 * its beginning each time, so many of them would keep everything behind them waiting for ever.
 */
type Place = readonly (string | number)[];

export interface RoundList {
  /** In `sweep_marks`. */
  readonly name: string;
  readonly columns: string;
  readonly from: string;
  /** Its own values begin behind those of the place: with two columns in `by`, at `?3`. */
  readonly where: string;
  /** The order of the list, which names each row: best by an index, and by `rowid` behind it. */
  readonly by: readonly string[];
  /** Less than every place: 0 for a number, "" for a text. */
  readonly start: Place;
  readonly rows: number;
}

export const MARK_SQL = {
  reached: "SELECT reached FROM sweep_marks WHERE name = ?1",
  keep: "INSERT INTO sweep_marks (name, reached) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET reached = ?2",
} as const;

export function roundSql({ columns, from, where, by, rows }: RoundList): string {
  const place = by.join(", ");
  const reached = by.map((_, at) => `?${at + 1}`).join(", ");
  return `SELECT ${columns}, json_array(${place}) AS place FROM ${from}
    WHERE ${where} AND (${place}) > (${reached}) ORDER BY ${place} LIMIT ${rows}`;
}

/** The next rows of a list; behind its last one it begins anew. A short list is all there each time. */
export async function nextRows<Row>(
  db: D1Database,
  list: RoundList,
  ...values: readonly (string | number)[]
): Promise<Row[]> {
  const { name, start, rows } = list;
  const reached = (await db.prepare(MARK_SQL.reached).bind(name).first<string>("reached")) ?? "";
  const from = reached === "" ? start : (JSON.parse(reached) as Place);
  const { results } = await db
    .prepare(roundSql(list))
    .bind(...from, ...values)
    .all<Row & { place: string }>();
  const found = results.map(({ place, ...row }) => ({ place, row: row as Row }));
  const next = found.length === rows ? (found.at(-1)?.place ?? "") : "";
  if (next !== reached) await db.prepare(MARK_SQL.keep).bind(name, next).run();
  return found.map(({ row }) => row);
}
