/** Members with a ticket and an open door each: the jobs `gather`, `grab` and `leave` of a load generator. */
import { inParallel, sleep, type TicketResponse } from "./api.ts";
import { DoorSocket, type VerdictFrame } from "./door-client.ts";
import { memberOf, type Crews } from "./driver.ts";
import { HttpClient } from "./http-client.ts";
import { serializeRequest } from "./http-wire.ts";
import { orderIdAt, type GatherJob, type GrabJob, type GrabReport } from "./jobs.ts";
import { packFloats } from "./line-protocol.ts";
import { CpuMeter } from "./scenario.ts";
import { Timeline } from "./timeline.ts";

const TICKET_CONNECTIONS = 64;
const OPEN_AT_ONCE = 64;
/** Without any verdict for this long the crowd gives up. */
const VERDICTS_PATIENCE_MS = 60_000;
/** Grabs written before the verdicts that came meanwhile are read. */
const GRABS_AT_A_STRETCH = 128;
/** An answer `again` is no verdict: the same grab is sent again after what the door says, or this. */
const AGAIN_AFTER_MS = 20;

type Progress = (done: number, of: number) => void;

export class Crowd {
  readonly #doors: DoorSocket[] = [];
  readonly #lost: string[] = [];
  /** Grabs of each socket that are still to be decided, the one under way included. */
  #left: Int32Array;
  #grabbedMs: Float64Array;
  #latencies: number[] = [];
  #outcomes: Record<string, number> = {};
  #undecided = 0;
  #timeline = new Timeline(0);
  #onVerdict: () => void = () => undefined;

  private constructor(sockets: number) {
    this.#left = new Int32Array(sockets);
    this.#grabbedMs = new Float64Array(sockets);
  }

  static async gather(job: GatherJob, crews: Crews, onProgress: Progress): Promise<Crowd> {
    const doorUrls = await takeTickets(job, crews, (done) => onProgress(done, 2 * job.sockets));
    const crowd = new Crowd(job.sockets);
    let open = 0;
    try {
      await inParallel(doorUrls, OPEN_AT_ONCE, async (doorUrl, at) => {
        await crowd.#open(job.origin, doorUrl, at);
        open += 1;
        onProgress(job.sockets + open, 2 * job.sockets);
      });
    } catch (error) {
      crowd.leave();
      throw error;
    }
    return crowd;
  }

