/**
 * A redemption at the Account: hold → post or void, and the order that follows. Pure.
 * Law: docs/protocol.md, the Account table. A hold leaves `pending` only on a definite answer.
 */
import { programmeDay } from "../kernel/clock.ts";
import { invariant } from "../kernel/invariant.ts";
import type { FinalRefusal } from "../kernel/refusal.ts";
import { LAW, type Law, type SaleTerms } from "../redemption/index.ts";
import { append, assertMember, returnSlices, type Booking, type Member } from "./model.ts";
import { activePoints, consume, sumOf, type LotSlice } from "./lots.ts";

export type HoldState = "pending" | "posted" | "voided" | "refused";

/** What the page shows of the goods, frozen into the order with the price it was made under. */
export interface OrderGoods {
  readonly title: string;
  readonly subtitle: string;
  readonly picture: string;
  readonly groundColor: string;
}

export interface Grant {
  readonly ordinal: number;
  readonly remaining: number;
  readonly atMs: number;
}

/** Hold and order in one row: the order is what a posted hold became. Rows are kept for ever. */
export interface Order {
  readonly memberKey: string;
  readonly orderId: string;
  readonly saleId: string;
  readonly termsVersion: number;
  readonly quantity: number;
  /** The stamp: never changes. */
  readonly epoch: number;
  readonly points: number;
  readonly cashFen: number;
  readonly hold: HoldState;
  /** The member tapped, so `take` may be sent; otherwise only `probe`. */
  readonly isWanted: boolean;
  readonly isCancelled: boolean;
  readonly slices: readonly LotSlice[];
  readonly refusal: FinalRefusal | null;
  readonly grant: Grant | null;
  readonly goods: OrderGoods;
  readonly opensAtMs: number;
  /** Programme day of the hold, for daily limits. */
  readonly day: number;
  /** A ticket's door pass ends here; the hold does not. */
  readonly ticketExpiresAtMs: number;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  readonly version: number;
}

/** Units of this member in this sale that count against its limits. */
export interface LimitUsage {
  readonly pendingUnits: number;
  readonly liveUnits: number;
  readonly todayUnits: number;
}

export interface HoldCommand {
  readonly memberKey: string;
  readonly orderId: string;
  readonly quantity: number;
  readonly epoch: number;
  /** True for a redemption, which is a tap; false for a ticket. */
  readonly isTap: boolean;
}

export type HoldOutcome =
  | { readonly kind: "held"; readonly member: Member; readonly order: Order }
  | { readonly kind: "refused"; readonly order: Order };

const DAY_MS = 86_400_000;

/** Price, limits and balance are checked here, in the member's own object, so that a post cannot fail. */
export function decideHold(
  member: Member,
  command: HoldCommand,
  terms: SaleTerms,
  usage: LimitUsage,
  nowMs: number,
  law: Law = LAW,
): HoldOutcome {
  const points = terms.pricePoints * command.quantity;
  const refusal = limitRefusal(command, terms, usage, law) ?? balanceRefusal(member, points, nowMs);
  const order = newOrder(command, terms, points, nowMs);
  if (refusal) return { kind: "refused", order: { ...order, hold: "refused", refusal } };
  const consumed = consume(member.lots, points, nowMs);
  const after: Member = { ...member, lots: consumed.lots, held: member.held + points };
  assertMember(after);
  return { kind: "held", member: after, order: { ...order, slices: consumed.slices } };
}

/** A redemption refused without a hold, for a reason the Account knows; the row makes it final. */
export function refuseHold(
  command: HoldCommand,
  terms: SaleTerms,
  refusal: FinalRefusal,
  nowMs: number,
): Order {
  const order = newOrder(command, terms, terms.pricePoints * command.quantity, nowMs);
  return { ...order, hold: "refused", refusal };
}

function newOrder(command: HoldCommand, terms: SaleTerms, points: number, nowMs: number): Order {
  return {
    memberKey: command.memberKey,
    orderId: command.orderId,
    saleId: terms.saleId,
    termsVersion: terms.version,
    quantity: command.quantity,
    epoch: command.epoch,
    points,
    cashFen: terms.priceFen * command.quantity,
    hold: "pending",
    isWanted: command.isTap,
    isCancelled: false,
    slices: [],
    refusal: null,
    grant: null,
    goods: {
      title: terms.title,
      subtitle: terms.subtitle,
      picture: terms.picture,
      groundColor: terms.groundColor,
    },
    opensAtMs: terms.opensAtMs,
    day: programmeDay(nowMs, terms.zoneOffsetMs),
    ticketExpiresAtMs: Math.max(nowMs, Math.min(terms.closesAtMs, nowMs + DAY_MS)),
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
    version: 1,
  };
}

