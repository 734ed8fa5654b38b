/** `npm run model`: walks through every order of events of the redemption protocol, within named bounds. */
import { optionsOf } from "../../worker/local/options.ts";
import { CONFIGURATIONS, configuration, isWide, type Bounds } from "./bounds.ts";
import { judge, mutantNamed, type Budget, type Verdict } from "./judge.ts";
import { MUTANTS, type Mutant } from "./mutants.ts";
import { AS_BUILT, describeChange, rulesWith, type RuleChange } from "./rules.ts";
import { search, searchTwice } from "./search.ts";
import { showBounds, showTrace } from "./show.ts";
import { mutantTable } from "./table.ts";
import { walk } from "./walk.ts";

const HELP = `npm run model -- [options]

Checks the redemption protocol (docs/protocol.md) by trying every order of events: each message late, doubled, reordered or
lost; crashes at every commit; alarms, outboxes, waves, restocks and the close at any moment. The decisions are those of the
product (worker/redemption, worker/accounts); the network, the commits and the caches are the checker's.

A configuration (K1, Kqty …) bounds the world: members, orders, units, waves, crashes. A search visits every state within it
and looks at the invariants I1 to I10 in each, and again after everything has come to rest from there. Wide configurations
(W1 …) have too many states; seeded walks go through them. A hole (H), a mutant (M, P, X, S) is one rule dropped or
bent, and the invariant that must notice.

Without options: all configurations under the fixed rules and as the product is built, then all holes and mutants.

  --config K1,K2    only these configurations; --list names all
  --mutant M3,H17   these holes and mutants, each in its own configuration or in those of --config, with the shortest trace
  --rules NAME      "bare": nothing is answered from frozen epochs; "built": as the product runs; default both
  --seconds N       for each search, 1 to 86400 (default 20); what is not finished then says so and is no proof
  --states N        for each search, in millions, 1 to 200 (default 12; a million takes 100 to 300 MB)
  --seed N          first seed of the walks (default 1)
  --table           the table of docs/protocol.md, and nothing else
  --list            configurations, holes and mutants
  --help            this text

A line for each search goes to stdout, progress to stderr. Exit 1 when a fixed configuration breaks, when a mutant outlives
its invariant, or is caught by another one.
`;
const WALK_STEPS_MAX = 160;
const MILLION = 1_000_000;

interface Options {
  readonly configurations: readonly Bounds[];
  readonly mutants: readonly Mutant[];
  readonly ruleSets: readonly (readonly [string, RuleChange])[];
  readonly seconds: number;
  readonly statesMax: number;
  readonly seed: number;
  readonly isAll: boolean;
  readonly hasConfigurations: boolean;
}

const RULE_SETS: readonly (readonly [string, RuleChange])[] = [
  ["bare", {}],
  ["built", AS_BUILT],
];

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const isTerminal = process.stderr.isTTY;
let lastProgressAtMs = 0;

/** One line that is written over, at most twice a second; nothing where nobody looks. */
function progress(text: string): void {
  const nowMs = performance.now();
  if (!isTerminal || nowMs - lastProgressAtMs < 500) return;
  lastProgressAtMs = nowMs;
  process.stderr.write(`\r${text}\u001B[K`);
}

function clearProgress(): void {
  if (isTerminal) process.stderr.write("\r\u001B[K");
}

const count = (figure: number): string => figure.toLocaleString("en");

function budgetOf(options: Options, name: string): Budget {
  return {
    statesMax: options.statesMax,
    elapsedMsMax: options.seconds * 1_000,
    now: () => performance.now(),
    onProgress: ({ states, depth }) => progress(`${name}: ${count(states)} states, depth ${depth}`),
  };
}

// ---- fixed rules

function checkFixed(options: Options, bounds: Bounds, name: string, change: RuleChange): boolean {
  const title = `${bounds.name} ${name}`;
  if (isWide(bounds)) return walkFixed(options, bounds, title, change);
  const rules = rulesWith(change);
  const found = search(bounds, rules, { ...budgetOf(options, title), looksAtRest: true });
  clearProgress();
  const figures = `${count(found.states)} states, ${count(found.transitions)} transitions, depth ${found.depth}`;
  if (!found.broken) {
    say(
      `${title.padEnd(16)} ${found.isComplete ? "holds" : "holds so far, not finished"}: ${figures}`,
    );
    return true;
  }
  say(
    `${title.padEnd(16)} BROKEN: ${figures}\n${showBounds(found.world)}\n${showTrace(found.world, found.broken)}`,
  );
  return false;
}

function walkFixed(options: Options, bounds: Bounds, title: string, change: RuleChange): boolean {
  const found = walk(bounds, rulesWith(change), {
    firstSeed: options.seed,
    walksMax: MILLION,
    stepsMax: WALK_STEPS_MAX,
    elapsedMsMax: options.seconds * 1_000,
    now: () => performance.now(),
    onProgress: ({ walks, steps }) =>
      progress(`${title}: ${count(walks)} walks, ${count(steps)} steps`),
  });
  clearProgress();
  const figures = `${count(found.walks)} walks, ${count(found.steps)} steps`;
  if (!found.broken) {
    say(`${title.padEnd(16)} holds so far, by walks: ${figures}`);
    return true;
  }
  say(
    `${title.padEnd(16)} BROKEN by seed ${found.seed}: ${figures}\n${showBounds(found.world)}\n${showTrace(found.world, found.broken)}`,
  );
  return false;
}

