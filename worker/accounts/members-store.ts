/** Wallets of an Account: members and lots as rows ↔ model. Writes wait in memory until the commit's flush. */
import { invariant } from "../kernel/invariant.ts";
import { LIMITS } from "../kernel/limits.ts";
import { Lru } from "../kernel/lru.ts";
import { BulkWriter } from "../platform/bulk.ts";
import type { EntriesStore } from "./entries-store.ts";
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

const COLUMNS =
  "member_key, seq, head_hash, granted, spent, expired, clawed_back, deficit, lot_seq";
const CHANGES = `seq = excluded.seq, head_hash = excluded.head_hash, granted = excluded.granted, spent = excluded.spent,
  expired = excluded.expired, clawed_back = excluded.clawed_back, deficit = excluded.deficit, lot_seq = excluded.lot_seq`;
const MEMBER_ROWS = new BulkWriter(
  `INSERT INTO members (${COLUMNS})`,
  9,
  `ON CONFLICT (member_key) DO UPDATE SET ${CHANGES}`,
);
/** Apart, because naming a column of an index in an update writes the index, whether it changes or not. */
const MEMBER_ROWS_WITH_DUE = new BulkWriter(
  `INSERT INTO members (${COLUMNS}, due_at_ms)`,
  10,
  `ON CONFLICT (member_key) DO UPDATE SET ${CHANGES}, due_at_ms = excluded.due_at_ms`,
);
const LOT_ROWS = new BulkWriter(
  `INSERT INTO lots (member_key, lot_id, source, points, remaining, expires_at_ms, pending_until_ms, created_at_ms, origin_id,
     pending_event)`,
  10,
  "ON CONFLICT (member_key, lot_id) DO UPDATE SET remaining = excluded.remaining, pending_event = excluded.pending_event",
);

/** A member in memory. */
interface Kept {
  readonly wallet: Wallet;
  /** `due_at_ms` of the row, as it will be after the next flush. */
  readonly rowDueAtMs: number | null;
}

interface DirtyMember {
  readonly wallet: Wallet;
  /** `keep`: the row's moment is early enough. */
  readonly dueAtMs: number | null | "keep";
}

export class MembersStore {
  readonly #sql: SqlStorage;
  readonly #tally: Tally;
  readonly #members = new Lru<string, Kept>(LIMITS.cachedMembersMax);
  /** Members changed since the last flush: the rows are behind them, so they are never read from there. */
  readonly #touched = new Map<string, Kept>();
  readonly #dirtyMembers = new Map<string, DirtyMember>();
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
      ? { wallet: this.#readWallet(memberKey, row), rowDueAtMs: momentOf(row["due_at_ms"]) }
      : { wallet: newWallet(memberKey), rowDueAtMs: null };
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
      this.#members.set(memberKey, { wallet, rowDueAtMs: momentOf(row["due_at_ms"]) });
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
      const { wallet, rowDueAtMs } = this.#kept(memberKey);
      this.#members.set(memberKey, { wallet: withLots(wallet, own.map(readLot)), rowDueAtMs });
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
    const { wallet, rowDueAtMs } = this.#kept(memberKey);
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
    const full = { wallet: withLots(wallet, lots), rowDueAtMs };
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
    const { rowDueAtMs } = this.#kept(memberKey);
    const dueAtMs = nextDueAtMs(after);
    const isDueEarlier = dueAtMs !== null && (rowDueAtMs === null || dueAtMs < rowDueAtMs);
    if (isDueEarlier) this.#expectDue(dueAtMs);
    const isRowBehind = after.seq !== before.seq || after.lotSeq !== before.lotSeq;
    const dirty = this.#dirtyMembers.get(memberKey);
    if (isRowBehind || isDueEarlier || dirty) {
      const due = isDueEarlier ? dueAtMs : (dirty?.dueAtMs ?? "keep");
      this.#dirtyMembers.set(memberKey, { wallet: after, dueAtMs: due });
    }
    for (const entry of entries) this.#entries.append(memberKey, entry);
    this.#keep({ wallet: after, rowDueAtMs: isDueEarlier ? dueAtMs : rowDueAtMs });
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

  /** Empty lots leave memory: who needs one finds it among the dirty lots or in its row. */
  #keep({ wallet, rowDueAtMs }: Kept): void {
    const kept = { wallet: withoutEmptyLots(wallet), rowDueAtMs };
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
    const { wallet } = this.#kept(memberKey);
    this.#dirtyMembers.set(memberKey, { wallet, dueAtMs });
    this.#keep({ wallet, rowDueAtMs: dueAtMs });
    this.#nextDueAtMs = undefined;
  }

  /** The earliest moment at which some lot may lapse; infinity: none ever. */
  nextDueAtMs(): number {
    if (this.#nextDueAtMs === undefined) {
      const row = this.#sql
        .exec("SELECT MIN(due_at_ms) AS due FROM members WHERE due_at_ms IS NOT NULL")
        .one();
      this.#nextDueAtMs = momentOf(row["due"]);
    }
    return this.#nextDueAtMs ?? Number.POSITIVE_INFINITY;
  }

  #expectDue(dueAtMs: number): void {
    if (this.#nextDueAtMs === undefined) return;
    this.#nextDueAtMs = Math.min(this.#nextDueAtMs ?? dueAtMs, dueAtMs);
  }

  /** Writes what waits, a statement a table. Part of every commit. */
  flush(): void {
    if (this.#dirtyMembers.size > 0) {
      const dirty = [...this.#dirtyMembers.values()];
      const kept = dirty.filter(({ dueAtMs }) => dueAtMs === "keep");
      MEMBER_ROWS.write(this.#sql, kept.map(memberRow));
      const due = dirty.filter(({ dueAtMs }) => dueAtMs !== "keep");
      const rows = due.map((one) => [...memberRow(one), one.dueAtMs as number | null]);
      MEMBER_ROWS_WITH_DUE.write(this.#sql, rows);
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

function memberRow({ wallet }: DirtyMember): SqlStorageValue[] {
  const { memberKey, seq, headHash, granted, spent, expired, clawedBack, deficit, lotSeq } = wallet;
  return [memberKey, seq, headHash, granted, spent, expired, clawedBack, deficit, lotSeq];
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
    expiresAtMs: momentOf(row["expires_at_ms"]),
    pendingUntilMs: momentOf(row["pending_until_ms"]),
    pendingEvent: textOf(row["pending_event"]),
    earnedAtMs: Number(row["created_at_ms"]),
  };
}

function momentOf(value: SqlStorageValue | undefined): number | null {
  return value === null || value === undefined ? null : Number(value);
}

function textOf(value: SqlStorageValue | undefined): string | null {
  return value === null || value === undefined ? null : String(value);
}
