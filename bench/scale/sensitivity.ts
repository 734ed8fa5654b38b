/** One parameter at a time, halved and doubled: which percentile and which bill it moves. */
import type { ScaleResult } from "./outcome.ts";
import { DEFINITIONS, type ParameterName, type Parameters } from "./parameters.ts";
import { duration } from "./report.ts";
import { simulate } from "./simulate.ts";

/** What an operator, the platform or a change of the product could move. */
export const KNOBS: readonly ParameterName[] = [
  "doors",
  "buckets",
  "units",
  "arrivalMs",
  "gateFrameMs",
  "gateSendMs",
  "callMs",
  "skuTakeMs",
  "skuNoticeMs",
  "hopRttMs",
  "commitLatencyMs",
  "takesPerBatchMax",
  "holdRows",
  "noticeKept",
  "acksAgain",
  "settleWidth",
  "doorLooksAgain",
];

export interface Variation {
  readonly name: ParameterName;
  readonly value: number;
  readonly result: ScaleResult;
}

export function vary(
  p: Parameters,
  seed: number,
  onRun: (name: ParameterName, value: number) => void,
): Variation[] {
  return KNOBS.flatMap((name) =>
    valuesOf(name, p[name]).map((value) => {
      onRun(name, value);
      return { name, value, result: simulate({ p: { ...p, [name]: value }, seed }) };
    }),
  );
}

function valuesOf(name: ParameterName, value: number): number[] {
  if (DEFINITIONS[name].unit === "flag") return [1 - value];
  // There is no half of one thing at a time.
  if (DEFINITIONS[name].unit === "calls" && value === 1) return [4, 16];
  return Number.isInteger(value) && value > 1
    ? [Math.round(value / 2), value * 2]
    : [value / 2, value * 2];
}

export function sensitivityTable(base: ScaleResult, variations: readonly Variation[]): string {
  const row = (title: string, result: ScaleResult): string => {
    const cell = (of: (one: ScaleResult) => number, show: (value: number) => string): string => {
      const value = of(result);
      const isMoved = Math.abs(value / of(base) - 1) > 0.1;
      return isMoved ? `**${show(value)}**` : show(value);
    };
    const cells = [
      cell((one) => one.verdicts.p50Ms, duration),
      cell((one) => one.verdicts.p99Ms, duration),
      cell((one) => one.granted.p99Ms, duration),
      cell((one) => one.lastPostAtMs, duration),
      cell(
        (one) => one.bill.dollars,
        (dollars) => `$${dollars.toFixed(2)}`,
      ),
    ];
    return `| ${title} | ${cells.join(" | ")} |`;
  };
  return [
    "| vary | p50 | p99 | p99 of grants | every grant posted | bill |",
    "|---|---:|---:|---:|---:|---:|",
    row("as it is", base),
    ...variations.map(({ name, value, result }) => row(`\`${name}\` ${value}`, result)),
  ].join("\n");
}
