/** The tables of docs/scale.md: computed, never typed. `npm run scale -- --docs` writes them again. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { compare, comparisonTable, isMeasured } from "./calibrate.ts";
import type { ScaleResult } from "./outcome.ts";
import { defaults, type Parameters } from "./parameters.ts";
import { count, duration, parameterTable, toMarkdown } from "./report.ts";
import { sensitivityTable, vary } from "./sensitivity.ts";
import { simulate } from "./simulate.ts";

const SEED = 1;
/** The product as the model found it, before four things were changed for what it showed. */
const BEFORE = { noticeKept: 0, doorLooksAgain: 0, acksAgain: 1, settleWidth: 1 } as const;
const MILLION = { members: 1_000_000, units: 10_000, arrivalMs: 2_000 } as const;
/** A run that no parameter was fitted to. */
const MEASURED = join(import.meta.dirname, "../results/published/2026-11-22-compare.json");
const MANY = { members: 100_000, units: 10_000, arrivalMs: 2_000, doors: 16 } as const;

/** `quick` ones are computed by the tests too. */
export const ANSWERS: Readonly<Record<string, { isQuick: boolean; make: (say: Say) => string }>> = {
  small: {
    isQuick: true,
    make: () => whole({ members: 2_000, units: 100, doors: 2, buckets: 16 }),
  },
  million: {
    isQuick: false,
    make: (say) =>
      summary(say, [
        ["4 doors, as configured", { ...MILLION, doors: 4 }],
        ["64 doors", { ...MILLION, doors: 64 }],
        ["256 doors", { ...MILLION, doors: 256 }],
        ["1,024 doors", { ...MILLION, doors: 1_024 }],
        ["64 doors, before the four changes", { ...MILLION, doors: 64, ...BEFORE }],
        ["256 doors, before the four changes", { ...MILLION, doors: 256, ...BEFORE }],
        ["512 doors, before the four changes", { ...MILLION, doors: 512, ...BEFORE }],
      ]),
  },
  skus: {
    isQuick: false,
    make: (say) =>
      summary(say, [
        ["1 SKU", { ...MANY }],
        ["10 SKUs", { ...MANY, skus: 10 }],
        ["10 SKUs, before the four changes", { ...MANY, skus: 10, ...BEFORE }],
      ]),
  },
  hundred: {
    isQuick: false,
    make: (say) => {
      say("  100 SKUs …");
      return whole({ ...MANY, skus: 100 });
    },
  },
  calibration: {
    isQuick: true,
    make: () => {
      const measured: unknown = JSON.parse(readFileSync(MEASURED, "utf8"));
      if (!isMeasured(measured)) throw new Error(`${MEASURED} is no result of npm run bench`);
      return comparisonTable(compare(measured, SEED));
    },
  },
  sensitivity: {
    isQuick: false,
    make: (say) => {
      const p = { ...defaults(), members: 100_000, units: 10_000, doors: 64 };
      const variations = vary(p, SEED, (name, value) => say(`  ${name} ${value} …`));
      return sensitivityTable(simulate({ p, seed: SEED }), variations);
    },
  },
  parameters: { isQuick: true, make: () => parameterTable() },
};

type Say = (text: string) => void;

/** One sale with everything the tool prints of it. What computing it took is no figure of the sale. */
function whole(changed: Partial<Parameters>): string {
  const result = simulate({ p: { ...defaults(), ...changed }, seed: SEED });
  return toMarkdown({ ...result, computedInMs: 0 })
    .replace(/^# /, "### ")
    .trimEnd();
}

function summary(
  say: Say,
  cases: readonly (readonly [title: string, changed: Partial<Parameters>])[],
): string {
  const row = (title: string, one: ScaleResult): string => {
    const objects = one.objects.Gate + one.objects.Sku + one.objects.Account;
    const noRoom = one.outcomes["no room at the door"] ?? 0;
    const cells = [
      duration(one.granted.p99Ms),
      duration(one.verdicts.p50Ms),
      duration(one.verdicts.p99Ms),
      one.soldOutAtMs === null ? "not" : duration(one.soldOutAtMs),
      duration(one.lastPostAtMs),
      duration(one.waitPeakMs.Gate),
      duration(one.waitPeakMs.Sku),
      count(noRoom),
      count(one.overloads),
      count(objects),
      `$${one.bill.dollars.toFixed(2)}`,
    ];
    return `| ${title} | ${cells.join(" | ")} |`;
  };
  return [
    "| | grants p99 | verdicts p50 | p99 | sold out | all posted | wait at a door | at the Sku | no room | overloaded calls | objects | bill |",
    "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
    ...cases.map(([title, changed]) => {
      say(`  ${title} …`);
      return row(title, simulate({ p: { ...defaults(), ...changed }, seed: SEED }));
    }),
  ].join("\n");
}

const beginOf = (name: string): string => `<!-- computed: ${name} -->`;
const END = "<!-- end -->";

/** What a document has between the marks of an answer. Null: no such marks. */
export function readAnswer(text: string, name: string): string | null {
  const from = text.indexOf(beginOf(name));
  if (from < 0) return null;
  const to = text.indexOf(END, from);
  return to < 0 ? null : text.slice(from + beginOf(name).length, to).trim();
}

export function writeAnswer(text: string, name: string, answer: string): string {
  const from = text.indexOf(beginOf(name));
  const to = text.indexOf(END, from);
  if (from < 0 || to < 0) return text;
  return `${text.slice(0, from)}${beginOf(name)}\n\n${answer}\n\n${text.slice(to)}`;
}
