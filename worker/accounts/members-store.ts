/** Wallets of an Account: members and lots as rows ↔ model. Writes wait in memory until the commit's flush. */
import { invariant } from "../kernel/invariant.ts";
import { LIMITS } from "../kernel/limits.ts";
import { Lru } from "../kernel/lru.ts";
import { BulkWriter } from "../platform/bulk.ts";
import type { EntriesStore, LedgerEnd } from "./entries-store.ts";
import { writeMembers, type MemberChange, type MemberRow } from "./member-rows.ts";
import {
  assertWallet,
  newWallet,
  nextDueAtMs,
  remainingOf,
  withLots,
  withoutEmptyLots,
  type LotSlice,
  type PointsEntry,
  type PointsLot,
  type Wallet,
} from "./points/index.ts";
import type { Tally } from "./tally.ts";

type SqlRow = Record<string, SqlStorageValue>;

const LOT_ROWS = new BulkWriter(
  `INSERT INTO lots (member_key, lot_id, source, points, remaining, expires_at_ms, pending_until_ms, created_at_ms, origin_id,
     pending_event)`,
  10,
  "ON CONFLICT (member_key, lot_id) DO UPDATE SET remaining = excluded.remaining, pending_event = excluded.pending_event",
);

/** A member in memory. */
interface Kept {
  readonly wallet: Wallet;
  /** As it will be after the next flush; null: there is none. */
  readonly row: MemberRow | null;
}

export class MembersStore {
  readonly #sql: SqlStorage;
  readonly #tally: Tally;
  readonly #members = new Lru<string, Kept>(LIMITS.cachedMembersMax);
  /** Members changed since the last flush: the rows are behind them, so they are never read from there. */
  readonly #touched = new Map<string, Kept>();
  readonly #dirtyMembers = new Map<string, MemberChange>();
  readonly #dirtyLots = new Map<string, { memberKey: string; lot: PointsLot }>();
  readonly #entries: EntriesStore;
  /** Points of the member's pending orders: they are no column, so a hold writes a row less. */
  readonly #heldBy: (memberKey: string) => number;
  /** A wallet was changed. */
  readonly #wasTouched: (memberKey: string) => void;
  /** The earliest moment in the rows; undefined: not looked up yet. */
  #nextDueAtMs: number | null | undefined;

  constructor(
    sql: SqlStorage,
    tally: Tally,
    entries: EntriesStore,
    heldBy: (memberKey: string) => number,
    touched: (memberKey: string) => void,
  ) {
    this.#sql = sql;
    this.#tally = tally;
    this.#entries = entries;
    this.#heldBy = heldBy;
    this.#wasTouched = touched;
  }

  forget(): void {
    this.#members.clear();
    this.#touched.clear();
    this.#dirtyMembers.clear();
    this.#dirtyLots.clear();
    this.#nextDueAtMs = undefined;
  }

  wallet(memberKey: string): Wallet {
    return this.#kept(memberKey).wallet;
  }

  #kept(memberKey: string): Kept {
    const inMemory = this.#touched.get(memberKey) ?? this.#members.get(memberKey);
    if (inMemory) return inMemory;
    const row = this.#all("SELECT * FROM members WHERE member_key = ?", memberKey)[0];
    const kept: Kept = row
      ? { wallet: this.#readWallet(memberKey, row), row: readRow(row) }
      : { wallet: newWallet(memberKey), row: null };
    assertWallet(kept.wallet);
    this.#members.set(memberKey, kept);
    return kept;
  }

  /** Takes wallets into memory that will be asked for next. Outside a commit, so that no row is behind. */
  warm(memberKeys: readonly string[]): void {
    const missing = memberKeys.filter((key) => !this.#touched.has(key) && !this.#members.get(key));
    if (missing.length === 0) return;
    const named = JSON.stringify(missing);
    const lots = Map.groupBy(
      this.#all(
        `SELECT l.* FROM json_each(?) AS m CROSS JOIN lots AS l ON l.member_key = m.value
         WHERE l.remaining > 0 ORDER BY l.member_key, l.lot_id`,
        named,
      ),
      (row) => String(row["member_key"]),
    );
    const rows = this.#all(
      "SELECT s.* FROM json_each(?) AS m CROSS JOIN members AS s ON s.member_key = m.value",
      named,
    );
    for (const row of rows) {
      const memberKey = String(row["member_key"]);
      const own = (lots.get(memberKey) ?? []).map(readLot);
      const wallet = walletOf(memberKey, row, this.#heldBy(memberKey), own);
      assertWallet(wallet);
      this.#members.set(memberKey, { wallet, row: readRow(row) });
    }
  }

