/** `npm run bench`: what the built product does on this machine, beside the runtime's own hello-world. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readOptions, type Options } from "./options.ts";
import { Progress } from "./progress.ts";
import { conclude } from "./report/conclusion.ts";
import { toHtml } from "./report/html.ts";
import type { Run } from "./report/outcome.ts";
import { runBench } from "./run.ts";

const progress = new Progress(process.stderr, () => performance.now());

function save(options: Options, run: Run, markdown: string): void {
  if (options.out === null) return;
  mkdirSync(options.out, { recursive: true });
  const stem = join(options.out, `${run.startedAt.replace(/[:.]/g, "-")}-${options.name}`);
  writeFileSync(`${stem}.json`, `${JSON.stringify(run, null, 1)}\n`);
  writeFileSync(`${stem}.md`, markdown);
  writeFileSync(`${stem}.html`, toHtml(run));
  progress.say(`written: ${stem}.html, .md and .json`);
}

async function main(): Promise<number> {
  const args = process.argv.slice(2);
  const reading = readOptions(args, join(import.meta.dirname, "results"));
  if (reading.kind !== "run") {
    const stream = reading.kind === "help" ? process.stdout : process.stderr;
    stream.write(reading.text);
    return reading.kind === "help" ? 0 : 2;
  }
  const { options } = reading;
  const outcome = await runBench(options, `npm run bench -- ${args.join(" ")}`, progress);
  const { exitCode, table, complaint } = conclude(outcome);
  if (complaint !== "") progress.say(complaint);
  process.stdout.write(table);
  if (exitCode === 0) save(options, outcome.run, table);
  return exitCode;
}

try {
  process.exitCode = await main();
} catch (error) {
  progress.say(`bench failed: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
