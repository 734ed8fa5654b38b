/** Segments, their rounds of counting, and labels, in D1. */
import { nextRows, roundSql, type RoundList } from "../platform/rounds.ts";
import {
  NOBODY,
  shareOf,
  TOP_COLUMNS,
  type RoundState,
  type Fragment,
  type SegmentRule,
  type TopFigure,
} from "./model.ts";

export interface SegmentRow {
  readonly programmeId: string;
  readonly segmentId: string;
  readonly name: string;
  readonly rule: string;
  readonly version: number;
  readonly savedBy: string;
  readonly savedAtMs: number;
  readonly round: number;
  readonly size: number;
  readonly countedAtMs: number | null;
  readonly nextRound: number | null;
  readonly reached: string;
  readonly nextSize: number;
  readonly basis: string | null;
}

const COLUMNS = `programme_id AS programmeId, segment_id AS segmentId, name, rule, version, saved_by AS savedBy,
  saved_at_ms AS savedAtMs, round, size, counted_at_ms AS countedAtMs, next_round AS nextRound, reached,
  next_size AS nextSize, basis`;

/** Members gone through in one step. */
const STEP_MEMBERS = 5_000;
/** Members ranked by a figure in one step: read from an index, and nothing is written of them. */
export const RANK_MEMBERS = 10_000;
/** A round that no segment has. */
const NO_ROUND = -1;
/** Behind every member id. */
export const END = "~";
/** Rows of rounds that are over, thrown away in one step. */
const OLD_ROWS = 10_000;
const LISTED = 200;

/** Of all programmes. */
export const COUNTING: RoundList = {
  ...{ name: "segments", rows: 10, by: ["next_round", "rowid"], start: [0, 0], columns: COLUMNS },
  ...{ from: "segments", where: "next_round > 0" },
};

/** Every statement by its name, so that a test can look at its plan. */
export const SEGMENT_SQL = {
  list: `SELECT ${COLUMNS} FROM segments WHERE programme_id = ?1 ORDER BY segment_id LIMIT ${LISTED}`,
  find: `SELECT ${COLUMNS} FROM segments WHERE programme_id = ?1 AND segment_id = ?2`,
  counting: roundSql(COUNTING),
  insert: `INSERT INTO segments (programme_id, segment_id, name, rule, version, saved_by, saved_at_ms, round, size, next_round,
      reached, next_size) VALUES (?1, ?2, ?3, ?4, 1, ?5, ?6, 0, 0, 1, '', 0) ON CONFLICT DO NOTHING`,
  update: `UPDATE segments SET name = ?3, rule = ?4, version = version + 1, saved_by = ?5, saved_at_ms = ?6,
      next_round = MAX(round, COALESCE(next_round, 0)) + 1, reached = '', next_size = 0, basis = NULL
    WHERE programme_id = ?1 AND segment_id = ?2 AND version = ?7`,
  restart: `UPDATE segments SET next_round = MAX(round, COALESCE(next_round, 0)) + 1, reached = '', next_size = 0, basis = NULL
    WHERE programme_id = ?1 AND segment_id = ?2`,
  remove:
    "DELETE FROM segments WHERE programme_id = ?1 AND segment_id = ?2 AND (?3 IS NULL OR version = ?3)",
  removeMembers: `DELETE FROM segment_members WHERE rowid IN (SELECT rowid FROM segment_members
    WHERE programme_id = ?1 AND segment_id = ?2 AND round <> ?3 LIMIT ${OLD_ROWS})`,
  basis:
    "UPDATE segments SET basis = ?4 WHERE programme_id = ?1 AND segment_id = ?2 AND next_round = ?3",
  upper: `SELECT COUNT(*) AS count, MAX(memberId) AS memberId FROM (SELECT member_id AS memberId FROM members
    WHERE programme_id = ?1 AND member_id > ?2 ORDER BY member_id LIMIT ${STEP_MEMBERS})`,
  // Those of one step are added up, never counted again. Of two who make the same step the later one adds nothing: it is behind.
  advance: `UPDATE segments SET reached = ?5, next_size = next_size + changes()
    WHERE programme_id = ?1 AND segment_id = ?2 AND next_round = ?3 AND reached = ?4`,
  changed: `SELECT n.member_id AS memberId FROM segment_members n
    WHERE n.programme_id = ?1 AND n.segment_id = ?2 AND n.round = ?3 AND n.member_id > ?5
      AND NOT EXISTS (SELECT 1 FROM segment_members o WHERE o.programme_id = ?1 AND o.segment_id = ?2 AND o.round = ?4
        AND o.member_id = n.member_id)
    ORDER BY n.member_id LIMIT ?6`,
  stale: `UPDATE segments SET next_round = round + 1, reached = '', next_size = 0, basis = NULL
    WHERE rowid IN (SELECT rowid FROM segments WHERE next_round IS NULL AND counted_at_ms < ?1 LIMIT 20)`,
  finish: `UPDATE segments SET round = next_round, next_round = NULL, reached = '', counted_at_ms = ?4, size = next_size
    WHERE programme_id = ?1 AND segment_id = ?2 AND next_round = ?3`,
  labels:
    "SELECT label_id AS labelId, name FROM labels WHERE programme_id = ?1 ORDER BY label_id LIMIT 500",
  label: `INSERT INTO labels (programme_id, label_id, name, created_by, created_at_ms) VALUES (?1, ?2, ?3, ?4, ?5)
    ON CONFLICT (programme_id, label_id) DO UPDATE SET name = excluded.name`,
  removeLabel: "DELETE FROM labels WHERE programme_id = ?1 AND label_id = ?2",
  labelled: `SELECT member_id AS memberId FROM member_labels WHERE programme_id = ?1 AND label_id = ?2 LIMIT ?3`,
  putOn: `INSERT INTO member_labels (programme_id, label_id, member_id) SELECT ?1, ?2, value FROM json_each(?3) WHERE true
    ON CONFLICT DO NOTHING RETURNING member_id AS memberId`,
  takeOff: `DELETE FROM member_labels WHERE programme_id = ?1 AND label_id = ?2
    AND member_id IN (SELECT value FROM json_each(?3)) RETURNING member_id AS memberId`,
} as const;

