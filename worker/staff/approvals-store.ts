import { LIMITS } from "../kernel/limits.ts";
import type { Env } from "../platform/env.ts";
import { openVault, type SealedColumn, type Vault } from "../vault/index.ts";
import type { Approval, ApprovalState } from "./approval.ts";

type Row = Record<string, string | number | null>;

const COLUMNS = `approval_id, kind, state, subject, figure, reason, payload, proposed_by, proposed_at_ms, expires_at_ms,
  decided_by, decided_at_ms, note, outcome`;

/** What a second person may still decide about one subject. */
const ABOUT =
  "programme_id = ?1 AND state = 'proposed' AND kind = ?2 AND subject = ?3 AND expires_at_ms > ?4";

const WORDS = ["reason", "payload", "note"] as const;
type WordsColumn = (typeof WORDS)[number];
const contextOf = (approvalId: string, column: WordsColumn): string =>
  `approval:${approvalId}:${column}`;

/** Of those whose words are about a person; the others stand as they were written. */
export const SEALED_APPROVALS: readonly SealedColumn[] = WORDS.map((column) => ({
  ...{ table: "approvals", column, key: ["approval_id"], where: `${column} LIKE 's1.%'` },
  contextOf: ({ approval_id: approvalId = "" }) => contextOf(approvalId, column),
}));

/** Proposals of one programme, in D1. */
export class ApprovalsStore {
  readonly #env: Env;
  readonly #db: D1Database;
  readonly #programmeId: string;

  constructor(env: Env, programmeId: string) {
    this.#env = env;
    this.#db = env.DB;
    this.#programmeId = programmeId;
  }

  #vault(): Promise<Vault> {
    return openVault(this.#env, this.#programmeId);
  }