  /** Takes lots that are spent into warm wallets: what is given back opens them again. Outside a commit, as `warm` is. */
  warmLots(wanted: readonly { readonly memberKey: string; readonly lotId: number }[]): void {
    const missing = wanted.filter(({ memberKey, lotId }) => {
      const kept = this.#members.get(memberKey);
      return kept && !kept.wallet.lots.some((lot) => lot.lotId === lotId);
    });
    if (missing.length === 0) return;
    const rows = this.#all(
      `SELECT DISTINCT l.* FROM json_each(?) AS w CROSS JOIN lots AS l
       ON l.member_key = w.value ->> '$[0]' AND l.lot_id = w.value ->> '$[1]'`,
      JSON.stringify(missing.map(({ memberKey, lotId }) => [memberKey, lotId])),
    );
    for (const [memberKey, own] of Map.groupBy(rows, (row) => String(row["member_key"]))) {
      const { wallet, row } = this.#kept(memberKey);
      this.#members.set(memberKey, { wallet: withLots(wallet, own.map(readLot)), row });
    }
  }

  #readWallet(memberKey: string, row: SqlRow): Wallet {
    const lots = this.#all(
      "SELECT * FROM lots WHERE member_key = ? AND remaining > 0 ORDER BY lot_id",
      memberKey,
    ).map(readLot);
    return walletOf(memberKey, row, this.#heldBy(memberKey), lots);
  }

  /** As the rows say, empty lots included, whatever memory knows: for the audit. */
  walletOfRows(memberKey: string, held: number): Wallet {
    const row = this.#all("SELECT * FROM members WHERE member_key = ?", memberKey)[0];
    invariant(row, "a member that was listed has a row");
    const lots = this.#all("SELECT * FROM lots WHERE member_key = ? ORDER BY lot_id", memberKey);
    return walletOf(memberKey, row, held, lots.map(readLot));
  }

  /** The wallet with the lots of these slices in memory, empty ones included. */
  walletWithLots(memberKey: string, slices: readonly LotSlice[]): Wallet {
    const { wallet, row: memberRow } = this.#kept(memberKey);
    const missing = slices.filter((slice) => !wallet.lots.some((lot) => lot.lotId === slice.lotId));
    if (missing.length === 0) return wallet;
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
    const full = { wallet: withLots(wallet, lots), row: memberRow };
    this.#members.set(memberKey, full);
    if (this.#touched.has(memberKey)) this.#touched.set(memberKey, full);
    return full.wallet;
  }

  /** Keeps what changed between two states of a wallet for the flush, and hands on its new ledger entries. */
  save(before: Wallet, after: Wallet, entries: readonly PointsEntry[]): void {
    assertWallet(after);
    const { memberKey } = after;
    this.#wasTouched(memberKey);
    this.#keepLots(before, after);
    const { wallet: current, row } = this.#kept(memberKey);
    let end: LedgerEnd = { seq: current.seq, position: row?.lastPosition ?? null };
    for (const entry of entries) end = this.#entries.append(memberKey, entry, end);
    invariant(end.seq === after.seq, "a wallet counts every entry of its ledger");
    const rowDueAtMs = row?.dueAtMs ?? null;
    const dueAtMs = nextDueAtMs(after);
    const isDueEarlier = dueAtMs !== null && (rowDueAtMs === null || dueAtMs < rowDueAtMs);
    if (isDueEarlier) this.#expectDue(dueAtMs);
    const isRowBehind = after.seq !== before.seq || after.lotSeq !== before.lotSeq;
    const isDirty = isRowBehind || isDueEarlier || this.#dirtyMembers.has(memberKey);
    const next = isDirty ? this.#change(after, end.position, isDueEarlier ? dueAtMs : "keep") : row;
    this.#keep({ wallet: after, row: next });
    this.#tally.add({
      members: before.seq === 0 && after.seq > 0 ? 1 : 0,
      granted: after.granted - before.granted,
      inLots: remainingOf(after.lots) - remainingOf(before.lots),
      held: after.held - before.held,
      spent: after.spent - before.spent,
      expired: after.expired - before.expired,
      clawedBack: after.clawedBack - before.clawedBack,
      deficit: after.deficit - before.deficit,
      entries: entries.length,
    });
  }

  /** The row is written with the next flush. Says how it will be. */
  #change(wallet: Wallet, lastPosition: number | null, due: MemberChange["dueAtMs"]): MemberRow {
    const { memberKey, seq } = wallet;
    const { row } = this.#kept(memberKey);
    const dirty = this.#dirtyMembers.get(memberKey);
    const base = dirty ? dirty.base : row;
    const dueAtMs = due === "keep" && dirty ? dirty.dueAtMs : due;
    this.#dirtyMembers.set(memberKey, { wallet, lastPosition, dueAtMs, base });
    return { seq, lastPosition, dueAtMs: due === "keep" ? (row?.dueAtMs ?? null) : due };
  }

  /** Empty lots leave memory: who needs one finds it among the dirty lots or in its row. */
  #keep({ wallet, row }: Kept): void {
    const kept = { wallet: withoutEmptyLots(wallet), row };
    this.#members.set(wallet.memberKey, kept);
    this.#touched.set(wallet.memberKey, kept);
  }

  #keepLots(before: Wallet, after: Wallet): void {
    const { memberKey } = after;
    const old = new Map(before.lots.map((lot) => [lot.lotId, lot]));
    for (const lot of after.lots) {
      const was = old.get(lot.lotId);
      const isSame = was?.remaining === lot.remaining && was.pendingEvent === lot.pendingEvent;
      if (!isSame) this.#dirtyLots.set(`${memberKey} ${lot.lotId}`, { memberKey, lot });
    }
  }

  // ---- what lapses when

  /** Members with a lot that may have lapsed, longest overdue first. */
  dueMembers(nowMs: number, count: number): string[] {
    return this.#all(
      "SELECT member_key FROM members WHERE due_at_ms <= ? ORDER BY due_at_ms LIMIT ?",
      nowMs,
      count,
    ).map((row) => String(row["member_key"]));
  }

  /** The member was swept: its row says when to look again. */
  swept(memberKey: string, dueAtMs: number | null): void {
    const { wallet, row } = this.#kept(memberKey);
    this.#keep({ wallet, row: this.#change(wallet, row?.lastPosition ?? null, dueAtMs) });
    this.#nextDueAtMs = undefined;
  }

  /** A member that could not be swept is looked at later, whatever its lots say. */
  postpone(memberKey: string, atMs: number): void {
    this.#sql.exec("UPDATE members SET due_at_ms = ? WHERE member_key = ?", atMs, memberKey);
    this.#members.delete(memberKey);
    this.#nextDueAtMs = undefined;
  }

  /** The earliest moment at which some lot may lapse; infinity: none ever. */
  nextDueAtMs(): number {
    if (this.#nextDueAtMs === undefined) {
      const row = this.#sql
        .exec("SELECT MIN(due_at_ms) AS due FROM members WHERE due_at_ms IS NOT NULL")
        .one();
      this.#nextDueAtMs = numberOf(row["due"]);
    }
    return this.#nextDueAtMs ?? Number.POSITIVE_INFINITY;
  }

  #expectDue(dueAtMs: number): void {
    if (this.#nextDueAtMs === undefined) return;
    this.#nextDueAtMs = Math.min(this.#nextDueAtMs ?? dueAtMs, dueAtMs);
  }

  /** Writes what waits, a statement a table. Part of every commit. By how many entries the ledgers grow. */
  flush(): number {
    const grown = writeMembers(this.#sql, [...this.#dirtyMembers.values()]);
    this.#dirtyMembers.clear();
    if (this.#dirtyLots.size > 0) {
      LOT_ROWS.write(this.#sql, [...this.#dirtyLots.values()].map(lotRow));
      this.#dirtyLots.clear();
    }
    this.#touched.clear();
    return grown;
  }

  #all(query: string, ...bindings: SqlStorageValue[]): SqlRow[] {
    return this.#sql.exec<SqlRow>(query, ...bindings).toArray();
  }
}

