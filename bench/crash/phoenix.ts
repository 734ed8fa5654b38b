/** The product across its deaths: always the same port and data. */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { Nest } from "./nest.ts";

/** One start of it. */
export interface Rising {
  /** `place@hit`, armed before any object wakes. */
  readonly failpoint?: string | undefined;
  /** SIGKILL this long after the start, ready or not. */
  readonly killAfterMs?: number | undefined;
  /** Its clock goes ahead of the machine's. */
  readonly clockAheadMs?: number | undefined;
}

export interface PhoenixOptions {
  readonly dataDir: string;
  readonly port: number;
  readonly onLog: (line: string) => void;
  /** Settings of every life beside those of the build. */
  readonly vars?: Readonly<Record<string, string>>;
}

const ARM_PATIENCE_MS = 2_000;
const WATCH_EVERY_MS = 25;

export class Phoenix {
  readonly #options: PhoenixOptions;
  #nest: Nest | null = null;
  #fired: Promise<string> = Promise.resolve("");
  kills = 0;

  constructor(options: PhoenixOptions) {
    this.#options = options;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.#options.port}`;
  }

  get dataDir(): string {
    return this.#options.dataDir;
  }

  get #runtimeLog(): string {
    return join(this.#options.dataDir, "runtime.log");
  }

  /** The place at which this life stands still, once it does; then only `kill` goes on. */
  get fired(): Promise<string> {
    return this.#fired;
  }

  /** The place at which it died before it was ready, `killed` if by the clock, or null: it is up. */
  async rise(rising: Rising = {}): Promise<string | null> {
    const death = new AbortController();
    const { promise: fired, resolve: fire } = Promise.withResolvers<string>();
    this.#fired = fired;
    let diedAt = "killed";
    let isUp = false;
    const meet = (line: string): void => {
      const place = placeIn(line);
      if (place === null) return;
      fire(place);
      if (isUp) return;
      diedAt = place;
      death.abort();
    };
    const stopWatching = rising.failpoint ? watch(this.#runtimeLog, meet) : null;
    const timer = rising.killAfterMs && setTimeout(() => death.abort(), rising.killAfterMs);
    try {
      const isHatched = await this.#nestThere().hatch(
        {
          port: this.#options.port,
          dataDir: this.#options.dataDir,
          vars: { ...this.#options.vars, ...varsOf(rising) },
          env: rising.failpoint ? loggingRuntime(this.#runtimeLog) : {},
        },
        { signal: death.signal, onLine: meet },
      );
      isUp = isHatched;
      if (isHatched) return null;
      this.kills += 1;
      return diedAt;
    } finally {
      if (timer) clearTimeout(timer);
      stopWatching?.();
    }
  }

  /** From now on the product stands still when it reaches the place for the n-th time. */
  async arm(failpoint: string): Promise<void> {
    await fetch(`${this.origin}/failpoint`, {
      method: "POST",
      body: failpoint,
      signal: AbortSignal.timeout(ARM_PATIENCE_MS),
    });
  }

  async kill(): Promise<void> {
    await this.#nest?.killRuntime();
    this.kills += 1;
  }

  async stop(): Promise<void> {
    await this.#nest?.close();
  }

  #nestThere(): Nest {
    if (this.#nest === null || this.#nest.isGone) this.#nest = new Nest(this.#options.onLog);
    return this.#nest;
  }
}

function varsOf({ failpoint, clockAheadMs }: Rising): Record<string, string> {
  return { FAILPOINT: failpoint ?? "", CLOCK_AHEAD_MS: String(clockAheadMs ?? 0) };
}

/** The same runtime through a script that keeps its log. */
function loggingRuntime(path: string): Record<string, string> {
  const { default: runtime } = createRequire(import.meta.url)("workerd") as { default: string };
  return {
    MINIFLARE_WORKERD_PATH: join(import.meta.dirname, "runtime.sh"),
    QIANGDUI_RUNTIME: runtime,
    QIANGDUI_RUNTIME_LOG: path,
  };
}

/** Reads a file anew as it grows; the answer ends that. */
function watch(path: string, onLine: (line: string) => void): () => void {
  rmSync(path, { force: true });
  let read = 0;
  const timer = setInterval(() => {
    if (!existsSync(path)) return;
    const lines = readFileSync(path, "utf8").split("\n");
    for (const line of lines.slice(read, -1)) onLine(line);
    read = lines.length - 1;
  }, WATCH_EVERY_MS);
  return () => clearInterval(timer);
}

function placeIn(line: string): string | null {
  // In the runtime's own log the line is a text inside JSON.
  return /"failpoint_reached","place":"([\w:-]+)"/.exec(line.replaceAll("\\", ""))?.[1] ?? null;
}
