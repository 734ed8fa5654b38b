import type { Locale } from "../../worker/pages/page-data.ts";
import { DAY_MS, HOUR_MS } from "../client/durations.ts";

/**
 * Times are the programme's, not the phone's: a member abroad sees the hour that counts. By arithmetic, since the zone is UTC+8 the year
 * round, and the browser's own tables of zones would keep a slow phone busy for a twentieth of a second before the page answers.
 */
const ZONE_OFFSET_MS = 8 * HOUR_MS;

interface Wall {
  year: number;
  month: number;
  day: number;
  weekday: number;
  hm: string;
  hms: string;
}

export function wallOf(atMs: number): Wall {
  const wall = new Date(atMs + ZONE_OFFSET_MS);
  const hm = `${two(wall.getUTCHours())}:${two(wall.getUTCMinutes())}`;
  return {
    ...{ year: wall.getUTCFullYear(), month: wall.getUTCMonth() + 1, day: wall.getUTCDate() },
    ...{ weekday: wall.getUTCDay(), hm, hms: `${hm}:${two(wall.getUTCSeconds())}` },
  };
}

export const timeHm = (atMs: number): string => wallOf(atMs).hm;
export const timeHms = (atMs: number): string => wallOf(atMs).hms;
/** With milliseconds: only where a figure of the server's record is the proof. */
export const timeProof = (atMs: number): string =>
  `${wallOf(atMs).hms}.${String(((atMs % 1000) + 1000) % 1000).padStart(3, "0")}`;

export function dateIso(atMs: number): string {
  const { year, month, day } = wallOf(atMs);
  return `${year}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
}

/** Whole days of the calendar between two moments, in the programme's zone. */
export function daysBetween(fromMs: number, toMs: number): number {
  const midnight = (atMs: number): number => Date.parse(`${dateIso(atMs)}T00:00:00Z`);
  return Math.round((midnight(toMs) - midnight(fromMs)) / DAY_MS);
}

/** A deadline is the first moment at which a thing is gone; the day people are told is that of the moment before. */
export const lastMs = (deadlineMs: number): number => deadlineMs - 1;

const MONTHS_EN = [
  "Jan",
  "Feb",
  "Mar",
  "Apr",
  "May",
  "Jun",
  "Jul",
  "Aug",
  "Sep",
  "Oct",
  "Nov",
  "Dec",
];
const WEEKDAYS_EN = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const WEEKDAYS_ZH = ["日", "一", "二", "三", "四", "五", "六"];

/** The day as people say it: 今天, 明天, else month and day, with the year only when it is another. */
export function dayName(locale: Locale, atMs: number, nowMs: number): string {
  const days = daysBetween(nowMs, atMs);
  if (days === 0) return locale === "en" ? "today" : "今天";
  if (days === 1) return locale === "en" ? "tomorrow" : "明天";
  return dateName(locale, atMs, nowMs);
}

export function dateName(locale: Locale, atMs: number, nowMs: number): string {
  const { year, month, day } = wallOf(atMs);
  const other = year !== wallOf(nowMs).year;
  if (locale === "en") return `${day} ${MONTHS_EN[month - 1] ?? ""}${other ? ` ${year}` : ""}`;
  return `${other ? `${year} 年 ` : ""}${month} 月 ${day} 日`;
}

export function weekdayName(locale: Locale, atMs: number): string {
  const { weekday } = wallOf(atMs);
  return locale === "en" ? (WEEKDAYS_EN[weekday] ?? "") : `周${WEEKDAYS_ZH[weekday] ?? ""}`;
}

export function count(value: number): string {
  return String(Math.abs(Math.trunc(value)))
    .replace(/\B(?=(\d{3})+$)/g, ",")
    .replace(/^/, value < 0 ? "−" : "");
}

/** With its sign, for ledgers: a true minus, not a hyphen. */
export function signed(value: number): string {
  return value > 0 ? `+${count(value)}` : count(value);
}

/** ¥168 for whole amounts in a price, ¥9.90 otherwise. */
export function yuan(amountFen: number, whole: "trim" | "full" = "trim"): string {
  const text = (amountFen / 100).toFixed(2);
  const [units = "0", fen = "00"] = text.split(".");
  return `¥${count(Number(units))}${whole === "trim" && fen === "00" ? "" : `.${fen}`}`;
}

export interface Remaining {
  days: number;
  hours: number;
  minutes: number;
  seconds: number;
}

/** Time to a moment, rounded up to whole seconds: a countdown shows 0 only when the moment has come. */
export function remainingTo(toMs: number, nowMs: number): Remaining {
  const seconds = Math.max(0, Math.ceil((toMs - nowMs) / 1000));
  return {
    days: Math.floor(seconds / 86_400),
    hours: Math.floor((seconds % 86_400) / 3600),
    minutes: Math.floor((seconds % 3600) / 60),
    seconds: seconds % 60,
  };
}

export const two = (value: number): string => String(value).padStart(2, "0");
