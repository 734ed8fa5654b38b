/** The doors: all grabs at T0 for the rate, one grab at a time for the promise of 100 ms. */
import { inParallel, sleep, type TicketResponse } from "./api.ts";
import { DoorSocket, type VerdictFrame } from "./door-client.ts";
import { serializeRequest } from "./http-wire.ts";
import {
  CpuMeter,
  memberAt,
  newSale,
  orderIdOf,
  soldExactly,
  type Figures,
  type Stage,
} from "./scenario.ts";

interface CrowdSize {
  readonly sockets: number;
  readonly openAtOnce: number;
}

const RUSH = { sockets: 4_000, openAtOnce: 64 } as const;
const CALM = { sockets: 200, openAtOnce: 32 } as const;
const TICKET_CONNECTIONS = 64;
/** Grabs follow the opening by this much, so that none comes a millisecond early. */
const AFTER_OPENING_MS = 40;
const VERDICTS_PATIENCE_MS = 60_000;
/** Grabs written before the verdicts that came meanwhile are read. */
const GRABS_AT_A_STRETCH = 128;

/** Time between scheduling and T0: what tickets and doors took last time, and a reserve. */
let prepareMs = 12_000;

export async function runDoor(stage: Stage, size: CrowdSize = RUSH): Promise<Figures> {
  const startedMs = performance.now();
  const sale = await newSale(stage, "door", size.sockets, 1, prepareMs);
  const crowd = await Crowd.gather(stage, "door", sale.saleId, sale.epoch, size);
  try {
    prepareMs = Math.ceil((performance.now() - startedMs) * 1.3 + 500);
    await sleep(sale.opensAtMs + AFTER_OPENING_MS - Date.now());
    const meter = new CpuMeter(stage.product.serverPids);
    const elapsedMs = await crowd.grabAll();
    const cpu = meter.read();
    const perSecond = (crowd.granted / elapsedMs) * 1_000;
    const breaches = [
      ...crowd.breaches(),
      ...(await soldExactly(stage, sale.saleId, size.sockets, crowd.granted)),
    ];
    return { name: "door", perSecond, latenciesMs: crowd.latenciesMs, ...cpu, breaches };
  } finally {
    crowd.leave();
  }
}

export async function runCalm(stage: Stage): Promise<Figures> {
  const sale = await newSale(stage, "calm", CALM.sockets, 1);
  const crowd = await Crowd.gather(stage, "calm", sale.saleId, sale.epoch, CALM);
  try {
    const meter = new CpuMeter(stage.product.serverPids);
    const elapsedMs = await crowd.grabOneByOne();
    const cpu = meter.read();
    const perSecond = (crowd.granted / elapsedMs) * 1_000;
    const breaches = [
      ...crowd.breaches(),
      ...(await soldExactly(stage, sale.saleId, CALM.sockets, crowd.granted)),
    ];
    return { name: "calm", perSecond, latenciesMs: crowd.latenciesMs, ...cpu, breaches };
  } finally {
    crowd.leave();
  }
}

/** Members with a ticket and an open door. */
class Crowd {
  readonly latenciesMs: Float64Array;
  granted = 0;
  readonly #doors: DoorSocket[] = [];
  readonly #grabbedMs: Float64Array;
  readonly #outcomes: (string | undefined)[];
  readonly #lost: string[] = [];
  #decided = 0;
  #onVerdict: () => void = () => undefined;

  private constructor(size: number) {
    this.latenciesMs = new Float64Array(size);
    this.#grabbedMs = new Float64Array(size);
    this.#outcomes = Array.from({ length: size });
  }

  static async gather(
    stage: Stage,
    name: string,
    saleId: string,
    epoch: number,
    size: CrowdSize,
  ): Promise<Crowd> {
    const doorUrls = await takeTickets(stage, name, saleId, epoch, size.sockets);
    const crowd = new Crowd(size.sockets);
    await inParallel(doorUrls, size.openAtOnce, (doorUrl, at) =>
      crowd.#open(stage.product.origin, doorUrl, at),
    );
    return crowd;
  }

