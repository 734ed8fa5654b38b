/** `npm run crash`: kills the running product under load, again and again, and checks what is left. */
import { join, relative } from "node:path";
import { endWith, optionsOf } from "../../worker/local/options.ts";
import { buildCrashWorker } from "../../worker/local/build.ts";
import { commit } from "../load/machine.ts";
import { FAILPOINTS } from "./failpoints.ts";
import { FULL, SHORT } from "./plan.ts";
import type { RoundRow } from "./round.ts";
import { runFsyncProof } from "./fsync.ts";
import { runCrashRounds } from "./rounds.ts";
import { load, replayOf, save, tell, totalsOf, type RunKey, type SavedRow } from "./summary.ts";

const ROOT = join(import.meta.dirname, "../..");
const SAYS_WHAT_THERE_IS = "npm run crash -- --help";
const SUMMARY = join(ROOT, "bench/results/crash.json");

const HELP = `npm run crash -- [options]

Builds the product with its failpoints left in, and starts it on a free loopback port with temporary data. Each round
opens a fresh sale, sends a crowd through doors and HTTP, restocks, cancels, grants points, and lets the product die one
to three times: at a named place in its own code, or by SIGKILL at a random moment; some restarts die once more, lose D1
or their alarms, or come up with another clock. Half of the clients give up at the first error; the others repeat their
order id until the answer is definite. Ten seconds after the last restart at most, everything must add up.
A row tells: kills; units on the shelf, wanted, sold, left; orders cancelled; members who gave up; requests repeated;
orders whose member never heard a definite word; seconds from the last restart until no hold waited, and until nothing
at all was under way.

Options
  --rounds N        up to 100000 (default 5); some four seconds each on a quiet machine of two cores
  --lanes N         products side by side, each with data of its own, 1 to 8 (default 1)
  --seed N          plan of the first round; each round prints its own (default: the clock)
  --resume          go on from ${relative(ROOT, SUMMARY)} until it has N rounds
  --minutes M       end after the round that is under way then
  --patience S      seconds instead of ten; a machine that does much else besides needs more
  --failpoint NAME  die at this place only; --failpoint list prints them
  --short           small rounds, as in the tests
  --out FILE        another summary than ${relative(ROOT, SUMMARY)}
  --fsync           instead: a short load under strace, and whether each acknowledged answer was on the disk before
  --verbose         also print what the product logs, and what happened in each round
  --help            this text

A row per round goes to stdout, everything to the summary, which is whole after every round; Ctrl+C ends after the
round. Exit 1 and the name of the invariant on a breach. The plan of a round follows from its seed; which request a death
meets does not.
`;
const ROUNDS_MAX = 100_000;
const LANES_MAX = 8;
const HEAD =
  "round       seed kills  stock demand   sold   left cancelled gaveUp retries  doubt holds s quiet s  took s";

function show(row: RoundRow): void {
  const cells = [
    String(row.round).padStart(5),
    String(row.seed).padStart(10),
    String(row.kills).padStart(5),
    String(row.stock).padStart(6),
    String(row.demand).padStart(6),
    String(row.sold).padStart(6),
    String(row.left).padStart(6),
    String(row.cancelled).padStart(9),
    String(row.gaveUp).padStart(6),
    String(row.retries).padStart(7),
    String(row.inDoubt).padStart(6),
    (row.holdsMs / 1_000).toFixed(1).padStart(7),
    (row.quietMs / 1_000).toFixed(1).padStart(7),
    (row.tookMs / 1_000).toFixed(1).padStart(7),
    row.breaches.length === 0 ? "ok" : "BREACH",
  ];
  console.log(cells.join(" "));
}

