/** Which slots there are, who may take one, and for how long one may change one's mind. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  bookingsLeft,
  chooseSlot,
  leaveRefusal,
  offeredSlots,
  placesLeft,
  planProblems,
  slotsOfDay,
  type Booking,
  type BookingPlan,
} from "./index.ts";

const HOUR_MS = 3_600_000;
/** Monday 23 November 2026, midnight in Beijing, and the days after it. */
const MONDAY_MS = Date.UTC(2026, 10, 22, 16);
const MONDAY = Math.floor((MONDAY_MS + 8 * HOUR_MS) / 86_400_000);
const at = (hour: number, day = 0): number => MONDAY_MS + day * 24 * HOUR_MS + hour * HOUR_MS;

const PLAN: BookingPlan = {
  ...{ weekdays: [1, 2, 3, 4, 5], slotMinutes: 60, capacity: 2, closedDays: ["2026-11-25"] },
  hours: [
    { fromMinute: 10 * 60, untilMinute: 12 * 60 },
    { fromMinute: 14 * 60, untilMinute: 15 * 60 + 30 },
  ],
  ...{ aheadDays: 7, leadMinutes: 60, moveHours: 12, moves: 1 },
};
const NONE: Booking = { at: null, made: 0, usesLeftThen: null };
const bookedAt = (hour: number, day: number, made = 1): Booking => ({
  at: { fromMs: at(hour, day), untilMs: at(hour + 1, day) },
  ...{ made, usesLeftThen: 3 },
});
const voucher = (booking: Booking, usesLeft = 3) => ({
  ...{ booking, usesLeft, expiresAtMs: at(0, 30) },
});

describe("slots", () => {
  it("are the whole ones within the opening hours; the rest of a span stays closed", () => {
    expect(slotsOfDay(PLAN, MONDAY).map(({ fromMs }) => fromMs)).toEqual([at(10), at(11), at(14)]);
  });

  it("are none on a weekday or a day that is closed", () => {
    expect(slotsOfDay(PLAN, MONDAY + 2)).toEqual([]);
    expect(slotsOfDay(PLAN, MONDAY + 5)).toEqual([]);
    expect(slotsOfDay(PLAN, MONDAY + 7)).toHaveLength(3);
  });

  it("are offered from the lead time on, as far as the plan goes, while the voucher lasts", () => {
    const offered = offeredSlots(PLAN, at(0, 30), at(10)).map(({ fromMs }) => fromMs);
    expect(offered.slice(0, 2)).toEqual([at(14), at(10, 1)]);
    expect(offered.at(-1)).toBe(at(14, 7));
    const short = offeredSlots(PLAN, at(15, 1) - 1, at(10)).map(({ fromMs }) => fromMs);
    expect(short).toEqual([at(14), at(10, 1), at(11, 1)]);
  });

  it("lose a place to everybody who is there for a part of them, also from hours cut otherwise", () => {
    const slot = { fromMs: at(10), untilMs: at(11) };
    const taken = (fromMs: number, untilMs: number) => [{ fromMs, untilMs, vouchers: 1 }];
    expect(placesLeft(PLAN, slot, taken(at(9.5), at(10.5)))).toBe(1);
    expect(placesLeft(PLAN, slot, taken(at(9), at(10)))).toBe(2);
    expect(placesLeft(PLAN, slot, taken(at(11), at(12)))).toBe(2);
    expect(placesLeft(PLAN, slot, [{ ...slot, vouchers: 9 }])).toBe(0);
  });

  it("never overlap, lie in the hours, and each one offered can be chosen", () => {
    const span = fc
      .tuple(fc.integer({ min: 0, max: 1_380 }), fc.integer({ min: 5, max: 600 }))
      .map(([fromMinute, length]) => ({
        ...{ fromMinute, untilMinute: Math.min(1_440, fromMinute + length) },
      }));
    const plan = fc.record({
      weekdays: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
      hours: fc.array(span, { minLength: 1, maxLength: 4 }),
      slotMinutes: fc.integer({ min: 5, max: 240 }),
      ...{ capacity: fc.constant(1), closedDays: fc.constant(["2026-11-24"]) },
      aheadDays: fc.integer({ min: 0, max: 9 }),
      leadMinutes: fc.integer({ min: 0, max: 3_000 }),
      ...{ moveHours: fc.constant(0), moves: fc.constant(0) },
    });
    fc.assert(
      fc.property(plan, fc.integer({ min: 0, max: 7 * 24 * HOUR_MS }), (given, afterMs) => {
        fc.pre(planProblems(given).length === 0);
        const nowMs = MONDAY_MS + afterMs;
        const slots = offeredSlots(given, at(0, 12), nowMs);
        for (const [n, slot] of slots.entries()) {
          expect(slot.untilMs - slot.fromMs).toBe(given.slotMinutes * 60_000);
          expect(slot.fromMs).toBeGreaterThanOrEqual(slots[n - 1]?.untilMs ?? 0);
          const whole = { ...voucher(NONE), expiresAtMs: at(0, 12) };
          expect(chooseSlot(given, whole, slot.fromMs, nowMs)).toEqual(slot);
        }
      }),
    );
  });
});

