/** The command line, from what a person types to what is run or said. */
import { describe, expect, it } from "vitest";
import { readOptions, type Options } from "./options.ts";
import { isChoice, readValue, settingsOf, type Parameter } from "./scenarios/parameters.ts";
import { COMPARE, LINES, QUICK, SCENARIOS } from "./scenarios/registry.ts";

function run(...args: string[]): Options {
  const reading = readOptions(args, "results");
  if (reading.kind !== "run") throw new Error(`${reading.kind}: ${reading.text}`);
  return reading.options;
}

function wrong(...args: string[]): string {
  const reading = readOptions(args, "results");
  expect(reading.kind).toBe("wrong");
  return reading.kind === "wrong" ? reading.text : "";
}

describe("scenarios on the command line", () => {
  it("are taken by name, in the order of the registry, each once", () => {
    const { scenarios, name, rounds, out } = run("soldout", "door", "door", "--rounds", "7");
    expect(scenarios.map((one) => one.name)).toEqual(["door", "soldout"]);
    expect({ name, rounds, out }).toEqual({ name: "soldout-door-door", rounds: 7, out: "results" });
  });

  it("come in groups: quick, compare, all but the peers, and hello for none", () => {
    expect(run("quick").scenarios.map(({ name }) => name)).toEqual([...QUICK]);
    expect(run("compare").scenarios.map(({ name }) => name)).toEqual([...COMPARE]);
    expect(run("all").scenarios).toEqual(SCENARIOS.filter(({ name }) => name !== "peers"));
    expect(run("hello").scenarios).toEqual([]);
  });

  it("that do not exist are named", () => {
    expect(wrong("door", "dor")).toContain('there is no scenario "dor"');
  });

  it("write nothing with --out -", () => {
    expect(run("door", "--out", "-").out).toBeNull();
  });
});

describe("settings", () => {
  it("reach every chosen scenario that has them; the others keep their own", () => {
    const { given } = run("http", "soldout", "door", "--requests", "1_500");
    const of = (name: string): object =>
      settingsOf(SCENARIOS.find((one) => one.name === name)?.parameters ?? [], given).entries();
    expect(of("http")).toEqual({ requests: 1_500, connections: 256 });
    expect(of("soldout")).toEqual({ requests: 1_500, connections: 64 });
    expect(of("door")).toEqual({ sockets: 4_000 });
  });

  it("outside their bounds are refused with the bounds, by scenario", () => {
    expect(wrong("frozen", "--sockets", "1")).toContain(
      "frozen: --sockets takes a whole number from 2 to 20,000, not 1",
    );
    expect(wrong("door", "--rounds", "0")).toContain("--rounds takes a whole number from 1 to 50");
    expect(wrong("open-loop", "--rate", "fast")).toContain('not "fast"');
    expect(wrong("sustained", "--via", "pigeon")).toContain(
      '--via takes http or door, not "pigeon"',
    );
  });

  it("that no chosen scenario has are refused with the ones that have them", () => {
    expect(wrong("door", "--rate", "5")).toContain("--rate is for expiry, open-loop");
    expect(wrong("door", "--speed", "5")).toContain("--speed");
  });

  it("read every default and bound of every parameter, and nothing beyond", () => {
    const numbers = SCENARIOS.flatMap(({ parameters }) =>
      parameters.filter((one) => !isChoice(one)),
    );
    expect(numbers.length).toBeGreaterThan(10);
    for (const parameter of numbers as Extract<Parameter, { min: number }>[]) {
      const { min, max, fallback } = parameter;
      for (const good of [min, max, fallback])
        expect(readValue(parameter, String(good))).toEqual({ value: good });
      for (const bad of [String(min - 1), String(max + 1), "1.5", "-1", ""])
        expect(readValue(parameter, bad)).toHaveProperty("error");
    }
  });
});

describe("help", () => {
  it("is made of the registry: every scenario and every parameter", () => {
    const reading = readOptions([], "results");
    const text = reading.kind === "help" ? reading.text : "";
    for (const { name, about, parameters } of SCENARIOS) {
      expect(text).toContain(`  ${name} `);
      expect(text).toContain(about);
      for (const parameter of parameters) expect(text).toContain(`--${parameter.name} `);
    }
    expect(readOptions(["door", "--help"], "results")).toEqual(reading);
  });
});

describe("the registry", () => {
  it("gives every name once", () => {
    const names = SCENARIOS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(new Set(LINES.map(({ name }) => name)).size).toBe(LINES.length);
  });

  it("compares lines that exist", () => {
    const lines = new Set(LINES.map(({ name }) => name));
    const sides = SCENARIOS.flatMap((one) => one.comparisons ?? []).flatMap(({ of, to }) => [
      of,
      to,
    ]);
    expect(sides.length).toBeGreaterThan(0);
    expect(sides.filter((name) => !lines.has(name))).toEqual([]);
  });
});
