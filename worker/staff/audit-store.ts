/** The audit log in D1: appended in batches, one chain a programme, read by filters and verified by cursor. */
import type { AuditedCall } from "../platform/http/audited.ts";
import { describeError, log } from "../platform/log.ts";
import { chainHash, followChain, GENESIS, type ChainHead, type ChainLine } from "./chain.ts";

/** What one line says; the stored text of it is what the hash is over. */
export interface AuditEntry extends Omit<AuditedCall, "programmeId"> {
  readonly entryId: string;
}

export interface AuditLine {
  readonly seq: number;
  readonly hash: string;
  readonly entry: AuditEntry;
}

interface Waiting {
  readonly call: AuditedCall;
  readonly entryId: string;
}

const BATCH_MAX = 200;
/** Entries an isolate keeps while D1 is away; more are only in the log of the runtime. */
const KEPT_MAX = 2_000;
const TRIES = 6;

/**
 * Appends in groups: what comes in while one statement is under way goes with the next. Other isolates append to the same
 * chain, so a sequence number may be taken by then; the primary key says so and the group is chained anew.
 */
class Appender {
  #waiting: Waiting[] = [];
  #running: Promise<void> | null = null;

  async append(db: D1Database, call: AuditedCall): Promise<void> {
    if (this.#waiting.length >= KEPT_MAX) {
      log("audit_entry_dropped", { action: call.action, atMs: call.atMs });
      return;
    }
    this.#waiting.push({ call, entryId: crypto.randomUUID() });
    // The run under way may have taken its batch before this entry came, so one more follows it.
    const before = this.#running;
    if (before) await before;
    this.#running ??= this.#drain(db).finally(() => {
      this.#running = null;
    });
    await this.#running;
  }

  async #drain(db: D1Database): Promise<void> {
    while (this.#waiting.length > 0) {
      const [first] = this.#waiting;
      const programmeId = first?.call.programmeId ?? "";
      const group = this.#waiting
        .filter(({ call }) => call.programmeId === programmeId)
        .slice(0, BATCH_MAX);
      try {
        await appendGroup(db, programmeId, group);
      } catch (error) {
        // The act is done and cannot be undone for want of its line: the line waits for the next one, and is said here.
        log("audit_append_failed", { error: describeError(error), waiting: this.#waiting.length });
        return;
      }
      const written = new Set(group);
      this.#waiting = this.#waiting.filter((one) => !written.has(one));
    }
  }
}

async function appendGroup(
  db: D1Database,
  programmeId: string,
  group: readonly Waiting[],
): Promise<void> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const known = await knownEntries(db, group);
    let head = await headOf(db, programmeId);
    const rows = group
      .filter(({ entryId }) => !known.has(entryId))
      .map(({ call, entryId }) => {
        const { programmeId: _, ...said } = call;
        const entry: AuditEntry = { entryId, ...said };
        const text = JSON.stringify(entry);
        const seq = head.seq + 1;
        head = { seq, hash: chainHash(head.hash, programmeId, seq, text) };
        const { atMs, actor, action, subject, status } = said;
        return [programmeId, seq, entryId, atMs, actor, action, subject, status, text, head.hash];
      });
    if (rows.length === 0) return;
    try {
      await db.prepare(INSERT).bind(JSON.stringify(rows)).run();
      return;
    } catch (error) {
      if (!/UNIQUE|constraint/i.test(String(error))) throw error;
    }
  }
  throw new Error("the head of the audit log moved on every try");
}

const INSERT = `INSERT INTO audit_log (programme_id, seq, entry_id, at_ms, actor, action, subject, status, entry, hash)
  SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7, value ->> 8, value ->> 9
  FROM json_each(?1)`;

/** A lost acknowledgement of D1 must not become a second line. */
async function knownEntries(db: D1Database, group: readonly Waiting[]): Promise<Set<string>> {
  const ids = JSON.stringify(group.map(({ entryId }) => entryId));
  const { results } = await db
    .prepare("SELECT entry_id FROM audit_log WHERE entry_id IN (SELECT value FROM json_each(?1))")
    .bind(ids)
    .all<{ entry_id: string }>();
  return new Set(results.map((row) => row.entry_id));
}

