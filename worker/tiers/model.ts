/**
 * Member tiers by growth, a value of its own that is never spent. Upgrades are at once; when a tier ends, and where it then
 * goes, is policy. Pure.
 */
import { addMonths, periodEndMs, periodIndex, startOfDayMs } from "../kernel/calendar.ts";
import { DAY_MS, programmeDay } from "../kernel/clock.ts";
import { invariant } from "../kernel/invariant.ts";

/** The segment of everybody whose tier opens the exclusive pool, whatever the tiers are called. */
export const EXCLUSIVE_POOL_SEGMENT = "exclusive-pool";

export interface TierBenefits {
  /** What earned points are multiplied by; 100 is once. */
  readonly earnPercent: number;
  /** What a redemption costs; 80 is a fifth off. */
  readonly redeemPercent: number;
  readonly checkInBonus: number;
  /** May see and redeem the members-only pool. */
  /** Members of the tier are in the segment `EXCLUSIVE_POOL_SEGMENT`, which goods, prices and rules may ask for. */
  readonly hasExclusivePool: boolean;
  /** Once in a life, on the first upgrade to this tier. */
  readonly giftPoints: number;
}

export interface Tier {
  readonly tierId: string;
  readonly title: string;
  /** Growth from which the tier is reached. The first tier has 0. */
  readonly growthMin: number;
  readonly benefits: TierBenefits;
}

/** Which growth counts. Months are whole programme months, the running one included. */
export type GrowthWindow =
  | { readonly kind: "lifetime" }
  | { readonly kind: "calendar_year" }
  | { readonly kind: "rolling_months"; readonly months: number };

/** When a tier is looked at again. */
export type TierExpiry =
  | { readonly kind: "never" }
  | { readonly kind: "tier_start_date"; readonly months: number }
  | { readonly kind: "program_join_date"; readonly months: number }
  /** A moment of the member's own, set by the merchant's system. */
  | { readonly kind: "customer_attribute" }
  /** Everybody's cycle, such as every first of January. */
  | {
      readonly kind: "absolute_expiration";
      readonly cycleStartMs: number;
      readonly months: number;
    };

export interface TierTerms {
  readonly version: number;
  readonly zoneOffsetMs: number;
  /** Ascending by growth. */
  readonly tiers: readonly Tier[];
  readonly window: GrowthWindow;
  readonly expiry: TierExpiry;
  /** Moves the end of a tier to the end of a period of the programme. */
  readonly roundTo: "none" | "day" | "week" | "month" | "year";
  /** `one_down`: one tier at a time. `balance_based`: to the tier that the growth now gives. */
  readonly downgrade: "one_down" | "balance_based";
  readonly graceDays: number;
  /** Growth taken back by a return: a lower tier at once, or when the tier ends. */
  readonly onReversal: "at_once" | "at_expiry";
}

export interface PaidMembership {
  readonly tierId: string;
  readonly untilMs: number;
}

export interface TierState {
  readonly joinedAtMs: number;
  /** Growth ever, less what was taken back. */
  readonly lifetime: number;
  /** Growth by programme month, the last three years of it, ascending. */
  readonly months: readonly { readonly month: number; readonly growth: number }[];
  /** Tier by growth. */
  readonly tierId: string;
  readonly sinceMs: number;
  /** Null: it does not end. */
  readonly endsAtMs: number | null;
  /** The tier ended and was not earned again; until then it stays. */
  readonly graceUntilMs: number | null;
  /** Of states from before several could run beside each other. */
  readonly paid?: PaidMembership | null;
  /** Bought, one a tier. */
  readonly memberships?: readonly PaidMembership[];
  /** For `customer_attribute`. */
  readonly attributeEndsAtMs: number | null;
  readonly giftsGiven: readonly string[];
}

export type TierChange =
  | { readonly kind: "upgraded" | "downgraded"; readonly from: string; readonly to: string }
  | { readonly kind: "renewed" | "grace"; readonly tierId: string; readonly untilMs: number | null }
  | {
      readonly kind: "gift";
      readonly tierId: string;
      readonly points: number;
      readonly naturalKey: string;
    };

export interface TierOutcome {
  readonly state: TierState;
  readonly changes: readonly TierChange[];
}

const KEPT_MONTHS = 36;
const PERIOD_OF = { day: "day", week: "week", month: "month", year: "year" } as const;