// ---- mutants

function checkMutant(options: Options, mutant: Mutant, showsTrace: boolean): boolean {
  const verdict = judge(mutant, budgetOf(options, mutant.id));
  clearProgress();
  say(lineOf(verdict));
  if (showsTrace && verdict.search.broken) {
    say(`${mutant.what}; ${describeChange(mutant.change)}`);
    say(showBounds(verdict.search.world));
    say(showTrace(verdict.search.world, verdict.search.broken));
  }
  return verdict.isAsNamed && (verdict.search.broken === null || isMended(options, mutant));
}

/** With the rule back, the same bounds must hold. */
function isMended(options: Options, mutant: Mutant): boolean {
  const title = `${mutant.id} mended`;
  return checkFixed(options, configuration(mutant.configuration), title, mutant.mended);
}

/** A mutant in bounds that are not its own: whatever breaks is worth seeing. */
function tryMutant(options: Options, mutant: Mutant, bounds: Bounds): void {
  const rules = rulesWith(mutant.change);
  const found = searchTwice(bounds, rules, budgetOf(options, `${mutant.id} in ${bounds.name}`));
  clearProgress();
  say(`${mutant.id} in ${bounds.name}: ${mutant.what}; ${describeChange(mutant.change)}`);
  say(showBounds(found.world));
  if (found.broken) say(showTrace(found.world, found.broken));
  else
    say(
      `nothing is broken in ${count(found.states)} states${found.isComplete ? "" : ", not finished"}`,
    );
}

function lineOf({ mutant, search: found, isAsNamed }: Verdict): string {
  const { broken } = found;
  const head = `${mutant.id.padEnd(8)} ${mutant.configuration.padEnd(8)}`;
  const figures = `${count(found.states)} states`;
  if (broken) {
    const wrong = isAsNamed ? "" : `  NOT ${mutant.breaks ?? "safe"} AS NAMED`;
    return `${head} caught in ${broken.steps.length} steps: ${broken.message} (${figures})${wrong}`;
  }
  if (mutant.breaks === null)
    return `${head} ${isAsNamed ? "safe" : "safe so far, not finished"} (${figures})`;
  return `${head} OUTLIVED ${mutant.breaks}${found.isComplete ? "" : ", not finished"} (${figures})`;
}

// ---- options

function list(text: string | undefined): string[] {
  return (text ?? "").split(",").filter((name) => name !== "");
}

function whole(text: string, name: string, max: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > max)
    throw new RangeError(`--${name} takes a whole number from 1 to ${max}`);
  return value;
}

function showList(): void {
  for (const { name, orders } of CONFIGURATIONS.values())
    say(`${name.padEnd(10)} ${orders.length} orders`);
  for (const { id, what, breaks } of MUTANTS) say(`${id.padEnd(10)} ${what} (${breaks ?? "safe"})`);
}

type Values = Readonly<Record<"seconds" | "states" | "seed", string>> & {
  readonly config?: string;
  readonly mutant?: string;
  readonly rules?: string;
};

function readOptions(values: Values): Options {
  const configurations = list(values.config).map(configuration);
  const mutants = list(values.mutant).map(mutantNamed);
  const ruleSets = RULE_SETS.filter(
    ([name]) => values.rules === undefined || values.rules === name,
  );
  if (ruleSets.length === 0) throw new RangeError('--rules takes "bare" or "built"');
  return {
    configurations: configurations.length > 0 ? configurations : [...CONFIGURATIONS.values()],
    mutants: mutants.length > 0 ? mutants : MUTANTS,
    ruleSets,
    seconds: whole(values.seconds, "seconds", 86_400),
    statesMax: whole(values.states, "states", 200) * MILLION,
    seed: whole(values.seed, "seed", 2 ** 31),
    isAll: configurations.length === 0 && mutants.length === 0,
    hasConfigurations: configurations.length > 0,
  };
}

function run(options: Options): boolean {
  const hasMutants = options.mutants !== MUTANTS;
  if (hasMutants && options.hasConfigurations) {
    for (const mutant of options.mutants)
      for (const bounds of options.configurations) tryMutant(options, mutant, bounds);
    return true;
  }
  const results: boolean[] = [];
  if (!hasMutants)
    for (const bounds of options.configurations)
      for (const [name, change] of options.ruleSets)
        results.push(checkFixed(options, bounds, name, change));
  if (hasMutants || options.isAll)
    for (const mutant of options.mutants) results.push(checkMutant(options, mutant, hasMutants));
  const bad = results.filter((isGood) => !isGood).length;
  say(`${results.length - bad} as expected, ${bad} not`);
  return bad === 0;
}

function main(): number {
  const { values } = optionsOf("npm run model -- --help", {
    options: {
      config: { type: "string" },
      mutant: { type: "string" },
      rules: { type: "string" },
      seconds: { type: "string", default: "20" },
      states: { type: "string", default: "12" },
      seed: { type: "string", default: "1" },
      table: { type: "boolean", default: false },
      list: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    say(HELP);
    return 0;
  }
  if (values.list) {
    showList();
    return 0;
  }
  const options = readOptions(values);
  if (values.table) {
    say(mutantTable(MUTANTS.map((mutant) => judge(mutant, budgetOf(options, mutant.id)))));
    return 0;
  }
  return run(options) ? 0 : 1;
}

try {
  process.exitCode = main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
