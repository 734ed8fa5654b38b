/** What people see of an account: the model in words, figures and what happens next. */
import { bucketOf } from "../kernel/ids.ts";
import { accountBuckets, stubOf, type Env } from "../platform/env.ts";
import type { Session } from "../platform/http/api.ts";
import type { Order } from "./orders.ts";
import type { OrderWithLots } from "./requests.ts";
import type { MeView, OrderView } from "./wire.ts";

/** The Account object that holds a member. */
export function accountOf(env: Env, memberKey: string) {
  return stubOf(env.ACCOUNT, bucketOf(memberKey, accountBuckets(env)), env);
}

export function orderView({ order, sources }: OrderWithLots): OrderView {
  const state = stateOf(order);
  const returned = state === "cancelled" || state === "voided";
  return {
    orderId: order.orderId,
    saleId: order.saleId,
    ...order.goods,
    quantity: order.quantity,
    epoch: order.epoch,
    outcome: order.grant ? "granted" : order.refusal ? "refused" : "pending",
    state,
    code: order.refusal?.code ?? null,
    figures: order.refusal?.figures ?? {},
    ordinal: order.grant?.ordinal ?? null,
    legs: {
      points: {
        points: order.points,
        state:
          state === "refused" ? "none" : returned ? "returned" : order.grant ? "posted" : "held",
        ...discountsOf(order),
      },
      cash: { amountFen: order.cashFen, state: cashState(order) },
      freight: { amountFen: 0, state: "free" },
    },
    lots: order.slices.map((slice) => ({
      lotId: slice.lotId,
      source: sources[slice.lotId] ?? "unknown",
      points: slice.points,
      expiresAtMs: slice.expiresAtMs,
    })),
    next: nextOf(state),
    canCancel: state === "to_ship",
    timeline: timelineOf(order),
    createdAtMs: order.createdAtMs,
    updatedAtMs: order.updatedAtMs,
    version: order.version,
  };
}

function discountsOf({ points, discounts, quantity }: Order) {
  const views = discounts.map((one) => ({
    ...{ discountId: one.discountId, title: one.title, percent: one.percent },
    points: one.points * quantity,
  }));
  return { listPoints: views.reduce((sum, one) => sum + one.points, points), discounts: views };
}

function stateOf(order: Order): OrderView["state"] {
  switch (order.hold) {
    case "pending":
      return order.isWanted ? "in_doubt" : "held";
    case "posted":
      return order.isCancelled ? "cancelled" : "to_ship";
    case "voided":
      return "voided";
    case "refused":
      return "refused";
  }
}

function cashState(order: Order): OrderView["legs"]["cash"]["state"] {
  if (order.cashFen === 0) return "none";
  return order.hold === "posted" && !order.isCancelled ? "due_on_delivery" : "void";
}

function nextOf(state: OrderView["state"]): OrderView["next"] {
  if (state === "held") return "tap";
  if (state === "in_doubt") return "wait";
  return state === "to_ship" ? "ship" : "none";
}

function timelineOf(order: Order): OrderView["timeline"] {
  const { hold, createdAtMs, updatedAtMs } = order;
  if (hold === "refused") return [{ event: "refused", atMs: createdAtMs }];
  const timeline: OrderView["timeline"] = [{ event: "held", atMs: createdAtMs }];
  if (order.grant) timeline.push({ event: "granted", atMs: order.grant.atMs });
  if (hold === "voided") timeline.push({ event: "voided", atMs: updatedAtMs });
  if (order.isCancelled) timeline.push({ event: "cancelled", atMs: updatedAtMs });
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
