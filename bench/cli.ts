/** `npm run bench -- quick`: what the built product does on this machine, beside the runtime's own hello-world. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { inParallel, ProductApi, type AuditRow, type Member } from "./load/api.ts";
import { machine } from "./load/machine.ts";
import { startProduct, type Product } from "./load/product.ts";
import { measure, toMarkdown, toText, type Measurement } from "./load/report.ts";
import { auditBreaches, untilQuiet, type Figures, type Stage } from "./load/scenario.ts";
import { runCalm, runDoor } from "./load/scenario-door.ts";
import { runHello, runRedeem, runSoldOut } from "./load/scenario-http.ts";

const HELP = `npm run bench -- <scenario…> [options]

Measures the built product (npm run build) on this machine: it is started on a free loopback port with its data in a
temporary directory, loaded by this process, audited, and stopped. Nothing else is touched.

Scenarios
  quick     all of the below, in alternating order
  hello     the runtime's own hello-world through the same client: the measure h for everything else
  door      4,000 members with tickets wait at the door of one SKU and grab at T0; grants per second
  http      10,000 one-call redemptions (hold, take and post), fresh order ids
  soldout   20,000 refusals after sold-out, with session and body parsing, fresh order ids
  calm      200 grabs one at a time: tap to verdict

Options
  --rounds N   rounds, 1 to 50 (default 5); hello is measured at both ends of each
  --out DIR    where <timestamp>-<scenario>.json and .md go (default bench/results; "-" writes none)
  --verbose    also print what the product logs
  --help       this text

Progress goes to stderr, the Markdown table to stdout. A run whose invariants fail prints no throughput and exits 1.
`;

const SCENARIOS: Readonly<Record<string, (stage: Stage) => Promise<Figures>>> = {
  door: runDoor,
  http: runRedeem,
  soldout: runSoldOut,
  calm: runCalm,
};
const MEMBERS = 5_000;
const POINTS = 1_000_000;
const ROUNDS_MAX = 50;
const SETUP_WIDTH = 64;

interface Options {
  readonly name: string;
  readonly scenarios: readonly string[];
  readonly rounds: number;
  readonly out: string;
  readonly isVerbose: boolean;
}

const say = (text: string): void => void process.stderr.write(`${text}\n`);

function readOptions(): Options | string {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rounds: { type: "string", default: "5" },
      out: { type: "string", default: join(import.meta.dirname, "results") },
      verbose: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help || positionals.length === 0) return HELP;
  const unknown = positionals.find(
    (name) => name !== "quick" && name !== "hello" && !(name in SCENARIOS),
  );
  if (unknown !== undefined) return `unknown scenario "${unknown}"\n\n${HELP}`;
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1 || rounds > ROUNDS_MAX)
    return `--rounds takes 1 to ${ROUNDS_MAX}\n`;
  const isQuick = positionals.includes("quick");
  const scenarios = Object.keys(SCENARIOS).filter((name) => isQuick || positionals.includes(name));
  return {
    name: positionals.join("-"),
    scenarios,
    rounds,
    out: values.out,
    isVerbose: values.verbose,
  };
}

async function enrol(api: ProductApi): Promise<Member[]> {
  const ids = Array.from({ length: MEMBERS }, (_, at) => `bench-${at}`);
  const members = await inParallel(ids, SETUP_WIDTH, (id) => api.login(id));
  await inParallel(members, SETUP_WIDTH, ({ memberId }) => api.grant(memberId, POINTS, "bench"));
  return members;
}

interface Outcome {
  readonly measurements: readonly Measurement[];
  readonly audit: readonly AuditRow[];
  readonly breaches: readonly string[];
}

async function runRounds(product: Product, api: ProductApi, options: Options): Promise<Outcome> {
  say(`${MEMBERS} members sign in and are granted points …`);
  const members = await enrol(api);
  const runId = Math.random().toString(36).slice(2, 8);
  const measurements: Measurement[] = [];
  const breaches: string[] = [];
  for (let round = 1; round <= options.rounds; round += 1) {
    say(`round ${round} of ${options.rounds}`);
    const results = await runRound({ product, api, members, runId, round }, options.scenarios);
    breaches.push(...results.flatMap((figures) => figures.breaches));
    const hellos = results
      .filter((figures) => figures.name === "hello")
      .map((figures) => figures.perSecond);
    const hello = hellos.reduce((sum, one) => sum + one, 0) / hellos.length;
    for (const figures of results) {
      const one = measure(round, figures, figures.name === "hello" ? null : hello);
      measurements.push(one);
      // A figure of a run that broke a promise is worth nothing, so it is not shown either.
      if (breaches.length === 0) say(`  ${toText(one)}`);
    }
  }
  say("audit …");
  const shallow = await untilQuiet(api);
  const audit = [...shallow.rows, ...(await api.deepAudit())];
  return { measurements, audit, breaches: [...breaches, ...auditBreaches(audit)] };
}

/** Hello-world at both ends, the scenarios in between, every second round the other way about. */
async function runRound(stage: Stage, scenarios: readonly string[]): Promise<Figures[]> {
  const order = stage.round % 2 === 1 ? [...scenarios] : [...scenarios].reverse();
  const results: Figures[] = [];
  for (const name of ["hello", ...order, "hello"]) {
    // What the last scenario left to settle is not charged to the next one.
    await untilQuiet(stage.api);
    results.push(await (SCENARIOS[name] ?? runHello)(stage));
  }
  return results;
}

function save(options: Options, run: object, markdown: string, startedAt: string): void {
  if (options.out === "-") return;
  mkdirSync(options.out, { recursive: true });
  const stem = join(options.out, `${startedAt.replace(/[:.]/g, "-")}-${options.name}`);
  writeFileSync(`${stem}.json`, `${JSON.stringify(run, null, 1)}\n`);
  writeFileSync(`${stem}.md`, markdown);
  say(`written: ${stem}.md and .json`);
}

async function main(): Promise<number> {
  const options = readOptions();
  if (typeof options === "string") {
    process.stdout.write(options);
    return options === HELP ? 0 : 2;
  }
  const startedAt = new Date().toISOString();
  const dataDir = mkdtempSync(join(tmpdir(), "qiangdui-bench-"));
  let product: Product | null = null;
  let api: ProductApi | null = null;
  try {
    say("starting the product and hello-world …");
    product = await startProduct({
      dataDir,
      withHello: true,
      onLog: (line) => options.isVerbose && say(line),
    });
    api = new ProductApi(product.origin);
    const { measurements, audit, breaches } = await runRounds(product, api, options);
    if (breaches.length > 0) {
      say(
        `\nINVARIANTS FAILED, so there are no figures:\n${breaches.map((breach) => `  ${breach}`).join("\n")}`,
      );
      return 1;
    }
    const command = `npm run bench -- ${process.argv.slice(2).join(" ")}`;
    const run = { command, startedAt, machine: machine(), measurements, audit };
    const markdown = toMarkdown(run);
    process.stdout.write(markdown);
    save(options, run, markdown, startedAt);
    return 0;
  } finally {
    api?.close();
    await product?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  say(`bench failed: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
