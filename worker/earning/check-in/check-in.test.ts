import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chinaMs, CHINA_MS } from "../../testing/points/earning.ts";
import {
  checkIn,
  checkInView,
  makeUp,
  newCheckIn,
  parseCheckInTerms,
  withCards,
  type CheckInOutcome,
  type CheckInState,
  type CheckInTerms,
} from "./index.ts";

const DAY = 86_400_000;
const CRMEB =
  "https://github.com/crmeb/CRMEB/blob/77759512/crmeb/app/services/user/UserSignServices.php";
const YUDAO =
  "https://github.com/YunaiV/ruoyi-vue-pro/blob/e4e460d5/yudao-module-member (MemberSignInRecordConvert)";

const TERMS: CheckInTerms = {
  version: 1,
  zoneOffsetMs: CHINA_MS,
  cycle: "endless",
  dailyPoints: 5,
  streak: [
    { days: 3, points: 10 },
    { days: 7, points: 30 },
  ],
  cumulative: [],
  combine: "plus",
  afterLast: "restart",
  makeUpDaysMax: 7,
  makeUpPays: false,
};
/** Monday, 1 June 2026, ten in the morning in China. */
const MONDAY = chinaMs("2026-06-01T10:00");
const FIRST = Math.floor((MONDAY + CHINA_MS) / DAY);

function sum(outcome: CheckInOutcome): number {
  return outcome.kind === "checked"
    ? outcome.awards.reduce((total, award) => total + award.points, 0)
    : 0;
}

/** Checks in on these days, counted from Monday, and says what each paid. */
function play(terms: CheckInTerms, days: readonly number[], from = newCheckIn()) {
  let state: CheckInState = from;
  const paid = days.map((day) => {
    const outcome = checkIn(state, terms, MONDAY + day * DAY);
    if (outcome.kind === "checked") ({ state } = outcome);
    return sum(outcome);
  });
  return { state, paid };
}

describe("checking in", () => {
  it("pays daily points and, on a milestone of the streak, the table's", () => {
    expect(play(TERMS, [0, 1, 2, 3, 4, 5, 6]).paid).toEqual([5, 5, 15, 5, 5, 5, 35]);
  });

  it(`begins the table again past its last day (${YUDAO})`, () => {
    expect(play(TERMS, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]).paid.slice(7)).toEqual([5, 5, 15]);
    const stop = { ...TERMS, afterLast: "stop" } as const;
    expect(play(stop, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]).paid.slice(7)).toEqual([5, 5, 5]);
  });

  it(`a missed day begins at day 1 (${YUDAO})`, () => {
    expect(play(TERMS, [0, 1, 3, 4, 5]).paid).toEqual([5, 5, 5, 5, 15]);
  });

  it(`a weekly cycle begins anew on Monday, a monthly one on the 1st (${CRMEB})`, () => {
    const weekly = { ...TERMS, cycle: "weekly" } as const;
    // Saturday, Sunday, Monday, Tuesday, Wednesday.
    expect(play(weekly, [5, 6, 7, 8, 9]).paid).toEqual([5, 5, 5, 5, 15]);
    const monthly = { ...TERMS, cycle: "monthly" } as const;
    // 29 and 30 June, 1, 2 and 3 July.
    expect(play(monthly, [28, 29, 30, 31, 32]).paid).toEqual([5, 5, 5, 5, 15]);
    expect(play(TERMS, [28, 29, 30, 31, 32]).paid).toEqual([5, 5, 15, 5, 5]);
  });

  it(`may pay a milestone instead of the daily points (${CRMEB})`, () => {
    const replace = {
      ...TERMS,
      combine: "replace",
      cumulative: [{ days: 3, points: 100 }],
    } as const;
    expect(play(replace, [0, 1, 2, 3]).paid).toEqual([5, 5, 110, 5]);
  });

  it("counts days of the cycle for the cumulative table, in a row or not", () => {
    const weekly = {
      ...TERMS,
      cycle: "weekly",
      streak: [],
      cumulative: [{ days: 4, points: 50 }],
    } as const;
    expect(play(weekly, [0, 2, 4, 6, 7, 9, 11, 13]).paid).toEqual([5, 5, 5, 55, 5, 5, 5, 55]);
  });

  it("takes the day of the programme, not of the server or the phone", () => {
    const late = checkIn(newCheckIn(), TERMS, chinaMs("2026-06-01T23:59"));
    if (late.kind !== "checked") throw new Error("expected a check-in");
    expect(checkIn(late.state, TERMS, chinaMs("2026-06-01T00:00")).kind).toBe("already");
    expect(checkIn(late.state, TERMS, chinaMs("2026-06-02T00:00")).kind).toBe("checked");
  });

  it("pays a day once and a milestone once, whatever is tapped and made up", () => {
    const step = fc.record({
      waitDays: fc.integer({ min: 0, max: 3 }),
      back: fc.option(fc.integer({ min: 1, max: 8 }), { nil: null }),
      taps: fc.integer({ min: 1, max: 3 }),
    });
    const terms = fc.record({
      cycle: fc.constantFrom("weekly" as const, "monthly" as const, "endless" as const),
      makeUpPays: fc.boolean(),
      afterLast: fc.constantFrom("restart" as const, "stop" as const),
    });
    fc.assert(
      fc.property(terms, fc.array(step, { maxLength: 80 }), (change, steps) => {
        const rules = { ...TERMS, ...change, cumulative: [{ days: 5, points: 7 }] };
        let state = withCards(newCheckIn(), 200);
        let nowMs = MONDAY;
        const keys: string[] = [];
        const streakDays: number[] = [];
        const take = (outcome: CheckInOutcome): void => {
          if (outcome.kind !== "checked") return;
          ({ state } = outcome);
          for (const { naturalKey } of outcome.awards) {
            keys.push(naturalKey);
            if (naturalKey.startsWith("check_in_streak:")) {
              streakDays.push(Number(naturalKey.split(":")[1]));
            }
          }
        };
        for (const { waitDays, back, taps } of steps) {
          nowMs += waitDays * DAY;
          for (let tap = 0; tap < taps; tap += 1) take(checkIn(state, rules, nowMs));
          const today = Math.floor((nowMs + CHINA_MS) / DAY);
          if (back !== null) take(makeUp(state, rules, today - back, nowMs));
        }
        expect(new Set(keys).size).toBe(keys.length);
        // A milestone needs at least the days of the shortest one, each checked.
        expect(new Set(streakDays).size).toBe(streakDays.length);
        expect(streakDays.length * 3).toBeLessThanOrEqual(Math.max(0, state.total * 2));
        expect(state.days).toEqual([...new Set(state.days)].sort((a, b) => a - b));
        expect(state.days.length).toBeLessThanOrEqual(63);
      }),
    );
  });

  it("remembers a streak longer than the days it keeps", () => {
    const days = Array.from({ length: 150 }, (_, at) => at);
    const { state, paid } = play(TERMS, days);
    expect(checkInView(state, TERMS, MONDAY + 149 * DAY).streak).toBe(150);
    const whole = Math.floor(150 / 7) * (7 * 5 + 40);
    expect(paid.reduce((total, one) => total + one, 0)).toBe(whole + 3 * 5 + 10);
  });
});

