/** When a store serves people who hold a voucher: opening hours cut into slots, each with so many places. Pure. */
import { civilOf, dayOf, startOfDayMs, weekdayOf, type CivilDate } from "../../kernel/calendar.ts";
import { programmeDay, ZONE_OFFSET_MS } from "../../kernel/clock.ts";
import type { FieldProblem } from "./address.ts";

export interface BookingPlan {
  /** 1 is Monday, 7 is Sunday. */
  readonly weekdays: readonly number[];
  /** Minutes of the programme's day; a span holds as many whole slots as fit, the rest stays closed. */
  readonly hours: readonly { readonly fromMinute: number; readonly untilMinute: number }[];
  readonly slotMinutes: number;
  /** Vouchers that one slot takes. */
  readonly capacity: number;
  /** `2026-10-01`. */
  readonly closedDays: readonly string[];
  /** Today is 0; nobody books later than so many days on. */
  readonly aheadDays: number;
  /** A slot is offered until so long before it begins. */
  readonly leadMinutes: number;
  /** A visit is moved or given up until so long before it begins, */
  readonly moveHours: number;
  /** and booked again so often. */
  readonly moves: number;
}

export interface Slot {
  readonly fromMs: number;
  readonly untilMs: number;
}

export interface Taken extends Slot {
  readonly vouchers: number;
}

/** What a voucher's booking is now. `usesLeftThen`: uses that were left when it was booked; fewer now: the visit took place. */
export interface Booking {
  readonly at: Slot | null;
  readonly made: number;
  readonly usesLeftThen: number | null;
}

export type BookingRefusal =
  | "no_such_slot"
  | "too_late"
  | "outside_validity"
  | "move_too_late"
  | "moves_used";

const MINUTE_MS = 60_000;
/** Offered to one member at once. */
const SLOTS_MAX = 1_500;

const two = (n: number): string => String(n).padStart(2, "0");
const isoOf = ({ year, month, day }: CivilDate): string => `${year}-${two(month)}-${two(day)}`;

/** `2026-02-30` is no day. */
function isDay(text: string): boolean {
  const [year, month, day] = text.split("-").map(Number);
  if (year === undefined || month === undefined || day === undefined) return false;
  return isoOf(civilOf(dayOf({ year, month, day }))) === text;
}

/** What is wrong with a plan, field by field. */
export function planProblems(plan: BookingPlan): readonly FieldProblem[] {
  const { hours, slotMinutes, aheadDays, closedDays } = plan;
  const sorted = hours.toSorted((a, b) => a.fromMinute - b.fromMinute);
  const isOverlapping = sorted.some(
    ({ fromMinute }, at) => fromMinute < (sorted[at - 1]?.untilMinute ?? 0),
  );
  const slots = hours
    .map(({ fromMinute, untilMinute }) => Math.floor((untilMinute - fromMinute) / slotMinutes))
    .reduce((sum, many) => sum + Math.max(0, many), 0);
  const problems: FieldProblem[] = [];
  if (hours.some(({ fromMinute, untilMinute }) => untilMinute - fromMinute < slotMinutes)) {
    problems.push({ path: "hours", message: "each span takes at least one slot" });
  }
  if (isOverlapping) problems.push({ path: "hours", message: "spans do not overlap" });
  if (slots * (aheadDays + 1) > SLOTS_MAX) {
    problems.push({ path: "aheadDays", message: `at most ${SLOTS_MAX} slots are offered at once` });
  }
  if (!closedDays.every(isDay))
    problems.push({ path: "closedDays", message: "is no day of the calendar" });
  return problems;
}

