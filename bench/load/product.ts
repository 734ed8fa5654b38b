/** Starts the built product as a child process group, so that it can be measured from outside, or killed whole. */
import { spawn, type ChildProcess } from "node:child_process";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isRunning, membersOf } from "./processes.ts";

export interface ProductOptions {
  readonly dataDir: string;
  /** 0: a free one. */
  readonly port?: number;
  /** Serve the runtime's hello-world beside it. */
  readonly withHello?: boolean;
  /** A pretended bank beside it, so that cash is paid online. */
  readonly hasBank?: boolean;
  /** Lines the product logs: its own faults and outages. */
  readonly onLog?: (line: string) => void;
  /** Settings of this process beside the machine's: another bundle, `QIANGDUI_VARS` as JSON. */
  readonly env?: Readonly<Record<string, string>>;
  /** Kills the group, also while it starts; then this rejects as soon as nothing of it runs. */
  readonly signal?: AbortSignal;
}

export interface Product {
  readonly origin: string;
  readonly helloOrigin: string | null;
  /** The runtime that serves the product, and the one that serves hello-world. */
  readonly serverPids: readonly number[];
  readonly helloPids: readonly number[];
  /** SIGKILL to the whole group; returns when it is gone. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

const START_PATIENCE_MS = 60_000;
const REASON_LINES = 8;
const REASON_WIDTH = 240;
const STOP_PATIENCE_MS = 10_000;
const SERVE = join(import.meta.dirname, "serve.ts");

export async function startProduct(options: ProductOptions): Promise<Product> {
  const port = options.port ?? (await freePort());
  const helloPort = options.withHello ? String(await freePort()) : "";
  const child = spawn(
    process.execPath,
    ["--no-warnings", SERVE, options.dataDir, String(port), helloPort],
    {
      detached: true,
      stdio: ["pipe", "pipe", "pipe"],
      env: { ...process.env, ...(options.hasBank ? { QIANGDUI_BANK: "on" } : {}), ...options.env },
    },
  );
  options.signal?.addEventListener("abort", () => killGroup(child));
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const errors: string[] = [];
  eachLine(child, "stderr", (line) => {
    if (errors.length < 50) errors.push(line);
    options.onLog?.(line);
  });
  const ready = await firstLine(child, gone, errors).catch(async (error: unknown) => {
    await gone;
    await until(() => membersOf(child.pid ?? -1).length === 0);
    throw error;
  });
  const said = JSON.parse(ready) as Pick<
    Product,
    "origin" | "helloOrigin" | "serverPids" | "helloPids"
  >;
  return {
    ...said,
    kill: async () => {
      killGroup(child);
      await gone;
      await until(() => !said.serverPids.some(isRunning));
    },
    stop: async () => {
      child.stdin?.end();
      const timer = setTimeout(() => killGroup(child), STOP_PATIENCE_MS);
      await gone;
      clearTimeout(timer);
      killGroup(child);
    },
  };
}

/** A runtime that is still dying holds its port and its files. */
async function until(isGone: () => boolean): Promise<void> {
  for (let waited = 0; waited < 400 && !isGone(); waited += 1) await sleep(5);
}

function killGroup(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  } catch {
    // Nothing of the group is left.
  }
}

function eachLine(
  child: ChildProcess,
  stream: "stdout" | "stderr",
  onLine: (line: string) => void,
): void {
  let rest = "";
  child[stream]?.setEncoding("utf8").on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) onLine(line);
  });
}

async function firstLine(
  child: ChildProcess,
  gone: Promise<void>,
  errors: readonly string[],
): Promise<string> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const line = new Promise<string>((resolve, reject) => {
    eachLine(child, "stdout", (text) => text.startsWith("{") && resolve(text));
    void gone.then(() => reject(new Error(`the product did not start:\n${reasonOf(errors)}`)));
    timer = setTimeout(
      () => reject(new Error("the product did not start in time")),
      START_PATIENCE_MS,
    );
  });
  try {
    return await line;
  } catch (error) {
    killGroup(child);
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** What a person needs of a failed start; native stacks are long and say nothing here. */
function reasonOf(lines: readonly string[]): string {
  const known = lines.find((line) => /^Error: .*not built/.test(line));
  if (known !== undefined) return known.slice("Error: ".length);
  const telling = lines.filter((line) => line.trim() !== "" && !/^\s*(at |stack:)/.test(line));
  return telling
    .slice(0, REASON_LINES)
    .map((line) => line.slice(0, REASON_WIDTH))
    .join("\n");
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
