/** The command line of the bench: which scenarios, with what settings. All of it comes from the registry. */
import { parseArgs } from "node:util";
import {
  describeParameter,
  isChoice,
  readValue,
  type NumberParameter,
  type Parameter,
} from "./scenarios/parameters.ts";
import { COMPARE, QUICK, SCENARIOS, type Scenario } from "./scenarios/registry.ts";

export interface Options {
  /** As they were named on the command line, for the name of the result. */
  readonly name: string;
  /** In the order of the registry. */
  readonly scenarios: readonly Scenario[];
  /** Given settings by parameter name; every chosen scenario takes those it has. */
  readonly given: ReadonlyMap<string, number | string>;
  readonly rounds: number;
  readonly members: number;
  readonly helloRequests: number;
  /** Folder of the results, or null for none. */
  readonly out: string | null;
  readonly isVerbose: boolean;
}

export type Reading =
  | { readonly kind: "run"; readonly options: Options }
  | { readonly kind: "help"; readonly text: string }
  | { readonly kind: "wrong"; readonly text: string };

const ROUNDS: NumberParameter = { name: "rounds", about: "rounds", fallback: 5, min: 1, max: 50 };
const MEMBERS: NumberParameter = {
  ...{ name: "members", about: "members who sign in and are given points", fallback: 5_000 },
  ...{ min: 2, max: 50_000 },
};
const HELLO_REQUESTS = 25_000;

/** Names that stand for no scenario of the registry. */
const HELLO = "hello";
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  quick: QUICK,
  compare: COMPARE,
  // Peers have to be installed first, so they are asked for by name.
  all: SCENARIOS.map(({ name }) => name).filter((name) => name !== "peers"),
};

/** One of each name; two scenarios may have a parameter of one name, with different defaults and bounds. */
function parameterNames(): string[] {
  return [...new Set(SCENARIOS.flatMap(({ parameters }) => parameters.map(({ name }) => name)))];
}

export function readOptions(args: readonly string[], resultsDir: string): Reading {
  const names = [ROUNDS.name, MEMBERS.name, ...parameterNames(), "out"];
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ...Object.fromEntries(names.map((name) => [name, { type: "string" as const }])),
        verbose: { type: "boolean" as const },
        help: { type: "boolean" as const },
      },
    });
  } catch (error) {
    return wrong([error instanceof Error ? error.message : String(error)]);
  }
  const values = parsed.values as Readonly<Record<string, string | boolean | undefined>>;
  const { positionals } = parsed;
  if (values["help"] === true || positionals.length === 0)
    return { kind: "help", text: helpText() };
  const errors = positionals
    .filter(
      (name) => name !== HELLO && !(name in GROUPS) && !SCENARIOS.some((one) => one.name === name),
    )
    .map((name) => `there is no scenario "${name}"`);
  if (errors.length > 0) return wrong(errors);
  const wanted = new Set(positionals.flatMap((name) => GROUPS[name] ?? [name]));
  const scenarios = SCENARIOS.filter(({ name }) => wanted.has(name));
  const given = new Map<string, number | string>();
  const common = new Map<string, number>();
  for (const parameter of [ROUNDS, MEMBERS]) {
    const text = values[parameter.name];
    const read = readValue(parameter, typeof text === "string" ? text : String(parameter.fallback));
    if ("error" in read) errors.push(read.error);
    else common.set(parameter.name, Number(read.value));
  }
  for (const name of parameterNames()) {
    const text = values[name];
    if (typeof text === "string") errors.push(...readFor(scenarios, name, text, given));
  }
  if (errors.length > 0) return wrong(errors);
  const out = typeof values["out"] === "string" ? values["out"] : resultsDir;
  return {
    kind: "run",
    options: {
      name: positionals.join("-"),
      scenarios,
      given,
      rounds: common.get("rounds") ?? ROUNDS.fallback,
      members: common.get("members") ?? MEMBERS.fallback,
      helloRequests: HELLO_REQUESTS,
      out: out === "-" ? null : out,
      isVerbose: values["verbose"] === true,
    },
  };
}

/** A setting must fit every chosen scenario that has it, and one of them must have it. */
function readFor(
  scenarios: readonly Scenario[],
  name: string,
  text: string,
  given: Map<string, number | string>,
): string[] {
  const takers = scenarios.filter(({ parameters }) => parameters.some((one) => one.name === name));
  if (takers.length === 0) {
    const all = SCENARIOS.filter(({ parameters }) => parameters.some((one) => one.name === name));
    return [
      `--${name} is for ${all.map((one) => one.name).join(", ")}, and none of them is chosen`,
    ];
  }
  const errors: string[] = [];
  for (const scenario of takers) {
    const parameter = scenario.parameters.find((one) => one.name === name) as Parameter;
    const read = readValue(parameter, text);
    if ("error" in read) errors.push(`${scenario.name}: ${read.error}`);
    else given.set(name, read.value);
  }
  return errors;
}

function wrong(errors: readonly string[]): Reading {
  const text = `${errors.join("\n")}\nnpm run bench -- --help says what there is\n`;
  return { kind: "wrong", text };
}

const COLUMN = 16;

function helpText(): string {
  const scenarios = SCENARIOS.flatMap((scenario) => [
    `  ${scenario.name.padEnd(COLUMN)}${scenario.about}`,
    ...scenario.parameters.map((parameter) => {
      const value = isChoice(parameter) ? "WORD" : "N";
      return `  ${" ".repeat(COLUMN)}  --${parameter.name} ${value}: ${describeParameter(parameter)}`;
    }),
  ]);
  return `${[
    "npm run bench -- <scenario…> [options]",
    "",
    "Measures the built product (npm run build) on this machine. It is started on a free loopback port with its data in a",
    "temporary directory, loaded by a process of its own, audited, and stopped. Nothing else is touched.",
    "",
    "Scenarios, and what can be set about each",
    ...scenarios,
    `  ${"quick".padEnd(COLUMN)}${QUICK.join(", ")}`,
    `  ${"compare".padEnd(COLUMN)}${COMPARE.join(", ")}: the product beside Redis and PostgreSQL`,
    `  ${"all".padEnd(COLUMN)}every one of them; half an hour and more`,
    `  ${HELLO.padEnd(COLUMN)}nothing but what is part of every run`,
    "",
    "Part of every round: the runtime's own hello-world through the same client, at both ends (the measure h), and the",
    "fsyncs a second of the disk. Part of every run: the audit. Every second round goes through the scenarios backwards.",
    "",
    "Options",
    `  --rounds N        ${describeParameter(ROUNDS)}; figures are medians`,
    `  --members N       ${describeParameter(MEMBERS)}`,
    "  --out DIR         where <timestamp>-<scenario>.json, .md and .html go (default bench/results; - writes none)",
    "  --verbose         also print what the product logs",
    "  --help            this text",
    "",
    "Progress goes to stderr, the Markdown table to stdout. A run whose invariants fail prints no throughput and exits 1;",
    "options that say nothing exit 2.",
  ].join("\n")}\n`;
}
