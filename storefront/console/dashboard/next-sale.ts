import type { DashboardView } from "../../../worker/figures/wire.ts";
import { remainingTo, two } from "../../ui/format.ts";

export type SaleFigures = NonNullable<DashboardView["sales"]>[number];

/** The hour decides and not the state that was read: figures are some seconds old. */
const isRunning = (sale: SaleFigures, nowMs: number): boolean =>
  sale.opensAtMs <= nowMs && nowMs < sale.closesAtMs;

/** The sale that a merchant looks at first: one that runs and has units left, or else the nearest to come. */
export function nextSale(sales: readonly SaleFigures[], nowMs: number): SaleFigures | null {
  const byOpening = sales
    .filter(({ closesAtMs, status }) => nowMs < closesAtMs && status !== "closed")
    .sort((a, b) => a.opensAtMs - b.opensAtMs);
  const running = byOpening.find((sale) => isRunning(sale, nowMs) && sale.remaining > 0);
  return running ?? byOpening.find(({ opensAtMs }) => nowMs < opensAtMs) ?? null;
}

export interface Countdown {
  readonly of: "opens" | "closes";
  /** Above a day, days and hours; hours, minutes and seconds after that. */
  readonly days: number;
  readonly parts: readonly string[];
}

export function countdownOf(sale: SaleFigures, nowMs: number): Countdown {
  const of = nowMs < sale.opensAtMs ? "opens" : "closes";
  const left = remainingTo(of === "opens" ? sale.opensAtMs : sale.closesAtMs, nowMs);
  const { days, hours, minutes, seconds } = left;
  return { of, days, parts: days > 0 ? [two(hours)] : [hours, minutes, seconds].map(two) };
}
