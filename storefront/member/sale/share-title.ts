import type { Locale } from "../../../worker/pages/page-data.ts";
import type { SaleView } from "../../../worker/redemption/wire.ts";
import { count, dayName, timeHm } from "../../ui/format.ts";

/** Letters of Latin text are half as wide, so twice as many fit the card. */
const TITLE_MOST = { "zh-CN": 24, en: 48 } as const;

function cut(title: string, most: number): string {
  const letters = [...title];
  return letters.length <= most ? title : `${letters.slice(0, Math.max(1, most - 1)).join("")}…`;
}

/** At most 24 characters with the goods and the hour: a chat cuts the rest, so the goods' name gives way first. */
export function shareTitle(sale: SaleView, locale: Locale, nowMs: number): string {
  const points = count(sale.pricePoints);
  const most = TITLE_MOST[locale];
  if (sale.kind === "standing") {
    const after = locale === "en" ? `, ${points} points` : `，${points} 积分兑换`;
    return `${cut(sale.title, most - after.length)}${after}`;
  }
  const day = dayName(locale, sale.opensAtMs, nowMs);
  // It begins the title.
  const hour = `${day.charAt(0).toUpperCase()}${day.slice(1)} ${timeHm(sale.opensAtMs)}`;
  const before = locale === "en" ? `${hour} ` : `${hour} 抢兑 `;
  const after = locale === "en" ? `, ${points} pts` : `，${points} 积分`;
  return `${before}${cut(sale.title, most - before.length - after.length)}${after}`;
}