  #open(origin: string, doorUrl: string, at: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#doors[at] = new DoorSocket(origin, doorUrl, {
        onClock: () => resolve(),
        onVerdict: (frame) => this.#verdict(frame, at),
        onLost: (error) => {
          this.#lost.push(error.message);
          this.#onVerdict();
          reject(error);
        },
      });
    });
  }

  #verdict(frame: VerdictFrame, at: number): void {
    const nowMs = performance.now();
    if ((this.#left[at] ?? 0) === 0) return;
    if (frame.outcome === "again") {
      setTimeout(() => this.#doors[at]?.grab(), (frame.opensInMs ?? AGAIN_AFTER_MS) + 1);
      return;
    }
    const outcome = frame.outcome === "granted" ? "granted" : (frame.code ?? "refused");
    this.#outcomes[outcome] = (this.#outcomes[outcome] ?? 0) + 1;
    this.#latencies.push(nowMs - (this.#grabbedMs[at] ?? nowMs));
    this.#timeline.count(nowMs);
    this.#undecided -= 1;
    const left = (this.#left[at] ?? 0) - 1;
    this.#left[at] = left;
    if (left > 0) this.#grab(at);
    this.#onVerdict();
  }

  async grab(job: GrabJob, onProgress: Progress): Promise<GrabReport> {
    const times = job.mode === "again" ? (job.times ?? 1) : 1;
    const sockets = this.#doors.length;
    await sleep(job.notBeforeMs - Date.now());
    this.#left = new Int32Array(sockets).fill(times);
    this.#undecided = sockets * times;
    this.#latencies = [];
    this.#outcomes = {};
    const meter = new CpuMeter(job.serverPids);
    const startedMs = performance.now();
    this.#timeline = new Timeline(startedMs);
    const all = sockets * times;
    const endedMs =
      job.mode === "one by one"
        ? await this.#grabOneByOne((done) => onProgress(done, all))
        : await this.#grabAll((done) => onProgress(done, all));
    const cpu = meter.read();
    return {
      granted: this.#outcomes["granted"] ?? 0,
      outcomes: this.#outcomes,
      latencies: packFloats(Float64Array.from(this.#latencies)),
      startedAtMs: performance.timeOrigin + startedMs,
      elapsedMs: endedMs - startedMs,
      timeline: this.#timeline.counts,
      cpu: { generator: cpu.generatorCpu, server: cpu.serverCpu },
      breaches: this.#breaches(),
    };
  }

  async #grabAll(onProgress: (done: number) => void): Promise<number> {
    const all = this.#undecided;
    const decided = this.#until(
      () => this.#undecided === 0 || this.#lost.length > 0,
      () => onProgress(all - this.#undecided),
    );
    for (let at = 0; at < this.#doors.length; at += 1) {
      this.#grab(at);
      if (at % GRABS_AT_A_STRETCH === GRABS_AT_A_STRETCH - 1) await new Promise(setImmediate);
    }
    return decided;
  }

  async #grabOneByOne(onProgress: (done: number) => void): Promise<number> {
    let endedMs = performance.now();
    for (let at = 0; at < this.#doors.length; at += 1) {
      const verdict = this.#until(() => this.#left[at] === 0 || this.#lost.length > 0);
      this.#grab(at);
      endedMs = await verdict;
      onProgress(at + 1);
    }
    return endedMs;
  }

  #grab(at: number): void {
    this.#grabbedMs[at] = performance.now();
    this.#doors[at]?.grab();
  }

  /** The moment `isDone` became true, or the moment patience ended. */
  #until(isDone: () => boolean, onStep: () => void = () => undefined): Promise<number> {
    return new Promise((resolve) => {
      let seen = -1;
      const stop = (): void => {
        clearInterval(watch);
        this.#onVerdict = () => undefined;
        resolve(performance.now());
      };
      const watch = setInterval(() => {
        if (seen === this.#undecided) stop();
        seen = this.#undecided;
      }, VERDICTS_PATIENCE_MS);
      this.#onVerdict = () => {
        if (isDone()) return stop();
        if (this.#undecided % 256 === 0) onStep();
      };
    });
  }

  #breaches(): string[] {
    const breaches: string[] = [];
    if (this.#undecided > 0) breaches.push(`${this.#undecided} grabs without a verdict`);
    if (this.#lost.length > 0)
      breaches.push(`${this.#lost.length} doors lost, the first by: ${this.#lost[0]}`);
    return breaches;
  }

  leave(): void {
    for (const door of this.#doors) door?.close();
  }
}

async function takeTickets(
  job: GatherJob,
  crews: Crews,
  onProgress: (done: number) => void,
): Promise<string[]> {
  const { sales, sockets: count, orderPrefix } = job;
  const http = new HttpClient(job.origin);
  const doorUrls: string[] = Array.from({ length: count });
  const result = await http.drive({
    count,
    connections: TICKET_CONNECTIONS,
    request: (at) => {
      const sale = sales[at % sales.length];
      if (!sale) throw new Error("a ticket needs a sale");
      const body = { orderId: orderIdAt(orderPrefix, at), quantity: 1, epoch: sale.epoch };
      const { token } = memberOf(crews, job.crew, at);
      const path = `/api/v1/sales/${sale.saleId}/tickets`;
      return serializeRequest({ host: http.host, method: "POST", path, token, body });
    },
    onReply: (at, status, readBody) => {
      if (status === 201) doorUrls[at] = (JSON.parse(readBody()) as TicketResponse).doorUrl;
    },
    onFinished: (_nowMs, finished) => onProgress(finished),
  });
  const missing = count - (result.statuses[201] ?? 0);
  if (missing > 0)
    throw new Error(
      `${missing} of ${count} tickets were not given: ${JSON.stringify(result.statuses)}`,
    );
  return doorUrls;
}
