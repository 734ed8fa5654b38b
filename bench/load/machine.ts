/** What a figure was measured on. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism, cpus, release, totalmem, type } from "node:os";

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly system: string;
  readonly node: string;
  readonly workerd: string;
  readonly wrangler: string;
  readonly miniflare: string;
}

const require = createRequire(import.meta.url);

function versionOf(name: string): string {
  try {
    const manifest = readFileSync(require.resolve(`${name}/package.json`), "utf8");
    return (JSON.parse(manifest) as { version: string }).version;
  } catch {
    return "unknown";
  }
}

/** What was measured: the commit, with a + when files differ from it; `unknown` outside a clone. */
export function commit(): string {
  const git = (...args: readonly string[]): string =>
    spawnSync("git", args, { cwd: import.meta.dirname, encoding: "utf8" }).stdout?.trim() ?? "";
  const head = git("rev-parse", "--short=12", "HEAD");
  if (head === "") return "unknown";
  return git("status", "--porcelain", "--untracked-files=no") === "" ? head : `${head}+`;
}

export function machine(): Machine {
  return {
    cpu: cpus()[0]?.model ?? "unknown",
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    node: process.version,
    workerd: versionOf("workerd"),
    wrangler: versionOf("wrangler"),
    miniflare: versionOf("miniflare"),
  };
}
