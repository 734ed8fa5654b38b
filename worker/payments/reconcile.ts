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
  const billed = new Set(bill.map(moveIdOf));
  const isMissing = (move: KnownMove): boolean =>
    hasMoved(move) && !billed.has(move.moveId) && isOfDay(move);
  return [
    ...bill.flatMap((row) => differenceOf(row, own.get(moveIdOf(row))) ?? []),
    ...known.filter(isMissing).map(unknownThere),
  ];
}

const moveIdOf = (row: BillRow): string =>
  row.kind === "refund" ? (row.refundId ?? "") : row.txnId;

/** A refund that is only asked for stands on no bill. */
const hasMoved = ({ kind, state }: KnownMove): boolean => kind === "payment" || state === "done";

/** Null: the line and what is known of it agree. */
function differenceOf(row: BillRow, move: KnownMove | undefined): Difference | null {
  const { kind, paymentId, amountFen: billFen } = row;
  const of = { kind, moveId: moveIdOf(row), paymentId, billFen };
  if (!move) {
    const name = kind === "refund" ? "refund_unknown_here" : "payment_unknown_here";
    return { ...of, name, ownFen: null, memberId: null, orderId: null };
  }
  const { memberId, orderId, amountFen: ownFen } = move;
  return ownFen === billFen ? null : { ...of, name: "amount_differs", ownFen, memberId, orderId };
}

function unknownThere(move: KnownMove): Difference {
  const { kind, moveId, paymentId, memberId, orderId, amountFen: ownFen } = move;
  const name = kind === "refund" ? "refund_unknown_there" : "payment_unknown_there";
  return { name, kind, moveId, paymentId, memberId, orderId, billFen: null, ownFen };
}

/** What is still missing of an earlier day's differences once the next bill is read. */
export function foundLater(open: readonly Difference[], bill: readonly BillRow[]): Difference[] {
  const billed = new Set(bill.map(moveIdOf));
  const isMissing = ({ name }: Difference): boolean => name.endsWith("_unknown_there");
  return open.filter((one) => !isMissing(one) || !billed.has(one.moveId));
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
