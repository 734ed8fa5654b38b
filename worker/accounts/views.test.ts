/** Who ended an order stands in what people read of it, also where it was paid and is therefore refunded. */
import { describe, expect, it } from "vitest";
import {
  beginLife,
  beginPayment,
  endUndelivered,
  receiveMoney,
  type OrderLife,
} from "./orders/index.ts";
import type { Order } from "./orders.ts";
import { viewOf } from "./views.ts";

const T0 = 1_700_000_000_000;
const OF = { memberKey: "demo:m", orderId: "order-000000000001" };

function paid(): OrderLife {
  const terms = { quantity: 1, points: 0, cashFen: 990, freightFen: 0, payWithinMs: 60_000 };
  const granted = { ...OF, ...terms, goodsKind: "virtual" as const, createdAtMs: T0 };
  const begun = beginPayment(
    beginLife(granted, T0),
    { paymentId: "p", provider: "wechat", scene: "h5" },
    T0,
  );
  if (begun.kind !== "changed") throw new Error(begun.kind);
  const money = { paymentId: "p", txnId: "t", amountFen: 990, paidAtMs: T0 };
  const received = receiveMoney(begun.life, money, T0);
  if (received.kind !== "changed") throw new Error(received.kind);
  return received.life;
}

const eventsOf = (life: OrderLife): string[] => {
  const order = {
    ...{ ...OF, saleId: "demo.x~0", hold: "posted", grant: { atMs: T0, ordinal: 1 } },
    ...{ goods: {}, slices: [], discounts: [], refusal: null, isCancelled: true },
    ...{ points: 0, quantity: 1, createdAtMs: T0, updatedAtMs: T0 },
  };
  const view = viewOf({ order: order as unknown as Order, life, sources: {} });
  return view.timeline.map(({ event }) => event);
};

describe("an order that was paid", () => {
  it.each([
    ["its member", "cancel", { by: "member" }, "cancelled"],
    ["the merchant", "fail", { by: "staff:a" }, "failed"],
    ["its supplier", "fail", { by: "system", key: "tu1" }, "failed"],
  ] as const)("and ended by %s says so", (_who, step, act, event) => {
    const told = eventsOf(endUndelivered(paid(), step, act, T0 + 1));
    expect(told).toContain(event);
    expect(told).not.toContain("refunding");
  });

  it("is told in the order in which it went, though a provider tells whole seconds", () => {
    const ended = endUndelivered(paid(), "cancel", { by: "member" }, T0 + 900);
    const refunds = ended.refunds.map((one) => ({ ...one, doneAtMs: T0 }));
    const receipts = ended.receipts.map((one) => ({ ...one, paidAtMs: T0 - 900 }));
    const told = eventsOf({ ...ended, refunds, receipts });
    expect(told).toEqual(["held", "granted", "paid", "cancelled", "money_back"]);
  });

  it("says that money came late after what it was too late for, in the same second too", () => {
    const terms = { quantity: 1, points: 0, cashFen: 990, freightFen: 0, payWithinMs: 60_000 };
    const granted = { ...OF, ...terms, goodsKind: "virtual" as const, createdAtMs: T0 };
    const cancelled = endUndelivered(beginLife(granted, T0), "cancel", { by: "member" }, T0 + 900);
    const late = (paidAtMs: number): OrderLife["receipts"][number] => ({
      ...{ txnId: "t", paymentId: "p", provider: "wechat", amountFen: 990 },
      ...{ paidAtMs, use: "late" },
    });
    const told = (paidAtMs: number): string[] =>
      eventsOf({ ...cancelled, receipts: [late(paidAtMs)] });
    expect(told(T0)).toEqual(["held", "granted", "cancelled", "late_paid"]);
    expect(told(T0 + 1_000)).toEqual(["held", "granted", "cancelled", "late_paid"]);
  });

  it("says of money that was paid too much that it was that", () => {
    const money = { paymentId: "p", txnId: "t2", amountFen: 990, paidAtMs: T0 + 1 };
    const double = receiveMoney(paid(), money, T0 + 1);
    if (double.kind !== "changed") throw new Error(double.kind);
    const refunds = double.life.refunds.map((one) => ({ ...one, doneAtMs: T0 + 2 }));
    const told = eventsOf({ ...double.life, refunds });
    expect(told.slice(-2)).toEqual(["paid_twice", "extra_back"]);
  });
});