/** All slots of a day, counted from 1970-01-01, in order of time. */
export function slotsOfDay(plan: BookingPlan, day: number): readonly Slot[] {
  if (!plan.weekdays.includes(weekdayOf(day))) return [];
  if (plan.closedDays.includes(isoOf(civilOf(day)))) return [];
  const lengthMs = plan.slotMinutes * MINUTE_MS;
  const midnightMs = startOfDayMs(day, ZONE_OFFSET_MS);
  return plan.hours
    .flatMap(({ fromMinute, untilMinute }) =>
      Array.from(
        { length: Math.max(0, Math.floor((untilMinute - fromMinute) / plan.slotMinutes)) },
        (_, at): Slot => {
          const fromMs = midnightMs + fromMinute * MINUTE_MS + at * lengthMs;
          return { fromMs, untilMs: fromMs + lengthMs };
        },
      ),
    )
    .toSorted((a, b) => a.fromMs - b.fromMs);
}

/** What may be booked now, were there nobody else. The visit ends before the voucher does. */
export function offeredSlots(
  plan: BookingPlan,
  expiresAtMs: number,
  nowMs: number,
): readonly Slot[] {
  const today = programmeDay(nowMs, ZONE_OFFSET_MS);
  const soonestMs = nowMs + plan.leadMinutes * MINUTE_MS;
  return Array.from({ length: plan.aheadDays + 1 }, (_, at) => slotsOfDay(plan, today + at))
    .flat()
    .filter(({ fromMs, untilMs }) => fromMs > soonestMs && untilMs <= expiresAtMs);
}

/** Whoever is booked for a part of a slot takes one of its places: hours may have been cut otherwise then. */
export function placesLeft(plan: BookingPlan, slot: Slot, taken: readonly Taken[]): number {
  let free = plan.capacity;
  for (const { fromMs, untilMs, vouchers } of taken) {
    if (fromMs < slot.untilMs && untilMs > slot.fromMs) free -= vouchers;
  }
  return Math.max(0, free);
}

/** Bookings that count towards the visit that is meant now; one that was used is over. */
export function bookingsMade({ made, usesLeftThen }: Booking, usesLeft: number): number {
  return usesLeftThen === null || usesLeftThen === usesLeft ? made : 0;
}

/** How often the visit that is meant now can still be booked. */
export function bookingsLeft(plan: BookingPlan, booking: Booking, usesLeft: number): number {
  return Math.max(0, 1 + plan.moves - bookingsMade(booking, usesLeft));
}

/** The last moment at which a visit can be moved or given up. */
export function moveUntilMs(plan: BookingPlan, at: Slot): number {
  return at.fromMs - plan.moveHours * 60 * MINUTE_MS;
}

/** Null: the booking that stands may be moved or given up, or there is none ahead. */
export function leaveRefusal(
  plan: BookingPlan,
  { at }: Booking,
  nowMs: number,
): BookingRefusal | null {
  if (at === null || at.untilMs <= nowMs) return null;
  return nowMs <= moveUntilMs(plan, at) ? null : "move_too_late";
}

/** The slot that begins at this moment, or why it cannot be booked. Whether a place is free is not asked here. */
export function chooseSlot(
  plan: BookingPlan,
  voucher: { readonly expiresAtMs: number; readonly usesLeft: number; readonly booking: Booking },
  fromMs: number,
  nowMs: number,
): Slot | BookingRefusal {
  const { expiresAtMs, usesLeft, booking } = voucher;
  const day = programmeDay(fromMs, ZONE_OFFSET_MS);
  const slot = slotsOfDay(plan, day).find((one) => one.fromMs === fromMs);
  if (!slot || day > programmeDay(nowMs, ZONE_OFFSET_MS) + plan.aheadDays) return "no_such_slot";
  if (fromMs <= nowMs + plan.leadMinutes * MINUTE_MS) return "too_late";
  if (slot.untilMs > expiresAtMs) return "outside_validity";
  const kept = usesLeft === booking.usesLeftThen ? leaveRefusal(plan, booking, nowMs) : null;
  if (kept !== null) return kept;
  return bookingsLeft(plan, booking, usesLeft) === 0 ? "moves_used" : slot;
}