describe("a make-up card", () => {
  it("joins the streak, pays the milestone it completes, and is spent", () => {
    const { state } = play(TERMS, [0, 1, 3, 4, 5, 6], withCards(newCheckIn(), 1));
    const outcome = makeUp(state, TERMS, FIRST + 2, MONDAY + 6 * DAY);
    if (outcome.kind !== "checked") throw new Error("expected a make-up");
    // Days 4 to 6 had paid a milestone of three; the joined week pays its seventh day.
    expect(outcome.awards).toEqual([
      { naturalKey: `check_in_streak:${FIRST + 6}`, points: 30, sourceId: "streak-7" },
    ]);
    expect(outcome).toMatchObject({ streak: 7, state: { cards: 0 } });
    expect(makeUp(outcome.state, TERMS, FIRST + 2, MONDAY + 6 * DAY).kind).toBe("already");
  });

  it.each([
    ["a day that is not over", 6, 1, "not_missed_yet"],
    ["a day too long ago", -2, 1, "too_long_ago"],
    ["nothing without a card", 5, 0, "no_card"],
  ])("fills %s not", (_, day, cards, reason) => {
    const state = withCards(newCheckIn(), cards);
    expect(makeUp(state, TERMS, FIRST + day, MONDAY + 6 * DAY)).toMatchObject({
      kind: "refused",
      refusal: { figures: { reason } },
    });
  });

  it("does not reach into the cycle before", () => {
    const weekly = { ...TERMS, cycle: "weekly" } as const;
    const state = withCards(newCheckIn(), 1);
    expect(makeUp(state, weekly, FIRST + 6, MONDAY + 7 * DAY)).toMatchObject({
      refusal: { figures: { reason: "cycle_is_over" } },
    });
  });

  it("is offered for the days that it could fill", () => {
    const { state } = play(TERMS, [0, 2]);
    expect(checkInView(state, TERMS, MONDAY + 3 * DAY)).toEqual({
      today: FIRST + 3,
      isCheckedToday: false,
      streak: 1,
      cards: 0,
      missed: [FIRST - 4, FIRST - 3, FIRST - 2, FIRST - 1, FIRST + 1],
      next: { inDays: 2, points: 10 },
    });
  });
});

describe("check-in terms", () => {
  it.each([
    ["dailyPoints", { dailyPoints: -1 }],
    ["dailyPoints", { dailyPoints: 2.5 }],
    ["dailyPoints", { dailyPoints: 0, streak: [] }],
    ["streak.0.points", { streak: [{ days: 3, points: 1e6 }] }],
    [
      "streak.1.days",
      {
        streak: [
          { days: 7, points: 1 },
          { days: 3, points: 1 },
        ],
      },
    ],
    ["streak.0.days", { cycle: "weekly", streak: [{ days: 8, points: 1 }], makeUpDaysMax: 1 }],
    ["makeUpDaysMax", { cycle: "weekly", makeUpDaysMax: 7 }],
  ])("name %s: %j", (field, change) => {
    expect(parseCheckInTerms(TERMS).kind).toBe("ok");
    const result = parseCheckInTerms({ ...TERMS, ...change });
    expect(result.kind === "invalid" && result.problems.map((one) => one.field)).toContain(field);
  });
});
