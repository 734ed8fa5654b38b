/** Builds what `npm start` serves: wrangler's own bundler makes the Worker and has the storefront built by Vite first. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");

function run(command: string, args: readonly string[]): void {
  const bin = join(ROOT, "node_modules/.bin", command);
  const result = spawnSync(bin, args, {
    cwd: ROOT,
    encoding: "utf8",
    env: { ...process.env, WRANGLER_SEND_METRICS: "false", NO_UPDATE_NOTIFIER: "1" },
  });
  if (result.status === 0) return;
  process.stderr.write(`${result.stdout ?? ""}${result.stderr ?? ""}\n`);
  throw new Error(`${command} failed`);
}

/** Twice: for the browser, and as the renderer that the Worker imports. */
function buildStorefront(): void {
  for (const config of ["vite.config.ts", "vite.ssr.config.ts"]) {
    run("vite", ["build", "--config", `storefront/${config}`, "--logLevel", "error"]);
  }
}

/** The same bundle that `wrangler deploy` would upload; wrangler.toml names the pages as its first step. */
export function buildWorker(): void {
  run("wrangler", ["deploy", "--dry-run", "--outdir", "dist/worker"]);
}

if (process.argv[1] === import.meta.filename) {
  if (process.argv[2] === "pages") buildStorefront();
  else {
    buildWorker();
    console.log("built dist/client and dist/worker");
  }
}
