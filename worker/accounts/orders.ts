/**
 * A redemption at the Account: hold → post or void, and the order that follows. Pure.
 * Law: docs/protocol.md, the Account table. A hold leaves `pending` only on a definite answer.
 */
import { DAY_MS, programmeDay } from "../kernel/clock.ts";
import { storeOfSale } from "../kernel/ids.ts";
import { invariant } from "../kernel/invariant.ts";
import type { FinalRefusal, Refusal } from "../kernel/refusal.ts";
import { listPrice, type AppliedDiscount, type MemberPrice } from "../earning/discounts/index.ts";
import { LAW, type GoodsKind, type Law, type SaleTerms } from "../redemption/index.ts";
import {
  capture,
  hold,
  NO_LEDGER,
  refund,
  release,
  spendablePoints,
  sumOf,
  type Cause,
  type Hold,
  type LotSlice,
  type PointsEntry,
  type RuleShare,
  type Wallet,
} from "./points/index.ts";
import {
  goodsRefusal,
  NO_GOODS_USAGE,
  NOBODY_SPECIAL,
  type GoodsUsage,
  type MemberStanding,
} from "./rules.ts";
import { DEFAULT_POINTS_TERMS, type PointsTerms } from "./terms.ts";

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
  /** What the member pays, discounts off. */
  readonly points: number;
  /** What each discount took off one unit, as it was at the hold; empty: the list price. */
  readonly discounts: readonly AppliedDiscount[];
  readonly cashFen: number;
  readonly hold: HoldState;
  /** The member tapped, so `take` may be sent; otherwise only `probe`. */
  readonly isWanted: boolean;
  readonly isCancelled: boolean;
  /** Points that after-sales gave back while the order stands. */
  readonly returnedPoints: number;
  readonly slices: readonly LotSlice[];
  /** The ledger has an entry of the hold. It seldom has: a redemption writes one entry, when it is granted. */
  readonly isHoldRecorded: boolean;
  readonly refusal: FinalRefusal | null;
  readonly grant: Grant | null;
  readonly goods: OrderGoods;
  readonly goodsKind: GoodsKind;
  /** Carriage, as the terms say; a template may change it once the address is known. */
  readonly freightFen: number;
  /** How long its cash leg may wait after the grant; null: due on delivery. */
  readonly payWithinMs: number | null;
  readonly opensAtMs: number;
  /** Programme day of the hold, for daily limits. */
  readonly day: number;
  /** A ticket's door pass ends here; the hold does not. */
  readonly ticketExpiresAtMs: number;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  readonly version: number;
}

/** An order's place in the member's list: the newest stand first, those of one instant by their ids. */
export type OrderPlace = Pick<Order, "createdAtMs" | "orderId">;

/** Units of this member in this sale that count against its limits. */
export interface LimitUsage {
  readonly pendingUnits: number;
  readonly liveUnits: number;
  readonly todayUnits: number;
  /** Of the goods behind the sale; absent where the goods have no limits. */
  readonly goods?: GoodsUsage;
}

export interface HoldCommand {
  readonly memberKey: string;
  readonly orderId: string;
  readonly quantity: number;
  readonly epoch: number;
  /** True for a redemption, which is a tap; false for a ticket. */
  readonly isTap: boolean;
  /** Absent: nothing is known of the member, so only goods for everybody are theirs. */
  readonly standing?: MemberStanding;
}

/** A wallet as the ledger entries leave it. */
export interface Booking {
  readonly wallet: Wallet;
  readonly entries: readonly PointsEntry[];
}

export interface OrderBooking extends Booking {
  readonly order: Order;
}

export type HoldOutcome =
  | ({ readonly kind: "held" } & OrderBooking)
  | { readonly kind: "refused"; readonly order: Order };

export interface HoldFacts {
  readonly wallet: Wallet;
  readonly command: HoldCommand;
  readonly terms: SaleTerms;
  readonly usage: LimitUsage;
  readonly nowMs: number;
  readonly law?: Law;
  /** What one unit costs this member; absent: the list price. */
  readonly price?: MemberPrice;
}

