/** Civil dates and periods of a programme: a zone with a fixed offset, whole numbers, no Date. Pure. */
import { DAY_MS, programmeDay } from "./clock.ts";

const MINUTE_MS = 60_000;

/** `month` and `day` count from 1. */
export interface CivilDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

export const PERIODS = ["day", "week", "month", "quarter", "half_year", "year", "ever"] as const;
/** Calendar periods of the programme; a week begins on Monday. */
export type Period = (typeof PERIODS)[number];

const MONTHS_OF = { month: 1, quarter: 3, half_year: 6, year: 12 } as const;

/** Days since 1970-01-01 → date. Counts in eras of 400 years that begin in March, so a leap day ends a year. */
export function civilOf(day: number): CivilDate {
  const shifted = day + 719_468;
  const era = Math.floor(shifted / 146_097);
  const ofEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (ofEra - Math.floor(ofEra / 1_460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) /
      365,
  );
  const ofYear =
    ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const fromMarch = Math.floor((5 * ofYear + 2) / 153);
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: ofYear - Math.floor((153 * fromMarch + 2) / 5) + 1,
  };
}

/** Date → days since 1970-01-01. The inverse of `civilOf`. */
export function dayOf(date: CivilDate): number {
  const year = date.month <= 2 ? date.year - 1 : date.year;
  const era = Math.floor(year / 400);
  const yearOfEra = year - era * 400;
  const fromMarch = date.month > 2 ? date.month - 3 : date.month + 9;
  const ofYear = Math.floor((153 * fromMarch + 2) / 5) + date.day - 1;
  const ofEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + ofYear;
  return era * 146_097 + ofEra - 719_468;
}

export function startOfDayMs(day: number, zoneOffsetMs: number): number {
  return day * DAY_MS - zoneOffsetMs;
}

/** 1 is Monday, 7 is Sunday. */
export function weekdayOf(day: number): number {
  return modulo(day + 3, 7) + 1;
}

/** 0 at midnight of the programme, 1439 at most. */
export function minuteOfDay(atMs: number, zoneOffsetMs: number): number {
  return Math.floor(modulo(atMs + zoneOffsetMs, DAY_MS) / MINUTE_MS);
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
}

function monthIndex(day: number): number {
  const { year, month } = civilOf(day);
  return year * 12 + month - 1;
}

function dayOfMonthIndex(index: number): number {
  return dayOf({ year: Math.floor(index / 12), month: modulo(index, 12) + 1, day: 1 });
}

/** Adds calendar months; the 31st becomes the last day of a shorter month. */
export function addMonths(day: number, months: number): number {
  const date = civilOf(day);
  const first = dayOfMonthIndex(date.year * 12 + date.month - 1 + months);
  const last = dayOfMonthIndex(date.year * 12 + date.month + months) - 1;
  return Math.min(first + date.day - 1, last);
}

/** Number of the period that a moment lies in. Periods of one kind count without a gap. */
export function periodIndex(period: Period, atMs: number, zoneOffsetMs: number): number {
  const day = programmeDay(atMs, zoneOffsetMs);
  if (period === "ever") return 0;
  if (period === "day") return day;
  if (period === "week") return Math.floor((day + 3) / 7);
  return Math.floor(monthIndex(day) / MONTHS_OF[period]);
}

/** The first moment after the period with this number; null for `ever`. */
export function periodEndMs(period: Period, index: number, zoneOffsetMs: number): number | null {
  if (period === "ever") return null;
  if (period === "day") return startOfDayMs(index + 1, zoneOffsetMs);
  if (period === "week") return startOfDayMs((index + 1) * 7 - 3, zoneOffsetMs);
  return startOfDayMs(dayOfMonthIndex((index + 1) * MONTHS_OF[period]), zoneOffsetMs);
}
