/** Pages in D1, which is their authority: writes follow one another by the revision of their document. */
import type { NewVersion, PageHead } from "./history.ts";
import { EMPTY_HEAD, shownVersion } from "./history.ts";

type Value = string | number | null;
type Row = Record<string, Value>;

/** Versions of one answer. */
const VERSIONS_MAX = 50;
const PAGES_MAX = 100;

export interface StoredHead extends PageHead {
  readonly savedBy: string | null;
  readonly savedAtMs: number | null;
}

export interface StoredVersion {
  readonly version: number;
  readonly restores: number | null;
  readonly savedBy: string;
  readonly savedAtMs: number;
}

const HEAD = "SELECT * FROM page_documents WHERE programme_id = ?1 AND page_id = ?2";

export class PageStore {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  async head(programmeId: string, pageId: string): Promise<StoredHead> {
    const row = await this.#db.prepare(HEAD).bind(programmeId, pageId).first<Row>();
    return headOf(row);
  }

  async pages(programmeId: string): Promise<readonly (StoredHead & { readonly pageId: string })[]> {
    const { results } = await this.#db
      .prepare(
        `SELECT * FROM page_documents WHERE programme_id = ?1 ORDER BY page_id LIMIT ${PAGES_MAX}`,
      )
      .bind(programmeId)
      .all<Row>();
    return results.map((row) => ({ ...headOf(row), pageId: String(row["page_id"]) }));
  }

  async versions(programmeId: string, pageId: string): Promise<StoredVersion[]> {
    const { results } = await this.#db
      .prepare(
        `SELECT version, restores, saved_by, saved_at_ms FROM page_versions
         WHERE programme_id = ?1 AND page_id = ?2 ORDER BY version DESC LIMIT ${VERSIONS_MAX}`,
      )
      .bind(programmeId, pageId)
      .all<Row>();
    return results.map((row) => ({
      version: Number(row["version"]),
      restores: numberOrNull(row["restores"]),
      savedBy: String(row["saved_by"]),
      savedAtMs: Number(row["saved_at_ms"]),
    }));
  }

  /** The content of a version as it was stored, or undefined. */
  async body(programmeId: string, pageId: string, version: number): Promise<unknown> {
    const row = await this.#db
      .prepare(
        "SELECT body FROM page_versions WHERE programme_id = ?1 AND page_id = ?2 AND version = ?3",
      )
      .bind(programmeId, pageId, version)
      .first<Row>();
    return row ? JSON.parse(String(row["body"])) : undefined;
  }

  /** What visitors see of a document at this moment; undefined: nothing of it was published yet. */
  async shown(programmeId: string, pageId: string, nowMs: number): Promise<unknown> {
    const version = shownVersion(await this.head(programmeId, pageId), nowMs);
    return version === null ? undefined : this.body(programmeId, pageId, version);
  }

  /** Writes head and version in one transaction. False: somebody changed the document since it was read. */
  async save(
    at: { readonly programmeId: string; readonly pageId: string },
    head: PageHead,
    version: NewVersion | null,
    by: { readonly savedBy: string; readonly nowMs: number },
  ): Promise<boolean> {
    const stamp = crypto.randomUUID();
    const statements = [this.#headWrite(at, head, stamp, by)];
    if (version) statements.push(this.#versionWrite(at, version, stamp, by));
    const [first] = await this.#db.batch(statements);
    return first?.meta.changes === 1;
  }

  #headWrite(
    { programmeId, pageId }: { readonly programmeId: string; readonly pageId: string },
    head: PageHead,
    stamp: string,
    { savedBy, nowMs }: { readonly savedBy: string; readonly nowMs: number },
  ): D1PreparedStatement {
    return this.#db
      .prepare(
        `INSERT INTO page_documents (programme_id, page_id, revision, stamp, draft, newest_version, published_version,
           published_at_ms, scheduled_version, scheduled_at_ms, saved_by, saved_at_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
         ON CONFLICT (programme_id, page_id) DO UPDATE SET revision = ?3, stamp = ?4, draft = ?5, newest_version = ?6,
           published_version = ?7, published_at_ms = ?8, scheduled_version = ?9, scheduled_at_ms = ?10, saved_by = ?11,
           saved_at_ms = ?12 WHERE page_documents.revision = ?3 - 1`,
      )
      .bind(
        ...[programmeId, pageId, head.revision, stamp],
        ...[head.draft === null ? null : JSON.stringify(head.draft), head.newestVersion],
        ...[head.publishedVersion, head.publishedAtMs, head.scheduledVersion, head.scheduledAtMs],
        ...[savedBy, nowMs],
      );
  }

  #versionWrite(
    { programmeId, pageId }: { readonly programmeId: string; readonly pageId: string },
    { version, body, restores }: NewVersion,
    stamp: string,
    { savedBy, nowMs }: { readonly savedBy: string; readonly nowMs: number },
  ): D1PreparedStatement {
    return this.#db
      .prepare(
        `INSERT INTO page_versions (programme_id, page_id, version, body, restores, saved_by, saved_at_ms)
         SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7
         WHERE EXISTS (SELECT 1 FROM page_documents WHERE programme_id = ?1 AND page_id = ?2 AND stamp = ?8)`,
      )
      .bind(
        ...[programmeId, pageId, version, JSON.stringify(body), restores],
        ...[savedBy, nowMs, stamp],
      );
  }
}

const numberOrNull = (value: Value | undefined): number | null =>
  value === null || value === undefined ? null : Number(value);

function headOf(row: Row | null): StoredHead {
  if (!row) return { ...EMPTY_HEAD, savedBy: null, savedAtMs: null };
  return {
    revision: Number(row["revision"]),
    draft: row["draft"] ? (JSON.parse(String(row["draft"])) as unknown) : null,
    newestVersion: Number(row["newest_version"]),
    publishedVersion: numberOrNull(row["published_version"]),
    publishedAtMs: numberOrNull(row["published_at_ms"]),
    scheduledVersion: numberOrNull(row["scheduled_version"]),
    scheduledAtMs: numberOrNull(row["scheduled_at_ms"]),
    savedBy: String(row["saved_by"]),
    savedAtMs: Number(row["saved_at_ms"]),
  };
}
