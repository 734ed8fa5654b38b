/** Medians over the rounds, line by line, and what the project promised of them. */
import { median } from "../load/stats.ts";
import type { Note } from "../load/scenario.ts";
import {
  LINES,
  SCENARIOS,
  type Comparison,
  type Line,
  type Summary,
} from "../scenarios/registry.ts";
import type { Measurement } from "./measurement.ts";

export interface LineSummary extends Summary {
  readonly line: Line;
  readonly p90Ms: number;
  readonly p999Ms: number;
  readonly maxMs: number;
  readonly generatorCpu: number | null;
  readonly serverCpu: number | null;
  readonly notes: readonly Note[];
  /** Null where nothing was promised. */
  readonly isMet: boolean | null;
  readonly measurements: readonly Measurement[];
}

export interface ComparisonSummary {
  readonly comparison: Comparison;
  readonly ratio: number;
  readonly isMet: boolean | null;
}

const known = (figures: readonly (number | null)[]): number =>
  median(figures.filter((figure): figure is number => figure !== null));
const orNull = (figure: number): number | null => (Number.isNaN(figure) ? null : figure);

/** In the order of the registry, without the lines that were not measured. */
export function summarize(measurements: readonly Measurement[]): LineSummary[] {
  return LINES.flatMap((line) => {
    const own = measurements.filter(({ name }) => name === line.name);
    if (own.length === 0) return [];
    const of = (pick: (one: Measurement) => number | null): number => known(own.map(pick));
    const summary = {
      perSecond: of((one) => one.perSecond),
      ratio: of((one) => one.ratio),
      p50Ms: of((one) => one.p50Ms),
      p90Ms: of((one) => one.p90Ms),
      p99Ms: of((one) => one.p99Ms),
      p999Ms: of((one) => one.p999Ms),
      maxMs: of((one) => one.maxMs),
      generatorCpu: orNull(of((one) => one.generatorCpu)),
      serverCpu: orNull(of((one) => one.serverCpu)),
    };
    const isMet = line.wanted ? line.wanted.isMet(summary) : null;
    return [{ line, ...summary, notes: notesOf(own), isMet, measurements: own }];
  });
}

function notesOf(measurements: readonly Measurement[]): Note[] {
  const first = measurements[0]?.notes ?? [];
  return first.map((note) => ({
    ...note,
    value: median(
      measurements.flatMap(({ notes }) =>
        notes.filter(({ name }) => name === note.name).map(({ value }) => value),
      ),
    ),
  }));
}

/** Ratios are taken within a round, then the median: what slows a whole round slows both sides of it. */
export function compare(
  measurements: readonly Measurement[],
  comparisons: readonly Comparison[] = SCENARIOS.flatMap((one) => one.comparisons ?? []),
): ComparisonSummary[] {
  return comparisons.flatMap((comparison) => {
    const ratios = measurements
      .filter(({ name }) => name === comparison.of)
      .flatMap((one) => {
        const other = measurements.find(
          ({ name, round }) => name === comparison.to && round === one.round,
        );
        return one.perSecond !== null && other?.perSecond ? [one.perSecond / other.perSecond] : [];
      });
    if (ratios.length === 0) return [];
    const ratio = median(ratios);
    return [{ comparison, ratio, isMet: comparison.wanted?.isMet(ratio) ?? null }];
  });
}

export const isMetText = (isMet: boolean | null): string =>
  isMet === null ? "—" : isMet ? "yes" : "no";

/** A figure with its unit, with as many digits as say something. */
export function noteText({ value, unit, atMost }: Note): string {
  if (!Number.isFinite(value)) return "—";
  const digits = Math.abs(value) >= 100 || Number.isInteger(value) ? 0 : 1;
  const figure = value.toLocaleString("en-US", {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  const text = unit === "" ? figure : `${figure} ${unit}`;
  if (atMost === undefined) return text;
  return `${text} (wanted ≤ ${atMost} ${unit}, met: ${isMetText(value <= atMost)})`;
}
