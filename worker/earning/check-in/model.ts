/** Daily check-in: streak and cumulative tables, cycles of the calendar, make-up cards. Once per programme day. Pure. */
import { periodEndMs, periodIndex } from "../../kernel/calendar.ts";
import { DAY_MS, programmeDay } from "../../kernel/clock.ts";
import type { Award } from "../rules/index.ts";
import type { Refused } from "../../accounts/points/index.ts";

export interface Milestone {
  readonly days: number;
  readonly points: number;
}

export interface CheckInTerms {
  readonly version: number;
  readonly zoneOffsetMs: number;
  /** Streak and total begin anew on Monday, on the 1st, or never. */
  readonly cycle: "weekly" | "monthly" | "endless";
  readonly dailyPoints: number;
  /** By days in a row, ascending. */
  readonly streak: readonly Milestone[];
  /** By days in the cycle, ascending; in an endless cycle by days ever. */
  readonly cumulative: readonly Milestone[];
  /** On a milestone's day: the table's points beside the daily ones, or instead of them. */
  readonly combine: "plus" | "replace";
  /** Past the last milestone of the streak: begin the table again, or pay no more. */
  readonly afterLast: "restart" | "stop";
  /** How many days back a card reaches; 0: no make-up. */
  readonly makeUpDaysMax: number;
  /** Whether a made-up day pays its daily points too. */
  readonly makeUpPays: boolean;
}

interface PaidMilestone {
  /** Day on which the streak reached it. */
  readonly day: number;
  readonly days: number;
  readonly lap: number;
}

export interface CheckInState {
  /** Checked programme days of the last weeks, ascending. */
  readonly days: readonly number[];
  /** Length of the run that ends the day before the first of `days`. */
  readonly olderRun: number;
  readonly total: number;
  readonly cards: number;
  readonly paid: readonly PaidMilestone[];
}

export type CheckInOutcome =
  | {
      readonly kind: "checked";
      readonly state: CheckInState;
      readonly day: number;
      readonly streak: number;
      readonly awards: readonly Award[];
    }
  | { readonly kind: "already"; readonly day: number }
  | Refused;

/** Days kept in the state: two months, so that a whole monthly cycle and every make-up can be seen. */
const KEPT_DAYS = 62;
const PERIOD_OF = { weekly: "week", monthly: "month", endless: "ever" } as const;

export function newCheckIn(): CheckInState {
  return { days: [], olderRun: 0, total: 0, cards: 0, paid: [] };
}

function refused(reason: string): Refused {
  return { kind: "refused", refusal: { code: "not_eligible", figures: { reason } } };
}

/** A member's tap today. A second one on the same programme day changes nothing. */
export function checkIn(state: CheckInState, terms: CheckInTerms, nowMs: number): CheckInOutcome {
  const day = programmeDay(nowMs, terms.zoneOffsetMs);
  if (state.days.includes(day)) return { kind: "already", day };
  return addDay(state, terms, day, true);
}

/** Spends a card on a missed day. The streak joins; a milestone that was paid is not paid again. */
export function makeUp(
  state: CheckInState,
  terms: CheckInTerms,
  day: number,
  nowMs: number,
): CheckInOutcome {
  const today = programmeDay(nowMs, terms.zoneOffsetMs);
  if (state.days.includes(day)) return { kind: "already", day };
  if (day >= today) return refused("not_missed_yet");
  if (today - day > terms.makeUpDaysMax) return refused("too_long_ago");
  if (state.cards < 1) return refused("no_card");
  if (cycleOf(terms, day).index !== cycleOf(terms, today).index) return refused("cycle_is_over");
  return addDay({ ...state, cards: state.cards - 1 }, terms, day, terms.makeUpPays);
}

export function withCards(state: CheckInState, cards: number): CheckInState {
  return { ...state, cards: Math.max(0, state.cards + cards) };
}

interface Cycle {
  readonly index: number;
  readonly firstDay: number;
}

function cycleOf(terms: CheckInTerms, day: number): Cycle {
  const period = PERIOD_OF[terms.cycle];
  const noonMs = day * DAY_MS + 43_200_000 - terms.zoneOffsetMs;
  const index = periodIndex(period, noonMs, terms.zoneOffsetMs);
  const startMs = periodEndMs(period, index - 1, terms.zoneOffsetMs);
  const firstDay =
    startMs === null ? Number.NEGATIVE_INFINITY : programmeDay(startMs, terms.zoneOffsetMs);
  return { index, firstDay };
}

interface Run {
  readonly from: number;
  readonly to: number;
}

/** The days in a row around `day`, within its cycle. */
function runAround(state: CheckInState, terms: CheckInTerms, day: number): Run {
  const checked = new Set(state.days);
  const { firstDay, index } = cycleOf(terms, day);
  let from = day;
  while (checked.has(from - 1) && from - 1 >= firstDay) from -= 1;
  if (from === state.days[0] && from > firstDay) {
    from = Math.max(firstDay, from - state.olderRun);
  }
  let to = day;
  while (checked.has(to + 1) && cycleOf(terms, to + 1).index === index) to += 1;
  return { from, to };
}

