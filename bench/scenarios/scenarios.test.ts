/** Every scenario end to end on the built product, with few members: its figures are there and nothing is broken. */
import { existsSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import type { Measurement } from "../report/measurement.ts";
import { toHtml } from "../report/html.ts";
import { readOptions } from "../options.ts";
import { Progress } from "../progress.ts";
import type { Outcome } from "../report/outcome.ts";
import { runBench } from "../run.ts";
import { LINES as ALL_LINES, SCENARIOS as ALL_SCENARIOS } from "./registry.ts";

/** Peers have tests of their own, where they are installed; an unpaid order lapses after a minute at the soonest. */
const LEFT_OUT: ReadonlySet<string> = new Set(["peers", "lapse"]);
const SCENARIOS = ALL_SCENARIOS.filter(({ name }) => !LEFT_OUT.has(name));
const LINES = ALL_LINES.filter(
  (line) => !ALL_SCENARIOS.some(({ name, lines }) => LEFT_OUT.has(name) && lines.includes(line)),
);

/** Small enough for all of it within a minute. */
const SMALL = [
  ...["--rounds", "1", "--members", "40", "--sockets", "30", "--skus", "3", "--times", "3"],
  ...["--requests", "60", "--connections", "8", "--seconds", "1", "--rate", "60", "--units", "15"],
  ...[
    "--waves",
    "2",
    "--grabs",
    "5",
    "--membership",
    "1200",
    "--active",
    "20",
    "--lots",
    "300",
    "--visits",
    "1",
    "--out",
    "-",
  ],
];

let outcome: Outcome;
let said = "";
beforeAll(async () => {
  const reading = readOptions([...SCENARIOS.map(({ name }) => name), ...SMALL], "results");
  if (reading.kind !== "run") throw new Error(reading.text);
  const output = { write: (text: string) => void (said += text) };
  const options = { ...reading.options, helloRequests: 200 };
  outcome = await runBench(options, "all, small", new Progress(output, () => performance.now()));
}, 240_000);

const measurement = (name: string): Measurement => {
  const found = outcome.run.measurements.find((one) => one.name === name);
  if (!found) throw new Error(`${name} was not measured`);
  return found;
};
const note = (name: string, what: string): number =>
  measurement(name).notes.find((one) => one.name === what)?.value ?? Number.NaN;
const seriesOf = (name: string, chart: string): readonly (readonly [number, number])[] =>
  measurement(name).series.find((one) => one.chart === chart)?.points ?? [];

describe("a run of everything", () => {
  it("breaks no invariant, and audits every product it started", () => {
    expect(outcome.breaches).toEqual([]);
    const audited = new Map(outcome.run.audit.map((one) => [one.name, one]));
    // A shallow row of each of the four products, and the deep ones of all takes and members.
    expect(audited.get("I2_never_oversold")).toMatchObject({ rows: 4, ok: true });
    expect(audited.get("I5_takes_match_orders")?.checked).toBeGreaterThan(300);
    expect(audited.get("I4_I10_members_recounted")?.checked).toBe(
      // The last product has its crew, fifteen members whose points lapse, and those of the calibration.
      40 + 20 + 1_200 + (20 + 15 + 4 * 15),
    );
  });

  it("fills every line of the registry, hello-world at both ends", () => {
    const names = outcome.run.measurements.map(({ name }) => name);
    expect(names.toSorted()).toEqual([...LINES.map(({ name }) => name), "hello"].toSorted());
    for (const { name, counts } of LINES) {
      const { perSecond, p50Ms, maxMs } = measurement(name);
      expect(maxMs, name).toBeGreaterThanOrEqual(p50Ms);
      expect(p50Ms, name).toBeGreaterThan(0);
      if (counts !== null) expect(perSecond, name).toBeGreaterThan(0);
    }
    expect(Object.keys(outcome.run.settings)).toEqual(SCENARIOS.map(({ name }) => name));
  });

  it("counts what each was told to do", () => {
    const counted = Object.fromEntries(
      ["door", "many-skus", "http", "soldout", "calm", "frozen", "cold", "cold-again"].map(
        (name) => [name, measurement(name).count],
      ),
    );
    expect(counted).toEqual({
      ...{ door: 30, "many-skus": 30, http: 60, soldout: 60, calm: 5, frozen: 90 },
      ...{ cold: 3, "cold-again": 3 },
    });
  });

  it("sees the stock of a watched sale run out", () => {
    for (const [name, units] of [
      ["door", 30],
      ["http", 60],
      ["many-skus", 30],
    ] as const) {
      const stock = seriesOf(name, "stock").map(([, left]) => left);
      expect(stock[0], name).toBe(units);
      expect(stock.at(-1), name).toBe(0);
    }
  });

  it("shows units come back and sold again", () => {
    // Fifteen units: four come back, and of those who then have one, four again.
    expect(note("cancel-wave", "units cancelled and resold")).toBe(8);
    const stock = seriesOf("cancel-wave", "stock").map(([, left]) => left);
    expect(stock.at(-1)).toBe(0);
  });

  it("follows D1 to its last row, and arrivals at their own rate", () => {
    const lag = measurement("sustained").series.filter(({ chart }) => chart === "lag");
    expect(lag.map(({ points }) => points.length > 1)).toEqual([true, true]);
    expect(note("open-loop", "arrivals wanted")).toBe(60);
    expect(measurement("open-loop").count).toBeGreaterThan(20);
  });

  it("writes off every lot that lapses, while members redeem", () => {
    expect(note("expiry-sweep", "lots that lapse at once")).toBe(300);
    expect(note("expiry-sweep", "all written off after")).toBeGreaterThan(0);
    expect(measurement("expiry-sweep").count).toBeGreaterThan(20);
  });

  it("knows what a large membership holds of the server's memory", () => {
    expect(note("big-membership-many", "members")).toBe(1_200);
    expect(note("big-membership-few", "members")).toBe(20);
    if (existsSync("/proc/self/status")) {
      expect(note("big-membership-many", "resident, all idle")).toBeGreaterThan(10);
      expect(note("big-membership-many", "resident per idle member")).toBeGreaterThanOrEqual(0);
    }
  });

  it("never beats the line of a phone", () => {
    // Half a round trip to the door and half back, at least.
    for (const [name, roundTripMs] of [
      ["pages-lte", 50],
      ["pages-slow-4g", 150],
      ["pages-3g", 300],
    ] as const) {
      expect(measurement(name).p50Ms, name).toBeGreaterThanOrEqual(roundTripMs);
      expect(note(name, "first contentful paint"), name).toBeGreaterThan(roundTripMs);
    }
  });

  it("makes one page of it, and says each figure as it comes", () => {
    const html = toHtml(outcome.run);
    for (const { name } of LINES) {
      expect(html).toContain(`id="${name}"`);
      expect(said).toContain(`  ${name} `);
    }
  });
});
