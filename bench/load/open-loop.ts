/**
 * The open loop: requests are due at moments fixed beforehand, as a crowd's taps are, and latency counts from that
 * moment. A server that stalls is asked on, and everybody who waited is counted, however late their request left.
 */
import type { Crews } from "./driver.ts";
import { memberOf } from "./driver.ts";
import { Histogram } from "./histogram.ts";
import { Connection } from "./http-connection.ts";
import { serializeRequest } from "./http-wire.ts";
import { orderIdAt, type OpenLoopJob, type OpenLoopReport } from "./jobs.ts";
import { Random } from "./random.ts";
import { CpuMeter } from "./scenario.ts";
import { Timeline } from "./timeline.ts";

/** After the last request was due, answers are waited for this long. */
const DRAIN_MS = 20_000;
const TICK_MS = 1;

/** Milliseconds after the start at which each request is due. */
export function arrivalsOf(job: {
  readonly ratePerSecond: number;
  readonly seconds: number;
  readonly arrivals: "even" | "poisson";
  readonly seed: number;
}): Float64Array {
  const { ratePerSecond, seconds, arrivals, seed } = job;
  const gapMs = 1_000 / ratePerSecond;
  if (arrivals === "even") {
    const count = Math.max(1, Math.floor(ratePerSecond * seconds));
    return Float64Array.from({ length: count }, (_, at) => at * gapMs);
  }
  const random = new Random(seed);
  const due: number[] = [];
  for (let atMs = 0; ;) {
    // Independent people: gaps are exponential, so moments of the day bunch as they do in life.
    atMs += -Math.log(1 - random.next()) * gapMs;
    if (atMs >= seconds * 1_000) break;
    due.push(atMs);
  }
  return Float64Array.from(due.length === 0 ? [0] : due);
}

export function openLoop(
  job: OpenLoopJob,
  crews: Crews,
  onProgress: (done: number, of: number) => void,
): Promise<OpenLoopReport> {
  return new OpenLoop(job, crews, onProgress).run();
}

class OpenLoop {
  readonly #job: OpenLoopJob;
  readonly #crews: Crews;
  readonly #onProgress: (done: number, of: number) => void;
  readonly #dueMs: Float64Array;
  readonly #idle: Connection[] = [];
  readonly #lanes: Connection[] = [];
  readonly #host: string;
  readonly #fromIntended = new Histogram();
  readonly #fromSent = new Histogram();
  readonly #lateness = new Histogram();
  readonly #statuses: Record<string, number> = {};
  /** Requests up to here are due. */
  #due = 0;
  /** Requests up to here are sent; those between wait for a connection. */
  #sent = 0;
  #finished = 0;
  #failures = 0;
  #startedMs = 0;
  #lastMs = 0;
  #timeline = new Timeline(0);

  constructor(job: OpenLoopJob, crews: Crews, onProgress: (done: number, of: number) => void) {
    this.#job = job;
    this.#crews = crews;
    this.#onProgress = onProgress;
    this.#dueMs = arrivalsOf(job);
    const url = new URL(job.origin);
    this.#host = url.host;
    for (let at = 0; at < job.connections; at += 1) {
      this.#lanes.push(new Connection(url.hostname, Number(url.port || 80)));
    }
    this.#idle.push(...this.#lanes);
  }

  async run(): Promise<OpenLoopReport> {
    const count = this.#dueMs.length;
    // An unknown crew is said before the clock runs; in a timer nobody could catch it.
    memberOf(this.#crews, this.#job.crew, 0);
    const meter = new CpuMeter(this.#job.serverPids);
    this.#startedMs = performance.now();
    this.#timeline = new Timeline(this.#startedMs);
    const endsMs = this.#startedMs + (this.#dueMs[count - 1] ?? 0) + DRAIN_MS;
    try {
      await new Promise<void>((resolve) => {
        const timer = setInterval(() => {
          this.#tick();
          if (this.#finished < count && performance.now() < endsMs) return;
          clearInterval(timer);
          resolve();
        }, TICK_MS);
      });
    } finally {
      for (const lane of this.#lanes) lane.close();
    }
    const cpu = meter.read();
    return {
      count,
      failures: this.#failures,
      unanswered: count - this.#finished,
      statuses: this.#statuses,
      startedAtMs: performance.timeOrigin + this.#startedMs,
      elapsedMs: this.#lastMs - this.#startedMs,
      timeline: this.#timeline.counts,
      fromIntended: this.#fromIntended.toJSON(),
      fromSent: this.#fromSent.toJSON(),
      lateness: this.#lateness.toJSON(),
      cpu: { generator: cpu.generatorCpu, server: cpu.serverCpu },
    };
  }

  #tick(): void {
    const sinceMs = performance.now() - this.#startedMs;
    while (this.#due < this.#dueMs.length && (this.#dueMs[this.#due] ?? 0) <= sinceMs) {
      this.#lateness.record(sinceMs - (this.#dueMs[this.#due] ?? 0));
      this.#due += 1;
    }
    this.#sendDue();
    this.#onProgress(this.#finished, this.#dueMs.length);
  }

  #sendDue(): void {
    while (this.#sent < this.#due) {
      const lane = this.#idle.pop();
      if (!lane) return;
      const at = this.#sent;
      this.#sent += 1;
      this.#send(lane, at);
    }
  }

  #send(lane: Connection, at: number): void {
    const { crew, sale, orderPrefix } = this.#job;
    const body = { orderId: orderIdAt(orderPrefix, at), quantity: 1, epoch: sale.epoch };
    const { token } = memberOf(this.#crews, crew, at);
    const path = `/api/v1/sales/${sale.saleId}/redemptions`;
    const bytes = serializeRequest({ host: this.#host, method: "POST", path, token, body });
    const sentMs = performance.now();
    const intendedMs = this.#startedMs + (this.#dueMs[at] ?? 0);
    const finish = (): void => {
      const nowMs = performance.now();
      this.#fromIntended.record(nowMs - intendedMs);
      this.#fromSent.record(nowMs - sentMs);
      this.#timeline.count(nowMs);
      this.#lastMs = nowMs;
      this.#finished += 1;
      this.#idle.push(lane);
      this.#sendDue();
    };
    lane.send(bytes, {
      onReply: (_bytes, span) => {
        this.#statuses[span.status] = (this.#statuses[span.status] ?? 0) + 1;
        finish();
      },
      onFailure: () => {
        this.#failures += 1;
        finish();
      },
    });
  }
}
