/** The built product in the real runtime stays within its budget of rows. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { METER_PATH } from "../../worker/platform/meter-figures.ts";
import { startProduct } from "../../worker/testing/product/product.ts";
import { ROWS_WRITTEN } from "./budget.ts";
import { d1RowsPerOperation, rowsPerOperation, rowsWritten, type Counted } from "./counted.ts";
import { Phases } from "./phases.ts";
import { MeteredShop } from "./shop.ts";

const COUNT = 300;
let shop: MeteredShop;
let phases: Phases;
beforeAll(async () => {
  shop = await MeteredShop.open();
  phases = new Phases(shop, await shop.enrol(COUNT), { count: COUNT, connections: 64 });
});
afterAll(() => shop.close());

function expectWithin(counted: Counted): void {
  const { objects, d1 } = ROWS_WRITTEN[counted.name as keyof typeof ROWS_WRITTEN];
  // Too few means that something is not counted any more, or that the budget must be lowered.
  const told = JSON.stringify(rowsWritten(counted.figures));
  const rows = rowsPerOperation(counted);
  expect(rows, told).toBeLessThanOrEqual(objects.rowsMax);
  expect(rows, told).toBeGreaterThan(objects.measured * 0.8);
  const d1Rows = d1RowsPerOperation(counted);
  expect(d1Rows, told).toBeLessThanOrEqual(d1.rowsMax);
  expect(d1Rows, told).toBeGreaterThan(d1.measured * 0.8);
}

describe("rows written for one redemption", () => {
  it("by the door keep to the budget", async () => {
    expectWithin(await phases.door("door", "door", COUNT));
  });

  it("by HTTP, and for its cancel, keep to the budget", async () => {
    (await phases.httpAndCancel()).forEach(expectWithin);
  });

  it("with no commit shared keep to the budget", async () => {
    expectWithin(await phases.alone());
  });

  it("are none for a refusal after sold-out", async () => {
    const counted = await phases.refused();
    expect(rowsPerOperation(counted)).toBeLessThan(0.05);
  });
});

describe("the meter", () => {
  it("is not there unless it is switched on", async () => {
    const product = await startProduct();
    try {
      expect((await fetch(product.origin + METER_PATH)).status).toBe(404);
    } finally {
      await product.close();
    }
  });

  it("is not there without the development login", async () => {
    const product = await startProduct({ METER: "on", DEV_LOGIN: "off" });
    try {
      expect((await fetch(product.origin + METER_PATH)).status).toBe(404);
    } finally {
      await product.close();
    }
  });
});
