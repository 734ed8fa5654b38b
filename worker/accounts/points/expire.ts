/** Writes off what lapsed: one entry a lot, so many a call, and where to go on. Pure. */
import { book } from "./booking.ts";
import { inConsumptionOrder, isExpired, move, sumOf } from "./lots.ts";
import type { Cause, LotSlice, PointsEntry, PointsLot, Wallet } from "./types.ts";
import { dueToDeficit } from "./wallet.ts";

export interface Sweep {
  readonly wallet: Wallet;
  readonly entries: readonly PointsEntry[];
  /** False: lapsed lots are left for the next call. */
  readonly isDone: boolean;
  /** When the next sweep has work; null: never. */
  readonly nextDueAtMs: number | null;
}

export function expireDue(wallet: Wallet, nowMs: number, entriesMax: number): Sweep {
  const lapsed = wallet.lots
    .filter((lot) => lot.remaining > 0 && isExpired(lot, nowMs))
    .sort(inConsumptionOrder);
  let current = wallet;
  const entries: PointsEntry[] = [];
  let isDone = true;
  for (const { lotId } of lapsed) {
    const lot = current.lots.find((one) => one.lotId === lotId);
    // An entry before this one may have used the lot to pay a deficit.
    if (!lot || lot.remaining === 0) continue;
    if (entries.length >= entriesMax) {
      isDone = false;
      break;
    }
    const written = writeOff(current, lot, nowMs);
    current = written.wallet;
    entries.push(written.entry);
  }
  return { wallet: current, entries, isDone, nextDueAtMs: isDone ? nextDueAtMs(current) : nowMs };
}

function writeOff(
  wallet: Wallet,
  lot: PointsLot,
  nowMs: number,
): { readonly wallet: Wallet; readonly entry: PointsEntry } {
  // A lot that was active before it lapsed pays a deficit first; only the rest expires.
  const { lotId } = lot;
  const due = dueToDeficit(wallet, nowMs).filter((slice) => slice.lotId === lotId);
  const points = lot.remaining - sumOf(due);
  const slice: LotSlice = { lotId, points, expiresAtMs: lot.expiresAtMs };
  const after: Wallet = {
    ...wallet,
    expired: wallet.expired + points,
    lots: move(wallet.lots, [slice], -1),
  };
  const draft = {
    type: "expire" as const,
    points: 0 - points,
    askedPoints: points,
    slices: points === 0 ? [] : [slice],
    opens: [],
    overdraft: 0,
  };
  return book(after, draft, expiryCause(lot, wallet.seq + 1, nowMs), nowMs);
}

function expiryCause(lot: PointsLot, seq: number, nowMs: number): Cause {
  return {
    // A lot can lapse again after a refund reopened it, so the key counts the ledger, not the lot.
    naturalKey: `expire:${lot.lotId}:${seq}`,
    orderId: null,
    sourceId: null,
    breakdown: [],
    actor: "system",
    storeId: null,
    customerNote: "expired",
    internalNote: "",
    occurredAtMs: lot.expiresAtMs ?? nowMs,
  };
}

/** The earliest moment at which this wallet has something to write off; null: never. */
export function nextDueAtMs(wallet: Wallet): number | null {
  let next: number | null = null;
  for (const { remaining, expiresAtMs } of wallet.lots) {
    if (remaining === 0 || expiresAtMs === null) continue;
    if (next === null || expiresAtMs < next) next = expiresAtMs;
  }
  return next;
}
