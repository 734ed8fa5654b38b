/** Files of points that wait, and those that were booked: the same lines under a new id would be given a second time. */
import type { ImportRow } from "./manual/index.ts";

export interface ImportedFile {
  readonly importId: string;
  readonly importedBy: string;
  readonly importedAtMs: number;
}

/** SHA-256 of a text, in hex. */
export async function digestOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The same for the same lines, whatever ends them. */
export function contentDigest(rows: readonly ImportRow[]): Promise<string> {
  const lines = rows.map(({ memberId, points, reason, expiresAtMs }) => [
    ...[memberId, points, reason, expiresAtMs],
  ]);
  return digestOf(JSON.stringify(lines));
}

export class ImportFiles {
  readonly #db: D1Database;
  readonly #programmeId: string;

  constructor(db: D1Database, programmeId: string) {
    this.#db = db;
    this.#programmeId = programmeId;
  }

  /** The import that booked these very lines; null: none, or it is this one that comes again. */
  async before(digest: string, importId: string): Promise<ImportedFile | null> {
    const file = await this.#bind(
      `SELECT import_id AS importId, imported_by AS importedBy, imported_at_ms AS importedAtMs
       FROM points_import_files WHERE programme_id = ?1 AND digest = ?2`,
      digest,
    ).first<ImportedFile>();
    return file?.importId === importId ? null : file;
  }

  /** Written before its lines are, so that a file that died halfway is known; the first of two stays. */
  async note(digest: string, { importId, importedBy, importedAtMs }: ImportedFile): Promise<void> {
    await this.#bind(
      `INSERT INTO points_import_files (programme_id, digest, import_id, imported_by, imported_at_ms)
       VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING`,
      ...[digest, importId, importedBy, importedAtMs],
    ).run();
  }

  // ---- what waits for a second person

  async keep(importId: string, csv: string, sentBy: string, nowMs: number): Promise<void> {
    await this.#bind(
      `INSERT INTO points_imports (programme_id, import_id, csv, sent_by, sent_at_ms) VALUES (?1, ?2, ?3, ?4, ?5)
       ON CONFLICT DO NOTHING`,
      ...[importId, csv, sentBy, nowMs],
    ).run();
  }

  kept(importId: string): Promise<string | null> {
    return this.#bind(
      "SELECT csv FROM points_imports WHERE programme_id = ?1 AND import_id = ?2",
      importId,
    ).first<string>("csv");
  }

  #bind(sql: string, ...values: (string | number)[]): D1PreparedStatement {
    return this.#db.prepare(sql).bind(this.#programmeId, ...values);
  }
}
