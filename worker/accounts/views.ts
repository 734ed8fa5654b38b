/** What people see of an account: the model in words, figures and what happens next. */
import { bucketOf, storeOfSale } from "../kernel/ids.ts";
import { InvariantBreach } from "../kernel/invariant.ts";
import { accountBuckets, stubOf, type Env } from "../platform/env.ts";
import type { Session } from "../platform/http/api.ts";
import { readableCases } from "./case-words.ts";
import {
  amountDueFen,
  mayApply,
  mayEnd,
  unitsLeft,
  usesOf,
  refundedFen,
  type OrderLife,
  type OrderStep,
} from "./orders/index.ts";
import type { Order } from "./orders.ts";
import type { OrderWithLots } from "./requests.ts";
import type { MeView, OrderView } from "./wire.ts";

/** The Account object that holds a member. */
export function accountOf(env: Env, memberKey: string) {
  return stubOf(env.ACCOUNT, bucketOf(memberKey, accountBuckets(env)), env);
}

/** For who may read the order: the words of its cases are opened. */
export async function orderView(env: Env, stored: OrderWithLots): Promise<OrderView> {
  const view = viewOf(stored);
  const { memberKey, orderId } = stored.order;
  return { ...view, afterSales: await readableCases(env, memberKey, orderId, view.afterSales) };
}

/** As it is stored, with the words of its cases sealed. */
export function viewOf({ order, life, sources }: OrderWithLots): OrderView {
  const state = life?.state ?? redemptionState(order);
  return {
    orderId: order.orderId,
    saleId: order.saleId,
    storeId: storeOfSale(order.saleId),
    ...order.goods,
    quantity: order.quantity,
    epoch: order.epoch,
    outcome: order.grant ? "granted" : order.refusal ? "refused" : "pending",
    state,
    code: order.refusal?.code ?? null,
    figures: order.refusal?.figures ?? {},
    ordinal: order.grant?.ordinal ?? null,
    legs: legsOf(order, life),
    goodsKind: order.goodsKind,
    pay: payOf(life),
    tender: tenderOf(life),
    dueAtMs: life?.receiveByMs ?? life?.closeByMs ?? null,
    lots: order.slices.map((slice) => ({
      lotId: slice.lotId,
      source: sources[slice.lotId] ?? "unknown",
      points: slice.points,
      expiresAtMs: slice.expiresAtMs,
    })),
    next: NEXT[state],
    canCancel: life !== null && mayEnd(life),
    unitsToReturn: life !== null && mayApply(life) ? unitsLeft(life) : 0,
    uses: life && usesOf(life),
    afterSales: (life?.afterSales ?? []).map(caseOf),
    timeline: timelineOf(order, life),
    createdAtMs: order.createdAtMs,
    updatedAtMs: order.updatedAtMs,
    version: order.version,
  };
}

function legsOf(order: Order, life: OrderLife | null): OrderView["legs"] {
  const cash = life?.legs.cash.state ?? (order.cashFen === 0 ? "none" : "void");
  return {
    points: {
      points: order.points,
      state: pointsState(order, life),
      returned: order.isCancelled ? order.points : order.returnedPoints,
      ...discountsOf(order),
    },
    cash: { amountFen: order.cashFen, state: cash, refundedFen: life ? refundedFen(life) : 0 },
    freight: { amountFen: life?.freightFen ?? 0, state: life?.legs.freight.state ?? "free" },
  };
}

function payOf(life: OrderLife | null): OrderView["pay"] {
  if (life?.state !== "awaiting_payment" || life.payByMs === null) return null;
  return { amountFen: amountDueFen(life), payByMs: life.payByMs };
}

/** Who of the staff did something is not the member's to know. */
function caseOf(stored: OrderLife["afterSales"][number]): OrderView["afterSales"][number] {
  const { history, worth: _desk, takingBack, ...one } = stored;
  return {
    ...one,
    isTakingBack: takingBack !== undefined,
    // Its deadline is the Account's own, to ask once more.
    dueAtMs: takingBack ? null : one.dueAtMs,
    evidence: [...one.evidence],
    history: history.map(({ step, atMs, note }) => ({ step, atMs, note })),
  };
}

function tenderOf(life: OrderLife | null): OrderView["tender"] {
  const tender = life?.tender;
  if (!tender || tender.state === "released") return null;
  const { state, points, pointsFen, storedFen, backPoints, backStoredFen } = tender;
  return { state, points, pointsFen, storedFen, backPoints, backStoredFen };
}

function discountsOf({ points, discounts, quantity }: Order) {
  const views = discounts.map((one) => ({
    ...{ discountId: one.discountId, title: one.title, percent: one.percent },
    points: one.points * quantity,
  }));
  return { listPoints: views.reduce((sum, one) => sum + one.points, points), discounts: views };
}

