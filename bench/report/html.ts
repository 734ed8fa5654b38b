/** A run as one page that needs nothing else: tables, and charts drawn by `chart.ts`. */
import type { Series } from "../load/scenario.ts";
import type { Run } from "./outcome.ts";
import { chart, escapeHtml, type ChartOptions, type Curve } from "./chart.ts";
import { auditText, HOW_TO_READ, machineText, peersText, settingsText } from "./markdown.ts";
import { cores, ms, type Measurement } from "./measurement.ts";
import { PAGE_STYLE } from "./page-style.ts";
import { compare, isMetText, noteText, summarize, type LineSummary } from "./summary.ts";

export function toHtml(run: Run): string {
  const summaries = summarize(run.measurements);
  const comparisons = compare(run.measurements);
  const title = `Bench ${run.startedAt.slice(0, 10)}`;
  return [
    "<!doctype html>",
    '<html lang="en">',
    '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapeHtml(title)}</title><style>${PAGE_STYLE}</style></head>`,
    "<body><main>",
    `<h1>Bench</h1><p class="lead"><code>${escapeHtml(run.command)}</code> · ${escapeHtml(run.startedAt)}</p>`,
    `<p>Medians of ${run.rounds} alternated ${run.rounds === 1 ? "round" : "rounds"}. ${escapeHtml(HOW_TO_READ)}</p>`,
    table(summaries),
    ...comparisons.map(
      ({ comparison, ratio, isMet }) =>
        `<p>${escapeHtml(comparison.title)}: <strong>${ratio.toFixed(2)}</strong>` +
        `${comparison.wanted ? `, wanted ${escapeHtml(comparison.wanted.text)}: ${isMetText(isMet)}` : ""}</p>`,
    ),
    ...summaries.map(section),
    "<h2>Where and how</h2>",
    `<p>${escapeHtml(machineText(run))}</p>`,
    `<ul>${[...settingsText(run), ...peersText(run)]
      .map((text) => `<li>${escapeHtml(text)}</li>`)
      .join("")}</ul>`,
    `<p>${escapeHtml(auditText(run))}</p>`,
    "</main></body></html>",
    "",
  ].join("\n");
}

const HEADS = ["per second", "ratio to h", "p50 ms", "p99 ms", "generator CPU", "server CPU"];

function table(summaries: readonly LineSummary[]): string {
  const head = ["scenario", ...HEADS, "wanted", "met"].map((text) => `<th>${text}</th>`).join("");
  const rows = summaries.map((one) => {
    const { line, perSecond, ratio, isMet } = one;
    const isRate = line.counts !== null && !Number.isNaN(perSecond);
    const cells = [
      isRate ? Math.round(perSecond).toLocaleString("en-US") : "—",
      isRate && !Number.isNaN(ratio) ? ratio.toFixed(2) : "—",
      ms(one.p50Ms),
      ms(one.p99Ms),
      cores(one.generatorCpu),
      cores(one.serverCpu),
      line.wanted?.text ?? "—",
    ];
    const met = isMet === null ? "" : isMet ? "good" : "bad";
    return (
      `<tr><th scope="row"><a href="#${line.name}">${escapeHtml(line.title)}</a></th>` +
      cells.map((cell) => `<td>${escapeHtml(cell)}</td>`).join("") +
      `<td class="${met}">${isMetText(isMet)}</td></tr>`
    );
  });
  return `<div class="wide"><table><thead><tr>${head}</tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
}

function section(summary: LineSummary): string {
  const { line, measurements, notes } = summary;
  const charts = chartsOf(measurements, line.counts).flatMap((options) => {
    const svg = chart(options);
    return svg === null ? [] : [figure(options, svg)];
  });
  if (charts.length === 0) return "";
  const percentiles = (["p50Ms", "p90Ms", "p99Ms", "p999Ms", "maxMs"] as const)
    .map((key) => `${PERCENTILES[key]} ${ms(summary[key])} ms`)
    .join(" · ");
  const told = notes.map((note) => `${escapeHtml(note.name)} ${escapeHtml(noteText(note))}`);
  return [
    `<section id="${line.name}"><h2>${escapeHtml(line.title)}</h2>`,
    `<p>${[percentiles, ...told].join(" · ")}</p>`,
    `<div class="charts">${charts.join("")}</div></section>`,
  ].join("");
}

const PERCENTILES = { p50Ms: "p50", p90Ms: "p90", p99Ms: "p99", p999Ms: "p99.9", maxMs: "slowest" };

function figure(options: ChartOptions, svg: string): string {
  // A faint curve is the same figure in another round and has no entry of its own.
  const names = new Map<string, number>();
  for (const { name, colour, isFaint } of options.curves) if (!isFaint) names.set(name, colour);
  const legend =
    names.size < 2
      ? ""
      : `<span class="legend">${[...names]
          .map(([name, colour]) => `<i class="c${colour % 4}"></i>${escapeHtml(name)}`)
          .join(" ")}</span>`;
  return `<figure><figcaption>${escapeHtml(options.title)}${legend}</figcaption>${svg}</figure>`;
}

/** The round in the middle is drawn to be read, the others faintly behind it: how much they scatter. */
function middleOf(measurements: readonly Measurement[]): Measurement | undefined {
  const key = (one: Measurement): number => one.perSecond ?? one.p50Ms;
  return [...measurements].sort((a, b) => key(a) - key(b))[measurements.length >> 1];
}

function chartsOf(measurements: readonly Measurement[], counts: string | null): ChartOptions[] {
  const middle = middleOf(measurements);
  if (!middle) return [];
  const others = measurements.filter((one) => one !== middle);
  const latency = (one: Measurement, isFaint: boolean): Curve => {
    return { name: `round ${one.round}`, points: one.latency, colour: 0, isFaint };
  };
  const seconds = "seconds since the first of them";
  const over = (
    title: string,
    yTitle: string,
    kind: Series["chart"],
    isStepped = false,
  ): ChartOptions => ({
    ...{ title, xTitle: seconds, yTitle },
    curves: [
      ...others.flatMap((one) => curvesOf(one, kind, isStepped, true)),
      ...curvesOf(middle, kind, isStepped, false),
    ],
  });
  return [
    {
      ...{ title: "Latency by percentile", xTitle: "share of all", yTitle: "ms" },
      curves: [...others.map((one) => latency(one, true)), latency(middle, false)],
      isByPercentile: true,
      isLogarithmic: true,
    },
    over("Throughput over time", `${counts ?? "done"} / s`, "throughput"),
    over("Stock as a watching socket saw it", "units left", "stock", true),
    over("Processor", "% of a core", "cpu"),
    ...lagCharts(middle, seconds),
  ];
}

function curvesOf(
  one: Measurement,
  kind: Series["chart"],
  isStepped: boolean,
  isFaint: boolean,
): Curve[] {
  return one.series
    .filter((series) => series.chart === kind)
    .map(({ name, points }, colour) => ({ name, points, colour, isStepped, isFaint }));
}

/** Milliseconds and rows have axes of their own. */
function lagCharts(one: Measurement, xTitle: string): ChartOptions[] {
  return one.series
    .filter((series) => series.chart === "lag")
    .map(({ name, points }) => ({
      ...{ title: `D1 behind: ${name}`, xTitle, yTitle: name.endsWith(" ms") ? "ms" : "rows" },
      curves: [{ name, points, colour: 0 }],
    }));
}
