/** What terms would mean, in sentences with figures of today: a form's preview before anything is saved. Pure. */
import { expiryOf, worthFen } from "../../accounts/points/index.ts";
import { civilOf } from "../../kernel/calendar.ts";
import { DAY_MS, programmeDay } from "../../kernel/clock.ts";
import { planReminders, type ReminderTerms } from "../../reminders/index.ts";
import type { TierTerms } from "../../tiers/index.ts";
import { checkIn, newCheckIn, type CheckInTerms } from "../check-in/index.ts";
import { memberPrice, type DiscountTerms } from "../discounts/index.ts";
import type { InviteTerms } from "../invites/index.ts";
import type { ProgrammeTerms, TermsKind, TermsOf } from "../programme/index.ts";
import type { EarnProgramme } from "../rules/index.ts";
import { WORDS, type ExampleWords } from "./example-words.ts";

/** Goods of this price stand for any. */
const LIST_POINTS = 1_000;
/** Days of a month that is checked in through. */
const CHECK_IN_DAYS = 30;

interface Scene {
  readonly words: ExampleWords;
  readonly terms: ProgrammeTerms;
  readonly nowMs: number;
}

type Maker<T> = (value: T, scene: Scene) => readonly string[];

const two = (figure: number): string => String(figure).padStart(2, "0");

function dayText(atMs: number, zoneOffsetMs: number): string {
  const { year, month, day } = civilOf(programmeDay(atMs, zoneOffsetMs));
  return `${year}-${two(month)}-${two(day)}`;
}

const MAKERS: { readonly [K in TermsKind]?: Maker<TermsOf[K]> } = {
  earn: earnExamples,
  rate: (value, { words }) => [words.worth(LIST_POINTS, worthFen(LIST_POINTS, value.rate))],
  check_in: checkInExamples,
  invites: inviteExamples,
  tiers: tierExamples,
  reminders: reminderExamples,
  discounts: discountExamples,
  approval: ({ pointsFrom, alonePerDayMax }, { words }) => [
    words.alone(pointsFrom - 1, alonePerDayMax),
  ],
};

export function examplesOf<K extends TermsKind>(
  kind: K,
  value: TermsOf[K],
  terms: ProgrammeTerms,
  nowMs: number,
  locale: "zh-CN" | "en",
): readonly string[] {
  const make = MAKERS[kind];
  return make ? make(value, { words: WORDS[locale], terms, nowMs }) : [];
}

function earnExamples({ expiry, pending, zoneOffsetMs }: EarnProgramme, { words, nowMs }: Scene) {
  const endMs = expiryOf(expiry, nowMs, zoneOffsetMs);
  const last = endMs === null ? words.never : words.lastDay(dayText(endMs - 1, zoneOffsetMs));
  if (pending.kind === "none") return [last];
  const waits =
    pending.kind === "event"
      ? words.afterReceipt
      : words.spendableOn(dayText(nowMs + pending.days * DAY_MS, zoneOffsetMs));
  return [last, waits];
}

/** Somebody who comes every day from the first day of a cycle on. */
function checkInExamples(value: CheckInTerms, { words, nowMs }: Scene) {
  let state = newCheckIn();
  let points = 0;
  const after: Record<number, number> = {};
  for (let day = 0; day < CHECK_IN_DAYS; day += 1) {
    const outcome = checkIn(state, value, nowMs + day * DAY_MS);
    if (outcome.kind !== "checked") break;
    for (const award of outcome.awards) points += award.points;
    state = outcome.state;
    after[day + 1] = points;
  }
  return [1, 7, CHECK_IN_DAYS].map((days) => words.checkedIn(days, after[days] ?? 0));
}

function inviteExamples(value: InviteTerms, { words }: Scene) {
  const { inviterPoints, inviteePoints, cap, days } = value;
  return [
    words.invited(inviterPoints, inviteePoints, days),
    words.inviteCap(cap.timesMax * inviterPoints, cap.period),
  ];
}

function tierExamples({ tiers }: TierTerms, { words }: Scene) {
  return tiers.map(({ title, growthMin, benefits }) =>
    words.tier(title, growthMin, benefits.earnPercent, benefits.redeemPercent),
  );
}

function reminderExamples(value: ReminderTerms, { words, nowMs }: Scene) {
  const expiresAtMs = nowMs + 40 * DAY_MS;
  const member = {
    deadlines: [{ expiresAtMs, points: Math.max(value.pointsMin, 100) }],
    channels: ["in_app" as const],
    sent: new Set<string>(),
  };
  const sent: number[] = [];
  let atMs: number | null = nowMs;
  for (let step = 0; step < value.ladderDays.length && atMs !== null; step += 1) {
    atMs = planReminders(member, value, atMs).nextAtMs;
    if (atMs !== null) sent.push(atMs);
    if (atMs !== null) atMs += 1;
  }
  const { zoneOffsetMs } = value;
  const moment = (ms: number): string => {
    const minute = Math.floor((ms + zoneOffsetMs) / 60_000) % 1_440;
    return `${dayText(ms, zoneOffsetMs)} ${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
  };
  return [words.reminded(dayText(expiresAtMs - 1, zoneOffsetMs), sent.map(moment))];
}

/** What goods cost today, in every tier. */
function discountExamples(value: DiscountTerms, { words, terms, nowMs }: Scene) {
  const tiers = terms.tiers?.tiers ?? [];
  const priceIn = (tier: (typeof tiers)[number] | null): number => {
    const lines = [{ productId: "", categoryIds: [], labels: [], amountFen: 0 }];
    return memberPrice(
      LIST_POINTS,
      value.discounts,
      tier && { title: tier.title, percent: tier.benefits.redeemPercent },
      {
        event: { atMs: nowMs, lines, name: null, storeId: null, channel: "redemption" },
        member: {
          ...{ tierId: tier?.tierId ?? null, segments: [], labels: [], ordersBefore: 0 },
          ...{ birthday: null, tierPercent: 100 },
        },
        zoneOffsetMs: terms.earn.zoneOffsetMs,
      },
    ).points;
  };
  const list = tiers.length === 0 ? [null] : tiers;
  return list.map((tier) => words.price(LIST_POINTS, tier?.title ?? null, priceIn(tier)));
}
