/** `npm run scale`: a sale on paper that computes. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { parseArgs } from "node:util";
import { endWith, optionsOf } from "../../worker/local/options.ts";
import { ANSWERS, writeAnswer } from "./answers.ts";
import { compare, comparisonTable, isMeasured } from "./calibrate.ts";
import { defaults, isParameter, NAMES, DEFINITIONS, type Parameters } from "./parameters.ts";
import { duration, parameterTable, toMarkdown } from "./report.ts";
import { sensitivityTable, vary } from "./sensitivity.ts";
import { simulate } from "./simulate.ts";

const HELP = `npm run scale -- [options]

Computes what a flash sale does on Cloudflare's network, event by event: members tap, doors collect, the Sku decides in
batches, Accounts post and void, projectors write to D1. Nothing is called; it runs on paper. Says latencies, who got what,
objects, messages, rows, queues and the bill. The same options and seed give the same figures. One million members take
about ten seconds and half a gigabyte.

The sale
  --members N     members who tap, for each SKU (default 100000)
  --arrival T     from T0 until everybody has tapped: 2s, 500ms (default 2s)
  --units N       units of each SKU (default 10000)
  --skus N        sales that open in the same moment (default 1)
  --doors N       Gate objects of a sale (default 4)
  --buckets N     Account objects (default 1024)
  --http          everybody redeems by one HTTP call instead of ticket and door
  --set name=N    any other parameter, as often as needed; --parameters lists them with units and sources

What to print
  --json FILE     the result as JSON, "-" for stdout
  --md FILE       the tables as Markdown (default stdout)
  --sensitivity   run the sale again with each knob halved and doubled, and show what moves
  --calibrate F   instead: predict what the bench result F (JSON of npm run bench) measured, and show the error
  --parameters    instead: list every parameter
  --docs          instead: compute every table of docs/scale.md again; some minutes
  --seed N        default 1
  --help          this text
`;

const OPTIONS = {
  members: { type: "string" },
  arrival: { type: "string" },
  units: { type: "string" },
  skus: { type: "string" },
  doors: { type: "string" },
  buckets: { type: "string" },
  http: { type: "boolean", default: false },
  set: { type: "string", multiple: true, default: [] as string[] },
  json: { type: "string" },
  md: { type: "string" },
  sensitivity: { type: "boolean", default: false },
  calibrate: { type: "string" },
  parameters: { type: "boolean", default: false },
  docs: { type: "boolean", default: false },
  seed: { type: "string", default: "1" },
  help: { type: "boolean", default: false },
} as const;

const SAYS_WHAT_THERE_IS = "npm run scale -- --help";
const DOCUMENT = join(import.meta.dirname, "../../docs/scale.md");
const SIZE_MAX = 12_000_000;
const say = (text: string): void => void process.stderr.write(`${text}\n`);

class Unusable extends Error {}

function figureOf(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value) || value < 0)
    throw new Unusable(`${name} takes a figure, not "${text}"`);
  return value;
}

function millisecondsOf(text: string): number {
  const match = /^([\d.]+)(ms|s|min)$/.exec(text);
  if (!match) throw new Unusable(`a time is written 2s, 500ms or 10min, not "${text}"`);
  const units = { ms: 1, s: 1_000, min: 60_000 } as const;
  return Number(match[1]) * units[match[2] as keyof typeof units];
}

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>["values"];

function readParameters(values: Values): Parameters {
  const p: Record<keyof Parameters, number> = { ...defaults() };
  for (const name of ["members", "units", "skus", "doors", "buckets"] as const) {
    const text = values[name];
    if (text !== undefined) p[name] = figureOf(`--${name}`, text);
  }
  if (values.arrival !== undefined) p.arrivalMs = millisecondsOf(values.arrival);
  if (values.http) p.doorShare = 0;
  for (const pair of values.set) {
    const [name = "", text = ""] = pair.split("=", 2);
    if (!isParameter(name)) throw new Unusable(`no parameter "${name}"; --parameters lists them`);
    p[name] = figureOf(name, text);
  }
  for (const name of [
    "members",
    "skus",
    "doors",
    "buckets",
    "projectors",
    "workerIsolates",
  ] as const)
    if (!Number.isInteger(p[name]) || p[name] < 1)
      throw new Unusable(`${name} is a whole number from 1 on`);
  if (p.members * p.skus > SIZE_MAX) throw new Unusable(`members × SKUs go up to ${SIZE_MAX}`);
  return p;
}

function write(path: string | undefined, text: string): void {
  if (path === undefined || path === "-") {
    process.stdout.write(text);
    return;
  }
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  say(`written: ${path}`);
}

function calibrate(path: string, seed: number): number {
  const measured: unknown = JSON.parse(readFileSync(path, "utf8"));
  if (!isMeasured(measured)) throw new Unusable(`${path} is no result of npm run bench`);
  process.stdout.write(`${comparisonTable(compare(measured, seed))}\n`);
  return 0;
}

function writeDocument(): number {
  let text = readFileSync(DOCUMENT, "utf8");
  for (const [name, { make }] of Object.entries(ANSWERS)) {
    say(`${name} …`);
    text = writeAnswer(text, name, make(say));
  }
  writeFileSync(DOCUMENT, text);
  say(`written: ${DOCUMENT}`);
  return 0;
}

function main(): number {
  const { values } = optionsOf(SAYS_WHAT_THERE_IS, { options: OPTIONS });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  if (values.parameters) {
    process.stdout.write(`${parameterTable()}\n`);
    return 0;
  }
  if (values.docs) return writeDocument();
  const seed = figureOf("--seed", values.seed);
  if (values.calibrate !== undefined) return calibrate(values.calibrate, seed);
  const p = readParameters(values);
  const changed = NAMES.filter((name) => p[name] !== DEFINITIONS[name].value);
  say(
    `computing ${p.members * p.skus} taps (${changed.map((name) => `${name} ${p[name]}`).join(", ")}) …`,
  );
  const result = simulate({ p, seed });
  say(`computed in ${duration(result.computedInMs)}`);
  if (values.json !== undefined) write(values.json, `${JSON.stringify(result, null, 1)}\n`);
  let text = toMarkdown(result);
  if (values.sensitivity) {
    const variations = vary(p, seed, (name, value) => say(`  ${name} ${value} …`));
    text += `\n${sensitivityTable(result, variations)}\n`;
  }
  if (values.json !== "-") write(values.md, text);
  return 0;
}

try {
  process.exitCode = main();
} catch (error) {
  if (error instanceof Unusable)
    endWith(`${error.message}\n${SAYS_WHAT_THERE_IS} says what there is`);
  say(`scale failed: ${String(error)}`);
  process.exitCode = 1;
}
