/** What a scenario answers, and what every scenario waits for at its end. */
import type { AuditRow, ProductApi } from "./api.ts";
import { sleep } from "./api.ts";
import type { Histogram } from "./histogram.ts";
import { cpuSeconds } from "./processes.ts";
import { ratesOf, type Point } from "./timeline.ts";

/** A line of a chart; x are seconds since the scenario's first request or grab. */
export interface Series {
  readonly chart: "throughput" | "stock" | "cpu" | "lag" | "memory";
  readonly name: string;
  readonly points: readonly Point[];
}

/** The chart of what was done when, from a timeline's counts. */
export function throughputOf(counts: readonly number[]): Series {
  return { chart: "throughput", name: "per second", points: ratesOf(counts) };
}

/** A figure of its own beside throughput and latency. */
export interface Note {
  readonly name: string;
  readonly value: number;
  /** As it is printed after the figure: `ms`, `MB`, `/s`. */
  readonly unit: string;
  /** What the project promises of it. */
  readonly atMost?: number;
}

export interface Figures {
  readonly name: string;
  /** NaN where a rate would say nothing. */
  readonly perSecond: number;
  /** Empty where `histogram` has them. */
  readonly latenciesMs: Float64Array;
  readonly histogram?: Histogram;
  /** Shares of one core while it ran. */
  readonly generatorCpu: number;
  readonly serverCpu: number;
  /** Named breaches; a run with one prints no throughput. */
  readonly breaches: readonly string[];
  readonly notes?: readonly Note[];
  readonly series?: readonly Series[];
}

/** Processor seconds this process has used. */
export function cpuSecondsOfThis(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Processor shares of one core between two moments, of this process and of the server's. */
export class CpuMeter {
  readonly #pids: readonly number[];
  readonly #ownSeconds = cpuSecondsOfThis();
  readonly #serverSeconds: number;
  readonly #startedMs = performance.now();

  constructor(pids: readonly number[]) {
    this.#pids = pids;
    this.#serverSeconds = cpuSeconds(pids);
  }

  read(): { generatorCpu: number; serverCpu: number } {
    const seconds = (performance.now() - this.#startedMs) / 1_000;
    const own = cpuSecondsOfThis() - this.#ownSeconds;
    const server = cpuSeconds(this.#pids) - this.#serverSeconds;
    return { generatorCpu: own / seconds, serverCpu: server / seconds };
  }
}

const QUIET_MS_MAX = 60_000;
const ASK_EVERY_MS = 200;

/** Waits until no effect is under way between objects and D1. Answers the last audit, quiet or not. */
export async function untilQuiet(
  api: ProductApi,
  patienceMs = QUIET_MS_MAX,
): Promise<{ isQuiet: boolean; rows: readonly AuditRow[] }> {
  const deadlineMs = performance.now() + patienceMs;
  for (;;) {
    const rows = await api.shallowAudit();
    const isQuiet = rows.every((row) => row.inFlight === 0);
    if (isQuiet || performance.now() > deadlineMs) return { isQuiet, rows };
    await sleep(ASK_EVERY_MS);
  }
}

export function auditBreaches(rows: readonly AuditRow[]): string[] {
  return rows
    .filter((row) => !row.ok || row.inFlight > 0)
    .map((row) => `audit ${row.name}: inFlight ${row.inFlight} ${JSON.stringify(row.figures)}`);
}
