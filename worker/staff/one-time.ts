/** One-time links and challenges. Whoever takes one deletes it in the same statement, so two takers get one. */
import { hashOf, newToken } from "./tokens.ts";

export type OneTimeKind = "invite" | "reset" | "two_step" | "totp" | "passkey_new" | "passkey";

export interface OneTime {
  readonly kind: OneTimeKind;
  readonly programmeId: string | null;
  readonly staffId: string | null;
  readonly body: unknown;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
}

const COLUMNS = `kind, programme_id AS programmeId, staff_id AS staffId, body, created_at_ms AS createdAtMs,
  expires_at_ms AS expiresAtMs`;

export async function issue(db: D1Database, one: OneTime): Promise<string> {
  const token = newToken();
  await db
    .prepare(
      `INSERT INTO staff_one_time (token_hash, kind, programme_id, staff_id, body, created_at_ms, expires_at_ms)
       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)`,
    )
    .bind(
      ...[hashOf(token), one.kind, one.programmeId, one.staffId, JSON.stringify(one.body)],
      ...[one.createdAtMs, one.expiresAtMs],
    )
    .run();
  return token;
}

export async function look(
  db: D1Database,
  kind: OneTimeKind,
  token: string,
  nowMs: number,
): Promise<OneTime | null> {
  return read(
    await db
      .prepare(
        `SELECT ${COLUMNS} FROM staff_one_time WHERE token_hash = ?1 AND kind = ?2 AND expires_at_ms > ?3`,
      )
      .bind(hashOf(token), kind, nowMs)
      .first<Row>(),
  );
}

export async function take(
  db: D1Database,
  kind: OneTimeKind,
  token: string,
  nowMs: number,
): Promise<OneTime | null> {
  return read(
    await db
      .prepare(
        `DELETE FROM staff_one_time WHERE token_hash = ?1 AND kind = ?2 AND expires_at_ms > ?3 RETURNING ${COLUMNS}`,
      )
      .bind(hashOf(token), kind, nowMs)
      .first<Row>(),
  );
}

type Row = Omit<OneTime, "body"> & { readonly body: string };

function read(row: Row | null): OneTime | null {
  return row && { ...row, body: JSON.parse(row.body) as unknown };
}
