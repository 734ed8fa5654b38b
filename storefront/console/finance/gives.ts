import { count } from "../../ui/format.ts";
import { yuanOf } from "../kit/index.ts";
import type { FinanceWords } from "./words.ts";

/** What goes back, without the leg that has nothing to give. */
export function givesOf(
  { points, cashFen }: { readonly points: number; readonly cashFen: number },
  words: FinanceWords,
): string {
  const parts = [
    ...(points > 0 ? [words.points(count(points))] : []),
    ...(cashFen > 0 ? [`¥${yuanOf(cashFen)}`] : []),
  ];
  return parts.join(" + ") || "—";
}
