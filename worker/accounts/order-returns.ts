/** What after-sales does to an order and its points. Pure. */
import { invariant } from "../kernel/invariant.ts";
import { causeOf, type CancelOutcome, type CancelWish, type Order } from "./orders.ts";
import { NO_LEDGER, refund, type Wallet } from "./points/index.ts";

export interface ReturnWish extends CancelWish {
  /** Names this return among those of the order. */
  readonly caseId: string;
  readonly points: number;
}

/** After-sales gives part of the points back: the order stands, its take stays, the slices consumed last come back first. */
export function returnPoints(
  wallet: Wallet,
  order: Order,
  wish: ReturnWish,
  nowMs: number,
): CancelOutcome {
  invariant(order.hold === "posted" && !order.isCancelled, "points come back from a live order");
  const cause = causeOf(order, "redeem_rollback", nowMs);
  const { naturalKey } = cause;
  const command = {
    slices: order.slices,
    alreadyReturned: order.returnedPoints,
    points: wish.points,
    policy: wish.terms.lapse,
    quotedForfeit: wish.forfeitMax,
    cause: {
      ...cause,
      naturalKey: `${naturalKey}:${wish.caseId}`,
      actor: wish.actor ?? cause.actor,
    },
  };
  const back = refund(wallet, command, NO_LEDGER, nowMs);
  if (back.kind === "refused") return back;
  invariant(back.kind === "booked", "I5 what was spent can be returned", { kind: back.kind });
  const after: Order = {
    ...order,
    returnedPoints: order.returnedPoints + wish.points,
    updatedAtMs: nowMs,
    version: order.version + 1,
  };
  return { kind: "cancelled", wallet: back.wallet, entries: back.entries, order: after };
}

/** Something happened to its life: whoever mirrors it has to hear of it. */
export function touched(order: Order, nowMs: number): Order {
  return { ...order, updatedAtMs: nowMs, version: order.version + 1 };
}
