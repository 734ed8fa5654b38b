/** Proposals of grants and deductions by hand, in D1. */
import type { Proposal } from "./manual/index.ts";

type Row = Record<string, string | number | null>;
const ROWS_MAX = 200;

/** `refused`: the Account would not book it, as for want of points. */
export type AdjustmentState = Proposal["state"] | "refused";

export interface StoredProposal {
  readonly proposal: Proposal;
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

  async find(adjustmentId: string): Promise<StoredProposal | null> {
    const row = await this.#db
      .prepare(
        "SELECT proposal, state, booked_at_ms FROM adjustments WHERE programme_id = ?1 AND adjustment_id = ?2",
      )
      .bind(this.#programmeId, adjustmentId)
      .first<Row>();
    return row && readStored(row);
  }

  async list(state: AdjustmentState | null): Promise<StoredProposal[]> {
    const { results } = await this.#db
      .prepare(
        `SELECT proposal, state, booked_at_ms FROM adjustments WHERE programme_id = ?1 AND (?2 IS NULL OR state = ?2)
         ORDER BY proposed_at_ms DESC LIMIT ${ROWS_MAX}`,
      )
      .bind(this.#programmeId, state)
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
   * Keeps a new proposal; one that is approved by its own author only while the author's sum of the day allows it, so that
   * two requests at once cannot both slip under it. False: the id is known, or the sum is over by now.
   */
  async insert(
    proposal: Proposal,
    memberId: string,
    day: { readonly fromMs: number; readonly aloneMax: number },
  ): Promise<boolean> {
    const { adjustment, proposedBy, proposedAtMs, state } = proposal;
    const result = await this.#db
      .prepare(
        `INSERT INTO adjustments (programme_id, adjustment_id, member_id, points, state, proposed_by, proposed_at_ms, proposal)
         SELECT ?1, ?4, ?5, ?6, ?7, ?2, ?8, ?9
         WHERE ?7 <> 'approved' OR ${MOVED_ALONE} + ABS(?6) <= ?10
         ON CONFLICT DO NOTHING`,
      )
      .bind(
        ...[this.#programmeId, proposedBy, day.fromMs, adjustment.adjustmentId, memberId],
        ...[adjustment.points, state, proposedAtMs, JSON.stringify(proposal), day.aloneMax],
      )
      .run();
    return result.meta.changes === 1;
  }

  /** Writes a decision over the proposal as it was; false: somebody decided meanwhile. */
  async decide(proposal: Proposal): Promise<boolean> {
    const result = await this.#db
      .prepare(
        `UPDATE adjustments SET state = ?3, proposal = ?4
         WHERE programme_id = ?1 AND adjustment_id = ?2 AND state = 'proposed'`,
      )
      .bind(
        this.#programmeId,
        proposal.adjustment.adjustmentId,
        proposal.state,
        JSON.stringify(proposal),
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

/** ?1 is the programme, ?2 the person, ?3 the begin of the day. A proposal approved by its author names nobody else. */
const MOVED_ALONE = `(SELECT COALESCE(SUM(ABS(points)), 0) FROM adjustments AS moved WHERE moved.programme_id = ?1
  AND moved.proposed_by = ?2 AND moved.proposed_at_ms >= ?3 AND moved.state = 'approved'
  AND moved.proposal ->> '$.decidedBy' = ?2)`;

function readStored(row: Row): StoredProposal {
  return {
    proposal: JSON.parse(String(row["proposal"])) as Proposal,
    state: String(row["state"]) as AdjustmentState,
    bookedAtMs: row["booked_at_ms"] === null ? null : Number(row["booked_at_ms"]),
  };
}
