/** Builds what `npm start` serves: the storefront by Vite, then the Worker by wrangler's own bundler. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");
export const CRASH_BUNDLE_DIR = join(ROOT, "dist/crash");

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
export function buildStorefront(): void {
  for (const config of ["vite.config.ts", "vite.ssr.config.ts"]) {
    run("vite", ["build", "--config", `storefront/${config}`, "--logLevel", "error"]);
  }
}

/** The same bundle that `wrangler deploy` would upload. */
export function buildWorker(): void {
  run("wrangler", ["deploy", "--dry-run", "--outdir", "dist/worker"]);
}

/** What the crash rounds run: the same Worker, in which the named places of worker/platform/failpoints.ts are left. */
export function buildCrashWorker(): void {
  const entry = "worker/testing/failpoints/index.ts";
  const define = "globalThis.failpoints:globalThis.failpoints";
  run("wrangler", ["deploy", entry, "--dry-run", "--outdir", CRASH_BUNDLE_DIR, "--define", define]);
}

if (process.argv[1] === import.meta.filename) {
  buildStorefront();
  buildWorker();
  console.log("built dist/client and dist/worker");
}
