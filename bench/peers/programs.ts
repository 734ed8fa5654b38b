/** Programs of a database: where Debian puts them, which version they are, and how one is started and ended. */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { accessSync, constants, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";

const POSTGRES_ROOT = "/usr/lib/postgresql";

/** Debian keeps every version of PostgreSQL in a folder of its own and out of the path; the newest comes first. */
export function postgresDirs(): string[] {
  try {
    return readdirSync(POSTGRES_ROOT)
      .filter((name) => /^\d+$/.test(name))
      .toSorted((a, b) => Number(b) - Number(a))
      .map((name) => join(POSTGRES_ROOT, name, "bin"));
  } catch {
    return [];
  }
}

export function pathDirs(): string[] {
  const dirs = (process.env["PATH"] ?? "").split(delimiter).filter((dir) => dir !== "");
  return [...new Set([...dirs, "/usr/bin", "/usr/local/bin"])];
}

/** The first folder that has all of these programs. */
export function findPrograms(dirs: readonly string[], names: readonly string[]): string | null {
  const isThere = (path: string): boolean => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  };
  return dirs.find((dir) => names.every((name) => isThere(join(dir, name)))) ?? null;
}

/** The number in what `--version` prints. */
export function versionOf(path: string): string {
  const { stdout } = spawnSync(path, ["--version"], { encoding: "utf8" });
  return /\d+\.\d+(?:\.\d+)?/.exec(stdout ?? "")?.[0] ?? "unknown";
}

/** User and group a program runs as. */
export interface User {
  readonly uid: number;
  readonly gid: number;
}

export interface Daemon {
  readonly pid: number;
  readonly child: ChildProcess;
  /** Ends it by the signal that lets it close its files; returns when it is gone. */
  stop(signal: "SIGTERM" | "SIGINT"): Promise<void>;
}

export interface DaemonOptions {
  readonly path: string;
  readonly args: readonly string[];
  readonly user: User | null;
  readonly cwd: string;
  /** What it prints once it accepts connections. */
  readonly isReady: (line: string) => boolean;
}

const START_PATIENCE_MS = 30_000;
const STOP_PATIENCE_MS = 10_000;
const LINES_KEPT = 12;

/** Starts a program and waits for the line that says it is ready. Rejects with its last lines when it ends before. */
export async function startDaemon(options: DaemonOptions): Promise<Daemon> {
  const child = spawn(options.path, options.args, {
    cwd: options.cwd,
    stdio: ["ignore", "pipe", "pipe"],
    // Messages are read, so they must be in English.
    env: { PATH: process.env["PATH"] ?? "", LC_ALL: "C", TZ: "UTC" },
    ...options.user,
  });
  const gone = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const lines: string[] = [];
  await new Promise<void>((resolve, reject) => {
    const fail = (what: string): void =>
      reject(new Error([`${options.path} ${what}`, ...lines].join("\n")));
    const timer = setTimeout(() => {
      child.kill("SIGKILL");
      fail("was not ready in time");
    }, START_PATIENCE_MS);
    const onLine = (line: string): void => {
      lines.push(line);
      if (lines.length > LINES_KEPT) lines.shift();
      if (!options.isReady(line)) return;
      clearTimeout(timer);
      resolve();
    };
    for (const stream of [child.stdout, child.stderr]) eachLine(stream, onLine);
    child.once("error", (error) => {
      clearTimeout(timer);
      fail(error.message);
    });
    void gone.then(() => {
      clearTimeout(timer);
      fail("ended");
    });
  });
  return {
    pid: child.pid ?? 0,
    child,
    stop: async (signal) => {
      child.kill(signal);
      const timer = setTimeout(() => child.kill("SIGKILL"), STOP_PATIENCE_MS);
      await gone;
      clearTimeout(timer);
    },
  };
}

export function eachLine(
  stream: NodeJS.ReadableStream | null,
  onLine: (line: string) => void,
): void {
  let rest = "";
  stream?.setEncoding("utf8");
  stream?.on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) onLine(line);
  });
}
