/** Identities and consents in D1, which is their authority. */
import type { SealedColumn } from "../vault/index.ts";
import type { IdentityKind } from "./model.ts";

/** What the sweep seals anew after a rotation. */
export const SEALED_IDENTITIES: SealedColumn = {
  ...{ table: "identities", column: "sealed", key: ["kind", "print"] },
  contextOf: ({ kind = "" }) => `identity.${kind}`,
};

export interface Identity {
  readonly kind: IdentityKind;
  readonly print: string;
  readonly sealed: string;
}

export interface StoredIdentity extends Identity {
  readonly memberId: string;
}

export class IdentityStore {
  readonly #db: D1Database;
  readonly #programmeId: string;

  constructor(db: D1Database, programmeId: string) {
    this.#db = db;
    this.#programmeId = programmeId;
  }

  /** The member one of these identities belongs to; the first that is known decides. */
  async ownerOf(proved: readonly Identity[]): Promise<string | null> {
    for (const { kind, print } of proved) {
      const row = await this.#db
        .prepare(
          "SELECT member_id FROM identities WHERE programme_id = ?1 AND kind = ?2 AND print = ?3",
        )
        .bind(this.#programmeId, kind, print)
        .first<{ member_id: string }>();
      if (row) return row.member_id;
    }
    return null;
  }

  async of(memberId: string): Promise<StoredIdentity[]> {
    const { results } = await this.#db
      .prepare(
        "SELECT kind, print, sealed FROM identities WHERE programme_id = ?1 AND member_id = ?2 LIMIT 20",
      )
      .bind(this.#programmeId, memberId)
      .all<{ kind: IdentityKind; print: string; sealed: string }>();
    return results.map((row) => ({ ...row, memberId }));
  }

  async hasConsent(memberId: string): Promise<boolean> {
    const row = await this.#db
      .prepare(
        `SELECT withdrawn_at_ms FROM consents WHERE programme_id = ?1 AND member_id = ?2
         ORDER BY given_at_ms DESC LIMIT 1`,
      )
      .bind(this.#programmeId, memberId)
      .first<{ withdrawn_at_ms: number | null }>();
    return row !== null && row.withdrawn_at_ms === null;
  }

  /** Consent and identities in one transaction: nothing personal is there before the consent is. */
  async keep(
    memberId: string,
    proved: readonly Identity[],
    more: {
      readonly consent: { readonly noticeVersion: string; readonly via: string } | null;
      readonly moveFrom: string | null;
      readonly nowMs: number;
    },
  ): Promise<void> {
    const { consent, moveFrom, nowMs } = more;
    const statements: D1PreparedStatement[] = [];
    if (consent) {
      statements.push(
        this.#db
          .prepare(
            `INSERT INTO consents (programme_id, member_id, given_at_ms, notice_version, via) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT DO NOTHING`,
          )
          .bind(this.#programmeId, memberId, nowMs, consent.noticeVersion, consent.via),
      );
    }
    if (moveFrom !== null) {
      statements.push(
        this.#db
          .prepare(
            "UPDATE identities SET member_id = ?3 WHERE programme_id = ?1 AND member_id = ?2",
          )
          .bind(this.#programmeId, moveFrom, memberId),
      );
    }
    for (const { kind, print, sealed } of proved) {
      statements.push(
        this.#db
          .prepare(
            `INSERT INTO identities (programme_id, kind, print, member_id, sealed, created_at_ms, proved_at_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)
             ON CONFLICT (programme_id, kind, print) DO UPDATE SET sealed = ?5, proved_at_ms = ?6`,
          )
          .bind(this.#programmeId, kind, print, memberId, sealed, nowMs),
      );
    }
    await this.#db.batch(statements);
  }

  /** Takes the consent back: what was kept by it goes with it. */
  async withdraw(memberId: string, nowMs: number): Promise<void> {
    await this.#db.batch([
      this.#db
        .prepare(
          `UPDATE consents SET withdrawn_at_ms = ?3
           WHERE programme_id = ?1 AND member_id = ?2 AND withdrawn_at_ms IS NULL`,
        )
        .bind(this.#programmeId, memberId, nowMs),
      this.#db
        .prepare("DELETE FROM identities WHERE programme_id = ?1 AND member_id = ?2")
        .bind(this.#programmeId, memberId),
      this.#db
        .prepare(
          `UPDATE members SET display_name = '', phone_sealed = NULL, phone_tail = NULL
           WHERE programme_id = ?1 AND member_id = ?2`,
        )
        .bind(this.#programmeId, memberId),
    ]);
  }

  /** False: the ticket was taken before. */
  async takeTicket(ticketId: string, expiresAtMs: number, nowMs: number): Promise<boolean> {
    const [taken] = await this.#db.batch([
      this.#db
        .prepare(
          "INSERT INTO used_tickets (programme_id, ticket_id, expires_at_ms) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
        )
        .bind(this.#programmeId, ticketId, expiresAtMs),
      // Whoever comes sweeps: what has lapsed is refused by its time.
      this.#db
        .prepare(
          "DELETE FROM used_tickets WHERE rowid IN (SELECT rowid FROM used_tickets WHERE expires_at_ms < ?1 LIMIT 50)",
        )
        .bind(nowMs - 600_000),
    ]);
    return taken?.meta.changes === 1;
  }
}