function walletOf(
  memberKey: string,
  row: SqlRow,
  held: number,
  lots: readonly PointsLot[],
): Wallet {
  return {
    memberKey,
    seq: Number(row["seq"]),
    headHash: String(row["head_hash"]),
    granted: Number(row["granted"]),
    held,
    spent: Number(row["spent"]),
    expired: Number(row["expired"]),
    clawedBack: Number(row["clawed_back"]),
    deficit: Number(row["deficit"]),
    lotSeq: Number(row["lot_seq"]),
    lots,
  };
}

function readRow(row: SqlRow): MemberRow {
  return {
    seq: Number(row["seq"]),
    lastPosition: numberOf(row["last_position"]),
    dueAtMs: numberOf(row["due_at_ms"]),
  };
}

function lotRow({ memberKey, lot }: { memberKey: string; lot: PointsLot }): SqlStorageValue[] {
  const { lotId, source, points, remaining, expiresAtMs, pendingUntilMs, earnedAtMs } = lot;
  const amounts = [lotId, source, points, remaining, expiresAtMs, pendingUntilMs, earnedAtMs];
  return [memberKey, ...amounts, lot.originId, lot.pendingEvent];
}

function readLot(row: SqlRow): PointsLot {
  return {
    lotId: Number(row["lot_id"]),
    source: String(row["source"]),
    originId: textOf(row["origin_id"]),
    points: Number(row["points"]),
    remaining: Number(row["remaining"]),
    expiresAtMs: numberOf(row["expires_at_ms"]),
    pendingUntilMs: numberOf(row["pending_until_ms"]),
    pendingEvent: textOf(row["pending_event"]),
    earnedAtMs: Number(row["created_at_ms"]),
  };
}

function numberOf(value: SqlStorageValue | undefined): number | null {
  return value === null || value === undefined ? null : Number(value);
}

function textOf(value: SqlStorageValue | undefined): string | null {
  return value === null || value === undefined ? null : String(value);
}
