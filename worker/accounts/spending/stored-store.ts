/** Stored value of an Account: rows ↔ model, and how far D1 has its ledger. Every write is at once, inside the commit. */
import type { Watermarks } from "../../platform/watermarks.ts";
import {
  assertStored,
  newStoredWallet,
  ownedFen,
  type StoredEntry,
  type StoredWallet,
  type TopUp,
} from "../stored-value/index.ts";

type SqlRow = Record<string, SqlStorageValue>;
export type StoredMark = "stored_projected";

export interface PlacedStoredEntry {
  /** Counts the entries of this object; what D1 is sent follows it. */
  readonly position: number;
  readonly memberKey: string;
  readonly entry: StoredEntry;
}

export interface StoredEntryPage {
  readonly entries: readonly StoredEntry[];
  readonly nextBeforeSeq: number | null;
}

export class StoredStore {
  readonly #sql: SqlStorage;
  readonly #marks: Watermarks<StoredMark>;
  /** Undefined: not looked up. */
  #lastPosition: number | undefined;
  #nextAskAtMs: number | undefined;

  constructor(sql: SqlStorage, marks: Watermarks<StoredMark>) {
    this.#sql = sql;
    this.#marks = marks;
  }

  forget(): void {
    this.#lastPosition = undefined;
    this.#nextAskAtMs = undefined;
  }

  // ---- the wallet and its ledger

  wallet(memberKey: string): StoredWallet {
    const row = this.#all("SELECT * FROM stored_wallets WHERE member_key = ?", memberKey)[0];
    if (!row) return newStoredWallet(memberKey);
    const wallet = readWallet(row);
    assertStored(wallet);
    return wallet;
  }

  /** Whether money is there, held, or on its way in. */
  hasAny(memberKey: string): boolean {
    return ownedFen(this.wallet(memberKey)) > 0 || this.openTopUps(memberKey).length > 0;
  }

