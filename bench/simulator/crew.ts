/** The same lives over several processes: each takes the next block of seeds and answers with its sums. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import type { CliOptions } from "./cli.ts";
import { FAULT_NAMES, noCounts, type Counts } from "./faults.ts";
import { report, runLives, type Totals } from "./runs.ts";

const CLI = join(import.meta.dirname, "cli.ts");
const LIVES_A_BLOCK = 200;

interface BlockSum {
  readonly lives: number;
  readonly granted: number;
  readonly refused: number;
  readonly turns: number;
  readonly counts: Counts;
  readonly breach: { readonly seed: number } | null;
}

export async function runCrew(options: CliOptions, processes: number): Promise<number> {
  const totals: Totals = { lives: 0, granted: 0, refused: 0, turns: 0, counts: noCounts() };
  const startMs = performance.now();
  const endMs = options.minutes === null ? Infinity : startMs + options.minutes * 60_000;
  let next = 0;
  let brokenSeed: number | null = null;
  const work = async (): Promise<void> => {
    while (next < options.seeds && brokenSeed === null && performance.now() < endMs) {
      const seeds = Math.min(LIVES_A_BLOCK, options.seeds - next);
      const seed = options.seed + next;
      next += seeds;
      const sum = await runBlock(seed, seeds, options.faults);
      totals.lives += sum.lives;
      totals.granted += sum.granted;
      totals.refused += sum.refused;
      totals.turns += sum.turns;
      for (const name of FAULT_NAMES) totals.counts[name] += sum.counts[name];
      if (sum.breach) brokenSeed = Math.min(sum.breach.seed, brokenSeed ?? Infinity);
      const seconds = (performance.now() - startMs) / 1_000;
      process.stderr.write(
        `${totals.lives} of ${options.seeds} lives, ${totals.granted + totals.refused} redemptions, ${seconds.toFixed(0)} s\n`,
      );
    }
  };
  await Promise.all(Array.from({ length: processes }, work));
  if (brokenSeed !== null) return runLives({ ...options, seed: brokenSeed, seeds: 1 });
  const seconds = (performance.now() - startMs) / 1_000;
  return report(options, totals, seconds, null, `s: {} redemptions a minute on ${processes} cores`);
}

function runBlock(seed: number, seeds: number, faults: string): Promise<BlockSum> {
  const args = ["--seed", String(seed), "--seeds", String(seeds), "--faults", faults, "--json"];
  const child = spawn(process.execPath, ["--no-warnings", CLI, ...args, "--processes", "1"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  child.stdout.on("data", (bytes: Buffer) => (text += bytes.toString("utf8")));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code) => {
      if (code === 0 || code === 1) resolve(JSON.parse(text) as BlockSum);
      else reject(new Error(`a process with lives from seed ${seed} ended with ${code}`));
    });
  });
}
