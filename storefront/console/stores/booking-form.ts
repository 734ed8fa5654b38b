/** Between a plan of bookings and the form in which it is typed. */
import type { BookingPlan } from "../../../worker/fulfilment/core/booking.ts";

export interface BookingValues {
  readonly skuId: string;
  readonly weekdays: readonly string[];
  readonly hours: string;
  readonly slotMinutes: number | null;
  readonly capacity: number | null;
  readonly closedDays: string;
  readonly aheadDays: number | null;
  readonly leadMinutes: number | null;
  readonly moveHours: number | null;
  readonly moves: number | null;
}

/** What a store begins with. */
export const FIRST_PLAN: BookingPlan = {
  ...{ weekdays: [1, 2, 3, 4, 5, 6, 7], hours: [{ fromMinute: 600, untilMinute: 1_200 }] },
  ...{ slotMinutes: 60, capacity: 4, closedDays: [], aheadDays: 14 },
  ...{ leadMinutes: 60, moveHours: 12, moves: 1 },
};

const clock = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;

export const spans = (hours: BookingPlan["hours"]): string =>
  hours
    .map(({ fromMinute, untilMinute }) => `${clock(fromMinute)}-${clock(untilMinute)}`)
    .join(", ");

/** `10:00-12:00，14:00-20:00` in either width; null for what is none. */
export function spansOf(text: string): BookingPlan["hours"] | null {
  const found = text
    .split(/[,，、;；\n]/)
    .map((one) => one.trim())
    .filter((one) => one !== "")
    .map((one) => /^(\d{1,2})[:：](\d{2})\s*[-–—~～]\s*(\d{1,2})[:：](\d{2})$/.exec(one));
  const hours = found.map((one) => {
    const [fromHour = 0, from = 0, untilHour = 0, until = 0] = (one ?? []).slice(1).map(Number);
    return { fromMinute: fromHour * 60 + from, untilMinute: untilHour * 60 + until };
  });
  const isRight = hours.every(
    ({ fromMinute, untilMinute }) => fromMinute < untilMinute && untilMinute <= 1_440,
  );
  return found.length > 0 && !found.includes(null) && isRight ? hours : null;
}

const linesOf = (text: string): string[] => text.split(/[\s,，、]+/).filter((one) => one !== "");

export const areDays = (text: string): boolean =>
  linesOf(text).every((one) => /^\d{4}-\d{2}-\d{2}$/.test(one));

export function valuesOf(skuId: string, plan: BookingPlan): BookingValues {
  const { weekdays, hours, slotMinutes, capacity, closedDays } = plan;
  const { aheadDays, leadMinutes, moveHours, moves } = plan;
  return {
    ...{ skuId, slotMinutes, capacity, aheadDays, leadMinutes, moveHours, moves },
    ...{ weekdays: weekdays.map(String), hours: spans(hours), closedDays: closedDays.join("\n") },
  };
}

export function planOf(values: BookingValues): Record<keyof BookingPlan, unknown> {
  const { weekdays, hours, slotMinutes, capacity, closedDays } = values;
  const { aheadDays, leadMinutes, moveHours, moves } = values;
  return {
    ...{ slotMinutes, capacity, aheadDays, leadMinutes, moveHours, moves },
    ...{ weekdays: weekdays.map(Number), hours: spansOf(hours), closedDays: linesOf(closedDays) },
  };
}
