/** What a door tells its Sku for those who watch the sale: answers, how long they took, and how many sockets are here. */
import { parseSaleId } from "../kernel/ids.ts";
import { describeError, log } from "../platform/log.ts";
import { Tally, type AnswerTally } from "./figures.ts";
import type { DoorCount } from "./monitor.ts";

interface SkuPeer {
  tally(saleId: string, tally: AnswerTally | null, door: DoorCount): Promise<void>;
}

export interface ReportPorts {
  readonly saleId: () => string;
  readonly door: () => string;
  readonly sockets: () => number;
  readonly now: () => number;
  readonly sku: (skuKey: string) => SkuPeer;
}

const TELL_AFTER_MS = 500;

export class DoorReport {
  readonly #ports: ReportPorts;
  readonly #tally = new Tally();
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(ports: ReportPorts) {
    this.#ports = ports;
  }

  answered(code: string, askedAtMs: number, nowMs: number): void {
    this.#tally.add(code, askedAtMs, nowMs);
    this.soon();
  }

  /** Somebody came or went. */
  soon(): void {
    this.#timer ??= setTimeout(() => void this.#tell(), TELL_AFTER_MS);
  }

  /** A report that is lost costs a few counts. */
  async #tell(): Promise<void> {
    this.#timer = null;
    const { saleId, door, sockets, now, sku } = this.#ports;
    const address = parseSaleId(saleId());
    if (!address) return;
    const count = { door: door(), sockets: sockets(), atMs: now() };
    try {
      await sku(address.skuKey).tally(saleId(), this.#tally.take(), count);
    } catch (error) {
      log("door_report_failed", { error: describeError(error) });
    }
  }
}
