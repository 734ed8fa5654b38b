/** Adjustments that one person made alone, in D1. Those that need a second person wait with the other approvals. */
import type { Adjustment } from "./manual/index.ts";

type Row = Record<string, string | number | null>;
const ROWS_MAX = 200;

/** `refused`: the Account would not book it, as for want of points. */
export type AdjustmentState = "approved" | "refused";

export interface StoredAdjustment {
  readonly adjustment: Adjustment;
  readonly madeBy: string;
  readonly madeAtMs: number;
  readonly state: AdjustmentState;
  readonly bookedAtMs: number | null;
}

export class AdjustmentsStore {
  readonly #db: D1Database;
  readonly #programmeId: string;

  constructor(db: D1Database, programmeId: string) {
    this.#db = db;
    this.#programmeId = programmeId;
  }

  async find(adjustmentId: string): Promise<StoredAdjustment | null> {
    const row = await this.#db
      .prepare(`SELECT ${COLUMNS} FROM adjustments WHERE programme_id = ?1 AND adjustment_id = ?2`)
      .bind(this.#programmeId, adjustmentId)
      .first<Row>();
    return row && readStored(row);
  }

  async list(state: AdjustmentState | null): Promise<StoredAdjustment[]> {
    const { results } = await this.#db
      .prepare(
        `SELECT ${COLUMNS} FROM adjustments WHERE programme_id = ?1 ${state === null ? "" : "AND state = ?2"}
         ORDER BY proposed_at_ms DESC LIMIT ${ROWS_MAX}`,
      )
      .bind(this.#programmeId, ...(state === null ? [] : [state]))
      .all<Row>();
    return results.map(readStored);
  }

  /** Points that one person moved alone since `fromMs`, both ways together. */
  async movedAlone(staff: string, fromMs: number): Promise<number> {
    const points = await this.#db
      .prepare(`SELECT ${MOVED_ALONE} AS points`)
      .bind(this.#programmeId, staff, fromMs)
      .first<number>("points");
    return points ?? 0;
  }

  /**
   * Keeps a new adjustment while its author's sum of the day allows it, so that two requests at once cannot both slip under
   * it. False: the id is known, or the sum is over by now.
   */
  async insert(
    { adjustment, madeBy, madeAtMs }: Omit<StoredAdjustment, "state" | "bookedAtMs">,
    memberId: string,
    day: { readonly fromMs: number; readonly aloneMax: number },
  ): Promise<boolean> {
    const result = await this.#db
      .prepare(
        `INSERT INTO adjustments (programme_id, adjustment_id, member_id, points, state, proposed_by, proposed_at_ms, proposal)
         SELECT ?1, ?4, ?5, ?6, 'approved', ?2, ?7, ?8 WHERE ${MOVED_ALONE} + ABS(?6) <= ?9
         ON CONFLICT DO NOTHING`,
      )
      .bind(
        ...[this.#programmeId, madeBy, day.fromMs, adjustment.adjustmentId, memberId],
        ...[adjustment.points, madeAtMs, JSON.stringify({ adjustment }), day.aloneMax],
      )
      .run();
    return result.meta.changes === 1;
  }

  async booked(adjustmentId: string, isBooked: boolean, nowMs: number): Promise<void> {
    await this.#db
      .prepare(
        isBooked
          ? "UPDATE adjustments SET booked_at_ms = COALESCE(booked_at_ms, ?3) WHERE programme_id = ?1 AND adjustment_id = ?2"
          : "UPDATE adjustments SET state = 'refused' WHERE programme_id = ?1 AND adjustment_id = ?2 AND booked_at_ms IS NULL AND ?3 > 0",
      )
      .bind(this.#programmeId, adjustmentId, nowMs)
      .run();
  }
}

const COLUMNS = "proposal, state, proposed_by, proposed_at_ms, booked_at_ms";

/** ?1 is the programme, ?2 the person, ?3 the begin of the day. */
const MOVED_ALONE = `(SELECT COALESCE(SUM(ABS(points)), 0) FROM adjustments AS moved WHERE moved.programme_id = ?1
  AND moved.proposed_by = ?2 AND moved.proposed_at_ms >= ?3 AND moved.state = 'approved')`;

function readStored(row: Row): StoredAdjustment {
  const { adjustment } = JSON.parse(String(row["proposal"])) as { adjustment: Adjustment };
  return {
    adjustment,
    madeBy: String(row["proposed_by"]),
    madeAtMs: Number(row["proposed_at_ms"]),
    state: String(row["state"]) as AdjustmentState,
    bookedAtMs: row["booked_at_ms"] === null ? null : Number(row["booked_at_ms"]),
  };
}
