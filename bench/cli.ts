/** `npm run bench`: what the built product does on this machine, beside the runtime's own hello-world. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readOptions, type Options } from "./options.ts";
import { Progress } from "./progress.ts";
import { toHtml } from "./report/html.ts";
import { toMarkdown } from "./report/markdown.ts";
import { runBench, type Run } from "./run.ts";

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
  const { run, breaches } = await runBench(options, `npm run bench -- ${args.join(" ")}`, progress);
  if (breaches.length > 0) {
    const list = breaches.map((breach) => `  ${breach}`).join("\n");
    progress.say(`\nINVARIANTS FAILED, so there are no figures:\n${list}`);
    return 1;
  }
  const markdown = toMarkdown(run);
  process.stdout.write(markdown);
  save(options, run, markdown);
  return 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  progress.say(`bench failed: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
