/** One member's points: lots, counters, ledger head. Pure transitions; the shell writes what they return. */
import { invariant } from "../kernel/invariant.ts";
import { GENESIS_HASH, sealEntry, type EntryDraft, type LedgerEntry } from "./ledger.ts";
import { activePoints, isExpired, type Lot, type LotSlice } from "./lots.ts";

/** Days a refunded slice lives on when its own lot lapsed meanwhile. */
const REFUND_GRACE_MS = 30 * 86_400_000;

export interface Member {
  readonly memberKey: string;
  readonly seq: number;
  readonly headHash: string;
  /** Points ever credited from outside. */
  readonly granted: number;
  readonly held: number;
  readonly spent: number;
  readonly expired: number;
  readonly lotSeq: number;
  readonly lots: readonly Lot[];
}

export function newMember(memberKey: string): Member {
  return {
    memberKey,
    seq: 0,
    headHash: GENESIS_HASH,
    granted: 0,
    held: 0,
    spent: 0,
    expired: 0,
    lotSeq: 0,
    lots: [],
  };
}

/** Points that lie in lots: spendable, pending, or lapsed and not yet written off. */
export function inLots(member: Member): number {
  let points = 0;
  for (const lot of member.lots) points += lot.remaining;
  return points;
}

/** Asserts I4. */
export function assertMember(member: Member): void {
  const { granted, held, spent, expired } = member;
  const lots = inLots(member);
  invariant(lots >= 0 && held >= 0 && spent >= 0 && expired >= 0, "I4 points are never negative", {
    lots,
    held,
    spent,
    expired,
  });
  invariant(lots + held + spent + expired === granted, "I4 active + held + spent = granted", {
    lots,
    held,
    spent,
    expired,
    granted,
  });
}

export interface Booking {
  readonly member: Member;
  readonly entries: readonly LedgerEntry[];
}

/** Appends an entry to the member's chain; `member` already carries the changed counters. */
export function append(member: Member, draft: EntryDraft): Booking {
  const seq = member.seq + 1;
  const entry = sealEntry(draft, member.headHash, seq, inLots(member) + member.held);
  return { member: { ...member, seq, headHash: entry.hash }, entries: [entry] };
}

export interface GrantCommand {
  readonly points: number;
  readonly reason: string;
  readonly actor: string;
  readonly source: string;
  readonly expiresAtMs: number | null;
  readonly idempotencyKey: string;
}

/** A credit makes a lot. */
export function credit(member: Member, command: GrantCommand, nowMs: number): Booking {
  const lot: Lot = {
    lotId: member.lotSeq + 1,
    source: command.source,
    points: command.points,
    remaining: command.points,
    expiresAtMs: command.expiresAtMs,
    pendingUntilMs: null,
    createdAtMs: nowMs,
  };
  const credited: Member = {
    ...member,
    granted: member.granted + command.points,
    lotSeq: lot.lotId,
    lots: [...member.lots, lot],
  };
  return append(credited, {
    type: command.source === "opening" ? "opening" : "manual_credit",
    points: command.points,
    slices: [sliceOf(lot)],
    naturalKey: `grant:${command.idempotencyKey}`,
    orderId: null,
    actor: command.actor,
    reason: command.reason,
    occurredAtMs: nowMs,
  });
}

function sliceOf(lot: Lot): LotSlice {
  return { lotId: lot.lotId, points: lot.points, expiresAtMs: lot.expiresAtMs };
}

/** Writes off what lapsed, one entry a lot. Bounded by the number of lots. */
export function expireLots(member: Member, nowMs: number): Booking {
  let current = member;
  const entries: LedgerEntry[] = [];
  for (const lot of member.lots) {
    if (lot.remaining === 0 || !isExpired(lot, nowMs)) continue;
    const written: Member = {
      ...current,
      expired: current.expired + lot.remaining,
      lots: current.lots.map((other) =>
        other.lotId === lot.lotId ? { ...other, remaining: 0 } : other,
      ),
    };
    const booking = append(written, {
      type: "expire",
      points: -lot.remaining,
      slices: [{ lotId: lot.lotId, points: lot.remaining, expiresAtMs: lot.expiresAtMs }],
      // A lot can lapse again after a refund reopened it, so the key counts the ledger, not the lot.
      naturalKey: `expire:${lot.lotId}:${current.seq + 1}`,
      orderId: null,
      actor: "system",
      reason: "expired",
      occurredAtMs: lot.expiresAtMs ?? nowMs,
    });
    current = booking.member;
    entries.push(...booking.entries);
  }
  return { member: current, entries };
}

/**
 * Puts slices back. A slice keeps its own expiry; where its lot lapsed meanwhile it returns as a lot
 * of its own with the grace days, so that nobody loses points by giving a unit back.
 */
export function returnSlices(
  member: Member,
  slices: readonly LotSlice[],
  nowMs: number,
): { readonly member: Member; readonly returned: readonly LotSlice[] } {
  let lots = member.lots;
  let lotSeq = member.lotSeq;
  const returned: LotSlice[] = [];
  for (const slice of slices) {
    const lapsed = slice.expiresAtMs !== null && slice.expiresAtMs <= nowMs;
    if (!lapsed) {
      lots = lots.map((lot) =>
        lot.lotId === slice.lotId ? { ...lot, remaining: lot.remaining + slice.points } : lot,
      );
      returned.push(slice);
      continue;
    }
    lotSeq += 1;
    const grace: Lot = {
      lotId: lotSeq,
      source: "refund_grace",
      points: slice.points,
      remaining: slice.points,
      expiresAtMs: nowMs + REFUND_GRACE_MS,
      pendingUntilMs: null,
      createdAtMs: nowMs,
    };
    lots = [...lots, grace];
    returned.push(sliceOf(grace));
  }
  for (const lot of lots) {
    invariant(lot.remaining <= lot.points, "I4 a lot never holds more than it was given", {
      lotId: lot.lotId,
    });
  }
  return { member: { ...member, lots, lotSeq }, returned };
}

export interface Balance {
  readonly active: number;
  readonly held: number;
  readonly pending: number;
  readonly spent: number;
  readonly expired: number;
  readonly negative: number;
}

export function balanceOf(member: Member, nowMs: number): Balance {
  const active = activePoints(member.lots, nowMs);
  let lapsed = 0;
  for (const lot of member.lots) if (isExpired(lot, nowMs)) lapsed += lot.remaining;
  return {
    active,
    held: member.held,
    pending: inLots(member) - active - lapsed,
    spent: member.spent,
    expired: member.expired + lapsed,
    negative: 0,
  };
}