function addDay(
  state: CheckInState,
  terms: CheckInTerms,
  day: number,
  paysDaily: boolean,
): CheckInOutcome {
  const added: CheckInState = {
    ...state,
    days: [...state.days, day].sort((a, b) => a - b),
    total: state.total + 1,
  };
  const run = runAround(added, terms, day);
  const reached = streakReached(added, terms, run, day);
  const extras = [
    ...reached.map(({ milestone, paid }) => ({
      naturalKey: `check_in_streak:${paid.day}`,
      points: milestone.points,
      sourceId: `streak-${milestone.days}`,
    })),
    ...cumulativeReached(added, terms, day),
  ];
  const daily = {
    naturalKey: `check_in:${day}`,
    points: terms.dailyPoints,
    sourceId: `day-${day}`,
  };
  const isReplaced = terms.combine === "replace" && extras.length > 0;
  const awards = paysDaily && !isReplaced && daily.points > 0 ? [daily, ...extras] : extras;
  const paid = [...added.paid, ...reached.map((one) => one.paid)];
  return {
    kind: "checked",
    state: pruned({ ...added, paid }),
    day,
    streak: run.to - run.from + 1,
    awards,
  };
}

/** Milestones that the run reaches on `day` or, after a make-up, on a later day of the run. */
function streakReached(
  state: CheckInState,
  terms: CheckInTerms,
  run: Run,
  day: number,
): readonly { readonly milestone: Milestone; readonly paid: PaidMilestone }[] {
  const last = terms.streak.at(-1)?.days ?? 0;
  if (last === 0) return [];
  const found: { milestone: Milestone; paid: PaidMilestone }[] = [];
  for (let at = day; at <= run.to; at += 1) {
    const length = at - run.from + 1;
    if (terms.afterLast === "stop" && length > last) break;
    const lap = Math.floor((length - 1) / last);
    const days = length - lap * last;
    const milestone = terms.streak.find((one) => one.days === days);
    const wasPaid = state.paid.some(
      (one) =>
        one.day === at ||
        (one.days === days && one.lap === lap && one.day >= run.from && one.day <= run.to),
    );
    if (milestone && !wasPaid) found.push({ milestone, paid: { day: at, days, lap } });
  }
  return found;
}

function cumulativeReached(state: CheckInState, terms: CheckInTerms, day: number): Award[] {
  const { index, firstDay } = cycleOf(terms, day);
  const count =
    terms.cycle === "endless"
      ? state.total
      : state.days.filter((one) => one >= firstDay && cycleOf(terms, one).index === index).length;
  return terms.cumulative
    .filter((milestone) => milestone.days === count)
    .map(({ days, points }) => ({
      naturalKey: `check_in_total:${terms.cycle}:${index}:${days}`,
      points,
      sourceId: `total-${days}`,
    }));
}

/** Lets go of days that no cycle and no make-up looks at any more, and remembers how long the run before them was. */
function pruned(state: CheckInState): CheckInState {
  const newest = state.days.at(-1) ?? 0;
  const kept = state.days.filter((day) => day > newest - KEPT_DAYS);
  if (kept.length === state.days.length) return state;
  let { olderRun } = state;
  let previous = (state.days[0] ?? 0) - 1;
  for (const day of state.days.slice(0, state.days.length - kept.length)) {
    olderRun = day === previous + 1 ? olderRun + 1 : 1;
    previous = day;
  }
  if (kept[0] !== previous + 1) olderRun = 0;
  const paid = state.paid.filter((one) => one.day > newest - KEPT_DAYS);
  return { ...state, days: kept, olderRun, paid };
}

export interface CheckInView {
  readonly today: number;
  readonly isCheckedToday: boolean;
  /** Days in a row up to today, or up to yesterday while today is open. */
  readonly streak: number;
  readonly cards: number;
  /** Missed days that a card could fill now. */
  readonly missed: readonly number[];
  readonly next: { readonly inDays: number; readonly points: number } | null;
}

/** What the page shows: the streak that stands, what a card may fill, and how far the next milestone is. */
export function checkInView(state: CheckInState, terms: CheckInTerms, nowMs: number): CheckInView {
  const today = programmeDay(nowMs, terms.zoneOffsetMs);
  const isCheckedToday = state.days.includes(today);
  const cycle = cycleOf(terms, today);
  const upTo = isCheckedToday ? today : today - 1;
  const stands = state.days.includes(upTo) && upTo >= cycle.firstDay;
  const run = stands ? runAround(state, terms, upTo) : null;
  const streak = run ? upTo - run.from + 1 : 0;
  const last = terms.streak.at(-1)?.days ?? 0;
  const position = last > 0 && terms.afterLast === "restart" ? streak % last : streak;
  const coming = terms.streak.find((one) => one.days > position);
  const missed: number[] = [];
  for (let day = Math.max(cycle.firstDay, today - terms.makeUpDaysMax); day < today; day += 1) {
    if (!state.days.includes(day)) missed.push(day);
  }
  return {
    today,
    isCheckedToday,
    streak,
    cards: state.cards,
    missed,
    next: coming ? { inDays: coming.days - position, points: coming.points } : null,
  };
}
