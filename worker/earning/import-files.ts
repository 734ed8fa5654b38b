/** Files of points that wait, and those that were booked: the same lines under a new id would be given a second time. */
import type { ImportRow } from "./manual/index.ts";

export interface Importing {
  readonly importId: string;
  readonly importedBy: string;
  readonly importedAtMs: number;
}

export interface ImportedFile extends Importing {
  /** The line from which on nothing is booked yet; null: it was booked to its end. */
  readonly nextLine: number | null;
}

const FIRST_LINE = 1;

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

  /** The import that booked these very lines, or began to. */
  known(digest: string): Promise<ImportedFile | null> {
    return this.#bind(
      `SELECT import_id AS importId, imported_by AS importedBy, imported_at_ms AS importedAtMs, next_line AS nextLine
       FROM points_import_files WHERE programme_id = ?1 AND digest = ?2`,
      digest,
    ).first<ImportedFile>();
  }

  /**
   * Written before its lines are, so that a file that died halfway is known. Null: these lines are this import's to book;
   * otherwise the import whose they are. `again` takes them over.
   */
  async claim(digest: string, by: Importing, again: boolean): Promise<ImportedFile | null> {
    await this.#bind(
      `INSERT INTO points_import_files (programme_id, digest, import_id, imported_by, imported_at_ms, next_line)
       VALUES (?1, ?2, ?3, ?4, ?5, ${FIRST_LINE}) ON CONFLICT (programme_id, digest) DO UPDATE SET import_id = excluded.import_id,
         imported_by = excluded.imported_by, imported_at_ms = excluded.imported_at_ms, next_line = excluded.next_line
       WHERE ?6 = 1 AND points_import_files.import_id <> excluded.import_id`,
      ...[digest, by.importId, by.importedBy, by.importedAtMs, again ? 1 : 0],
    ).run();
    const file = await this.known(digest);
    return file?.importId === by.importId ? null : file;
  }

  /** What stands before `nextLine` is booked; a part that leaves lines out before it, or came late, moves nothing. */
  async bookedTo(
    digest: string,
    importId: string,
    { fromLine, nextLine }: { readonly fromLine: number; readonly nextLine: number | null },
  ): Promise<void> {
    await this.#bind(
      `UPDATE points_import_files SET next_line = ?5 WHERE programme_id = ?1 AND digest = ?2 AND import_id = ?3
         AND next_line >= ?4 AND (?5 IS NULL OR next_line < ?5)`,
      ...[digest, importId, fromLine, nextLine],
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

  #bind(sql: string, ...values: (string | number | null)[]): D1PreparedStatement {
    return this.#db.prepare(sql).bind(this.#programmeId, ...values);
  }
}
