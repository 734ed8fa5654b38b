/** The parent's end of a load generator: starts the process, hands it jobs, and ends it. */
import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import type { JobKind, Jobs, Said } from "./jobs.ts";
import { readLines, writeLine } from "./line-protocol.ts";

const GENERATOR = join(import.meta.dirname, "generator.ts");
const START_PATIENCE_MS = 20_000;
const JOB_PATIENCE_MS = 20 * 60_000;
const STOP_PATIENCE_MS = 3_000;

interface Waiting {
  readonly resolve: (report: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly onProgress: (done: number, of: number) => void;
  readonly timer: ReturnType<typeof setTimeout>;
}

export type OnProgress = (done: number, of: number) => void;

export class Generator {
  readonly pid: number;
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  readonly #gone: Promise<void>;
  #lastId = 0;
  #end: string | null = null;

  private constructor(child: ChildProcess, gone: Promise<void>) {
    this.#child = child;
    this.#gone = gone;
    this.pid = child.pid ?? -1;
  }

  /** Rejects when the process cannot be started in time. */
  static async start(): Promise<Generator> {
    const child = spawn(process.execPath, ["--no-warnings", GENERATOR], {
      stdio: ["pipe", "pipe", "pipe"],
    });
    let errors = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      errors = (errors + text).slice(-2_000);
    });
    const gone = new Promise<void>((resolve) => child.once("close", () => resolve()));
    const generator = new Generator(child, gone);
    // A write to a process that just ended is told by its end.
    child.stdin?.on("error", () => undefined);
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        child.kill("SIGKILL");
        reject(new Error("the load generator did not start in time"));
      }, START_PATIENCE_MS);
      if (!child.stdout) return reject(new Error("the load generator has no output"));
      readLines(
        child.stdout,
        (value) => {
          const said = value as Said;
          if (said.say !== "ready") return generator.#hear(said);
          clearTimeout(timer);
          resolve();
        },
        (reason) => generator.#fail(`the load generator said ${reason}`),
      );
      child.once("error", reject);
      void gone.then(() => {
        clearTimeout(timer);
        const reason = `the load generator ended${errors === "" ? "" : `: ${errors.trim()}`}`;
        generator.#fail(reason);
        reject(new Error(reason));
      });
    });
    return generator;
  }

  /** Rejects with the job's own failure, when the process ends, or when the job takes longer than a job may. */
  run<K extends JobKind>(
    kind: K,
    job: Jobs[K]["job"],
    onProgress: OnProgress = () => undefined,
  ): Promise<Jobs[K]["report"]> {
    if (this.#end !== null) return Promise.reject(new Error(this.#end));
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#fail(`the job ${kind} took longer than ${JOB_PATIENCE_MS / 60_000} minutes`);
        this.#child.kill("SIGKILL");
      }, JOB_PATIENCE_MS);
      this.#waiting.set(id, { resolve: resolve as never, reject, onProgress, timer });
      if (this.#child.stdin) writeLine(this.#child.stdin, { id, kind, job });
    });
  }

  #hear(said: Said): void {
    if (said.say === "ready") return;
    const waiting = this.#waiting.get(said.id);
    if (!waiting) return;
    if (said.say === "progress") return waiting.onProgress(said.done, said.of);
    this.#waiting.delete(said.id);
    clearTimeout(waiting.timer);
    if (said.say === "done") waiting.resolve(said.report);
    else waiting.reject(new Error(said.reason));
  }

  #fail(reason: string): void {
    this.#end ??= reason;
    for (const waiting of this.#waiting.values()) {
      clearTimeout(waiting.timer);
      waiting.reject(new Error(reason));
    }
    this.#waiting.clear();
  }

  async stop(): Promise<void> {
    this.#end ??= "the load generator was stopped";
    this.#child.stdin?.end();
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), STOP_PATIENCE_MS);
    await this.#gone;
    clearTimeout(timer);
  }
}
