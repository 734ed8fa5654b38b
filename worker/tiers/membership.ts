/** Bought memberships: a tier of its own time beside the one that growth gives. The highest of all counts. Pure. */
import { addMonths, startOfDayMs } from "../kernel/calendar.ts";
import { programmeDay } from "../kernel/clock.ts";
import {
  evaluateTier,
  rankOf,
  withGifts,
  type PaidMembership,
  type TierOutcome,
  type TierState,
  type TierTerms,
} from "./model.ts";

/** All that were bought, those that ended included. */
export function boughtOf({ memberships, paid }: TierState): readonly PaidMembership[] {
  return [...(memberships ?? []), ...(paid ? [paid] : [])];
}

/** The highest that runs; of equals the one that ends last. */
export function runningMembership(
  state: TierState,
  terms: TierTerms,
  nowMs: number,
): PaidMembership | null {
  const ranked = boughtOf(state)
    .filter(({ untilMs }) => untilMs > nowMs)
    .sort((a, b) => rankOf(terms, b.tierId) - rankOf(terms, a.tierId) || b.untilMs - a.untilMs);
  return ranked[0] ?? null;
}

/** The later end of each tier. */
export function joinMemberships(all: readonly PaidMembership[]): readonly PaidMembership[] {
  const latest = new Map<string, number>();
  for (const { tierId, untilMs } of all) {
    latest.set(tierId, Math.max(latest.get(tierId) ?? 0, untilMs));
  }
  return [...latest].map(([tierId, untilMs]) => ({ tierId, untilMs }));
}

/**
 * Buying the same tier again while it runs adds to its end. Another tier runs beside it: the higher one counts, and the lower
 * one lies beneath it until that ends. A tier reached this way gives its gift, if nothing gave it before.
 */
export function buyMembership(
  state: TierState,
  terms: TierTerms,
  tierId: string,
  months: number,
  nowMs: number,
): TierOutcome {
  const due = evaluateTier(state, terms, nowMs);
  const before = effectiveRank(due.state, terms, nowMs);
  const all = joinMemberships(boughtOf(due.state)).filter(({ untilMs }) => untilMs > nowMs);
  const fromMs = all.find((one) => one.tierId === tierId)?.untilMs ?? nowMs;
  const day = programmeDay(fromMs, terms.zoneOffsetMs);
  const sinceMidnightMs = fromMs - startOfDayMs(day, terms.zoneOffsetMs);
  const untilMs = startOfDayMs(addMonths(day, months), terms.zoneOffsetMs) + sinceMidnightMs;
  const memberships = joinMemberships([...all, { tierId, untilMs }]);
  const bought: TierState = { ...due.state, paid: null, memberships };
  const given = withGifts(bought, terms, before, effectiveRank(bought, terms, nowMs));
  return { state: given.state, changes: [...due.changes, ...given.changes] };
}

/** The rank that counts: of growth, or of a membership where that is higher. The state was evaluated. */
export function effectiveRank(state: TierState, terms: TierTerms, nowMs: number): number {
  const paid = runningMembership(state, terms, nowMs);
  return Math.max(rankOf(terms, state.tierId), paid ? rankOf(terms, paid.tierId) : 0);
}
