/** What an Account can prove about itself: counters for the shallow audit, rows recounted for the deep one. */
import { InvariantBreach } from "../kernel/invariant.ts";
import { LIMITS } from "../kernel/limits.ts";
import type { TakeState } from "../redemption/index.ts";
import type { PlacedEntry } from "./entries-store.ts";
import {
  differencesFromLedger,
  findChainFault,
  remainingOf,
  type PointsEntry,
  type Wallet,
} from "./points/index.ts";
import type { TransferSums } from "./merging/merges-store.ts";
import { storedSums, type StoredSums } from "./spending/stored-audit.ts";
import type { AccountStore } from "./store.ts";
import type { AccountCounters } from "./tally.ts";

export interface AccountAudit extends AccountCounters, TransferSums, StoredSums {
  /** Pending holds whose member tapped, so that an answer is owed. */
  readonly wantedHolds: number;
  readonly wantedOldestMs: number;
  /** Cancels their Sku has not confirmed. */
  readonly cancelsWaiting: number;
  /** Ledger entries D1 has not confirmed, and how long the oldest waits. */
  readonly projectionWaiting: number;
  readonly projectionLagMs: number;
  /** The same of what D1 is told without an entry of points: orders that changed, the ledger of stored value. */
  readonly changesWaiting: number;
  readonly changesLagMs: number;
}

export function auditAccount(store: AccountStore, nowMs: number): AccountAudit {
  let wantedHolds = 0;
  let wantedSinceMs = nowMs;
  for (const orders of store.orders.pending.values()) {
    for (const order of orders.values()) {
      if (!order.isWanted) continue;
      wantedHolds += 1;
      wantedSinceMs = Math.min(wantedSinceMs, order.updatedAtMs);
    }
  }
  const oldest = store.entries.waiting(1)[0];
  return {
    ...store.tally.counters,
    ...store.merges.sums(),
    ...storedSums(store),
    wantedHolds,
    wantedOldestMs: nowMs - wantedSinceMs,
    cancelsWaiting: store.cancels.count(),
    projectionWaiting: store.entries.waitingCount,
    projectionLagMs: oldest ? Math.max(0, nowMs - oldest.entry.recordedAtMs) : 0,
    changesWaiting: store.lives.changesWaiting + store.stored.waitingCount,
    changesLagMs: Math.max(0, nowMs - oldestChangeAtMs(store, nowMs)),
  };
}

function oldestChangeAtMs(store: AccountStore, nowMs: number): number {
  const [changed] = store.lives.changes(1);
  const order = changed && store.orders.order(changed.memberKey, changed.orderId);
  const [stored] = store.stored.waiting(1);
  return Math.min(order?.updatedAtMs ?? nowMs, stored?.entry.recordedAtMs ?? nowMs);
}

/** A ledger row that is not as it was written. Named by its place in the object, so that no person is named. */
export interface LedgerFault {
  readonly position: number;
  readonly seq: number;
  readonly kind: string;
}

export interface MembersPage {
  readonly members: number;
  /** Members for whom a check failed, by name of the check; positions that no ledger has. Keys only, never ids. */
  readonly breaches: Readonly<Record<string, number>>;
  /** The first rows that do not hold, a few at most. */
  readonly faults: readonly LedgerFault[];
  readonly entries: number;
  /** Head of each checked ledger, for the comparison with D1. */
  readonly heads: readonly {
    readonly memberKey: string;
    readonly seq: number;
    readonly headHash: string;
  }[];
  /** What the next page is asked for with; null: this was the last. */
  readonly next: string | null;
}

const PAGE_MEMBERS = 200;
/** A page ends with the member that reaches it: hashing is what a page costs, and redemptions wait for one. */
const PAGE_ENTRIES = 2_000;
const FAULTS_MAX = 8;

/** Where a deep audit of an Account stands: behind which member, and how many of the entries it found. */
interface AuditPlace {
  readonly after: string;
  /** Entries up to here are looked for: what is written meanwhile is left to the next audit. */
  readonly upTo: number;
  readonly found: number;
}

/**
 * Recounts a page of members from their rows: the law, live orders, the chain, and the ledger replayed to the wallet. The
 * last page says how many positions no chain passes: they count up without a gap, so there is none unless rows were
 * taken out, or lie outside.
 */
export function auditMembers(sql: SqlStorage, store: AccountStore, cursor: string): MembersPage {
  const { after, upTo, ...before } = readPlace(cursor) ?? firstPlace(sql);
  const keys = sql
    .exec(
      "SELECT member_key FROM members WHERE member_key > ? ORDER BY member_key LIMIT ?",
      after,
      PAGE_MEMBERS,
    )
    .toArray()
    .map((row) => String(row["member_key"]));
  const breaches: Record<string, number> = {};
  const faults: LedgerFault[] = [];
  let entries = 0;
  let { found } = before;
  const heads: MembersPage["heads"][number][] = [];
  for (const memberKey of keys) {
    if (entries >= PAGE_ENTRIES) break;
    const orders = withOffsets(ordersOf(sql, memberKey), store, memberKey);
    const wallet = store.members.walletOfRows(memberKey, orders.held);
    const ledger = [...store.entries.ledgerOf(memberKey)];
    const wrong = faultsOf(store, wallet, orders, ledger);
    for (const name of wrong.breaches) breaches[name] = (breaches[name] ?? 0) + 1;
    if (wrong.fault && faults.length < FAULTS_MAX) faults.push(wrong.fault);
    entries += ledger.length;
    found += ledger.filter(({ position }) => position > 0 && position <= upTo).length;
    heads.push({ memberKey, seq: wallet.seq, headHash: wallet.headHash });
  }
  const isLast = heads.length === keys.length && keys.length < PAGE_MEMBERS;
  const outside = isLast ? upTo - found + strayEntries(sql) : 0;
  if (outside !== 0) breaches["I10_positions_in_no_chain"] = outside;
  const next = isLast ? null : writePlace({ after: heads.at(-1)?.memberKey ?? after, upTo, found });
  return { members: heads.length, breaches, faults, entries, heads, next };
}

