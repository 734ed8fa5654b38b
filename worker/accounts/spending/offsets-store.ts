/** Offsets of an Account: rows ↔ model. Every write is at once, inside the commit that runs. */
import { assertOffset, type LotSlice, type PointsOffset } from "../points/index.ts";

type SqlRow = Record<string, SqlStorageValue>;

export class OffsetsStore {
  readonly #sql: SqlStorage;
  /** Those that hold points: few, and asked for whenever a wallet is read. Null: not read yet. */
  #held: Map<string, Map<string, PointsOffset>> | null = null;
  /** The earliest moment in the rows, or one before it; undefined: not looked up. */
  #nextDueAtMs: number | undefined;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  forget(): void {
    this.#held = null;
    this.#nextDueAtMs = undefined;
  }

  find(memberKey: string, offsetId: string): PointsOffset | null {
    const row = this.#all(
      "SELECT detail FROM offsets WHERE member_key = ? AND offset_id = ?",
      memberKey,
      offsetId,
    )[0];
    return row ? readOffset(row) : null;
  }

  save(offset: PointsOffset): void {
    assertOffset(offset);
    const { memberKey, offsetId, state, points, returnedPoints, expiresAtMs } = offset;
    const dueAtMs = state === "held" ? expiresAtMs : null;
    this.#sql.exec(
      `INSERT INTO offsets (member_key, offset_id, state, points, returned_points, due_at_ms, detail) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (member_key, offset_id) DO UPDATE SET state = excluded.state, points = excluded.points,
         returned_points = excluded.returned_points, due_at_ms = excluded.due_at_ms, detail = excluded.detail`,
      memberKey,
      offsetId,
      state,
      points,
      returnedPoints,
      dueAtMs,
      JSON.stringify(offset),
    );
    this.#keepHeld(offset);
    if (dueAtMs !== null && this.#nextDueAtMs !== undefined) {
      this.#nextDueAtMs = Math.min(this.#nextDueAtMs, dueAtMs);
    }
  }

  // ---- what holds points

  #heldOffsets(): Map<string, Map<string, PointsOffset>> {
    if (this.#held) return this.#held;
    const held = new Map<string, Map<string, PointsOffset>>();
    for (const row of this.#all("SELECT detail FROM offsets WHERE state = 'held'")) {
      const offset = readOffset(row);
      const own = held.get(offset.memberKey) ?? new Map<string, PointsOffset>();
      held.set(offset.memberKey, own.set(offset.offsetId, offset));
    }
    this.#held = held;
    return held;
  }

  #keepHeld(offset: PointsOffset): void {
    const held = this.#heldOffsets();
    const own = held.get(offset.memberKey) ?? new Map<string, PointsOffset>();
    if (offset.state === "held") own.set(offset.offsetId, offset);
    else own.delete(offset.offsetId);
    if (own.size === 0) held.delete(offset.memberKey);
    else held.set(offset.memberKey, own);
  }

  heldBy(memberKey: string): number {
    let points = 0;
    for (const one of this.#heldOffsets().get(memberKey)?.values() ?? []) points += one.points;
    return points;
  }

  heldSlices(memberKey: string): (readonly LotSlice[])[] {
    const own = this.#heldOffsets().get(memberKey)?.values() ?? [];
    return [...own].map(({ slices }) => slices);
  }

  // ---- what lapses when

  nextDueAtMs(): number {
    if (this.#nextDueAtMs === undefined) {
      const row = this.#sql
        .exec("SELECT MIN(due_at_ms) AS at FROM offsets WHERE due_at_ms IS NOT NULL")
        .one();
      this.#nextDueAtMs = row["at"] === null ? Number.POSITIVE_INFINITY : Number(row["at"]);
    }
    return this.#nextDueAtMs;
  }

  due(nowMs: number, count: number): PointsOffset[] {
    this.#nextDueAtMs = undefined;
    return this.#all(
      "SELECT detail FROM offsets WHERE due_at_ms <= ? ORDER BY due_at_ms LIMIT ?",
      nowMs,
      count,
    ).map(readOffset);
  }

  /** One that could not be ended is looked at later. */
  postpone({ memberKey, offsetId }: PointsOffset, atMs: number): void {
    this.#sql.exec(
      "UPDATE offsets SET due_at_ms = ? WHERE member_key = ? AND offset_id = ?",
      ...[atMs, memberKey, offsetId],
    );
    this.#nextDueAtMs = undefined;
  }

  // ---- proving

  /** As the rows say: points held, and points spent that did not come back. */
  sumsOf(memberKey: string): { readonly held: number; readonly spent: number } {
    const row = this.#sql
      .exec(
        `SELECT COALESCE(SUM(points) FILTER (WHERE state = 'held'), 0) AS held,
           COALESCE(SUM(points - returned_points) FILTER (WHERE state = 'captured'), 0) AS spent
         FROM offsets WHERE member_key = ?`,
        memberKey,
      )
      .one();
    return { held: Number(row["held"]), spent: Number(row["spent"]) };
  }

  #all(query: string, ...bindings: SqlStorageValue[]): SqlRow[] {
    return this.#sql.exec<SqlRow>(query, ...bindings).toArray();
  }
}

function readOffset(row: SqlRow): PointsOffset {
  return JSON.parse(String(row["detail"])) as PointsOffset;
}
