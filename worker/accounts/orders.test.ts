/** What an order does with its member's wallet. The wallet's own laws are beside it. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LAW } from "../redemption/law.ts";
import { walletWith } from "../testing/points/opening.ts";
import { Purse } from "../testing/points/purse.ts";
import { termsFor } from "../testing/simulation/scene.ts";
import {
  cancelOrder,
  decideHold,
  post,
  voidHold,
  type Order,
  type OrderBooking,
} from "./orders.ts";
import { differingFields } from "./decisions.ts";
import { balanceOf, type LapsePolicy, type Wallet } from "./points/index.ts";
import { DEFAULT_POINTS_TERMS } from "./terms.ts";

const NOW = 1_000_000;
const DAY = 86_400_000;
const GRANT = { ordinal: 1, remaining: 0, atMs: NOW, epoch: 1 };
const SOLD_OUT = { code: "sold_out", figures: {} } as const;
const FORFEIT: LapsePolicy = { kind: "forfeit" };

function held(wallet: Wallet, quantity = 1, terms = termsFor(5, 5)): OrderBooking {
  const command = { memberKey: "demo:m", orderId: "order-1", quantity, epoch: 1, isTap: true };
  const usage = { pendingUnits: 0, liveUnits: 0, todayUnits: 0 };
  const outcome = decideHold({ wallet, command, terms, usage, nowMs: NOW });
  if (outcome.kind !== "held") throw new Error("expected a hold");
  return outcome;
}

function posted(booking: OrderBooking, nowMs = NOW): OrderBooking {
  const outcome = post(booking.wallet, booking.order, GRANT, nowMs);
  if (outcome === "already") throw new Error("expected a post");
  return outcome;
}

function voided(
  booking: OrderBooking,
  nowMs: number,
  lapse = DEFAULT_POINTS_TERMS.lapse,
): OrderBooking {
  const terms = { ...DEFAULT_POINTS_TERMS, lapse };
  const outcome = voidHold({
    wallet: booking.wallet,
    order: booking.order,
    refusal: SOLD_OUT,
    stamp: 1,
    nowMs,
    terms,
  });
  if (outcome === "ignored") throw new Error("expected a void");
  return outcome;
}

/** A purse that an order lives in: after each act its ledger must replay to its wallet. */
class OrderPurse extends Purse {
  order: Order | null = null;

  keep(booking: OrderBooking): void {
    this.order = booking.order;
    this.take({ kind: "booked", wallet: booking.wallet, entries: booking.entries });
    const { orderId, points, slices, hold, isHoldRecorded } = booking.order;
    this.holds.clear();
    if (hold !== "pending") return;
    this.holds.set(orderId, { holdId: orderId, points, slices, isRecorded: isHoldRecorded });
  }
}

