/** What is counted: each phase brings the product to rest, does one thing N times, and brings it to rest again. */
import { type Member, type SaleView, type TicketResponse } from "../load/api.ts";
import { DoorSocket } from "../load/door-client.ts";
import { serializeRequest } from "../load/http-wire.ts";
import { sleep } from "../load/api.ts";
import type { Counted } from "./counted.ts";
import type { MeteredShop } from "./shop.ts";

export interface Sizes {
  /** Operations of a phase. */
  readonly count: number;
  /** Requests in flight in a rush: they share commits. */
  readonly connections: number;
}

/** A sale for tickets opens this long after it is scheduled: coming to rest, then a millisecond or five each. */
const opensInMs = (count: number): number => 7_000 + count * 5;
const VERDICT_PATIENCE_MS = 30_000;
const AFTER_OPENING_MS = 40;

export class Phases {
  readonly #shop: MeteredShop;
  readonly #members: readonly Member[];
  readonly #sizes: Sizes;
  #made = 0;

  constructor(shop: MeteredShop, members: readonly Member[], sizes: Sizes) {
    this.#shop = shop;
    this.#members = members;
    this.#sizes = sizes;
  }

  #newIds(count: number): string[] {
    this.#made += 1;
    return Array.from(
      { length: count },
      (_, at) => `cost-order-${this.#made}-${String(at).padStart(6, "0")}`,
    );
  }

  async #counted(
    name: string,
    title: string,
    operations: number,
    work: () => Promise<void>,
  ): Promise<Counted> {
    await this.#shop.readMeter();
    await work();
    return { name, title, operations, figures: await this.#shop.readMeter() };
  }

  /** One-call redemptions in a rush, and the cancel of each. */
  async httpAndCancel(): Promise<Counted[]> {
    const { count, connections } = this.#sizes;
    const sale = await this.#shop.sale(count);
    const ids = this.#newIds(count);
    const bought = await this.#counted("http", "redemption by HTTP, in a rush", count, () =>
      this.#redeem(sale, ids, connections, 201),
    );
    const cancelled = await this.#counted("cancel", "cancel, in a rush", count, () =>
      this.#post(ids, connections, 200, (_at, id) => [`/api/v1/orders/${id}/cancel`, undefined]),
    );
    return [bought, cancelled];
  }

  /** One at a time: no commit is shared, as in a deployment whose many objects are seldom busy. */
  async alone(): Promise<Counted> {
    const count = Math.max(10, Math.ceil(this.#sizes.count / 10));
    const sale = await this.#shop.sale(count);
    const ids = this.#newIds(count);
    return this.#counted("http_alone", "redemption by HTTP, one at a time", count, () =>
      this.#redeem(sale, ids, 1, 201),
    );
  }

  /** Refused without a ticket, after a sale of one unit was sold. */
  async refused(): Promise<Counted> {
    const { count, connections } = this.#sizes;
    const sale = await this.#shop.sale(1);
    const [first = "", ...rest] = this.#newIds(count + 1);
    await this.#redeem(sale, [first], 1, 201);
    return this.#counted("refused_http", "refusal by HTTP after sold-out", count, () =>
      this.#redeem(sale, rest, connections, 409),
    );
  }

  /** Ticket, socket, grab; `units` of them are granted. */
  async door(name: string, title: string, units: number): Promise<Counted> {
    const { count, connections } = this.#sizes;
    const sale = await this.#shop.sale(units, opensInMs(count));
    const ids = this.#newIds(count);
    return this.#counted(name, title, count, async () => {
      const doorUrls = await this.#tickets(sale, ids, connections);
      const granted = await this.#grab(sale, doorUrls);
      if (granted !== Math.min(units, count))
        throw new Error(`${granted} of ${count} grabs at ${units} units were granted`);
    });
  }

  #redeem(sale: SaleView, ids: readonly string[], connections: number, status: number) {
    return this.#post(ids, connections, status, (_at, orderId) => [
      `/api/v1/sales/${sale.saleId}/redemptions`,
      { orderId, quantity: 1, epoch: sale.epoch },
    ]);
  }

  async #tickets(sale: SaleView, ids: readonly string[], connections: number): Promise<string[]> {
    const doorUrls: string[] = [];
    const path = `/api/v1/sales/${sale.saleId}/tickets`;
    await this.#post(
      ids,
      connections,
      201,
      (_at, orderId) => [path, { orderId, quantity: 1, epoch: sale.epoch }],
      (body) => doorUrls.push((JSON.parse(body) as TicketResponse).doorUrl),
    );
    return doorUrls;
  }

  async #post(
    ids: readonly string[],
    connections: number,
    status: number,
    make: (at: number, id: string) => readonly [path: string, body: unknown],
    onBody: (body: string) => void = () => undefined,
  ): Promise<void> {
    const { http } = this.#shop.api;
    const result = await http.drive({
      count: ids.length,
      connections: Math.min(connections, ids.length),
      request: (at) => {
        const [path, body] = make(at, ids[at] ?? "");
        const { token } = this.#members[at % this.#members.length] as Member;
        return serializeRequest({ host: http.host, method: "POST", path, token, body });
      },
      onReply: (_at, got, readBody) => {
        if (got === status) onBody(readBody());
      },
    });
    if (result.statuses[status] !== ids.length)
      throw new Error(`wanted ${ids.length} × ${status}: ${JSON.stringify(result.statuses)}`);
  }

  /** Everybody at the door, then everybody's grab; answers how many were granted. */
  async #grab(sale: SaleView, doorUrls: readonly string[]): Promise<number> {
    const doors: DoorSocket[] = [];
    const outcomes = { granted: 0, refused: 0 };
    let onAll: () => void = () => undefined;
    const all = new Promise<void>((resolve) => (onAll = resolve));
    const count = (outcome: "granted" | "refused"): void => {
      outcomes[outcome] += 1;
      if (outcomes.granted + outcomes.refused === doorUrls.length) onAll();
    };
    try {
      for (const doorUrl of doorUrls) {
        doors.push(
          await new Promise<DoorSocket>((resolve, reject) => {
            const door: DoorSocket = new DoorSocket(this.#shop.origin, doorUrl, {
              onClock: () => resolve(door),
              onVerdict: ({ outcome }) => {
                if (outcome === "again") setTimeout(() => door.grab(), 20);
                else count(outcome);
              },
              onLost: reject,
            });
          }),
        );
      }
      await sleep(sale.opensAtMs + AFTER_OPENING_MS - Date.now());
      for (const door of doors) door.grab();
      await withPatience(all);
      return outcomes.granted;
    } finally {
      for (const door of doors) door.close();
    }
  }
}

async function withPatience(done: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("grabs without a verdict")), VERDICT_PATIENCE_MS);
  });
  try {
    await Promise.race([done, late]);
  } finally {
    clearTimeout(timer);
  }
}
