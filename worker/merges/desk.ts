/**
 * Joins two records of one person. The row of `member_merges` is the intention; every step after it may run again, and cron goes on
 * with what a crash left: the Account of the record that leaves carries its points by itself, D1's own rows move in one batch.
 */
import {
  accountOf,
  type BeginMergeReply,
  type MergeFacts,
  type MergeObstacle,
} from "../accounts/index.ts";
import { memberKeyOf } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import { phoneContext, readMerges } from "../members/index.ts";
import type { Env } from "../platform/env.ts";
import { nextRows, roundSql, type RoundList } from "../platform/rounds.ts";
import { attemptEach } from "../platform/upkeep.ts";
import { openVault } from "../vault/index.ts";

export interface MergeRequest {
  readonly mergeId: string;
  readonly fromId: string;
  readonly intoId: string;
  readonly reason: string;
  /** `staff:<id>`, two of them joined by `+`, or `member`. */
  readonly actor: string;
}

export type Obstacle =
  | MergeObstacle
  | "same_record"
  | "blocked"
  | "too_many_points"
  | "merge_under_way"
  | "into_merged";

export type MergeReply =
  | { readonly kind: "done" | "under_way"; readonly movedPoints: number }
  | { readonly kind: "refused"; readonly obstacle: Obstacle };

interface MergeRow extends MergeRequest {
  readonly programmeId: string;
  readonly state: "open" | "done" | "refused";
  readonly obstacle: Obstacle | null;
  readonly movedPoints: number;
}

const COLUMNS = `programme_id AS programmeId, merge_id AS mergeId, from_id AS fromId, into_id AS intoId, state, obstacle, reason,
  actor, moved_points AS movedPoints`;

export const OPEN_MERGES: RoundList = {
  ...{ name: "merges", rows: 20, by: ["at_ms", "rowid"], start: [0, 0], columns: COLUMNS },
  ...{ from: "member_merges INDEXED BY member_merges_open", where: "state = 'open'" },
};

export const MERGE_SQL = {
  find: `SELECT ${COLUMNS} FROM member_merges WHERE programme_id = ?1 AND merge_id = ?2`,
  /** Nothing where either record is in another merge that is not done, or left before. */
  open: `INSERT INTO member_merges (programme_id, merge_id, from_id, into_id, state, reason, actor, at_ms)
    SELECT ?1, ?2, ?3, ?4, 'open', ?5, ?6, ?7
    WHERE NOT EXISTS (SELECT 1 FROM member_merges WHERE programme_id = ?1 AND from_id IN (?3, ?4) AND state <> 'refused')
      AND NOT EXISTS (SELECT 1 FROM member_merges WHERE programme_id = ?1 AND into_id IN (?3, ?4) AND state = 'open')
    ON CONFLICT DO NOTHING`,
  refuse: `UPDATE member_merges SET state = 'refused', obstacle = ?3 WHERE programme_id = ?1 AND merge_id = ?2 AND state = 'open'`,
  done: `UPDATE member_merges SET state = 'done', done_at_ms = ?3, moved_points = ?4
    WHERE programme_id = ?1 AND merge_id = ?2 AND state = 'open'`,
  due: roundSql(OPEN_MERGES),
  left: `SELECT from_id AS memberId, at_ms AS atMs FROM member_merges
    WHERE programme_id = ?1 AND into_id = ?2 AND state <> 'refused' ORDER BY at_ms LIMIT 32`,
} as const;