/** Price, limits and balance are checked here, in the member's own object, so that a post cannot fail. */
export function decideHold(facts: HoldFacts): HoldOutcome {
  const { wallet, command, terms, usage, nowMs, law = LAW } = facts;
  const { price = listPrice(terms.pricePoints) } = facts;
  const points = price.points * command.quantity;
  const refusal = limitRefusal(command, terms, usage, law) ?? balanceRefusal(wallet, points, nowMs);
  const order = newOrder(command, terms, price, nowMs);
  if (refusal) return { kind: "refused", order: { ...order, hold: "refused", refusal } };
  // Goods for cash alone hold no points.
  if (points === 0) return { kind: "held", wallet, order, entries: [] };
  const cause = causeOf(order, "hold", nowMs);
  const wish = { holdId: order.orderId, points, isRecorded: false, cause };
  const held = hold(wallet, wish, NO_LEDGER, nowMs);
  invariant(held.kind === "held", "I4 a hold that was checked is made", { kind: held.kind });
  const { slices, isRecorded } = held.hold;
  return {
    kind: "held",
    wallet: held.wallet,
    order: { ...order, slices, isHoldRecorded: isRecorded },
    entries: held.entries,
  };
}

/**
 * Why an entry of an order exists. The order's own state lets each of them happen once, so the ledger is not asked for
 * the key; its unique index would refuse a second one of a kind that is not written at every redemption.
 */
export function causeOf(
  order: Order,
  verb: "hold" | "redeem" | "release" | "redeem_rollback",
  occurredAtMs: number,
): Cause {
  return {
    naturalKey: `${verb}:${order.orderId}`,
    orderId: order.orderId,
    sourceId: null,
    // What was paid says why it was less; what comes back was explained when it went.
    breakdown: verb === "redeem" ? discountShares(order) : [],
    actor: "member",
    storeId: storeOfSale(order.saleId),
    customerNote: order.goods.title,
    internalNote: "",
    occurredAtMs,
  };
}

/** Discounts stand in a ledger beside rules and tasks, so their ids say what they are. */
export const DISCOUNT_SHARE = "discount:";

function discountShares({ discounts, quantity }: Order): RuleShare[] {
  return discounts.map(({ discountId, version, points }) => ({
    ruleId: `${DISCOUNT_SHARE}${discountId}`,
    version,
    points: points * quantity,
  }));
}

function holdOf(order: Order): Hold {
  const { orderId, points, slices, isHoldRecorded } = order;
  return { holdId: orderId, points, slices, isRecorded: isHoldRecorded };
}

/** A redemption refused without a hold, for a reason the Account knows; the row makes it final. */
export function refuseHold(
  command: HoldCommand,
  terms: SaleTerms,
  refusal: FinalRefusal,
  nowMs: number,
): Order {
  const order = newOrder(command, terms, listPrice(terms.pricePoints), nowMs);
  return { ...order, hold: "refused", refusal };
}

