/** Who takes part in a rehearsal and how each behaves: the same every time, so that two runs can be compared. Pure. */
import { memberKeyOf } from "../kernel/ids.ts";

export interface Buyer {
  readonly at: number;
  readonly memberKey: string;
  readonly orderId: string;
  /** Has a point too few for its order. */
  readonly isPoor: boolean;
  /** Taps before the opening, and again at it. */
  readonly isEarly: boolean;
  /** Taps twice. */
  readonly isHasty: boolean;
  /** Tries for more than one may have. */
  readonly isGreedy: boolean;
}

export const BUYERS_MAX = 5_000;

export function buyerAt(programmeId: string, at: number): Buyer {
  const number = String(at).padStart(6, "0");
  return {
    at,
    memberKey: memberKeyOf(programmeId, `buyer-${number}`),
    orderId: `rehearsal-order-${number}`,
    isPoor: at % 50 === 49,
    isEarly: at % 20 === 7,
    isHasty: at % 10 === 3,
    isGreedy: at % 33 === 5,
  };
}

/** What a buyer is given to spend: enough, a point too few, or enough for what one may not have. */
export function pointsOf(buyer: Buyer, pricePoints: number, limitPerMember: number): number {
  if (buyer.isPoor) return Math.max(0, pricePoints - 1);
  return pricePoints * (buyer.isGreedy ? limitPerMember + 1 : 1);
}
