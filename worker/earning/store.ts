/** The terms of programmes in D1, which is their authority. A programme's writes follow one another by its revision. */
import {
  assembleTerms,
  PROGRAMME_LIMITS,
  type ProgrammeTerms,
  type RuleWindow,
  type SavedTerms,
  type StoredTask,
  type TaskWindow,
  type TermsKind,
} from "./programme/index.ts";
import type {
  DryRunReport,
  EarnRule,
  RuleBook,
  RuleVersion,
  Versioned,
  VersionState,
} from "./rules/index.ts";

type Value = string | number | null;
type Row = Record<string, Value>;
export type BookKind = "rule" | "task";

/** A row to be written when the programme is still as it was read. */
export interface GuardedWrite {
  readonly table: string;
  /** Columns of the primary key, in front of the others. */
  readonly key: Readonly<Record<string, Value>>;
  readonly rest: Readonly<Record<string, Value>>;
}

/** One version of terms. */
export function termsWrite(
  kind: TermsKind,
  version: number,
  body: unknown,
  by: { readonly savedBy: string; readonly savedAtMs: number },
): GuardedWrite {
  const rest = { body: JSON.stringify(body), saved_by: by.savedBy, saved_at_ms: by.savedAtMs };
  return { table: "programme_terms", key: { kind, version }, rest };
}

export interface SavedVersion {
  readonly kind: TermsKind;
  readonly version: number;
  readonly body: unknown;
  readonly savedBy: string;
  readonly savedAtMs: number;
}

export interface Programme {
  readonly revision: number;
  /** The newest of each kind. */
  readonly terms: readonly SavedVersion[];
}

const NEWEST_TERMS = `SELECT kind, version, body, saved_by, saved_at_ms FROM programme_terms AS t WHERE programme_id = ?1 AND version =
  (SELECT MAX(version) FROM programme_terms AS n WHERE n.programme_id = ?1 AND n.kind = t.kind)`;
/** Rows of one answer of a list. */
const ROWS_MAX = 1_000;

export class EarningStore {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  // ---- reading

  async revision(programmeId: string): Promise<number> {
    const row = await this.#db
      .prepare("SELECT revision FROM programmes WHERE programme_id = ?1")
      .bind(programmeId)
      .first<Row>();
    return Number(row?.["revision"] ?? 0);
  }

  async programme(programmeId: string): Promise<Programme> {
    const [revisions, terms] = await this.#db.batch<Row>([
      this.#db.prepare("SELECT revision FROM programmes WHERE programme_id = ?1").bind(programmeId),
      this.#db.prepare(NEWEST_TERMS).bind(programmeId),
    ]);
    return {
      revision: Number(revisions?.results[0]?.["revision"] ?? 0),
      terms: (terms?.results ?? []).map(readTerms),
    };
  }

  /** All versions of one kind of terms, newest first. */
  async versions(programmeId: string, kind: TermsKind): Promise<SavedVersion[]> {
    const { results } = await this.#db
      .prepare(
        `SELECT kind, version, body, saved_by, saved_at_ms FROM programme_terms
         WHERE programme_id = ?1 AND kind = ?2 ORDER BY version DESC LIMIT ${ROWS_MAX}`,
      )
      .bind(programmeId, kind)
      .all<Row>();
    return results.map(readTerms);
  }

  /** What Accounts decide by, as one consistent state. */
  async snapshot(programmeId: string, nowMs: number): Promise<ProgrammeTerms> {
    const [revisions, terms, versions] = await this.#db.batch<Row>([
      this.#db.prepare("SELECT revision FROM programmes WHERE programme_id = ?1").bind(programmeId),
      this.#db.prepare(NEWEST_TERMS).bind(programmeId),
      this.#db
        .prepare(
          `SELECT kind, version, body, published_at_ms, retired_at_ms FROM rule_versions
           WHERE programme_id = ?1 AND published_at_ms IS NOT NULL AND (retired_at_ms IS NULL OR retired_at_ms > ?2)
           ORDER BY kind, rule_id, version`,
        )
        .bind(programmeId, nowMs - PROGRAMME_LIMITS.lateMsMax),
    ]);
    const rows = versions?.results ?? [];
    return assembleTerms(
      programmeId,
      Number(revisions?.results[0]?.["revision"] ?? 0),
      savedTerms((terms?.results ?? []).map(readTerms)),
      rows.filter((row) => row["kind"] === "rule").map(readRuleWindow),
      rows.filter((row) => row["kind"] === "task").map(readTaskWindow),
    );
  }

  async book<R extends Versioned>(
    programmeId: string,
    kind: BookKind,
    ruleId: string,
  ): Promise<{ readonly revision: number; readonly book: RuleBook<R> }> {
    const [revisions, versions] = await this.#db.batch<Row>([
      this.#db.prepare("SELECT revision FROM programmes WHERE programme_id = ?1").bind(programmeId),
      this.#db
        .prepare(
          `SELECT * FROM rule_versions WHERE programme_id = ?1 AND kind = ?2 AND rule_id = ?3
           ORDER BY version LIMIT ${ROWS_MAX}`,
        )
        .bind(programmeId, kind, ruleId),
    ]);
    const rows = versions?.results ?? [];
    return {
      revision: Number(revisions?.results[0]?.["revision"] ?? 0),
      book: { ruleId, versions: rows.map((row) => readVersion<R>(row)) },
    };
  }

  /** Of every book the open and the published version, or the newest where there is neither. */
  async books<R extends Versioned>(programmeId: string, kind: BookKind): Promise<RuleBook<R>[]> {
    const { results } = await this.#db
      .prepare(
        `SELECT * FROM rule_versions AS v WHERE programme_id = ?1 AND kind = ?2 AND (state <> 'retired' OR version =
           (SELECT MAX(version) FROM rule_versions AS n WHERE n.programme_id = ?1 AND n.kind = ?2 AND n.rule_id = v.rule_id))
         ORDER BY rule_id, version LIMIT ${ROWS_MAX}`,
      )
      .bind(programmeId, kind)
      .all<Row>();
    const books = new Map<string, RuleVersion<R>[]>();
    for (const row of results) {
      const ruleId = String(row["rule_id"]);
      books.set(ruleId, [...(books.get(ruleId) ?? []), readVersion<R>(row)]);
    }
    return [...books].map(([ruleId, versions]) => ({ ruleId, versions }));
  }

  // ---- writing

  /** Writes the rows in one transaction. False: somebody changed the programme since it was read. */
  async save(
    programmeId: string,
    revision: number,
    writes: readonly GuardedWrite[],
  ): Promise<boolean> {
    const stamp = crypto.randomUUID();
    const [first] = await this.#db.batch([
      this.#db
        .prepare(
          `INSERT INTO programmes (programme_id, revision, stamp) VALUES (?1, ?2 + 1, ?3)
           ON CONFLICT (programme_id) DO UPDATE SET revision = ?2 + 1, stamp = ?3 WHERE programmes.revision = ?2`,
        )
        .bind(programmeId, revision, stamp),
      ...writes.map((write) => this.#guarded(programmeId, stamp, write)),
    ]);
    return first?.meta.changes === 1;
  }

  #guarded(programmeId: string, stamp: string, write: GuardedWrite): D1PreparedStatement {
    const columns = Object.keys({ ...write.key, ...write.rest });
    const values = Object.values({ ...write.key, ...write.rest });
    const updates = Object.keys(write.rest).map((name) => `${name} = excluded.${name}`);
    return this.#db
      .prepare(
        `INSERT INTO ${write.table} (programme_id, ${columns.join(", ")})
         SELECT ?1, ${columns.map((_, at) => `?${at + 3}`).join(", ")}
         WHERE EXISTS (SELECT 1 FROM programmes WHERE programme_id = ?1 AND stamp = ?2)
         ON CONFLICT (programme_id, ${Object.keys(write.key).join(", ")}) DO UPDATE SET ${updates.join(", ")}`,
      )
      .bind(programmeId, stamp, ...values);
  }
}

