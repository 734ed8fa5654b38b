/** Exact fractions, so that a rate is rounded once and never drifts. Pure. */

export interface Fraction {
  readonly top: bigint;
  /** Positive. */
  readonly bottom: bigint;
}

export const ZERO: Fraction = { top: 0n, bottom: 1n };

export function fractionOf(top: number, bottom = 1): Fraction {
  return { top: BigInt(top), bottom: BigInt(bottom) };
}

export function plus(a: Fraction, b: Fraction): Fraction {
  return a.bottom === b.bottom
    ? { top: a.top + b.top, bottom: a.bottom }
    : { top: a.top * b.bottom + b.top * a.bottom, bottom: a.bottom * b.bottom };
}

export function times(a: Fraction, b: Fraction): Fraction {
  return { top: a.top * b.top, bottom: a.bottom * b.bottom };
}

export function atMost(a: Fraction, most: number): Fraction {
  return a.top > BigInt(most) * a.bottom ? fractionOf(most) : a;
}

const MOST = BigInt(Number.MAX_SAFE_INTEGER);

/** As a number, and never more than a number can say exactly: many multipliers together may go beyond it. */
export function roundBy(a: Fraction, rounding: "floor" | "half_up" | "ceil"): number {
  const { top, bottom } = a;
  const whole =
    rounding === "ceil"
      ? (top + bottom - 1n) / bottom
      : rounding === "half_up"
        ? (top * 2n + bottom) / (bottom * 2n)
        : top / bottom;
  return Number(whole > MOST ? MOST : whole);
}

/**
 * Splits a whole into parts in the proportion of the weights. The parts sum to the whole; the largest remainders get the
 * odd points, the first of equals first.
 */
export function split(whole: number, weights: readonly Fraction[]): number[] {
  const sum = weights.reduce(plus, ZERO);
  if (sum.top === 0n) return weights.map(() => 0);
  const exact = weights.map((weight) => ({
    top: BigInt(whole) * weight.top * sum.bottom,
    bottom: weight.bottom * sum.top,
  }));
  const parts = exact.map((one) => Number(one.top / one.bottom));
  let odd = whole - parts.reduce((total, part) => total + part, 0);
  const order = exact
    .map((one, at) => ({ at, top: one.top % one.bottom, bottom: one.bottom }))
    .sort((a, b) => {
      const difference = b.top * a.bottom - a.top * b.bottom;
      return difference === 0n ? a.at - b.at : difference > 0n ? 1 : -1;
    });
  for (const { at } of order) {
    if (odd === 0) break;
    parts[at] = (parts[at] ?? 0) + 1;
    odd -= 1;
  }
  return parts;
}