/** The members of one step that fit; `range` is up to the end of the list when there is no upper bound. */
export function countSql(fragment: Fragment, hasUpper: boolean): string {
  const numbered = fragment.sql.replaceAll("?", "?#");
  let at = 5;
  return `INSERT OR IGNORE INTO segment_members (programme_id, segment_id, round, member_id)
    SELECT ?1, ?2, ?3, m.member_id FROM members m
    WHERE m.programme_id = ?1 AND m.merged_into IS NULL AND m.member_id > ?4${hasUpper ? " AND m.member_id <= ?5" : " AND ?5 = ''"}
      AND (${numbered.replaceAll("?#", () => `?${(at += 1)}`)})`;
}

/** Who has any of a figure, from the top on, behind the one of a mark; a bounded number of them. */
export const rankSql = (by: TopFigure): { step: string; least: string } => {
  const column = TOP_COLUMNS[by];
  const behind = (
    rows: string,
  ): string => `SELECT ${column} AS value, member_id AS memberId FROM members
    WHERE programme_id = ?1 AND ${column} > 0 AND (${column}, member_id) < (?2, ?3)
    ORDER BY ${column} DESC, member_id DESC LIMIT ${rows}`;
  return {
    step: `WITH ranked AS MATERIALIZED (${behind(String(RANK_MEMBERS))}), last AS (SELECT MIN(value) AS value, COUNT(*) AS count FROM ranked)
      SELECT last.count, last.value, (SELECT MIN(r.memberId) FROM ranked r WHERE r.value = last.value) AS memberId FROM last`,
    least: `SELECT MIN(value) AS least FROM (${behind("?4")})`,
  };
};

interface Ranked {
  readonly count: number;
  readonly value: number | null;
  readonly memberId: string | null;
}

/** Before everybody: no figure is as large. */
const ABOVE_ALL = [NOBODY, END] as const;

export class SegmentStore {
  readonly #db: D1Database;
  readonly #programmeId: string;

  constructor(db: D1Database, programmeId: string) {
    this.#db = db;
    this.#programmeId = programmeId;
  }

  async list(): Promise<SegmentRow[]> {
    return (await this.#bind(SEGMENT_SQL.list).all<SegmentRow>()).results;
  }

  find(segmentId: string): Promise<SegmentRow | null> {
    return this.#bind(SEGMENT_SQL.find, segmentId).first<SegmentRow>();
  }

  /** Version 0 makes it. False: somebody else saved first. Either way a new round begins. */
  async save(
    segment: { segmentId: string; name: string; rule: SegmentRule; version: number },
    by: string,
    nowMs: number,
  ): Promise<boolean> {
    const { segmentId, name, rule, version } = segment;
    const values = [segmentId, name, JSON.stringify(rule), by, nowMs] as const;
    const statement =
      version === 0
        ? this.#bind(SEGMENT_SQL.insert, ...values)
        : this.#bind(SEGMENT_SQL.update, ...values, version);
    return (await statement.run()).meta.changes > 0;
  }

  async restart(segmentId: string): Promise<void> {
    await this.#bind(SEGMENT_SQL.restart, segmentId).run();
  }

  /** False: there is none, or none of this version. */
  async remove(segmentId: string, version?: number): Promise<boolean> {
    const { meta } = await this.#bind(SEGMENT_SQL.remove, segmentId, version ?? null).run();
    if (meta.changes === 0 && (await this.find(segmentId))) return false;
    // Also of one whose removal broke off before its members were forgotten.
    while (await this.forgetRounds(segmentId, NO_ROUND));
    return meta.changes > 0;
  }

  // ---- a round

  /**
   * Ranks the next members by a figure. Behind the last of them it is known how many have any, so which of them is the last on
   * top: the steps' marks lead to it.
   */
  async rank(state: RoundState, by: TopFigure, percent: number): Promise<RoundState> {
    const { marks } = state;
    const { step, least } = rankSql(by);
    const ranked = await this.#bind(step, ...(marks.at(-1) ?? ABOVE_ALL)).first<Ranked>();
    const { count, value, memberId } = ranked ?? { count: 0, value: null, memberId: null };
    if (count === RANK_MEMBERS && value !== null && memberId !== null)
      return { ...state, marks: [...marks, [value, memberId]] };
    const share = shareOf(marks.length * RANK_MEMBERS + count, percent);
    if (share === 0) return { ...state, basis: { ...state.basis, [by]: NOBODY } };
    const full = Math.ceil(share / RANK_MEMBERS) - 1;
    const mark = full === 0 ? ABOVE_ALL : (marks[full - 1] ?? ABOVE_ALL);
    const found = await this.#bind(least, ...mark, share - full * RANK_MEMBERS).first<{
      least: number | null;
    }>();
    // Figures move meanwhile: where nobody is behind a mark any more, the mark itself is the last on top.
    return { ...state, marks: [], basis: { ...state.basis, [by]: found?.least ?? mark[0] } };
  }

