/** What is watched from outside while a load runs: live stock by a door's socket, processor time, memory, D1's lag. */
import { readFileSync } from "node:fs";
import { sleep, type AuditRow, type ProductApi } from "./api.ts";
import { DoorSocket } from "./door-client.ts";
import { cpuSeconds } from "./processes.ts";
import type { Series } from "./scenario.ts";
import type { Point } from "./timeline.ts";

const CPU_EVERY_MS = 100;
const STOCK_PATIENCE_MS = 3_000;
const STOCK_ASK_EVERY_MS = 20;

interface Moment {
  /** Epoch milliseconds. */
  readonly atMs: number;
  readonly value: number;
}

const nowMs = (): number => performance.timeOrigin + performance.now();

function seriesOf(
  chart: Series["chart"],
  name: string,
  moments: readonly Moment[],
  startedAtMs: number,
): Series {
  const points = moments.map(({ atMs, value }): Point => [(atMs - startedAtMs) / 1_000, value]);
  return { chart, name, points };
}

/** Somebody who stands at the doors and only looks on; of several sales the sum. */
export class StockWatch {
  readonly #doors: DoorSocket[] = [];
  readonly #remaining = new Map<string, number>();
  readonly #moments: Moment[] = [];
  #lost: Error | null = null;

  static async open(origin: string, saleIds: readonly string[]): Promise<StockWatch> {
    const watch = new StockWatch();
    await Promise.all(saleIds.map((saleId) => watch.#open(origin, saleId)));
    return watch;
  }

  #open(origin: string, saleId: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const door = new DoorSocket(origin, `/api/v1/sales/${saleId}/door?watch=1`, {
        onClock: () => undefined,
        onVerdict: () => undefined,
        onStock: ({ remaining }) => {
          this.#remaining.set(saleId, remaining);
          this.#moments.push({ atMs: nowMs(), value: this.#total() });
          resolve();
        },
        onLost: (error) => {
          this.#lost = error;
          reject(error);
        },
      });
      this.#doors.push(door);
    });
  }

  #total(): number {
    let total = 0;
    for (const remaining of this.#remaining.values()) total += remaining;
    return total;
  }

  /** Waits until the door has told of `remaining`, or says as a breach that it never did. */
  async sees(remaining: number): Promise<string[]> {
    const deadlineMs = performance.now() + STOCK_PATIENCE_MS;
    while (this.#total() !== remaining && performance.now() < deadlineMs && !this.#lost) {
      await sleep(STOCK_ASK_EVERY_MS);
    }
    if (this.#lost) return [`the watching socket was lost: ${this.#lost.message}`];
    if (this.#total() === remaining) return [];
    return [`the door still shows ${this.#total()} units, the sale has ${remaining}`];
  }

  close(): void {
    for (const door of this.#doors) door.close();
  }

  series(startedAtMs: number): Series {
    return seriesOf("stock", "units left", this.#moments, startedAtMs);
  }
}

/** Processor shares over time, of the server and of the load generator. */
export class CpuWatch {
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #groups: { readonly name: string; readonly pids: readonly number[]; last: number }[];
  readonly #moments: Moment[][];
  #lastMs = performance.now();

  constructor(groups: Readonly<Record<string, readonly number[]>>) {
    this.#groups = Object.entries(groups).map(([name, pids]) => ({
      name,
      pids,
      last: cpuSeconds(pids),
    }));
    this.#moments = this.#groups.map(() => []);
    this.#timer = setInterval(() => this.#sample(), CPU_EVERY_MS);
  }

  #sample(): void {
    const at = performance.now();
    const seconds = (at - this.#lastMs) / 1_000;
    this.#lastMs = at;
    this.#groups.forEach((group, index) => {
      const used = cpuSeconds(group.pids);
      const share = (used - group.last) / seconds;
      group.last = used;
      if (Number.isFinite(share)) {
        this.#moments[index]?.push({ atMs: performance.timeOrigin + at, value: share * 100 });
      }
    });
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  series(startedAtMs: number): Series[] {
    return this.#groups.map(({ name }, index) =>
      seriesOf("cpu", name, this.#moments[index] ?? [], startedAtMs),
    );
  }
}

const LAG_EVERY_MS = 500;

/** How far D1 is behind the objects, by the audit's own figures; and the last audit that was read. */
export class LagWatch {
  readonly #api: ProductApi;
  readonly #lag: Moment[] = [];
  readonly #waiting: Moment[] = [];
  #isOver = false;
  readonly #loop: Promise<void>;

  constructor(api: ProductApi) {
    this.#api = api;
    this.#loop = this.#run();
  }

  async #run(): Promise<void> {
    while (!this.#isOver) {
      this.note(await this.#api.shallowAudit());
      if (!this.#isOver) await sleep(LAG_EVERY_MS);
    }
  }

  note(rows: readonly AuditRow[]): void {
    const figures = rows.find((row) => row.name === "d1_lag")?.figures ?? {};
    this.#lag.push({ atMs: nowMs(), value: Number(figures["lagMs"] ?? 0) });
    this.#waiting.push({ atMs: nowMs(), value: Number(figures["waiting"] ?? 0) });
  }

  /** Returns when the last audit is in. */
  async stop(): Promise<void> {
    this.#isOver = true;
    await this.#loop;
  }

  get worstMs(): number {
    return Math.max(0, ...this.#lag.map(({ value }) => value));
  }

  get mostWaiting(): number {
    return Math.max(0, ...this.#waiting.map(({ value }) => value));
  }

  series(startedAtMs: number): Series[] {
    return [
      seriesOf("lag", "oldest row not in D1, ms", this.#lag, startedAtMs),
      seriesOf("lag", "rows not in D1", this.#waiting, startedAtMs),
    ];
  }
}

/** Resident bytes of these processes; NaN where /proc does not say. */
export function residentBytes(pids: readonly number[]): number {
  try {
    return pids.reduce((bytes, pid) => {
      const status = readFileSync(`/proc/${pid}/status`, "utf8");
      return bytes + Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? Number.NaN) * 1_024;
    }, 0);
  } catch {
    return Number.NaN;
  }
}
