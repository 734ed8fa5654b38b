/** What an Account can prove about itself: counters for the shallow audit, rows recounted for the deep one. */
import { LIMITS } from "../kernel/limits.ts";
import type { TakeState } from "../redemption/index.ts";
import { GENESIS_HASH, hashOf } from "./ledger.ts";
import type { AccountStore } from "./store.ts";
import type { AccountCounters } from "./tally.ts";

export interface AccountAudit extends AccountCounters {
  /** Pending holds whose member tapped, so that an answer is owed. */
  readonly wantedHolds: number;
  readonly wantedOldestMs: number;
  /** Cancels their Sku has not confirmed. */
  readonly cancelsWaiting: number;
  /** Ledger entries D1 has not confirmed, and how long the oldest waits. */
  readonly projectionWaiting: number;
  readonly projectionLagMs: number;
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
    wantedHolds,
    wantedOldestMs: nowMs - wantedSinceMs,
    cancelsWaiting: store.cancels.count(),
    projectionWaiting: store.entries.waitingCount,
    projectionLagMs: oldest ? Math.max(0, nowMs - oldest.recordedAtMs) : 0,
  };
}

export interface MembersPage {
  readonly members: number;
  /** Members for whom a check failed, by name of the check. Keys only, never ids. */
  readonly breaches: Readonly<Record<string, number>>;
  readonly entries: number;
  /** Head of each checked ledger, for the comparison with D1. */
  readonly heads: readonly {
    readonly memberKey: string;
    readonly seq: number;
    readonly headHash: string;
  }[];
  readonly next: string | null;
}

type SqlRow = Record<string, SqlStorageValue>;
const PAGE_MEMBERS = 200;

/** Recounts a page of members from their rows: balance, held, spent, chain and gapless seq. */
export function auditMembers(sql: SqlStorage, store: AccountStore, after: string): MembersPage {
  const rows = sql
    .exec<SqlRow>(
      `SELECT m.*, (SELECT COALESCE(SUM(remaining), 0) FROM lots l WHERE l.member_key = m.member_key) AS in_lots,
         (SELECT COALESCE(SUM(points), 0) FROM orders o INDEXED BY orders_by_member WHERE o.member_key = m.member_key AND hold = 'pending') AS held,
         (SELECT COALESCE(SUM(points), 0) FROM orders o INDEXED BY orders_by_member WHERE o.member_key = m.member_key AND hold = 'posted' AND is_cancelled = 0) AS live,
         (SELECT COALESCE(SUM(points), 0) FROM entries e WHERE e.member_key = m.member_key) AS booked
       FROM members m WHERE m.member_key > ? ORDER BY m.member_key LIMIT ?`,
      after,
      PAGE_MEMBERS,
    )
    .toArray();
  const breaches: Record<string, number> = {};
  const note = (name: string, isKept: boolean): void => {
    if (!isKept) breaches[name] = (breaches[name] ?? 0) + 1;
  };
  let entries = 0;
  const heads = rows.map((row) => {
    const memberKey = String(row["member_key"]);
    const figure = (name: string): number => Number(row[name]);
    const owned = figure("in_lots") + figure("held");
    note("I4_conserved", owned + figure("spent") + figure("expired") === figure("granted"));
    note("I4_spent_is_live_orders", figure("spent") === figure("live"));
    note("I10_entries_sum_to_balance", figure("booked") === owned);
    const chain = checkChain(store, memberKey, figure("seq"));
    entries += chain.entries;
    note("I10_seq_gapless", chain.isGapless);
    note("I10_chain_holds", chain.isLinked && chain.headHash === String(row["head_hash"]));
    return { memberKey, seq: figure("seq"), headHash: String(row["head_hash"]) };
  });
  const last = rows.at(-1);
  const next = rows.length === PAGE_MEMBERS && last ? String(last["member_key"]) : null;
  return { members: rows.length, breaches, entries, heads, next };
}

function checkChain(
  store: AccountStore,
  memberKey: string,
  seqMax: number,
): { entries: number; isGapless: boolean; isLinked: boolean; headHash: string } {
  let prevHash = GENESIS_HASH;
  let isLinked = true;
  let entries = 0;
  for (let seq = 1; seq <= seqMax; seq += 1) {
    const entry = store.entries.at(memberKey, seq);
    if (!entry) return { entries, isGapless: false, isLinked, headHash: prevHash };
    isLinked &&= entry.prevHash === prevHash && hashOf(entry) === entry.hash;
    prevHash = entry.hash;
    entries += 1;
  }
  const isGapless = store.entries.at(memberKey, seqMax + 1) === null;
  return { entries, isGapless, isLinked, headHash: prevHash };
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
