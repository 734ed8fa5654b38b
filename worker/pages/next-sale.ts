import type { SaleView } from "../redemption/index.ts";

/** What the page of a sale that is over offers to book: the first other one that has yet to open. `sales` come by their hour. */
export function nextSaleOf(
  sales: readonly SaleView[] | null,
  overId: string,
  nowMs: number,
): SaleView | null {
  return sales?.find(({ saleId, opensAtMs }) => saleId !== overId && opensAtMs > nowMs) ?? null;
}
