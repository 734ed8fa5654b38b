/** Synthetic members with tickets at the doors of one sale, who tap the way people do: most at once, the rest dawdling. */
import {
  readProblem,
  sleep,
  type Member,
  type ProductApi,
  type SaleView,
  type TicketResponse,
} from "../load/api.ts";
import { DoorSocket } from "../load/door-client.ts";
import type { Random } from "../load/random.ts";

export interface Tally {
  granted: number;
  units: number;
  waiting: number;
  /** Refusals by code, and members who got no answer by reason. */
  readonly refused: Map<string, number>;
}

export interface CrowdOptions {
  readonly api: ProductApi;
  readonly origin: string;
  readonly sale: SaleView;
  readonly random: Random;
  /** How long the slowest tap comes after the fastest. */
  readonly spreadMs: number;
}

const VERDICT_PATIENCE_MS = 15_000;
const AGAIN_AFTER_MS = 50;
const EXCHANGES_MAX = 3;

export class RushMember {
  readonly #options: CrowdOptions;
  readonly #member: Member;
  readonly #tally: Tally;
  /** After the opening: nobody taps in the same millisecond, and some hesitate. */
  readonly #tapsAfterMs: number;
  readonly #orderId: string;
  #exchanges = 0;
  #ticket: TicketResponse | null = null;

  constructor(options: CrowdOptions, member: Member, tally: Tally) {
    const { random, spreadMs } = options;
    this.#options = options;
    this.#member = member;
    this.#tally = tally;
    this.#tapsAfterMs = 150 + spreadMs * random.next() ** 1.5;
    this.#orderId = `rush-${random.between(0, 0xffff_ffff).toString(36)}-${random.between(0, 0xffff_ffff).toString(36)}`;
  }

  /** The hold before the hour. False: refused, and tallied. */
  async takeTicket(): Promise<boolean> {
    return this.#newTicket(this.#options.sale.epoch, null);
  }

  #idNow(): string {
    return `${this.#orderId}-${this.#exchanges}`.padEnd(16, "x");
  }

  async #newTicket(epoch: number, replaces: string | null): Promise<boolean> {
    const { api, sale } = this.#options;
    const body = {
      orderId: this.#idNow(),
      quantity: 1,
      epoch,
      ...(replaces === null ? {} : { replaces }),
    };
    const path = `/api/v1/sales/${sale.saleId}/tickets`;
    const reply = await api.http.request("POST", path, { token: this.#member.token, body });
    const given =
      reply.status < 300 ? (JSON.parse(reply.body) as TicketResponse & { outcome?: string }) : null;
    if (given && given.ticket !== undefined) {
      this.#ticket = given;
      return true;
    }
    if (given?.outcome === "granted") this.#won();
    else this.#lost(readProblem(reply).code || String(reply.status));
    return false;
  }

  /** From the door to the verdict. Never rejects: what goes wrong is tallied. */
  async grab(serverNowMs: () => number): Promise<void> {
    this.#tally.waiting += 1;
    while (this.#ticket) {
      const outcome = await this.#visit(this.#ticket.doorUrl, serverNowMs);
      if (outcome.code !== "stale" || this.#exchanges >= EXCHANGES_MAX) {
        if (outcome.code === "granted") this.#won();
        else this.#lost(outcome.code);
        break;
      }
      // A wave came in between: the ticket is exchanged for one of the new epoch, as the page does.
      const old = this.#ticket.orderId;
      this.#exchanges += 1;
      if (!(await this.#newTicket(outcome.epoch, old))) break;
    }
    this.#tally.waiting -= 1;
  }

  #visit(doorUrl: string, serverNowMs: () => number): Promise<{ code: string; epoch: number }> {
    const { origin, sale } = this.#options;
    return new Promise((resolve) => {
      const timers: ReturnType<typeof setTimeout>[] = [];
      const end = (code: string, epoch = 0): void => {
        for (const timer of timers) clearTimeout(timer);
        door.close();
        resolve({ code, epoch });
      };
      const door = new DoorSocket(origin, doorUrl, {
        onClock: () => {
          const waitMs = Math.max(0, sale.opensAtMs - serverNowMs()) + this.#tapsAfterMs;
          timers.push(setTimeout(() => door.grab(), waitMs));
          timers.push(setTimeout(() => end("no_verdict"), waitMs + VERDICT_PATIENCE_MS));
        },
        onVerdict: (frame) => {
          if (frame.outcome === "again") {
            timers.push(setTimeout(() => door.grab(), (frame.opensInMs ?? AGAIN_AFTER_MS) + 5));
          } else
            end(
              frame.outcome === "granted" ? "granted" : (frame.code ?? "refused"),
              frame.epoch ?? 0,
            );
        },
        onLost: () => end("door_lost"),
      });
    });
  }

  #won(): void {
    this.#tally.granted += 1;
    this.#tally.units += 1;
  }

  #lost(code: string): void {
    this.#tally.refused.set(code, (this.#tally.refused.get(code) ?? 0) + 1);
  }
}

/** Waits for T0 by the server's clock, saying how long it takes. */
export async function countDown(
  serverNowMs: () => number,
  opensAtMs: number,
  say: (text: string) => void,
): Promise<void> {
  for (;;) {
    const leftMs = opensAtMs - serverNowMs();
    if (leftMs <= 0) return;
    say(`opens in ${Math.ceil(leftMs / 1_000)} s`);
    await sleep(Math.min(leftMs, 1_000));
  }
}
