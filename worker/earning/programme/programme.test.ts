import { describe, expect, it } from "vitest";
import { CHINA_MS, chinaMs, orderOf, PLAIN, PROGRAMME } from "../../testing/points/earning.ts";
import { taskOf as task, TERMS, windows } from "../../testing/points/programme.ts";
import { taskDryRun } from "../tasks/index.ts";
import {
  assembleTerms,
  DEFAULT_TERMS,
  isProgrammeTerms,
  parseTask,
  parseTerms,
  PROGRAMME_LIMITS,
  rulesAt,
  sizeProblem,
  taskOf,
  tasksAt,
} from "./index.ts";

const DAY = 86_400_000;

describe("a programme's terms", () => {
  it("judge each moment by the versions of its own time", () => {
    const [old, next] = windows({ ruleId: "a" }, { ruleId: "a" });
    const terms = {
      ...TERMS,
      rules: [
        { ...old, version: 1, fromMs: 100, untilMs: 200 },
        { ...next, version: 2, fromMs: 200, untilMs: null },
      ] as typeof TERMS.rules,
    };
    const versions = [99, 100, 199, 200, 10_000].map((atMs) =>
      rulesAt(terms, atMs).map((one) => one.version),
    );
    expect(versions).toEqual([[], [1], [1], [2], [2]]);
  });

  it("show a task by its newest version, also after its end", () => {
    const terms = {
      ...TERMS,
      tasks: [
        { task: task({ version: 1, points: 1 }), fromMs: 100, untilMs: 200 },
        { task: task({ version: 2, points: 2 }), fromMs: 200, untilMs: 300 },
      ],
    };
    expect(tasksAt(terms, 400)).toEqual([]);
    expect(taskOf(terms, "buy-twice")?.version).toBe(2);
    expect(taskOf(terms, "none")).toBeNull();
  });

  it("fill in zone and version, and keep both from being said otherwise", () => {
    const body = { ladderDays: [7], sendMinute: 600, quiet: null, pointsMin: 1 };
    const saved = { earn: { ...DEFAULT_TERMS.earn, zoneOffsetMs: 0 } };
    expect(parseTerms("reminders", body, 1, saved)).toMatchObject({ value: { zoneOffsetMs: 0 } });
    expect(parseTerms("reminders", { ...body, zoneOffsetMs: CHINA_MS }, 1, saved)).toMatchObject({
      problems: [{ field: "zoneOffsetMs" }],
    });
    expect(parseTerms("earn", { ...PROGRAMME }, 2, saved)).toMatchObject({
      problems: [{ field: "zoneOffsetMs" }],
    });
    const growth = { perAmount: null, registration: 1, checkIn: 0, version: 77 };
    expect(parseTerms("growth", growth, 3, {})).toMatchObject({ value: { version: 3 } });
  });

  it("give no more growth for a yuan than a life of it can count", () => {
    const growth = (given: number, perFen: number) =>
      parseTerms(
        "growth",
        { perAmount: { growth: given, perFen }, registration: 0, checkIn: 0 },
        1,
        {},
      );
    expect(growth(1_000, 100).kind).toBe("ok");
    expect(growth(1_001, 100)).toMatchObject({ problems: [{ field: "perAmount.growth" }] });
    expect(growth(100_000, 1)).toMatchObject({ problems: [{ field: "perAmount.growth" }] });
  });

  it("are refused when they are more than a command carries", () => {
    const many = Array.from({ length: PROGRAMME_LIMITS.rulesMax + 1 }, (_, at) => ({
      ruleId: `r${at}`,
    }));
    expect(sizeProblem({ ...TERMS, rules: windows(...many) }, 0)?.field).toBe("rules");
    expect(sizeProblem({ ...TERMS, rules: windows(...many.slice(1)) }, 0)).toBeNull();
    const wide = windows({ condition: { kind: "product", in: ["x".repeat(500_000)] } });
    expect(sizeProblem({ ...TERMS, rules: wide }, 0)?.reason).toContain("bytes");
    expect(isProgrammeTerms({ ...TERMS, rules: wide }, "demo")).toBe(false);
    expect(isProgrammeTerms(TERMS, "demo")).toBe(true);
    expect(isProgrammeTerms(assembleTerms("demo", 0, {}, [], []), "demo")).toBe(true);
  });
});

describe("a task of the editor", () => {
  const { version: _, ...body } = task();

  it("is read with what its page says, and names what is wrong in either", () => {
    expect(parseTask(body, 4)).toMatchObject({ kind: "ok", value: { version: 4, detail: "" } });
    const fields = (change: object): unknown => {
      const parsed = parseTask({ ...body, ...change }, 1);
      return parsed.kind === "invalid" && parsed.problems.map((problem) => problem.field);
    };
    expect(fields({ link: "https://elsewhere" })).toEqual(["link"]);
    expect(fields({ target: 0, detail: "x".repeat(500) })).toEqual(["target", "detail"]);
    expect(fields({ kind: "daily" })).toEqual(["period"]);
  });

  it("is tried on the past: what it would have paid, to whom, and what that costs", () => {
    const atMs = chinaMs("2026-06-01T12:00");
    const events = ["m1", "m1", "m1", "m2"].map((member, at) => ({
      event: orderOf(100, { eventId: `e${at}`, memberKey: `demo:${member}`, atMs: atMs + at }),
      member: PLAIN,
      joinedAtMs: atMs - DAY,
    }));
    const rate = { points: 100, fen: 50 };
    const easier = task({ target: 1, points: 10 });
    const report = taskDryRun(events, task(), easier, CHINA_MS, rate);
    expect(report).toMatchObject({
      ...{ events: 4, members: 2, nowPoints: 40, draftPoints: 20, costFen: -10 },
      ...{ winners: 1, losers: 1, unchanged: 0 },
      mostWon: [{ memberKey: "demo:m2", now: 0, draft: 10 }],
      mostLost: [{ memberKey: "demo:m1", now: 40, draft: 10 }],
    });
    expect(taskDryRun(events, null, easier, CHINA_MS, rate)).toMatchObject({ nowPoints: 0 });
  });
});
