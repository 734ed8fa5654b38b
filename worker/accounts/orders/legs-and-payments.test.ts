/** Legs, payments and refunds: what may happen in each state, written out a second time; everything else changes nothing. */
import { describe, expect, it } from "vitest";
import { attemptClosed, attemptDropped, beginPayment } from "./attempts.ts";
import { endUndelivered, hearRefund, receiveMoney, retryRefund, type RefundWord } from "./cash.ts";
import { beginLife, movedCash, movedFreight, movedPoints, type GrantedOrder } from "./life.ts";
import { CASH_LEG_STATES, FREIGHT_LEG_STATES, POINTS_LEG_STATES } from "./states.ts";
import type { CashRefund, LifeOutcome, OrderLife, PaymentAttempt } from "./types.ts";

const T0 = 1_700_000_000_000;
const PAYMENT = "p-1";
const GRANTED: GrantedOrder = {
  ...{ memberKey: "demo:m", orderId: "order-000000000001", goodsKind: "physical", quantity: 1 },
  ...{ points: 100, cashFen: 990, freightFen: 0, payWithinMs: 600_000, createdAtMs: T0 - 5 },
};

describe("a leg moves by its table and no other way", () => {
  const POINTS = [
    ...["held posted", "held returned", "posted partly_returned", "posted returned"],
    ...["partly_returned partly_returned", "partly_returned returned"],
  ];
  const CASH = [
    ...["due_on_delivery void", "awaiting paid", "awaiting void", "paid refunding"],
    ...["partly_refunded refunding", "refunding partly_refunded", "refunding refunded"],
    ...["refunding refund_failed", "refund_failed refunding", "void late_paid"],
    ...["late_paid refunding", "refunded late_paid"],
  ];
  const FREIGHT = [
    ...["free awaiting", "due_on_delivery void", "awaiting free", "awaiting awaiting"],
    ...["awaiting paid", "awaiting void", "paid refunded"],
  ];

  function movesOf<S extends string>(
    states: readonly S[],
    move: (leg: { state: S; history: [] }, to: S, atMs: number) => unknown,
  ): string[] {
    return states.flatMap((from) =>
      states.flatMap((to) => {
        const leg = { state: from, history: [] as [] };
        try {
          expect(move(leg, to, T0)).toEqual({ state: to, history: [{ state: to, atMs: T0 }] });
          return [`${from} ${to}`];
        } catch (error) {
          expect(String(error)).toMatch(/a leg moves by its table only/);
          return [];
        }
      }),
    );
  }

  it("points", () => {
    expect(movesOf(POINTS_LEG_STATES, movedPoints).toSorted()).toEqual(POINTS.toSorted());
  });

  it("cash", () => {
    expect(movesOf(CASH_LEG_STATES, movedCash).toSorted()).toEqual(CASH.toSorted());
  });

  it("freight", () => {
    expect(movesOf(FREIGHT_LEG_STATES, movedFreight).toSorted()).toEqual(FREIGHT.toSorted());
  });
});

type AttemptState = PaymentAttempt["state"];
const ATTEMPT_STATES: readonly AttemptState[] = ["open", "dropped", "paid", "closed"];

function begun(): OrderLife {
  const wish = { paymentId: PAYMENT, provider: "wechat", scene: "h5" };
  const outcome = beginPayment(beginLife(GRANTED, T0), wish, T0);
  if (outcome.kind !== "changed") throw new Error(outcome.kind);
  return outcome.life;
}

function withAttempt(state: AttemptState): OrderLife {
  const life = begun();
  return { ...life, attempts: life.attempts.map((one) => ({ ...one, state })) };
}

