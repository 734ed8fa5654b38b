/** What goods ask of a member, beyond the limit of one sale: who may redeem, and how many over days and sales. Pure. */
import type { FinalRefusal } from "../kernel/refusal.ts";
import type { Audience, GoodsLimits, GoodsTerms } from "../redemption/index.ts";

/** What goods may ask about a member. */
export interface MemberStanding {
  readonly tierId: string | null;
  readonly segments: readonly string[];
  readonly labels: readonly string[];
  /** Where they bought last. */
  readonly lastStoreId: string | null;
}

export const NOBODY_SPECIAL: MemberStanding = {
  tierId: null,
  segments: [],
  labels: [],
  lastStoreId: null,
};

/** Units of one goods a member has or holds, over all its SKUs and sales. */
export interface GoodsUsage {
  readonly lifetimeUnits: number;
  readonly todayUnits: number;
  readonly windowUnits: number;
}

export const NO_GOODS_USAGE: GoodsUsage = { lifetimeUnits: 0, todayUnits: 0, windowUnits: 0 };

/** The first rule of an audience that a member does not meet; null: they may. */
export function unmetRule(
  audience: Audience | null,
  member: MemberStanding,
): "tier" | "segment" | "store" | null {
  if (!audience) return null;
  const { tierIds, segments, storeIds } = audience;
  if (tierIds && !(member.tierId !== null && tierIds.includes(member.tierId))) return "tier";
  if (segments && !segments.some((one) => member.segments.includes(one))) return "segment";
  // By hand or by an integration through the label; else by where they bought last.
  const isOfStore = (storeId: string): boolean =>
    member.lastStoreId === storeId || member.labels.includes(`store:${storeId}`);
  if (storeIds && !storeIds.some(isOfStore)) return "store";
  return null;
}

export interface LimitState {
  readonly per: "day" | "window" | "lifetime";
  readonly limit: number;
  readonly used: number;
  /** Of a window. */
  readonly days: number | null;
}

export function limitStates(limits: GoodsLimits | null, usage: GoodsUsage): LimitState[] {
  if (!limits) return [];
  const { perDay, window, lifetime } = limits;
  const states: LimitState[] = [];
  if (perDay !== null) {
    states.push({ per: "day", limit: perDay, used: usage.todayUnits, days: null });
  }
  if (window) {
    const { units: limit, days } = window;
    states.push({ per: "window", limit, used: usage.windowUnits, days });
  }
  if (lifetime !== null) {
    states.push({ per: "lifetime", limit: lifetime, used: usage.lifetimeUnits, days: null });
  }
  return states;
}

/** Why these goods are not for this member now, or null. */
export function goodsRefusal(
  goods: GoodsTerms | undefined,
  quantity: number,
  member: MemberStanding,
  usage: GoodsUsage,
): FinalRefusal | null {
  if (!goods) return null;
  const rule = unmetRule(goods.audience, member);
  if (rule) return { code: "not_eligible", figures: { rule } };
  const full = limitStates(goods.limits, usage).find(({ limit, used }) => used + quantity > limit);
  if (!full) return null;
  const { per, limit, used, days } = full;
  const figures = { limit, used, per, ...(days === null ? {} : { days }) };
  return { code: "limit_reached", figures };
}
