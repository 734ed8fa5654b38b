/** Many lives: counts, progress, the story of the first that broke, and the mutants. */
import type { CliOptions } from "./cli.ts";
import { FAULTS, FAULT_NAMES, noCounts, parseFaults, type Chances, type Counts } from "./faults.ts";
import { findMutant, MUTANTS, platformOf, withMutant, type Mutant } from "./mutants.ts";
import { live, type Life } from "./run.ts";

/** A run this large meets every fault. */
const LIVES_FOR_EVERY_FAULT = 2_000;
const PROGRESS_EVERY_MS = 2_000;
const STORY_LINES = 80;
const LOOK_EVERY = 12;
/** A mutant that outlives this many lives is not caught. */
const MUTANT_LIVES_MAX = 600;
/** As many lives show that a mutant survives by nature. */
const SURVIVOR_LIVES = 40;

export interface Totals {
  lives: number;
  granted: number;
  refused: number;
  turns: number;
  readonly counts: Counts;
}

function cpuSeconds(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1e6;
}

function add(totals: Totals, life: Life): void {
  totals.lives += 1;
  totals.granted += life.granted;
  totals.refused += life.refused;
  totals.turns += life.turns;
}

function perMinute(totals: Totals, seconds: number): number {
  return Math.round(((totals.granted + totals.refused) / Math.max(seconds, 0.001)) * 60);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

export async function runLives(options: CliOptions): Promise<number> {
  const mutant = options.mutant === null ? undefined : findMutant(options.mutant);
  if (options.mutant !== null && !mutant) {
    process.stderr.write(`no mutant is called ${options.mutant}; --mutants lists them\n`);
    return 2;
  }
  const chances = parseFaults(options.faults) as Chances;
  const totals: Totals = { lives: 0, granted: 0, refused: 0, turns: 0, counts: noCounts() };
  const cpu = process.cpuUsage();
  const startMs = performance.now();
  const endMs = options.minutes === null ? Infinity : startMs + options.minutes * 60_000;
  let broken: Life | null = null;
  let toldMs = startMs;
  await withMutant(mutant, async () => {
    for (let at = 0; at < options.seeds && !broken && performance.now() < endMs; at += 1) {
      const life = await liveOnce(
        options.seed + at,
        chances,
        mutant,
        totals.counts,
        options.isTraced,
      );
      add(totals, life);
      if (options.isTraced) for (const line of life.trace) say(line);
      if (life.breach) broken = options.isTraced ? life : await storyOf(life, chances, mutant);
      if (!options.isJson && performance.now() - toldMs > PROGRESS_EVERY_MS) {
        toldMs = performance.now();
        progress(options, totals, cpuSeconds(cpu));
      }
    }
  });
  return report(options, totals, cpuSeconds(cpu), broken);
}

function liveOnce(
  seed: number,
  chances: Chances,
  mutant: Mutant | undefined,
  counts: Counts,
  isTraced: boolean,
): Promise<Life> {
  return live({ seed, chances, law: platformOf(mutant), counts, lookEvery: LOOK_EVERY, isTraced });
}

/** The same life again, watched after every commit: the breach shows at its earliest. */
async function storyOf(life: Life, chances: Chances, mutant: Mutant | undefined): Promise<Life> {
  const law = platformOf(mutant);
  const { seed } = life;
  const again = await live({
    seed,
    chances,
    law,
    counts: noCounts(),
    lookEvery: 1,
    isTraced: true,
  });
  return again.breach ? again : liveOnce(seed, chances, mutant, noCounts(), true);
}

function progress(options: CliOptions, totals: Totals, seconds: number): void {
  const { lives, granted, refused } = totals;
  process.stderr.write(
    `${lives} of ${options.seeds} lives, ${granted + refused} redemptions, ${perMinute(totals, seconds)} a CPU minute\n`,
  );
}

export function report(
  options: CliOptions,
  totals: Totals,
  seconds: number,
  broken: Life | null,
  rate = "CPU s: {} redemptions a minute on one core",
): number {
  const isWhole = options.faults === "all" && totals.lives >= LIVES_FOR_EVERY_FAULT;
  const silent = isWhole ? FAULT_NAMES.filter((name) => totals.counts[name] === 0) : [];
  const { lives, granted, refused, turns, counts } = totals;
  if (options.isJson) {
    const breach = broken && { seed: broken.seed, ...broken.breach };
    const figures = { lives, granted, refused, turns, cpuSeconds: seconds, counts, silent, breach };
    say(JSON.stringify(figures));
    return broken || silent.length > 0 ? 1 : 0;
  }
  if (broken) tell(options, broken);
  say(
    `${lives} lives, ${granted + refused} redemptions (${granted} granted, ${refused} refused), ${turns} turns in ${seconds.toFixed(1)} ${rate.replace("{}", String(perMinute(totals, seconds)))}`,
  );
  say("faults that struck:");
  for (const name of FAULT_NAMES) {
    say(`  ${String(counts[name]).padStart(9)}  ${name.padEnd(20)} ${FAULTS[name].says}`);
  }
  for (const name of silent) say(`NEVER STRUCK: ${name}`);
  say(broken ? "an invariant broke" : "no invariant broke");
  return broken || silent.length > 0 ? 1 : 0;
}

function tell(options: CliOptions, life: Life): void {
  const { breach, seed, trace } = life;
  if (!options.isTraced) {
    const left = Math.max(0, trace.length - STORY_LINES);
    if (left > 0) say(`… ${left} earlier lines; --trace prints them`);
    for (const line of trace.slice(left)) say(line);
  }
  say(`BREACH ${breach?.invariant}: ${breach?.message}`);
  const faults = options.faults === "all" ? "" : ` --faults ${options.faults}`;
  const mutant = options.mutant === null ? "" : ` --mutant ${options.mutant}`;
  say(`replay: npm run simulate -- --seed ${seed}${faults}${mutant} --trace`);
}

// ---- mutants

export interface MutantRow {
  readonly id: string;
  readonly says: string;
  readonly expected: readonly string[];
  /** The invariant that noticed, or null: it survived. */
  readonly killedBy: string | null;
  /** Others that noticed in earlier lives. */
  readonly before: readonly string[];
  readonly lives: number;
  readonly isAsExpected: boolean;
}

export async function runMutants(isJson: boolean): Promise<number> {
  const rows: MutantRow[] = [];
  for (const mutant of MUTANTS) {
    const row = await hunt(mutant);
    rows.push(row);
    if (!isJson) say(rowText(row, mutant));
  }
  if (isJson) say(JSON.stringify(rows));
  return rows.every((row) => row.isAsExpected) ? 0 : 1;
}

async function hunt(mutant: Mutant): Promise<MutantRow> {
  const survives = mutant.killedBy.length === 0;
  const livesMax = survives ? SURVIVOR_LIVES : MUTANT_LIVES_MAX;
  const chances = parseFaults(mutant.faults ?? "all") as Chances;
  let killedBy: string | null = null;
  let lives = 0;
  const before = new Set<string>();
  await withMutant(mutant, async () => {
    while (killedBy === null && lives < livesMax) {
      lives += 1;
      const life = await liveOnce(lives, chances, mutant, noCounts(), false);
      const noticed = life.breach?.invariant ?? null;
      // Others may notice before; the one it is named for must notice too.
      if (noticed === null || mutant.killedBy.includes(noticed) || survives) killedBy = noticed;
      else before.add(noticed);
    }
  });
  const isAsExpected = survives ? killedBy === null : mutant.killedBy.includes(killedBy ?? "");
  const { id, says } = mutant;
  return {
    id,
    says,
    expected: mutant.killedBy,
    killedBy,
    before: [...before],
    lives,
    isAsExpected,
  };
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
