import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addMonths,
  civilOf,
  dayOf,
  minuteOfDay,
  periodEndMs,
  periodIndex,
  PERIODS,
  startOfDayMs,
  weekdayOf,
} from "./calendar.ts";

const HOUR = 3_600_000;
const anyDay = fc.integer({ min: -150_000, max: 150_000 });
const anyMoment = fc.integer({ min: -4e12, max: 4e12 });
const anyZone = fc.constantFrom(-8 * HOUR, 0, 8 * HOUR, 5.5 * HOUR);

describe("the programme calendar", () => {
  it("agrees with the Gregorian calendar of the platform", () => {
    fc.assert(
      fc.property(anyDay, (day) => {
        const date = new Date(day * 86_400_000);
        const civil = civilOf(day);
        expect(civil).toEqual({
          year: date.getUTCFullYear(),
          month: date.getUTCMonth() + 1,
          day: date.getUTCDate(),
        });
        expect(dayOf(civil)).toBe(day);
        expect(weekdayOf(day)).toBe(date.getUTCDay() === 0 ? 7 : date.getUTCDay());
      }),
    );
  });

  it("puts every moment into exactly one period of a kind", () => {
    fc.assert(
      fc.property(anyMoment, anyZone, (atMs, zone) => {
        for (const period of PERIODS) {
          const index = periodIndex(period, atMs, zone);
          const end = periodEndMs(period, index, zone);
          if (end === null) continue;
          expect(end).toBeGreaterThan(atMs);
          expect(periodEndMs(period, index - 1, zone)).toBeLessThanOrEqual(atMs);
          expect(periodIndex(period, end, zone)).toBe(index + 1);
          expect(periodIndex(period, end - 1, zone)).toBe(index);
        }
      }),
    );
  });

  it("clamps to the last day of a shorter month", () => {
    const at = (text: string): number => Date.parse(`${text}T00:00:00Z`) / 86_400_000;
    expect(addMonths(at("2023-01-31"), 1)).toBe(at("2023-02-28"));
    expect(addMonths(at("2024-01-31"), 1)).toBe(at("2024-02-29"));
    expect(addMonths(at("2024-02-29"), 12)).toBe(at("2025-02-28"));
    expect(addMonths(at("2024-03-31"), -1)).toBe(at("2024-02-29"));
    expect(addMonths(at("2025-11-15"), 2)).toBe(at("2026-01-15"));
  });

  it("counts the day in the programme's zone", () => {
    const zone = 8 * HOUR;
    const at = Date.parse("2026-02-28T16:00:00Z");
    expect(periodIndex("month", at, zone)).toBe(2026 * 12 + 2);
    expect(periodIndex("month", at - 1, zone)).toBe(2026 * 12 + 1);
    expect(minuteOfDay(at, zone)).toBe(0);
    expect(startOfDayMs(dayOf({ year: 2026, month: 3, day: 1 }), zone)).toBe(at);
  });
});
