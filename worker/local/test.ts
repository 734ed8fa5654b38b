/** `npm test`: builds the product, then runs every test; the counts go to .vitest/results.json. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { buildWorker } from "./build.ts";

const ROOT = join(import.meta.dirname, "../..");

buildWorker();
const result = spawnSync(
  join(ROOT, "node_modules/.bin/vitest"),
  [
    "run",
    "--reporter=default",
    "--reporter=json",
    "--outputFile.json=.vitest/results.json",
    ...process.argv.slice(2),
  ],
  { cwd: ROOT, stdio: "inherit" },
);
process.exit(result.status ?? 1);
