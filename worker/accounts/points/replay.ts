/** Rebuilds a wallet from its ledger: the balance at any past moment, and the proof that the stored one is right. Pure. */
import { invariant } from "../../kernel/invariant.ts";
import { move, sumOf } from "./lots.ts";
import { CREDIT_TYPES, type PointsEntry, type PointsLot, type Wallet } from "./types.ts";
import { balanceOf, newWallet, ownedPoints, type WalletBalance } from "./wallet.ts";

const CREDITS: ReadonlySet<string> = new Set(CREDIT_TYPES);

/** The wallet after these entries, from the first on. Holds that the ledger does not know are still in their lots. */
export function replay(memberKey: string, entries: Iterable<PointsEntry>): Wallet {
  let wallet = newWallet(memberKey);
  for (const entry of entries) wallet = applyEntry(wallet, entry);
  return wallet;
}

/** One entry onto a replayed wallet. Throws when the entry does not follow, or its balance is not what comes out. */
export function applyEntry(wallet: Wallet, entry: PointsEntry): Wallet {
  invariant(entry.seq === wallet.seq + 1, "I10 entries follow without a gap", { seq: entry.seq });
  const opened = withOpened(wallet, entry);
  const moved = withMovement(opened, entry);
  const after: Wallet = {
    ...moved,
    seq: entry.seq,
    headHash: entry.hash,
    deficit: moved.deficit + entry.overdraft - sumOf(entry.paid),
    lots: move(moved.lots, entry.paid, -1),
  };
  invariant(ownedPoints(after) === entry.balanceAfter, "I10 an entry's balance follows", {
    seq: entry.seq,
    replayed: ownedPoints(after),
    written: entry.balanceAfter,
  });
  return after;
}

/** Lots that the entry opened, empty: its slices fill them. */
function withOpened(wallet: Wallet, entry: PointsEntry): Wallet {
  const opens = entry.hashVersion === 1 ? opensOfV1(wallet, entry) : entry.opens;
  if (opens.length === 0) return wallet;
  return {
    ...wallet,
    lotSeq: Math.max(wallet.lotSeq, ...opens.map((lot) => lot.lotId)),
    lots: [...wallet.lots, ...opens.map((lot) => ({ ...lot, remaining: 0 }))],
  };
}

/** Entries of version 1 do not say which lots they opened: it is those that nobody knew. */
function opensOfV1(wallet: Wallet, entry: PointsEntry): readonly PointsLot[] {
  const known = new Set(wallet.lots.map((lot) => lot.lotId));
  return entry.slices
    .filter((slice) => !known.has(slice.lotId))
    .map(({ lotId, points, expiresAtMs }) => ({
      lotId,
      source: entry.type === "redeem_rollback" ? "refund_grace" : entry.type,
      originId: null,
      points,
      remaining: 0,
      expiresAtMs,
      pendingUntilMs: null,
      pendingEvent: null,
      earnedAtMs: entry.occurredAtMs,
    }));
}

function withMovement(wallet: Wallet, entry: PointsEntry): Wallet {
  const points = sumOf(entry.slices);
  const into = (): readonly PointsLot[] => move(wallet.lots, entry.slices, 1);
  const outOf = (): readonly PointsLot[] => move(wallet.lots, entry.slices, -1);
  if (CREDITS.has(entry.type)) {
    return { ...wallet, granted: wallet.granted + entry.points, lots: into() };
  }
  switch (entry.type) {
    case "activate": {
      const ids = new Set(entry.slices.map((slice) => slice.lotId));
      const lots = wallet.lots.map((lot) =>
        ids.has(lot.lotId) ? { ...lot, pendingEvent: null } : lot,
      );
      return { ...wallet, lots };
    }
    case "hold":
      return { ...wallet, held: wallet.held + points, lots: outOf() };
    case "capture":
      return { ...wallet, held: wallet.held - points, spent: wallet.spent + points };
    case "release":
      return { ...wallet, held: wallet.held - points, lots: into() };
    case "redeem_rollback":
      return { ...wallet, spent: wallet.spent - points, lots: into() };
    case "manual_debit":
    case "clawback": {
      const clawedBack = wallet.clawedBack + points + entry.overdraft;
      return { ...wallet, clawedBack, lots: outOf() };
    }
    case "expire":
      return { ...wallet, expired: wallet.expired + points, lots: outOf() };
    default:
      return { ...wallet, spent: wallet.spent + points, lots: outOf() };
  }
}

/** Points set aside that the ledger does not know. */
export interface UnrecordedHold {
  readonly points: number;
  readonly slices: PointsEntry["slices"];
}

/** The balance that the member saw at `atMs`: entries recorded by then, the clock of then, and holds open then. */
export function balanceAt(
  memberKey: string,
  entries: Iterable<PointsEntry>,
  atMs: number,
  unrecorded: readonly UnrecordedHold[] = [],
): WalletBalance {
  let wallet = newWallet(memberKey);
  for (const entry of entries) {
    if (entry.recordedAtMs > atMs) break;
    wallet = applyEntry(wallet, entry);
  }
  return balanceOf(withHolds(wallet, unrecorded), atMs);
}

function withHolds(wallet: Wallet, unrecorded: readonly UnrecordedHold[]): Wallet {
  let { held, lots } = wallet;
  for (const one of unrecorded) {
    held += one.points;
    lots = move(lots, one.slices, -1);
  }
  return { ...wallet, held, lots };
}

/** Figures in which a stored wallet differs from its ledger; empty: none. `unrecorded` are holds the ledger does not know. */
export function differencesFromLedger(
  stored: Wallet,
  entries: Iterable<PointsEntry>,
  unrecorded: readonly UnrecordedHold[],
): readonly string[] {
  const replayed = withHolds(replay(stored.memberKey, entries), unrecorded);
  const { held, lots } = replayed;
  const found: string[] = [];
  const compare = (name: string, left: unknown, right: unknown): void => {
    if (left !== right) found.push(`${name}: stored ${String(left)}, ledger ${String(right)}`);
  };
  for (const name of ["seq", "headHash", "granted", "spent", "expired", "clawedBack"] as const) {
    compare(name, stored[name], replayed[name]);
  }
  compare("deficit", stored.deficit, replayed.deficit);
  compare("lotSeq", stored.lotSeq, replayed.lotSeq);
  compare("held", stored.held, held);
  const open = new Map(stored.lots.map((lot) => [lot.lotId, lot.remaining]));
  for (const lot of lots) {
    compare(`lot ${lot.lotId}`, open.get(lot.lotId) ?? 0, lot.remaining);
    open.delete(lot.lotId);
  }
  for (const lotId of open.keys()) found.push(`lot ${lotId}: not in the ledger`);
  return found;
}
