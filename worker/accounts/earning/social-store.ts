/** Invites, the guard's hashes, uses of till codes, errands and reminders of an Account: rows ↔ values. */
import { DAY_MS } from "../../kernel/clock.ts";
import { TRAITS, type Fingerprints, type Invite } from "../../earning/invites/index.ts";
import type { Channel, Reminder } from "../../reminders/index.ts";
import type { InvitedRow } from "./earning-store.ts";
import type { Errand } from "./messages.ts";

type SqlRow = Record<string, SqlStorageValue>;

export interface ErrandRow {
  readonly errandId: number;
  readonly memberKey: string;
  readonly errand: Errand;
  readonly tries: number;
}

export interface ReminderRow {
  readonly memberKey: string;
  readonly naturalKey: string;
  readonly channel: Channel;
  readonly points: number;
  readonly expiresAtMs: number;
  readonly daysLeft: number;
  readonly atMs: number;
  readonly tries: number;
}

export interface LoggedReminder extends ReminderRow {
  readonly state: "waiting" | "sent" | "failed";
}

/** Values of one trait that are kept of a member: those seen last. */
const VALUES_MAX = 8;

/** A print that is seen again this soon is not written again. */
const SEEN_AGAIN_MS = DAY_MS;

export class SocialStore {
  readonly #sql: SqlStorage;
  #errands: number;
  #hasWaiting: boolean;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    this.#errands = this.#count();
    this.#hasWaiting = this.waitingReminders(1).length > 0;
  }

  /** Back to what the rows say. */
  forget(): void {
    this.#errands = this.#count();
    this.#hasWaiting = this.waitingReminders(1).length > 0;
  }

  #count(): number {
    return Number(this.#sql.exec("SELECT COUNT(*) AS n FROM errands").one()["n"]);
  }

  #all(query: string, ...bindings: SqlStorageValue[]): SqlRow[] {
    return this.#sql.exec<SqlRow>(query, ...bindings).toArray();
  }

  // ---- invites

  invite(inviteeKey: string): Invite | null {
    const row = this.#all("SELECT invite FROM invites WHERE invitee_key = ?", inviteeKey)[0];
    return row ? (JSON.parse(String(row["invite"])) as Invite) : null;
  }

  saveInvite(invite: Invite): void {
    this.#sql.exec(
      `INSERT INTO invites (invitee_key, inviter_key, invite) VALUES (?, ?, ?)
       ON CONFLICT (invitee_key) DO UPDATE SET invite = excluded.invite`,
      invite.inviteeKey,
      invite.inviterKey,
      JSON.stringify(invite),
    );
  }

  /** Of a programme, those that wait longest first. */
  invitesInReview(programmeId: string, count: number): Invite[] {
    // Staff ask for it now and then; an index would be a write for each invite.
    return this.#all(
      `SELECT invite FROM invites WHERE invitee_key GLOB ? AND invite ->> '$.state' = 'in_review'
       ORDER BY invite ->> '$.decidedAtMs', invitee_key LIMIT ?`,
      // Programme ids have no sign that GLOB reads as another.
      `${programmeId}:*`,
      count,
    ).map((row) => JSON.parse(String(row["invite"])) as Invite);
  }

  invited(inviterKey: string, inviteId: string): InvitedRow | null {
    const row = this.#all(
      "SELECT * FROM invited WHERE inviter_key = ? AND invite_id = ?",
      inviterKey,
      inviteId,
    )[0];
    return row ? readInvited(row) : null;
  }

  saveInvited(
    inviterKey: string,
    inviteId: string,
    row: InvitedRow,
    countsIn: number | null,
  ): void {
    this.#sql.exec(
      `INSERT INTO invited (inviter_key, invite_id, state, at_ms, counts_in, decision) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (inviter_key, invite_id) DO UPDATE SET state = excluded.state, counts_in = excluded.counts_in,
         decision = excluded.decision`,
      inviterKey,
      inviteId,
      row.state,
      row.atMs,
      countsIn,
      row.decision && JSON.stringify(row.decision),
    );
  }

  rewardedIn(inviterKey: string, period: number): number {
    const row = this.#all(
      "SELECT COUNT(*) AS n FROM invited WHERE inviter_key = ? AND counts_in = ?",
      inviterKey,
      period,
    )[0];
    return Number(row?.["n"] ?? 0);
  }

  invitedCounts(inviterKey: string): ReadonlyMap<string, number> {
    const rows = this.#all(
      "SELECT state, COUNT(*) AS n FROM invited WHERE inviter_key = ? GROUP BY state",
      inviterKey,
    );
    return new Map(rows.map((row) => [String(row["state"]), Number(row["n"])]));
  }

  recentInvited(inviterKey: string, count: number): InvitedRow[] {
    return this.#all(
      "SELECT * FROM invited WHERE inviter_key = ? ORDER BY at_ms DESC, invite_id LIMIT ?",
      inviterKey,
      count,
    ).map(readInvited);
  }

  // ---- the guard

  addPrints(memberKey: string, prints: Partial<Fingerprints>, nowMs: number): void {
    for (const trait of TRAITS) {
      const values = prints[trait] ?? [];
      for (const value of values) {
        this.#sql.exec(
          `INSERT INTO fingerprints (member_key, trait, value, seen_at_ms) VALUES (?, ?, ?, ?)
           ON CONFLICT (member_key, trait, value) DO UPDATE SET seen_at_ms = excluded.seen_at_ms
           WHERE excluded.seen_at_ms > seen_at_ms + ${SEEN_AGAIN_MS}`,
          memberKey,
          trait,
          value,
          nowMs,
        );
      }
      if (values.length === 0) continue;
      this.#sql.exec(
        `DELETE FROM fingerprints WHERE member_key = ?1 AND trait = ?2 AND value NOT IN
           (SELECT value FROM fingerprints WHERE member_key = ?1 AND trait = ?2 ORDER BY seen_at_ms DESC LIMIT ${VALUES_MAX})`,
        memberKey,
        trait,
      );
    }
  }

  prints(memberKey: string): Fingerprints {
    const prints: Record<string, string[]> = { device: [], network: [], payment: [], address: [] };
    for (const row of this.#all(
      "SELECT trait, value FROM fingerprints WHERE member_key = ?",
      memberKey,
    )) {
      prints[String(row["trait"])]?.push(String(row["value"]));
    }
    return prints as unknown as Fingerprints;
  }

  // ---- uses of till codes

  codeUse(codeKey: string, memberKey: string, requestId: string): number | null {
    const row = this.#all(
      "SELECT ordinal FROM code_uses WHERE code_key = ? AND member_key = ? AND request_id = ?",
      codeKey,
      memberKey,
      requestId,
    )[0];
    return row ? Number(row["ordinal"]) : null;
  }

  codeUses(codeKey: string, memberKey: string): { uses: number; usesByMember: number } {
    const row = this.#all(
      "SELECT COUNT(*) AS uses, COUNT(CASE WHEN member_key = ?2 THEN 1 END) AS own FROM code_uses WHERE code_key = ?1",
      codeKey,
      memberKey,
    )[0];
    return { uses: Number(row?.["uses"] ?? 0), usesByMember: Number(row?.["own"] ?? 0) };
  }

  insertCodeUse(
    codeKey: string,
    use: { ordinal: number; memberKey: string; requestId: string; atMs: number },
  ): void {
    this.#sql.exec(
      "INSERT INTO code_uses (code_key, ordinal, member_key, request_id, at_ms) VALUES (?, ?, ?, ?, ?)",
      codeKey,
      use.ordinal,
      use.memberKey,
      use.requestId,
      use.atMs,
    );
  }

  // ---- errands

  hasErrandsOf(memberKey: string): boolean {
    return this.#all("SELECT 1 FROM errands WHERE member_key = ? LIMIT 1", memberKey).length > 0;
  }

  get hasErrands(): boolean {
    return this.#errands > 0;
  }

  /** Once per natural key: the first one stands. */
  addErrand(memberKey: string, naturalKey: string, errand: Errand, notBeforeMs: number): void {
    this.#sql.exec(
      `INSERT INTO errands (member_key, natural_key, body, not_before_ms, tries) VALUES (?, ?, ?, ?, 0)
       ON CONFLICT (member_key, natural_key) DO NOTHING`,
      memberKey,
      naturalKey,
      JSON.stringify(errand),
      notBeforeMs,
    );
    this.#errands = this.#count();
  }

  errands(nowMs: number, count: number): ErrandRow[] {
    return this.#all(
      "SELECT * FROM errands WHERE not_before_ms <= ? ORDER BY errand_id LIMIT ?",
      nowMs,
      count,
    ).map(readErrand);
  }

  nextErrandAtMs(): number {
    if (!this.hasErrands) return Number.POSITIVE_INFINITY;
    const row = this.#all("SELECT MIN(not_before_ms) AS at FROM errands")[0];
    return row?.["at"] == null ? Number.POSITIVE_INFINITY : Number(row["at"]);
  }

  postponeErrand(errandId: number, notBeforeMs: number): void {
    this.#sql.exec(
      "UPDATE errands SET not_before_ms = ?, tries = tries + 1 WHERE errand_id = ?",
      notBeforeMs,
      errandId,
    );
  }

  isOpen(errandId: number): boolean {
    return this.#all("SELECT 1 FROM errands WHERE errand_id = ?", errandId).length > 0;
  }

  errand(memberKey: string, naturalKey: string): ErrandRow | null {
    const row = this.#all(
      "SELECT * FROM errands WHERE member_key = ? AND natural_key = ?",
      memberKey,
      naturalKey,
    )[0];
    return row ? readErrand(row) : null;
  }

  dropErrand(errandId: number): void {
    this.#sql.exec("DELETE FROM errands WHERE errand_id = ?", errandId);
    this.#errands = this.#count();
  }

  // ---- reminders

  /** Whether some notice waits for its carrier. */
  get hasWaiting(): boolean {
    return this.#hasWaiting;
  }

  sentReminders(memberKey: string, fromMs: number): Set<string> {
    return new Set(
      this.#all(
        "SELECT natural_key FROM reminders WHERE member_key = ? AND expires_at_ms >= ?",
        memberKey,
        fromMs,
      ).map((row) => String(row["natural_key"])),
    );
  }

  /** `sent` for what is shown in the app, `waiting` for what a notifier must carry. */
  addReminder(
    memberKey: string,
    reminder: Reminder,
    state: "waiting" | "sent",
    atMs: number,
  ): void {
    if (state === "waiting") this.#hasWaiting = true;
    this.#sql.exec(
      `INSERT INTO reminders (member_key, natural_key, channel, state, points, expires_at_ms, days_left, at_ms, tries)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0) ON CONFLICT DO NOTHING`,
      memberKey,
      reminder.naturalKey,
      reminder.channel,
      state,
      reminder.points,
      reminder.expiresAtMs,
      reminder.daysLeft,
      atMs,
    );
  }

  inAppReminders(memberKey: string, nowMs: number, count: number): ReminderRow[] {
    return this.#all(
      `SELECT * FROM reminders WHERE member_key = ? AND channel = 'in_app' AND expires_at_ms > ?
       ORDER BY at_ms DESC, natural_key LIMIT ?`,
      memberKey,
      nowMs,
      count,
    ).map(readReminder);
  }

  /** The delivery log of a member, newest first. */
  reminderLog(memberKey: string, count: number): LoggedReminder[] {
    return this.#all(
      "SELECT * FROM reminders WHERE member_key = ? ORDER BY at_ms DESC, natural_key LIMIT ?",
      memberKey,
      count,
    ).map((row) => ({
      ...readReminder(row),
      state: String(row["state"]) as LoggedReminder["state"],
    }));
  }

  waitingReminders(count: number): ReminderRow[] {
    return this.#all(
      "SELECT * FROM reminders WHERE state = 'waiting' ORDER BY at_ms LIMIT ?",
      count,
    ).map(readReminder);
  }

  markReminder(row: ReminderRow, state: "waiting" | "sent" | "failed"): void {
    this.#sql.exec(
      "UPDATE reminders SET state = ?, tries = tries + 1 WHERE member_key = ? AND natural_key = ?",
      state,
      row.memberKey,
      row.naturalKey,
    );
    this.#hasWaiting = this.waitingReminders(1).length > 0;
  }
}

function readErrand(row: SqlRow): ErrandRow {
  return {
    errandId: Number(row["errand_id"]),
    memberKey: String(row["member_key"]),
    errand: JSON.parse(String(row["body"])) as Errand,
    tries: Number(row["tries"]),
  };
}

function readInvited(row: SqlRow): InvitedRow {
  return {
    state: String(row["state"]),
    atMs: Number(row["at_ms"]),
    decision:
      row["decision"] === null
        ? null
        : (JSON.parse(String(row["decision"])) as InvitedRow["decision"]),
  };
}

function readReminder(row: SqlRow): ReminderRow {
  return {
    memberKey: String(row["member_key"]),
    naturalKey: String(row["natural_key"]),
    channel: String(row["channel"]) as Channel,
    points: Number(row["points"]),
    expiresAtMs: Number(row["expires_at_ms"]),
    daysLeft: Number(row["days_left"]),
    atMs: Number(row["at_ms"]),
    tries: Number(row["tries"]),
  };
}
