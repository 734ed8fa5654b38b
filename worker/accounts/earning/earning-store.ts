/** What an Account writes down about earning: rows ↔ values. Every write is at once, inside the commit that runs. */
import type { Invite, InviteAwards } from "../../earning/invites/index.ts";
import { DEFAULT_TERMS, type ProgrammeTerms } from "../../earning/programme/index.ts";
import type { CapChange, CapUse, EarnEvent, MemberFacts } from "../../earning/rules/index.ts";
import type { PastTaskEvent, TaskProgress } from "../../earning/tasks/index.ts";
import { splitMemberKey } from "../../kernel/ids.ts";
import type { RuleShare } from "../points/index.ts";
import type { MemberStanding } from "../rules.ts";
import type { PastEventsPage, PastEventsRequest } from "./messages.ts";
import { factsOf, NEW_PROFILE, profileDueAtMs, type Profile } from "./profile.ts";

type SqlRow = Record<string, SqlStorageValue>;
type LaterKind = "discounts" | "offset" | "storedValue";

/** An event with what it gave and what was returned of it. */
export interface EventRecord {
  readonly event: EarnEvent;
  /** What the member was then: what a dry run judges by. */
  readonly facts: MemberFacts;
  readonly joinedAtMs: number;
  readonly basisFen: number;
  readonly shares: readonly RuleShare[];
  readonly changes: readonly CapChange[];
  readonly growth: number;
  readonly returnedFen: number;
  /** Points that returns asked for so far. */
  readonly reversed: number;
  readonly growthReversed: number;
  /** By return: its amount, and what was asked and taken. */
  readonly returns: Readonly<Record<string, ReturnRecord>>;
}
export interface ReturnRecord {
  readonly amountFen: number | null;
  readonly asked: number;
  readonly taken: number;
}

/** An invited person, as the inviter's Account knows it. */
export interface InvitedRow {
  readonly state: string;
  readonly atMs: number;
  readonly decision: { readonly invite: Invite; readonly awards: InviteAwards } | null;
}

export class EarningStore {
  readonly #sql: SqlStorage;
  /** Null: looked up, and the programme has none; each redemption asks. */
  readonly #terms = new Map<string, ProgrammeTerms | null>();
  /** The earliest moment in the rows, or one before it; undefined: not looked up. */
  #nextDueAtMs: number | undefined;

  /** Something of a member was written. */
  readonly #touched: (memberKey: string) => void;

  constructor(sql: SqlStorage, touched: (memberKey: string) => void = () => undefined) {
    this.#sql = sql;
    this.#touched = touched;
  }

  /** Throws away what memory knows beyond the rows. */
  forget(): void {
    this.#terms.clear();
    this.#nextDueAtMs = undefined;
  }