describe("a booking", () => {
  const choose = (booking: Booking, fromMs: number, nowMs: number, usesLeft = 3) =>
    chooseSlot(PLAN, voucher(booking, usesLeft), fromMs, nowMs);

  it("is refused at a time that is no slot, too soon, too far or beyond the voucher", () => {
    expect(choose(NONE, at(10.5, 1), at(0))).toBe("no_such_slot");
    expect(choose(NONE, at(10, 8), at(0))).toBe("no_such_slot");
    expect(choose(NONE, at(10), at(9))).toBe("too_late");
    const ending = { ...voucher(NONE), expiresAtMs: at(10.5, 1) };
    expect(chooseSlot(PLAN, ending, at(10, 1), at(0))).toBe("outside_validity");
  });

  it("is moved as often as the plan says, until so long before it begins", () => {
    const moved = { fromMs: at(11, 4), untilMs: at(12, 4) };
    expect(choose(bookedAt(10, 1), at(11, 4), at(22))).toEqual(moved);
    expect(choose(bookedAt(10, 1), at(11, 4), at(22) + 1)).toBe("move_too_late");
    expect(choose(bookedAt(10, 1, 2), at(11, 4), at(0))).toBe("moves_used");
  });

  it("that was given up or missed has used up its turn; one that was used begins anew", () => {
    const givenUp = { ...bookedAt(10, 1), at: null };
    expect(bookingsLeft(PLAN, givenUp, 3)).toBe(1);
    expect(choose({ ...givenUp, made: 2 }, at(11, 4), at(0))).toBe("moves_used");
    expect(choose(bookedAt(10, 0, 2), at(11, 4), at(13))).toBe("moves_used");
    expect(choose(bookedAt(10, 0, 2), at(11, 4), at(10.5), 2)).toMatchObject({ fromMs: at(11, 4) });
    expect(bookingsLeft(PLAN, bookedAt(10, 0, 2), 2)).toBe(2);
  });

  it("cannot be left while its visit goes on, and can when it is over", () => {
    expect(leaveRefusal(PLAN, bookedAt(10, 0), at(10.5))).toBe("move_too_late");
    expect(leaveRefusal(PLAN, bookedAt(10, 0), at(11))).toBeNull();
    expect(leaveRefusal(PLAN, NONE, at(11))).toBeNull();
  });
});

it("a plan that cannot be kept is refused by its field", () => {
  const wrong = (over: Partial<BookingPlan>): string[] =>
    planProblems({ ...PLAN, ...over }).map(({ path }) => path);
  expect(wrong({})).toEqual([]);
  expect(wrong({ hours: [{ fromMinute: 600, untilMinute: 640 }] })).toEqual(["hours"]);
  const overlapping = [...PLAN.hours, { fromMinute: 11 * 60, untilMinute: 13 * 60 }];
  expect(wrong({ hours: overlapping })).toEqual(["hours"]);
  expect(wrong({ closedDays: ["2026-02-30"] })).toEqual(["closedDays"]);
  const all = [{ fromMinute: 0, untilMinute: 1_440 }];
  expect(wrong({ hours: all, slotMinutes: 5, aheadDays: 90 })).toEqual(["aheadDays"]);
});
