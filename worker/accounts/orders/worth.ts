/** What units of an order are worth to whoever gives them back: points, cash for the goods, and the freight of what never left. Pure. */
import { paidFen } from "./cash.ts";
import { isOpenCase } from "./life.ts";
import type { AfterSale, OrderLife, Share } from "./types.ts";

const sumOf = (cases: readonly AfterSale[], figure: (one: AfterSale) => number): number =>
  cases.reduce((sum, one) => sum + figure(one), 0);

/** Cases that gave units back, or ask to. */
const refundsOf = ({ afterSales }: OrderLife): readonly AfterSale[] =>
  afterSales.filter((one) => one.kind !== "exchange" && (isOpenCase(one) || one.state === "done"));

/** Units that no case has given back, or is about. */
export function unitsLeft(life: OrderLife): number {
  const exchanging = life.afterSales.filter((one) => one.kind === "exchange" && isOpenCase(one));
  return life.quantity - sumOf([...refundsOf(life), ...exchanging], ({ quantity }) => quantity);
}

/** A share by units that loses nothing to rounding: the last unit takes what is left. */
export function shareOf(whole: number, units: number, before: number, quantity: number): number {
  const until = (count: number): number => Math.floor((whole * count) / units);
  return until(before + quantity) - until(before);
}

/** Uses of a service or coupon that nobody has had, of all; null: none was used, or it is neither. */
export function usesOf({ uses, usesTotal = 0 }: OrderLife): UsesOf | null {
  if (uses === 0 || usesTotal === 0) return null;
  return { total: usesTotal, left: Math.max(0, usesTotal - uses) };
}

export interface UsesOf {
  readonly total: number;
  readonly left: number;
}

/**
 * What so many more units are worth: points of the order, and the cash that was really paid for the goods. Of a service or
 * coupon that was used in part, the uses that are left; of the rest, what no other case has given back or asks for.
 */
export function worthOf(life: OrderLife, orderPoints: number, quantity: number): Share {
  const uses = usesOf(life);
  const given = refundsOf(life);
  const units = life.quantity - sumOf(given, (one) => one.quantity);
  const goodsFen = paidFen(life) > 0 ? life.cashFen : 0;
  const share = (whole: number, of: (one: Share) => number): number => {
    const unused = uses ? shareOf(whole, uses.total, uses.total - uses.left, uses.left) : whole;
    const left = Math.max(0, unused - sumOf(given, (one) => of(one.worth ?? one)));
    return shareOf(left, units, 0, quantity);
  };
  return {
    points: share(orderPoints, ({ points }) => points),
    cashFen: share(goodsFen, ({ cashFen }) => cashFen) + freightBackFen(life, quantity),
  };
}

/** With the last unit of an order of which nothing was sent: nothing was carried. */
export function freightBackFen(life: OrderLife, quantity: number): number {
  const isUnsent = life.shippedUnits === 0 && life.returnedUnits + quantity === life.quantity;
  return isUnsent && life.legs.freight.state === "paid" ? life.freightFen : 0;
}

export function withCase(life: OrderLife, one: AfterSale): OrderLife {
  const afterSales = life.afterSales.map((old) => (old.caseId === one.caseId ? one : old));
  return { ...life, afterSales };
}

const BEFORE_REFUND: ReadonlySet<AfterSale["state"]> = new Set(["applied", "agreed", "sent_back"]);
const isReduced = ({ worth, points, cashFen }: AfterSale): boolean =>
  worth !== undefined && (worth.points !== points || worth.cashFen !== cashFen);

/**
 * What the case about all units that are left is worth may change before it is paid: another case gave its units back, and freight goes
 * back with the last; a parcel left, and no freight goes back; a use came back, which the case is about too. A smaller share that was
 * agreed to stays.
 */
export function withWorth(life: OrderLife, orderPoints: number): OrderLife {
  const isOfRest = ({ kind, state, quantity }: AfterSale): boolean =>
    kind !== "exchange" &&
    BEFORE_REFUND.has(state) &&
    life.returnedUnits + quantity === life.quantity;
  const one = life.afterSales.find(isOfRest);
  if (!one || isReduced(one)) return life;
  const { worth: _same, ...rest } = one;
  const without = { ...life, afterSales: life.afterSales.filter((some) => some !== one) };
  return withCase(life, { ...rest, ...worthOf(without, orderPoints, one.quantity) });
}

/** Nobody sent another one in time. The goods are back, so what they cost goes back, as if they had been returned. */
export function asReturn(life: OrderLife, caseId: string, orderPoints: number): OrderLife {
  const one = life.afterSales.find((some) => some.caseId === caseId);
  if (one?.kind !== "exchange") return life;
  return withCase(life, { ...one, kind: "return", ...worthOf(life, orderPoints, one.quantity) });
}
