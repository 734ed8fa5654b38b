/** A run in figures: medians over the rounds, each beside the hello-world of its own round. */
import type { AuditRow } from "./api.ts";
import type { Machine } from "./machine.ts";
import type { Figures } from "./scenario.ts";
import { median, percentile } from "./stats.ts";

/** One scenario in one round. */
export interface Measurement {
  readonly round: number;
  readonly name: string;
  readonly perSecond: number;
  /** Against the hello-world of the same round. */
  readonly ratio: number | null;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly generatorCpu: number;
  readonly serverCpu: number;
}

export interface Run {
  readonly command: string;
  readonly startedAt: string;
  readonly machine: Machine;
  readonly measurements: readonly Measurement[];
  readonly audit: readonly AuditRow[];
}

interface Line {
  readonly name: string;
  readonly title: string;
  /** What the project promises for it. */
  readonly wanted: string;
  readonly isMet: (summary: Summary) => boolean;
}

interface Summary {
  readonly perSecond: number;
  readonly ratio: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly generatorCpu: number;
  readonly serverCpu: number;
}

const LINES: readonly Line[] = [
  { name: "hello", title: "hello-world of the runtime (h)", wanted: "—", isMet: () => true },
  {
    name: "door",
    title: "door: takes on one SKU, all at T0",
    wanted: "≥ 1.2 h",
    isMet: (s) => s.ratio >= 1.2,
  },
  {
    name: "http",
    title: "HTTP: one-call redemption",
    wanted: "≥ 0.25 h",
    isMet: (s) => s.ratio >= 0.25,
  },
  {
    name: "soldout",
    title: "HTTP: refusal after sold-out",
    wanted: "≥ 0.5 h",
    isMet: (s) => s.ratio >= 0.5,
  },
  {
    name: "calm",
    title: "door: tap to verdict, one at a time",
    wanted: "p99 ≤ 100 ms",
    isMet: (s) => s.p99Ms <= 100,
  },
];

export function measure(round: number, figures: Figures, hello: number | null): Measurement {
  const { name, perSecond, latenciesMs, generatorCpu, serverCpu } = figures;
  return {
    round,
    name,
    perSecond,
    ratio: hello === null ? null : perSecond / hello,
    p50Ms: percentile(latenciesMs, 0.5),
    p99Ms: percentile(latenciesMs, 0.99),
    generatorCpu,
    serverCpu,
  };
}

function summaryOf(measurements: readonly Measurement[], name: string): Summary | null {
  const own = measurements.filter((one) => one.name === name);
  if (own.length === 0) return null;
  const of = (pick: (one: Measurement) => number): number => median(own.map(pick));
  return {
    perSecond: of((one) => one.perSecond),
    ratio: of((one) => one.ratio ?? Number.NaN),
    p50Ms: of((one) => one.p50Ms),
    p99Ms: of((one) => one.p99Ms),
    generatorCpu: of((one) => one.generatorCpu),
    serverCpu: of((one) => one.serverCpu),
  };
}

export function toMarkdown(run: Run): string {
  const { machine, measurements } = run;
  const rounds = Math.max(...measurements.map((one) => one.round));
  const rows = LINES.flatMap((line) => {
    const summary = summaryOf(measurements, line.name);
    return summary ? [tableRow(line, summary)] : [];
  });
  return [
    `# Bench \`${run.command}\` · ${run.startedAt}`,
    "",
    `Medians of ${rounds} alternated rounds. Ratios are taken within a round, then the median. Closed loop over loopback; the generator`,
    "shares the machine with the server. CPU is in cores, one core = 100 %.",
    "",
    "| scenario | per second | ratio to h | p50 ms | p99 ms | generator CPU | server CPU | wanted | met |",
    "|---|---:|---:|---:|---:|---:|---:|---|---|",
    ...rows,
    "",
    `Machine: ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GB, ${machine.system}. Node ${machine.node}, ` +
      `workerd ${machine.workerd}, wrangler ${machine.wrangler}, Miniflare ${machine.miniflare}.`,
    "",
    `Audit after the run: ${run.audit.length} rows, all ok, nothing in flight.`,
    "",
  ].join("\n");
}

function tableRow(line: Line, summary: Summary): string {
  const { perSecond, ratio, p50Ms, p99Ms, generatorCpu, serverCpu } = summary;
  const isRate = line.name !== "calm";
  const cells = [
    line.title,
    isRate ? String(Math.round(perSecond)) : "—",
    isRate && line.name !== "hello" ? ratio.toFixed(2) : "—",
    p50Ms.toFixed(1),
    p99Ms.toFixed(1),
    share(generatorCpu),
    share(serverCpu),
    line.wanted,
    line.isMet(summary) ? "yes" : "no",
  ];
  return `| ${cells.join(" | ")} |`;
}

function share(cores: number): string {
  return Number.isNaN(cores) ? "?" : `${Math.round(cores * 100)} %`;
}

/** One line of progress. */
export function toText(one: Measurement): string {
  const ratio = one.ratio === null ? "" : ` = ${one.ratio.toFixed(2)} h`;
  return (
    `${one.name.padEnd(8)} ${Math.round(one.perSecond)}/s${ratio}, p50 ${one.p50Ms.toFixed(1)} ms, p99 ${one.p99Ms.toFixed(1)} ms, ` +
    `generator ${share(one.generatorCpu)}, server ${share(one.serverCpu)}`
  );
}
