/** Compares a provider's daily bill with the money that the mall knows of. Pure. */
import type { BillRow } from "./provider.ts";

/** What may be wrong between orders, money and ledger, whatever a provider says. */
export const STANDINGS = [
  "cancelled_but_kept",
  "delivered_but_unpaid",
  "ended_without_points",
] as const;
export type StandingName = (typeof STANDINGS)[number];

export interface KnownMove {
  readonly moveId: string;
  readonly kind: "payment" | "refund";
  readonly paymentId: string;
  readonly memberId: string;
  readonly orderId: string;
  readonly amountFen: number;
  /** Of a receipt what it is, of a refund how far it is. */
  readonly state: string;
}

/** What may be wrong between a bill and the mall's money. */
export const DIFFERENCES = [
  "payment_unknown_here",
  "payment_unknown_there",
  "refund_unknown_here",
  "refund_unknown_there",
  "amount_differs",
] as const;

export interface Difference {
  readonly name: (typeof DIFFERENCES)[number];
  readonly kind: "payment" | "refund";
  readonly moveId: string;
  readonly paymentId: string;
  readonly billFen: number | null;
  readonly ownFen: number | null;
  /** Whose order it is, where that is known. */
  readonly memberId: string | null;
  readonly orderId: string | null;
}

/**
 * `known` are the moves of the bill's payments and of its day. A bill that is read a second time, or in parts, gives the same:
 * a line is found by its number alone.
 */
export function differencesOf(
  bill: readonly BillRow[],
  known: readonly KnownMove[],
  isOfDay: (move: KnownMove) => boolean,
): Difference[] {
  const own = new Map(known.map((move) => [move.moveId, move]));
  const seen = new Set<string>();
  const found: Difference[] = [];
  for (const row of bill) {
    const moveId = row.kind === "refund" ? (row.refundId ?? "") : row.txnId;
    seen.add(moveId);
    const move = own.get(moveId);
    const of = { kind: row.kind, moveId, paymentId: row.paymentId, billFen: row.amountFen };
    if (!move) {
      const name = row.kind === "refund" ? "refund_unknown_here" : "payment_unknown_here";
      found.push({ ...of, name, ownFen: null, memberId: null, orderId: null });
    } else if (move.amountFen !== row.amountFen) {
      const { memberId, orderId, amountFen } = move;
      found.push({ ...of, name: "amount_differs", ownFen: amountFen, memberId, orderId });
    }
  }
  for (const move of known) {
    const isMoved = move.kind === "payment" || move.state === "done";
    if (!isMoved || seen.has(move.moveId) || !isOfDay(move)) continue;
    const { kind, moveId, paymentId, memberId, orderId, amountFen } = move;
    const name = kind === "refund" ? "refund_unknown_there" : "payment_unknown_there";
    const of = { name, kind, moveId, paymentId, memberId, orderId } as const;
    found.push({ ...of, billFen: null, ownFen: amountFen });
  }
  return found;
}

/** What is still missing of an earlier day's differences once the next bill is read. */
export function foundLater(open: readonly Difference[], bill: readonly BillRow[]): Difference[] {
  const seen = new Set(
    bill.map((row) => (row.kind === "refund" ? (row.refundId ?? "") : row.txnId)),
  );
  const isMissing = ({ name }: Difference): boolean => name.endsWith("_unknown_there");
  return open.filter((one) => !isMissing(one) || !seen.has(one.moveId));
}

/**
 * What a bill alone knew and the mall has booked since, because its call came late or somebody asked, differs no more; booked with
 * another amount, it differs in that.
 */
export function bookedSince(
  open: readonly Difference[],
  known: ReadonlyMap<string, KnownMove>,
): Difference[] {
  return open.flatMap((one): Difference[] => {
    const move = one.name.endsWith("_unknown_here") ? known.get(one.moveId) : undefined;
    if (!move) return [one];
    if (move.amountFen === one.billFen) return [];
    const { memberId, orderId, amountFen } = move;
    return [{ ...one, name: "amount_differs", ownFen: amountFen, memberId, orderId }];
  });
}
