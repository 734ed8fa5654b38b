/**
 * The part of an order's cash that no provider carries: points, and stored value. It is held while the rest is awaited, taken
 * with it, and goes back in proportion. The life says how much; the wallets are moved by whoever saves it. Pure.
 */
import { invariant } from "../../kernel/invariant.ts";
import { CASH_LAW } from "./law.ts";
import { movedCash, movedFreight, refusedBy, taken } from "./life.ts";
import { START_STEP } from "./states.ts";
import type { LifeOutcome, OrderLife, Tender } from "./types.ts";

export interface TenderWish {
  readonly points: number;
  /** What these points pay. */
  readonly pointsFen: number;
  readonly storedFen: number;
}

const NOTHING_BACK = { backPoints: 0, backPointsFen: 0, backStoredFen: 0 } as const;

/** What a tender pays of the order, or paid. */
export const tenderFen = (tender: Tender | null): number =>
  tender === null || tender.state === "released" ? 0 : tender.pointsFen + tender.storedFen;

/** Of what was taken, what did not come back. */
export const keptTenderFen = (tender: Tender | null): number =>
  tender?.state === "taken" ? tenderFen(tender) - tender.backPointsFen - tender.backStoredFen : 0;

export function assertTender(life: OrderLife): void {
  const { tender, state } = life;
  if (!tender) return;
  const { points, pointsFen, storedFen, backPoints, backPointsFen, backStoredFen } = tender;
  const isWithin =
    backPoints >= 0 &&
    backPoints <= points &&
    backPointsFen >= 0 &&
    backPointsFen <= pointsFen &&
    backStoredFen >= 0 &&
    backStoredFen <= storedFen;
  invariant(isWithin, "I10 never more of a tender goes back than was taken");
  const isHeld = tender.state === "held";
  invariant(!isHeld || state === "awaiting_payment", "I10 a tender is held while cash is awaited");
  invariant(
    state !== "cancelled" || keptTenderFen(tender) === 0,
    "I10 a cancelled order keeps none",
  );
}

/**
 * The member pays part of the cash with points or stored value, or changes their mind about it. Where nothing is left to
 * pay the order is paid. Points pay for goods and not for carriage.
 */
export function setTender(life: OrderLife, wish: TenderWish, nowMs: number): LifeOutcome {
  if (life.state !== "awaiting_payment") return refusedBy("nothing_to_pay", life);
  const { tender } = life;
  const { points, pointsFen, storedFen } = wish;
  const isSame =
    tender?.state === "held"
      ? tender.points === points && tender.storedFen === storedFen
      : points + storedFen === 0;
  if (isSame) return { kind: "already", life };
  // What the provider was told to collect would be another figure.
  if (life.attempts.some(({ state }) => state === "open")) return refusedBy("payment_begun", life);
  const wholeFen = life.cashFen + life.freightFen;
  if (pointsFen > life.cashFen || pointsFen + storedFen > wholeFen) {
    return refusedBy("too_much", life);
  }
  const no = (tender?.no ?? 0) + 1;
  const state = points + storedFen === 0 ? "released" : "held";
  const next: OrderLife = {
    ...life,
    tender: { no, state, points, pointsFen, storedFen, ...NOTHING_BACK },
  };
  if (pointsFen + storedFen < wholeFen) return { kind: "changed", life: next };
  return { kind: "changed", life: taken(paidLegs(next, nowMs), ...startOf(next, nowMs)) };
}

const startOf = (life: OrderLife, nowMs: number) =>
  [START_STEP[life.goodsKind], { by: "member" }, nowMs] as const;

/** The cash leg is paid, and the carriage that one payment pays with it; a tender that was held is taken. */
export function paidLegs(life: OrderLife, nowMs: number): OrderLife {
  const { cash, freight } = life.legs;
  const legs = {
    ...life.legs,
    cash: movedCash(cash, "paid", nowMs),
    freight: freight.state === "awaiting" ? movedFreight(freight, "paid", nowMs) : freight,
  };
  const { tender } = life;
  return {
    ...life,
    legs,
    tender: tender?.state === "held" ? { ...tender, state: "taken" } : tender,
  };
}

/** The order ends: what is held is let go, what was taken goes back whole. */
export function endedTender(tender: Tender | null): Tender | null {
  if (!CASH_LAW.endReturnsTender) return tender;
  if (tender?.state === "held") return { ...tender, state: "released" };
  if (tender?.state !== "taken") return tender;
  const { points, pointsFen, storedFen } = tender;
  return { ...tender, backPoints: points, backPointsFen: pointsFen, backStoredFen: storedFen };
}

/**
 * So much of the order's cash goes back: to the provider, to stored value and to points, each by its share of what was paid.
 * The parts of an order add up to its whole, and no part ever takes back what it did not pay.
 */
export function splitBack(
  paid: { readonly providerFen: number; readonly backProviderFen: number },
  tender: Tender,
  amountFen: number,
): { readonly providerFen: number; readonly tender: Tender } {
  const parts = [
    { whole: paid.providerFen, back: paid.backProviderFen },
    { whole: tender.storedFen, back: tender.backStoredFen },
    { whole: tender.pointsFen, back: tender.backPointsFen },
  ];
  const whole = parts.reduce((sum, part) => sum + part.whole, 0);
  const before = parts.reduce((sum, part) => sum + part.back, 0);
  const target = before + amountFen;
  invariant(target <= whole, "I10 never more goes back than was paid");
  let left = amountFen;
  const shares = parts.map((part) => {
    const due = Math.floor((part.whole * target) / whole) - part.back;
    const share = Math.max(0, Math.min(due, left));
    left -= share;
    return share;
  });
  // Fen that rounding left over go to the first part that still has room.
  parts.forEach((part, at) => {
    const more = Math.min(left, part.whole - part.back - (shares[at] ?? 0));
    shares[at] = (shares[at] ?? 0) + more;
    left -= more;
  });
  const [providerFen = 0, storedFen = 0, pointsFen = 0] = shares;
  const backPointsFen = tender.backPointsFen + pointsFen;
  return {
    providerFen,
    tender: {
      ...tender,
      backStoredFen: tender.backStoredFen + storedFen,
      backPointsFen,
      backPoints:
        tender.pointsFen === 0 ? 0 : Math.floor((tender.points * backPointsFen) / tender.pointsFen),
    },
  };
}
