/** What an Account of the checker has, and what it finds around it when it handles a message. */
import type { Wallet } from "../../worker/accounts/points/index.ts";
import type { LimitUsage, Order } from "../../worker/accounts/orders.ts";
import { walletWith } from "../../worker/testing/points/opening.ts";
import { NO_CASH, isUnpaid, type Cash } from "./cash.ts";
import { forgetMember } from "./forget.ts";
import type { Scene } from "./scene.ts";

export interface AccountState {
  readonly members: readonly (Wallet | null)[];
  /** By position of the order; null: no row. */
  readonly orders: readonly (Order | null)[];
  readonly cash: readonly Cash[];
  /** A bit per order: its cancel waits in the outbox. Rows stay, so a cancel may be sent again at any time. */
  readonly cancelRows: number;
  /** A bit per order: a tap of it was handled at or after the opening. Only I9 and I3 read it. */
  readonly tapped: number;
  /** No new row is written for stamps up to this one; 0: none. Stays 0 unless Workers are given shares. */
  readonly frozenUpTo: number;
  /** A bit per order: a ticket was given. Only the variant that re-stamps holds without one reads it. */
  readonly ticketed: number;
}

/** What a message finds around the Account when it is handled. */
export interface Surroundings {
  /** The epoch that a new hold is stamped with. */
  readonly stamp: number;
  /** The opening has passed on this Account's clock. */
  readonly isOpenHere: boolean;
  /** The Sku has opened: from then on a tap is a tap. */
  readonly isOpenThere: boolean;
  /** The Sku's final word on the order that this one replaces has arrived with it. */
  readonly hasWord: boolean;
  /** Orders for which a Bloom filter says `present` without having been told of them. */
  readonly falsely: number;
}

export function startOf(scene: Scene, bucket: number): AccountState {
  const { bounds, members } = scene;
  return {
    members: Array.from({ length: members }, (_, member) =>
      member % bounds.buckets === bucket
        ? forgetMember(walletWith(`demo:m${member}`, [{ points: bounds.points }], 0))
        : null,
    ),
    orders: bounds.orders.map(() => null),
    cash: bounds.orders.map(() => NO_CASH),
    cancelRows: 0,
    tapped: 0,
    ticketed: 0,
    frozenUpTo: 0,
  };
}

/** A granted order that waits for its cash. */
export function waitsForCash(scene: Scene, state: AccountState, at: number): boolean {
  const order = state.orders[at];
  const cash = state.cash[at] ?? NO_CASH;
  return scene.plan(at).hasCash && order?.hold === "posted" && isUnpaid(cash, order.isCancelled);
}

/** Units of a member that count against its limit. */
export function usageOf(
  scene: Scene,
  orders: readonly (Order | null)[],
  member: number,
): LimitUsage {
  let pendingUnits = 0;
  let liveUnits = 0;
  orders.forEach((order, at) => {
    if (!order || scene.plan(at).member !== member) return;
    if (order.hold === "pending") pendingUnits += order.quantity;
    if (order.hold === "posted" && !order.isCancelled) liveUnits += order.quantity;
  });
  return { pendingUnits, liveUnits, todayUnits: 0 };
}
