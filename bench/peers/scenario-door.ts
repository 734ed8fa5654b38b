/** Takes at a peer's door: sockets and tickets before T0, all grabs at T0. The same client as the product's door has. */
import { inParallel } from "../load/api.ts";
import { DoorSocket, type VerdictFrame } from "../load/door-client.ts";
import { throughputOf } from "../load/scenario.ts";
import { Timeline } from "../load/timeline.ts";
import { PeerCpuMeter } from "./cpu.ts";
import type { Peer } from "./peer.ts";
import {
  EPOCH,
  memberKeyAt,
  nameOf,
  prepareRush,
  rushBreaches,
  type PeerFigures,
  type Rush,
} from "./scenario.ts";

export interface PeerDoorLoad {
  /** Members with a socket; each grabs one unit. */
  readonly sockets: number;
  readonly units?: number;
}

const OPEN_AT_ONCE = 64;
/** As the product's crowd: grabs written before the verdicts that came meanwhile are read. */
const GRABS_AT_A_STRETCH = 128;
const VERDICTS_PATIENCE_MS = 60_000;

export async function runPeerDoor(peer: Peer, load: PeerDoorLoad): Promise<PeerFigures> {
  const { sockets: count } = load;
  const units = load.units ?? count;
  const rush = await prepareRush(peer, { count, members: count, units, variant: "take" });
  const crowd = new PeerCrowd(peer, rush);
  try {
    await crowd.gather();
    const meter = new PeerCpuMeter(peer);
    const elapsedMs = await crowd.grabAll();
    const cpu = meter.read();
    const perSecond = (crowd.granted / elapsedMs) * 1_000;
    const breaches = [...crowd.breaches(), ...(await rushBreaches(peer, rush, crowd.granted))];
    return {
      name: nameOf(peer, "door"),
      perSecond,
      latenciesMs: crowd.latenciesMs,
      ...cpu,
      breaches,
      series: [throughputOf(crowd.timeline.counts)],
    };
  } finally {
    crowd.leave();
  }
}

class PeerCrowd {
  readonly latenciesMs: Float64Array;
  granted = 0;
  timeline = new Timeline(0);
  readonly #peer: Peer;
  readonly #rush: Rush;
  readonly #doors: DoorSocket[] = [];
  readonly #grabbedMs: Float64Array;
  readonly #codes: (string | undefined)[];
  readonly #lost: string[] = [];
  #decided = 0;
  #onDecided: () => void = () => undefined;

  constructor(peer: Peer, rush: Rush) {
    const { length } = rush.orderIds;
    this.#peer = peer;
    this.#rush = rush;
    this.latenciesMs = new Float64Array(length);
    this.#grabbedMs = new Float64Array(length);
    this.#codes = Array.from({ length });
  }

  async gather(): Promise<void> {
    const { sale, orderIds } = this.#rush;
    const doorUrls = orderIds.map((orderId, at) => {
      const ticket = this.#peer.ticketOf({
        memberKey: memberKeyAt(this.#rush, at),
        saleId: sale.saleId,
        orderId,
        quantity: 1,
        epoch: EPOCH,
        points: sale.pricePoints,
      });
      return `/api/v1/sales/${sale.saleId}/door?ticket=${ticket}`;
    });
    await inParallel(doorUrls, OPEN_AT_ONCE, (doorUrl, at) => this.#open(doorUrl, at));
  }

  #open(doorUrl: string, at: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#doors[at] = new DoorSocket(this.#peer.origin, doorUrl, {
        onClock: () => resolve(),
        onVerdict: (frame) => this.#verdict(frame, at),
        onLost: (error) => {
          this.#lost.push(error.message);
          this.#onDecided();
          reject(error);
        },
      });
    });
  }

  #verdict(frame: VerdictFrame, at: number): void {
    if (this.#codes[at] !== undefined) return;
    const nowMs = performance.now();
    this.latenciesMs[at] = nowMs - (this.#grabbedMs[at] ?? 0);
    this.timeline.count(nowMs);
    this.#codes[at] = frame.outcome === "granted" ? "granted" : (frame.code ?? frame.outcome);
    if (frame.outcome === "granted") this.granted += 1;
    this.#decided += 1;
    this.#onDecided();
  }

  /** Milliseconds between the first grab and the last verdict. */
  async grabAll(): Promise<number> {
    const all = new Promise<number>((resolve) => {
      const timer = setTimeout(() => resolve(performance.now()), VERDICTS_PATIENCE_MS);
      this.#onDecided = () => {
        if (this.#decided + this.#lost.length < this.#doors.length) return;
        clearTimeout(timer);
        resolve(performance.now());
      };
    });
    const startedMs = performance.now();
    this.timeline = new Timeline(startedMs);
    for (const [at, door] of this.#doors.entries()) {
      this.#grabbedMs[at] = performance.now();
      door.grab();
      if (at % GRABS_AT_A_STRETCH === GRABS_AT_A_STRETCH - 1) await new Promise(setImmediate);
    }
    return (await all) - startedMs;
  }

  breaches(): string[] {
    const breaches: string[] = [];
    const others = this.#codes.filter((code) => code !== "granted" && code !== "sold_out");
    if (others.length > 0) {
      const first = others[0] ?? "no verdict";
      breaches.push(`${others.length} grabs neither granted nor sold out, the first: ${first}`);
    }
    if (this.#lost.length > 0)
      breaches.push(`${this.#lost.length} doors lost, the first by: ${this.#lost[0]}`);
    return breaches;
  }

  leave(): void {
    for (const door of this.#doors) door?.close();
  }
}