export function rankOf(terms: TierTerms, tierId: string): number {
  const rank = terms.tiers.findIndex((tier) => tier.tierId === tierId);
  // A tier that was taken out of the terms counts as the lowest one.
  return Math.max(0, rank);
}

function tierAt(terms: TierTerms, rank: number): Tier {
  const tier = terms.tiers[rank];
  invariant(tier, "tiers have a first one");
  return tier;
}

export function newTierState(terms: TierTerms, joinedAtMs: number): TierState {
  return {
    joinedAtMs,
    lifetime: 0,
    months: [],
    tierId: tierAt(terms, 0).tierId,
    sinceMs: joinedAtMs,
    endsAtMs: null,
    graceUntilMs: null,
    memberships: [],
    attributeEndsAtMs: null,
    giftsGiven: [],
  };
}

/** Growth that counts at a moment. */
export function qualifyingGrowth(state: TierState, terms: TierTerms, atMs: number): number {
  const { window, zoneOffsetMs } = terms;
  if (window.kind === "lifetime") return state.lifetime;
  const month = periodIndex("month", atMs, zoneOffsetMs);
  const first = window.kind === "calendar_year" ? month - (month % 12) : month - window.months + 1;
  let growth = 0;
  for (const one of state.months)
    if (one.month >= first && one.month <= month) growth += one.growth;
  return Math.max(0, growth);
}

/** The rank that this much growth gives. */
function rankBy(terms: TierTerms, growth: number): number {
  let rank = 0;
  terms.tiers.forEach((tier, at) => {
    if (growth >= tier.growthMin) rank = at;
  });
  return rank;
}

/** When a tier that begins or is renewed at `fromMs` ends. The lowest tier never does. */
function endOf(state: TierState, terms: TierTerms, rank: number, fromMs: number): number | null {
  if (rank === 0) return null;
  const { expiry, zoneOffsetMs } = terms;
  const anchored = (anchorMs: number, months: number): number => {
    const day = programmeDay(anchorMs, zoneOffsetMs);
    for (let turn = 1; ; turn += 1) {
      const endMs = startOfDayMs(addMonths(day, turn * months), zoneOffsetMs);
      if (endMs > fromMs) return endMs;
    }
  };
  switch (expiry.kind) {
    case "never":
      return null;
    case "tier_start_date":
      return rounded(anchored(fromMs, expiry.months), terms);
    case "program_join_date":
      return rounded(anchored(state.joinedAtMs, expiry.months), terms);
    case "absolute_expiration":
      return rounded(anchored(Math.min(expiry.cycleStartMs, fromMs), expiry.months), terms);
    case "customer_attribute": {
      const endMs = state.attributeEndsAtMs;
      return endMs === null || endMs <= fromMs ? null : rounded(endMs, terms);
    }
  }
}

function rounded(endMs: number, terms: TierTerms): number {
  if (terms.roundTo === "none") return endMs;
  const period = PERIOD_OF[terms.roundTo];
  // The end of a period is the first moment of the next; a moment that is one already stays.
  const index = periodIndex(period, endMs - 1, terms.zoneOffsetMs);
  return periodEndMs(period, index, terms.zoneOffsetMs) ?? endMs;
}

function moveTo(state: TierState, terms: TierTerms, rank: number, atMs: number): TierOutcome {
  const from = rankOf(terms, state.tierId);
  const to = tierAt(terms, rank);
  const moved: TierState = {
    ...state,
    tierId: to.tierId,
    sinceMs: atMs,
    graceUntilMs: null,
    endsAtMs: endOf(state, terms, rank, atMs),
  };
  const kind = rank > from ? "upgraded" : "downgraded";
  const change: TierChange = { kind, from: state.tierId, to: to.tierId };
  if (kind === "downgraded") return { state: moved, changes: [change] };
  const given = withGifts(moved, terms, from, rank);
  return { state: given.state, changes: [change, ...given.changes] };
}

/**
 * The gifts of every tier passed on the way from a rank up to another, each once in a life: going down and up again gives
 * none, nor does growth what a membership gave.
 */
export function withGifts(
  state: TierState,
  terms: TierTerms,
  from: number,
  to: number,
): TierOutcome {
  const gifts = terms.tiers.filter(
    (tier, at) =>
      at > from &&
      at <= to &&
      tier.benefits.giftPoints > 0 &&
      !state.giftsGiven.includes(tier.tierId),
  );
  const changes = gifts.map(({ tierId, benefits }): TierChange => {
    const naturalKey = `tier_gift:${tierId}`;
    return { kind: "gift", tierId, points: benefits.giftPoints, naturalKey };
  });
  const giftsGiven = [...state.giftsGiven, ...gifts.map(({ tierId }) => tierId)];
  return { state: { ...state, giftsGiven }, changes };
}

