/** Rows of an Account object ↔ the model. The only place that knows its SQL. */
import { invariant } from "../kernel/invariant.ts";
import { LIMITS } from "../kernel/limits.ts";
import { Lru } from "../kernel/lru.ts";
import type { FinalRefusal } from "../kernel/refusal.ts";
import type { SaleTerms } from "../redemption/index.ts";
import { GENESIS_HASH, type EntryType, type LedgerEntry } from "./ledger.ts";
import type { Lot, LotSlice } from "./lots.ts";
import { assertMember, newMember, type Booking, type Member } from "./model.ts";
import { assertOrder, type HoldState, type LimitUsage, type Order, type OrderGoods } from "./orders.ts";

/** Sums over the whole bucket, kept for the shallow audit. */
export interface AccountCounters {
  members: number;
  granted: number;
  inLots: number;
  held: number;
  spent: number;
  expired: number;
  entries: number;
  pendingHolds: number;
  postedOrders: number;
  cancelledOrders: number;
  liveUnits: number;
}

const NO_COUNTERS: AccountCounters = {
  members: 0,
  granted: 0,
  inLots: 0,
  held: 0,
  spent: 0,
  expired: 0,
  entries: 0,
  pendingHolds: 0,
  postedOrders: 0,
  cancelledOrders: 0,
  liveUnits: 0,
};

type SqlRow = Record<string, SqlStorageValue>;

