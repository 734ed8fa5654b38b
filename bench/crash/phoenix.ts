/** The product across its deaths: always the same port and data. */
import { CRASH_BUNDLE_DIR } from "../../worker/local/build.ts";
import { startProduct, type Product } from "../load/product.ts";

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
}

const ARM_PATIENCE_MS = 2_000;

export class Phoenix {
  readonly #options: PhoenixOptions;
  #product: Product | null = null;
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

  /** The runtime's processes. */
  get serverPids(): readonly number[] {
    return this.#product?.serverPids ?? [];
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
    const timer = rising.killAfterMs && setTimeout(() => death.abort(), rising.killAfterMs);
    try {
      this.#product = await startProduct({
        dataDir: this.#options.dataDir,
        port: this.#options.port,
        signal: death.signal,
        env: { QIANGDUI_BUNDLE_DIR: CRASH_BUNDLE_DIR, QIANGDUI_VARS: varsOf(rising) },
        onLog: (line) => {
          this.#options.onLog(line);
          const place = placeIn(line);
          if (place === null) return;
          fire(place);
          if (isUp) return;
          diedAt = place;
          death.abort();
        },
      });
      isUp = true;
      return null;
    } catch (error) {
      if (!death.signal.aborted) throw error;
      this.kills += 1;
      return diedAt;
    } finally {
      if (timer) clearTimeout(timer);
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
    await this.#product?.kill();
    this.#product = null;
    this.kills += 1;
  }

  async stop(): Promise<void> {
    await this.#product?.stop();
  }
}

function varsOf({ failpoint, clockAheadMs }: Rising): string {
  return JSON.stringify({
    FAILPOINT: failpoint ?? "",
    CLOCK_AHEAD_MS: String(clockAheadMs ?? 0),
  });
}

function placeIn(line: string): string | null {
  return /"event":"failpoint_reached","place":"([^"]+)"/.exec(line)?.[1] ?? null;
}
