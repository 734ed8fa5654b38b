/** Which lots may be spent, in which order, and how slices are taken and put back. Pure. */
import type { LotSlice, PointsLot } from "./types.ts";

export function isExpired(lot: PointsLot, nowMs: number): boolean {
  return lot.expiresAtMs !== null && lot.expiresAtMs <= nowMs;
}

export function isPending(lot: PointsLot, nowMs: number): boolean {
  return lot.pendingEvent !== null || (lot.pendingUntilMs !== null && lot.pendingUntilMs > nowMs);
}

export function isSpendable(lot: PointsLot, nowMs: number): boolean {
  return lot.remaining > 0 && !isExpired(lot, nowMs) && !isPending(lot, nowMs);
}

/**
 * Points that owe a deficit: spendable now, or spendable once before they lapsed. Nobody writes an entry at the second a
 * lot becomes active, so the debt is collected by the next entry as if it had been collected then.
 */
export function isPayable(lot: PointsLot, nowMs: number): boolean {
  if (lot.remaining === 0 || isPending(lot, nowMs)) return false;
  return (
    lot.expiresAtMs === null || lot.pendingUntilMs === null || lot.pendingUntilMs < lot.expiresAtMs
  );
}

/** Earliest expiry first, lots that never expire last, then the older lot. */
export function inConsumptionOrder(a: PointsLot, b: PointsLot): number {
  const left = a.expiresAtMs ?? Number.POSITIVE_INFINITY;
  const right = b.expiresAtMs ?? Number.POSITIVE_INFINITY;
  if (left !== right) return left < right ? -1 : 1;
  if (a.earnedAtMs !== b.earnedAtMs) return a.earnedAtMs - b.earnedAtMs;
  return a.lotId - b.lotId;
}

export function sumOf(slices: readonly LotSlice[]): number {
  let points = 0;
  for (const slice of slices) points += slice.points;
  return points;
}

export function remainingOf(lots: readonly PointsLot[]): number {
  let points = 0;
  for (const lot of lots) points += lot.remaining;
  return points;
}

/** Takes up to `points` from lots in the order given. What they do not cover stays wanted. */
export function sliceOff(ordered: readonly PointsLot[], points: number): readonly LotSlice[] {
  const slices: LotSlice[] = [];
  let wanted = points;
  for (const lot of ordered) {
    if (wanted === 0) break;
    const taken = Math.min(lot.remaining, wanted);
    if (taken === 0) continue;
    wanted -= taken;
    slices.push({ lotId: lot.lotId, points: taken, expiresAtMs: lot.expiresAtMs });
  }
  return slices;
}

/** Changes what remains in the lots that slices name: `-1` takes, `+1` puts back. */
export function move(
  lots: readonly PointsLot[],
  slices: readonly LotSlice[],
  direction: 1 | -1,
): readonly PointsLot[] {
  if (slices.length === 0) return lots;
  const changes = new Map<number, number>();
  for (const { lotId, points } of slices) {
    changes.set(lotId, (changes.get(lotId) ?? 0) + direction * points);
  }
  return lots.map((lot) => {
    const change = changes.get(lot.lotId);
    return change === undefined ? lot : { ...lot, remaining: lot.remaining + change };
  });
}

export function consumable(lots: readonly PointsLot[], nowMs: number): PointsLot[] {
  return lots.filter((lot) => isSpendable(lot, nowMs)).sort(inConsumptionOrder);
}

/**
 * The part of consumed slices that a partial return reopens. What was consumed last comes back first, so the member keeps
 * the points that live longest, and the parts of an order add up to its whole.
 */
export function returnedPart(
  slices: readonly LotSlice[],
  alreadyReturned: number,
  points: number,
): readonly LotSlice[] {
  const part: LotSlice[] = [];
  let skip = alreadyReturned;
  let wanted = points;
  for (const slice of [...slices].reverse()) {
    const skipped = Math.min(skip, slice.points);
    skip -= skipped;
    const taken = Math.min(slice.points - skipped, wanted);
    if (taken === 0) continue;
    wanted -= taken;
    part.push({ ...slice, points: taken });
  }
  return part;
}
