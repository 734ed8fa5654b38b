/** Till codes and invite codes in D1: what a code stands for. Neither is asked by a redemption. */
import { codeFromBytes, type TillCode } from "./codes/index.ts";

type Row = Record<string, string | number | null>;
const ROWS_MAX = 500;
const INVITE_SIGNS = 8;

export class CodesStore {
  readonly #db: D1Database;

  constructor(db: D1Database) {
    this.#db = db;
  }

  async code(programmeId: string, codeId: string): Promise<TillCode | null> {
    const row = await this.#db
      .prepare("SELECT body, is_revoked FROM till_codes WHERE programme_id = ?1 AND code_id = ?2")
      .bind(programmeId, codeId)
      .first<Row>();
    return row && readCode(row);
  }

  /** By what was typed or scanned. */
  async byText(programmeId: string, text: string): Promise<TillCode | null> {
    const row = await this.#db
      .prepare("SELECT body, is_revoked FROM till_codes WHERE programme_id = ?1 AND code = ?2")
      .bind(programmeId, text)
      .first<Row>();
    return row && readCode(row);
  }

  /** The code under this id, new or known; null: its text is another code's. */
  async issue(programmeId: string, code: TillCode, nowMs: number): Promise<TillCode | null> {
    await this.#db
      .prepare(
        `INSERT INTO till_codes (programme_id, code_id, code, is_revoked, body, saved_at_ms)
         VALUES (?1, ?2, ?3, 0, ?4, ?5) ON CONFLICT DO NOTHING`,
      )
      .bind(programmeId, code.codeId, code.text, JSON.stringify(code), nowMs)
      .run();
    return this.code(programmeId, code.codeId);
  }

  async revoke(programmeId: string, codeId: string): Promise<TillCode | null> {
    await this.#db
      .prepare("UPDATE till_codes SET is_revoked = 1 WHERE programme_id = ?1 AND code_id = ?2")
      .bind(programmeId, codeId)
      .run();
    return this.code(programmeId, codeId);
  }

  async list(programmeId: string): Promise<TillCode[]> {
    const { results } = await this.#db
      .prepare(
        `SELECT body, is_revoked FROM till_codes WHERE programme_id = ?1
         ORDER BY saved_at_ms DESC, rowid DESC LIMIT ${ROWS_MAX}`,
      )
      .bind(programmeId)
      .all<Row>();
    return results.map(readCode);
  }

  // ---- invites

  /** The member's own code, made when it is first asked for. */
  async inviteCodeOf(programmeId: string, memberId: string): Promise<string> {
    const find = this.#db
      .prepare("SELECT code FROM invite_codes WHERE programme_id = ?1 AND member_id = ?2")
      .bind(programmeId, memberId);
    for (;;) {
      const known = await find.first<string>("code");
      if (known !== null) return known;
      const code = codeFromBytes(crypto.getRandomValues(new Uint8Array(64)), INVITE_SIGNS);
      // Another member's code by chance, or this member's from another tab: the next look finds out.
      await this.#db
        .prepare(
          "INSERT INTO invite_codes (programme_id, code, member_id) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
        )
        .bind(programmeId, code, memberId)
        .run();
    }
  }

  async inviterOf(programmeId: string, code: string): Promise<string | null> {
    return this.#db
      .prepare("SELECT member_id FROM invite_codes WHERE programme_id = ?1 AND code = ?2")
      .bind(programmeId, code)
      .first<string>("member_id");
  }
}

function readCode(row: Row): TillCode {
  const code = JSON.parse(String(row["body"])) as TillCode;
  return { ...code, isRevoked: row["is_revoked"] === 1 };
}
