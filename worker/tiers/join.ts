/** Two records of one person become one: their growth adds up, a gift that either got is not given again. Pure. */
import { boughtOf, joinMemberships } from "./membership.ts";
import {
  addGrowth,
  evaluateTier,
  rankOf,
  type TierOutcome,
  type TierState,
  type TierTerms,
} from "./model.ts";

/** Without terms: the tier of the record that stays, until its next growth. */
export function summed(own: TierState, from: TierState): TierState {
  const months = new Map(own.months.map(({ month, growth }) => [month, growth]));
  for (const { month, growth } of from.months) months.set(month, (months.get(month) ?? 0) + growth);
  return {
    ...own,
    joinedAtMs: Math.min(own.joinedAtMs, from.joinedAtMs),
    lifetime: own.lifetime + from.lifetime,
    months: [...months]
      .map(([month, growth]) => ({ month, growth }))
      .sort((a, b) => a.month - b.month),
    paid: null,
    memberships: joinMemberships([...boughtOf(own), ...boughtOf(from)]),
    attributeEndsAtMs: own.attributeEndsAtMs ?? from.attributeEndsAtMs,
    giftsGiven: [...new Set([...own.giftsGiven, ...from.giftsGiven])],
  };
}

/** The higher of both tiers with its own end, or a still higher one that their growth reaches together. */
export function joinTiers(
  own: TierState,
  from: TierState,
  terms: TierTerms,
  nowMs: number,
): TierOutcome {
  const mine = evaluateTier(own, terms, nowMs).state;
  const theirs = evaluateTier(from, terms, nowMs).state;
  const isHigher = rankOf(terms, theirs.tierId) > rankOf(terms, mine.tierId);
  const { tierId, sinceMs, endsAtMs, graceUntilMs } = isHigher ? theirs : mine;
  const both = { ...summed(mine, theirs), tierId, sinceMs, endsAtMs, graceUntilMs };
  return addGrowth(both, terms, 0, nowMs);
}
