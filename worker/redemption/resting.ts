/** When a standing sale stops by itself or by the word of the catalogue. Pure. */
import type { Sale } from "./model.ts";

/**
 * Nothing more is sold until the sale is told to go on. Unlike a pause it raises the epoch: who tapped on an older page is refused for
 * good, and no hold waits for a day that may never come.
 */
export function rest(sale: Sale): Sale {
  if (sale.status !== "open") return sale;
  return { ...sale, status: "paused", epoch: sale.epoch + 1, version: sale.version + 1 };
}

export const restsAtMsOf = ({ terms }: Sale): number => terms.restsAtMs ?? Number.POSITIVE_INFINITY;