  isKnown(memberKey: string, naturalKey: string): boolean {
    const rows = this.#all(
      "SELECT 1 FROM stored_entries WHERE member_key = ? AND natural_key = ?",
      memberKey,
      naturalKey,
    );
    return rows.length > 0;
  }

  save(wallet: StoredWallet, entry: StoredEntry): void {
    assertStored(wallet);
    const { memberKey, seq, headHash, balanceFen, heldFen, toppedUpFen, spentFen } = wallet;
    const position = this.#last + 1;
    this.#sql.exec(
      "INSERT INTO stored_entries (position, member_key, seq, natural_key, detail) VALUES (?, ?, ?, ?, ?)",
      position,
      memberKey,
      entry.seq,
      entry.naturalKey,
      JSON.stringify(entry),
    );
    this.#sql.exec(
      `INSERT INTO stored_wallets (member_key, seq, head_hash, balance_fen, held_fen, topped_up_fen, spent_fen)
       VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (member_key) DO UPDATE SET seq = excluded.seq, head_hash = excluded.head_hash,
         balance_fen = excluded.balance_fen, held_fen = excluded.held_fen, topped_up_fen = excluded.topped_up_fen,
         spent_fen = excluded.spent_fen`,
      ...[memberKey, seq, headHash, balanceFen, heldFen, toppedUpFen, spentFen],
    );
    this.#lastPosition = position;
  }

  get #last(): number {
    this.#lastPosition ??= Number(
      this.#sql.exec("SELECT COALESCE(MAX(position), 0) AS last FROM stored_entries").one()["last"],
    );
    return this.#lastPosition;
  }

  /** Newest first; one more is read than is shown, which says whether it goes on. */
  page(memberKey: string, beforeSeq: number, count: number): StoredEntryPage {
    const rows = this.#all(
      "SELECT detail FROM stored_entries WHERE member_key = ? AND seq < ? ORDER BY seq DESC LIMIT ?",
      memberKey,
      beforeSeq,
      count + 1,
    );
    const entries = rows.slice(0, count).map(readEntry);
    return { entries, nextBeforeSeq: rows.length > count ? (entries.at(-1)?.seq ?? null) : null };
  }

  // ---- how far D1 has it

  get waitingCount(): number {
    return this.#last - this.#marks.get("stored_projected");
  }

  waiting(count: number): PlacedStoredEntry[] {
    return this.#all(
      "SELECT position, member_key, detail FROM stored_entries WHERE position > ? ORDER BY position LIMIT ?",
      this.#marks.get("stored_projected"),
      count,
    ).map((row) => ({
      position: Number(row["position"]),
      memberKey: String(row["member_key"]),
      entry: readEntry(row),
    }));
  }

  projected(position: number): void {
    this.#marks.set("stored_projected", position);
  }

  // ---- top-ups

  topUp(memberKey: string, topUpId: string): TopUp | null {
    const row = this.#all(
      "SELECT detail FROM stored_top_ups WHERE member_key = ? AND top_up_id = ?",
      memberKey,
      topUpId,
    )[0];
    return row ? readTopUp(row) : null;
  }

  saveTopUp(topUp: TopUp): void {
    this.#sql.exec(
      `INSERT INTO stored_top_ups (member_key, top_up_id, due_at_ms, detail) VALUES (?, ?, ?, ?)
       ON CONFLICT (member_key, top_up_id) DO UPDATE SET due_at_ms = excluded.due_at_ms, detail = excluded.detail`,
      topUp.memberKey,
      topUp.topUpId,
      topUp.askAtMs,
      JSON.stringify(topUp),
    );
    this.#nextAskAtMs = undefined;
  }

  openTopUps(memberKey: string): TopUp[] {
    return this.#all(
      "SELECT detail FROM stored_top_ups WHERE member_key = ? AND due_at_ms IS NOT NULL",
      memberKey,
    ).map(readTopUp);
  }

  nextAskAtMs(): number {
    if (this.#nextAskAtMs === undefined) {
      const row = this.#sql
        .exec("SELECT MIN(due_at_ms) AS at FROM stored_top_ups WHERE due_at_ms IS NOT NULL")
        .one();
      this.#nextAskAtMs = row["at"] === null ? Number.POSITIVE_INFINITY : Number(row["at"]);
    }
    return this.#nextAskAtMs;
  }

  dueTopUps(nowMs: number, count: number): TopUp[] {
    return this.#all(
      "SELECT detail FROM stored_top_ups WHERE due_at_ms <= ? ORDER BY due_at_ms LIMIT ?",
      nowMs,
      count,
    ).map(readTopUp);
  }

  // ---- proving

  /** Members after `after`, in the order of their keys. */
  members(after: string, count: number): string[] {
    return this.#all(
      "SELECT member_key FROM stored_wallets WHERE member_key > ? ORDER BY member_key LIMIT ?",
      after,
      count,
    ).map((row) => String(row["member_key"]));
  }

  *ledgerOf(memberKey: string): Generator<StoredEntry> {
    const rows = this.#all(
      "SELECT detail FROM stored_entries WHERE member_key = ? ORDER BY seq",
      memberKey,
    );
    for (const row of rows) yield readEntry(row);
  }

  sums(): { owned: number; toppedUp: number; spent: number; entries: number; members: number } {
    const row = this.#sql
      .exec(
        `SELECT COALESCE(SUM(balance_fen + held_fen), 0) AS owned, COALESCE(SUM(topped_up_fen), 0) AS topped_up,
           COALESCE(SUM(spent_fen), 0) AS spent, COALESCE(SUM(seq), 0) AS entries, COUNT(*) AS members
         FROM stored_wallets`,
      )
      .one();
    return {
      owned: Number(row["owned"]),
      toppedUp: Number(row["topped_up"]),
      spent: Number(row["spent"]),
      entries: Number(row["entries"]),
      members: Number(row["members"]),
    };
  }

  #all(query: string, ...bindings: SqlStorageValue[]): SqlRow[] {
    return this.#sql.exec<SqlRow>(query, ...bindings).toArray();
  }
}

function readWallet(row: SqlRow): StoredWallet {
  return {
    memberKey: String(row["member_key"]),
    seq: Number(row["seq"]),
    headHash: String(row["head_hash"]),
    balanceFen: Number(row["balance_fen"]),
    heldFen: Number(row["held_fen"]),
    toppedUpFen: Number(row["topped_up_fen"]),
    spentFen: Number(row["spent_fen"]),
  };
}

const readEntry = (row: SqlRow): StoredEntry => JSON.parse(String(row["detail"])) as StoredEntry;
const readTopUp = (row: SqlRow): TopUp => JSON.parse(String(row["detail"])) as TopUp;
