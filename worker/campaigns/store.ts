/** Campaigns in D1: whom they are for, and how far each has come. */
import { nextRows, roundSql, type RoundList } from "../platform/rounds.ts";
import type { CampaignState, CampaignTerms } from "./wire.ts";

export interface CampaignRow {
  readonly programmeId: string;
  readonly campaignId: string;
  readonly terms: CampaignTerms;
  readonly state: CampaignState;
  readonly members: number;
  readonly reached: string;
  readonly given: number;
  readonly refused: number;
  readonly madeBy: string;
  readonly madeAtMs: number;
  readonly startedBy: string | null;
  readonly startedAtMs: number | null;
  readonly endedAtMs: number | null;
  /** Of the approval that it waits for. */
  readonly approvalState: string | null;
}

type StoredRow = Omit<CampaignRow, "terms"> & { readonly terms: string };

const COLUMNS = `c.programme_id AS programmeId, c.campaign_id AS campaignId, c.terms, c.state, c.members, c.reached, c.given,
  c.refused, c.made_by AS madeBy, c.made_at_ms AS madeAtMs, c.started_by AS startedBy, c.started_at_ms AS startedAtMs,
  c.ended_at_ms AS endedAtMs, a.state AS approvalState`;
const WITH_APPROVAL = `points_campaigns c LEFT JOIN approvals a
  ON a.programme_id = c.programme_id AND a.approval_id = c.campaign_id`;
/** Members gathered, and thrown away, in one statement. */
const GATHERED = 5_000;
const LISTED = 50;

/** Of all programmes, those under way. */
export const RUNNING: RoundList = {
  ...{ name: "campaigns", rows: 10, by: ["c.rowid"], start: [0], columns: COLUMNS },
  ...{ from: WITH_APPROVAL, where: "c.state = 'running'" },
};

/** Every statement by its name, so that a test can look at its plan. */
export const CAMPAIGN_SQL = {
  list: `SELECT ${COLUMNS} FROM ${WITH_APPROVAL} WHERE c.programme_id = ?1 ORDER BY c.made_at_ms DESC LIMIT ${LISTED}`,
  find: `SELECT ${COLUMNS} FROM ${WITH_APPROVAL} WHERE c.programme_id = ?1 AND c.campaign_id = ?2`,
  running: roundSql(RUNNING),
  insert: `INSERT INTO points_campaigns (programme_id, campaign_id, terms, state, members, reached, given, refused, made_by, made_at_ms)
    VALUES (?1, ?2, ?3, 'gathering', 0, '', 0, 0, ?4, ?5) ON CONFLICT DO NOTHING`,
  segmentSize: "SELECT size FROM segments WHERE programme_id = ?1 AND segment_id = ?2",
  labelSize: "SELECT COUNT(*) AS size FROM member_labels WHERE programme_id = ?1 AND label_id = ?2",
  /** Records that were merged into another are nobody's any more. */
  gatherSegment: `INSERT INTO points_campaign_members (programme_id, campaign_id, member_id)
    SELECT ?1, ?2, s.member_id FROM segments g
      CROSS JOIN segment_members s ON s.programme_id = g.programme_id AND s.segment_id = g.segment_id AND s.round = g.round
      LEFT JOIN members m ON m.programme_id = s.programme_id AND m.member_id = s.member_id
    WHERE g.programme_id = ?1 AND g.segment_id = ?3 AND s.member_id > ?4 AND m.merged_into IS NULL
    ORDER BY s.member_id LIMIT ${GATHERED} ON CONFLICT DO NOTHING`,
  gatherLabel: `INSERT INTO points_campaign_members (programme_id, campaign_id, member_id)
    SELECT ?1, ?2, l.member_id FROM member_labels l
      LEFT JOIN members m ON m.programme_id = l.programme_id AND m.member_id = l.member_id
    WHERE l.programme_id = ?1 AND l.label_id = ?3 AND l.member_id > ?4 AND m.merged_into IS NULL
    ORDER BY l.member_id LIMIT ${GATHERED} ON CONFLICT DO NOTHING`,
  last: `SELECT MAX(member_id) AS last FROM points_campaign_members WHERE programme_id = ?1 AND campaign_id = ?2`,
  gathered: `UPDATE points_campaigns SET state = 'ready',
      members = (SELECT COUNT(*) FROM points_campaign_members WHERE programme_id = ?1 AND campaign_id = ?2)
    WHERE programme_id = ?1 AND campaign_id = ?2 AND state = 'gathering'`,
  wait: `UPDATE points_campaigns SET state = 'waiting' WHERE programme_id = ?1 AND campaign_id = ?2 AND state = 'ready'`,
  start: `UPDATE points_campaigns SET state = 'running', started_by = ?3, started_at_ms = ?4
    WHERE programme_id = ?1 AND campaign_id = ?2 AND state IN ('ready', 'waiting')`,
  next: `SELECT member_id AS memberId FROM points_campaign_members
    WHERE programme_id = ?1 AND campaign_id = ?2 AND member_id > ?3 ORDER BY member_id LIMIT ?4`,
  /** Two runs may give the same step to the same members; it is counted once. */
  advance: `UPDATE points_campaigns SET reached = ?4, given = given + ?5, refused = refused + ?6
    WHERE programme_id = ?1 AND campaign_id = ?2 AND state = 'running' AND reached = ?3`,
  end: `UPDATE points_campaigns SET state = ?3, ended_at_ms = ?4
    WHERE programme_id = ?1 AND campaign_id = ?2 AND state IN (SELECT value FROM json_each(?5))`,
  forget: `DELETE FROM points_campaign_members WHERE rowid IN (SELECT rowid FROM points_campaign_members
    WHERE programme_id = ?1 AND campaign_id = ?2 LIMIT ${GATHERED})`,
} as const;

