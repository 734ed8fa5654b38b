/** `npm run check`: types, lint, format, structure and bundle budgets. Goes through all of them, then says. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { pageBudgets } from "./budgets.ts";
import { buildWorker } from "./build.ts";
import { tooNew } from "./old-engines.ts";
import { optionsOf } from "./options.ts";

const ROOT = join(import.meta.dirname, "../..");

interface Step {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
}

const STEPS: readonly Step[] = [
  { name: "types: worker", command: ["tsc", "-p", "."] },
  { name: "types: storefront", command: ["tsc", "-p", "storefront"] },
  { name: "types: local", command: ["tsc", "-p", "worker/local"] },
  { name: "types: tests", command: ["tsc", "-p", "worker/testing"] },
  { name: "types: bench", command: ["tsc", "-p", "bench"] },
  { name: "types: model", command: ["tsc", "-p", "bench/model"] },
  { name: "types: simulator", command: ["tsc", "-p", "bench/simulator"] },
  { name: "lint", command: ["oxlint", "--type-aware"] },
  { name: "format", command: ["oxfmt", "--check", "."] },
  {
    name: "structure",
    command: ["vitest", "run", "--project", "pure", "worker/testing/structure"],
  },
];

function passes(step: Step): boolean {
  const [bin, ...args] = step.command;
  const result = spawnSync(join(ROOT, "node_modules/.bin", bin), args, {
    cwd: ROOT,
    encoding: "utf8",
  });
  const isGood = result.status === 0;
  console.log(`${isGood ? "ok  " : "FAIL"} ${step.name}`);
  if (!isGood) process.stdout.write(`${result.stdout}${result.stderr}\n`);
  return isGood;
}

/** The console's own folder: what every page of it loads before its section. */
const CONSOLE_ENTRY_BYTES_MAX = 45 * 1_024;
const INLINE_CSS_BYTES_MAX = 8 * 1_024;
/** A third of what the platform's smallest plan takes: room for the domains, and a start that stays short. */
const WORKER_BYTES_MAX = 1_024 * 1_024;

function gzipBytes(path: string): number {
  return gzipSync(readFileSync(path)).length;
}

function keepsBudget(name: string, bytes: number, bytesMax: number): boolean {
  const isKept = bytes > 0 && bytes <= bytesMax;
  const figures = `${(bytes / 1_024).toFixed(1)} of ${bytesMax / 1_024} KB gzip`;
  console.log(`${isKept ? "ok  " : "FAIL"} budget: ${name}: ${figures}`);
  return isKept;
}

function keepsBudgets(): boolean {
  buildWorker();
  const assets = join(ROOT, "dist/client/assets");
  const results = pageBudgets(assets).map(({ name, bytes, bytesMax }) =>
    keepsBudget(`script of the page ${name}`, bytes, bytesMax),
  );
  const findings = tooNew(ROOT);
  console.log(`${findings.length === 0 ? "ok  " : "FAIL"} the oldest engine reads the pages`);
  for (const finding of findings) console.log(`     ${finding}`);
  results.push(findings.length === 0);
  const consoleHtml = readFileSync(join(ROOT, "dist/client/console/index.html"), "utf8");
  const entry = [...consoleHtml.matchAll(/(?:src|href)="\/(assets\/console\/[^"]+\.js)"/g)].reduce(
    (sum, [, file = ""]) => sum + gzipBytes(join(ROOT, "dist/client", file)),
    0,
  );
  results.push(keepsBudget("script of the console's shell", entry, CONSOLE_ENTRY_BYTES_MAX));
  const shell = readFileSync(join(ROOT, "dist/client/shell.html"), "utf8");
  const css = [...shell.matchAll(/<style>([\s\S]*?)<\/style>/g)].map((match) => match[1]).join("");
  results.push(keepsBudget("inline CSS", gzipSync(css).length, INLINE_CSS_BYTES_MAX));
  const worker = gzipBytes(join(ROOT, "dist/worker/index.js"));
  results.push(keepsBudget("Worker bundle", worker, WORKER_BYTES_MAX));
  return results.every(Boolean);
}

const HELP = `npm run check

Types, lint, format, structure and the budgets of the bundles, one line each; about a minute. It takes no options.`;

const { values } = optionsOf("npm run check -- --help", {
  options: { help: { type: "boolean", default: false } },
});
if (values.help) {
  console.log(HELP);
  process.exit(0);
}
const results = [...STEPS.map(passes), keepsBudgets()];
process.exit(results.every(Boolean) ? 0 : 1);
