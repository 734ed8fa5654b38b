/**
 * Redemptions through tickets and doors, one after the other in every lane: hold by HTTP, then the ticket is presented
 * and grabbed with on the lane's socket. How a member redeems who opened the page early, as a steady load.
 */
import { inParallel, type TicketResponse } from "./api.ts";
import { Connection } from "./http-connection.ts";
import { bodyText, serializeRequest } from "./http-wire.ts";
import { DoorSocket, type VerdictFrame } from "./door-client.ts";
import { memberOf, type Crews } from "./driver.ts";
import { orderIdAt, type LanesJob, type LanesReport } from "./jobs.ts";
import { packFloats } from "./line-protocol.ts";
import { CpuMeter } from "./scenario.ts";
import { Timeline } from "./timeline.ts";

const OPEN_AT_ONCE = 64;
const STALL_MS = 20_000;
const AGAIN_AFTER_MS = 20;
const PROGRESS_EVERY_MS = 250;

interface Lane {
  readonly http: Connection;
  readonly door: DoorSocket;
  /** The order under way. */
  at: number;
  startedMs: number;
}

class Lanes {
  readonly #job: LanesJob;
  readonly #crews: Crews;
  readonly #lanes: Lane[] = [];
  readonly #latencies: number[] = [];
  readonly #breaches: string[] = [];
  #timeline = new Timeline(0);
  #sent = 0;
  #finished = 0;
  #granted = 0;
  #stopAtMs = 0;
  #end: () => void = () => undefined;

  constructor(job: LanesJob, crews: Crews) {
    this.#job = job;
    this.#crews = crews;
  }

  async run(onProgress: (done: number, of: number) => void): Promise<LanesReport> {
    const job = this.#job;
    await inParallel(Array.from({ length: job.lanes }), OPEN_AT_ONCE, (_, at) => this.#open(at));
    const meter = new CpuMeter(job.serverPids);
    const startedMs = performance.now();
    this.#timeline = new Timeline(startedMs);
    this.#stopAtMs = startedMs + job.seconds * 1_000;
    let seen = -1;
    const watch = setInterval(() => {
      if (seen === this.#finished) this.#fail(`nothing was decided for ${STALL_MS} ms`);
      seen = this.#finished;
    }, STALL_MS);
    const told = setInterval(
      () => onProgress(performance.now() - startedMs, job.seconds * 1_000),
      PROGRESS_EVERY_MS,
    );
    await new Promise<void>((resolve) => {
      this.#end = resolve;
      for (const lane of this.#lanes) this.#next(lane);
    });
    clearInterval(watch);
    clearInterval(told);
    const cpu = meter.read();
    const elapsedMs = performance.now() - startedMs;
    for (const lane of this.#lanes) {
      lane.http.close();
      lane.door.close();
    }
    return {
      granted: this.#granted,
      latencies: packFloats(Float64Array.from(this.#latencies)),
      breaches: this.#breaches,
      startedAtMs: performance.timeOrigin + startedMs,
      elapsedMs,
      timeline: this.#timeline.counts,
      cpu: { generator: cpu.generatorCpu, server: cpu.serverCpu },
    };
  }

  #open(at: number): Promise<void> {
    const { origin, sale } = this.#job;
    const url = new URL(origin);
    return new Promise((resolve, reject) => {
      const door = new DoorSocket(origin, `/api/v1/sales/${sale.saleId}/door?watch=1`, {
        onClock: () => resolve(),
        onVerdict: (frame) => this.#verdict(lane, frame),
        onLost: (error) => {
          this.#fail(`a door was lost: ${error.message}`);
          reject(error);
        },
      });
      const http = new Connection(url.hostname, Number(url.port || 80));
      const lane: Lane = { http, door, at: -1, startedMs: 0 };
      this.#lanes[at] = lane;
    });
  }

  #fail(reason: string): void {
    this.#breaches.push(reason);
    this.#end();
  }

  #next(lane: Lane): void {
    const nowMs = performance.now();
    const isOver = nowMs >= this.#stopAtMs || this.#sent >= this.#job.countMax;
    if (isOver && this.#finished === this.#sent) return this.#end();
    if (isOver) return;
    const at = this.#sent;
    this.#sent += 1;
    lane.at = at;
    lane.startedMs = nowMs;
    const { crew, sale, orderPrefix, origin } = this.#job;
    const body = { orderId: orderIdAt(orderPrefix, at), quantity: 1, epoch: sale.epoch };
    const { token } = memberOf(this.#crews, crew, at);
    const path = `/api/v1/sales/${sale.saleId}/tickets`;
    const { host } = new URL(origin);
    lane.http.send(serializeRequest({ host, method: "POST", path, token, body }), {
      onReply: (bytes, span) => {
        if (span.status !== 201) return this.#fail(`a ticket was answered ${span.status}`);
        lane.door.present((JSON.parse(bodyText(bytes, span)) as TicketResponse).ticket);
        lane.door.grab();
      },
      onFailure: (error) => this.#fail(`a ticket failed: ${error.message}`),
    });
  }

  #verdict(lane: Lane, frame: VerdictFrame): void {
    if (frame.orderId !== orderIdAt(this.#job.orderPrefix, lane.at)) return;
    if (frame.outcome === "again") {
      setTimeout(() => lane.door.grab(), (frame.opensInMs ?? AGAIN_AFTER_MS) + 1);
      return;
    }
    const nowMs = performance.now();
    if (frame.outcome === "granted") this.#granted += 1;
    else this.#breaches.push(`a grab was refused: ${frame.code ?? "?"}`);
    this.#latencies.push(nowMs - lane.startedMs);
    this.#timeline.count(nowMs);
    this.#finished += 1;
    this.#next(lane);
  }
}

export function runLanes(
  job: LanesJob,
  crews: Crews,
  onProgress: (done: number, of: number) => void,
): Promise<LanesReport> {
  return new Lanes(job, crews).run(onProgress);
}