  #all(query: string, ...bindings: SqlStorageValue[]): SqlRow[] {
    return this.#sql.exec<SqlRow>(query, ...bindings).toArray();
  }

  // ---- terms

  terms(programmeId: string): ProgrammeTerms | null {
    const known = this.#terms.get(programmeId);
    if (known !== undefined) return known;
    const row = this.#all(
      "SELECT terms FROM programme_terms WHERE programme_id = ?",
      programmeId,
    )[0];
    if (!row) {
      this.#terms.set(programmeId, null);
      return null;
    }
    // Terms that were kept before there were discounts, offsets or stored value say nothing of them.
    const stored = JSON.parse(String(row["terms"])) as Omit<ProgrammeTerms, LaterKind> &
      Partial<ProgrammeTerms>;
    const { discounts, offset, stored_value: storedValue } = DEFAULT_TERMS;
    const terms: ProgrammeTerms = { discounts, offset, storedValue, ...stored };
    this.#terms.set(programmeId, terms);
    return terms;
  }

  /** Keeps terms that are newer than those that are known. */
  learn(terms: ProgrammeTerms): boolean {
    const { programmeId, revision } = terms;
    const known = this.terms(programmeId);
    if (known && known.revision >= revision) return false;
    this.#sql.exec(
      `INSERT INTO programme_terms (programme_id, revision, terms) VALUES (?, ?, ?)
       ON CONFLICT (programme_id) DO UPDATE SET revision = excluded.revision, terms = excluded.terms`,
      programmeId,
      revision,
      JSON.stringify(terms),
    );
    this.#terms.set(programmeId, terms);
    return true;
  }

  // ---- members

  profile(memberKey: string): Profile {
    const row = this.#all("SELECT profile FROM earners WHERE member_key = ?", memberKey)[0];
    return row
      ? { ...NEW_PROFILE, ...(JSON.parse(String(row["profile"])) as Partial<Profile>) }
      : NEW_PROFILE;
  }

  /** Read at every hold, hence without the rest of the profile. */
  isBlocked(memberKey: string): boolean {
    const row = this.#all(
      "SELECT 1 FROM earners WHERE member_key = ? AND profile ->> '$.isBlocked'",
      memberKey,
    )[0];
    return row !== undefined;
  }

  saveProfile(memberKey: string, profile: Profile): void {
    this.#touched(memberKey);
    const dueAtMs = profileDueAtMs(profile);
    if (dueAtMs !== null && this.#nextDueAtMs !== undefined) {
      this.#nextDueAtMs = Math.min(this.#nextDueAtMs, dueAtMs);
    }
    this.#sql.exec(
      `INSERT INTO earners (member_key, due_at_ms, profile) VALUES (?, ?, ?)
       ON CONFLICT (member_key) DO UPDATE SET due_at_ms = excluded.due_at_ms, profile = excluded.profile`,
      memberKey,
      dueAtMs,
      JSON.stringify(profile),
    );
  }

  due(nowMs: number, count: number): string[] {
    return this.#all(
      "SELECT member_key FROM earners WHERE due_at_ms <= ? ORDER BY due_at_ms LIMIT ?",
      nowMs,
      count,
    ).map((row) => String(row["member_key"]));
  }

  /** A member that could not be dealt with is looked at later, whatever the profile says. */
  postpone(memberKey: string, atMs: number): void {
    this.#sql.exec("UPDATE earners SET due_at_ms = ? WHERE member_key = ?", atMs, memberKey);
  }

  /** Rows were put right: what memory knows of them may be too early. */
  swept(): void {
    this.#nextDueAtMs = undefined;
  }

  nextDueAtMs(): number {
    if (this.#nextDueAtMs === undefined) {
      const query = "SELECT MIN(due_at_ms) AS due FROM earners WHERE due_at_ms IS NOT NULL";
      const due = this.#all(query)[0]?.["due"] ?? null;
      this.#nextDueAtMs = due === null ? Number.POSITIVE_INFINITY : Number(due);
    }
    return this.#nextDueAtMs;
  }

  /** Members of a programme with points that lapse, by key. */
  membersWithDeadlines(programmeId: string, after: string, count: number): string[] {
    return this.#all(
      `SELECT member_key FROM members WHERE member_key > ? AND member_key GLOB ? AND due_at_ms IS NOT NULL
       ORDER BY member_key LIMIT ?`,
      after,
      `${programmeId}:*`,
      count,
    ).map((row) => String(row["member_key"]));
  }

  /** Members of a programme whose birthday is known, by key. */
  membersWithBirthdays(programmeId: string, after: string, count: number): string[] {
    return this.#all(
      `SELECT member_key FROM earners WHERE member_key > ? AND member_key GLOB ?
         AND profile ->> '$.birthday' IS NOT NULL
       ORDER BY member_key LIMIT ?`,
      after,
      `${programmeId}:*`,
      count,
    ).map((row) => String(row["member_key"]));
  }

  // ---- events

  event(memberKey: string, eventId: string): EventRecord | null {
    const row = this.#all(
      "SELECT detail FROM earn_events WHERE member_key = ? AND event_id = ?",
      memberKey,
      eventId,
    )[0];
    return row ? (JSON.parse(String(row["detail"])) as EventRecord) : null;
  }

  countEvents(memberKey: string, kind: string): number {
    const row = this.#all(
      "SELECT COUNT(*) AS n FROM earn_events WHERE member_key = ? AND detail ->> '$.event.kind' = ?",
      memberKey,
      kind,
    )[0];
    return Number(row?.["n"] ?? 0);
  }

  /** The first of its kind; null: there was none. */
  firstEvent(memberKey: string, kind: string): EventRecord | null {
    const row = this.#all(
      "SELECT detail FROM earn_events WHERE member_key = ? AND detail ->> '$.event.kind' = ? ORDER BY position LIMIT 1",
      memberKey,
      kind,
    )[0];
    return row ? (JSON.parse(String(row["detail"])) as EventRecord) : null;
  }

  saveEvent(record: EventRecord): void {
    const { memberKey, eventId, atMs } = record.event;
    this.#touched(memberKey);
    this.#sql.exec(
      `INSERT INTO earn_events (member_key, event_id, at_ms, detail) VALUES (?, ?, ?, ?)
       ON CONFLICT (member_key, event_id) DO UPDATE SET detail = excluded.detail`,
      memberKey,
      eventId,
      atMs,
      JSON.stringify(record),
    );
  }

  /** By time, a page a call; the cursor is `time:position`. */
  pastEvents(request: PastEventsRequest): PastEventsPage {
    const { programmeId, fromMs, toMs, after, count } = request;
    const [at = "", position = ""] = after.split(":");
    const rows = this.#all(
      `SELECT position, at_ms, detail FROM earn_events
       WHERE at_ms >= ?1 AND at_ms < ?2 AND (at_ms > ?3 OR (at_ms = ?3 AND position > ?4)) AND member_key GLOB ?5
       ORDER BY at_ms, position LIMIT ?6`,
      fromMs,
      toMs,
      at === "" ? fromMs - 1 : Number(at),
      position === "" ? 0 : Number(position),
      // Programme ids have no sign that GLOB reads as another.
      `${programmeId}:*`,
      count,
    );
    const last = rows.at(-1);
    return {
      events: rows.map((row) => pastOf(JSON.parse(String(row["detail"])) as EventRecord)),
      next:
        last && rows.length === count
          ? `${Number(last["at_ms"])}:${Number(last["position"])}`
          : null,
    };
  }

  // ---- caps

  usage(memberKey: string): Map<string, CapUse> {
    const rows = this.#all(
      "SELECT cap_key, points, times FROM cap_usage WHERE member_key = ?",
      memberKey,
    );
    return new Map(
      rows.map((row) => [
        String(row["cap_key"]),
        { points: Number(row["points"]), times: Number(row["times"]) },
      ]),
    );
  }

  useCaps(memberKey: string, changes: readonly CapChange[]): void {
    for (const { key, points, times } of changes) {
      this.#sql.exec(
        `INSERT INTO cap_usage (member_key, cap_key, points, times) VALUES (?1, ?2, MAX(0, ?3), MAX(0, ?4))
         ON CONFLICT (member_key, cap_key) DO UPDATE SET points = MAX(0, points + ?3), times = MAX(0, times + ?4)`,
        memberKey,
        key,
        points,
        times,
      );
    }
  }

  forgetCaps(memberKey: string, keys: readonly string[]): void {
    for (const key of keys) {
      this.#sql.exec("DELETE FROM cap_usage WHERE member_key = ? AND cap_key = ?", memberKey, key);
    }
  }

  // ---- tasks

  task(memberKey: string, taskId: string, period: number): TaskProgress | null {
    const row = this.#all(
      "SELECT progress FROM task_progress WHERE member_key = ? AND task_id = ? AND period = ?",
      memberKey,
      taskId,
      period,
    )[0];
    return row ? (JSON.parse(String(row["progress"])) as TaskProgress) : null;
  }

  saveTask(memberKey: string, progress: TaskProgress): void {
    this.#sql.exec(
      `INSERT INTO task_progress (member_key, task_id, period, progress) VALUES (?, ?, ?, ?)
       ON CONFLICT (member_key, task_id, period) DO UPDATE SET progress = excluded.progress`,
      memberKey,
      progress.taskId,
      progress.period,
      JSON.stringify(progress),
    );
  }

  /** The newest periods of a task that were completed and not claimed. */
  claimable(memberKey: string, taskId: string): TaskProgress | null {
    const row = this.#all(
      `SELECT progress FROM task_progress WHERE member_key = ? AND task_id = ?
         AND progress ->> '$.completedAtMs' IS NOT NULL AND progress ->> '$.claimedAtMs' IS NULL
       ORDER BY period DESC LIMIT 1`,
      memberKey,
      taskId,
    )[0];
    return row ? (JSON.parse(String(row["progress"])) as TaskProgress) : null;
  }

  // ---- requests without a natural key

  /** The answer to a request id that is known, and what it asked. */
  request(memberKey: string, requestId: string): { body: string; reply: string | null } | null {
    const row = this.#all(
      "SELECT body, reply FROM earn_requests WHERE member_key = ? AND request_id = ?",
      memberKey,
      requestId,
    )[0];
    if (!row) return null;
    return {
      body: String(row["body"]),
      reply: row["reply"] === null ? null : String(row["reply"]),
    };
  }

  saveRequest(memberKey: string, requestId: string, body: string, reply: string | null): void {
    this.#sql.exec(
      `INSERT INTO earn_requests (member_key, request_id, body, reply) VALUES (?, ?, ?, ?)
       ON CONFLICT (member_key, request_id) DO UPDATE SET reply = excluded.reply`,
      memberKey,
      requestId,
      body,
      reply,
    );
  }
}

/** What goods may ask about a member, by the terms this Account knows. */
export function standingOf(store: EarningStore, memberKey: string, nowMs: number): MemberStanding {
  const profile = store.profile(memberKey);
  const terms = store.terms(splitMemberKey(memberKey).programmeId);
  const { lastStoreId } = profile;
  const facts = terms ? factsOf(profile, terms, nowMs) : { ...profile, tierId: null };
  const { tierId, segments, labels } = facts;
  return { tierId, segments, labels, lastStoreId };
}

/** An event as a dry run sees it: with what went back of it. */
function pastOf({ event, facts, joinedAtMs, returns, ...record }: EventRecord): PastTaskEvent {
  const { returnedFen, basisFen } = record;
  const past = { event, member: facts, joinedAtMs };
  const hasReturns = Object.keys(returns).length > 0;
  return hasReturns ? { ...past, returned: { returnedFen, basisFen } } : past;
}
