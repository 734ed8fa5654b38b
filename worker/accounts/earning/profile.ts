/** What an Account keeps of a member for earning, beside the wallet: one value, one row. */
import { newCheckIn, type CheckInState } from "../../earning/check-in/index.ts";
import type { ProgrammeTerms } from "../../earning/programme/index.ts";
import {
  namesBirthday,
  REDEMPTION_CHANNEL,
  type EarnEvent,
  type MemberFacts,
} from "../../earning/rules/index.ts";
import { addMonths, civilOf, dayOf, startOfDayMs } from "../../kernel/calendar.ts";
import { programmeDay } from "../../kernel/clock.ts";
import {
  effectiveTier,
  EXCLUSIVE_POOL_SEGMENT,
  newTierState,
  tierDueAtMs,
  type EffectiveTier,
  type TierState,
} from "../../tiers/index.ts";
import type { Birthday, FactsUpdate, MemberMark } from "./messages.ts";

export interface Profile {
  /** Null: nothing was heard of the member yet. */
  readonly joinedAtMs: number | null;
  /** Completed orders. */
  readonly orders: number;
  /** Redemptions that were events, counted by themselves: a first purchase is not used up by one. */
  readonly redemptions: number;
  readonly segments: readonly string[];
  readonly labels: readonly string[];
  /** Where they bought last; null: nowhere yet, or at no store. */
  readonly lastStoreId: string | null;
  readonly birthday: Birthday | null;
  readonly checkIn: CheckInState;
  /** Days of the last weeks that a card filled. */
  readonly madeUp: readonly number[];
  readonly tier: TierState | null;
  /** When reminders are planned next; null: not before points change. */
  readonly remindAtMs: number | null;
  readonly isOptedOut: boolean;
  /** Staff closed the account for points: it neither earns nor redeems. */
  readonly isBlocked: boolean;
  /** When the next birthday begins; null: no birthday, or no rule that gives anything for it. */
  readonly birthdayAtMs: number | null;
}

export const NEW_PROFILE: Profile = {
  joinedAtMs: null,
  orders: 0,
  redemptions: 0,
  segments: [],
  labels: [],
  lastStoreId: null,
  birthday: null,
  checkIn: newCheckIn(),
  madeUp: [],
  tier: null,
  remindAtMs: null,
  isOptedOut: false,
  isBlocked: false,
  birthdayAtMs: null,
};

/** Whether a rule or task in force gives anything for the day itself. */
export function paysBirthdays({ rules, tasks }: ProgrammeTerms): boolean {
  return (
    rules.some(({ rule, untilMs }) => untilMs === null && rule.on.includes("birthday")) ||
    tasks.some(({ task, untilMs }) => untilMs === null && task.on === "birthday")
  );
}

/** Whether anything in force asks for a birthday: nobody is to tell one for nothing. */
export function asksBirthdays(terms: ProgrammeTerms): boolean {
  const asks = ({ rule, untilMs }: ProgrammeTerms["rules"][number]): boolean =>
    untilMs === null && namesBirthday(rule.condition);
  return paysBirthdays(terms) || terms.rules.some(asks);
}

/** The earliest moment at which this profile needs attention; null: none. */
export function profileDueAtMs(profile: Profile): number | null {
  const moments = [
    profile.tier && tierDueAtMs(profile.tier),
    profile.remindAtMs,
    profile.birthdayAtMs,
  ].filter((moment): moment is number => moment !== null);
  return moments.length === 0 ? null : Math.min(...moments);
}

/** The tier at a moment; who was not heard of yet has the one that everybody begins in, as their card says. */
export function tierAt(
  { tier, joinedAtMs }: Profile,
  { tiers }: Pick<ProgrammeTerms, "tiers">,
  atMs: number,
): EffectiveTier | null {
  return tiers && effectiveTier(tier ?? newTierState(tiers, joinedAtMs ?? atMs), tiers, atMs);
}

/** What rules may ask about the member at a moment. */
export function factsOf(
  profile: Profile,
  terms: Pick<ProgrammeTerms, "tiers">,
  atMs: number,
): MemberFacts {
  const { segments, labels, orders, birthday } = profile;
  const effective = tierAt(profile, terms, atMs);
  return {
    tierId: effective?.tier.tierId ?? null,
    segments: effective?.tier.benefits.hasExclusivePool
      ? [...segments, EXCLUSIVE_POOL_SEGMENT]
      : segments,
    labels,
    ordersBefore: orders,
    birthday,
    tierPercent: effective?.tier.benefits.earnPercent ?? 100,
  };
}

/** Counts what rules for a first or third order ask about. */
export function withEvent(profile: Profile, event: EarnEvent): Profile {
  if (event.kind !== "order") return profile;
  if (event.channel === REDEMPTION_CHANNEL) {
    return { ...profile, redemptions: profile.redemptions + 1 };
  }
  const lastStoreId = event.storeId ?? profile.lastStoreId;
  return { ...profile, orders: profile.orders + 1, lastStoreId };
}

export function withFacts(profile: Profile, facts: FactsUpdate): Profile {
  return {
    ...profile,
    segments: facts.segments ?? profile.segments,
    labels: facts.labels ?? profile.labels,
    birthday: facts.birthday === undefined ? profile.birthday : facts.birthday,
  };
}

const WORDS_MAX = 50;

/** One word more or less. A list that is full stays as it is: rules ask for few. */
export function withMark(profile: Profile, mark: MemberMark | undefined): Profile {
  if (!mark) return profile;
  const others = profile[mark.list].filter((word) => word !== mark.word);
  const isFull = others.length >= WORDS_MAX;
  return { ...profile, [mark.list]: mark.isOn && !isFull ? [...others, mark.word] : others };
}

/** The begin of the first birthday after `afterMs`. The 29th of February is kept on the 28th in other years. */
export function nextBirthdayMs(birthday: Birthday, afterMs: number, zoneOffsetMs: number): number {
  const { year } = civilOf(programmeDay(afterMs, zoneOffsetMs));
  for (let turn = 0; ; turn += 1) {
    const first = dayOf({ year: year + turn, month: birthday.month, day: 1 });
    const last = addMonths(first, 1) - 1;
    const atMs = startOfDayMs(Math.min(first + birthday.day - 1, last), zoneOffsetMs);
    if (atMs > afterMs) return atMs;
  }
}
