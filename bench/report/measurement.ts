/** One scenario in one round, in figures. */
import { percentile } from "../load/stats.ts";
import type { Figures, Note, Series } from "../load/scenario.ts";
import type { Point } from "../load/timeline.ts";

export interface Measurement {
  readonly round: number;
  readonly name: string;
  /** Null where a rate says nothing. */
  readonly perSecond: number | null;
  /** To the hello-world of the same round. */
  readonly ratio: number | null;
  readonly count: number;
  readonly p50Ms: number;
  readonly p90Ms: number;
  readonly p99Ms: number;
  readonly p999Ms: number;
  readonly maxMs: number;
  /** Cores; null where the system does not say. */
  readonly generatorCpu: number | null;
  readonly serverCpu: number | null;
  /** Share of all latencies, and the milliseconds it does not exceed. */
  readonly latency: readonly Point[];
  readonly notes: readonly Note[];
  readonly series: readonly Series[];
}

/** Evenly spaced where the eye looks: every percentile chart is stretched towards its end. */
const SHARES: readonly number[] = [
  ...Array.from({ length: 18 }, (_, at) => at * 0.05),
  ...[0.9, 0.925, 0.95, 0.965, 0.98, 0.985, 0.99, 0.9925, 0.995, 0.9975],
  ...[0.999, 0.9995, 0.9999, 0.99999, 1],
];

const finite = (figure: number): number | null => (Number.isFinite(figure) ? figure : null);
/** Figures for people; more digits would only fill the files. */
const rounded = (figure: number): number => Number(figure.toPrecision(5));

export function measure(round: number, figures: Figures, hello: number): Measurement {
  const { name, perSecond, histogram } = figures;
  const sorted = Float64Array.from(figures.latenciesMs).sort();
  const at = (share: number): number =>
    histogram ? histogram.percentile(share) : percentileOfSorted(sorted, share);
  const count = histogram ? histogram.count : sorted.length;
  const isMeasure = name === "hello" || name === "fsync";
  return {
    round,
    name,
    perSecond: finite(perSecond),
    ratio: isMeasure ? null : finite(perSecond / hello),
    count,
    p50Ms: at(0.5),
    p90Ms: at(0.9),
    p99Ms: at(0.99),
    p999Ms: at(0.999),
    maxMs: at(1),
    generatorCpu: finite(figures.generatorCpu),
    serverCpu: finite(figures.serverCpu),
    latency: SHARES.filter((share) => share === 1 || (1 - share) * count >= 1).map(
      (share): Point => [share, rounded(at(share))],
    ),
    notes: figures.notes ?? [],
    series: (figures.series ?? []).map((one) => ({
      ...one,
      points: one.points.map(([x, y]): Point => [rounded(x), rounded(y)]),
    })),
  };
}

function percentileOfSorted(sorted: Float64Array, share: number): number {
  if (share <= 0) return sorted[0] ?? Number.NaN;
  // Sorted again at no cost: what `percentile` means is written once.
  return percentile(sorted, share);
}

export function cores(share: number | null): string {
  return share === null ? "?" : `${Math.round(share * 100)} %`;
}

/** As many digits as a person compares. */
export function ms(figure: number): string {
  return Number.isFinite(figure) ? figure.toFixed(figure < 10 ? 2 : 1) : "—";
}

/** One line of progress. */
export function toText(one: Measurement): string {
  const rate = one.perSecond === null ? "" : `${Math.round(one.perSecond)}/s`;
  const ratio = one.ratio === null ? "" : ` = ${one.ratio.toFixed(2)} h`;
  const parts = [
    `${rate}${ratio}`,
    `p50 ${ms(one.p50Ms)} ms`,
    `p99 ${ms(one.p99Ms)} ms`,
    `generator ${cores(one.generatorCpu)}`,
    `server ${cores(one.serverCpu)}`,
  ];
  return `${one.name.padEnd(12)} ${parts.filter((part) => part !== "").join(", ")}`;
}