  async setState({ segmentId, nextRound }: SegmentRow, state: RoundState): Promise<void> {
    await this.#bind(SEGMENT_SQL.basis, segmentId, nextRound, JSON.stringify(state)).run();
  }

  /** Goes through the next members; behind the last of them the round has reached the end. */
  async step(row: SegmentRow, fragment: Fragment): Promise<void> {
    const { segmentId, nextRound, reached } = row;
    const upper = await this.#bind(SEGMENT_SQL.upper, reached).first<{
      count: number;
      memberId: string | null;
    }>();
    const last = upper?.count === STEP_MEMBERS ? upper.memberId : null;
    const insert = this.#bind(
      countSql(fragment, last !== null),
      ...[segmentId, nextRound, reached, last ?? ""],
      ...fragment.values,
    );
    const advance = this.#bind(SEGMENT_SQL.advance, segmentId, nextRound, reached, last ?? END);
    await this.#db.batch([insert, advance]);
  }

  /** Members who are in one round and not in the other, beyond the one it has come to. */
  async changed(
    { segmentId, round, nextRound }: SegmentRow,
    { side, after }: RoundState["telling"],
    rowsMax: number,
  ): Promise<string[]> {
    const [here, there] = side === "gained" ? [nextRound, round] : [round, nextRound];
    const { results } = await this.#bind(
      SEGMENT_SQL.changed,
      ...[segmentId, here, there, after, rowsMax],
    ).all<{ memberId: string }>();
    return results.map(({ memberId }) => memberId);
  }

  /** The round counts from now on. */
  async finish({ segmentId, nextRound }: SegmentRow, nowMs: number): Promise<void> {
    await this.#bind(SEGMENT_SQL.finish, segmentId, nextRound, nowMs).run();
  }

  /** Rows of rounds that are over; true: there may be more of them. */
  async forgetRounds(segmentId: string, round: number): Promise<boolean> {
    const { meta } = await this.#bind(SEGMENT_SQL.removeMembers, segmentId, round).run();
    return meta.changes >= OLD_ROWS;
  }

  // ---- labels

  async labels(): Promise<{ labelId: string; name: string }[]> {
    return (await this.#bind(SEGMENT_SQL.labels).all<{ labelId: string; name: string }>()).results;
  }

  async saveLabel(labelId: string, name: string, by: string, nowMs: number): Promise<void> {
    await this.#bind(SEGMENT_SQL.label, labelId, name, by, nowMs).run();
  }

  async removeLabel(labelId: string): Promise<void> {
    await this.#bind(SEGMENT_SQL.removeLabel, labelId).run();
  }

  async labelled(labelId: string, count: number): Promise<string[]> {
    const { results } = await this.#bind(SEGMENT_SQL.labelled, labelId, count).all<{
      memberId: string;
    }>();
    return results.map(({ memberId }) => memberId);
  }

  /** Whose labels are others now. */
  async put(labelId: string, memberIds: readonly string[], isOn: boolean): Promise<string[]> {
    const sql = isOn ? SEGMENT_SQL.putOn : SEGMENT_SQL.takeOff;
    const put = this.#bind(sql, labelId, JSON.stringify(memberIds));
    return (await put.all<{ memberId: string }>()).results.map(({ memberId }) => memberId);
  }

  #bind(sql: string, ...values: (string | number | null)[]): D1PreparedStatement {
    return this.#db.prepare(sql).bind(this.#programmeId, ...values);
  }
}

/** Segments of all programmes whose round is under way, or due because the last one is older than that. */
export async function countingSegments(
  db: D1Database,
  countedBeforeMs: number,
): Promise<SegmentRow[]> {
  await db.prepare(SEGMENT_SQL.stale).bind(countedBeforeMs).run();
  return nextRows<SegmentRow>(db, COUNTING);
}
