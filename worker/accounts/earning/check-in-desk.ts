/** Check-in of a member: the tap, the card, and what the page shows. Runs inside a commit. */
import {
  checkIn,
  checkInView,
  makeUp,
  withCards,
  type CheckInOutcome,
  type CheckInState,
  type CheckInTerms,
} from "../../earning/check-in/index.ts";
import { addMonths, civilOf, dayOf, startOfDayMs, weekdayOf } from "../../kernel/calendar.ts";
import { effectiveTier } from "../../tiers/index.ts";
import type { Earner } from "./earner.ts";
import { refused, type EventsDesk } from "./events-desk.ts";
import type { CheckInReply, Refused } from "./messages.ts";

const HOUR_MS = 3_600_000;
/** Days that the page shows of a check-in without a cycle, around today. */
const ENDLESS = { before: 2, after: 4 } as const;
const MADE_UP_MAX = 40;

type Outcome = CheckInReply | Refused;

export class CheckInDesk {
  readonly #events: EventsDesk;

  constructor(events: EventsDesk) {
    this.#events = events;
  }

  view(earner: Earner): Outcome {
    const terms = earner.terms.checkIn;
    return terms ? reply(earner, terms, null) : refused("not_found", {});
  }

  /** The member's tap. It pays the table, the tier's bonus, and what rules give for a check-in; once a programme day. */
  tap(earner: Earner): Outcome {
    const terms = earner.terms.checkIn;
    if (!terms) return refused("not_found", {});
    const outcome = checkIn(earner.profile.checkIn, terms, earner.nowMs);
    if (outcome.kind === "refused") return outcome;
    if (outcome.kind === "already") return reply(earner, terms, null);
    earner.join(earner.nowMs);
    let earned = this.#pay(earner, terms, outcome);
    const bonus = bonusOf(earner);
    if (bonus > 0) {
      earned += earner.pay(
        {
          naturalKey: `check_in_bonus:${outcome.day}`,
          points: bonus,
          sourceId: `day-${outcome.day}`,
        },
        { kind: "check_in", ruleId: "tier", version: earner.terms.tiers?.version ?? 0 },
      );
    }
    const event = earner.event("check_in", `check-in-${outcome.day}`);
    const byRules = this.#events.earn(earner, event, "member");
    if (byRules.kind === "earned") earned += byRules.points;
    earner.save();
    return reply(earner, terms, earned);
  }

  /** Spends a card on a missed day. */
  makeUp(earner: Earner, day: number): Outcome {
    const terms = earner.terms.checkIn;
    if (!terms) return refused("not_found", {});
    const outcome = makeUp(earner.profile.checkIn, terms, day, earner.nowMs);
    if (outcome.kind === "refused") return outcome;
    if (outcome.kind === "already") return reply(earner, terms, null);
    earner.join(earner.nowMs);
    const earned = this.#pay(earner, terms, outcome);
    const madeUp = [...earner.profile.madeUp, day].slice(-MADE_UP_MAX);
    earner.profile = { ...earner.profile, madeUp };
    earner.save();
    return reply(earner, terms, earned);
  }

  addCards(earner: Earner, cards: number): void {
    earner.join(earner.nowMs);
    earner.profile = { ...earner.profile, checkIn: withCards(earner.profile.checkIn, cards) };
    earner.save();
  }

  #pay(
    earner: Earner,
    terms: CheckInTerms,
    outcome: Extract<CheckInOutcome, { kind: "checked" }>,
  ): number {
    earner.profile = { ...earner.profile, checkIn: outcome.state };
    let earned = 0;
    for (const award of outcome.awards) {
      const note = { kind: "check_in", ruleId: "check-in", version: terms.version } as const;
      earned += earner.pay(award, { ...note, actor: "member" });
    }
    return earned;
  }
}

function bonusOf(earner: Earner): number {
  const { tiers } = earner.terms;
  const { tier } = earner.profile;
  return tier && tiers ? effectiveTier(tier, tiers, earner.nowMs).tier.benefits.checkInBonus : 0;
}

function reply(earner: Earner, terms: CheckInTerms, earned: number | null): CheckInReply {
  const state = earner.profile.checkIn;
  const view = checkInView(state, terms, earner.nowMs);
  const bonus = bonusOf(earner);
  const days = shownDays(terms, view.today);
  const coming = pointsAhead(state, terms, days.at(-1) ?? view.today, view.today);
  const rows = days.map((day) => {
    const isDone = state.days.includes(day);
    const points = (isDone ? pointsPaid(state, terms, day) : coming.get(day)) ?? terms.dailyPoints;
    return {
      day,
      points: day >= view.today || isDone ? points + bonus : points,
      state: stateOf(earner, day, view.today, isDone),
    };
  });
  return {
    kind: "check_in",
    terms,
    day: view.today,
    days: rows,
    isCheckedIn: view.isCheckedToday,
    streak: view.streak,
    cards: view.cards,
    next: view.next,
    points: rows.find((row) => row.day === view.today)?.points ?? terms.dailyPoints,
    earned: earned ?? 0,
    isNew: earned !== null,
  };
}

function stateOf(
  earner: Earner,
  day: number,
  today: number,
  isDone: boolean,
): CheckInReply["days"][number]["state"] {
  if (isDone) return earner.profile.madeUp.includes(day) ? "made_up" : "done";
  if (day === today) return "today";
  return day > today ? "ahead" : "missed";
}

/** The days of the running cycle, or those around today where there is none. */
function shownDays(terms: CheckInTerms, today: number): number[] {
  const span = (first: number, last: number): number[] =>
    Array.from({ length: last - first + 1 }, (_, at) => first + at);
  if (terms.cycle === "weekly") {
    const monday = today - weekdayOf(today) + 1;
    return span(monday, monday + 6);
  }
  if (terms.cycle === "monthly") {
    const first = dayOf({ ...civilOf(today), day: 1 });
    return span(first, addMonths(first, 1) - 1);
  }
  return span(today - ENDLESS.before, today + ENDLESS.after);
}

/** What a day that is done gave by the tables. */
function pointsPaid(state: CheckInState, terms: CheckInTerms, day: number): number {
  const paid = state.paid.find((one) => one.day === day);
  const milestone = paid && terms.streak.find((one) => one.days === paid.days);
  if (!milestone) return terms.dailyPoints;
  return milestone.points + (terms.combine === "plus" ? terms.dailyPoints : 0);
}

/** What each day from today on gives if the member comes every day. */
function pointsAhead(
  state: CheckInState,
  terms: CheckInTerms,
  last: number,
  today: number,
): ReadonlyMap<number, number> {
  const points = new Map<number, number>();
  let current = state;
  for (let day = today; day <= last; day += 1) {
    const noonMs = startOfDayMs(day, terms.zoneOffsetMs) + 12 * HOUR_MS;
    const outcome = checkIn(current, terms, noonMs);
    if (outcome.kind !== "checked") continue;
    current = outcome.state;
    points.set(
      day,
      outcome.awards.reduce((sum, award) => sum + award.points, 0),
    );
  }
  return points;
}
