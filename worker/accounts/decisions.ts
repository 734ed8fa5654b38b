/**
 * What an Account does next with an order: the cells of the Account table in docs/protocol.md, as pure functions.
 * The object and the simulation both run these.
 */
import type { FinalRefusal } from "../kernel/refusal.ts";
import { LAW, type Law, type TakeAnswer } from "../redemption/index.ts";
import type { Order } from "./orders.ts";

export interface FinalWord {
  readonly refusal: FinalRefusal;
  /** The stamp it is final for; null: for every one. */
  readonly stamp: number | null;
}

/** Which answers are final, and how they are stored. Null: no verdict, ask again. */
export function finalWord(
  answer: TakeAnswer,
  order: Pick<Order, "epoch">,
  law: Law = LAW,
): FinalWord | null {
  switch (answer.kind) {
    case "sold_out": {
      const { stamp, remaining } = answer;
      return { refusal: { code: "sold_out", figures: { remaining } }, stamp };
    }
    case "closed": {
      const { stamp, closedAtMs } = answer;
      return { refusal: { code: "closed", figures: { closedAtMs } }, stamp };
    }
    case "stale": {
      const { stamp, epoch } = answer;
      return { refusal: { code: "stale", figures: { epoch } }, stamp };
    }
    case "forgone":
      return { refusal: { code: "forgone", figures: {} }, stamp: null };
    case "not_open":
      if (law.notOpenIsNoVerdict) return null;
      return { refusal: { code: "closed", figures: {} }, stamp: order.epoch };
    case "ahead":
      if (law.aheadIsNoVerdict) return null;
      return { refusal: { code: "stale", figures: {} }, stamp: order.epoch };
    default:
      return null;
  }
}

/** No answer came: null, so the hold outlives it and is asked about again. */
export function onSilence(
  order: Pick<Order, "epoch" | "opensAtMs">,
  law: Law = LAW,
): TakeAnswer | null {
  return law.holdOutlivesTimeout
    ? null
    : { kind: "closed", stamp: order.epoch, closedAtMs: order.opensAtMs };
}

/** Asking is `probe` until the member has tapped. */
export function asksByProbe(order: Order, law: Law = LAW): boolean {
  return !order.isWanted && law.ticketIsProbed;
}

/** A tap before the opening makes nothing and marks nothing; the same id counts when it comes again. */
export function isEarlyTap(opensAtMs: number, nowMs: number, law: Law = LAW): boolean {
  return law.earlyTapMarksNothing && nowMs < opensAtMs;
}

export type CancelStep = "none" | "ask" | "void" | "cancel";

/** A pending hold is never void by its member's cancel: only the Sku knows whether there is anything to cancel. */
export function cancelStep(order: Order, law: Law = LAW): CancelStep {
  switch (order.hold) {
    case "pending":
      return law.cancelNeverVoidsPending ? "ask" : "void";
    case "posted":
      return "cancel";
    case "voided":
    case "refused":
      return "none";
  }
}

export type ExchangeStep = "hold" | "ask" | "void_and_hold" | "replay";

/** What a new id may do to the one it replaces. */
export function exchangeStep(old: Order, law: Law = LAW): ExchangeStep {
  if (old.hold === "posted") return "replay";
  if (old.hold === "pending") return law.exchangeAsksFirst ? "ask" : "void_and_hold";
  return "hold";
}

/** Whether an id with a terminal row is answered from it for ever. */
export function isReplayed(order: Order, law: Law = LAW): boolean {
  return order.hold !== "pending" && (law.voidIsForEver || order.hold === "posted");
}

/** A refusal for limit or points is written down, so that the id stays refused. */
export function isRefusalRecorded(law: Law = LAW): boolean {
  return law.refusalIsRecorded;
}

/** Which fields of a repeated request differ from the first one; the first body's outcome stands. */
export function differingFields(
  order: Order,
  request: { readonly saleId: string; readonly quantity: number; readonly epoch: number },
): string[] {
  const fields: string[] = [];
  if (order.saleId !== request.saleId) fields.push("saleId");
  if (order.quantity !== request.quantity) fields.push("quantity");
  if (order.epoch !== request.epoch) fields.push("epoch");
  return fields;
}
