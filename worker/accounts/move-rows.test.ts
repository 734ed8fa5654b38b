/** What D1 is told of the ways to pay that an order did not take: those, once it waits for none, and how each ended. */
import { describe, expect, it } from "vitest";
import { walletWith } from "../testing/points/opening.ts";
import { termsFor } from "../testing/simulation/scene.ts";
import { orderMoves } from "./move-rows.ts";
import {
  attemptClosed,
  attemptDropped,
  beginLife,
  beginPayment,
  endUndelivered,
  receiveMoney,
  type LifeOutcome,
  type OrderLife,
} from "./orders/index.ts";
import { decideHold, type Order } from "./orders.ts";

const T0 = 1_700_000_000_000;
const PAY_WITHIN_MS = 600_000;
const PRICE_FEN = 990;

function ordered(): Order {
  const command = { memberKey: "demo:m", orderId: "order-1", quantity: 1, epoch: 1, isTap: true };
  const usage = { pendingUnits: 0, liveUnits: 0, todayUnits: 0 };
  const terms = { ...termsFor(5, 5), priceFen: PRICE_FEN, payWithinMs: PAY_WITHIN_MS };
  const wallet = walletWith("demo:m", [{ points: 100, expiresAtMs: null }], T0);
  const outcome = decideHold({ wallet, command, terms, usage, nowMs: T0 });
  if (outcome.kind !== "held") throw new Error(outcome.kind);
  return outcome.order;
}

function changed(outcome: LifeOutcome): OrderLife {
  if (outcome.kind !== "changed") throw new Error(outcome.kind);
  return outcome.life;
}

const begin = (life: OrderLife, paymentId: string): OrderLife =>
  changed(beginPayment(life, { paymentId, provider: "wechat", scene: paymentId }, T0));
const pay = (life: OrderLife, paymentId: string): OrderLife =>
  changed(
    receiveMoney(
      life,
      { paymentId, txnId: `txn-${paymentId}`, amountFen: PRICE_FEN, paidAtMs: T0 },
      T0,
    ),
  );
const lapse = (life: OrderLife): OrderLife => endUndelivered(life, "lapse", { by: "system" }, T0);

const order = ordered();
const awaiting = begin(begin(beginLife(order, T0), "a"), "b");

/** Number, state and time of each way to pay among the rows. */
function attempts(life: OrderLife): readonly unknown[] {
  return orderMoves(order, life)
    .map((row) => JSON.parse(row) as readonly unknown[])
    .filter(([, , kind]) => kind === "attempt")
    .map((row) => [row[1], row[8], row[10]]);
}
const OVER_AT_MS = T0 + PAY_WITHIN_MS;

describe("a way to pay", () => {
  it("is nobody's concern while the order awaits its cash", () => {
    expect(attempts(awaiting)).toEqual([]);
  });

  it("is open from the end of its time on, until its provider says what became of it", () => {
    const over = lapse(awaiting);
    expect(attempts(over)).toEqual([
      ["attempt:a", "open", OVER_AT_MS],
      ["attempt:b", "open", OVER_AT_MS],
    ]);
    const known = pay(changed(attemptClosed(over, "a")), "b");
    expect(attempts(known)).toEqual([
      ["attempt:a", "closed", OVER_AT_MS],
      ["attempt:b", "paid", OVER_AT_MS],
    ]);
  });

  it("that a changed mind dropped is open too: somebody may still pay by it", () => {
    const dropped = changed(attemptDropped(awaiting, "a", T0));
    expect(attempts(lapse(dropped))[0]).toEqual(["attempt:a", "open", OVER_AT_MS]);
  });

  it("that paid its order is told as money, and only the other as a way to pay", () => {
    expect(attempts(pay(awaiting, "a"))).toEqual([["attempt:b", "open", OVER_AT_MS]]);
  });
});
