/** Lots of points: where they came from, what is left, when they lapse. Pure. */
import { invariant } from "../kernel/invariant.ts";

export interface Lot {
  /** Numbered per member from 1. */
  readonly lotId: number;
  /** What made the lot: `grant`, `opening`, `refund_grace` … */
  readonly source: string;
  /** Points the lot was credited with. */
  readonly points: number;
  readonly remaining: number;
  /** Null: never. */
  readonly expiresAtMs: number | null;
  /** Not spendable before; null: at once. */
  readonly pendingUntilMs: number | null;
  readonly createdAtMs: number;
}

/** Part of a lot that a redemption holds or spent; a refund reopens exactly this. */
export interface LotSlice {
  readonly lotId: number;
  readonly points: number;
  readonly expiresAtMs: number | null;
}

export function isExpired(lot: Lot, nowMs: number): boolean {
  return lot.expiresAtMs !== null && lot.expiresAtMs <= nowMs;
}

export function isPending(lot: Lot, nowMs: number): boolean {
  return lot.pendingUntilMs !== null && lot.pendingUntilMs > nowMs;
}

function isSpendable(lot: Lot, nowMs: number): boolean {
  return lot.remaining > 0 && !isExpired(lot, nowMs) && !isPending(lot, nowMs);
}

export function activePoints(lots: readonly Lot[], nowMs: number): number {
  let points = 0;
  for (const lot of lots) if (isSpendable(lot, nowMs)) points += lot.remaining;
  return points;
}

/** Earliest expiry first, lots that never expire last, then the older lot. */
export function inConsumptionOrder(a: Lot, b: Lot): number {
  const left = a.expiresAtMs ?? Number.POSITIVE_INFINITY;
  const right = b.expiresAtMs ?? Number.POSITIVE_INFINITY;
  if (left !== right) return left < right ? -1 : 1;
  return a.lotId - b.lotId;
}

/** Takes points out of spendable lots, first to lapse first. The caller has checked that they suffice. */
export function consume(
  lots: readonly Lot[],
  points: number,
  nowMs: number,
): { readonly lots: readonly Lot[]; readonly slices: readonly LotSlice[] } {
  invariant(points >= 0, "points to consume are not negative");
  const slices: LotSlice[] = [];
  const left = new Map<number, number>();
  let wanted = points;
  for (const lot of [...lots].sort(inConsumptionOrder)) {
    if (wanted === 0) break;
    if (!isSpendable(lot, nowMs)) continue;
    const taken = Math.min(lot.remaining, wanted);
    wanted -= taken;
    slices.push({ lotId: lot.lotId, points: taken, expiresAtMs: lot.expiresAtMs });
    left.set(lot.lotId, lot.remaining - taken);
  }
  invariant(wanted === 0, "I4 lots cover what was checked", { points, wanted });
  return { lots: withRemaining(lots, left), slices };
}

function withRemaining(lots: readonly Lot[], left: ReadonlyMap<number, number>): readonly Lot[] {
  return lots.map((lot) => {
    const remaining = left.get(lot.lotId);
    return remaining === undefined ? lot : { ...lot, remaining };
  });
}

export function sumOf(slices: readonly LotSlice[]): number {
  let points = 0;
  for (const slice of slices) points += slice.points;
  return points;
}