  #open(origin: string, doorUrl: string, at: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#doors[at] = new DoorSocket(origin, doorUrl, {
        onClock: () => resolve(),
        onVerdict: (frame) => this.#verdict(frame, at),
        onLost: (error) => {
          this.#lost.push(error.message);
          reject(error);
        },
      });
    });
  }

  #verdict(frame: VerdictFrame, at: number): void {
    const nowMs = performance.now();
    if (frame.outcome === "again") {
      // No verdict: the same grab counts when it comes again.
      setTimeout(() => this.#doors[at]?.grab(), (frame.opensInMs ?? 20) + 1);
      return;
    }
    if (this.#outcomes[at] !== undefined) return;
    this.#outcomes[at] = frame.outcome === "granted" ? "granted" : (frame.code ?? "refused");
    this.latenciesMs[at] = nowMs - (this.#grabbedMs[at] ?? nowMs);
    this.#decided += 1;
    if (frame.outcome === "granted") this.granted += 1;
    this.#onVerdict();
  }

  /** Milliseconds between the first grab and the last verdict. */
  async grabAll(): Promise<number> {
    const all = this.#until(() => this.#decided + this.#lost.length >= this.#doors.length);
    const startedMs = performance.now();
    for (let at = 0; at < this.#doors.length; at += 1) {
      this.#grab(at);
      if (at % GRABS_AT_A_STRETCH === GRABS_AT_A_STRETCH - 1) await new Promise(setImmediate);
    }
    return (await all) - startedMs;
  }

  async grabOneByOne(): Promise<number> {
    const startedMs = performance.now();
    let lastMs = startedMs;
    for (let at = 0; at < this.#doors.length; at += 1) {
      const verdict = this.#until(() => this.#outcomes[at] !== undefined);
      this.#grab(at);
      lastMs = await verdict;
    }
    return lastMs - startedMs;
  }

  #grab(at: number): void {
    this.#grabbedMs[at] = performance.now();
    this.#doors[at]?.grab();
  }

  /** The moment `isDone` became true, or the moment patience ended. */
  #until(isDone: () => boolean): Promise<number> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(performance.now()), VERDICTS_PATIENCE_MS);
      this.#onVerdict = () => {
        if (!isDone()) return;
        clearTimeout(timer);
        resolve(performance.now());
      };
    });
  }

  breaches(): string[] {
    const breaches: string[] = [];
    const without = this.#outcomes.filter((outcome) => outcome === undefined).length;
    if (without > 0) breaches.push(`${without} grabs without a verdict`);
    if (this.#lost.length > 0)
      breaches.push(`${this.#lost.length} doors lost, the first by: ${this.#lost[0]}`);
    return breaches;
  }

  leave(): void {
    for (const door of this.#doors) door?.close();
  }
}

async function takeTickets(
  stage: Stage,
  name: string,
  saleId: string,
  epoch: number,
  count: number,
): Promise<string[]> {
  const { http } = stage.api;
  const path = `/api/v1/sales/${saleId}/tickets`;
  const doorUrls: string[] = Array.from({ length: count });
  const result = await http.drive({
    count,
    connections: TICKET_CONNECTIONS,
    request: (at) => {
      const body = { orderId: orderIdOf(stage, name, at), quantity: 1, epoch };
      return serializeRequest({
        host: http.host,
        method: "POST",
        path,
        token: memberAt(stage, at).token,
        body,
      });
    },
    onReply: (at, status, readBody) => {
      if (status === 201) doorUrls[at] = (JSON.parse(readBody()) as TicketResponse).doorUrl;
    },
  });
  const missing = count - (result.statuses[201] ?? 0);
  if (missing > 0)
    throw new Error(
      `${missing} of ${count} tickets were not given: ${JSON.stringify(result.statuses)}`,
    );
  return doorUrls;
}