/** What D1 itself is the authority of. Each is the same however often it runs. */
export const MOVES = [
  "UPDATE identities SET member_id = ?3 WHERE programme_id = ?1 AND member_id = ?2",
  // The default of the record that stays is the default.
  "UPDATE addresses SET member_id = ?3, is_default = 0 WHERE programme_id = ?1 AND member_id = ?2",
  `INSERT OR IGNORE INTO member_labels (programme_id, label_id, member_id)
    SELECT programme_id, label_id, ?3 FROM member_labels WHERE programme_id = ?1 AND member_id = ?2`,
  "DELETE FROM member_labels WHERE programme_id = ?1 AND member_id = ?2 AND member_id <> ?3",
  // The evidence of the old record stays where it is; whoever agreed once is not asked again.
  `INSERT OR IGNORE INTO consents (programme_id, member_id, given_at_ms, notice_version, via)
    SELECT programme_id, ?3, given_at_ms, notice_version, via FROM consents
    WHERE programme_id = ?1 AND member_id = ?2 AND withdrawn_at_ms IS NULL
      AND NOT EXISTS (SELECT 1 FROM consents WHERE programme_id = ?1 AND member_id = ?3)`,
  `INSERT INTO members (programme_id, member_id, first_seen_at_ms, last_active_at_ms)
    SELECT ?1, ?3, first_seen_at_ms, last_active_at_ms FROM members WHERE programme_id = ?1 AND member_id = ?2
    ON CONFLICT (programme_id, member_id) DO UPDATE SET
      first_seen_at_ms = MIN(first_seen_at_ms, excluded.first_seen_at_ms),
      last_active_at_ms = MAX(last_active_at_ms, excluded.last_active_at_ms)`,
  `UPDATE members SET display_name = (SELECT display_name FROM members o WHERE o.programme_id = ?1 AND o.member_id = ?2)
    WHERE programme_id = ?1 AND member_id = ?3 AND display_name = ''
      AND EXISTS (SELECT 1 FROM members o WHERE o.programme_id = ?1 AND o.member_id = ?2)`,
  `UPDATE members SET merged_into = ?3, version = version + 1
    WHERE programme_id = ?1 AND member_id = ?2 AND merged_into IS NULL`,
] as const;

export class MergeDesk {
  readonly #env: Env;
  readonly #programmeId: string;
  readonly #nowMs: number;

  constructor(env: Env, programmeId: string, nowMs: number) {
    this.#env = env;
    this.#programmeId = programmeId;
    this.#nowMs = nowMs;
  }