function firstPlace(sql: SqlStorage): AuditPlace {
  const row = sql.exec("SELECT COALESCE(MAX(position), 0) AS last FROM entries").one();
  return { after: "", upTo: Number(row["last"]), found: 0 };
}

/** Before the first position, where no code writes. */
function strayEntries(sql: SqlStorage): number {
  return Number(sql.exec("SELECT COUNT(*) AS n FROM entries WHERE position < 1").one()["n"]);
}

function writePlace({ after, upTo, found }: AuditPlace): string {
  return `${upTo} ${found} ${after}`;
}

/** Null: the beginning, and whatever was never given out. */
function readPlace(cursor: string): AuditPlace | null {
  const [, upTo, found, after = ""] = /^(\d+) (\d+) (.+)$/.exec(cursor) ?? [];
  return upTo === undefined ? null : { after, upTo: Number(upTo), found: Number(found) };
}

interface OrderSums {
  readonly held: number;
  readonly live: number;
}

function ordersOf(sql: SqlStorage, memberKey: string): OrderSums {
  const row = sql
    .exec(
      `SELECT COALESCE(SUM(points) FILTER (WHERE hold = 'pending'), 0) AS held,
         COALESCE(SUM(points - returned_points) FILTER (WHERE hold = 'posted' AND is_cancelled = 0), 0) AS live
       FROM orders INDEXED BY orders_by_member WHERE member_key = ?`,
      memberKey,
    )
    .one();
  return { held: Number(row["held"]), live: Number(row["live"]) };
}

/** What a till took of a bill is held and spent as an order's points are. */
function withOffsets(orders: OrderSums, store: AccountStore, memberKey: string): OrderSums {
  const { held, spent } = store.offsets.sumsOf(memberKey);
  return { held: orders.held + held, live: orders.live + spent };
}

function faultsOf(
  store: AccountStore,
  wallet: Wallet,
  orders: OrderSums,
  ledger: readonly PlacedEntry[],
): { readonly breaches: readonly string[]; readonly fault: LedgerFault | null } {
  const breaches: string[] = [];
  const demand = (name: string, isKept: boolean): void => {
    if (!isKept) breaches.push(name);
  };
  const owned = remainingOf(wallet.lots) + wallet.held - wallet.deficit;
  const gone = wallet.spent + wallet.expired + wallet.clawedBack;
  demand("I4_conserved", owned + gone === wallet.granted);
  demand("I4_spent_is_live_orders", wallet.spent === orders.live);
  const entries = ledger.map(({ entry }) => entry);
  const booked = entries.reduce((points, entry) => points + entry.points, 0);
  demand("I10_entries_sum_to_balance", booked === owned);
  const broken = findChainFault(entries);
  const last = entries.at(-1);
  const isWhole = (last?.seq ?? 0) === wallet.seq && (last?.hash ?? "") === headOf(wallet);
  demand("I10_chain_holds", broken === null && isWhole);
  demand("I10_replays_to_wallet", broken !== null || isReplayed(store, wallet, entries));
  const at = broken === null ? undefined : ledger[Math.min(broken.seq, ledger.length) - 1];
  const fault = broken && { position: at?.position ?? 0, seq: broken.seq, kind: broken.kind };
  return { breaches, fault };
}

function headOf(wallet: Wallet): string {
  return wallet.seq === 0 ? "" : wallet.headHash;
}

/** Holds that the ledger does not know lie in pending orders. */
function isReplayed(store: AccountStore, wallet: Wallet, entries: readonly PointsEntry[]): boolean {
  const unrecorded = store.orders.pendingOf(wallet.memberKey).filter((one) => !one.isHoldRecorded);
  try {
    return differencesFromLedger(wallet, entries, unrecorded).length === 0;
  } catch (error) {
    if (error instanceof InvariantBreach) return false;
    throw error;
  }
}

/** A take as its Sku has it. */
export interface TakeClaim {
  readonly saleId: string;
  readonly memberKey: string;
  readonly orderId: string;
  readonly state: TakeState;
  readonly epoch: number;
  readonly quantity: number;
}

export interface TakeCheck {
  readonly agree: number;
  /** On their way: a grant not posted yet, a cancel not delivered yet. */
  readonly inFlight: number;
  readonly breaches: number;
}

/** I5: granted at the Sku ⇔ posted here, cancelled there ⇔ cancelled here, under the same stamp. */
export function checkTakes(store: AccountStore, claims: readonly TakeClaim[]): TakeCheck {
  let agree = 0;
  let inFlight = 0;
  for (const claim of claims.slice(0, LIMITS.auditRowsMax)) {
    const order = store.orders.order(claim.memberKey, claim.orderId);
    const isSame =
      order?.saleId === claim.saleId &&
      order.epoch === claim.epoch &&
      order.quantity === claim.quantity;
    if (!order || !isSame) continue;
    if (claim.state === "forgone") {
      if (order.hold === "voided") agree += 1;
      else if (order.hold === "pending") inFlight += 1;
      continue;
    }
    if (order.hold === "pending") inFlight += 1;
    else if (order.hold === "posted") {
      if (order.isCancelled === (claim.state === "cancelled")) agree += 1;
      else if (order.isCancelled) inFlight += 1;
    }
  }
  return { agree, inFlight, breaches: claims.length - agree - inFlight };
}
