/** Money at the end of a life: nothing waits for ever, the bank and the orders agree to the last fen, and an order has one outcome. */
import { AFTER_SALE_WITHIN_MS } from "../../../worker/accounts/orders/after-sales.ts";
import { keptTenderFen } from "../../../worker/accounts/orders/tender.ts";
import type { OrderLife } from "../../../worker/accounts/orders/types.ts";
import type { Witness } from "../witness.ts";
import { keptOf, type SimBank } from "./bank.ts";

export interface LivedOrder {
  readonly order: {
    readonly memberKey: string;
    readonly orderId: string;
    readonly quantity: number;
    readonly isCancelled: boolean;
    readonly version: number;
  };
  /** Null: it was never granted. */
  readonly life: OrderLife | null;
}

/** States that somebody has to bring an order out of, by themselves. */
const PASSING: ReadonlySet<string> = new Set([
  "placed",
  "awaiting_payment",
  "issuing",
  "refunding",
]);
export const OVER: ReadonlySet<string> = new Set(["cancelled", "refunded"]);

/** What is still on its way in an order, in words. */
export function unfinishedOf({ life }: LivedOrder): string[] {
  if (!life) return [];
  const { orderId, state, attempts, receipts, refunds, afterSales, issueAtMs } = life;
  const open: string[] = [];
  if (PASSING.has(state)) open.push(`C3 ${orderId} is ${state}`);
  else if (issueAtMs !== null) open.push(`C3 ${orderId} is ${state} and asks for its goods back`);
  for (const { paymentId, state: is } of attempts) {
    if (is === "open") open.push(`C3 ${paymentId} of ${orderId} is open`);
  }
  for (const { refundId, state: is } of refunds) {
    if (is !== "done") open.push(`C3 the refund ${refundId} of ${orderId} is ${is}`);
  }
  for (const { txnId, use } of receipts) {
    const isOut = use === "order" || refunds.some((one) => one.txnId === txnId);
    if (!isOut) open.push(`C3 the payment ${txnId} of ${orderId} is ${use} and stays`);
  }
  for (const { caseId, state: is, dueAtMs } of afterSales) {
    const isWaiting = is in AFTER_SALE_WITHIN_MS && dueAtMs === null;
    if (is === "refunding" || isWaiting) open.push(`C3 the case ${caseId} of ${orderId} is ${is}`);
  }
  return open;
}

/** `savedFen`: what the bank took for stored value. */
export function compareCash(
  bank: SimBank,
  witness: Witness,
  orders: readonly LivedOrder[],
  savedFen: number,
): void {
  let keptFen = savedFen;
  for (const one of orders) {
    if (!one.life) continue;
    compareMoves(bank, witness, one.life);
    keptFen += compareOutcome(bank, witness, one, one.life);
  }
  const balance = bank.ledger.balanceFen();
  witness.demand(
    "C1",
    balance === keptFen,
    () => `the bank keeps ${balance}, orders know ${keptFen}`,
  );
}

/** Every payment and refund of the bank stands in its order once, with its amount. */
function compareMoves(bank: SimBank, witness: Witness, life: OrderLife): void {
  const { attempts, receipts, refunds, orderId } = life;
  const trades = attempts.flatMap(({ paymentId }) => bank.ledger.trades.get(paymentId) ?? []);
  const told = (moves: readonly { id: string; amountFen: number }[]): string =>
    moves
      .map(({ id, amountFen }) => `${id} ${amountFen}`)
      .toSorted()
      .join(", ");
  const paid = told(
    trades.flatMap(({ txns }) => txns.map(({ txnId: id, ...one }) => ({ id, ...one }))),
  );
  const known = told(receipts.map(({ txnId: id, ...one }) => ({ id, ...one })));
  witness.demand("C1", paid === known, () => `${orderId} knows of ${known}, the bank took ${paid}`);
  const back = told(
    trades.flatMap(({ refunds: own }) => own.map(({ refundId: id, ...one }) => ({ id, ...one }))),
  );
  const sent = told(refunds.map(({ refundId: id, ...one }) => ({ id, ...one })));
  witness.demand("C1", back === sent, () => `${orderId} sent back ${sent}, the bank gave ${back}`);
}

/** What the merchant keeps of an order is its price, less what after-sales gave back, or nothing. Answers what the bank says. */
function compareOutcome(
  bank: SimBank,
  witness: Witness,
  { order }: LivedOrder,
  life: OrderLife,
): number {
  const { orderId, state, cashFen, freightFen, afterSales, attempts } = life;
  const kept = attempts.reduce((sum, { paymentId }) => {
    const trade = bank.ledger.trades.get(paymentId);
    return sum + (trade ? keptOf(trade) : 0);
  }, 0);
  const given = afterSales.reduce((sum, one) => sum + (one.state === "done" ? one.cashFen : 0), 0);
  const tenderedFen = keptTenderFen(life.tender);
  // Given back by after-sales, unit by unit: of a service, what was used of it stays.
  const isWhole = OVER.has(state) && life.returnedUnits < life.quantity;
  const due = (isWhole ? 0 : cashFen + freightFen - given) - tenderedFen;
  witness.demand("C2", kept === due, () => `${orderId} is ${state} and keeps ${kept} of ${due}`);
  const isGivenBack = life.legs.points.state === "returned" || !order.isCancelled;
  witness.demand("C2", isGivenBack, () => `${orderId} is cancelled and keeps its points`);
  const seen = witness.heard.lastState(order.memberKey, orderId);
  const isSame = seen === null || !OVER.has(seen) || seen === state;
  const wasOver = isSame || (seen === "cancelled" && OVER.has(state));
  witness.demand("C2", wasOver, () => `${orderId} was seen ${seen} and is ${state}`);
  return kept;
}