describe("the points of an order", () => {
  it("are conserved and told by the ledger, whatever happens in whatever order", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            points: fc.integer({ min: 1, max: 60 }),
            expiresAtMs: fc.option(fc.integer({ min: NOW + 1, max: NOW + 50 }), { nil: null }),
          }),
          { minLength: 1, maxLength: 6 },
        ),
        fc.array(fc.constantFrom("post", "void", "cancel", "expire", "claw back", "credit"), {
          maxLength: 8,
        }),
        fc.integer({ min: 0, max: 60 }),
        fc.constantFrom<LapsePolicy>({ kind: "grace", days: 30 }, FORFEIT),
        (credits, acts, laterMs, lapse) => {
          const purse = new OrderPurse();
          credits.forEach(({ points, expiresAtMs }, at) =>
            purse.credit(`g${at}`, points, NOW, { expiresAtMs }),
          );
          if (purse.balance(NOW).active < 10) return;
          purse.keep(held(purse.wallet));
          const terms = { ...DEFAULT_POINTS_TERMS, lapse };
          acts.forEach((act, step) => {
            const order = purse.order as Order;
            const at = NOW + Math.floor((laterMs * (step + 1)) / acts.length);
            const wallet = purse.loaded(order.slices);
            if (act === "post" && order.hold === "pending") {
              purse.keep(posted({ wallet, order, entries: [] }, at));
            } else if (act === "void" && order.hold === "pending") {
              purse.keep(voided({ wallet, order, entries: [] }, at, lapse));
            } else if (act === "cancel" && order.hold === "posted" && !order.isCancelled) {
              const outcome = cancelOrder(wallet, order, at, LAW, { terms, forfeitMax: null });
              if (outcome.kind !== "cancelled") throw new Error("expected a cancel");
              purse.keep(outcome);
            } else if (act === "expire") purse.expire(at);
            else if (act === "claw back") purse.clawBack(`c${step}`, 25, "allow_negative", at);
            else if (act === "credit") purse.credit(`more${step}`, 7, at);
            expect(purse.audit()).toEqual([]);
          });
        },
      ),
    );
  });

  it("go back to their own lots with their own expiry", () => {
    const soon = NOW + 5 * DAY;
    const before = walletWith("demo:m", [{ points: 7, expiresAtMs: soon }, { points: 100 }], NOW);
    const booking = held(before);
    expect(booking.order.slices).toEqual([
      { lotId: 1, points: 7, expiresAtMs: soon },
      { lotId: 2, points: 3, expiresAtMs: null },
    ]);
    const { wallet, order } = posted(booking);
    const cancelled = cancelOrder(wallet, order, NOW + 1);
    if (cancelled.kind !== "cancelled") throw new Error("expected a cancel");
    expect(cancelled.wallet.lots).toEqual(before.lots);
    // What was consumed last comes back first.
    expect(cancelled.entries[0]?.slices).toEqual([...order.slices].reverse());
  });

  it("need one entry when they are spent, and none when a hold comes back whole", () => {
    const before = walletWith("demo:m", [{ points: 30 }], NOW);
    const booking = held(before);
    expect(booking.entries).toEqual([]);
    expect(posted(booking).entries.map((entry) => entry.type)).toEqual(["redeem"]);
    const back = voided(booking, NOW + 1);
    expect(back.entries).toEqual([]);
    expect(back.wallet).toEqual(before);
  });

  it("return with the grace of the terms when their lot lapsed meanwhile, and the ledger says so", () => {
    const before = walletWith("demo:m", [{ points: 10, expiresAtMs: NOW + 1 }], NOW);
    const later = NOW + DAY;
    const back = voided(held(before), later);
    expect(back.wallet.lots.at(-1)).toMatchObject({
      source: "refund_grace",
      remaining: 10,
      expiresAtMs: later + 30 * DAY,
    });
    expect(back.entries.map((entry) => entry.type)).toEqual(["hold", "release"]);
    expect(balanceOf(back.wallet, later).active).toBe(10);
    const gone = voided(held(before), later, FORFEIT);
    expect(gone.entries.map((entry) => entry.type)).toEqual(["hold", "release", "expire"]);
    expect(balanceOf(gone.wallet, later)).toMatchObject({ active: 0, expired: 10 });
  });

  it("are not lost beyond what the member was told", () => {
    const before = walletWith("demo:m", [{ points: 10, expiresAtMs: NOW + 1 }], NOW);
    const { wallet, order } = posted(held(before));
    const wish = { terms: { ...DEFAULT_POINTS_TERMS, lapse: FORFEIT }, forfeitMax: 9 };
    expect(cancelOrder(wallet, order, NOW + DAY, LAW, wish)).toMatchObject({
      kind: "refused",
      refusal: { code: "conflict" },
    });
    const told = { ...wish, forfeitMax: 10 };
    expect(cancelOrder(wallet, order, NOW + DAY, LAW, told).kind).toBe("cancelled");
  });

  it("are none for goods for cash alone, whose entries still tell of the order", () => {
    const free = { ...termsFor(5, 5), pricePoints: 0 };
    const booking = held(walletWith("demo:m", [], NOW), 1, free);
    expect(voided(booking, NOW).entries).toEqual([]);
    const done = posted(booking);
    expect(done.entries).toMatchObject([{ type: "redeem", balanceAfter: 0 }]);
    expect(cancelOrder(done.wallet, done.order, NOW)).toMatchObject({
      kind: "cancelled",
      entries: [{ type: "redeem_rollback", points: 0 }],
    });
  });
});

describe("limits and identity", () => {
  it("count units of pending holds and live orders", () => {
    const command = {
      memberKey: "demo:m",
      orderId: "order-1",
      quantity: 2,
      epoch: 1,
      isTap: false,
    };
    const usage = { pendingUnits: 1, liveUnits: 1, todayUnits: 0 };
    const wallet = walletWith("demo:m", [{ points: 100 }], NOW);
    expect(decideHold({ wallet, command, terms: termsFor(2, 3), usage, nowMs: NOW })).toMatchObject(
      {
        kind: "refused",
        order: { refusal: { code: "limit_reached", figures: { limit: 3, used: 2 } } },
      },
    );
    expect(decideHold({ wallet, command, terms: termsFor(2, 4), usage, nowMs: NOW }).kind).toBe(
      "held",
    );
  });

  it("count a day's units against the daily limit", () => {
    const terms = { ...termsFor(1, 10), dailyLimitPerMember: 1 };
    const command = {
      memberKey: "demo:m",
      orderId: "order-1",
      quantity: 1,
      epoch: 1,
      isTap: false,
    };
    const usage = { pendingUnits: 0, liveUnits: 3, todayUnits: 1 };
    const wallet = walletWith("demo:m", [{ points: 100 }], NOW);
    expect(decideHold({ wallet, command, terms, usage, nowMs: NOW })).toMatchObject({
      order: { refusal: { code: "limit_reached", figures: { limit: 1, used: 1, per: "day" } } },
    });
  });

  it("name every field in which a repeated request differs", () => {
    const { order } = held(walletWith("demo:m", [{ points: 100 }], NOW));
    expect(differingFields(order, { saleId: order.saleId, quantity: 1, epoch: 1 })).toEqual([]);
    expect(differingFields(order, { saleId: "x", quantity: 2, epoch: 3 })).toEqual([
      "saleId",
      "quantity",
      "epoch",
    ]);
  });
});
