/** What a return takes back: in proportion to the money returned, and never more than was given. Pure. */
import type { RuleShare } from "../../accounts/points/index.ts";
import { WALLET } from "./caps.ts";
import type { CapChange } from "./types.ts";

export interface EarnedOrder {
  /** Money that the points were earned on. */
  readonly basisFen: number;
  readonly shares: readonly RuleShare[];
}

export interface Reversal {
  readonly points: number;
  readonly shares: readonly RuleShare[];
}

function sumOf(shares: readonly RuleShare[]): number {
  let points = 0;
  for (const share of shares) points += share.points;
  return points;
}

/**
 * Points to take back now. What the member keeps is rounded down, as what was earned is; returns in parts take back the
 * same as one return of their sum, and a whole return takes back everything.
 *
 * @param returnedFen money returned so far, this return included
 */
export function reversalOf(
  earned: EarnedOrder,
  returnedFen: number,
  alreadyReversed: number,
): Reversal {
  const given = sumOf(earned.shares);
  const keptFen = Math.max(0, earned.basisFen - returnedFen);
  const kept =
    earned.basisFen === 0 ? 0 : Number((BigInt(given) * BigInt(keptFen)) / BigInt(earned.basisFen));
  const points = Math.max(0, given - kept - alreadyReversed);
  const before = partOf(earned.shares, alreadyReversed);
  const after = partOf(earned.shares, alreadyReversed + points);
  const shares = earned.shares
    .map((share, at) => ({ ...share, points: (after[at] ?? 0) - (before[at] ?? 0) }))
    .filter((share) => share.points !== 0);
  return { points, shares };
}

/** The first `points` of a reversal, by share: what was given last goes first, so that no part is ever given back. */
function partOf(shares: readonly RuleShare[], points: number): number[] {
  const parts = shares.map(() => 0);
  let left = points;
  for (let at = shares.length - 1; at >= 0; at -= 1) {
    parts[at] = Math.min(shares[at]?.points ?? 0, left);
    left -= parts[at] ?? 0;
  }
  return parts;
}

/**
 * What a reversal gives back of the caps that an award used. It is given back in the proportion that was really taken, and
 * only where every use shrinks as much, so that what a member keeps is never more than what is counted.
 */
export function capsFreed(
  changes: readonly CapChange[],
  shares: readonly RuleShare[],
  taken: readonly RuleShare[],
): CapChange[] {
  const all = sumOf(taken);
  const byRule = new Map(taken.map((share) => [share.ruleId, share.points]));
  return changes.map(({ key, points, times }) => {
    const ruleId = key.slice(0, key.indexOf(":"));
    const freed = ruleId === WALLET ? all : (byRule.get(ruleId) ?? 0);
    const isWhole = ruleId === WALLET ? all === sumOf(shares) : freed === points;
    return { key, points: 0 - freed, times: isWhole ? 0 - times : 0 };
  });
}
