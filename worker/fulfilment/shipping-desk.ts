/**
 * Parcels. A parcel is written down as `preparing`, the order is asked, and only its agreement makes the parcel `sent`: so a cancel
 * and a shipment that meet have one outcome, whichever dies in between. The sweep asks again for what stayed `preparing`.
 */
import { DAY_MS } from "../kernel/clock.ts";
import type { Env } from "../platform/env.ts";
import { nextRows, type RoundList } from "../platform/rounds.ts";
import { AddressBook, type OrderRef } from "./address-book.ts";
import {
  AUTO_RECEIVE_DAYS,
  newerState,
  receivedByItselfAtMs,
  unitsLeft,
  type ParcelState,
  type Track,
  type TrackPoint,
} from "./core/index.ts";
import { hasAgreed, OrderGate, type OrderFacts } from "./order-gate.ts";

export interface Shipment extends OrderRef {
  readonly shipmentId: string;
  readonly quantity: number;
  readonly carrier: string;
  readonly trackingNo: string;
  readonly state: ParcelState | "preparing";
  readonly points: readonly TrackPoint[];
  readonly sentAtMs: number;
  readonly signedAtMs: number | null;
}

export interface NewShipment extends OrderRef {
  readonly shipmentId: string;
  readonly carrier: string;
  readonly trackingNo: string;
  /** Null: all that are left. */
  readonly quantity: number | null;
  /** `staff:<id>` */
  readonly by: string;
}

export type ShipRefusal =
  | "order_unknown"
  | "not_physical"
  | "order_state"
  | "needs_address"
  | "nothing_left"
  | "too_many"
  | "number_used";

interface Refused {
  readonly kind: "refused";
  readonly reason: ShipRefusal;
  readonly state?: string;
}

export type ShipOutcome =
  | { readonly kind: "sent"; readonly shipment: Shipment; readonly isRepeat: boolean }
  | Refused;

interface Sendable {
  readonly kind: "sendable";
  readonly quantity: number;
  readonly unitsToSend: number;
}

interface ShipmentRow {
  readonly shipment_id: string;
  readonly member_id: string;
  readonly order_id: string;
  readonly quantity: number;
  readonly carrier: string;
  readonly tracking_no: string;
  readonly state: Shipment["state"];
  readonly points: string;
  readonly sent_at_ms: number;
  readonly signed_at_ms: number | null;
}

const FIRST_LOOK_MS = 30 * 60_000;
const LOOK_EVERY_MS = 4 * 3_600_000;
const LOOK_FOR_MS = 30 * DAY_MS;
const LOOK_AFTER_SILENCE_MS = 10 * 60_000;
const OF_ORDER = "programme_id = ?1 AND member_id = ?2 AND order_id = ?3";

const readShipment = (row: ShipmentRow): Shipment => ({
  shipmentId: row.shipment_id,
  memberId: row.member_id,
  orderId: row.order_id,
  quantity: row.quantity,
  carrier: row.carrier,
  trackingNo: row.tracking_no,
  state: row.state,
  points: JSON.parse(row.points) as TrackPoint[],
  sentAtMs: row.sent_at_ms,
  signedAtMs: row.signed_at_ms,
});

const SHIPPABLE = new Set(["to_ship", "shipped"]);
const refused = (reason: ShipRefusal, state?: string): Refused =>
  state === undefined ? { kind: "refused", reason } : { kind: "refused", reason, state };

export class ShippingDesk {
  readonly #env: Env;
  readonly #db: D1Database;
  readonly #programmeId: string;
  readonly #orders: OrderGate;

  constructor(env: Env, programmeId: string) {
    this.#env = env;
    this.#db = env.DB;
    this.#programmeId = programmeId;
    this.#orders = new OrderGate(env, programmeId);
  }

