/**
 * Where the runtime hatches, again and again. It alone holds what the product keeps, so it alone dies of a death; the
 * tools that start it take three times its own processor time to load, so they stay.
 */
import { fork, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CRASH_BUNDLE_DIR } from "../../worker/local/build.ts";
import { childrenOf } from "../load/processes.ts";

/** To the nest: start, or expect that the runtime is killed. */
export type Order = Hatch | { readonly kind: "die" };

export interface Hatch {
  readonly kind: "hatch";
  /** Counts the starts of a nest. */
  readonly life: number;
  readonly port: number;
  readonly dataDir: string;
  readonly vars: Readonly<Record<string, string>>;
  /** Settings of the process that the runtime starts with. */
  readonly env: Readonly<Record<string, string>>;
}

/** From the nest. */
export type Said =
  | { readonly kind: "log"; readonly life: number; readonly line: string }
  | { readonly kind: "dying" }
  | { readonly kind: "up" }
  | { readonly kind: "failed"; readonly reason: string };

export interface Hearing {
  readonly signal: AbortSignal;
  readonly onLine: (line: string) => void;
}

const START_PATIENCE_MS = 60_000;
/** More than an answer, or the end of a killed runtime, takes; then the nest goes with it. */
const PATIENCE_MS = 5_000;
const LOOK_EVERY_MS = 5;

export class Nest {
  readonly #child: ChildProcess;
  readonly #gone: Promise<void>;
  #life = 0;
  #onLine: (line: string) => void = () => {};

  /** `onLog` hears every line of every life, also one that comes when that life is over. */
  constructor(onLog: (line: string) => void) {
    const env = { ...process.env, QIANGDUI_BUNDLE_DIR: CRASH_BUNDLE_DIR };
    this.#child = fork(join(import.meta.dirname, "nest-process.ts"), {
      execArgv: ["--no-warnings"],
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      env,
    });
    this.#gone = new Promise((resolve) => this.#child.once("exit", () => resolve()));
    this.#child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      for (const line of text.split("\n")) onLog(line);
    });
    this.#child.on("message", (said: Said) => {
      if (said.kind !== "log") return;
      onLog(said.line);
      if (said.life === this.#life) this.#onLine(said.line);
    });
  }

  get isGone(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** True: it serves. False: `signal` killed it on the way, and nothing of it runs. `onLine` hears this life only. */
  async hatch(order: Omit<Hatch, "kind" | "life">, { signal, onLine }: Hearing): Promise<boolean> {
    this.#life += 1;
    this.#onLine = onLine;
    const answer = this.#hear("up", "failed");
    this.#send({ ...order, kind: "hatch", life: this.#life });
    const aborted = Promise.withResolvers<"aborted">();
    const onAbort = (): void => aborted.resolve("aborted");
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    const patience = new AbortController();
    const late = sleep(START_PATIENCE_MS, "late" as const, { signal: patience.signal });
    late.catch(() => "Nobody waits for it any more.");
    const said = await Promise.race([answer, aborted.promise, late]);
    patience.abort();
    signal.removeEventListener("abort", onAbort);
    if (said === "aborted") await this.#killUnborn(answer);
    else if (said === "late") throw new Error("the product did not start in time");
    else if (said.kind === "failed") throw new Error(`the product did not start: ${said.reason}`);
    return said !== "aborted";
  }

  /** SIGKILL; returns when the runtime is gone. */
  async killRuntime(): Promise<void> {
    const { pid } = this.#child;
    if (pid === undefined || this.isGone) return;
    const isWarned = this.#hear("dying");
    this.#send({ kind: "die" });
    if ((await within(isWarned)) === null) return this.#end();
    const endsAtMs = performance.now() + PATIENCE_MS;
    for (let runtimes = childrenOf(pid); runtimes.length > 0; runtimes = childrenOf(pid)) {
      for (const runtime of runtimes) killIfThere(runtime);
      await sleep(LOOK_EVERY_MS);
      if (performance.now() > endsAtMs) return this.#end();
    }
  }

  async close(): Promise<void> {
    await this.killRuntime();
    await this.#end();
  }

  /** Also of a nest that does not answer: the runtime first, which would outlive it. */
  async #end(): Promise<void> {
    for (const runtime of childrenOf(this.#child.pid ?? -1)) killIfThere(runtime);
    this.#child.kill("SIGKILL");
    await this.#gone;
  }

  async #killUnborn(answer: Promise<Said>): Promise<void> {
    await this.killRuntime();
    if ((await within(answer)) === null) await this.#end();
    // It may have been on the point of starting the runtime when it was to die.
    else await this.killRuntime();
  }

  #send(order: Order): void {
    if (this.#child.connected) this.#child.send(order);
  }

  #hear(...kinds: readonly Said["kind"][]): Promise<Said> {
    return new Promise((resolve) => {
      const hear = (said: Said): void => {
        if (!kinds.includes(said.kind)) return;
        this.#child.off("message", hear);
        resolve(said);
      };
      this.#child.on("message", hear);
      void this.#gone.then(() => resolve({ kind: "failed", reason: "its process ended" }));
    });
  }
}

/** Null: not in time. */
async function within<T>(wanted: Promise<T>): Promise<T | null> {
  const patience = new AbortController();
  const late = sleep(PATIENCE_MS, null, { signal: patience.signal }).catch(() => null);
  const found = await Promise.race([wanted, late]);
  patience.abort();
  return found;
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended meanwhile.
  }
}
