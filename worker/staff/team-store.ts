/** The people of one programme, in D1. */
import type { Invite } from "./invite-routes.ts";
import type { Colleague } from "./wire.ts";

const PEOPLE = `SELECT m.staff_id AS staffId, p.name, p.email, m.role_ids AS roleIds, m.store_ids AS storeIds, m.state,
    m.revision AS version, m.joined_at_ms AS joinedAtMs,
    p.totp_secret IS NOT NULL OR EXISTS (SELECT 1 FROM staff_passkeys AS k WHERE k.staff_id = m.staff_id) AS hasSecondStep,
    (SELECT MAX(s.seen_at_ms) FROM staff_sessions AS s WHERE s.staff_id = m.staff_id AND s.programme_id = m.programme_id)
      AS seenAtMs
  FROM staff_memberships AS m JOIN staff_people AS p ON p.staff_id = m.staff_id`;

type Row = Omit<Colleague, "roleIds" | "storeIds" | "hasSecondStep"> & {
  readonly roleIds: string;
  readonly storeIds: string | null;
  readonly hasSecondStep: number;
};

export class Team {
  readonly #db: D1Database;
  readonly #programmeId: string;

  constructor(db: D1Database, programmeId: string) {
    this.#db = db;
    this.#programmeId = programmeId;
  }

  async people(): Promise<Colleague[]> {
    const { results } = await this.#db
      .prepare(`${PEOPLE} WHERE m.programme_id = ?1 ORDER BY m.joined_at_ms LIMIT 1000`)
      .bind(this.#programmeId)
      .all<Row>();
    return results.map(readRow);
  }

  async person(staffId: string): Promise<Colleague | null> {
    const row = await this.#db
      .prepare(`${PEOPLE} WHERE m.programme_id = ?1 AND m.staff_id = ?2`)
      .bind(this.#programmeId, staffId)
      .first<Row>();
    return row && readRow(row);
  }

  async hasActive(email: string): Promise<boolean> {
    const row = await this.#db
      .prepare(
        `SELECT 1 AS found FROM staff_people AS p JOIN staff_memberships AS m ON m.staff_id = p.staff_id
         WHERE p.email = ?2 AND m.programme_id = ?1 AND m.state = 'active'`,
      )
      .bind(this.#programmeId, email)
      .first();
    return row !== null;
  }

  /** False: another version stands there. */
  async change(
    staffId: string,
    to: {
      readonly roleIds: readonly string[];
      readonly storeIds: readonly string[] | null;
      readonly state: string;
      readonly version: number;
    },
  ): Promise<boolean> {
    const result = await this.#db
      .prepare(
        `UPDATE staff_memberships SET role_ids = ?3, store_ids = ?4, state = ?5, revision = revision + 1
         WHERE programme_id = ?1 AND staff_id = ?2 AND revision = ?6`,
      )
      .bind(
        ...[this.#programmeId, staffId, JSON.stringify(to.roleIds)],
        ...[to.storeIds && JSON.stringify(to.storeIds), to.state, to.version],
      )
      .run();
    return result.meta.changes === 1;
  }

  /** In this programme only: elsewhere they are somebody else's colleagues. */
  async endSessions(staffId: string): Promise<void> {
    await this.#db
      .prepare("DELETE FROM staff_sessions WHERE staff_id = ?1 AND programme_id = ?2")
      .bind(staffId, this.#programmeId)
      .run();
  }

  /** Whether somebody works for another merchant too. */
  async worksElsewhere(staffId: string): Promise<boolean> {
    const row = await this.#db
      .prepare(
        `SELECT 1 AS found FROM staff_memberships AS m LEFT JOIN points_programmes AS p ON p.programme_id = m.programme_id
         WHERE m.staff_id = ?1 AND m.programme_id <> ?2 AND m.state = 'active' AND p.merchant_id IS NOT
           (SELECT merchant_id FROM points_programmes WHERE programme_id = ?2) LIMIT 1`,
      )
      .bind(staffId, this.#programmeId)
      .first();
    return row !== null;
  }

  async missingStores(storeIds: readonly string[]): Promise<string[]> {
    const { results } = await this.#db
      .prepare(
        `SELECT value AS storeId FROM json_each(?2) WHERE value NOT IN
           (SELECT store_id FROM stores WHERE programme_id = ?1 AND state = 'active')`,
      )
      .bind(this.#programmeId, JSON.stringify(storeIds))
      .all<{ storeId: string }>();
    return results.map(({ storeId }) => storeId);
  }

  async invites(nowMs: number) {
    const { results } = await this.#db
      .prepare(
        `SELECT token_hash AS inviteId, body, created_at_ms AS createdAtMs, expires_at_ms AS expiresAtMs
         FROM staff_one_time WHERE programme_id = ?1 AND kind = 'invite' AND expires_at_ms > ?2
         ORDER BY created_at_ms DESC LIMIT 500`,
      )
      .bind(this.#programmeId, nowMs)
      .all<{ inviteId: string; body: string; createdAtMs: number; expiresAtMs: number }>();
    return results.map(({ body, ...row }) => ({ ...row, ...(JSON.parse(body) as Invite) }));
  }

  async withdrawInvite(inviteId: string): Promise<boolean> {
    const result = await this.#db
      .prepare(
        "DELETE FROM staff_one_time WHERE programme_id = ?1 AND token_hash = ?2 AND kind = 'invite'",
      )
      .bind(this.#programmeId, inviteId)
      .run();
    return result.meta.changes === 1;
  }

  /** A new link ends the older one. */
  async withdrawInvitesOf(email: string): Promise<void> {
    await this.#db
      .prepare(
        "DELETE FROM staff_one_time WHERE programme_id = ?1 AND kind = 'invite' AND body ->> '$.email' = ?2",
      )
      .bind(this.#programmeId, email)
      .run();
  }
}

function readRow(row: Row): Colleague {
  return {
    ...row,
    roleIds: JSON.parse(row.roleIds) as string[],
    storeIds: row.storeIds === null ? null : (JSON.parse(row.storeIds) as string[]),
    hasSecondStep: row.hasSecondStep === 1,
  };
}
