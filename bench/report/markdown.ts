/** A run as a Markdown table, for a terminal and for documents. */
import type { Run } from "./outcome.ts";
import { cores, ms } from "./measurement.ts";
import { compare, isMetText, noteText, summarize, type LineSummary } from "./summary.ts";

export const HOW_TO_READ = [
  "Ratios to h, the runtime's hello-world, are taken within a round, then the median. Load over loopback; its generator",
  "shares the machine with the server. CPU is in cores, one core = 100 %.",
].join("\n");

export function machineText({ machine }: Pick<Run, "machine">): string {
  const { cpu, cores: count, memoryGb, system, node, workerd, wrangler, miniflare } = machine;
  return (
    `Machine: ${cpu}, ${count} cores, ${memoryGb} GB, ${system}. Node ${node}, ` +
    `workerd ${workerd}, wrangler ${wrangler}, Miniflare ${miniflare}.`
  );
}

export function auditText({ audit }: Pick<Run, "audit">): string {
  const rows = audit.reduce((sum, one) => sum + one.rows, 0);
  return `Audit after the run: ${rows} rows, all ok, nothing in flight.`;
}

/** Versions, and every setting that is not the default; bench/peers/README.md says why, and what a peer does not do. */
export function peersText({ peers }: Pick<Run, "peers">): string[] {
  return peers.map(({ name, versions, settings }) => {
    const all = [
      ...Object.entries(versions).map(([what, version]) => `${what} ${version}`),
      ...settings.map((one) => `${one.name}=${one.value}`),
    ];
    return `${name}: ${all.join(", ")}`;
  });
}

export function settingsText({ settings }: Pick<Run, "settings">): string[] {
  return Object.entries(settings)
    .filter(([, values]) => Object.keys(values).length > 0)
    .map(([name, values]) => {
      const all = Object.entries(values).map(([key, value]) => `${key} ${value}`);
      return `${name}: ${all.join(", ")}`;
    });
}

export function toMarkdown(run: Run): string {
  const summaries = summarize(run.measurements);
  const comparisons = compare(run.measurements);
  const notes = summaries.filter((one) => one.notes.length > 0);
  return [
    `# Bench \`${run.command}\` · ${run.startedAt}`,
    "",
    `Medians of ${run.rounds} alternated ${run.rounds === 1 ? "round" : "rounds"}. ${HOW_TO_READ}`,
    "",
    "| scenario | per second | ratio to h | p50 ms | p99 ms | generator CPU | server CPU | wanted | met |",
    "|---|---:|---:|---:|---:|---:|---:|---|---|",
    ...summaries.map(tableRow),
    "",
    ...comparisons.map(({ comparison, ratio, isMet }) => {
      const wanted = comparison.wanted ? `, wanted ${comparison.wanted.text}` : "";
      return `- ${comparison.title}: ${ratio.toFixed(2)}${wanted}${isMet === null ? "" : `, met: ${isMetText(isMet)}`}`;
    }),
    ...notes.map(({ line, notes: figures }) => {
      const all = figures.map((note) => `${note.name} ${noteText(note)}`);
      return `- ${line.title}: ${all.join(", ")}`;
    }),
    ...(comparisons.length + notes.length > 0 ? [""] : []),
    machineText(run),
    "",
    ...settingsText(run).flatMap((text) => [`- ${text}`]),
    ...(settingsText(run).length > 0 ? [""] : []),
    ...peersText(run).map((text) => `- ${text}`),
    ...(run.peers.length > 0 ? [""] : []),
    auditText(run),
    "",
  ].join("\n");
}

function tableRow(summary: LineSummary): string {
  const { line, perSecond, ratio, p50Ms, p99Ms, generatorCpu, serverCpu, isMet } = summary;
  const cells = [
    line.title,
    line.counts === null || Number.isNaN(perSecond) ? "—" : String(Math.round(perSecond)),
    line.counts === null || Number.isNaN(ratio) ? "—" : ratio.toFixed(2),
    ms(p50Ms),
    ms(p99Ms),
    cores(generatorCpu),
    cores(serverCpu),
    line.wanted?.text ?? "—",
    isMetText(isMet),
  ];
  return `| ${cells.join(" | ")} |`;
}