export class AccountStore {
  readonly #sql: SqlStorage;
  readonly #members = new Lru<string, Member>(LIMITS.cachedMembersMax);
  readonly #terms = new Lru<string, SaleTerms>(LIMITS.cachedSalesMax);
  /** Every pending order, by sale: what has to be asked about. Mirrors the partial index. */
  readonly #pending = new Map<string, Map<string, Order>>();
  #counters: AccountCounters | null = null;
  #countersDirty = false;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    this.#loadPending();
  }

  /** Forgets everything that memory knows beyond the rows. */
  forget(): void {
    this.#members.clear();
    this.#terms.clear();
    this.#pending.clear();
    this.#counters = null;
    this.#countersDirty = false;
    this.#loadPending();
  }

  // ---- members, lots, ledger

  member(memberKey: string): Member {
    const cached = this.#members.get(memberKey);
    if (cached) return cached;
    const row = this.#first("SELECT * FROM members WHERE member_key = ?", memberKey);
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
    const held = this.#first(
      "SELECT COALESCE(SUM(points), 0) AS held FROM orders WHERE member_key = ? AND hold = 'pending'",
      memberKey,
    );
    return {
      memberKey,
      seq: Number(row["seq"]),
      headHash: String(row["head_hash"]),
      granted: Number(row["granted"]),
      held: Number(held?.["held"] ?? 0),
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
      const row = this.#first(
        "SELECT * FROM lots WHERE member_key = ? AND lot_id = ?",
        memberKey,
        slice.lotId,
      );
      invariant(row, "a slice names a lot of its member");
      return readLot(row);
    });
    const full = { ...member, lots: [...member.lots, ...lots].sort((a, b) => a.lotId - b.lotId) };
    this.#members.set(memberKey, full);
    return full;
  }

  /** Writes what changed between two states of a member, and its new ledger entries. */
  saveMember(before: Member, after: Member, entries: readonly LedgerEntry[], nowMs: number): void {
    assertMember(after);
    const old = new Map(before.lots.map((lot) => [lot.lotId, lot]));
    for (const lot of after.lots) this.#saveLot(after.memberKey, old.get(lot.lotId), lot);
    const isNew = before.seq === 0 && before.lotSeq === 0;
    if (after.seq !== before.seq || after.lotSeq !== before.lotSeq) this.#saveMemberRow(after);
    for (const entry of entries) this.#insertEntry(after.memberKey, entry, nowMs);
    this.#members.set(after.memberKey, after);
    this.#count({
      members: isNew && after.seq > 0 ? 1 : 0,
      granted: after.granted - before.granted,
      inLots: sumLots(after) - sumLots(before),
      held: after.held - before.held,
      spent: after.spent - before.spent,
      expired: after.expired - before.expired,
      entries: entries.length,
    });
  }

  #saveMemberRow(member: Member): void {
    this.#sql.exec(
      `INSERT INTO members (member_key, seq, head_hash, granted, spent, expired, lot_seq) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (member_key) DO UPDATE SET seq = excluded.seq, head_hash = excluded.head_hash,
         granted = excluded.granted, spent = excluded.spent, expired = excluded.expired, lot_seq = excluded.lot_seq`,
      member.memberKey,
      member.seq,
      member.headHash,
      member.granted,
      member.spent,
      member.expired,
      member.lotSeq,
    );
  }

  #saveLot(memberKey: string, before: Lot | undefined, lot: Lot): void {
    if (before?.remaining === lot.remaining) return;
    if (before) {
      this.#sql.exec(
        "UPDATE lots SET remaining = ? WHERE member_key = ? AND lot_id = ?",
        lot.remaining,
        memberKey,
        lot.lotId,
      );
      return;
    }
    this.#sql.exec(
      "INSERT INTO lots (member_key, lot_id, source, points, remaining, expires_at_ms, pending_until_ms, created_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      memberKey,
      lot.lotId,
      lot.source,
      lot.points,
      lot.remaining,
      lot.expiresAtMs,
      lot.pendingUntilMs,
      lot.createdAtMs,
    );
  }

  #insertEntry(memberKey: string, entry: LedgerEntry, nowMs: number): void {
    this.#sql.exec(
      `INSERT INTO entries (member_key, seq, type, points, slices, natural_key, order_id, actor, reason, balance_after,
         occurred_at_ms, recorded_at_ms, prev_hash, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      memberKey,
      entry.seq,
      entry.type,
      entry.points,
      JSON.stringify(entry.slices),
      entry.naturalKey,
      entry.orderId,
      entry.actor,
      entry.reason,
      entry.balanceAfter,
      entry.occurredAtMs,
      nowMs,
      entry.prevHash,
      entry.hash,
    );
  }

  entryByKey(memberKey: string, naturalKey: string): LedgerEntry | null {
    const row = this.#first(
      "SELECT * FROM entries WHERE member_key = ? AND natural_key = ?",
      memberKey,
      naturalKey,
    );
    return row ? readEntry(row) : null;
  }

  /** Newest first. */
  entries(memberKey: string, beforeSeq: number, count: number): LedgerEntry[] {
    return this.#all(
      "SELECT * FROM entries WHERE member_key = ? AND seq < ? ORDER BY seq DESC LIMIT ?",
      memberKey,
      beforeSeq,
      count,
    ).map(readEntry);
  }

  entryAt(memberKey: string, seq: number): (LedgerEntry & { recordedAtMs: number }) | null {
    const row = this.#first("SELECT * FROM entries WHERE member_key = ? AND seq = ?", memberKey, seq);
    return row ? { ...readEntry(row), recordedAtMs: Number(row["recorded_at_ms"]) } : null;
  }

  // ---- orders

  order(memberKey: string, orderId: string): Order | null {
    const row = this.#first(
      "SELECT * FROM orders WHERE member_key = ? AND order_id = ?",
      memberKey,
      orderId,
    );
    return row ? this.#readOrder(row) : null;
  }

  /** Newest first. */
  orders(memberKey: string, count: number): Order[] {
    return this.#all(
      "SELECT * FROM orders WHERE member_key = ? ORDER BY created_at_ms DESC, order_id LIMIT ?",
      memberKey,
      count,
    ).map((row) => this.#readOrder(row));
  }

  newestOrderInSale(memberKey: string, saleId: string): Order | null {
    const row = this.#first(
      `SELECT * FROM orders WHERE sale_id = ? AND member_key = ?
       ORDER BY (hold = 'pending') DESC, created_at_ms DESC LIMIT 1`,
      saleId,
      memberKey,
    );
    return row ? this.#readOrder(row) : null;
  }

  usage(memberKey: string, saleId: string, day: number): LimitUsage {
    const row = this.#first(
      `SELECT COALESCE(SUM(CASE WHEN hold = 'pending' THEN quantity END), 0) AS pending,
              COALESCE(SUM(CASE WHEN hold = 'posted' AND is_cancelled = 0 THEN quantity END), 0) AS live,
              COALESCE(SUM(CASE WHEN day = ? AND (hold = 'pending' OR (hold = 'posted' AND is_cancelled = 0)) THEN quantity END), 0) AS today
       FROM orders WHERE sale_id = ? AND member_key = ?`,
      day,
      saleId,
      memberKey,
    );
    return {
      pendingUnits: Number(row?.["pending"] ?? 0),
      liveUnits: Number(row?.["live"] ?? 0),
      todayUnits: Number(row?.["today"] ?? 0),
    };
  }

  insertOrder(order: Order, terms: SaleTerms): void {
    assertOrder(order);
    this.#keepTerms(terms);
    this.#sql.exec(
      `INSERT INTO orders (member_key, order_id, sale_id, terms_version, quantity, epoch, points, cash_fen, hold, is_wanted,
         is_cancelled, slices, refusal, day, ticket_expires_at_ms, created_at_ms, updated_at_ms, version)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, 1)`,
      order.memberKey,
      order.orderId,
      order.saleId,
      order.termsVersion,
      order.quantity,
      order.epoch,
      order.points,
      order.cashFen,
      order.hold,
      order.isWanted ? 1 : 0,
      JSON.stringify(order.slices),
      order.refusal && JSON.stringify(order.refusal),
      order.day,
      order.ticketExpiresAtMs,
      order.createdAtMs,
      order.updatedAtMs,
    );
    this.#track(null, order);
  }

  updateOrder(before: Order, after: Order): void {
    assertOrder(after);
    this.#sql.exec(
      `UPDATE orders SET hold = ?, is_wanted = ?, is_cancelled = ?, refusal = ?, ordinal = ?, remaining = ?,
         granted_at_ms = ?, updated_at_ms = ?, version = ? WHERE member_key = ? AND order_id = ?`,
      after.hold,
      after.isWanted ? 1 : 0,
      after.isCancelled ? 1 : 0,
      after.refusal && JSON.stringify(after.refusal),
      after.grant?.ordinal ?? null,
      after.grant?.remaining ?? null,
      after.grant?.atMs ?? null,
      after.updatedAtMs,
      after.version,
      after.memberKey,
      after.orderId,
    );
    this.#track(before, after);
  }

  #track(before: Order | null, after: Order): void {
    const key = `${after.memberKey} ${after.orderId}`;
    let inSale = this.#pending.get(after.saleId);
    if (after.hold === "pending") {
      if (!inSale) this.#pending.set(after.saleId, (inSale = new Map()));
      inSale.set(key, after);
    } else if (inSale?.delete(key) && inSale.size === 0) {
      this.#pending.delete(after.saleId);
    }
    const liveUnits = (order: Order | null): number =>
      order?.hold === "posted" && !order.isCancelled ? order.quantity : 0;
    this.#count({
      pendingHolds: Number(after.hold === "pending") - Number(before?.hold === "pending"),
      postedOrders: Number(after.hold === "posted") - Number(before?.hold === "posted"),
      cancelledOrders: Number(after.isCancelled) - Number(before?.isCancelled ?? false),
      liveUnits: liveUnits(after) - liveUnits(before),
    });
  }

  /** Pending orders by sale. */
  get pending(): ReadonlyMap<string, ReadonlyMap<string, Order>> {
    return this.#pending;
  }

  #loadPending(): void {
    for (const row of this.#all("SELECT * FROM orders WHERE hold = 'pending'")) {
      const order = this.#readOrder(row);
      const inSale = this.#pending.get(order.saleId) ?? new Map<string, Order>();
      inSale.set(`${order.memberKey} ${order.orderId}`, order);
      this.#pending.set(order.saleId, inSale);
    }
  }

  /** Every order id this bucket knows of a sale, for the filter that lets a Worker refuse by itself. */
  orderKeysOfSale(saleId: string): string[] {
    return this.#all(
      "SELECT member_key || ' ' || order_id AS key FROM orders WHERE sale_id = ?",
      saleId,
    ).map((row) => String(row["key"]));
  }

  #readOrder(row: SqlRow): Order {
    const saleId = String(row["sale_id"]);
    const terms = this.#termsOf(saleId, Number(row["terms_version"]));
    const order: Order = {
      memberKey: String(row["member_key"]),
      orderId: String(row["order_id"]),
      saleId,
      termsVersion: terms.version,
      quantity: Number(row["quantity"]),
      epoch: Number(row["epoch"]),
      points: Number(row["points"]),
      cashFen: Number(row["cash_fen"]),
      hold: String(row["hold"]) as HoldState,
      isWanted: row["is_wanted"] === 1,
      isCancelled: row["is_cancelled"] === 1,
      slices: JSON.parse(String(row["slices"])) as LotSlice[],
      refusal: row["refusal"] === null ? null : (JSON.parse(String(row["refusal"])) as FinalRefusal),
      grant:
        row["ordinal"] === null
          ? null
          : {
              ordinal: Number(row["ordinal"]),
              remaining: Number(row["remaining"]),
              atMs: Number(row["granted_at_ms"]),
            },
      goods: goodsOf(terms),
      opensAtMs: terms.opensAtMs,
      day: Number(row["day"]),
      ticketExpiresAtMs: Number(row["ticket_expires_at_ms"]),
      createdAtMs: Number(row["created_at_ms"]),
      updatedAtMs: Number(row["updated_at_ms"]),
      version: Number(row["version"]),
    };
    assertOrder(order);
    return order;
  }

  // ---- terms and frozen epochs

  #keepTerms(terms: SaleTerms): void {
    const key = `${terms.saleId} ${terms.version}`;
    if (this.#terms.get(key)) return;
    this.#sql.exec(
      "INSERT OR IGNORE INTO sale_terms (sale_id, version, terms) VALUES (?, ?, ?)",
      terms.saleId,
      terms.version,
      JSON.stringify(terms),
    );
    this.#terms.set(key, terms);
  }

  #termsOf(saleId: string, version: number): SaleTerms {
    const key = `${saleId} ${version}`;
    const cached = this.#terms.get(key);
    if (cached) return cached;
    const row = this.#first(
      "SELECT terms FROM sale_terms WHERE sale_id = ? AND version = ?",
      saleId,
      version,
    );
    invariant(row, "an order's terms are kept beside it");
    const terms = JSON.parse(String(row["terms"])) as SaleTerms;
    this.#terms.set(key, terms);
    return terms;
  }

  insertFrozen(saleId: string, upTo: number, refusal: FinalRefusal): void {
    this.#sql.exec(
      "INSERT OR IGNORE INTO frozen (sale_id, up_to, refusal) VALUES (?, ?, ?)",
      saleId,
      upTo,
      JSON.stringify(refusal),
    );
  }

  frozen(saleId: string): { upTo: number; refusal: FinalRefusal }[] {
    return this.#all("SELECT up_to, refusal FROM frozen WHERE sale_id = ? ORDER BY up_to", saleId).map(
      (row) => ({
        upTo: Number(row["up_to"]),
        refusal: JSON.parse(String(row["refusal"])) as FinalRefusal,
      }),
    );
  }

  // ---- counters and SQL

  get counters(): AccountCounters {
    if (!this.#counters) {
      const row = this.#first("SELECT figures FROM counters WHERE id = 1");
      const stored = row ? (JSON.parse(String(row["figures"])) as Partial<AccountCounters>) : {};
      this.#counters = { ...NO_COUNTERS, ...stored };
    }
    return this.#counters;
  }

  #count(change: Partial<AccountCounters>): void {
    const counters = this.counters;
    for (const [name, by] of Object.entries(change) as [keyof AccountCounters, number][]) {
      if (by !== 0) {
        counters[name] += by;
        this.#countersDirty = true;
      }
    }
  }

  saveCounters(): void {
    if (!this.#countersDirty) return;
    this.#sql.exec(
      "INSERT INTO counters (id, figures) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET figures = excluded.figures",
      JSON.stringify(this.counters),
    );
    this.#countersDirty = false;
  }

  #all(query: string, ...bindings: SqlStorageValue[]): SqlRow[] {
    return this.#sql.exec<SqlRow>(query, ...bindings).toArray();
  }

  #first(query: string, ...bindings: SqlStorageValue[]): SqlRow | null {
    return this.#sql.exec<SqlRow>(query, ...bindings).toArray()[0] ?? null;
  }
}

/** Keeps a booking's two halves together for the shell. */
export function saveBooking(
  store: AccountStore,
  before: Member,
  booking: Booking,
  nowMs: number,
): Booking {
  store.saveMember(before, booking.member, booking.entries, nowMs);
  return booking;
}

function goodsOf(terms: SaleTerms): OrderGoods {
  const { title, subtitle, picture, groundColor } = terms;
  return { title, subtitle, picture, groundColor };
}

function sumLots(member: Member): number {
  let points = 0;
  for (const lot of member.lots) points += lot.remaining;
  return points;
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

function readEntry(row: SqlRow): LedgerEntry {
  return {
    seq: Number(row["seq"]),
    type: String(row["type"]) as EntryType,
    points: Number(row["points"]),
    slices: JSON.parse(String(row["slices"])) as LotSlice[],
    naturalKey: String(row["natural_key"]),
    orderId: row["order_id"] === null ? null : String(row["order_id"]),
    actor: String(row["actor"]),
    reason: String(row["reason"]),
    balanceAfter: Number(row["balance_after"]),
    occurredAtMs: Number(row["occurred_at_ms"]),
    prevHash: String(row["prev_hash"] ?? GENESIS_HASH),
    hash: String(row["hash"]),
  };
}
