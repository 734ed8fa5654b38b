/** Many lives on many threads: sums, progress, the story of the first that broke, and the mutants. */
import { WALKS_SHARE } from "./cash/plan.ts";
import { Crewman, share } from "./crew.ts";
import type { Task } from "./crew-worker.ts";
import { FAULTS, FAULT_NAMES, LOOK_EVERY, noCounts } from "./faults.ts";
import type { MutantRow } from "./lives.ts";
import { MUTANTS, type Mutant } from "./mutants.ts";
import type { Life } from "./run.ts";

export interface RunOptions {
  readonly seeds: number;
  readonly seed: number;
  readonly threads: number;
  readonly minutes: number | null;
  readonly faults: string;
  readonly mutant: string | null;
  readonly walks: number;
  readonly isTraced: boolean;
  readonly isJson: boolean;
}

/** A run this large meets every fault. */
const LIVES_FOR_EVERY_FAULT = 2_000;
const LIVES_A_BLOCK = 20;
const PROGRESS_EVERY_MS = 2_000;
const STORY_LINES = 80;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

class Totals {
  lives = 0;
  granted = 0;
  refused = 0;
  turns = 0;
  readonly counts = noCounts();
  readonly #startMs = performance.now();
  readonly #cpu = process.cpuUsage();

  /** Of all threads. */
  get cpuSeconds(): number {
    const { user, system } = process.cpuUsage(this.#cpu);
    return (user + system) / 1e6;
  }

  get seconds(): number {
    return (performance.now() - this.#startMs) / 1_000;
  }

  get redemptions(): number {
    return this.granted + this.refused;
  }

  get perMinute(): number {
    return Math.round((this.redemptions / Math.max(this.seconds, 0.001)) * 60);
  }

  /** What one core does of it, also on a machine that has other work. */
  get perCpuMinute(): number {
    return Math.round((this.redemptions / Math.max(this.cpuSeconds, 0.001)) * 60);
  }

  get speed() {
    const { cpuSeconds, perCpuMinute, perMinute, seconds } = this;
    return { seconds, cpuSeconds, perMinute, perCpuMinute };
  }
}

export async function runLives(options: RunOptions): Promise<number> {
  const totals = new Totals();
  if (options.isTraced) return tellLives(options, totals);
  const { seed, seeds, threads, faults, mutant, walks } = options;
  const endSeconds = (options.minutes ?? Infinity) * 60;
  let given = 0;
  let brokenSeed: number | null = null;
  let toldSeconds = 0;
  const next = (): Extract<Task, { kind: "block" }> | null => {
    if (given >= seeds || brokenSeed !== null || totals.seconds > endSeconds) return null;
    const block = Math.min(LIVES_A_BLOCK, seeds - given);
    given += block;
    const from = seed + given - block;
    return { kind: "block", seed: from, seeds: block, faults, mutant, walks };
  };
  await share(threads, next, (sum) => {
    totals.lives += sum.lives;
    totals.granted += sum.granted;
    totals.refused += sum.refused;
    totals.turns += sum.turns;
    for (const name of FAULT_NAMES) totals.counts[name] += sum.counts[name];
    // Blocks are given in order, so no earlier one is left when all have ended.
    if (sum.brokenSeed !== null) brokenSeed = Math.min(sum.brokenSeed, brokenSeed ?? Infinity);
    if (options.isJson || totals.seconds - toldSeconds < PROGRESS_EVERY_MS / 1_000) return;
    toldSeconds = totals.seconds;
    const { lives, redemptions, perMinute } = totals;
    const progress = `${lives} of ${seeds} lives, ${redemptions} redemptions, ${perMinute} a minute`;
    process.stderr.write(`${progress}\n`);
  });
  // A story takes seconds that no redemption took.
  const { speed } = totals;
  const broken = brokenSeed === null ? null : await storyOf(brokenSeed, options);
  return report(options, totals, speed, broken);
}

/** Every life in words, one after the other. */
async function tellLives(options: RunOptions, totals: Totals): Promise<number> {
  let broken: Life | null = null;
  const crewman = new Crewman(true);
  for (let at = 0; at < options.seeds && broken === null; at += 1) {
    const seed = options.seed + at;
    const { faults, mutant, walks } = options;
    const lookEvery = LOOK_EVERY;
    const life = await crewman.do({ kind: "story", seed, faults, mutant, walks, lookEvery });
    totals.lives += 1;
    totals.granted += life.granted;
    totals.refused += life.refused;
    totals.turns += life.turns;
    for (const line of life.trace) say(line);
    if (life.breach) broken = life;
  }
  await crewman.leave();
  return report(options, totals, totals.speed, broken);
}

/** The same life again, watched after every commit, so that the breach shows at its earliest. */
async function storyOf(seed: number, options: RunOptions): Promise<Life> {
  const { faults, mutant, walks } = options;
  const watch = async (lookEvery: number): Promise<Life> => {
    const crewman = new Crewman(true);
    try {
      return await crewman.do({ kind: "story", seed, faults, mutant, walks, lookEvery });
    } finally {
      await crewman.leave();
    }
  };
  const closely = await watch(1);
  return closely.breach ? closely : watch(LOOK_EVERY);
}

function report(
  options: RunOptions,
  totals: Totals,
  speed: Totals["speed"],
  broken: Life | null,
): number {
  const isWhole = options.faults === "all" && totals.lives >= LIVES_FOR_EVERY_FAULT;
  const silent = isWhole ? FAULT_NAMES.filter((name) => totals.counts[name] === 0) : [];
  const { lives, granted, refused, turns, counts } = totals;
  const { threads } = options;
  if (options.isJson) {
    const breach = broken && { seed: broken.seed, ...broken.breach };
    const figures = { lives, granted, refused, turns, threads, ...speed };
    say(JSON.stringify({ ...figures, counts, silent, breach }));
    return broken || silent.length > 0 ? 1 : 0;
  }
  if (broken) tell(options, broken);
  const { seconds, perMinute, perCpuMinute } = speed;
  say(
    `${lives} lives, ${totals.redemptions} redemptions (${granted} granted, ${refused} refused), ${turns} turns in ${seconds.toFixed(1)} s: ${perMinute} redemptions a minute on ${threads} threads, ${perCpuMinute} a minute of processor time`,
  );
  say("faults that struck:");
  for (const name of FAULT_NAMES) {
    say(`  ${String(counts[name]).padStart(9)}  ${name.padEnd(20)} ${FAULTS[name].says}`);
  }
  for (const name of silent) say(`NEVER STRUCK: ${name}`);
  say(broken ? "an invariant broke" : "no invariant broke");
  return broken || silent.length > 0 ? 1 : 0;
}

function tell(options: RunOptions, life: Life): void {
  const { breach, seed, trace } = life;
  if (!options.isTraced) {
    const left = Math.max(0, trace.length - STORY_LINES);
    if (left > 0) say(`… ${left} earlier lines; --trace prints them`);
    for (const line of trace.slice(left)) say(line);
  }
  say(`BREACH ${breach?.invariant}: ${breach?.message}`);
  const faults = options.faults === "all" ? "" : ` --faults ${options.faults}`;
  const mutant = options.mutant === null ? "" : ` --mutant ${options.mutant}`;
  const walks = options.walks === WALKS_SHARE ? "" : ` --walks ${options.walks}`;
  say(`replay: npm run simulate -- --seed ${seed}${faults}${mutant}${walks} --trace`);
}

// ---- mutants

export async function runMutants(threads: number, isJson: boolean): Promise<number> {
  const rows = new Map<string, MutantRow>();
  const left = MUTANTS.map(({ id }) => id);
  const next = (): Extract<Task, { kind: "hunt" }> | null => {
    const mutant = left.shift();
    return mutant === undefined ? null : { kind: "hunt", mutant };
  };
  await share(threads, next, (row, { mutant }) => void rows.set(mutant, row));
  const ordered = MUTANTS.flatMap((mutant) => {
    const row = rows.get(mutant.id);
    return row ? [{ row, mutant }] : [];
  });
  if (isJson) say(JSON.stringify(ordered.map(({ row }) => row)));
  else for (const { row, mutant } of ordered) say(rowText(row, mutant));
  return ordered.every(({ row }) => row.isAsExpected) ? 0 : 1;
}

function rowText(row: MutantRow, mutant: Mutant): string {
  const fate =
    row.killedBy === null
      ? `survives ${row.lives} lives`
      : `killed by ${row.killedBy} in life ${row.lives}`;
  const others = row.before.length === 0 ? "" : `, noticed by ${row.before.join(" and ")} before`;
  const verdict = row.isAsExpected ? "ok  " : "FAIL";
  const because = mutant.why ? ` (by nature: ${mutant.why})` : "";
  return `${verdict} ${row.id.padEnd(5)} ${row.says}: ${fate}${others}${because}`;
}