function redemptionState(order: Order): "held" | "in_doubt" | "voided" | "refused" {
  switch (order.hold) {
    case "pending":
      return order.isWanted ? "in_doubt" : "held";
    case "voided":
    case "refused":
      return order.hold;
    case "posted":
      throw new InvariantBreach("a posted order has a life");
  }
}

/** A leg without points follows the order all the same: members read it beside the others. */
function pointsState(order: Order, life: OrderLife | null): OrderView["legs"]["points"]["state"] {
  if (order.hold === "refused") return "none";
  if (order.isCancelled || order.hold === "voided") return "returned";
  if (!life) return "held";
  return order.points === 0 ? "posted" : life.legs.points.state;
}

const NEXT: Readonly<Record<OrderView["state"], OrderView["next"]>> = {
  held: "tap",
  in_doubt: "wait",
  voided: "none",
  refused: "none",
  placed: "wait",
  awaiting_payment: "pay",
  to_ship: "ship",
  to_write_off: "visit",
  issuing: "issue",
  shipped: "receive",
  received: "none",
  closed: "none",
  cancelled: "none",
  refunding: "refund",
  refunded: "none",
};

type TimelineEvent = OrderView["timeline"][number]["event"];
/** Steps that only say where an order starts are told by the grant, and by the payment. */
const EVENTS: Readonly<Partial<Record<OrderStep, TimelineEvent>>> = {
  lapse: "lapsed",
  cancel: "cancelled",
  fail: "failed",
  ship: "shipped",
  use: "used",
  write_off: "written_off",
  reverse_write_off: "write_off_reversed",
  use_coupon: "used",
  reverse_coupon: "write_off_reversed",
  issue: "issued",
  receive: "received",
  close: "closed",
  refund: "refunding",
  refunded: "refunded",
};
/** A member's own act starts an order only where points and stored value paid all of it. */
const STARTS: ReadonlySet<string> = new Set(["start_shipping", "start_write_off", "start_issuing"]);
const MONEY_EVENTS = {
  order: "paid",
  late: "late_paid",
  double: "paid_twice",
  mismatch: "wrong_amount",
} as const;

/** After these money comes late. */
const ENDS: ReadonlySet<OrderStep> = new Set(["lapse", "cancel", "fail"]);

/** An order that was paid is not cancelled but refunded; people read who ended it all the same. */
function eventOf({ step, by, key }: OrderLife["history"][number]): TimelineEvent | undefined {
  if (step !== "refund") return EVENTS[step];
  if (by === "member") return "cancelled";
  // After-sales names no act; a merchant or supplier who cannot deliver does.
  return by.startsWith("staff:") || key !== undefined ? "failed" : "refunding";
}

function timelineOf(order: Order, life: OrderLife | null): OrderView["timeline"] {
  const { hold, createdAtMs, updatedAtMs } = order;
  if (hold === "refused") return [{ event: "refused", atMs: createdAtMs }];
  const timeline: OrderView["timeline"] = [{ event: "held", atMs: createdAtMs }];
  if (order.grant) timeline.push({ event: "granted", atMs: order.grant.atMs });
  if (hold === "voided") timeline.push({ event: "voided", atMs: updatedAtMs });
  for (const one of life?.history ?? []) {
    const { atMs, note } = one;
    const event = eventOf(one);
    if (event) timeline.push({ event, atMs, ...(note === "" ? {} : { note }) });
  }
  const start = life?.history.find(({ step, by }) => by === "member" && STARTS.has(step));
  if (start) timeline.push({ event: "paid", atMs: start.atMs });
  // Providers tell whole seconds, and nothing is told before what it followed.
  const endedAtMs = life?.history.findLast(({ step }) => ENDS.has(step))?.atMs ?? 0;
  for (const { use, paidAtMs } of life?.receipts ?? []) {
    const isOfThatSecond = paidAtMs === endedAtMs - (endedAtMs % 1_000);
    const followedMs = use === "late" && isOfThatSecond ? endedAtMs : (order.grant?.atMs ?? 0);
    timeline.push({ event: MONEY_EVENTS[use], atMs: Math.max(paidAtMs, followedMs) });
  }
  for (const { doneAtMs, createdAtMs: sentAtMs, reason } of life?.refunds ?? []) {
    // What was paid too much goes back while the order goes on.
    const isExtra = reason === "double_paid" || reason === "mismatch";
    const event = isExtra ? "extra_back" : "money_back";
    if (doneAtMs !== null) timeline.push({ event, atMs: Math.max(doneAtMs, sentAtMs) });
  }
  return timeline.toSorted((a, b) => a.atMs - b.atMs);
}

export async function loadMe(env: Env, session: Session): Promise<MeView> {
  const { balance } = await accountOf(env, session.memberKey).points(session.memberKey, 0, 0);
  const { active, held, pending } = balance;
  return {
    memberId: session.memberId,
    programmeId: session.programmeId,
    role: session.role,
    displayName: session.memberId,
    points: { active, held, pending },
  };
}
