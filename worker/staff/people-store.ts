/** People, their memberships and their ways to sign in, in D1. */
import type { Permission } from "../kernel/permission.ts";
import { heldBy } from "./roles.ts";

export interface Person {
  readonly staffId: string;
  readonly email: string;
  readonly name: string;
  readonly passwordHash: string | null;
  readonly totpSecret: string | null;
  readonly totpStep: number | null;
}

const PERSON = `staff_id AS staffId, email, name, password_hash AS passwordHash, totp_secret AS totpSecret,
  totp_step AS totpStep`;

export function personByEmail(db: D1Database, email: string): Promise<Person | null> {
  return db
    .prepare(`SELECT ${PERSON} FROM staff_people WHERE email = ?1`)
    .bind(email)
    .first<Person>();
}

export function personById(db: D1Database, staffId: string): Promise<Person | null> {
  return db
    .prepare(`SELECT ${PERSON} FROM staff_people WHERE staff_id = ?1`)
    .bind(staffId)
    .first<Person>();
}

export interface NewPerson {
  readonly staffId: string;
  readonly email: string;
  readonly name: string;
  readonly passwordHash: string;
}

export function insertPerson(
  db: D1Database,
  person: NewPerson,
  nowMs: number,
): D1PreparedStatement {
  return db
    .prepare(
      `INSERT INTO staff_people (staff_id, email, name, password_hash, password_at_ms, created_at_ms)
       VALUES (?1, ?2, ?3, ?4, ?5, ?5)`,
    )
    .bind(person.staffId, person.email, person.name, person.passwordHash, nowMs);
}

export interface Membership {
  readonly programmeId: string;
  readonly staffId: string;
  readonly roleIds: readonly string[];
  readonly storeIds: readonly string[] | null;
}

/** Somebody who left and is invited again comes back with the new rights. */
export function insertMembership(
  db: D1Database,
  membership: Membership,
  nowMs: number,
): D1PreparedStatement {
  const { programmeId, staffId, roleIds, storeIds } = membership;
  return db
    .prepare(
      `INSERT INTO staff_memberships (programme_id, staff_id, role_ids, store_ids, state, revision, joined_at_ms)
       VALUES (?1, ?2, ?3, ?4, 'active', 1, ?5)
       ON CONFLICT (programme_id, staff_id) DO UPDATE SET role_ids = excluded.role_ids, store_ids = excluded.store_ids,
         state = 'active', revision = revision + 1`,
    )
    .bind(
      programmeId,
      staffId,
      JSON.stringify(roleIds),
      storeIds && JSON.stringify(storeIds),
      nowMs,
    );
}

/** The programmes somebody may work in, those of the longest standing first. */
export async function programmesOf(
  db: D1Database,
  staffId: string,
): Promise<readonly { readonly programmeId: string; readonly name: string }[]> {
  const { results } = await db
    .prepare(
      `SELECT m.programme_id AS programmeId, COALESCE(p.name, m.programme_id) AS name FROM staff_memberships AS m
       LEFT JOIN points_programmes AS p ON p.programme_id = m.programme_id
       WHERE m.staff_id = ?1 AND m.state = 'active' ORDER BY m.joined_at_ms, m.programme_id LIMIT 100`,
    )
    .bind(staffId)
    .all<{ programmeId: string; name: string }>();
  return results;
}

/** Custom roles of a programme: id → permissions. */
export async function customRoles(
  db: D1Database,
  programmeId: string,
): Promise<Readonly<Record<string, readonly string[]>>> {
  const { results } = await db
    .prepare("SELECT role_id, permissions FROM staff_roles WHERE programme_id = ?1")
    .bind(programmeId)
    .all<{ role_id: string; permissions: string }>();
  return Object.fromEntries(
    results.map((row) => [row.role_id, JSON.parse(row.permissions) as readonly string[]]),
  );
}

/** New secrets end every other session of a person, so that whoever had the old ones is out. */
export function endSessions(
  db: D1Database,
  staffId: string,
  exceptId: string | null,
): D1PreparedStatement {
  return db
    .prepare("DELETE FROM staff_sessions WHERE staff_id = ?1 AND session_id IS NOT ?2")
    .bind(staffId, exceptId);
}

/** With a new password every session but one ends. */
export function setPassword(
  db: D1Database,
  staffId: string,
  passwordHash: string,
  nowMs: number,
  exceptSessionId: string | null,
): D1PreparedStatement[] {
  return [
    db
      .prepare(
        "UPDATE staff_people SET password_hash = ?2, password_at_ms = ?3 WHERE staff_id = ?1",
      )
      .bind(staffId, passwordHash, nowMs),
    endSessions(db, staffId, exceptSessionId),
  ];
}

/** Whether anybody else who works here holds a permission for the whole programme. */
export async function othersWhoMay(
  db: D1Database,
  programmeId: string,
  staffId: string,
  permission: Permission,
): Promise<boolean> {
  const [people, roles] = await db.batch<{ id: string; words: string }>([
    db
      .prepare(
        `SELECT staff_id AS id, role_ids AS words FROM staff_memberships
         WHERE programme_id = ?1 AND state = 'active' AND store_ids IS NULL AND staff_id <> ?2`,
      )
      .bind(programmeId, staffId),
    db
      .prepare(
        "SELECT role_id AS id, permissions AS words FROM staff_roles WHERE programme_id = ?1",
      )
      .bind(programmeId),
  ]);
  const wordsOf = ({ words }: { words: string }): string[] => JSON.parse(words) as string[];
  const custom = Object.fromEntries((roles?.results ?? []).map((row) => [row.id, wordsOf(row)]));
  return (people?.results ?? []).some((row) => heldBy(wordsOf(row), custom, null).has(permission));
}
