/** Reads what was stored before rules existed: members, lots and entries of the first version. Pure. */
import type { EntryType, LotSlice, PointsEntry, PointsLot, Wallet } from "./types.ts";

export interface StoredLot {
  readonly lotId: number;
  readonly source: string;
  readonly points: number;
  readonly remaining: number;
  readonly expiresAtMs: number | null;
  readonly pendingUntilMs: number | null;
  readonly createdAtMs: number;
}

export interface StoredEntry {
  readonly seq: number;
  readonly type: EntryType;
  readonly points: number;
  readonly slices: readonly LotSlice[];
  readonly naturalKey: string;
  readonly orderId: string | null;
  readonly actor: string;
  readonly reason: string;
  readonly balanceAfter: number;
  readonly occurredAtMs: number;
  readonly prevHash: string;
  readonly hash: string;
}

export interface StoredMember {
  readonly memberKey: string;
  readonly seq: number;
  readonly headHash: string;
  readonly granted: number;
  readonly held: number;
  readonly spent: number;
  readonly expired: number;
  readonly lotSeq: number;
  readonly lots: readonly StoredLot[];
}

export function lotOfStored({ createdAtMs, ...lot }: StoredLot): PointsLot {
  return { ...lot, originId: null, pendingEvent: null, earnedAtMs: createdAtMs };
}

export function walletOfStored(member: StoredMember): Wallet {
  return { ...member, clawedBack: 0, deficit: 0, lots: member.lots.map(lotOfStored) };
}

export function entryOfStored({ reason, ...entry }: StoredEntry): PointsEntry {
  return {
    ...entry,
    hashVersion: 1,
    askedPoints: Math.abs(entry.points),
    opens: [],
    paid: [],
    overdraft: 0,
    sourceId: null,
    breakdown: [],
    storeId: null,
    customerNote: reason,
    internalNote: "",
    recordedAtMs: entry.occurredAtMs,
  };
}
