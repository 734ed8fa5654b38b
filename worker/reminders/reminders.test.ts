import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chinaMs, CHINA_MS } from "../testing/points/earning.ts";
import { parseReminderTerms, planReminders, stillLapsing, type ReminderTerms } from "./index.ts";

const TERMS: ReminderTerms = {
  zoneOffsetMs: CHINA_MS,
  ladderDays: [15, 7, 1],
  sendMinute: 10 * 60,
  quiet: { fromMinute: 21 * 60, toMinute: 9 * 60 },
  pointsMin: 1,
};
const GONE = chinaMs("2026-07-01");
const member = (more: object = {}) => ({
  deadlines: [{ expiresAtMs: GONE, points: 120 }],
  channels: ["in_app"] as const,
  sent: new Set<string>(),
  ...more,
});
const HOUR = 3_600_000;

/** Sends what is due whenever the planner asks to look again, from `fromMs` on. */
function live(terms: ReminderTerms, fromMs: number, who = member()) {
  const sent = new Set(who.sent);
  const log: { at: string; daysLeft: number; points: number }[] = [];
  let nowMs: number | null = fromMs;
  for (let round = 0; nowMs !== null && round < 50; round += 1) {
    const plan = planReminders({ ...who, sent }, terms, nowMs);
    for (const { naturalKey, daysLeft, points } of plan.due) {
      sent.add(naturalKey);
      const at = new Date(nowMs + CHINA_MS).toISOString().slice(0, 16);
      log.push({ at, daysLeft, points });
    }
    nowMs = plan.nextAtMs;
  }
  return log;
}

describe("the ladder of reminders", () => {
  it("says the exact points and days, 15, 7 and 1 days before", () => {
    expect(live(TERMS, chinaMs("2026-05-01"))).toEqual([
      { at: "2026-06-16T10:00", daysLeft: 15, points: 120 },
      { at: "2026-06-24T10:00", daysLeft: 7, points: 120 },
      { at: "2026-06-30T10:00", daysLeft: 1, points: 120 },
    ]);
  });

  it("does not make up for steps that were slept through", () => {
    expect(live(TERMS, chinaMs("2026-06-25T12:00"))).toEqual([
      { at: "2026-06-25T12:00", daysLeft: 6, points: 120 },
      { at: "2026-06-30T10:00", daysLeft: 1, points: 120 },
    ]);
  });

  it("keeps the quiet hours, over midnight too", () => {
    const night = { ...TERMS, sendMinute: 23 * 60 };
    expect(live(night, chinaMs("2026-05-01")).map(({ at }) => at)).toEqual([
      "2026-06-17T09:00",
      "2026-06-25T09:00",
      // After the quiet hours of the last night the points would be gone.
      "2026-06-30T20:59",
    ]);
  });

  it("says nothing of points that are gone, too few, or of a channel that is turned off", () => {
    const plan = (change: object, nowMs: number) =>
      planReminders(member(change), TERMS, nowMs).due.length;
    expect(plan({}, GONE)).toBe(0);
    expect(plan({ channels: [] }, GONE - 24 * HOUR + 11 * HOUR)).toBe(0);
    expect(plan({}, GONE - 24 * HOUR + 11 * HOUR)).toBe(1);
    expect(
      planReminders(member(), { ...TERMS, pointsMin: 121 }, GONE - 20 * HOUR + 7 * HOUR).due,
    ).toEqual([]);
  });

  it("sends each channel by itself", () => {
    const at = chinaMs("2026-06-16T10:00");
    const both = member({ channels: ["in_app", "sms"] });
    const { due } = planReminders(both, TERMS, at);
    expect(due.map(({ channel }) => channel)).toEqual(["in_app", "sms"]);
    const sent = new Set([due[0]?.naturalKey ?? ""]);
    expect(planReminders({ ...both, sent }, TERMS, at).due).toEqual([due[1]]);
  });

  it("sends one message a deadline, step and channel, never in quiet hours, never too late", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 60 * 24 }),
        fc.nat(1_439),
        fc.nat(1_439),
        fc.nat(1_439),
        (beforeHours, sendMinute, fromMinute, toMinute) => {
          const quiet = fromMinute === toMinute ? null : { fromMinute, toMinute };
          const terms = { ...TERMS, sendMinute, quiet };
          const log = live(terms, GONE - beforeHours * HOUR);
          expect(log.length).toBeLessThanOrEqual(3);
          for (const { at, daysLeft } of log) {
            const atMs = chinaMs(at);
            expect(atMs).toBeLessThan(GONE);
            expect(daysLeft).toBeGreaterThanOrEqual(1);
            const minute = Math.floor(((atMs + CHINA_MS) % 86_400_000) / 60_000);
            const isQuiet =
              quiet !== null &&
              (fromMinute < toMinute
                ? minute >= fromMinute && minute < toMinute
                : minute >= fromMinute || minute < toMinute);
            expect(isQuiet).toBe(false);
          }
        },
      ),
    );
  });

  it.each([
    ["ladderDays", { ladderDays: [] }],
    ["ladderDays.1", { ladderDays: [7, 15] }],
    ["ladderDays.0", { ladderDays: [1.5] }],
    ["sendMinute", { sendMinute: 1_440 }],
    ["quiet.toMinute", { quiet: { fromMinute: 5, toMinute: 5 } }],
    ["pointsMin", { pointsMin: -1 }],
  ])("names %s in bad terms: %j", (field, change) => {
    expect(parseReminderTerms(TERMS).kind).toBe("ok");
    const result = parseReminderTerms({ ...TERMS, ...change });
    expect(result.kind === "invalid" && result.problems.map((one) => one.field)).toContain(field);
  });
});

describe("what was shown, some time later", () => {
  const shown = [7, 15].map((daysLeft) => ({ expiresAtMs: GONE, points: 120, daysLeft }));
  const later = chinaMs("2026-06-28T12:00");

  it("is one line a deadline, with the points and the days that are left", () => {
    const left = [{ expiresAtMs: GONE, points: 50 }];
    expect(stillLapsing(shown, left, CHINA_MS, later)).toEqual([
      { expiresAtMs: GONE, points: 50, daysLeft: 3 },
    ]);
  });

  it("is nothing where the points were spent", () => {
    const others = [{ expiresAtMs: GONE + HOUR, points: 50 }];
    expect(stillLapsing(shown, others, CHINA_MS, later)).toEqual([]);
  });
});