function limitRefusal(
  command: HoldCommand,
  terms: SaleTerms,
  usage: LimitUsage,
  law: Law,
): FinalRefusal | null {
  const used = usage.liveUnits + (law.limitCountsPending ? usage.pendingUnits : 0);
  if (used + command.quantity > terms.limitPerMember) {
    return { code: "limit_reached", figures: { limit: terms.limitPerMember, used } };
  }
  const daily = terms.dailyLimitPerMember;
  if (daily !== null && usage.todayUnits + command.quantity > daily) {
    return { code: "limit_reached", figures: { limit: daily, used: usage.todayUnits, per: "day" } };
  }
  return null;
}

function balanceRefusal(member: Member, points: number, nowMs: number): FinalRefusal | null {
  const active = activePoints(member.lots, nowMs);
  return active >= points
    ? null
    : { code: "points_insufficient", figures: { needed: points, active } };
}

/** The member tapped: from now on asking may take. */
export function markWanted(order: Order, nowMs: number): Order {
  if (order.isWanted) return order;
  return { ...order, isWanted: true, updatedAtMs: nowMs, version: order.version + 1 };
}

/** Granted: the held points become spent and the order is placed. A repeat changes nothing. */
export function post(
  member: Member,
  order: Order,
  grant: Grant & { readonly epoch: number },
  nowMs: number,
  law: Law = LAW,
): (Booking & { readonly order: Order }) | "already" {
  if (order.hold === "posted" && law.settleOnce) return "already";
  invariant(
    order.hold === "pending" || order.hold === "posted",
    "I5 a grant meets a pending or a posted hold",
    { hold: order.hold },
  );
  invariant(grant.epoch === order.epoch, "I8 a hold posts under its own stamp");
  const spent: Member = {
    ...member,
    held: member.held - order.points,
    spent: member.spent + order.points,
  };
  assertMember(spent);
  const booking = append(spent, {
    type: "redeem",
    points: -order.points,
    slices: order.slices,
    naturalKey: `redeem:${order.orderId}`,
    orderId: order.orderId,
    actor: "member",
    reason: order.goods.title,
    occurredAtMs: grant.atMs,
  });
  const { ordinal, remaining, atMs } = grant;
  const posted: Order = {
    ...order,
    hold: "posted",
    isWanted: true,
    grant: { ordinal, remaining, atMs },
    updatedAtMs: nowMs,
    version: order.version + 1,
  };
  return { ...booking, order: posted };
}

/** A refusal that is final for the stamp it names: points back to their own lots. Anything else is ignored. */
export function voidHold(
  member: Member,
  order: Order,
  refusal: FinalRefusal,
  stamp: number | null,
  nowMs: number,
  law: Law = LAW,
): { readonly member: Member; readonly order: Order } | "ignored" {
  if (order.hold !== "pending") return "ignored";
  // A forgone id names no stamp: it is refused for every one.
  if (stamp !== null && stamp !== order.epoch && law.refusalNamesStamp) return "ignored";
  const released: Member = { ...member, held: member.held - order.points };
  const back = returnSlices(released, order.slices, nowMs);
  assertMember(back.member);
  const voided: Order = {
    ...order,
    hold: "voided",
    refusal,
    updatedAtMs: nowMs,
    version: order.version + 1,
  };
  return { member: back.member, order: voided };
}

/** The member gives the unit back before shipment: points to their own lots, the unit to `returned` by outbox. */
export function cancelOrder(
  member: Member,
  order: Order,
  nowMs: number,
  law: Law = LAW,
): (Booking & { readonly order: Order }) | "already" {
  invariant(order.hold === "posted", "only a posted order is cancelled");
  if (order.isCancelled && law.cancelOnceAtAccount) return "already";
  const refunded: Member = { ...member, spent: member.spent - order.points };
  const back = returnSlices(refunded, order.slices, nowMs);
  assertMember(back.member);
  const booking = append(back.member, {
    type: "redeem_rollback",
    points: order.points,
    slices: back.returned,
    naturalKey: `redeem_rollback:${order.orderId}`,
    orderId: order.orderId,
    actor: "member",
    reason: order.goods.title,
    occurredAtMs: nowMs,
  });
  const cancelled: Order = {
    ...order,
    isCancelled: true,
    updatedAtMs: nowMs,
    version: order.version + 1,
  };
  return { ...booking, order: cancelled };
}

/** Which fields of a repeated request differ from the first one; the first body's outcome stands. */
export function differingFields(
  order: Order,
  request: { readonly saleId: string; readonly quantity: number; readonly epoch: number },
): string[] {
  const fields: string[] = [];
  if (order.saleId !== request.saleId) fields.push("saleId");
  if (order.quantity !== request.quantity) fields.push("quantity");
  if (order.epoch !== request.epoch) fields.push("epoch");
  return fields;
}

/** Asserts that an order agrees with its slices after it was read from storage. */
export function assertOrder(order: Order): void {
  const holdsPoints = order.hold === "pending" || order.hold === "posted";
  invariant(!holdsPoints || sumOf(order.slices) === order.points, "I4 slices sum to the price");
  invariant(order.hold !== "posted" || order.grant !== null, "I5 a posted hold has its grant");
  invariant(!order.isCancelled || order.hold === "posted", "only a posted order is cancelled");
}
