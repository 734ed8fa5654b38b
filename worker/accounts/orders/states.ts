/** The state machines of an order and of its legs, as data. What is not in a table does not happen. Pure. */
import type { GoodsKind } from "../../kernel/goods-kind.ts";

export const ORDER_STATES = [
  "placed",
  "awaiting_payment",
  "to_ship",
  "to_write_off",
  "issuing",
  "shipped",
  "received",
  "closed",
  "cancelled",
  "refunding",
  "refunded",
] as const;
export type OrderState = (typeof ORDER_STATES)[number];

export const ORDER_STEPS = [
  "await_payment",
  "start_shipping",
  "start_write_off",
  "start_issuing",
  "lapse",
  "cancel",
  "fail",
  "ship",
  "use",
  "write_off",
  "reverse_write_off",
  "use_coupon",
  "reverse_coupon",
  "submit",
  "issue",
  "receive",
  "close",
  "refund",
  "refunded",
] as const;
export type OrderStep = (typeof ORDER_STEPS)[number];

type Moves = Readonly<Partial<Record<OrderState, OrderState>>>;

/** Step → from → to. */
export const ORDER_MOVES: Readonly<Record<OrderStep, Moves>> = {
  await_payment: { placed: "awaiting_payment" },
  start_shipping: { placed: "to_ship", awaiting_payment: "to_ship" },
  start_write_off: { placed: "to_write_off", awaiting_payment: "to_write_off" },
  start_issuing: { placed: "issuing", awaiting_payment: "issuing" },
  // The cash was not there in time.
  lapse: { awaiting_payment: "cancelled" },
  // Nothing is left to send back: no cash was taken.
  cancel: {
    awaiting_payment: "cancelled",
    to_ship: "cancelled",
    to_write_off: "cancelled",
    issuing: "cancelled",
  },
  // The merchant cannot deliver, and nothing was paid.
  fail: { to_ship: "cancelled", to_write_off: "cancelled", issuing: "cancelled" },
  // Also a further parcel of an order that is on its way.
  ship: { to_ship: "shipped", shipped: "shipped" },
  // A card of several uses: one of them.
  use: { to_write_off: "to_write_off" },
  write_off: { to_write_off: "received" },
  reverse_write_off: { received: "to_write_off", to_write_off: "to_write_off" },
  // The order of a coupon ends with its issue; its uses come afterwards, and it counts them.
  use_coupon: { received: "received", closed: "closed" },
  reverse_coupon: { received: "received", closed: "closed" },
  // A supplier is asked to book it: from here on only its own word ends the order.
  submit: { issuing: "issuing" },
  issue: { issuing: "received" },
  receive: { shipped: "received" },
  close: { received: "closed" },
  refund: {
    to_ship: "refunding",
    to_write_off: "refunding",
    issuing: "refunding",
    shipped: "refunding",
    received: "refunding",
    closed: "refunding",
  },
  refunded: { refunding: "refunded" },
};

/** Where an order goes after `step`; null: not from there. */
export function stateAfter(state: OrderState, step: OrderStep): OrderState | null {
  return ORDER_MOVES[step][state] ?? null;
}

/** How an order of these goods starts once nothing more has to be paid. */
export const START_STEP: Readonly<Record<GoodsKind, OrderStep>> = {
  physical: "start_shipping",
  virtual: "start_issuing",
  card_code: "start_issuing",
  coupon: "start_issuing",
  local_service: "start_write_off",
};

// ---- legs

export const POINTS_LEG_STATES = ["none", "held", "posted", "partly_returned", "returned"] as const;
export type PointsLegState = (typeof POINTS_LEG_STATES)[number];

export const CASH_LEG_STATES = [
  "none",
  "due_on_delivery",
  "awaiting",
  "paid",
  "partly_refunded",
  "refunding",
  "refunded",
  "refund_failed",
  "late_paid",
  "void",
] as const;
export type CashLegState = (typeof CASH_LEG_STATES)[number];

export const FREIGHT_LEG_STATES = [
  "free",
  "due_on_delivery",
  "awaiting",
  "paid",
  "refunded",
  "void",
] as const;
export type FreightLegState = (typeof FREIGHT_LEG_STATES)[number];

type LegMoves<S extends string> = Readonly<Record<S, readonly S[]>>;

export const POINTS_LEG_MOVES: LegMoves<PointsLegState> = {
  none: [],
  held: ["posted", "returned"],
  posted: ["partly_returned", "returned"],
  partly_returned: ["partly_returned", "returned"],
  returned: [],
};

export const CASH_LEG_MOVES: LegMoves<CashLegState> = {
  none: [],
  due_on_delivery: ["void"],
  awaiting: ["paid", "void"],
  paid: ["refunding"],
  partly_refunded: ["refunding"],
  refunding: ["partly_refunded", "refunded", "refund_failed"],
  refund_failed: ["refunding"],
  // Money that comes for a cancelled order goes back by itself.
  void: ["late_paid"],
  late_paid: ["refunding"],
  // Paid once more after everything went back.
  refunded: ["late_paid"],
};

export const FREIGHT_LEG_MOVES: LegMoves<FreightLegState> = {
  free: ["awaiting"],
  due_on_delivery: ["void"],
  awaiting: ["free", "awaiting", "paid", "void"],
  paid: ["refunded"],
  refunded: [],
  void: [],
};

export const mayMove = <S extends string>(moves: LegMoves<S>, from: S, to: S): boolean =>
  moves[from].includes(to);
