/** `npm run simulate -- --seeds N`: many simulated lives of a sale, each from its seed, each checked. */
import { availableParallelism } from "node:os";
import { endWith, optionsOf } from "../../worker/local/options.ts";
import { WALKS_SHARE } from "./cash/plan.ts";
import { FAULTS, FAULT_NAMES, parseFaults } from "./faults.ts";
import { findMutant } from "./mutants.ts";
import { runLives, runMutants } from "./runs.ts";

const SEEDS_MAX = 10_000_000;
const THREADS_MAX = 64;
/** Fewer are done before a second thread has loaded the product. */
const LIVES_TO_SHARE = 60;
const HELP = `npm run simulate -- [options]

Lives of a sale on a simulated platform: the product's own Worker and object classes run in this process, on virtual
time, a simulated network, and SQLite in memory. Each life follows from its seed alone. Its plan has a few members or
a few hundred, who hold tickets, grab at doors, redeem by HTTP, exchange, cancel and give up; staff restocks, pauses,
closes; and faults strike everywhere. Invariants are checked during the life and, when everything has come to rest,
row by row over all objects, D1 and what people were told.

Options
  --seeds N      lives to run (default 1000; with --seed alone 1)
  --seed S       first seed (default 1)
  --threads N    share the lives among N threads (default: one a core); the lives are the same for any N
  --minutes M    stop after M minutes, whatever is left of the seeds
  --faults F     which faults may strike:  none | all | name,name=0.2 (only these) | all,name=0 (all but these)
  --walks W      share of the small lives whose orders cost money and are walked to their end (default ${WALKS_SHARE})
  --mutants      instead: drop each rule of the protocol by itself and show that its invariant notices
  --mutant ID    run the lives with this rule dropped (a failure is then what is wanted)
  --trace        print the whole story of each life
  --json         print one JSON object at the end instead of words
  --help         this text

Exit 1 when an invariant broke; the story of that life and the command that replays it are printed then. A run of
2000 lives or more with all faults also fails when some kind of fault never struck, because then it proved little.

Faults, and the chance of each where it may strike (each life mixes them anew: some never, some often)
${FAULT_NAMES.map((name) => `  ${name.padEnd(20)} ${String(FAULTS[name].chance).padEnd(7)} ${FAULTS[name].says}`).join("\n")}
`;

function wholeOf(text: string, low: number, high: number): number | null {
  const value = Number(text);
  return Number.isInteger(value) && value >= low && value <= high ? value : null;
}

const SAYS_WHAT_THERE_IS = "npm run simulate -- --help";

const fail = (message: string): never =>
  endWith(`${message}\n${SAYS_WHAT_THERE_IS} says what there is`);

async function main(): Promise<number> {
  const { values } = optionsOf(SAYS_WHAT_THERE_IS, {
    options: {
      seeds: { type: "string" },
      seed: { type: "string" },
      minutes: { type: "string" },
      threads: { type: "string" },
      faults: { type: "string", default: "all" },
      mutants: { type: "boolean", default: false },
      mutant: { type: "string" },
      walks: { type: "string" },
      trace: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const seed = wholeOf(values.seed ?? "1", 0, 1_000_000_000);
  const seeds = wholeOf(values.seeds ?? (values.seed === undefined ? "1000" : "1"), 1, SEEDS_MAX);
  const minutes = values.minutes === undefined ? null : Number(values.minutes);
  if (seed === null) return fail("--seed takes a whole number");
  if (seeds === null) return fail(`--seeds takes 1 to ${SEEDS_MAX}`);
  if (minutes !== null && !(minutes > 0)) return fail("--minutes takes a number above 0");
  const threads = wholeOf(values.threads ?? String(availableParallelism()), 1, THREADS_MAX);
  if (threads === null) return fail(`--threads takes 1 to ${THREADS_MAX}`);
  const mutant = values.mutant === undefined ? null : findMutant(values.mutant);
  if (mutant === undefined)
    return fail(`no mutant is called ${values.mutant}; --mutants lists them`);
  const faults = parseFaults(values.faults);
  if (typeof faults === "string") return fail(faults);
  const walks = Number(values.walks ?? WALKS_SHARE);
  if (!(walks >= 0 && walks <= 1)) return fail("--walks takes a share from 0 to 1");
  if (values.mutants) return runMutants(threads, values.json);
  return runLives({
    seeds,
    seed,
    threads: seeds >= LIVES_TO_SHARE && !values.trace ? threads : 1,
    minutes,
    faults: values.faults,
    mutant: mutant?.id ?? null,
    walks: values.walks === undefined ? (mutant?.walks ?? WALKS_SHARE) : walks,
    isTraced: values.trace,
    isJson: values.json,
  });
}

try {
  process.exitCode = await main();
} catch (error) {
  process.exitCode = crashed(error);
}

function crashed(error: unknown): number {
  const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`the simulator failed: ${told}\n`);
  return 1;
}
