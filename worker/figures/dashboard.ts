/** The dashboard's figures from rows: sums by day, rates, and what a role may see of them. Pure. */
import { civilOf } from "../kernel/calendar.ts";
import { splitSkuId } from "../kernel/ids.ts";
import type { Permission } from "../kernel/permission.ts";
import type { GoodsRow, QuickFigures, SlowFigures } from "./dashboard-store.ts";
import { ISSUED_TYPES, USED_TYPES, WINDOW_DAYS } from "./model.ts";
import type { DashboardView, GoodsFigureView } from "./wire.ts";

const ISSUED: ReadonlySet<string> = new Set(ISSUED_TYPES);
const USED: ReadonlySet<string> = new Set(USED_TYPES);

export interface DashboardParts {
  readonly quick: QuickFigures;
  readonly slow: SlowFigures;
  readonly sales: NonNullable<DashboardView["sales"]>;
  readonly rate: { readonly points: number; readonly fen: number };
  readonly today: number;
  readonly nowMs: number;
}

export function dashboardView(
  { quick, slow, sales, rate, today, nowMs }: DashboardParts,
  may: (permission: Permission) => boolean,
  storeIds: readonly string[] | null,
): DashboardView {
  const seesPoints = may("points.read");
  const seesOrders = may("orders.read") && storeIds === null;
  const goodsOf = (rows: readonly GoodsRow[]): GoodsFigureView[] =>
    rows.filter(({ skuId }) => isShownTo(storeIds, skuId)).map(goodsView);
  return {
    atMs: nowMs,
    digestAtMs: quick.digestAtMs,
    today: seesOrders ? todayOf(quick, today) : null,
    points: seesPoints ? pointsOf(quick, slow, rate, today) : null,
    satisfaction: seesOrders
      ? { ratings30: slow.ratings30 ?? 0, stars30: slow.stars30 ?? 0 }
      : null,
    hot: goodsOf(quick.hot),
    slow: goodsOf(slow.slow),
    slowCount: slow.slowCount,
    stockOuts: goodsOf(quick.stockOuts),
    stockOutCount: quick.stockOutCount,
    sales: may("sales.read") ? sales : null,
    waiting: {
      approvals: may("approvals.read") ? quick.approvals : null,
      toShip: seesOrders ? quick.toShip : null,
      cases: seesOrders ? quick.cases : null,
      words: seesOrders ? quick.words : null,
    },
  };
}

/** A store's own units are nobody's business in another store. */
export function isShownTo(storeIds: readonly string[] | null, skuId: string): boolean {
  const { storeId } = splitSkuId(skuId);
  return storeIds === null || storeId === null || storeIds.includes(storeId);
}

function todayOf({ days }: QuickFigures, today: number): NonNullable<DashboardView["today"]> {
  const of = (type: string) => days.find((row) => row.day === today && row.type === type);
  return {
    orders: of("redeem")?.entries ?? 0,
    points: 0 - (of("redeem")?.points ?? 0),
    cancelled: of("redeem_rollback")?.entries ?? 0,
  };
}

function pointsOf(
  { days, owned }: QuickFigures,
  slow: SlowFigures,
  rate: DashboardParts["rate"],
  today: number,
): NonNullable<DashboardView["points"]> {
  const sumOf = (types: ReadonlySet<string>, from: number, to: number): number =>
    days
      .filter(({ day, type }) => day > from && day <= to && types.has(type))
      .reduce((sum, { points }) => sum + points, 0);
  const first = today - WINDOW_DAYS;
  const sources = new Map<string, { entries: number; points: number }>();
  for (const { day, type, entries, points } of days) {
    if (day <= first || !ISSUED.has(type)) continue;
    const old = sources.get(type) ?? { entries: 0, points: 0 };
    sources.set(type, { entries: old.entries + entries, points: old.points + points });
  }
  const { active30, redeemers30, expiring15, expiringMembers, atMs } = slow;
  return {
    ...{ active30, redeemers30, expiring15, expiringMembers, rate },
    issued30: sumOf(ISSUED, first, today),
    used30: 0 - sumOf(USED, first, today),
    issuedBefore: sumOf(ISSUED, first - WINDOW_DAYS, first),
    usedBefore: 0 - sumOf(USED, first - WINDOW_DAYS, first),
    liability: owned,
    liabilityFen: Number((BigInt(owned) * BigInt(rate.fen)) / BigInt(rate.points)),
    days: daysOf(days),
    sources: [...sources]
      .map(([type, sums]) => ({ type, ...sums }))
      .sort((a, b) => b.points - a.points),
    countedAtMs: atMs,
  };
}

function daysOf(rows: QuickFigures["days"]): NonNullable<DashboardView["points"]>["days"] {
  const byDay = new Map<number, { issued: number; used: number; expired: number }>();
  for (const { day, type, points } of rows) {
    const old = byDay.get(day) ?? { issued: 0, used: 0, expired: 0 };
    byDay.set(day, {
      issued: old.issued + (ISSUED.has(type) ? points : 0),
      used: old.used - (USED.has(type) ? points : 0),
      expired: old.expired - (type === "expire" ? points : 0),
    });
  }
  return [...byDay]
    .sort(([a], [b]) => a - b)
    .map(([day, sums]) => ({ day: dayText(day), ...sums }));
}

function dayText(day: number): string {
  const { year, month, day: ofMonth } = civilOf(day);
  const two = (figure: number): string => String(figure).padStart(2, "0");
  return `${year}-${two(month)}-${two(ofMonth)}`;
}

export function goodsView(row: GoodsRow): GoodsFigureView {
  const { units30, shelf } = row;
  const offered = units30 + (shelf ?? 0);
  return { ...row, rate: offered === 0 ? 0 : units30 / offered };
}