  /** Sealed where it is about a person. */
  async #kept(
    approvalId: string,
    column: WordsColumn,
    words: string,
    isPersonal: boolean,
  ): Promise<string> {
    return isPersonal ? (await this.#vault()).seal(contextOf(approvalId, column), words) : words;
  }

  async #read(row: Row): Promise<Approval> {
    const vault = await this.#vault();
    const approvalId = String(row["approval_id"]);
    const words = await Promise.all(
      WORDS.map(async (column): Promise<[string, string | null]> => {
        const kept = row[column];
        if (typeof kept !== "string") return [column, null];
        return [column, await vault.read(contextOf(approvalId, column), kept)];
      }),
    );
    return readRow({ ...row, ...Object.fromEntries(words) });
  }

  async find(approvalId: string): Promise<Approval | null> {
    const row = await this.#db
      .prepare(`SELECT ${COLUMNS} FROM approvals WHERE programme_id = ?1 AND approval_id = ?2`)
      .bind(this.#programmeId, approvalId)
      .first<Row>();
    return row && this.#read(row);
  }

  /** Newest first. `before`: the last of the page before; of one millisecond there may be several. */
  /** What lapsed waits for nobody any more: of those that are proposed only who can still be decided. */
  async list(
    { state, subject }: { readonly state: ApprovalState | null; readonly subject: string | null },
    before: Pick<Approval, "proposedAtMs" | "approvalId"> | null,
    limit: number,
    nowMs: number,
  ): Promise<Approval[]> {
    const { proposedAtMs, approvalId } = before ?? {
      proposedAtMs: LIMITS.timeMsMax,
      approvalId: "",
    };
    const rest = `(proposed_at_ms, approval_id) < (?4, ?5) AND (?3 IS NULL OR subject = ?3)
       ORDER BY proposed_at_ms DESC, approval_id DESC LIMIT ?6`;
    const { results } = await this.#db
      .prepare(
        state === null
          ? `SELECT ${COLUMNS} FROM approvals WHERE programme_id = ?1 AND ?2 IS NULL AND ?7 > 0 AND ${rest}`
          : `SELECT ${COLUMNS} FROM approvals WHERE programme_id = ?1 AND state = ?2
               AND (state <> 'proposed' OR expires_at_ms > ?7) AND ${rest}`,
      )
      .bind(this.#programmeId, state, subject, proposedAtMs, approvalId, limit, nowMs)
      .all<Row>();
    return Promise.all(results.map((row) => this.#read(row)));
  }

  /** Those of one kind that a second person may still decide, oldest first. */
  async waiting(kind: string, nowMs: number, limit: number): Promise<Approval[]> {
    const { results } = await this.#db
      .prepare(
        `SELECT ${COLUMNS} FROM approvals WHERE programme_id = ?1 AND state = 'proposed' AND kind = ?2 AND expires_at_ms > ?3
         ORDER BY proposed_at_ms LIMIT ?4`,
      )
      .bind(this.#programmeId, kind, nowMs, limit)
      .all<Row>();
    return Promise.all(results.map((row) => this.#read(row)));
  }

  /** The one of this kind that waits about this subject. */
  async waitingAbout(
    { kind, subject }: Pick<Approval, "kind" | "subject">,
    nowMs: number,
  ): Promise<Pick<Approval, "approvalId" | "proposedBy" | "proposedAtMs"> | null> {
    const row = await this.#db
      .prepare(`SELECT approval_id, proposed_by, proposed_at_ms FROM approvals WHERE ${ABOUT}`)
      .bind(this.#programmeId, kind, subject, nowMs)
      .first<Row>();
    return (
      row && {
        ...{ approvalId: String(row["approval_id"]), proposedBy: String(row["proposed_by"]) },
        proposedAtMs: Number(row["proposed_at_ms"]),
      }
    );
  }

  /** False: the id is known, or another waits where one proposal at a time may. */
  async insert(
    approval: Approval,
    rules: {
      readonly isPersonal: boolean;
      readonly isOnePerSubject: boolean;
      readonly nowMs: number;
    },
  ): Promise<boolean> {
    const { isPersonal, isOnePerSubject, nowMs } = rules;
    const { approvalId, kind, subject, figure } = approval;
    const payload = JSON.stringify(approval.payload);
    const { proposedBy, proposedAtMs, expiresAtMs } = approval;
    const result = await this.#db
      .prepare(
        `INSERT INTO approvals (programme_id, approval_id, kind, state, subject, figure, reason, payload, proposed_by,
           proposed_at_ms, expires_at_ms)
         SELECT ?1, ?5, ?2, 'proposed', ?3, ?6, ?7, ?8, ?9, ?10, ?11
         WHERE ?12 = 0 OR NOT EXISTS (SELECT 1 FROM approvals WHERE ${ABOUT})
         ON CONFLICT DO NOTHING`,
      )
      .bind(
        ...[this.#programmeId, kind, subject, nowMs, approvalId, figure],
        await this.#kept(approvalId, "reason", approval.reason, isPersonal),
        await this.#kept(approvalId, "payload", payload, isPersonal),
        ...[proposedBy, proposedAtMs, expiresAtMs, isOnePerSubject ? 1 : 0],
      )
      .run();
    return result.meta.changes === 1;
  }

  /** Writes a decision over the proposal as it was; false: somebody decided meanwhile. */
  async decide(
    { approvalId, state, decidedBy, decidedAtMs, note }: Approval,
    isPersonal: boolean,
  ): Promise<boolean> {
    const result = await this.#db
      .prepare(
        `UPDATE approvals SET state = ?3, decided_by = ?4, decided_at_ms = ?5, note = ?6
         WHERE programme_id = ?1 AND approval_id = ?2 AND state = 'proposed'`,
      )
      .bind(
        ...[this.#programmeId, approvalId, state, decidedBy, decidedAtMs],
        note === null ? null : await this.#kept(approvalId, "note", note, isPersonal),
      )
      .run();
    return result.meta.changes === 1;
  }

  /** A part of what is agreed to is done. Of two who did the same part the first is counted. */
  async progress({ approvalId, outcome }: Approval, progress: unknown): Promise<void> {
    await this.#db
      .prepare(
        `UPDATE approvals SET outcome = ?4
         WHERE programme_id = ?1 AND approval_id = ?2 AND state = 'approved' AND outcome IS ?3`,
      )
      .bind(
        ...[this.#programmeId, approvalId],
        ...[outcome === null ? null : JSON.stringify(outcome), JSON.stringify(progress)],
      )
      .run();
  }

  async finish(approvalId: string, state: "done" | "refused", outcome: unknown): Promise<void> {
    await this.#db
      .prepare(
        `UPDATE approvals SET state = ?3, outcome = ?4
         WHERE programme_id = ?1 AND approval_id = ?2 AND state = 'approved'`,
      )
      .bind(this.#programmeId, approvalId, state, JSON.stringify(outcome ?? null))
      .run();
  }

  /**
   * Writes down that somebody does this alone; false: with what they did alone since `sinceMs` it reaches `from`. The same id again
   * is the same act.
   */
  async actAlone(
    act: { readonly purse: string; readonly actor: string; readonly actId: string },
    figure: number,
    from: number,
    span: { readonly sinceMs: number; readonly nowMs: number },
  ): Promise<boolean> {
    const keys = [this.#programmeId, act.purse, act.actor];
    const results = await this.#db.batch<{ known: number }>([
      this.#db
        .prepare(
          "DELETE FROM acts_alone WHERE programme_id = ?1 AND purse = ?2 AND actor = ?3 AND at_ms < ?4",
        )
        .bind(...keys, span.sinceMs),
      this.#db
        .prepare(
          `INSERT INTO acts_alone (programme_id, purse, actor, act_id, figure, at_ms) SELECT ?1, ?2, ?3, ?4, ?5, ?6
           WHERE ?5 + (SELECT COALESCE(SUM(figure), 0) FROM acts_alone WHERE programme_id = ?1 AND purse = ?2 AND actor = ?3) < ?7
           ON CONFLICT DO NOTHING`,
        )
        .bind(...keys, act.actId, figure, span.nowMs, from),
      this.#db
        .prepare(
          "SELECT COUNT(*) AS known FROM acts_alone WHERE programme_id = ?1 AND purse = ?2 AND actor = ?3 AND act_id = ?4",
        )
        .bind(...keys, act.actId),
    ]);
    return results[2]?.results[0]?.known === 1;
  }

  async thresholds(): Promise<ReadonlyMap<string, { from: number | null; revision: number }>> {
    const { results } = await this.#db
      .prepare(
        "SELECT kind, from_figure, revision FROM approval_thresholds WHERE programme_id = ?1",
      )
      .bind(this.#programmeId)
      .all<Row>();
    return new Map(
      results.map((row) => [
        String(row["kind"]),
        {
          from: row["from_figure"] === null ? null : Number(row["from_figure"]),
          revision: Number(row["revision"]),
        },
      ]),
    );
  }

  /** False: another revision stands there. */
  async setThreshold(kind: string, from: number | null, revision: number): Promise<boolean> {
    const result = await this.#db
      .prepare(
        `INSERT INTO approval_thresholds (programme_id, kind, from_figure, revision)
         SELECT ?1, ?2, ?3, 1 WHERE ?4 = 0
         ON CONFLICT DO NOTHING`,
      )
      .bind(this.#programmeId, kind, from, revision)
      .run();
    if (revision === 0) return result.meta.changes === 1;
    const updated = await this.#db
      .prepare(
        `UPDATE approval_thresholds SET from_figure = ?3, revision = revision + 1
         WHERE programme_id = ?1 AND kind = ?2 AND revision = ?4`,
      )
      .bind(this.#programmeId, kind, from, revision)
      .run();
    return updated.meta.changes === 1;
  }
}

function readRow(row: Row): Approval {
  const text = (name: string): string => String(row[name]);
  const maybe = (name: string): string | null => (row[name] === null ? null : String(row[name]));
  const outcome = maybe("outcome");
  return {
    approvalId: text("approval_id"),
    kind: text("kind"),
    state: text("state") as ApprovalState,
    subject: text("subject"),
    figure: Number(row["figure"]),
    reason: text("reason"),
    payload: JSON.parse(text("payload")) as unknown,
    proposedBy: text("proposed_by"),
    proposedAtMs: Number(row["proposed_at_ms"]),
    expiresAtMs: Number(row["expires_at_ms"]),
    decidedBy: maybe("decided_by"),
    decidedAtMs: row["decided_at_ms"] === null ? null : Number(row["decided_at_ms"]),
    note: maybe("note"),
    outcome: outcome === null ? null : (JSON.parse(outcome) as unknown),
  };
}
