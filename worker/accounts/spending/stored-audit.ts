/** What an Account can prove about stored value: sums for the shallow audit, ledgers replayed for the deep one. */
import { ownedFen, replayStored } from "../stored-value/index.ts";
import type { AccountStore } from "../store.ts";

export interface StoredSums {
  readonly storedMembers: number;
  readonly storedEntries: number;
  readonly storedOwnedFen: number;
  readonly storedToppedUpFen: number;
  readonly storedSpentFen: number;
  /** Entries D1 has not confirmed. */
  readonly storedWaiting: number;
}

export function storedSums({ stored }: AccountStore): StoredSums {
  const { owned, toppedUp, spent, entries, members } = stored.sums();
  return {
    ...{ storedMembers: members, storedEntries: entries, storedOwnedFen: owned },
    ...{ storedToppedUpFen: toppedUp, storedSpentFen: spent },
    storedWaiting: stored.waitingCount,
  };
}

export interface StoredPage {
  readonly members: number;
  readonly entries: number;
  /** Members whose ledger does not replay to their row, or whose held money is not that of their orders. */
  readonly breaches: number;
  readonly next: string | null;
}

const PAGE_MEMBERS = 200;

/** Replays a page of ledgers, and holds what is held against the orders that hold it. */
export function auditStored(sql: SqlStorage, store: AccountStore, after: string): StoredPage {
  const keys = store.stored.members(after, PAGE_MEMBERS);
  let breaches = 0;
  let entries = 0;
  for (const memberKey of keys) {
    const wallet = store.stored.wallet(memberKey);
    entries += wallet.seq;
    const replayed = replayStored(memberKey, store.stored.ledgerOf(memberKey));
    const isSame =
      replayed !== null &&
      replayed.seq === wallet.seq &&
      replayed.headHash === wallet.headHash &&
      replayed.heldFen === wallet.heldFen &&
      replayed.toppedUpFen === wallet.toppedUpFen &&
      ownedFen(replayed) === ownedFen(wallet);
    if (!isSame || heldByOrders(sql, memberKey) !== wallet.heldFen) breaches += 1;
  }
  const next = keys.length === PAGE_MEMBERS ? (keys.at(-1) ?? null) : null;
  return { members: keys.length, entries, breaches, next };
}

function heldByOrders(sql: SqlStorage, memberKey: string): number {
  const row = sql
    .exec(
      `SELECT COALESCE(SUM(detail ->> '$.tender.storedFen'), 0) AS held FROM order_lives
       WHERE member_key = ? AND state = 'awaiting_payment' AND detail ->> '$.tender.state' = 'held'`,
      memberKey,
    )
    .one();
  return Number(row["held"]);
}
