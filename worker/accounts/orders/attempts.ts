/** Ways that a member began to pay an order by: each is at its provider, or may still come there. Pure. */
import { invariant } from "../../kernel/invariant.ts";
import { CASH_LAW } from "./law.ts";
import { amountDueFen, ASK_BEFORE_LAPSE_MS, refusedBy } from "./life.ts";
import type { LifeOutcome, OrderLife, PaymentAttempt } from "./types.ts";

/** A provider is asked again after so long at the soonest. */
export const RETRY_MS = 5_000;

export interface NewAttempt {
  readonly paymentId: string;
  readonly provider: string;
  readonly scene: string;
}

/** Begins to pay in one way; the same way again is the same attempt. */
export function beginPayment(life: OrderLife, wish: NewAttempt, nowMs: number): LifeOutcome {
  if (life.state !== "awaiting_payment") return refusedBy("nothing_to_pay", life);
  if (life.attempts.some(({ paymentId }) => paymentId === wish.paymentId)) {
    return { kind: "already", life };
  }
  invariant(life.payByMs !== null, "an awaited payment has a deadline");
  const attempt: PaymentAttempt = {
    ...wish,
    amountFen: amountDueFen(life),
    createdAtMs: nowMs,
    payByMs: life.payByMs,
    state: "open",
    askAtMs: Math.max(nowMs + RETRY_MS, life.payByMs - ASK_BEFORE_LAPSE_MS),
    tries: 0,
  };
  return { kind: "changed", life: { ...life, attempts: [...life.attempts, attempt] } };
}

/**
 * Whoever began to pay may reach the provider after the order has ended: while that can be, an attempt that the provider does not
 * know is not closed but asked about again. `toldAtMs`: when the provider said that it does not know it, by its clock.
 */
export const isBeginningOver = (attempt: PaymentAttempt, toldAtMs: number): boolean =>
  !CASH_LAW.unknownIsNotClosed || toldAtMs >= (attempt.payByMs ?? attempt.createdAtMs);

/** Whether somebody may still pay by it. */
export const isUnderWay = ({ state }: PaymentAttempt): boolean =>
  state === "open" || state === "dropped";

/** The provider takes no money for this attempt any more. */
export function attemptClosed(life: OrderLife, paymentId: string): LifeOutcome {
  return attemptEnded(life, paymentId, { state: "closed", askAtMs: null });
}

/** The member pays another amount, but the provider does not know this attempt yet: it is closed there once it does. */
export function attemptDropped(life: OrderLife, paymentId: string, nowMs: number): LifeOutcome {
  return attemptEnded(life, paymentId, { state: "dropped", askAtMs: nowMs + RETRY_MS });
}

function attemptEnded(
  life: OrderLife,
  paymentId: string,
  end: Pick<PaymentAttempt, "state" | "askAtMs">,
): LifeOutcome {
  const attempt = life.attempts.find((one) => one.paymentId === paymentId);
  if (!attempt) return refusedBy("unknown_payment", life);
  if (!isUnderWay(attempt) || attempt.state === end.state) return { kind: "already", life };
  const attempts = life.attempts.map((one) => (one === attempt ? { ...one, ...end } : one));
  return { kind: "changed", life: { ...life, attempts } };
}
