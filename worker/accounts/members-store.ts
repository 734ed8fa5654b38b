/** Members and lots of an Account: rows ↔ model. Writes wait in memory until the commit's flush. */
import { invariant } from "../kernel/invariant.ts";
import { LIMITS } from "../kernel/limits.ts";
import { Lru } from "../kernel/lru.ts";
import { BulkWriter } from "../platform/bulk.ts";
import type { EntriesStore } from "./entries-store.ts";
import type { LedgerEntry } from "./ledger.ts";
import type { Lot, LotSlice } from "./lots.ts";
import { assertMember, inLots, newMember, type Member } from "./model.ts";
import type { Tally } from "./tally.ts";

type SqlRow = Record<string, SqlStorageValue>;

const MEMBER_ROWS = new BulkWriter(
  "INSERT INTO members (member_key, seq, head_hash, granted, spent, expired, lot_seq)",
  7,
  `ON CONFLICT (member_key) DO UPDATE SET seq = excluded.seq, head_hash = excluded.head_hash, granted = excluded.granted,
     spent = excluded.spent, expired = excluded.expired, lot_seq = excluded.lot_seq`,
);
const LOT_ROWS = new BulkWriter(
  "INSERT INTO lots (member_key, lot_id, source, points, remaining, expires_at_ms, pending_until_ms, created_at_ms)",
  8,
  "ON CONFLICT (member_key, lot_id) DO UPDATE SET remaining = excluded.remaining",
);

export class MembersStore {
  readonly #sql: SqlStorage;
  readonly #tally: Tally;
  readonly #members = new Lru<string, Member>(LIMITS.cachedMembersMax);
  /** Members changed since the last flush: the rows are behind them, so they are never read from there. */
  readonly #touched = new Map<string, Member>();
  readonly #dirtyMembers = new Map<string, Member>();
  readonly #dirtyLots = new Map<string, { memberKey: string; lot: Lot }>();
  readonly #entries: EntriesStore;
  /** Points of the member's pending orders: they are no column, so a hold writes a row less. */
  readonly #heldBy: (memberKey: string) => number;

  constructor(
    sql: SqlStorage,
    tally: Tally,
    entries: EntriesStore,
    heldBy: (memberKey: string) => number,
  ) {
    this.#sql = sql;
    this.#tally = tally;
    this.#entries = entries;
    this.#heldBy = heldBy;
  }

  forget(): void {
    this.#members.clear();
    this.#touched.clear();
    this.#dirtyMembers.clear();
    this.#dirtyLots.clear();
  }

  member(memberKey: string): Member {
    const cached = this.#touched.get(memberKey) ?? this.#members.get(memberKey);
    if (cached) return cached;
    const row = this.#all("SELECT * FROM members WHERE member_key = ?", memberKey)[0];
    const member = row ? this.#readMember(memberKey, row) : newMember(memberKey);
    assertMember(member);
    this.#members.set(memberKey, member);
    return member;
  }

  #readMember(memberKey: string, row: SqlRow): Member {
    const lots = this.#all(
      "SELECT * FROM lots WHERE member_key = ? AND remaining > 0 ORDER BY lot_id",
      memberKey,
    ).map(readLot);
    return {
      memberKey,
      seq: Number(row["seq"]),
      headHash: String(row["head_hash"]),
      granted: Number(row["granted"]),
      held: this.#heldBy(memberKey),
      spent: Number(row["spent"]),
      expired: Number(row["expired"]),
      lotSeq: Number(row["lot_seq"]),
      lots,
    };
  }

  /** The member with the lots of these slices in memory, empty ones included. */
  memberWithLots(memberKey: string, slices: readonly LotSlice[]): Member {
    const member = this.member(memberKey);
    const missing = slices.filter((slice) => !member.lots.some((lot) => lot.lotId === slice.lotId));
    if (missing.length === 0) return member;
    const lots = missing.map((slice) => {
      const dirty = this.#dirtyLots.get(`${memberKey} ${slice.lotId}`);
      if (dirty) return dirty.lot;
      const row = this.#all(
        "SELECT * FROM lots WHERE member_key = ? AND lot_id = ?",
        memberKey,
        slice.lotId,
      )[0];
      invariant(row, "a slice names a lot of its member");
      return readLot(row);
    });
    const full = { ...member, lots: [...member.lots, ...lots].sort((a, b) => a.lotId - b.lotId) };
    this.#members.set(memberKey, full);
    if (this.#touched.has(memberKey)) this.#touched.set(memberKey, full);
    return full;
  }

  /** Keeps what changed between two states of a member for the flush, and hands on its new ledger entries. */
  save(before: Member, after: Member, entries: readonly LedgerEntry[], nowMs: number): void {
    assertMember(after);
    const { memberKey } = after;
    const old = new Map(before.lots.map((lot) => [lot.lotId, lot]));
    for (const lot of after.lots) {
      if (old.get(lot.lotId)?.remaining !== lot.remaining) {
        this.#dirtyLots.set(`${memberKey} ${lot.lotId}`, { memberKey, lot });
      }
    }
    const isRowBehind = after.seq !== before.seq || after.lotSeq !== before.lotSeq;
    if (isRowBehind || this.#dirtyMembers.has(memberKey)) this.#dirtyMembers.set(memberKey, after);
    for (const entry of entries) this.#entries.append(memberKey, entry, nowMs);
    this.#members.set(memberKey, after);
    this.#touched.set(memberKey, after);
    this.#tally.add({
      members: before.seq === 0 && after.seq > 0 ? 1 : 0,
      granted: after.granted - before.granted,
      inLots: inLots(after) - inLots(before),
      held: after.held - before.held,
      spent: after.spent - before.spent,
      expired: after.expired - before.expired,
      entries: entries.length,
    });
  }

  /** Writes what waits, a statement a table. Part of every commit. */
  flush(): void {
    if (this.#dirtyMembers.size > 0) {
      MEMBER_ROWS.write(this.#sql, [...this.#dirtyMembers.values()].map(memberRow));
      this.#dirtyMembers.clear();
    }
    if (this.#dirtyLots.size > 0) {
      LOT_ROWS.write(this.#sql, [...this.#dirtyLots.values()].map(lotRow));
      this.#dirtyLots.clear();
    }
    this.#touched.clear();
  }

  #all(query: string, ...bindings: SqlStorageValue[]): SqlRow[] {
    return this.#sql.exec<SqlRow>(query, ...bindings).toArray();
  }
}

function memberRow(member: Member): SqlStorageValue[] {
  const { memberKey, seq, headHash, granted, spent, expired, lotSeq } = member;
  return [memberKey, seq, headHash, granted, spent, expired, lotSeq];
}

function lotRow({ memberKey, lot }: { memberKey: string; lot: Lot }): SqlStorageValue[] {
  const { lotId, source, points, remaining, expiresAtMs, pendingUntilMs, createdAtMs } = lot;
  return [memberKey, lotId, source, points, remaining, expiresAtMs, pendingUntilMs, createdAtMs];
}

function readLot(row: SqlRow): Lot {
  return {
    lotId: Number(row["lot_id"]),
    source: String(row["source"]),
    points: Number(row["points"]),
    remaining: Number(row["remaining"]),
    expiresAtMs: row["expires_at_ms"] === null ? null : Number(row["expires_at_ms"]),
    pendingUntilMs: row["pending_until_ms"] === null ? null : Number(row["pending_until_ms"]),
    createdAtMs: Number(row["created_at_ms"]),
  };
}
