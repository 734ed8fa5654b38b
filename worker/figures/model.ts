/** What entries of the ledger add to the figures of days, goods and members. Pure: rows in, sums out. */
import { civilOf } from "../kernel/calendar.ts";
import { programmeDay } from "../kernel/clock.ts";
import { parseSaleId } from "../kernel/ids.ts";

/** An entry as the digest reads it, with the sale of its order. */
export interface DigestRow {
  readonly rowid: number;
  readonly programmeId: string;
  readonly memberId: string;
  readonly type: string;
  readonly points: number;
  /** When the ledger took it down. */
  readonly atMs: number;
  readonly orderId: string | null;
  readonly sourceId: string | null;
  readonly storeId: string | null;
  readonly saleId: string | null;
  readonly quantity: number | null;
}

export interface DayFigure {
  readonly programmeId: string;
  readonly day: number;
  readonly type: string;
  readonly entries: number;
  readonly points: number;
}

export interface GoodsDayFigure {
  readonly programmeId: string;
  readonly skuId: string;
  readonly day: number;
  readonly orders: number;
  readonly units: number;
  readonly points: number;
  readonly returned: number;
}

/** What a step of the digest learnt of one member. */
export interface MemberDelta {
  readonly programmeId: string;
  readonly memberId: string;
  readonly firstActiveAtMs: number;
  readonly lastActiveAtMs: number;
  readonly lastRedeemedAtMs: number | null;
  readonly lastPurchaseAtMs: number | null;
  readonly lastStoreId: string | null;
  readonly earnedPoints: number;
  readonly spentPoints: number;
  /** Purchases by month since 1970. */
  readonly purchases: ReadonlyMap<number, number>;
}

export interface Digest {
  readonly days: readonly DayFigure[];
  readonly goods: readonly GoodsDayFigure[];
  readonly members: readonly MemberDelta[];
}

/** Types whose points the merchant gave out. */
export const ISSUED_TYPES = [
  ...(["earn_order", "earn_action", "promo", "manual_credit", "opening"] as const),
] as const;
/** Types that redeeming moves: what was spent, and what a cancel gave back. */
export const USED_TYPES = ["redeem", "redeem_rollback", "capture", "release", "hold"] as const;
const ISSUED: ReadonlySet<string> = new Set(ISSUED_TYPES);
const USED: ReadonlySet<string> = new Set(USED_TYPES);

/** The day under which the sums of all days are kept. */
export const ALL_DAYS = -1;
/** Rolling windows of goods are so many days long. */
export const WINDOW_DAYS = 30;

/** Months since January 1970 of a programme day. */
export function monthOf(day: number): number {
  const { year, month } = civilOf(day);
  return (year - 1970) * 12 + month - 1;
}

export function digestOf(rows: readonly DigestRow[], zoneOffsetMs: number): Digest {
  const days = new Map<string, DayFigure>();
  const goods = new Map<string, GoodsDayFigure>();
  const members = new Map<string, MemberDelta>();
  const seenPurchases = new Set<string>();
  for (const row of rows) {
    const day = programmeDay(row.atMs, zoneOffsetMs);
    for (const at of [day, ALL_DAYS]) addDay(days, row, at);
    addGoods(goods, row, day);
    const purchase = `${row.programmeId}:${row.memberId} ${row.orderId ?? row.sourceId ?? row.rowid}`;
    // One purchase may give several lots, each with an entry.
    const isPurchase = row.type === "earn_order" && !seenPurchases.has(purchase);
    if (isPurchase) seenPurchases.add(purchase);
    addMember(members, row, isPurchase ? monthOf(day) : null);
  }
  return {
    days: [...days.values()],
    goods: [...goods.values()],
    members: [...members.values()],
  };
}

function addDay(days: Map<string, DayFigure>, row: DigestRow, day: number): void {
  const { programmeId, type, points } = row;
  const key = `${programmeId} ${day} ${type}`;
  const old = days.get(key) ?? { programmeId, day, type, entries: 0, points: 0 };
  days.set(key, { ...old, entries: old.entries + 1, points: old.points + points });
}

