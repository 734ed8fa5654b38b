/** What a tier means for a member now, and where the growth leads. Pure. */
import { DAY_MS } from "../kernel/clock.ts";
import { invariant } from "../kernel/invariant.ts";
import {
  evaluateTier,
  qualifyingGrowth,
  rankOf,
  type PaidMembership,
  type Tier,
  type TierState,
  type TierTerms,
} from "./model.ts";
import { effectiveRank, runningMembership } from "./membership.ts";

export interface EffectiveTier {
  readonly tier: Tier;
  /** A bought membership counts where it is higher than what growth gives. */
  readonly source: "growth" | "paid";
}

/** The tier whose benefits hold at `nowMs`. */
export function effectiveTier(state: TierState, terms: TierTerms, nowMs: number): EffectiveTier {
  const due = evaluateTier(state, terms, nowMs).state;
  const rank = effectiveRank(due, terms, nowMs);
  const tier = terms.tiers[rank];
  invariant(tier, "tiers have a first one");
  return { tier, source: rank > rankOf(terms, due.tierId) ? "paid" : "growth" };
}

export interface TierView {
  readonly tierId: string;
  readonly source: "growth" | "paid";
  /** The highest bought membership that runs, whether or not growth gives a higher tier. */
  readonly paid: PaidMembership | null;
  /** Growth that counts now. */
  readonly growth: number;
  readonly lifetimeGrowth: number;
  readonly sinceMs: number;
  readonly endsAtMs: number | null;
  readonly graceUntilMs: number | null;
  /** The tier after the next evaluation, if nothing more is earned. */
  readonly projectedTierId: string;
  /** Growth missing to keep the tier at its next evaluation; 0: kept. */
  readonly missingToStay: number;
  /** Null: there is no higher tier. */
  readonly next: { readonly tierId: string; readonly missing: number } | null;
}

/** The tier card of a member. */
export function tierView(state: TierState, terms: TierTerms, nowMs: number): TierView {
  const due = evaluateTier(state, terms, nowMs).state;
  const { tier, source } = effectiveTier(due, terms, nowMs);
  const paid = runningMembership(due, terms, nowMs);
  const growth = qualifyingGrowth(due, terms, nowMs);
  const higher = terms.tiers[rankOf(terms, tier.tierId) + 1];
  return {
    ...{ tierId: tier.tierId, source, paid, growth },
    lifetimeGrowth: due.lifetime,
    sinceMs: due.sinceMs,
    ...(source === "paid" && paid
      ? boughtOutlook(due, terms, paid.untilMs)
      : grownOutlook(due, terms, growth)),
    next: higher
      ? { tierId: higher.tierId, missing: Math.max(0, higher.growthMin - growth) }
      : null,
  };
}

type Outlook = Pick<TierView, "endsAtMs" | "graceUntilMs" | "projectedTierId" | "missingToStay">;

/** No growth keeps a tier that was bought: it ends when it was bought to, and what stands beneath it counts. */
function boughtOutlook(due: TierState, terms: TierTerms, untilMs: number): Outlook {
  const projectedTierId = effectiveTier(due, terms, untilMs).tier.tierId;
  return { endsAtMs: untilMs, graceUntilMs: null, projectedTierId, missingToStay: 0 };
}

function grownOutlook(due: TierState, terms: TierTerms, growth: number): Outlook {
  const { endsAtMs, graceUntilMs } = due;
  const dueAtMs = graceUntilMs ?? endsAtMs;
  const own = terms.tiers[rankOf(terms, due.tierId)];
  const countsThen = dueAtMs === null ? growth : qualifyingGrowth(due, terms, dueAtMs - 1);
  const atDue = dueAtMs === null ? due : evaluateTier(due, terms, afterGrace(due, terms)).state;
  const missingToStay = dueAtMs === null ? 0 : Math.max(0, (own?.growthMin ?? 0) - countsThen);
  return { endsAtMs, graceUntilMs, projectedTierId: atDue.tierId, missingToStay };
}

/** The moment at which the tier that stands is decided for good, grace included. */
function afterGrace(state: TierState, terms: TierTerms): number {
  if (state.graceUntilMs !== null) return state.graceUntilMs;
  return (state.endsAtMs ?? 0) + terms.graceDays * DAY_MS;
}

/** When `evaluateTier` has something to do; null: not before something else happens. */
export function tierDueAtMs(state: TierState): number | null {
  return state.graceUntilMs ?? state.endsAtMs;
}
