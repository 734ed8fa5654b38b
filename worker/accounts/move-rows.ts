/** Money that came and went, as D1 is told of it: of orders, and of stored value. */
import { splitMemberKey } from "../kernel/ids.ts";
import { moveRow, type ProjectedMove } from "../platform/projection.ts";
import {
  isUnderWay,
  keptReceipt,
  refundedOf,
  type OrderLife,
  type Tender,
} from "./orders/index.ts";
import type { Order } from "./orders.ts";
import type { StoredEntry } from "./stored-value/index.ts";

/** Money of an order moves only with a change of its life, and each of those is told. */
export function orderMoves(order: Order, life: OrderLife): string[] {
  const owner = splitMemberKey(order.memberKey);
  const of = { ...owner, orderId: order.orderId, version: order.version };
  const receipts = life.receipts.map(({ txnId, paidAtMs, use, ...one }) => {
    // Nobody has to decide on money of the wrong amount any more once it is on its way back.
    const isSentBack = use === "mismatch" && refundedOf(life, txnId) > 0;
    return moveRow({
      ...of,
      ...one,
      moveId: txnId,
      kind: "payment",
      state: isSentBack ? "sent_back" : use,
      reason: "",
      atMs: paidAtMs,
    });
  });
  const refunds = life.refunds.map((one) => {
    const { refundId, paymentId, provider, amountFen, state, reason, createdAtMs, word } = one;
    const said = word === "" ? reason : `${reason}: ${word}`;
    const atMs = one.doneAtMs ?? createdAtMs;
    const row = { ...of, paymentId, provider, amountFen, state, moveId: refundId, atMs };
    return moveRow({ ...row, kind: "refund", reason: said });
  });
  const { tender } = life;
  return [
    ...receipts,
    ...refunds,
    ...unpaidAttempts(order, life),
    ...(tender?.state === "taken" ? tenderMoves(order, tender) : []),
  ];
}

/**
 * Ways to pay that an order does not wait for any more, and did not take: the provider has not said that nobody pays by them, or
 * has. `atMs` is when the time of each was over, for until then its provider may know nothing.
 */
function unpaidAttempts(order: Order, life: OrderLife): string[] {
  if (life.state === "awaiting_payment") return [];
  const paidBy = keptReceipt(life)?.paymentId;
  const owner = splitMemberKey(order.memberKey);
  return life.attempts
    .filter(({ paymentId }) => paymentId !== paidBy)
    .map((one) => {
      const { paymentId, provider, amountFen, createdAtMs, payByMs = createdAtMs } = one;
      return moveRow({
        ...{ ...owner, orderId: order.orderId, version: order.version, paymentId, provider },
        ...{ moveId: `attempt:${paymentId}`, kind: "attempt", amountFen, reason: "" },
        ...{ state: isUnderWay(one) ? "open" : one.state, atMs: payByMs },
      });
    });
}

/** No provider carries these: their number is the order's, and what goes back is one growing figure. */
function tenderMoves(order: Order, tender: Tender): string[] {
  const owner = splitMemberKey(order.memberKey);
  const { orderId, version, updatedAtMs } = order;
  const of = { ...owner, orderId, version, paymentId: "", atMs: updatedAtMs };
  const rows: Pick<ProjectedMove, "kind" | "provider" | "amountFen" | "state" | "reason">[] = [];
  const both = [
    ["stored_value", tender.storedFen, tender.backStoredFen],
    ["points", tender.pointsFen, tender.backPointsFen],
  ] as const;
  for (const [provider, amountFen, backFen] of both) {
    if (amountFen > 0)
      rows.push({ kind: "payment", provider, amountFen, state: "order", reason: "" });
    if (backFen > 0)
      rows.push({
        kind: "refund",
        provider,
        amountFen: backFen,
        state: "done",
        reason: "returned",
      });
  }
  return rows.map((row) => {
    const moveId = `${owner.memberId}.${orderId}.${row.provider}.${row.kind}`;
    return moveRow({ ...of, ...row, moveId });
  });
}

/** The word in place of an order for money that came in as stored value. */
export const TOP_UP = "top_up";

/** A top-up as the provider's bill has it. Its natural key ends with the transaction, its source is the payment. */
export function topUpMove(memberKey: string, entry: StoredEntry): string[] {
  if (entry.type !== "top_up") return [];
  const [, provider = "", txnId = ""] = entry.naturalKey.split(":");
  return [
    moveRow({
      ...splitMemberKey(memberKey),
      ...{ moveId: txnId, kind: "payment", paymentId: entry.sourceId ?? "", orderId: TOP_UP },
      ...{ provider, amountFen: entry.movedFen, state: TOP_UP, reason: "" },
      ...{ atMs: entry.recordedAtMs, version: entry.seq },
    }),
  ];
}
