/** Builds what `npm start` serves: wrangler's own bundler makes the Worker and has the storefront built by Vite first. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { keptAssets } from "./built-scripts.ts";

const ROOT = join(import.meta.dirname, "../..");
const KEEP_PAGES = "QIANGDUI_KEEP_PAGES";
export const CRASH_BUNDLE_DIR = join(ROOT, "dist/crash");

function run(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): void {
  const bin = join(ROOT, "node_modules/.bin", command);
  const result = spawnSync(bin, args, {
    cwd: ROOT,
    encoding: "utf8",
    env: { ...process.env, WRANGLER_SEND_METRICS: "false", NO_UPDATE_NOTIFIER: "1", ...env },
  });
  if (result.status === 0) return;
  process.stderr.write(`${result.stdout ?? ""}${result.stderr ?? ""}\n`);
  throw new Error(`${command} failed`);
}

/** For members' browsers, for the console's, as the renderer that the Worker imports; then the service worker, which names their files. */
function buildStorefront(): void {
  const build = (part: string, env: Readonly<Record<string, string>> = {}): void =>
    run(
      "vite",
      ["build", "--config", `storefront/vite${part}.config.ts`, "--logLevel", "error"],
      env,
    );
  for (const part of ["", ".console", ".ssr"]) build(part);
  const kept = JSON.stringify(keptAssets(join(ROOT, "dist/client/assets")));
  build(".sw", { QIANGDUI_KEPT_ASSETS: kept });
}

/** The same bundle that `wrangler deploy` would upload; wrangler.toml names the pages as its first step. */
export function buildWorker(): void {
  run("wrangler", ["deploy", "--dry-run", "--outdir", "dist/worker"]);
}

/** What the crash rounds run: the same Worker, in which the named places of worker/platform/failpoints.ts are left. */
export function buildCrashWorker(): void {
  const entry = "worker/testing/failpoints/index.ts";
  const define = "globalThis.failpoints:globalThis.failpoints";
  const into = ["--outdir", CRASH_BUNDLE_DIR];
  // Every death compiles it anew.
  const args = ["deploy", entry, "--dry-run", "--minify", ...into, "--define", define];
  // Somebody may be served the pages right now, and crash rounds need them only to be there.
  run("wrangler", args, existsSync(join(ROOT, "dist/ssr/ssr.js")) ? { [KEEP_PAGES]: "1" } : {});
}

if (process.argv[1] === import.meta.filename) {
  if (process.argv[2] === "pages") {
    if (!process.env[KEEP_PAGES]) buildStorefront();
  } else {
    buildWorker();
    console.log("built dist/client and dist/worker");
  }
}
