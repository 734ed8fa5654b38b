/** What people see of earning: replies of an Account in words and figures. */
import { dayText, type EarnCalls, type MembershipPurchase } from "../accounts/index.ts";
import { DAY_MS } from "../kernel/clock.ts";
import type { Locale } from "../pages/page-data.ts";
import type { TierBenefits, TierTerms } from "../tiers/index.ts";

type Reply<K extends keyof EarnCalls> = EarnCalls[K]["reply"];

export function checkInView(reply: Reply<"check_in">) {
  return {
    day: dayText(reply.day),
    isCheckedIn: reply.isCheckedIn,
    streak: reply.streak,
    points: reply.points,
    cycle: {
      kind: reply.terms.cycle,
      days: reply.days.map(({ day, points, state }) => ({ day: dayText(day), points, state })),
    },
    makeUpCards: reply.cards,
    nextBonus: reply.next,
  };
}

export function taskView({ task, done, state, endsAtMs }: Reply<"tasks">["tasks"][number]) {
  const { taskId, title, detail, kind, points, target, link } = task;
  return { taskId, title, detail, kind, points, goal: target, done, state, endsAtMs, link };
}

const INVITE_STATES: Readonly<Record<string, "waiting" | "rewarded" | "refused">> = {
  bound: "waiting",
  in_review: "waiting",
  rewarded: "rewarded",
};

export function invitedView({ atMs, state }: Reply<"invites">["recent"][number]) {
  return { atMs, state: INVITE_STATES[state] ?? ("refused" as const) };
}

/** Tiers that were taken out of the terms keep their id for a name. */
export function purchaseView(purchase: MembershipPurchase, tiers: Reply<"tier">["terms"] | null) {
  const tier = tiers?.tiers.find(({ tierId }) => tierId === purchase.tierId);
  return { ...purchase, tierName: tier?.title ?? purchase.tierId };
}

export function tierCard({ view, terms }: Reply<"tier">, locale: Locale) {
  const level = (tierId: string): number =>
    Math.max(
      0,
      terms.tiers.findIndex((tier) => tier.tierId === tierId),
    );
  const named = (tierId: string) => {
    const at = level(tierId);
    return { tierId, name: terms.tiers[at]?.title ?? tierId, level: at };
  };
  const own = terms.tiers[level(view.tierId)];
  const endsAtMs = view.graceUntilMs ?? view.endsAtMs;
  // What was bought has no grace, and a grace that runs is the end already.
  const hasGraceAhead = view.source === "growth" && view.graceUntilMs === null;
  const graceMs = hasGraceAhead ? terms.graceDays * DAY_MS : 0;
  const { next } = view;
  return {
    tier: named(view.tierId),
    source: view.source,
    paid: view.paid && { ...named(view.paid.tierId), untilMs: view.paid.untilMs },
    growth: view.growth,
    windowEndsAtMs: endsAtMs,
    next: next && {
      tierId: next.tierId,
      name: named(next.tierId).name,
      missingGrowth: next.missing,
    },
    projected:
      endsAtMs === null || view.projectedTierId === view.tierId
        ? null
        : {
            tierId: view.projectedTierId,
            name: named(view.projectedTierId).name,
            onMs: endsAtMs + graceMs,
          },
    missingToStay: view.missingToStay,
    progress: progressOf(terms, view.tierId, view.growth),
    benefits: own ? benefitsOf(own.benefits, locale) : [],
    ladder: terms.tiers.map(({ tierId, title, growthMin, benefits }, at) => ({
      ...{ tierId, name: title, level: at, fromGrowth: growthMin },
      benefits: benefitsOf(benefits, locale).map(({ text }) => text),
    })),
  };
}

function progressOf(terms: TierTerms, tierId: string, growth: number): number {
  const at = terms.tiers.findIndex((tier) => tier.tierId === tierId);
  const own = terms.tiers[at]?.growthMin ?? 0;
  const to = terms.tiers[at + 1]?.growthMin;
  if (to === undefined) return 1;
  // A tier that was bought or is kept stands above its growth: then the whole way counts.
  const from = growth < own ? 0 : own;
  return Math.min(1, Math.max(0, (growth - from) / (to - from)));
}

const BENEFIT_TEXTS = {
  "zh-CN": {
    earn: (percent: number) => `消费得分 ${percent / 100} 倍`,
    redeem: (percent: number) => `兑换 ${percent / 10} 折`,
    checkIn: (points: number) => `每日签到加 ${points} 积分`,
    pool: () => "会员专属兑换",
    gift: (points: number) => `升级礼 ${points} 积分`,
  },
  en: {
    earn: (percent: number) => `Earn ${percent / 100}× points`,
    redeem: (percent: number) => `${100 - percent}% off rewards`,
    checkIn: (points: number) => `+${points} on every check-in`,
    pool: () => "Members-only rewards",
    gift: (points: number) => `${points} points on reaching it`,
  },
} as const;

function benefitsOf(benefits: TierBenefits, locale: Locale) {
  const text = BENEFIT_TEXTS[locale];
  const { earnPercent, redeemPercent, checkInBonus, hasExclusivePool, giftPoints } = benefits;
  return [
    ...(earnPercent > 100
      ? [{ kind: "earn_percent", text: text.earn(earnPercent), value: earnPercent }]
      : []),
    ...(redeemPercent < 100
      ? [{ kind: "redeem_percent", text: text.redeem(redeemPercent), value: redeemPercent }]
      : []),
    ...(checkInBonus > 0
      ? [{ kind: "check_in_bonus", text: text.checkIn(checkInBonus), value: checkInBonus }]
      : []),
    ...(hasExclusivePool ? [{ kind: "exclusive_pool", text: text.pool(), value: null }] : []),
    ...(giftPoints > 0 ? [{ kind: "gift", text: text.gift(giftPoints), value: giftPoints }] : []),
  ];
}
