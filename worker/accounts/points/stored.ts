/** Reads entries that were stored before rules existed. Pure. */
import type { EntryType, LotSlice, PointsEntry } from "./types.ts";

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