  #bind(sql: string, ...values: (string | number | null)[]): D1PreparedStatement {
    return this.#env.DB.prepare(sql).bind(this.#programmeId, ...values);
  }

  #account(memberId: string) {
    return accountOf(this.#env, memberKeyOf(this.#programmeId, memberId));
  }

  facts(memberId: string): Promise<MergeFacts> {
    return this.#account(memberId).mergeFacts(memberKeyOf(this.#programmeId, memberId));
  }

  /** Records that went into this one. */
  async recordsIn(memberId: string): Promise<{ memberId: string; atMs: number }[]> {
    const { results } = await this.#bind(MERGE_SQL.left, memberId).all<{
      memberId: string;
      atMs: number;
    }>();
    return results;
  }

  /** What stands against it now; empty: nothing. */
  async obstacles(fromId: string, intoId: string): Promise<readonly Obstacle[]> {
    if (fromId === intoId) return ["same_record"];
    const [from, into] = await Promise.all([this.facts(fromId), this.facts(intoId)]);
    const moving = from.lots.reduce((sum, { remaining }) => sum + remaining, 0);
    const found: (Obstacle | false)[] = [
      from.intoKey !== null && "merged_already",
      into.intoKey !== null && "into_merged",
      from.pendingOrders > 0 && "points_held",
      from.offsetPoints > 0 && "points_held_at_till",
      from.hasStoredValue && "stored_value",
      from.deficit > 0 && "owes_points",
      // Else a block would be taken off by merging, or put on somebody by it.
      from.isBlocked !== into.isBlocked && "blocked",
      into.granted + moving > LIMITS.pointsMax && "too_many_points",
    ];
    return found.filter((one): one is Obstacle => one !== false);
  }

  /** Begins, and does as much as can be done now. Repeating it with the same id goes on. */
  async merge(request: MergeRequest): Promise<MergeReply> {
    const { mergeId, fromId, intoId, reason, actor } = request;
    let row = await this.#bind(MERGE_SQL.find, mergeId).first<MergeRow>();
    if (!row) {
      const [obstacle] = await this.obstacles(fromId, intoId);
      if (obstacle) return { kind: "refused", obstacle };
      const wish = [mergeId, fromId, intoId, reason, actor, this.#nowMs] as const;
      const { meta } = await this.#bind(MERGE_SQL.open, ...wish).run();
      if (meta.changes === 0) return { kind: "refused", obstacle: "merge_under_way" };
      row = await this.#bind(MERGE_SQL.find, mergeId).first<MergeRow>();
    }
    if (!row || row.fromId !== fromId || row.intoId !== intoId) {
      return { kind: "refused", obstacle: "merge_under_way" };
    }
    return this.carryOn(row);
  }

  async carryOn(row: MergeRow): Promise<MergeReply> {
    const { mergeId, fromId, intoId, state, obstacle, movedPoints } = row;
    if (state === "done") return { kind: "done", movedPoints };
    if (state === "refused") return { kind: "refused", obstacle: obstacle ?? "busy" };
    const fromKey = memberKeyOf(this.#programmeId, fromId);
    const intoKey = memberKeyOf(this.#programmeId, intoId);
    const begun: BeginMergeReply = await this.#account(fromId).beginMerge({
      ...{ mergeId, fromKey, intoKey },
    });
    if (begun.kind === "refused") {
      // What is on its way inside the Account is there in a moment; cron tries again.
      if (begun.reason === "busy") return { kind: "under_way", movedPoints: 0 };
      await this.#bind(MERGE_SQL.refuse, mergeId, begun.reason).run();
      return { kind: "refused", obstacle: begun.reason };
    }
    await this.#movePhone(fromId, intoId);
    await this.#env.DB.batch(MOVES.map((sql) => this.#bind(sql, fromId, intoId)));
    await readMerges(this.#env, this.#programmeId, this.#nowMs);
    const facts = await this.#atRest(fromId);
    if (!facts.isAtRest) return { kind: "under_way", movedPoints: facts.movedPoints };
    await this.#bind(MERGE_SQL.done, mergeId, this.#nowMs, facts.movedPoints).run();
    return { kind: "done", movedPoints: facts.movedPoints };
  }

  /** The Account carries by itself; asking it to sweep waits for what it can do now. */
  async #atRest(fromId: string): Promise<MergeFacts> {
    await this.#account(fromId).sweep();
    return this.facts(fromId);
  }

  /** A sealed phone is bound to its record, so it is sealed anew. */
  async #movePhone(fromId: string, intoId: string): Promise<void> {
    const programmeId = this.#programmeId;
    const select = `SELECT o.phone_sealed AS sealed, o.phone_tail AS tail FROM members o
      WHERE o.programme_id = ?1 AND o.member_id = ?2 AND o.phone_sealed IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM members n WHERE n.programme_id = ?1 AND n.member_id = ?3 AND n.phone_sealed IS NOT NULL)`;
    const row = await this.#bind(select, fromId, intoId).first<{ sealed: string; tail: string }>();
    if (!row) return;
    const vault = await openVault(this.#env, programmeId);
    const phone = await vault.open(phoneContext(programmeId, fromId), row.sealed);
    const insert = `INSERT INTO members (programme_id, member_id, phone_sealed, phone_tail, first_seen_at_ms, last_active_at_ms)
      VALUES (?1, ?2, ?3, ?4, ?5, ?5)
      ON CONFLICT (programme_id, member_id) DO UPDATE SET phone_sealed = ?3, phone_tail = ?4 WHERE phone_sealed IS NULL`;
    const sealed = vault.seal(phoneContext(programmeId, intoId), phone);
    await this.#bind(insert, intoId, sealed, row.tail, this.#nowMs).run();
  }
}

/** Once a minute: goes on with merges that a crash or an outage left. */
export async function sweepMerges(env: Env, nowMs: number): Promise<void> {
  await attemptEach("merges", await nextRows<MergeRow>(env.DB, OPEN_MERGES), (row) =>
    new MergeDesk(env, row.programmeId, nowMs).carryOn(row),
  );
}
