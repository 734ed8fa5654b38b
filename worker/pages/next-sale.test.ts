/** Which sale is offered for booking where another one is over. */
import { expect, it } from "vitest";
import type { SaleView } from "../redemption/index.ts";
import { nextSaleOf } from "./next-sale.ts";

const sale = (saleId: string, opensAtMs: number) => ({ saleId, opensAtMs }) as SaleView;

it("is the first to come: one that runs already cannot be booked", () => {
  const sales = [sale("runs", 10), sale("comes", 30), sale("later", 40)];
  expect(nextSaleOf(sales, "over", 20)?.saleId).toBe("comes");
  // A list that is a moment old still has the one that was called off.
  expect(nextSaleOf(sales, "comes", 20)?.saleId).toBe("later");
  expect(nextSaleOf(sales, "over", 50)).toBeNull();
  expect(nextSaleOf(null, "over", 20)).toBeNull();
});
