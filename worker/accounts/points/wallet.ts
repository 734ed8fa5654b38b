/** The state of one member's points, what it must always satisfy, and what a member reads from it. Pure. */
import { invariant } from "../../kernel/invariant.ts";
import { GENESIS_HASH } from "./chain.ts";
import {
  inConsumptionOrder,
  isExpired,
  isPayable,
  isPending,
  isSpendable,
  move,
  remainingOf,
  sliceOff,
} from "./lots.ts";
import type { LotSlice, PointsLot, Wallet } from "./types.ts";

export function newWallet(memberKey: string): Wallet {
  return {
    memberKey,
    seq: 0,
    headHash: GENESIS_HASH,
    granted: 0,
    held: 0,
    spent: 0,
    expired: 0,
    clawedBack: 0,
    deficit: 0,
    lotSeq: 0,
    lots: [],
  };
}

/** What the member owns: lots and holds, less a deficit. The `balanceAfter` of an entry. */
export function ownedPoints(wallet: Wallet): number {
  return remainingOf(wallet.lots) + wallet.held - wallet.deficit;
}

function isCount(value: number): boolean {
  return value >= 0 && Number.isSafeInteger(value);
}

/** Asserts that no point appeared or vanished, and that no part of a wallet is negative. */
export function assertWallet(wallet: Wallet): void {
  const { granted, held, spent, expired, clawedBack, deficit } = wallet;
  // Every booking comes through here, so nothing is allocated while all is well.
  const isWhole =
    isCount(held) && isCount(spent) && isCount(expired) && isCount(clawedBack) && isCount(deficit);
  invariant(
    isWhole,
    "I4 every part is a whole number of points, and none is negative",
    isWhole ? undefined : { held, spent, expired, clawedBack, deficit },
  );
  for (const { lotId, remaining, points } of wallet.lots) {
    const isWithin = remaining >= 0 && remaining <= points;
    invariant(
      isWithin,
      "I4 a lot holds 0 to its points",
      isWithin ? undefined : { lotId, remaining, points },
    );
  }
  const lots = remainingOf(wallet.lots);
  invariant(
    lots + held + spent + expired + clawedBack - deficit === granted,
    "I4 lots + held + spent + expired + clawed back − deficit = granted",
    { lots, held, spent, expired, clawedBack, deficit, granted },
  );
}

/** What active points owe right now, oldest expiry first. */
export function dueToDeficit(wallet: Wallet, nowMs: number): readonly LotSlice[] {
  if (wallet.deficit === 0) return [];
  const payers = wallet.lots.filter((lot) => isPayable(lot, nowMs)).sort(inConsumptionOrder);
  return sliceOff(payers, wallet.deficit);
}

export interface WalletBalance {
  readonly active: number;
  readonly pending: number;
  readonly held: number;
  readonly spent: number;
  readonly expired: number;
  readonly clawedBack: number;
  /** Points owed; `active` is 0 then. */
  readonly negative: number;
}

/** The balance at a moment, by the clock and not by the last sweep: a lapsed lot is expired before its entry is written. */
export function balanceOf(wallet: Wallet, nowMs: number): WalletBalance {
  const due = dueToDeficit(wallet, nowMs);
  let active = 0;
  let pending = 0;
  let lapsed = 0;
  for (const lot of move(wallet.lots, due, -1)) {
    if (isExpired(lot, nowMs)) lapsed += lot.remaining;
    else if (isPending(lot, nowMs)) pending += lot.remaining;
    else active += lot.remaining;
  }
  let negative = wallet.deficit;
  for (const slice of due) negative -= slice.points;
  return {
    active,
    pending,
    held: wallet.held,
    spent: wallet.spent,
    expired: wallet.expired + lapsed,
    clawedBack: wallet.clawedBack,
    negative,
  };
}

/** Points that a debit may take now. */
export function spendablePoints(wallet: Wallet, nowMs: number): number {
  let points = 0;
  for (const lot of wallet.lots) if (isSpendable(lot, nowMs)) points += lot.remaining;
  if (wallet.deficit === 0) return points;
  return balanceOf(wallet, nowMs).active;
}

export interface ExpiryDeadline {
  readonly expiresAtMs: number;
  readonly points: number;
}

export interface ExpiryCalendar {
  /** Soonest first, one row a moment. */
  readonly deadlines: readonly ExpiryDeadline[];
  /** Points that never lapse. */
  readonly lasting: number;
}

/** Every deadline of the points in lots, pending ones included. Deadlines and lasting points sum to active + pending. */
export function expiryCalendar(wallet: Wallet, nowMs: number): ExpiryCalendar {
  const byMoment = new Map<number, number>();
  let lasting = 0;
  for (const lot of move(wallet.lots, dueToDeficit(wallet, nowMs), -1)) {
    if (lot.remaining === 0 || isExpired(lot, nowMs)) continue;
    if (lot.expiresAtMs === null) lasting += lot.remaining;
    else byMoment.set(lot.expiresAtMs, (byMoment.get(lot.expiresAtMs) ?? 0) + lot.remaining);
  }
  const deadlines = [...byMoment]
    .map(([expiresAtMs, points]) => ({ expiresAtMs, points }))
    .sort((a, b) => a.expiresAtMs - b.expiresAtMs);
  return { deadlines, lasting };
}

/** When slices that are held would lapse if they came back now: they keep the dates of their lots. */
export function heldCalendar(holds: readonly (readonly LotSlice[])[]): ExpiryCalendar {
  const byMoment = new Map<number, number>();
  let lasting = 0;
  for (const { expiresAtMs, points } of holds.flat()) {
    if (expiresAtMs === null) lasting += points;
    else byMoment.set(expiresAtMs, (byMoment.get(expiresAtMs) ?? 0) + points);
  }
  const deadlines = [...byMoment]
    .map(([expiresAtMs, points]) => ({ expiresAtMs, points }))
    .sort((a, b) => a.expiresAtMs - b.expiresAtMs);
  return { deadlines, lasting };
}

/** Open lots only. Empty ones are in their rows, where a refund finds them. */
export function withoutEmptyLots(wallet: Wallet): Wallet {
  return wallet.lots.every((lot) => lot.remaining > 0)
    ? wallet
    : { ...wallet, lots: wallet.lots.filter((lot) => lot.remaining > 0) };
}

/** Brings lots into memory that slices name, keeping the order of lot ids. */
export function withLots(wallet: Wallet, loaded: readonly PointsLot[]): Wallet {
  const known = new Set(wallet.lots.map((lot) => lot.lotId));
  const missing = loaded.filter((lot) => !known.has(lot.lotId));
  if (missing.length === 0) return wallet;
  return { ...wallet, lots: [...wallet.lots, ...missing].sort((a, b) => a.lotId - b.lotId) };
}