export class CampaignStore {
  readonly #db: D1Database;
  readonly #programmeId: string;

  constructor(db: D1Database, programmeId: string) {
    this.#db = db;
    this.#programmeId = programmeId;
  }

  async list(): Promise<CampaignRow[]> {
    return (await this.#bind(CAMPAIGN_SQL.list).all<StoredRow>()).results.map(readRow);
  }

  async find(campaignId: string): Promise<CampaignRow | null> {
    const row = await this.#bind(CAMPAIGN_SQL.find, campaignId).first<StoredRow>();
    return row && readRow(row);
  }

  async make(campaignId: string, terms: CampaignTerms, by: string, nowMs: number): Promise<void> {
    await this.#bind(CAMPAIGN_SQL.insert, campaignId, JSON.stringify(terms), by, nowMs).run();
  }

  /** Null: there is no such segment. */
  async sizeOf({ kind, id }: CampaignTerms["audience"]): Promise<number | null> {
    const sql = kind === "segment" ? CAMPAIGN_SQL.segmentSize : CAMPAIGN_SQL.labelSize;
    return (await this.#bind(sql, id).first<{ size: number }>())?.size ?? null;
  }

  /** Writes down whom it is for, some at a time; begun again it goes on where it was. */
  async gather({ campaignId, terms }: CampaignRow): Promise<void> {
    const { kind, id } = terms.audience;
    const sql = kind === "segment" ? CAMPAIGN_SQL.gatherSegment : CAMPAIGN_SQL.gatherLabel;
    for (;;) {
      const { last } = (await this.#bind(CAMPAIGN_SQL.last, campaignId).first<{
        last: string | null;
      }>()) ?? { last: null };
      const { meta } = await this.#bind(sql, campaignId, id, last ?? "").run();
      if (meta.changes === 0) break;
    }
    await this.#bind(CAMPAIGN_SQL.gathered, campaignId).run();
  }

  async wait(campaignId: string): Promise<void> {
    await this.#bind(CAMPAIGN_SQL.wait, campaignId).run();
  }

  /** False: it is not there to be started any more. */
  async start(campaignId: string, by: string, nowMs: number): Promise<boolean> {
    const { meta } = await this.#bind(CAMPAIGN_SQL.start, campaignId, by, nowMs).run();
    return meta.changes > 0;
  }

  async next(campaignId: string, after: string, count: number): Promise<string[]> {
    const { results } = await this.#bind(CAMPAIGN_SQL.next, campaignId, after, count).all<{
      memberId: string;
    }>();
    return results.map(({ memberId }) => memberId);
  }

  /** False: another run was quicker, or it was stopped. */
  async advance(
    { campaignId, reached }: CampaignRow,
    step: { readonly to: string; readonly given: number; readonly refused: number },
  ): Promise<boolean> {
    const { to, given, refused } = step;
    const values = [campaignId, reached, to, given, refused] as const;
    return (await this.#bind(CAMPAIGN_SQL.advance, ...values).run()).meta.changes > 0;
  }

  /** False: it was in none of these states. */
  async end(
    campaignId: string,
    state: CampaignState,
    from: readonly CampaignState[],
    nowMs: number,
  ): Promise<boolean> {
    const values = [campaignId, state, nowMs, JSON.stringify(from)] as const;
    const { meta } = await this.#bind(CAMPAIGN_SQL.end, ...values).run();
    // Entries of the ledger say to whom it was given.
    while ((await this.#bind(CAMPAIGN_SQL.forget, campaignId).run()).meta.changes >= GATHERED);
    return meta.changes > 0;
  }

  #bind(sql: string, ...values: (string | number | null)[]): D1PreparedStatement {
    return this.#db.prepare(sql).bind(this.#programmeId, ...values);
  }
}

function readRow(row: StoredRow): CampaignRow {
  return { ...row, terms: JSON.parse(row.terms) as CampaignTerms };
}

/** Campaigns of all programmes that are under way. */
export async function runningCampaigns(db: D1Database): Promise<CampaignRow[]> {
  return (await nextRows<StoredRow>(db, RUNNING)).map(readRow);
}
