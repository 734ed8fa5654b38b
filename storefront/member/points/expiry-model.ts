import type { ExpiryDay, WalletView } from "../../../worker/pages/wire.ts";
import { daysBetween, lastMs, wallOf } from "../../ui/format.ts";

const MONTHS = 12;
/** From so many days before its end on, a lot is said to lapse soon. */
export const SOON_DAYS = 15;

export interface Month {
  year: number;
  month: number;
  points: number;
}

/** Points that expire in each of the next twelve months, this one first. */
export function monthsOf(days: readonly ExpiryDay[], nowMs: number): Month[] {
  const { year, month } = wallOf(nowMs);
  const months: Month[] = Array.from({ length: MONTHS }, (_, at) => ({
    year: year + Math.floor((month - 1 + at) / 12),
    month: ((month - 1 + at) % 12) + 1,
    points: 0,
  }));
  for (const { expiresAtMs, points } of days) {
    if (expiresAtMs === null) continue;
    const wall = wallOf(lastMs(expiresAtMs));
    const found = months.find((entry) => entry.year === wall.year && entry.month === wall.month);
    if (found !== undefined) found.points += points;
  }
  return months;
}

/** Spendable points that lapse within {@link SOON_DAYS}, and the first moment at which some do. */
export function lapsingSoon(
  lots: WalletView["lots"],
  nowMs: number,
): { points: number; firstAtMs: number | null } {
  const soon = lots.filter(
    ({ expiresAtMs, pendingUntilMs, remaining }) =>
      remaining > 0 &&
      (pendingUntilMs === null || pendingUntilMs <= nowMs) &&
      expiresAtMs !== null &&
      expiresAtMs > nowMs &&
      daysBetween(nowMs, lastMs(expiresAtMs)) <= SOON_DAYS,
  );
  const ends = soon.map(({ expiresAtMs }) => expiresAtMs ?? 0);
  return {
    points: soon.reduce((sum, { remaining }) => sum + remaining, 0),
    firstAtMs: ends.length === 0 ? null : Math.min(...ends),
  };
}

/** All that was ever credited: every point of it is still there, held, used, gone, or settled a debt. */
export function everEarned(balance: WalletView["balance"]): number {
  const { active, pending, held, spent, expired, clawedBack, deficit } = balance;
  return active + pending + held + spent + expired + clawedBack - deficit;
}

/** When the first pending points can be used; null: not known, or none wait for a time. */
export function firstPendingMs(lots: WalletView["lots"], nowMs: number): number | null {
  const waits = lots.flatMap(({ pendingUntilMs }) =>
    pendingUntilMs === null || pendingUntilMs <= nowMs ? [] : [pendingUntilMs],
  );
  return waits.length === 0 ? null : Math.min(...waits);
}
