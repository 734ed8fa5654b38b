/** Members as staff see them, in D1. */
import { MEMBER_COLUMNS, pageOf, listStatement, type Cursor, type ListAsk } from "./list.ts";

export interface MemberRow {
  readonly memberId: string;
  readonly displayName: string;
  readonly phoneTail: string | null;
  readonly firstSeenAtMs: number;
  readonly lastActiveAtMs: number;
  readonly lastRedeemedAtMs: number | null;
  readonly lastPurchaseAtMs: number | null;
  readonly lastStoreId: string | null;
  readonly blockedAtMs: number | null;
  readonly seq: number;
  readonly active: number;
  readonly pending: number;
  readonly tierId: string | null;
  readonly nextExpiresAtMs: number | null;
  readonly nextExpiring: number;
  readonly earnedPoints: number;
  readonly spentPoints: number;
  readonly frequency: number;
  /** The record this one went into. */
  readonly mergedInto: string | null;
}

export interface MemberRecord extends MemberRow {
  readonly phoneSealed: string | null;
  readonly blockReason: string;
  readonly note: string;
  readonly version: number;
}

/** Every statement by its name, so that a test can look at its plan. */
export const REGISTER_SQL = {
  find: `SELECT ${MEMBER_COLUMNS}, m.phone_sealed AS phoneSealed, m.block_reason AS blockReason, m.note, m.version
    FROM members m WHERE m.programme_id = ?1 AND m.member_id = ?2`,
  edit: `INSERT INTO members (programme_id, member_id, display_name, note, version, first_seen_at_ms, last_active_at_ms)
    SELECT ?1, ?2, COALESCE(?3, ''), ?4, 1, ?6, ?6
    WHERE ?5 = 0 OR EXISTS (SELECT 1 FROM members WHERE programme_id = ?1 AND member_id = ?2)
    ON CONFLICT (programme_id, member_id) DO UPDATE SET display_name = COALESCE(?3, display_name), note = ?4, version = version + 1
    WHERE version = ?5`,
  block: `INSERT INTO members (programme_id, member_id, blocked_at_ms, block_reason, version, first_seen_at_ms, last_active_at_ms)
    VALUES (?1, ?2, ?3, ?4, 1, ?5, ?5)
    ON CONFLICT (programme_id, member_id) DO UPDATE SET blocked_at_ms = ?3, block_reason = ?4, version = version + 1`,
  labels: `SELECT l.label_id AS labelId, l.name FROM member_labels x
    CROSS JOIN labels l ON l.programme_id = x.programme_id AND l.label_id = x.label_id
    WHERE x.programme_id = ?1 AND x.member_id = ?2`,
  segments: `SELECT s.segment_id AS segmentId, s.name FROM segments s CROSS JOIN segment_members x
      ON x.programme_id = s.programme_id AND x.segment_id = s.segment_id AND x.round = s.round AND x.member_id = ?2
    WHERE s.programme_id = ?1`,
} as const;

export class RegisterStore {
  readonly #db: D1Database;
  readonly #programmeId: string;

  constructor(db: D1Database, programmeId: string) {
    this.#db = db;
    this.#programmeId = programmeId;
  }

  async list(
    ask: Omit<ListAsk, "programmeId">,
  ): Promise<{ rows: MemberRow[]; next: Cursor | null; by: string }> {
    const statement = listStatement({ ...ask, programmeId: this.#programmeId });
    const { results } = await this.#db
      .prepare(statement.sql)
      .bind(...statement.values)
      .all<MemberRow & { orderKey: string | number | null; fits: number }>();
    return { ...pageOf(results, statement, ask.limit), by: statement.by };
  }

  async find(memberId: string): Promise<MemberRecord | null> {
    return this.#bind(REGISTER_SQL.find, memberId).first<MemberRecord>();
  }

  async belongs(memberId: string): Promise<{
    labels: { labelId: string; name: string }[];
    segments: { segmentId: string; name: string }[];
  }> {
    const [labels, segments] = await this.#db.batch<Record<string, string>>([
      this.#bind(REGISTER_SQL.labels, memberId),
      this.#bind(REGISTER_SQL.segments, memberId),
    ]);
    return {
      labels: (labels?.results ?? []) as { labelId: string; name: string }[],
      segments: (segments?.results ?? []) as { segmentId: string; name: string }[],
    };
  }

  /** False: the row is of another version by now. */
  async edit(
    memberId: string,
    change: { displayName: string | null; note: string; version: number },
    nowMs: number,
  ): Promise<boolean> {
    const { displayName, note, version } = change;
    const { meta } = await this.#bind(
      REGISTER_SQL.edit,
      ...[memberId, displayName, note, version, nowMs],
    ).run();
    return meta.changes > 0;
  }

  async block(
    memberId: string,
    blockedAtMs: number | null,
    reason: string,
    nowMs: number,
  ): Promise<void> {
    await this.#bind(REGISTER_SQL.block, memberId, blockedAtMs, reason, nowMs).run();
  }

  #bind(sql: string, ...values: (string | number | null)[]): D1PreparedStatement {
    return this.#db.prepare(sql).bind(this.#programmeId, ...values);
  }
}
