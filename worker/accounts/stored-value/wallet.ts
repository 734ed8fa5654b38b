/** The stored value of one member: what moves it, what must always hold, and its chain. Pure. */
import { hash as digest } from "node:crypto";
import { invariant } from "../../kernel/invariant.ts";
import { LIMITS } from "../../kernel/limits.ts";
import type {
  StoredCause,
  StoredEntry,
  StoredEntryType,
  StoredOutcome,
  StoredWallet,
} from "./types.ts";

const GENESIS_HASH = "0".repeat(64);

export function newStoredWallet(memberKey: string): StoredWallet {
  return {
    ...{ memberKey, seq: 0, headHash: GENESIS_HASH },
    ...{ balanceFen: 0, heldFen: 0, toppedUpFen: 0, spentFen: 0 },
  };
}

export const ownedFen = ({ balanceFen, heldFen }: StoredWallet): number => balanceFen + heldFen;

/** Asserts that no fen appeared or vanished, and that no part is negative. */
export function assertStored(wallet: StoredWallet): void {
  const { balanceFen, heldFen, toppedUpFen, spentFen } = wallet;
  const isCount = (value: number): boolean => value >= 0 && Number.isSafeInteger(value);
  invariant(
    isCount(balanceFen) && isCount(heldFen) && isCount(toppedUpFen) && isCount(spentFen),
    "I10 every part of stored value is whole fen, and none is negative",
    { balanceFen, heldFen, toppedUpFen, spentFen },
  );
  invariant(
    balanceFen + heldFen + spentFen === toppedUpFen,
    "I10 stored value: there + held + spent = topped up",
    { balanceFen, heldFen, spentFen, toppedUpFen },
  );
}

/** What each word does to the parts, for one fen. */
const MOVES: Readonly<
  Record<StoredEntryType, { balance: number; held: number; spent: number; toppedUp: number }>
> = {
  top_up: { balance: 1, held: 0, spent: 0, toppedUp: 1 },
  hold: { balance: -1, held: 1, spent: 0, toppedUp: 0 },
  capture: { balance: 0, held: -1, spent: 1, toppedUp: 0 },
  release: { balance: 1, held: -1, spent: 0, toppedUp: 0 },
  refund: { balance: 1, held: 0, spent: -1, toppedUp: 0 },
};

function moved(wallet: StoredWallet, type: StoredEntryType, fen: number): StoredWallet {
  const { balance, held, spent, toppedUp } = MOVES[type];
  return {
    ...wallet,
    balanceFen: wallet.balanceFen + balance * fen,
    heldFen: wallet.heldFen + held * fen,
    spentFen: wallet.spentFen + spent * fen,
    toppedUpFen: wallet.toppedUpFen + toppedUp * fen,
  };
}

/** One movement, once for its natural key. More than is there is refused, as is a balance beyond every bound. */
export function bookStored(
  wallet: StoredWallet,
  type: StoredEntryType,
  fen: number,
  cause: StoredCause,
  isKnown: (naturalKey: string) => boolean,
  nowMs: number,
): StoredOutcome {
  if (isKnown(cause.naturalKey)) return { kind: "already" };
  invariant(Number.isSafeInteger(fen) && fen > 0, "stored value moves by whole fen", { fen });
  if (type === "hold" && fen > wallet.balanceFen) {
    const figures = { reason: "stored_value_insufficient", balanceFen: wallet.balanceFen };
    return { kind: "refused", refusal: { code: "conflict", figures } };
  }
  if (type === "top_up" && wallet.toppedUpFen + fen > LIMITS.storedFenMax) {
    const limit = LIMITS.storedFenMax;
    const figures = { limit, used: wallet.toppedUpFen };
    return { kind: "refused", refusal: { code: "limit_reached", figures } };
  }
  const after = moved(wallet, type, fen);
  assertStored(after);
  const amountFen = ownedFen(after) - ownedFen(wallet);
  const unsealed = {
    ...cause,
    ...{ seq: wallet.seq + 1, type, movedFen: fen, amountFen },
    ...{ balanceAfterFen: ownedFen(after), recordedAtMs: nowMs, prevHash: wallet.headHash },
  };
  const entry: StoredEntry = { ...unsealed, hash: storedHashOf(unsealed) };
  return { kind: "booked", wallet: { ...after, seq: entry.seq, headHash: entry.hash }, entry };
}

/** One JSON array in a fixed order: no text of one field can pass for another. */
export function storedHashOf(entry: Omit<StoredEntry, "hash">): string {
  const text = JSON.stringify([
    ...["stored-entry.v1", entry.prevHash, entry.seq, entry.type, entry.movedFen],
    ...[entry.amountFen, entry.naturalKey, entry.orderId, entry.sourceId],
    ...[entry.balanceAfterFen, entry.recordedAtMs],
  ]);
  return digest("sha256", text, "hex");
}

/** The wallet after these entries, from the first on; null: one of them is not as it was sealed, or does not follow. */
export function replayStored(
  memberKey: string,
  entries: Iterable<StoredEntry>,
): StoredWallet | null {
  let wallet = newStoredWallet(memberKey);
  const keys = new Set<string>();
  for (const entry of entries) {
    const isNext = entry.seq === wallet.seq + 1 && entry.prevHash === wallet.headHash;
    if (!isNext || keys.has(entry.naturalKey) || storedHashOf(entry) !== entry.hash) return null;
    keys.add(entry.naturalKey);
    const after = moved(wallet, entry.type, entry.movedFen);
    if (ownedFen(after) !== entry.balanceAfterFen) return null;
    wallet = { ...after, seq: entry.seq, headHash: entry.hash };
  }
  return wallet;
}
