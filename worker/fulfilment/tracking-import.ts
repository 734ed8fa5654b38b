/** Parcels by a list of tracking numbers: what sending it would say, and sending it. */
import { OWN_SIGHT } from "../kernel/masks.ts";
import type { Env } from "../platform/env.ts";
import type { BadLine, TrackingLine } from "./core/index.ts";
import { OrderList } from "./order-list.ts";
import { ShippingDesk, type NewShipment, type Shipment } from "./shipping-desk.ts";

export interface ImportReport {
  readonly sent: number;
  readonly repeated: number;
  readonly bad: readonly BadLine[];
  /** Lines that go out and that somebody should look at. */
  readonly warned: readonly BadLine[];
}

type Wish = NewShipment & { readonly kind: "wish" };
interface Unclear {
  readonly kind: "refused";
  readonly reason: "order_unknown" | "order_ambiguous";
}

const numberOf = ({ carrier, trackingNo }: TrackingLine): string => `${carrier} ${trackingNo}`;

class Report {
  readonly #bad: BadLine[] = [];
  readonly #warned: BadLine[] = [];
  #sent = 0;
  #repeated = 0;

  refuse({ line }: TrackingLine, reason: string): void {
    this.#bad.push({ line, reason });
  }

  repeat(): void {
    this.#repeated += 1;
  }

  /** One box may hold orders of one member; a number that is another member's is a slip of whoever wrote the list. */
  send({ line }: TrackingLine, isOfAnother: boolean): void {
    this.#sent += 1;
    if (isOfAnother) this.#warned.push({ line, reason: "number_elsewhere" });
  }

  made(): ImportReport {
    return {
      ...{ sent: this.#sent, repeated: this.#repeated },
      ...{ bad: this.#bad, warned: this.#warned },
    };
  }
}

export class TrackingImport {
  readonly #desk: ShippingDesk;
  readonly #orders: OrderList;
  readonly #by: string;

  constructor(env: Env, programmeId: string, by: string) {
    this.#desk = new ShippingDesk(env, programmeId);
    this.#orders = new OrderList(env, programmeId, OWN_SIGHT);
    this.#by = by;
  }

  async send(
    lines: readonly TrackingLine[],
    nowMs: number,
    left: (shipment: Shipment) => void,
  ): Promise<ImportReport> {
    const report = new Report();
    for (const line of lines) {
      const wish = await this.#wishOf(line);
      const isOfAnother = wish.kind === "wish" && (await this.#isOfAnother(wish));
      const outcome = wish.kind === "refused" ? wish : await this.#desk.send(wish, nowMs);
      if (outcome.kind === "refused") report.refuse(line, outcome.reason);
      else if (outcome.isRepeat) report.repeat();
      else {
        report.send(line, isOfAnother);
        left(outcome.shipment);
      }
    }
    return report.made();
  }

  /**
   * What `send` would say of these lines, without a trace. `before`: the lines of the file ahead of them, which will have gone out by
   * then; those that share an order or a number with these are looked at too.
   */
  async check(
    lines: readonly TrackingLine[],
    before: readonly TrackingLine[],
  ): Promise<ImportReport> {
    const report = new Report();
    const orders = new Set(lines.map(({ orderId }) => orderId));
    const numbers = new Set(lines.map(numberOf));
    const ahead = new Set(
      before.filter((one) => orders.has(one.orderId) || numbers.has(numberOf(one))),
    );
    const promised = new Map<string, number>();
    const holders = new Map<string, string>();
    for (const line of [...ahead, ...lines]) {
      const own = ahead.has(line) ? new Report() : report;
      const wish = await this.#wishOf(line);
      const units = promised.get(line.orderId) ?? 0;
      const outcome = wish.kind === "refused" ? wish : await this.#desk.wouldSend(wish, units);
      if (outcome.kind === "refused" || wish.kind === "refused") {
        own.refuse(line, outcome.kind === "refused" ? outcome.reason : "order_unknown");
      } else if (outcome.kind === "repeated") own.repeat();
      else {
        const holder = holders.get(numberOf(line)) ?? wish.memberId;
        own.send(line, holder !== wish.memberId || (await this.#isOfAnother(wish)));
        holders.set(numberOf(line), wish.memberId);
        promised.set(line.orderId, units + outcome.quantity);
      }
    }
    return report.made();
  }

  /** Whose order a line names. The same line sent again is the same parcel. */
  async #wishOf(line: TrackingLine): Promise<Wish | Unclear> {
    const [memberId, ...others] = await this.#orders.membersOf(line.orderId);
    if (memberId === undefined) return { kind: "refused", reason: "order_unknown" };
    if (others.length > 0) return { kind: "refused", reason: "order_ambiguous" };
    const { orderId, carrier, trackingNo, quantity } = line;
    const shipmentId = `${carrier}-${trackingNo}-${orderId}`;
    const by = this.#by;
    return { kind: "wish", memberId, orderId, shipmentId, carrier, trackingNo, quantity, by };
  }

  async #isOfAnother({ carrier, trackingNo, memberId }: NewShipment): Promise<boolean> {
    const parcels = await this.#desk.byNumber(carrier, trackingNo);
    return parcels.some((parcel) => parcel.memberId !== memberId);
  }
}
