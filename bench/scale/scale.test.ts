/** The model keeps its own books straight, repeats itself, and says in the documents what it computes. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Random } from "../load/random.ts";
import { ANSWERS, readAnswer } from "./answers.ts";
import { compare, localParameters } from "./calibrate.ts";
import { Crowd } from "./crowd.ts";
import { Commits, Engine, Thread } from "./engine.ts";
import type { ScaleResult } from "./outcome.ts";
import { DEFINITIONS, defaults, NAMES, type Parameters } from "./parameters.ts";
import { simulate } from "./simulate.ts";

const SMALL = { members: 3_000, units: 500, doors: 4, buckets: 32 } as const;

function run(changed: Partial<Parameters> = {}, seed = 1): ScaleResult {
  return simulate({ p: { ...defaults(), ...SMALL, ...changed }, seed });
}

const membersOf = ({ outcomes }: ScaleResult): number =>
  Object.values(outcomes).reduce((sum, count) => sum + count, 0);

describe("a thread and its commits", () => {
  it("do one thing at a time, and let what comes meanwhile share the next commit", () => {
    const engine = new Engine();
    const thread = new Thread(engine);
    let made = 0;
    const costs = { turnMs: 1, commitThreadMs: 10, commitLatencyMs: 5 };
    const commits = new Commits(engine, thread, costs, () => (made += 1));
    const doneMs: number[] = [];
    const job = (): void =>
      commits.run(
        1,
        () => true,
        () => doneMs.push(engine.nowMs),
      );
    engine.at(0, job);
    for (const atMs of [3, 4, 5]) engine.at(atMs, job);
    engine.run();
    // 1 turn, 1 job and 10 commit, 5 confirmed; then three jobs that waited for the thread until 12.
    expect(doneMs).toEqual([17, 30, 30, 30]);
    expect(made).toBe(2);
  });
});

describe("a sale", () => {
  it.each([0, 0.5, 1])("by the door for a share of %f sells every unit once", (doorShare) => {
    const result = run({ doorShare });
    expect(result.outcomes.granted).toBe(SMALL.units);
    expect(result.posts).toBe(SMALL.units);
    expect(membersOf(result)).toBe(SMALL.members);
    expect(result.outcomes.none).toBeUndefined();
  });

  it("leaves what nobody wants", () => {
    const result = run({ units: 5_000 });
    expect(result.outcomes.granted).toBe(SMALL.members);
    expect(result.soldOutAtMs).toBeNull();
  });

  it("writes the rows that the product was counted to write", () => {
    const p = defaults();
    const { usage } = run({ commitRows: 0 });
    const losers = SMALL.members - SMALL.units;
    const rows =
      SMALL.members * p.holdRows + SMALL.units * (p.takeRows + p.postRows) + losers * p.voidRows;
    expect(usage.objectRowsWritten).toBe(rows);
    expect(usage.d1RowsWritten).toBe(SMALL.units * p.d1GrantRows);
  });

  it("is the same for the same seed, and another for another", () => {
    const figures = (seed: number): unknown => ({ ...run({}, seed), computedInMs: 0 });
    expect(figures(7)).toEqual(figures(7));
    expect(figures(7)).not.toEqual(figures(8));
  });

  it("slows with fewer doors, and turns away whom no door can seat", () => {
    expect(run({ doors: 1 }).verdicts.p99Ms).toBeGreaterThan(run({ doors: 16 }).verdicts.p99Ms);
    const full = run({ doors: 1, doorSocketsMax: 1_000 });
    expect(full.outcomes["no room at the door"]).toBe(SMALL.members - 1_000);
    expect(full.outcomes.granted).toBe(SMALL.units);
  });

  it("takes arrivals in the order in which they come", () => {
    const crowd = new Crowd({ ...defaults(), ...SMALL }, new Random(3));
    const { ids, timesMs } = crowd.arrivals();
    expect(new Set(ids).size).toBe(SMALL.members);
    // Counting puts neighbours of a moment in any order; the clock never runs back for them.
    const lastMs = Math.max(...timesMs);
    const steps = timesMs.map((at, place) => (place === 0 ? 0 : at - (timesMs[place - 1] ?? 0)));
    expect(Math.min(...steps)).toBeGreaterThan(-lastMs / SMALL.members - 1e-9);
  });
});

describe("the calibration", () => {
  it("compares what both know, scaled by hello-world", () => {
    const measurements = [
      { name: "hello", perSecond: 21_500, p50Ms: 1, p99Ms: 1 },
      { name: "calm", perSecond: 1, p50Ms: 3, p99Ms: 9 },
    ];
    const rows = compare({ measurements }, 1);
    expect(rows.map(({ figure }) => figure)).toEqual(["calm p50Ms"]);
    expect(rows[0]?.error).toBeCloseTo((rows[0]?.predicted ?? 0) / 3 - 1);
    const { requestMs } = defaults("local");
    expect(localParameters(10_750).requestMs).toBeCloseTo(requestMs * 2);
  });
});

describe("the parameters", () => {
  it("each have a unit, a figure and a source", () => {
    for (const name of NAMES) {
      const { unit, value, about, source } = DEFINITIONS[name];
      expect(Number.isFinite(value), name).toBe(true);
      expect(
        [unit, about, source].every((text) => text.length > 0),
        name,
      ).toBe(true);
      expect(source, name).toMatch(/https:|measured|assumed|chosen|\.ts|\.toml|docs\//);
    }
  });
});

describe("docs/scale.md", () => {
  const text = readFileSync(join(import.meta.dirname, "../../docs/scale.md"), "utf8");

  it.each(Object.keys(ANSWERS))("has a place for %s, and something in it", (name) => {
    expect(readAnswer(text, name)?.length).toBeGreaterThan(100);
  });

  it.each(Object.keys(ANSWERS).filter((name) => ANSWERS[name]?.isQuick))(
    "says for %s what the tool computes now",
    (name) => {
      expect(readAnswer(text, name)).toBe(ANSWERS[name]?.make(() => undefined).trim());
    },
  );
});