/** The rows that differ between two states of a book; what is retired comes first, so that one version is published at a time. */
export function bookWrites<R extends Versioned>(
  kind: BookKind,
  before: RuleBook<R>,
  after: RuleBook<R>,
): GuardedWrite[] {
  const old = new Set(before.versions);
  return after.versions
    .filter((one) => !old.has(one))
    .sort((a, b) => Number(b.state === "retired") - Number(a.state === "retired"))
    .map((one) => ({
      table: "rule_versions",
      key: { kind, rule_id: after.ruleId, version: one.version },
      rest: {
        state: one.state,
        body: JSON.stringify(one.rule),
        report: one.report && JSON.stringify(one.report),
        saved_by: one.savedBy,
        saved_at_ms: one.savedAtMs,
        published_by: one.publishedBy,
        published_at_ms: one.publishedAtMs,
        retired_at_ms: one.retiredAtMs,
      },
    }));
}

export function savedTerms(versions: readonly SavedVersion[]): SavedTerms {
  return Object.fromEntries(versions.map(({ kind, body }) => [kind, body])) as SavedTerms;
}

function readTerms(row: Row): SavedVersion {
  return {
    kind: String(row["kind"]) as TermsKind,
    version: Number(row["version"]),
    body: JSON.parse(String(row["body"])) as unknown,
    savedBy: String(row["saved_by"]),
    savedAtMs: Number(row["saved_at_ms"]),
  };
}

const numberOrNull = (value: Value | undefined): number | null =>
  value === null || value === undefined ? null : Number(value);

function readVersion<R extends Versioned>(row: Row): RuleVersion<R> {
  return {
    version: Number(row["version"]),
    state: String(row["state"]) as VersionState,
    rule: JSON.parse(String(row["body"])) as R,
    savedBy: String(row["saved_by"]),
    savedAtMs: Number(row["saved_at_ms"]),
    report: row["report"] ? (JSON.parse(String(row["report"])) as DryRunReport) : null,
    publishedBy: row["published_by"] ? String(row["published_by"]) : null,
    publishedAtMs: numberOrNull(row["published_at_ms"]),
    retiredAtMs: numberOrNull(row["retired_at_ms"]),
  };
}

function windowOf(row: Row): { fromMs: number; untilMs: number | null } {
  return {
    fromMs: Number(row["published_at_ms"]),
    untilMs: numberOrNull(row["retired_at_ms"]),
  };
}

function readRuleWindow(row: Row): RuleWindow {
  const rule = JSON.parse(String(row["body"])) as EarnRule;
  return { rule, version: Number(row["version"]), ...windowOf(row) };
}

function readTaskWindow(row: Row): TaskWindow {
  const task = JSON.parse(String(row["body"])) as StoredTask;
  return { task: { ...task, version: Number(row["version"]) }, ...windowOf(row) };
}
