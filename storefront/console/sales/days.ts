/** Days of the programme's clock, as whole numbers: day 0 is 1 January 1970 in Beijing. */
import { DAY_MS, HOUR_MS } from "../../client/durations.ts";

const ZONE_MS = 8 * HOUR_MS;

export const dayOf = (atMs: number): number => Math.floor((atMs + ZONE_MS) / DAY_MS);
export const startOf = (day: number): number => day * DAY_MS - ZONE_MS;

/** 0 is Monday. */
export const weekdayOf = (day: number): number => (((day + 3) % 7) + 7) % 7;
export const weekStart = (day: number): number => day - weekdayOf(day);

export interface DayParts {
  readonly year: number;
  readonly month: number;
  readonly date: number;
}

export function partsOf(day: number): DayParts {
  const date = new Date(day * DAY_MS);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    date: date.getUTCDate(),
  };
}

export function dayAt(year: number, month: number, date: number): number {
  return Math.round(Date.UTC(year, month - 1, date) / DAY_MS);
}

/** Whole weeks that hold a month. */
export function monthDays(day: number): number[] {
  const { year, month } = partsOf(day);
  const first = weekStart(dayAt(year, month, 1));
  const last = dayAt(year, month + 1, 0);
  const weeks = Math.ceil((last - first + 1) / 7);
  return Array.from({ length: weeks * 7 }, (_, at) => first + at);
}

export function weekDays(day: number): number[] {
  return Array.from({ length: 7 }, (_, at) => weekStart(day) + at);
}
