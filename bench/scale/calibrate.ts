/** The model with the figures of one machine, beside what the bench measured on it. */
import { median } from "../load/stats.ts";
import { defaults, type Parameters } from "./parameters.ts";
import { simulate } from "./simulate.ts";

/** What of a bench result is read. */
export interface Measured {
  readonly measurements: readonly {
    readonly name: string;
    readonly perSecond: number;
    readonly p50Ms: number;
    readonly p99Ms: number;
  }[];
}

export interface Comparison {
  readonly figure: string;
  readonly measured: number;
  readonly predicted: number;
  /** Predicted against measured, 0 is exact. */
  readonly error: number;
}

/** Hello-world of the machine on which the local parameters were taken apart; another one is scaled by its own. */
const HELLO_PER_SECOND = 21_500;
/** Sizes of bench/load. */
const DOOR_SOCKETS = 4_000;
const CALM_SOCKETS = 200;
const HTTP = { requests: 10_000, connections: 256 } as const;
const SOLD_OUT = { requests: 20_000, connections: 64 } as const;
/** The generator writes all grabs in about this time. */
const BURST_MS = 40;
const PROCESSOR = [
  "requestMs",
  "gateFrameMs",
  "gateSendMs",
  "callMs",
  "skuTakeMs",
  "skuNoticeMs",
  "accountHoldMs",
  "accountSettleMs",
  "accountShareMs",
  "commitThreadMs",
] as const;

export function localParameters(helloPerSecond: number): Parameters {
  const p = { ...defaults("local") };
  const scale = HELLO_PER_SECOND / helloPerSecond;
  return { ...p, ...Object.fromEntries(PROCESSOR.map((name) => [name, p[name] * scale])) };
}

export function isMeasured(value: unknown): value is Measured {
  return (
    typeof value === "object" &&
    value !== null &&
    Array.isArray((value as Partial<Measured>).measurements)
  );
}

export function compare(measured: Measured, seed: number): Comparison[] {
  const of = (name: string, pick: "perSecond" | "p50Ms" | "p99Ms"): number =>
    median(measured.measurements.filter((one) => one.name === name).map((one) => one[pick]));
  const p = localParameters(of("hello", "perSecond"));
  const names = new Set(measured.measurements.map(({ name }) => name));
  return [...predict(p, seed)].flatMap(([name, figures]) =>
    names.has(name)
      ? figures.map(([pick, predicted]) => {
          const value = of(name, pick);
          const figure = `${name} ${pick}`;
          return { figure, measured: value, predicted, error: predicted / value - 1 };
        })
      : [],
  );
}

type Figure = readonly [pick: "perSecond" | "p50Ms" | "p99Ms", value: number];

function predict(p: Parameters, seed: number): Map<string, Figure[]> {
  const sale = { ...p, arrivalMs: BURST_MS, arrivalSkew: 1, workerIsolates: 1 };
  const door = { ...sale, members: DOOR_SOCKETS, units: DOOR_SOCKETS, doorShare: 1 };
  const rush = simulate({ p: door, seed });
  const calm = simulate({ p: { ...door, members: CALM_SOCKETS }, seed, closedLoop: 1 });
  const http = { ...sale, members: HTTP.requests, units: HTTP.requests, doorShare: 0 };
  const redeem = simulate({ p: http, seed, closedLoop: HTTP.connections });
  const refused = simulate({
    p: { ...http, members: SOLD_OUT.requests, units: 1 },
    seed,
    closedLoop: SOLD_OUT.connections,
  });
  const perSecond = (count: number, ms: number): Figure => ["perSecond", (count / ms) * 1_000];
  return new Map([
    [
      "door",
      [
        perSecond(rush.granted.count, rush.lastVerdictAtMs),
        ["p50Ms", rush.verdicts.p50Ms],
        ["p99Ms", rush.verdicts.p99Ms],
      ],
    ],
    [
      "http",
      [
        perSecond(redeem.granted.count, redeem.lastVerdictAtMs),
        ["p50Ms", redeem.verdicts.p50Ms],
        ["p99Ms", redeem.verdicts.p99Ms],
      ],
    ],
    [
      "soldout",
      [
        perSecond(refused.refused.count, refused.lastVerdictAtMs),
        ["p50Ms", refused.verdicts.p50Ms],
      ],
    ],
    ["calm", [["p50Ms", calm.verdicts.p50Ms]]],
  ]);
}

export function comparisonTable(rows: readonly Comparison[]): string {
  const show = (value: number): string =>
    value >= 100 ? String(Math.round(value)) : value.toFixed(1);
  return [
    "| figure | measured | predicted | error |",
    "|---|---:|---:|---:|",
    ...rows.map(
      ({ figure, measured, predicted, error }) =>
        `| ${figure} | ${show(measured)} | ${show(predicted)} | ${error >= 0 ? "+" : "−"}${Math.abs(error * 100).toFixed(0)} % |`,
    ),
  ].join("\n");
}
