import type { CheckInDay, CheckInView } from "../../../worker/pages/wire.ts";

const STRIP_DAYS = 7;
/** So many days before today stand in the strip, where there are so many. */
const BEFORE_TODAY = 4;

/** The week around today: what fits on a phone in one row. */
export function stripOf(view: CheckInView): readonly CheckInDay[] {
  const { days } = view.cycle;
  if (days.length <= STRIP_DAYS) return days;
  const today = Math.max(
    0,
    days.findIndex(({ day }) => day === view.day),
  );
  const from = Math.min(Math.max(0, today - BEFORE_TODAY), days.length - STRIP_DAYS);
  return days.slice(from, from + STRIP_DAYS);
}

/** Noon of a programme day: far from both midnights, so that no zone moves it to its neighbour. */
export const noonMs = (day: string): number => Date.parse(`${day}T12:00:00+08:00`);

/** A day that pays more than the plainest one of the cycle. */
export function isGift(day: CheckInDay, view: CheckInView): boolean {
  return day.points > Math.min(...view.cycle.days.map(({ points }) => points));
}

/** Days before the first one in its week, Monday first: the blanks of a calendar. */
export function blanksBefore(
  days: readonly CheckInDay[],
  weekdayOf: (ms: number) => number,
): number {
  const first = days[0];
  return first === undefined ? 0 : (weekdayOf(noonMs(first.day)) + 6) % 7;
}
