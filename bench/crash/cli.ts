/** `npm run crash -- --rounds N`: kills the running product under load, again and again, and checks what is left. */
import { parseArgs } from "node:util";
import type { RoundRow } from "./round.ts";
import { runCrashRounds } from "./rounds.ts";

const HELP = `npm run crash -- [options]

Starts the built product (npm run build) on a free loopback port with temporary data. Each round opens a fresh sale,
sends a crowd through doors and HTTP, restocks, cancels, and kills the product's whole process group with SIGKILL one
to three times at random moments. Half of the clients give up at the first error; the others repeat their order id
until the answer is definite. Ten seconds after the last restart at most, everything must add up.

Options
  --rounds N   1 to 1000 (default 5); about six seconds each
  --seed N     plan of the first round; each round prints its own (default: the clock)
  --verbose    also print what the product logs
  --help       this text

A row per round goes to stdout. Exit 1 and the name of the invariant on a breach. The plan of a round follows from its
seed; when exactly a kill hits does not.
`;
const ROUNDS_MAX = 1_000;
const HEAD =
  "round       seed kills  stock demand   sold   left cancelled gaveUp retries  quiet s   took s";

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
    (row.quietMs / 1_000).toFixed(1).padStart(8),
    (row.tookMs / 1_000).toFixed(1).padStart(8),
    row.breaches.length === 0 ? "ok" : "BREACH",
  ];
  console.log(cells.join(" "));
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      rounds: { type: "string", default: "5" },
      seed: { type: "string", default: String(Math.floor(Date.now() / 1_000) % 1_000_000_000) },
      verbose: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const rounds = Number(values.rounds);
  const seed = Number(values.seed);
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  if (!Number.isInteger(rounds) || rounds < 1 || rounds > ROUNDS_MAX || !Number.isInteger(seed)) {
    console.error(`--rounds takes 1 to ${ROUNDS_MAX}, --seed a whole number\n\n${HELP}`);
    return 2;
  }
  console.log(HEAD);
  const onLog = (line: string): void => void (values.verbose && console.error(line));
  // Rounds count from 1, so that `--seed S --rounds 1` repeats the plan of a round that printed S.
  const { breaches } = await runCrashRounds({ rounds, seed: seed - 1, onRound: show, onLog });
  for (const breach of breaches) console.error(`BREACH ${breach}`);
  if (breaches.length === 0) console.log(`${rounds} rounds, no breach`);
  return breaches.length === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`crash failed: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
