/** A run as Markdown. */
import type { Latencies, ScaleResult } from "./outcome.ts";
import { CLASSES } from "./world.ts";
import { DEFINITIONS, GROUPS, NAMES, type ParameterName } from "./parameters.ts";

export function toMarkdown(result: ScaleResult): string {
  const { parameters: p } = result;
  return [
    `# ${count(p.members)} members × ${p.skus} SKU in ${seconds(p.arrivalMs)} on ${count(p.units)} units: ${p.doors} doors a sale, ${count(p.buckets)} buckets`,
    "",
    ...latencyTable(result),
    "",
    ...outcomeTable(result),
    "",
    ...objectTable(result),
    "",
    ...billTable(result),
    "",
    ...changedParameters(result),
    "",
  ].join("\n");
}

function latencyTable({ verdicts, granted, refused, tickets }: ScaleResult): string[] {
  const row = (title: string, one: Latencies): string =>
    `| ${title} | ${count(one.count)} | ${[one.p50Ms, one.p90Ms, one.p99Ms, one.p999Ms, one.maxMs].map(duration).join(" | ")} |`;
  return [
    "| at the member's screen | members | p50 | p90 | p99 | p99.9 | last |",
    "|---|---:|---:|---:|---:|---:|---:|",
    row("tap to verdict", verdicts),
    row("… granted", granted),
    row("… refused", refused),
    row("ticket, before T0", tickets),
  ];
}

function outcomeTable(result: ScaleResult): string[] {
  const { outcomes, soldOutAtMs, lastVerdictAtMs, lastPostAtMs, d1LagMaxMs, overloads } = result;
  const lines: [string, string][] = [
    ...Object.entries(outcomes).map(([name, members]): [string, string] => [name, count(members)]),
    ["sold out after", soldOutAtMs === null ? "not" : duration(soldOutAtMs)],
    ["last verdict after", duration(lastVerdictAtMs)],
    ["every grant posted after", duration(lastPostAtMs)],
    ["D1 behind by, at most", duration(d1LagMaxMs)],
    ["calls turned away as overloaded", count(overloads)],
  ];
  return ["| | |", "|---|---:|", ...lines.map(([name, value]) => `| ${name} | ${value} |`)];
}

function objectTable(result: ScaleResult): string[] {
  const { objects, requests, waitPeakMs, messagesIn, messagesOut } = result;
  const rows = CLASSES.map(
    (one) =>
      `| ${one} | ${one === "Worker" ? "as needed" : count(objects[one])} | ${count(requests[one])} | ${one === "Worker" ? "—" : duration(waitPeakMs[one])} |`,
  );
  return [
    "| | objects | requests | longest wait for a turn |",
    "|---|---:|---:|---:|",
    ...rows,
    "",
    `Messages in ${count(messagesIn)}, out ${count(messagesOut)}; sockets of one door up to ${count(result.socketsOfADoorPeak)}, ` +
      `grabs waiting at one door up to ${count(result.grabsWaitingPeak)}, notices made ${count(result.notices)}.`,
  ];
}

function billTable({ bill }: ScaleResult): string[] {
  return [
    "| the bill, beyond what the plan includes | quantity | |",
    "|---|---:|---:|",
    ...bill.lines.map(
      ({ title, quantity, dollars }) =>
        `| ${title} | ${count(quantity)} | $${dollars.toFixed(2)} |`,
    ),
    `| **together** | | **$${bill.dollars.toFixed(2)}** |`,
  ];
}

function changedParameters({ parameters, seed, computedInMs }: ScaleResult): string[] {
  const changed = NAMES.filter((name) => parameters[name] !== DEFINITIONS[name].value);
  const texts = changed.map((name) => `${name} ${parameters[name]}`);
  return [
    `Seed ${seed}. Not at their defaults: ${texts.length > 0 ? texts.join(", ") : "none"}.` +
      (computedInMs > 0 ? ` Computed in ${duration(computedInMs)}.` : ""),
  ];
}

/** Every parameter with its source. */
export function parameterTable(): string {
  const row = (name: ParameterName): string => {
    const { unit, value, local, about, source } = DEFINITIONS[name];
    const link = source.replaceAll(/https:[^\s,;)]+/g, (url) => `<${url}>`);
    return `| \`${name}\` | ${unit} | ${value} | ${local ?? "same"} | ${about} | ${link} |`;
  };
  return [
    "| parameter | unit | edge | one machine | what | source |",
    "|---|---|---:|---:|---|---|",
    ...Object.values(GROUPS).flatMap((group) => (Object.keys(group) as ParameterName[]).map(row)),
  ].join("\n");
}

export const count = (value: number): string => Math.round(value).toLocaleString("en-US");

export function duration(ms: number): string {
  if (Number.isNaN(ms)) return "—";
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

const seconds = (ms: number): string => `${ms / 1_000} s`;