/** Adds growth, or takes it back where `growth` is negative. The caller's natural key makes it happen once. */
export function addGrowth(
  state: TierState,
  terms: TierTerms,
  growth: number,
  nowMs: number,
): TierOutcome {
  const due = evaluateTier(state, terms, nowMs);
  const month = periodIndex("month", nowMs, terms.zoneOffsetMs);
  const known = due.state.months.find((one) => one.month === month);
  const months = known
    ? due.state.months.map((one) =>
        one.month === month ? { month, growth: one.growth + growth } : one,
      )
    : [...due.state.months, { month, growth }];
  const grown: TierState = {
    ...due.state,
    lifetime: Math.max(0, due.state.lifetime + growth),
    months: months.filter((one) => one.month > month - KEPT_MONTHS),
  };
  const rank = rankOf(terms, grown.tierId);
  const wanted = rankBy(terms, qualifyingGrowth(grown, terms, nowMs));
  const isLower = wanted < rank && growth < 0 && terms.onReversal === "at_once";
  if (wanted <= rank && !isLower) {
    // Earned again while on grace: the tier is renewed at once.
    if (grown.graceUntilMs !== null && wanted === rank) return renewed(grown, terms, nowMs, due);
    return { state: grown, changes: due.changes };
  }
  const moved = moveTo(grown, terms, wanted, nowMs);
  return { state: moved.state, changes: [...due.changes, ...moved.changes] };
}

function renewed(
  state: TierState,
  terms: TierTerms,
  atMs: number,
  before: TierOutcome,
): TierOutcome {
  const untilMs = endOf(state, terms, rankOf(terms, state.tierId), atMs);
  const next: TierState = { ...state, graceUntilMs: null, endsAtMs: untilMs };
  const change: TierChange = { kind: "renewed", tierId: state.tierId, untilMs };
  return { state: next, changes: [...before.changes, change] };
}

/** Does what is due by `nowMs`: renewals, grace, downgrades, one after the other. Ends after a bounded number of steps. */
export function evaluateTier(state: TierState, terms: TierTerms, nowMs: number): TierOutcome {
  let current: TierOutcome = { state, changes: [] };
  // A member asleep for years has at most a step for each month and each tier to catch up.
  for (let step = 0; step < 1_200; step += 1) {
    const next = stepOnce(current, terms, nowMs);
    if (!next) return current;
    current = next;
  }
  return current;
}

function stepOnce(outcome: TierOutcome, terms: TierTerms, nowMs: number): TierOutcome | null {
  const { state } = outcome;
  const dueAtMs = state.graceUntilMs ?? state.endsAtMs;
  if (dueAtMs === null || dueAtMs > nowMs) return null;
  const rank = rankOf(terms, state.tierId);
  // The tier that ends is judged by the growth of its own time, the moment that ends it excluded.
  const earned = rankBy(terms, qualifyingGrowth(state, terms, dueAtMs - 1));
  if (earned >= rank) return renewed(state, terms, dueAtMs, outcome);
  if (state.graceUntilMs === null && terms.graceDays > 0) {
    const untilMs = dueAtMs + terms.graceDays * DAY_MS;
    return {
      state: { ...state, graceUntilMs: untilMs },
      changes: [...outcome.changes, { kind: "grace", tierId: state.tierId, untilMs }],
    };
  }
  const wanted = terms.downgrade === "one_down" ? Math.max(earned, rank - 1) : earned;
  const moved = moveTo(state, terms, wanted, dueAtMs);
  return { state: moved.state, changes: [...outcome.changes, ...moved.changes] };
}

/** The merchant's system says when this member's tier ends. It moves the end of the tier that stands. */
export function withAttributeEnd(
  state: TierState,
  terms: TierTerms,
  attributeEndsAtMs: number | null,
  nowMs: number,
): TierState {
  const next: TierState = { ...evaluateTier(state, terms, nowMs).state, attributeEndsAtMs };
  if (terms.expiry.kind !== "customer_attribute") return next;
  return { ...next, endsAtMs: endOf(next, terms, rankOf(terms, next.tierId), nowMs) };
}
