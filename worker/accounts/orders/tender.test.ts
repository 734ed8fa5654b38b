/** What pays an order's cash without a provider: choosing it, and how a refund is shared out. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  amountDueFen,
  assertCash,
  beginLife,
  attemptDropped,
  beginPayment,
  dueAtMs,
  endUndelivered,
  hearRefund,
  keptTenderFen,
  paidFen,
  partBack,
  receiveMoney,
  refundPart,
  setTender,
  withFreight,
  type LifeOutcome,
  type OrderLife,
} from "./index.ts";
import { splitBack } from "./tender.ts";

const NOW = 1_000_000;
const life = (cashFen = 1_000, freightFen = 0): OrderLife =>
  beginLife(
    {
      ...{ memberKey: "demo:m", orderId: "o", goodsKind: "physical", quantity: 1, points: 10 },
      ...{ cashFen, freightFen, payWithinMs: 600_000, createdAtMs: NOW },
    },
    NOW,
  );
function changed(outcome: LifeOutcome): OrderLife {
  if (outcome.kind !== "changed") throw new Error(JSON.stringify(outcome));
  assertCash(outcome.life);
  return outcome.life;
}
const wish = (pointsFen: number, storedFen: number) => ({
  points: pointsFen,
  pointsFen,
  storedFen,
});
const ATTEMPT = { paymentId: "p", provider: "wechat", scene: "h5" };

function paid(one: OrderLife): OrderLife {
  const begun = changed(beginPayment(one, ATTEMPT, NOW));
  const money = { paymentId: "p", txnId: "t", amountFen: amountDueFen(one), paidAtMs: NOW };
  return changed(receiveMoney(begun, money, NOW));
}

describe("a tender", () => {
  it("leaves the rest to a provider, and is taken with it", () => {
    const held = changed(setTender(life(), wish(300, 200), NOW));
    expect([held.state, amountDueFen(held), held.tender?.state]).toEqual([
      ...["awaiting_payment", 500, "held"],
    ]);
    const done = paid(held);
    expect([done.state, done.legs.cash.state, done.tender?.state]).toEqual([
      ...["to_ship", "paid", "taken"],
    ]);
    expect(paidFen(done)).toBe(1_000);
  });

  it("that leaves nothing pays the order", () => {
    const done = changed(setTender(life(1_000, 200), wish(1_000, 200), NOW));
    expect([done.state, done.legs.cash.state, done.legs.freight.state]).toEqual([
      ...["to_ship", "paid", "paid"],
    ]);
    const ended = endUndelivered(done, "cancel", { by: "member" }, NOW);
    assertCash(ended);
    expect([ended.state, ended.legs.cash.state, keptTenderFen(ended.tender)]).toEqual([
      ...["refunded", "refunded", 0],
    ]);
  });

  it("is chosen anew until a payment is begun, and taken back with zeros", () => {
    const held = changed(setTender(life(), wish(300, 0), NOW));
    expect(setTender(held, wish(300, 0), NOW).kind).toBe("already");
    const other = changed(setTender(held, wish(0, 500), NOW));
    expect([other.tender?.no, amountDueFen(other)]).toEqual([2, 500]);
    const none = changed(setTender(other, wish(0, 0), NOW));
    expect([none.tender?.state, amountDueFen(none)]).toEqual(["released", 1_000]);
    const begun = changed(beginPayment(none, ATTEMPT, NOW));
    expect(setTender(begun, wish(1, 0), NOW)).toMatchObject({ reason: "payment_begun" });
  });

  it("is chosen anew while a payment is on its way to its provider, whose money then goes back", () => {
    const begun = changed(beginPayment(life(), ATTEMPT, NOW));
    const dropped = changed(attemptDropped(begun, "p", NOW));
    const held = changed(setTender(dropped, wish(300, 0), NOW));
    expect(dueAtMs(held)).toBe(dropped.attempts[0]?.askAtMs);
    const old = { paymentId: "p", txnId: "t", amountFen: 1_000, paidAtMs: NOW };
    const late = changed(receiveMoney(held, old, NOW));
    expect([late.state, late.legs.cash.state, amountDueFen(late)]).toEqual([
      ...["awaiting_payment", "awaiting", 700],
    ]);
    expect(late.refunds).toMatchObject([{ amountFen: 1_000, reason: "double_paid" }]);
    const next = { ...ATTEMPT, paymentId: "p2" };
    const money = { paymentId: "p2", txnId: "t2", amountFen: 700, paidAtMs: NOW };
    const done = changed(receiveMoney(changed(beginPayment(late, next, NOW)), money, NOW));
    expect([done.state, done.legs.cash.state, paidFen(done)]).toEqual(["to_ship", "paid", 1_000]);
  });

  it("pays goods with points and never carriage, nor more than the order costs", () => {
    expect(setTender(life(100, 500), wish(101, 0), NOW)).toMatchObject({ reason: "too_much" });
    expect(setTender(life(100, 500), wish(100, 501), NOW)).toMatchObject({ reason: "too_much" });
    expect(setTender(paid(life()), wish(1, 0), NOW)).toMatchObject({ reason: "nothing_to_pay" });
  });

  it("is let go when carriage falls below it, and when time is over", () => {
    const held = changed(setTender(life(100, 500), wish(100, 400), NOW));
    expect(changed(withFreight(held, 300, NOW)).tender?.state).toBe("released");
    expect(changed(withFreight(held, 600, NOW)).tender?.state).toBe("held");
    const lapsed = endUndelivered(held, "lapse", { by: "system" }, NOW);
    assertCash(lapsed);
    expect([lapsed.state, lapsed.tender?.state]).toEqual(["cancelled", "released"]);
  });

  it("goes back with the provider's part, in proportion", () => {
    const done = paid(changed(setTender(life(), wish(300, 200), NOW)));
    const shares = { providerFen: 250, storedFen: 100, points: 150 };
    expect([partBack(done, 500, NOW), partBack(done, 1_001, NOW)]).toEqual([
      ...[shares, { providerFen: 0, storedFen: 0, points: 0 }],
    ]);
    const half = changed(refundPart(done, 500, "after_sale", NOW));
    expect(half.tender).toMatchObject({ backPointsFen: 150, backStoredFen: 100, backPoints: 150 });
    expect(half.refunds.map(({ amountFen }) => amountFen)).toEqual([250]);
    const word = { kind: "done", atMs: NOW } as const;
    const heard = changed(hearRefund(half, half.refunds[0]?.refundId ?? "", word, NOW));
    expect(heard.legs.cash.state).toBe("partly_refunded");
    expect(refundPart(heard, 501, "after_sale", NOW)).toMatchObject({ reason: "too_much" });
  });
});

describe("a refund in parts", () => {
  it("adds up to the whole, and no part takes back what it did not pay", () => {
    const fen = fc.integer({ min: 0, max: 3_000 });
    fc.assert(
      fc.property(fen, fen, fen, fc.array(fc.integer({ min: 1, max: 900 })), (own, a, b, steps) => {
        const whole = own + a + b;
        if (whole === 0) return;
        let back = 0;
        let tender = {
          ...{ no: 1, state: "taken" as const, points: a * 3, pointsFen: a, storedFen: b },
          ...{ backPoints: 0, backPointsFen: 0, backStoredFen: 0 },
        };
        let given = 0;
        for (const step of [...steps, whole]) {
          const amount = Math.min(step, whole - given);
          if (amount === 0) break;
          const paidBy = { providerFen: own, backProviderFen: back };
          const split = splitBack(paidBy, tender, amount);
          const before = tender.backPointsFen + tender.backStoredFen;
          const after = split.tender.backPointsFen + split.tender.backStoredFen;
          expect(split.providerFen + after - before).toBe(amount);
          expect(split.providerFen).toBeGreaterThanOrEqual(0);
          expect(split.tender.backPoints).toBeGreaterThanOrEqual(tender.backPoints);
          expect(split.tender.backPointsFen).toBeGreaterThanOrEqual(tender.backPointsFen);
          expect(split.tender.backStoredFen).toBeGreaterThanOrEqual(tender.backStoredFen);
          tender = { ...split.tender, state: "taken" };
          back += split.providerFen;
          given += amount;
        }
        expect([back, tender.backPointsFen, tender.backStoredFen]).toEqual([own, a, b]);
        expect(tender.backPoints).toBe(a * 3);
      }),
    );
  });
});