describe("a payment", () => {
  const EVENTS = {
    close: (life: OrderLife) => attemptClosed(life, PAYMENT),
    drop: (life: OrderLife) => attemptDropped(life, PAYMENT, T0),
    pay: (life: OrderLife) =>
      receiveMoney(life, { paymentId: PAYMENT, txnId: "t", amountFen: 990, paidAtMs: T0 }, T0),
    "begin again": (life: OrderLife) =>
      beginPayment(life, { paymentId: PAYMENT, provider: "wechat", scene: "h5" }, T0),
  };
  /** Money counts from every state: the provider took it, whatever was thought of the payment. */
  const LEGAL = [
    ...["open close closed", "open drop dropped", "open pay paid"],
    ...["dropped close closed", "dropped pay paid", "closed pay paid", "paid pay paid"],
  ];

  it("goes where this says, from every state by every event", () => {
    const found: string[] = [];
    for (const state of ATTEMPT_STATES) {
      for (const [event, happens] of Object.entries(EVENTS)) {
        const before = withAttempt(state);
        const outcome = happens(before);
        if (outcome.kind === "changed")
          found.push(`${state} ${event} ${outcome.life.attempts[0]?.state}`);
        else expect(outcome).toEqual({ kind: "already", life: before });
      }
    }
    expect(found.toSorted()).toEqual(LEGAL.toSorted());
  });

  it("that nobody began is refused, whatever is said of it", () => {
    const unbegun = beginLife(GRANTED, T0);
    for (const event of ["close", "drop", "pay"] as const) {
      expect(EVENTS[event](unbegun)).toMatchObject({ reason: "unknown_payment" });
    }
  });
});

describe("a refund of money", () => {
  const WORDS: Readonly<Record<RefundWord["kind"], RefundWord>> = {
    done: { kind: "done", atMs: T0 },
    asked: { kind: "asked" },
    refused: { kind: "refused", word: "NOT_ENOUGH" },
    silence: { kind: "silence" },
  };
  const EVENTS = {
    done: (life: OrderLife, id: string) => hearRefund(life, id, WORDS.done, T0),
    asked: (life: OrderLife, id: string) => hearRefund(life, id, WORDS.asked, T0),
    refused: (life: OrderLife, id: string) => hearRefund(life, id, WORDS.refused, T0),
    silence: (life: OrderLife, id: string) => hearRefund(life, id, WORDS.silence, T0),
    retry: (life: OrderLife, id: string) => retryRefund(life, id, T0),
  };
  /** What arrived stays arrived; silence alone decides nothing, until it has been long (the eighth try). */
  const LEGAL = [
    ...["waiting done done", "waiting asked asked", "waiting refused failed"],
    ...["asked done done", "asked asked asked", "asked refused failed"],
    ...["failed done done", "failed asked asked", "failed refused failed", "failed retry waiting"],
  ];
  const OF_SILENCE = ["waiting silence failed", "asked silence failed", "failed silence failed"];

  function refunding(state: CashRefund["state"], tries: number): { life: OrderLife; id: string } {
    const paid = { paymentId: PAYMENT, txnId: "t", amountFen: 990, paidAtMs: T0 };
    const received = receiveMoney(begun(), paid, T0);
    if (received.kind !== "changed") throw new Error(received.kind);
    const ended = endUndelivered(received.life, "cancel", { by: "member" }, T0);
    const [refund] = ended.refunds;
    if (!refund) throw new Error("nothing goes back");
    const words = { done: WORDS.done, failed: WORDS.refused, asked: WORDS.asked };
    const told: LifeOutcome =
      state === "waiting"
        ? { kind: "changed", life: ended }
        : hearRefund(ended, refund.refundId, words[state], T0);
    if (told.kind !== "changed") throw new Error(told.kind);
    const refunds = told.life.refunds.map((one) => ({ ...one, tries }));
    return { life: { ...told.life, refunds }, id: refund.refundId };
  }

  it.each([
    [1, LEGAL],
    [8, [...LEGAL, ...OF_SILENCE]],
  ])("after %i tries goes where this says, from every state by every word", (tries, legal) => {
    const found: string[] = [];
    for (const state of ["waiting", "asked", "done", "failed"] as const) {
      for (const [event, happens] of Object.entries(EVENTS)) {
        const { life, id } = refunding(state, tries);
        const outcome = happens(life, id);
        if (outcome.kind === "changed") {
          found.push(`${state} ${event} ${outcome.life.refunds[0]?.state}`);
        } else expect(outcome).toEqual({ kind: "already", life });
      }
    }
    expect(found.toSorted()).toEqual(legal.toSorted());
  });

  it("that nobody sends is refused, whatever is said of it", () => {
    for (const happens of Object.values(EVENTS)) {
      expect(happens(begun(), "no-refund")).toMatchObject({ reason: "unknown_payment" });
    }
  });
});
