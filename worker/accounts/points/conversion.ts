/** What points are worth in money: one rate everywhere, and only whole conversions. Pure. */

/** `points` are worth `fen`; 100 points for 100 fen is ¥1 a hundred. */
export interface ConversionRate {
  readonly points: number;
  readonly fen: number;
}

export interface OffsetTerms {
  readonly rate: ConversionRate;
  /** Fewer points than this are not taken. */
  readonly pointsMin: number;
  /** Share of the payable amount that points may cover, 0 to 100. */
  readonly percentMax: number;
  /** Most points of one order; null: no limit of its own. */
  readonly pointsMax: number | null;
}

interface Offset {
  readonly points: number;
  readonly fen: number;
  /** What the member still pays in money. */
  readonly leftFen: number;
}

function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b);
}

/** The smallest whole conversion: fewest points that are worth whole fen. */
export function stepOf({ points, fen }: ConversionRate): ConversionRate {
  const unit = divisor(points, fen);
  return { points: points / unit, fen: fen / unit };
}

/** The value of points in whole fen, rounded down. */
export function worthFen(points: number, rate: ConversionRate): number {
  return Number((BigInt(points) * BigInt(rate.fen)) / BigInt(rate.points));
}

/**
 * Points that pay for part of an order. They are clamped to whole conversions, so no point is taken without its full
 * worth, nothing is paid that the order does not cost, and no fraction of a fen is left over.
 */
export function offsetOf(
  requestedPoints: number,
  activePoints: number,
  payableFen: number,
  terms: OffsetTerms,
): Offset {
  const { points: stepPoints, fen: stepFen } = stepOf(terms.rate);
  const coverableFen = Math.floor((payableFen * terms.percentMax) / 100);
  const byMoney = Math.floor(coverableFen / stepFen) * stepPoints;
  const wanted = Math.min(
    requestedPoints,
    activePoints,
    terms.pointsMax ?? requestedPoints,
    byMoney,
  );
  const points = Math.max(0, Math.floor(wanted / stepPoints) * stepPoints);
  if (points < terms.pointsMin) return { points: 0, fen: 0, leftFen: payableFen };
  const fen = (points / stepPoints) * stepFen;
  return { points, fen, leftFen: payableFen - fen };
}
