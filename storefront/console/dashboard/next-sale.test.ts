import { expect, it } from "vitest";
import { countdownOf, nextSale, type SaleFigures } from "./next-sale.ts";

const HOUR_MS = 3_600_000;
const NOW_MS = Date.UTC(2026, 0, 5);

const sale = (saleId: string, opensInMs: number, more: Partial<SaleFigures> = {}): SaleFigures => ({
  ...{ saleId, skuId: saleId, title: saleId, status: "scheduled", pricePoints: 9, priceFen: 0 },
  ...{ opensAtMs: NOW_MS + opensInMs, closesAtMs: NOW_MS + opensInMs + HOUR_MS },
  ...{ units: 10, remaining: 10, redeemed: 0, ...more },
});
const next = (...sales: SaleFigures[]): string | undefined => nextSale(sales, NOW_MS)?.saleId;

it("what runs and has units comes first, then the nearest to come", () => {
  const [later, soon] = [sale("later", 9 * HOUR_MS), sale("soon", HOUR_MS)];
  const [running, gone] = [sale("running", -1), sale("gone", -2, { remaining: 0 })];
  expect(next(later, soon, running, gone)).toBe("running");
  expect(next(later, soon, gone)).toBe("soon");
  expect(next(gone)).toBeUndefined();
});

it("a sale whose hour has come runs, whatever was read before it; one that is over is none", () => {
  expect(next(sale("opened", 0), sale("soon", 1))).toBe("opened");
  expect(next(sale("over", -HOUR_MS, { status: "open" }))).toBeUndefined();
  expect(next(sale("ended", -1, { status: "closed" }))).toBeUndefined();
});

it("counts to the opening, then to the end; a day and more in days and hours", () => {
  const at = (opensInMs: number) => countdownOf(sale("one", opensInMs), NOW_MS);
  expect(at(765_000)).toEqual({ of: "opens", days: 0, parts: ["00", "12", "45"] });
  expect(at(0)).toEqual({ of: "closes", days: 0, parts: ["01", "00", "00"] });
  expect(at(27 * HOUR_MS)).toEqual({ of: "opens", days: 1, parts: ["03"] });
});