function addGoods(goods: Map<string, GoodsDayFigure>, row: DigestRow, day: number): void {
  const { programmeId, type, saleId, points } = row;
  const isTaken = type === "redeem";
  if ((!isTaken && type !== "redeem_rollback") || saleId === null) return;
  const address = parseSaleId(saleId);
  if (!address) return;
  const { skuId } = address;
  const key = `${programmeId} ${skuId} ${day}`;
  const none = { orders: 0, units: 0, points: 0, returned: 0 };
  const old = goods.get(key) ?? { programmeId, skuId, day, ...none };
  const units = row.quantity ?? 1;
  goods.set(key, {
    ...old,
    orders: old.orders + (isTaken ? 1 : 0),
    units: old.units + (isTaken ? units : 0),
    points: old.points - points,
    returned: old.returned + (isTaken ? 0 : units),
  });
}

function addMember(
  members: Map<string, MemberDelta>,
  row: DigestRow,
  purchaseMonth: number | null,
): void {
  const { programmeId, memberId, type, points, atMs } = row;
  const key = `${programmeId}:${memberId}`;
  const old = members.get(key) ?? {
    ...{ programmeId, memberId, firstActiveAtMs: atMs, lastActiveAtMs: atMs },
    ...{ lastRedeemedAtMs: null, lastStoreId: null },
    ...{ lastPurchaseAtMs: null, earnedPoints: 0, spentPoints: 0, purchases: new Map() },
  };
  const purchases = new Map(old.purchases);
  if (purchaseMonth !== null) purchases.set(purchaseMonth, (purchases.get(purchaseMonth) ?? 0) + 1);
  members.set(key, {
    ...old,
    purchases,
    firstActiveAtMs: Math.min(old.firstActiveAtMs, atMs),
    lastActiveAtMs: Math.max(old.lastActiveAtMs, atMs),
    lastRedeemedAtMs: type === "redeem" ? latest(old.lastRedeemedAtMs, atMs) : old.lastRedeemedAtMs,
    lastPurchaseAtMs:
      type === "earn_order" ? latest(old.lastPurchaseAtMs, atMs) : old.lastPurchaseAtMs,
    lastStoreId: row.storeId ?? old.lastStoreId,
    earnedPoints: old.earnedPoints + (ISSUED.has(type) ? points : 0),
    spentPoints: old.spentPoints - (USED.has(type) ? points : 0),
  });
}

const latest = (one: number | null, other: number | null): number | null =>
  one === null ? other : other === null ? one : Math.max(one, other);

/** What a member's row keeps of purchases, moments and sums. */
export interface MemberCounts {
  readonly lastActiveAtMs: number;
  readonly lastRedeemedAtMs: number | null;
  readonly lastPurchaseAtMs: number | null;
  readonly lastStoreId: string | null;
  readonly earnedPoints: number;
  readonly spentPoints: number;
  readonly month: number;
  /** Of `month`, the month before it, and the one before that. */
  readonly purchases: readonly [number, number, number];
}

/** The counts of a row and what a step learnt. The months move on to the later of the row's, the purchases' and `month`. */
export function addCounts(
  old: MemberCounts | null,
  delta: MemberDelta,
  month: number,
): MemberCounts {
  const now = Math.max(month, old?.month ?? 0, ...delta.purchases.keys());
  const countOf = (wanted: number): number =>
    (old?.purchases[old.month - wanted] ?? 0) + (delta.purchases.get(wanted) ?? 0);
  return {
    lastActiveAtMs: Math.max(old?.lastActiveAtMs ?? 0, delta.lastActiveAtMs),
    lastRedeemedAtMs: latest(old?.lastRedeemedAtMs ?? null, delta.lastRedeemedAtMs),
    lastPurchaseAtMs: latest(old?.lastPurchaseAtMs ?? null, delta.lastPurchaseAtMs),
    lastStoreId: delta.lastStoreId ?? old?.lastStoreId ?? null,
    earnedPoints: (old?.earnedPoints ?? 0) + delta.earnedPoints,
    spentPoints: (old?.spentPoints ?? 0) + delta.spentPoints,
    month: now,
    purchases: [countOf(now), countOf(now - 1), countOf(now - 2)],
  };
}

/** Purchases of the last three months that a row counts. */
export function frequencyOf({ purchases }: MemberCounts): number {
  const [now, before, first] = purchases;
  return now + before + first;
}
