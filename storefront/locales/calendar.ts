import type { Locale } from "../../worker/pages/page-data.ts";
import { calendarEn } from "./calendar.en.ts";
import { calendarZhCN, type CalendarText } from "./calendar.zh-CN.ts";

export type { CalendarText };

export function calendarText(locale: Locale): CalendarText {
  return locale === "en" ? calendarEn : calendarZhCN;
}