function readOptions() {
  const { values } = optionsOf(SAYS_WHAT_THERE_IS, {
    options: {
      rounds: { type: "string", default: "5" },
      seed: { type: "string", default: String(Math.floor(Date.now() / 1_000) % 1_000_000_000) },
      minutes: { type: "string", default: "100000" },
      lanes: { type: "string", default: "1" },
      patience: { type: "string", default: "10" },
      failpoint: { type: "string" },
      out: { type: "string", default: SUMMARY },
      resume: { type: "boolean", default: false },
      short: { type: "boolean", default: false },
      fsync: { type: "boolean", default: false },
      verbose: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  return values;
}

type Options = ReturnType<typeof readOptions>;

function complaintOf({
  rounds,
  seed,
  minutes,
  failpoint,
  lanes,
  patience,
}: Options): string | null {
  const isWhole = (text: string): boolean => Number.isInteger(Number(text));
  if (!isWhole(rounds) || Number(rounds) < 1 || Number(rounds) > ROUNDS_MAX)
    return `--rounds takes 1 to ${ROUNDS_MAX}`;
  if (!isWhole(seed)) return "--seed takes a whole number";
  if (!isWhole(lanes) || Number(lanes) < 1 || Number(lanes) > LANES_MAX)
    return `--lanes takes 1 to ${LANES_MAX}`;
  if (!(Number(patience) > 0)) return "--patience takes a number of seconds";
  if (!(Number(minutes) > 0)) return "--minutes takes a number";
  const isKnown = failpoint === undefined || FAILPOINTS.some(({ place }) => place === failpoint);
  return isKnown ? null : `--failpoint ${failpoint} is none: --failpoint list`;
}

async function main(): Promise<number> {
  const options = readOptions();
  if (options.help || options.failpoint === "list") {
    console.log(options.help ? HELP : FAILPOINTS.map(({ place }) => place).join("\n"));
    return 0;
  }
  const complaint = complaintOf(options);
  if (complaint !== null) endWith(`${complaint}\n${SAYS_WHAT_THERE_IS} says what there is`);
  if (options.fsync) return runFsyncProof((line) => console.log(line));
  buildCrashWorker();
  return run(options);
}

async function run(options: Options): Promise<number> {
  const before = options.resume ? load(options.out) : null;
  const key: RunKey = before?.key ?? {
    // Rounds count from 1, so that `--seed S --rounds 1` repeats the plan of a round that printed S.
    seed: Number(options.seed) - 1,
    isShort: options.short,
    only: options.failpoint ?? null,
  };
  const rows: SavedRow[] = [...(before?.rows ?? [])];
  const build = commit();
  if (before) console.log(`going on after ${rows.length} rounds`);
  const endsAtMs = performance.now() + Number(options.minutes) * 60_000;
  let isStopped = false;
  process.once("SIGINT", () => {
    isStopped = true;
    console.error("ends after this round; once more ends at once");
    process.once("SIGINT", () => process.exit(130));
  });
  console.log(HEAD);
  const { breaches, dataDir } = await runCrashRounds({
    rounds: Number(options.rounds),
    done: new Set(rows.map(({ round }) => round)),
    lanes: Number(options.lanes),
    seed: key.seed,
    only: key.only,
    pace: key.isShort ? SHORT : FULL,
    patienceMs: Number(options.patience) * 1_000,
    goesOn: () => !isStopped && performance.now() < endsAtMs,
    onLog: (line) => void (options.verbose && console.error(line)),
    onRound: (row) => {
      show(row);
      if (options.verbose) console.log(`      ${row.events.join("; ")}`);
      rows.push({ ...row, commit: build });
      rows.sort((left, right) => left.round - right.round);
      save(options.out, key, rows);
    },
  });
  for (const breach of breaches) console.error(`BREACH ${breach}`);
  const last = rows.find((row) => row.breaches.length > 0) ?? rows.at(-1);
  if (breaches.length > 0 && last) {
    // A hold that outlives its sale is found after the last round, and told with it.
    rows[rows.indexOf(last)] = { ...last, breaches };
    save(options.out, key, rows);
    console.error(`replay: ${replayOf(key, last)}\ndata: ${dataDir}`);
  }
  const totals = totalsOf(key, rows);
  console.log(`${tell(totals)}\nsummary: ${relative(process.cwd(), options.out)}`);
  if (breaches.length === 0 && totals.breaches.length === 0) console.log("no breach");
  return breaches.length + totals.breaches.length === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`crash failed: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
