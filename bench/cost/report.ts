/** Counted figures as Markdown. */
import {
  isD1,
  linesOf,
  rowsPerOperation,
  rowsWritten,
  usageOf,
  type Counted,
  type Line,
} from "./counted.ts";
import { billOf, PRICES, PRICES_READ_AT, scaled, type Usage } from "./prices.ts";

const MILLION = 1_000_000;

export function toMarkdown(all: readonly Counted[]): string {
  return [
    "## Counted, for one operation",
    "",
    ...summary(all),
    "",
    "Rows are what the runtime's own counter says (index entries and deletes among them), and one for each alarm set.",
    "Duration is an estimate: the time calls were in flight on this machine, and a quarter of a second after each.",
    "",
    "## Rows written for one operation, by table",
    "",
    ...byTable(all),
    "",
    "## Calls and messages for one operation",
    "",
    ...byCall(all),
    "",
    `## The bill of a million, at public prices read ${PRICES_READ_AT}`,
    "",
    ...bills(all),
    "",
    "Beyond what a plan includes; plan, storage and the sweep by cron are apart.",
    "",
    ...PRICES.map((one) => `- ${one.title}: $${one.dollars} per ${one.perText}, <${one.source}>`),
    "",
  ].join("\n");
}

function summary(all: readonly Counted[]): string[] {
  const cells = (usage: Usage): string =>
    [
      usage.objectRowsWritten,
      usage.d1RowsWritten,
      usage.objectRowsRead,
      usage.workerRequests,
      usage.objectRequests,
      usage.objectGbSeconds,
    ]
      .map(figure)
      .join(" | ");
  return [
    "| operation | counted | rows written in objects | in D1 | rows read | Worker requests | object requests | GB-s, about |",
    "|---|---:|---:|---:|---:|---:|---:|---:|",
    ...all.map(
      (one) =>
        `| ${one.title} | ${one.operations} | ${cells(scaled(usageOf(one), 1 / one.operations))} |`,
    ),
  ];
}

function byTable(all: readonly Counted[]): string[] {
  return crossTable(all, "table", (one) => rowsWritten(one.figures), [
    "**in objects**",
    rowsPerOperation,
  ]);
}

function byCall(all: readonly Counted[]): string[] {
  return crossTable(all, "call", ({ figures }) => [
    ...linesOf(figures, "request"),
    ...linesOf(figures, "call"),
    ...linesOf(figures, "alarm").map((line) => ({ ...line, what: "(alarm fired)" })),
    ...linesOf(figures, "messageIn").map((line) => ({ ...line, what: "(message in)" })),
  ]);
}

/** Lines of all phases down, phases across. */
function crossTable(
  all: readonly Counted[],
  head: string,
  read: (one: Counted) => readonly Line[],
  sum?: readonly [title: string, of: (one: Counted) => number],
): string[] {
  const rows = new Map<string, number[]>();
  all.forEach((one, at) => {
    for (const line of read(one)) {
      const title = `${line.owner} ${line.what}`;
      const row = rows.get(title) ?? all.map(() => 0);
      row[at] = line.count / one.operations;
      rows.set(title, row);
    }
  });
  const weight = (row: readonly number[]): number => row.reduce((most, one) => most + one, 0);
  const isMirror = (title: string): boolean =>
    isD1({ owner: "D1", what: "", count: 0 }) && title.startsWith("D1 ");
  const sorted = [...rows].sort(
    ([a, left], [b, right]) =>
      Number(isMirror(a)) - Number(isMirror(b)) || weight(right) - weight(left),
  );
  const shown = sorted.filter(([, row]) => row.some((one) => one >= 0.005));
  return [
    `| ${head} | ${all.map((one) => one.title).join(" | ")} |`,
    `|---|${all.map(() => "---:").join("|")}|`,
    ...shown.map(([title, row]) => `| ${title} | ${row.map(figure).join(" | ")} |`),
    ...(sum ? [`| ${sum[0]} | ${all.map((one) => figure(sum[1](one))).join(" | ")} |`] : []),
  ];
}

function bills(all: readonly Counted[]): string[] {
  const each = all.map((one) => billOf(scaled(usageOf(one), MILLION / one.operations)));
  const rows = PRICES.map(
    (one, at) =>
      `| ${one.title} | ${each.map((bill) => dollars(bill.lines[at]?.dollars ?? 0)).join(" | ")} |`,
  );
  return [
    `| a million of | ${all.map((one) => one.title).join(" | ")} |`,
    `|---|${all.map(() => "---:").join("|")}|`,
    ...rows,
    `| **together** | ${each.map((bill) => `**${dollars(bill.dollars)}**`).join(" | ")} |`,
  ];
}

function figure(value: number): string {
  if (value === 0) return "—";
  return value >= 100 ? String(Math.round(value)) : value.toFixed(value < 0.1 ? 4 : 2);
}

const dollars = (value: number): string => `$${value.toFixed(2)}`;