  async ofOrder({ memberId, orderId }: OrderRef): Promise<Shipment[]> {
    const { results } = await this.#db
      .prepare(`SELECT * FROM shipments WHERE ${OF_ORDER} ORDER BY sent_at_ms, shipment_id`)
      .bind(this.#programmeId, memberId, orderId)
      .all<ShipmentRow>();
    return results.map(readShipment);
  }

  /** Idempotent by `shipmentId`. */
  async send(wish: NewShipment, nowMs: number): Promise<ShipOutcome> {
    const known = await this.#find(wish.shipmentId);
    if (known && known.state !== "preparing") {
      return { kind: "sent", shipment: known, isRepeat: true };
    }
    const sendable = await this.#sendable(wish, 0);
    if (sendable.kind === "refused") return sendable;
    const { quantity, unitsToSend } = sendable;
    if (!known && !(await this.#prepare({ ...wish, quantity }, unitsToSend, nowMs))) {
      // The same request beside this one may have written it.
      const twin = await this.#find(wish.shipmentId);
      if (!twin) return refused("number_used");
      if (twin.state !== "preparing") return { kind: "sent", shipment: twin, isRepeat: true };
    }
    return this.#ask({ ...wish, quantity }, nowMs);
  }

  /** What `send` would answer now, without a trace. `promised`: units that parcels take which are to leave before it. */
  async wouldSend(
    wish: NewShipment,
    promised: number,
  ): Promise<Sendable | Refused | { readonly kind: "repeated" }> {
    const known = await this.#find(wish.shipmentId);
    if (known && known.state !== "preparing") return { kind: "repeated" };
    return this.#sendable(wish, promised);
  }

  async #sendable(wish: NewShipment, promised: number): Promise<Sendable | Refused> {
    const order = await this.#orders.facts(wish);
    const refusal = await this.#refusal(order, wish);
    if (refusal || !order) return refusal ?? refused("order_unknown");
    const sent = await this.ofOrder(wish);
    const others = sent.filter(({ shipmentId }) => shipmentId !== wish.shipmentId);
    const left = unitsLeft(order.unitsToSend, [...others, { quantity: promised }]);
    const quantity = wish.quantity ?? left;
    if (left === 0) return refused("nothing_left");
    if (quantity > left) return refused("too_many");
    // Sent by hand under an id of its own, it is the same box.
    const isOn = others.some(
      ({ carrier, trackingNo }) => carrier === wish.carrier && trackingNo === wish.trackingNo,
    );
    if (isOn) return refused("number_used");
    return { kind: "sendable", quantity, unitsToSend: order.unitsToSend };
  }

  async #refusal(order: OrderFacts | null, wish: NewShipment): Promise<Refused | null> {
    if (!order) return refused("order_unknown");
    if (order.goodsKind !== "physical") return refused("not_physical");
    if (!SHIPPABLE.has(order.state)) return refused("order_state", order.state);
    const book = await AddressBook.open(this.#env, this.#programmeId);
    const recipient = await book.recipient(wish);
    return recipient?.kind === "address" ? null : refused("needs_address");
  }

  /** False: the units went into another parcel meanwhile, or the number is on this order already. */
  async #prepare(
    wish: NewShipment & { readonly quantity: number },
    toSend: number,
    nowMs: number,
  ): Promise<boolean> {
    const { shipmentId, memberId, orderId, quantity, carrier, trackingNo, by } = wish;
    const { meta } = await this.#db
      .prepare(
        `INSERT INTO shipments (programme_id, member_id, order_id, shipment_id, quantity, carrier, tracking_no, state, points, sent_by, sent_at_ms)
         SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, 'preparing', '[]', ?8, ?9
         WHERE (SELECT COALESCE(SUM(quantity), 0) FROM shipments WHERE ${OF_ORDER}) + ?5 <= ?10
         ON CONFLICT DO NOTHING`,
      )
      .bind(
        ...[this.#programmeId, memberId, orderId, shipmentId, quantity],
        ...[carrier, trackingNo, by, nowMs, toSend],
      )
      .run();
    return meta.changes === 1;
  }

  async #ask(
    wish: NewShipment & { readonly quantity: number },
    nowMs: number,
  ): Promise<ShipOutcome> {
    globalThis.failpoints?.reach("fulfilment:ship:before-order");
    const reply = await this.#orders.advance({
      ...{ memberId: wish.memberId, orderId: wish.orderId, step: "ship", by: wish.by },
      ...{ key: wish.shipmentId, note: wish.trackingNo.slice(-4) },
      ...{ units: wish.quantity, withinMs: AUTO_RECEIVE_DAYS * DAY_MS },
    });
    if (!hasAgreed(reply)) {
      await this.#db
        .prepare(
          "DELETE FROM shipments WHERE programme_id = ?1 AND shipment_id = ?2 AND state = 'preparing'",
        )
        .bind(this.#programmeId, wish.shipmentId)
        .run();
      if (reply.kind !== "refused") return refused("order_unknown");
      return reply.reason === "too_much"
        ? refused("too_many")
        : refused("order_state", reply.state);
    }
    globalThis.failpoints?.reach("fulfilment:ship:after-order");
    await this.#db
      .prepare(
        `UPDATE shipments SET state = 'sent', ask_at_ms = ?3 WHERE programme_id = ?1 AND shipment_id = ?2 AND state = 'preparing'`,
      )
      .bind(this.#programmeId, wish.shipmentId, nowMs + FIRST_LOOK_MS)
      .run();
    const shipment = await this.#find(wish.shipmentId);
    return shipment ? { kind: "sent", shipment, isRepeat: false } : refused("order_unknown");
  }

  async #find(shipmentId: string): Promise<Shipment | null> {
    const row = await this.#db
      .prepare("SELECT * FROM shipments WHERE programme_id = ?1 AND shipment_id = ?2")
      .bind(this.#programmeId, shipmentId)
      .first<ShipmentRow>();
    return row && readShipment(row);
  }

  /** What a crash left between the parcel and the order. */
  async finish(shipment: Shipment, by: string, nowMs: number): Promise<ShipOutcome> {
    return this.#ask({ ...shipment, by }, nowMs);
  }

  /** News of the courier. Told twice, late or in another order, they leave the same. */
  async learn(shipment: Shipment, track: Track, nowMs: number): Promise<void> {
    if (shipment.state === "preparing") return;
    const state = newerState(shipment.state, track.state);
    const isOver = state === "signed" || state === "returned";
    const signedAtMs =
      shipment.signedAtMs ?? (state === "signed" ? (track.points[0]?.atMs ?? nowMs) : null);
    // A shorter list is an older one that came late.
    const points = track.points.length >= shipment.points.length ? track.points : shipment.points;
    const isStale = nowMs - shipment.sentAtMs > LOOK_FOR_MS;
    await this.#db
      .prepare(
        `UPDATE shipments SET state = ?3, points = ?4, signed_at_ms = ?5, ask_at_ms = ?6
         WHERE programme_id = ?1 AND shipment_id = ?2 AND state NOT IN ('signed', 'returned')`,
      )
      .bind(
        ...[this.#programmeId, shipment.shipmentId, state, JSON.stringify(points.slice(0, 60))],
        ...[signedAtMs, isOver || isStale ? null : nowMs + LOOK_EVERY_MS],
      )
      .run();
  }

  /** The service did not answer: others come first when it is asked again. */
  async lookLater({ shipmentId }: Shipment, nowMs: number): Promise<void> {
    await this.#db
      .prepare(
        "UPDATE shipments SET ask_at_ms = ?3 WHERE programme_id = ?1 AND shipment_id = ?2 AND ask_at_ms <= ?4",
      )
      .bind(this.#programmeId, shipmentId, nowMs + LOOK_AFTER_SILENCE_MS, nowMs)
      .run();
  }

  /** Signed for long enough, the order is received although its member never said so. */
  async receiveSigned(order: OrderRef, nowMs: number): Promise<boolean> {
    const parcels = await this.ofOrder(order);
    const dueAtMs = Math.max(
      ...parcels.map(({ sentAtMs, signedAtMs }) => receivedByItselfAtMs(sentAtMs, signedAtMs)),
    );
    const isWhole = parcels.length > 0 && parcels.every(({ signedAtMs }) => signedAtMs !== null);
    if (!isWhole || dueAtMs > nowMs) return false;
    return hasAgreed(
      await this.#orders.advance({ ...order, step: "receive", by: "system", key: "signed" }),
    );
  }

  /** By the number on the parcel, for the courier's own messages. */
  async byNumber(carrier: string, trackingNo: string): Promise<Shipment[]> {
    const { results } = await this.#db
      .prepare(
        "SELECT * FROM shipments WHERE programme_id = ?1 AND carrier = ?2 AND tracking_no = ?3 LIMIT 20",
      )
      .bind(this.#programmeId, carrier, trackingNo)
      .all<ShipmentRow>();
    return results.map(readShipment);
  }
}

export interface DueShipment {
  readonly programmeId: string;
  readonly sentBy: string;
  readonly shipment: Shipment;
}

type DueRow = ShipmentRow & { readonly programme_id: string; readonly sent_by: string };

export const DUE_SHIPMENTS = {
  to_ask: {
    ...{ name: "shipments:to_ask", rows: 100, by: ["ask_at_ms", "rowid"], start: [0, 0] },
    ...{ columns: "*", from: "shipments", where: "ask_at_ms IS NOT NULL AND ask_at_ms <= ?3" },
  },
  half_sent: {
    ...{ name: "shipments:half_sent", rows: 100, by: ["sent_at_ms", "rowid"], start: [0, 0] },
    ...{ columns: "*", from: "shipments" },
    where: "state = 'preparing' AND sent_at_ms <= ?3 - 30000",
  },
} satisfies Readonly<Record<string, RoundList>>;

/** Parcels whose courier is to be asked, and those that a crash left half sent; of all programmes. */
export async function dueShipments(
  db: D1Database,
  which: keyof typeof DUE_SHIPMENTS,
  nowMs: number,
): Promise<DueShipment[]> {
  const rows = await nextRows<DueRow>(db, DUE_SHIPMENTS[which], nowMs);
  return rows.map((row) => ({
    programmeId: row.programme_id,
    sentBy: row.sent_by,
    shipment: readShipment(row),
  }));
}

export const SIGNED: RoundList = {
  ...{ name: "shipments:signed", rows: 100, by: ["s.signed_at_ms", "s.rowid"], start: [0, 0] },
  columns: "s.programme_id AS programmeId, s.member_id AS memberId, s.order_id AS orderId",
  from: `shipments AS s JOIN orders AS o
    ON o.programme_id = s.programme_id AND o.member_id = s.member_id AND o.order_id = s.order_id AND o.state = 'shipped'`,
  where: "s.signed_at_ms IS NOT NULL AND s.signed_at_ms <= ?3",
};

/** Orders with a parcel that was signed for long ago and that nobody received yet. */
export async function signedLongAgo(
  db: D1Database,
  nowMs: number,
): Promise<{ programmeId: string; memberId: string; orderId: string }[]> {
  type Row = { programmeId: string; memberId: string; orderId: string };
  const rows = await nextRows<Row>(db, SIGNED, nowMs - 7 * DAY_MS);
  // An order may have several parcels.
  const keyOf = ({ programmeId, memberId, orderId }: Row): string =>
    `${programmeId} ${memberId} ${orderId}`;
  return [...new Map(rows.map((row) => [keyOf(row), row])).values()];
}
