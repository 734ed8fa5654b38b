/** The simulator as its users run it: in a process of its own, because it owns the clock and the timers of that process. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { FAULT_NAMES } from "./faults.ts";

const CLI = join(import.meta.dirname, "cli.ts");
/** Lives with every test run; a thousand and more are run by hand. */
const LIVES = 150;

function simulate(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], {
    encoding: "utf8",
    maxBuffer: 64 * 1_024 * 1_024,
  });
  return { status, stdout, stderr };
}

interface Figures {
  readonly lives: number;
  readonly granted: number;
  readonly refused: number;
  readonly turns: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly breach: unknown;
}

describe("lives of a sale with the real classes", () => {
  it(`keep every invariant over ${LIVES} seeds, whatever strikes`, () => {
    const { status, stdout, stderr } = simulate("--seeds", String(LIVES), "--walks", "1", "--json");
    expect(stderr).toBe("");
    const figures = JSON.parse(stdout) as Figures;
    expect(figures.breach).toBeNull();
    expect(status).toBe(0);
    expect(figures.lives).toBe(LIVES);
    expect(figures.granted).toBeGreaterThan(LIVES);
    expect(figures.refused).toBeGreaterThan(LIVES);
    // Faults that never strike prove nothing.
    expect(FAULT_NAMES.filter((name) => (figures.counts[name] ?? 0) === 0)).toEqual([]);
  });

  it("are the same whenever their seed is", () => {
    const first = simulate("--seed", "7", "--trace");
    const second = simulate("--seed", "7", "--trace");
    // What is sealed looks different each time, and decides nothing.
    const story = (text: string): string[] =>
      text
        .split("\n")
        .filter((line) => / s {2}/.test(line))
        .map((line) => line.replaceAll(/(sealed|print): [^,}]*/g, "$1"));
    expect(story(first.stdout).length).toBeGreaterThan(100);
    expect(story(second.stdout)).toEqual(story(first.stdout));
  });

  it("are the same on any number of threads, whatever was lived before", () => {
    const figuresOn = (threads: string): unknown => {
      const { stdout } = simulate("--seeds", "60", "--threads", threads, "--json");
      const { lives, granted, refused, turns, counts } = JSON.parse(stdout) as Figures;
      return { lives, granted, refused, turns, counts };
    };
    expect(figuresOn("3")).toEqual(figuresOn("1"));
  });

  it("tell the story of a breach and how to see it again", () => {
    const { status, stdout } = simulate("--seeds", "20", "--mutant", "M1");
    expect(status).toBe(1);
    expect(stdout).toMatch(/BREACH I\d+: /);
    const replay = /replay: npm run simulate -- (.*)$/m.exec(stdout)?.[1] ?? "";
    const again = simulate(...replay.split(" "));
    expect(again.status).toBe(1);
    expect(again.stdout).toMatch(/BREACH I\d+: /);
  });

  it("explain themselves to a stranger and refuse nonsense", () => {
    const { status, stdout } = simulate("--help");
    expect(status).toBe(0);
    expect(FAULT_NAMES.filter((name) => !stdout.includes(name))).toEqual([]);
    expect(simulate("--faults", "earthquake").status).toBe(2);
    expect(simulate("--seeds", "-1").status).toBe(2);
  });
});

interface MutantRow {
  readonly id: string;
  readonly says: string;
  readonly expected: readonly string[];
  readonly killedBy: string | null;
  readonly isAsExpected: boolean;
}

describe("a dropped rule", () => {
  let rows: readonly MutantRow[] = [];
  beforeAll(() => {
    rows = JSON.parse(simulate("--mutants", "--json").stdout) as MutantRow[];
  });

  it("is noticed by its invariant, or survives by nature", () => {
    expect(rows.length).toBeGreaterThanOrEqual(28);
    const wrong = rows.filter((row) => !row.isAsExpected);
    expect(wrong.map((row) => `${row.id} ${row.says}: ${row.killedBy ?? "survives"}`)).toEqual([]);
  });

  it("survives only where the protocol has a second path", () => {
    const survivors = rows.filter((row) => row.killedBy === null).map((row) => row.id);
    expect(survivors).toEqual(["M10b", "M13"]);
  });
});