function newOrder(
  command: HoldCommand,
  terms: SaleTerms,
  price: MemberPrice,
  nowMs: number,
): Order {
  const { memberKey, orderId, quantity, epoch, isTap } = command;
  const { title, subtitle, picture, groundColor } = terms;
  return {
    ...{ memberKey, orderId, saleId: terms.saleId, termsVersion: terms.version, quantity, epoch },
    points: price.points * quantity,
    discounts: price.applied,
    cashFen: terms.priceFen * quantity,
    hold: "pending",
    isWanted: isTap,
    isCancelled: false,
    returnedPoints: 0,
    slices: [],
    isHoldRecorded: false,
    refusal: null,
    grant: null,
    goods: { title, subtitle, picture, groundColor },
    goodsKind: terms.goods?.kind ?? "physical",
    freightFen: terms.goods?.freightFen ?? 0,
    payWithinMs: terms.payWithinMs ?? null,
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
  const { standing = NOBODY_SPECIAL, quantity } = command;
  const ofGoods = goodsRefusal(terms.goods, quantity, standing, usage.goods ?? NO_GOODS_USAGE);
  if (ofGoods) return ofGoods;
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

function balanceRefusal(wallet: Wallet, points: number, nowMs: number): FinalRefusal | null {
  const active = spendablePoints(wallet, nowMs);
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
  wallet: Wallet,
  order: Order,
  grant: Grant & { readonly epoch: number },
  nowMs: number,
  law: Law = LAW,
): OrderBooking | "already" {
  if (order.hold === "posted" && law.settleOnce) return "already";
  invariant(
    order.hold === "pending" || order.hold === "posted",
    "I5 a grant meets a pending or a posted hold",
    { hold: order.hold },
  );
  invariant(grant.epoch === order.epoch, "I8 a hold posts under its own stamp");
  // Two objects, two clocks: an entry never says that it happened after it was written.
  const cause = causeOf(order, "redeem", Math.min(grant.atMs, nowMs));
  const captured = capture(wallet, holdOf(order), cause, NO_LEDGER, nowMs);
  invariant(captured.kind === "booked", "I5 what is held can be spent", { kind: captured.kind });
  const { ordinal, remaining, atMs } = grant;
  const posted: Order = {
    ...order,
    hold: "posted",
    isWanted: true,
    grant: { ordinal, remaining, atMs },
    updatedAtMs: nowMs,
    version: order.version + 1,
  };
  return { wallet: captured.wallet, entries: captured.entries, order: posted };
}

export interface VoidFacts {
  readonly wallet: Wallet;
  readonly order: Order;
  readonly refusal: FinalRefusal;
  /** The epoch that the refusal names; null: it is refused for every one. */
  readonly stamp: number | null;
  readonly nowMs: number;
  readonly law?: Law;
  readonly terms?: PointsTerms;
}

/**
 * A refusal that is final for the stamp it names: points back to their own lots, or by the programme's terms where a lot
 * lapsed meanwhile, which the ledger then tells. Anything else is ignored.
 */
export function voidHold(facts: VoidFacts): OrderBooking | "ignored" {
  const { wallet, order, refusal, stamp, nowMs } = facts;
  const { law = LAW, terms = DEFAULT_POINTS_TERMS } = facts;
  if (order.hold !== "pending") return "ignored";
  // A forgone id names no stamp: it is refused for every one.
  if (stamp !== null && stamp !== order.epoch && law.refusalNamesStamp) return "ignored";
  const voided: Order = {
    ...order,
    hold: "voided",
    refusal,
    updatedAtMs: nowMs,
    version: order.version + 1,
  };
  if (order.points === 0) return { wallet, entries: [], order: voided };
  const cause = causeOf(order, "release", nowMs);
  const back = release(wallet, holdOf(order), terms.lapse, cause, NO_LEDGER, nowMs);
  invariant(back.kind === "booked", "I5 what is held can be released", { kind: back.kind });
  return { wallet: back.wallet, entries: back.entries, order: voided };
}

export interface CancelWish {
  readonly terms: PointsTerms;
  /** Points that the member was told are lost; null: nobody was told anything. */
  readonly forfeitMax: number | null;
  /** Who gives it back, as the ledger names them; absent: the member. */
  readonly actor?: string;
}

const CANCEL_BY_DEFAULT: CancelWish = { terms: DEFAULT_POINTS_TERMS, forfeitMax: null };

export type CancelOutcome =
  | ({ readonly kind: "cancelled" } & OrderBooking)
  | { readonly kind: "already" }
  /** More points would be lost than the member was told. */
  | { readonly kind: "refused"; readonly refusal: Refusal };

/** The member gives the unit back before shipment: points to their own lots, the unit to `returned` by outbox. */
export function cancelOrder(
  wallet: Wallet,
  order: Order,
  nowMs: number,
  law: Law = LAW,
  wish: CancelWish = CANCEL_BY_DEFAULT,
): CancelOutcome {
  invariant(order.hold === "posted", "only a posted order is cancelled");
  if (order.isCancelled && law.cancelOnceAtAccount) return { kind: "already" };
  const cause = causeOf(order, "redeem_rollback", nowMs);
  const command = {
    slices: order.slices,
    alreadyReturned: order.returnedPoints,
    points: order.points - order.returnedPoints,
    policy: wish.terms.lapse,
    quotedForfeit: wish.forfeitMax,
    cause: { ...cause, actor: wish.actor ?? cause.actor },
  };
  const back = refund(wallet, command, NO_LEDGER, nowMs);
  if (back.kind === "refused") return back;
  invariant(back.kind === "booked", "I5 what was spent can be returned", { kind: back.kind });
  const cancelled: Order = {
    ...order,
    isCancelled: true,
    updatedAtMs: nowMs,
    version: order.version + 1,
  };
  return { kind: "cancelled", wallet: back.wallet, entries: back.entries, order: cancelled };
}

/** Asserts that an order agrees with its slices after it was read from storage. */
export function assertOrder(order: Order): void {
  const holdsPoints = order.hold === "pending" || order.hold === "posted";
  invariant(!holdsPoints || sumOf(order.slices) === order.points, "I4 slices sum to the price");
  invariant(order.hold !== "posted" || order.grant !== null, "I5 a posted hold has its grant");
  invariant(!order.isCancelled || order.hold === "posted", "only a posted order is cancelled");
  invariant(order.returnedPoints <= order.points, "I4 never more points come back than were spent");
}