export async function headOf(db: D1Database, programmeId: string): Promise<ChainHead> {
  const row = await db
    .prepare("SELECT seq, hash FROM audit_log WHERE programme_id = ?1 ORDER BY seq DESC LIMIT 1")
    .bind(programmeId)
    .first<ChainHead>();
  return row ?? { seq: 0, hash: GENESIS };
}

/** One per binding, so that what one database keeps waiting holds nobody up at another. */
const appenders = new WeakMap<D1Database, Appender>();

export function appendAudit(db: D1Database, call: AuditedCall): Promise<void> {
  let appender = appenders.get(db);
  if (!appender) {
    appender = new Appender();
    appenders.set(db, appender);
  }
  return appender.append(db, call);
}

export interface AuditFilter {
  readonly actor: string | null;
  readonly action: string | null;
  readonly subject: string | null;
  readonly fromMs: number | null;
  readonly toMs: number | null;
  /** Lines before this sequence number. */
  readonly beforeSeq: number | null;
  readonly limit: number;
}

/** Newest first. `action` and `subject` match from their beginning; what has to be sorted for that are numbers of an index, not lines. */
export async function listAudit(
  db: D1Database,
  programmeId: string,
  filter: AuditFilter,
): Promise<AuditLine[]> {
  const wheres = ["programme_id = ?"];
  const values: (string | number)[] = [programmeId];
  const add = (sql: string, ...bound: (string | number)[]): void => {
    wheres.push(sql);
    values.push(...bound);
  };
  if (filter.actor !== null) add("actor = ?", filter.actor);
  if (filter.action !== null) add("action >= ? AND action < ?", ...prefix(filter.action));
  if (filter.subject !== null) add("subject >= ? AND subject < ?", ...prefix(filter.subject));
  if (filter.fromMs !== null) add("at_ms >= ?", filter.fromMs);
  if (filter.toMs !== null) add("at_ms < ?", filter.toMs);
  if (filter.beforeSeq !== null) add("seq < ?", filter.beforeSeq);
  const { results } = await db
    .prepare(
      `SELECT seq, hash, entry FROM audit_log WHERE programme_id = ? AND seq IN
         (SELECT seq FROM audit_log WHERE ${wheres.join(" AND ")} ORDER BY seq DESC LIMIT ${filter.limit})
       ORDER BY seq DESC`,
    )
    .bind(programmeId, ...values)
    .all<ChainLine>();
  return results.map(({ seq, hash, entry }) => ({
    seq,
    hash,
    entry: JSON.parse(entry) as AuditEntry,
  }));
}

const prefix = (text: string): [string, string] => [text, `${text}\u{10ffff}`];

const VERIFY_ROWS = 2_000;

export interface VerifiedPage {
  readonly checked: number;
  readonly head: ChainHead;
  readonly brokenAt: number | null;
  /** Pass it on until it is null. */
  readonly nextSeq: number | null;
}

/** Follows the chain of a programme from after `fromSeq`; the hash of that line is believed, an earlier page proved it. */
export async function verifyAudit(
  db: D1Database,
  programmeId: string,
  fromSeq: number,
): Promise<VerifiedPage> {
  const { results } = await db
    .prepare(
      `SELECT seq, hash, entry FROM audit_log WHERE programme_id = ?1 AND seq >= ?2 ORDER BY seq LIMIT ${VERIFY_ROWS + 1}`,
    )
    .bind(programmeId, Math.max(1, fromSeq))
    .all<ChainLine>();
  const isFirstPage = fromSeq < 1;
  const [first, ...rest] = results;
  if (!isFirstPage && first?.seq !== fromSeq) {
    return { checked: 0, head: { seq: fromSeq, hash: "" }, brokenAt: fromSeq, nextSeq: null };
  }
  const lines = isFirstPage ? results : rest;
  const start: ChainHead = isFirstPage || !first ? { seq: 0, hash: GENESIS } : first;
  const { head, brokenAt } = followChain(programmeId, { seq: start.seq, hash: start.hash }, lines);
  const isMore = brokenAt === null && results.length > VERIFY_ROWS;
  return { checked: lines.length, head, brokenAt, nextSeq: isMore ? head.seq : null };
}
