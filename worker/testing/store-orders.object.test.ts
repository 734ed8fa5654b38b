/** Orders of a store that has more than anybody looks up: a page is bounded, says how far it came, and nothing is left out. */
import { beforeAll, describe, expect, it, vi } from "vitest";
import { OrderList, type OrderFilter } from "../fulfilment/order-list.ts";
import { FEW_OF_STORES } from "../fulfilment/store-orders.ts";
import { OWN_SIGHT } from "../kernel/masks.ts";
import { listening, planOf } from "./d1-plans.ts";
import { bindings, migrate } from "./object-catalogue.ts";

vi.setConfig({ testTimeout: 60_000 });

/** The older half of the orders is the large store's; the newer one is nobody's in particular, but for one order in it. */
const ORDERS = 24_000;
const OF_LARGE = 12_000;
const ALL: OrderFilter = {
  ...{ state: null, goodsKind: null, saleId: null, fromMs: null, untilMs: null, query: "" },
  ...{ storeIds: null, brandId: null, supplier: null, sender: null, isOldestFirst: false },
};
const SERIES = `WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < ${ORDERS})`;

beforeAll(async () => {
  await migrate();
  await bindings.DB.batch(
    [
      `INSERT INTO orders (programme_id, member_id, order_id, version, sale_id, state, quantity, epoch, points, cash_fen, ordinal,
         granted_at_ms, updated_at_ms)
       ${SERIES} SELECT 'demo', 'm' || (x % 100), printf('order-%012d', x), 1, 'demo.cup~1', 'to_write_off', 1, 1, 1, 0, x, x, x FROM n`,
      `INSERT INTO vouchers (programme_id, voucher_id, locator, member_id, order_id, sku_id, kind, title, uses_total, uses_left,
         valid_from_ms, expires_at_ms, state, booked_store_id, booked_at_ms, is_order_told, created_at_ms)
       ${SERIES} SELECT 'demo', 'v-' || x, 'l-' || x, 'm' || (x % 100), printf('order-%012d', x), 'cup', 'service', '杯', 1, 1,
         0, 1, 'unused', CASE WHEN x <= ${OF_LARGE} THEN 'large' WHEN x = 20000 THEN 'small' END, 1, 0, x FROM n`,
      `INSERT INTO write_offs (programme_id, write_off_id, voucher_id, member_id, order_id, uses, store_id, staff_id, snapshot, state, at_ms, reason)
       VALUES ('demo', 'w-1', 'v-23000', 'm0', 'order-000000023000', 1, 'large', 's', '{}', 'done', 1, '')`,
    ].map((sql) => bindings.DB.prepare(sql)),
  );
});

const { db, asked } = listening(bindings.DB);
const list = new OrderList({ ...bindings, DB: db }, "demo", OWN_SIGHT);

describe("the orders of a large store", () => {
  it.each([
    // The first ten thousand hold one of them only: the page is short, and goes on.
    { isOldestFirst: false, expected: [1, 4_000, 4_000, 4_000] },
    { isOldestFirst: true, expected: [4_000, 4_000, 4_000, 1] },
  ])("are all found, page by page, oldest first: $isOldestFirst", async (way) => {
    const { isOldestFirst, expected } = way;
    const found: string[] = [];
    const sizes: number[] = [];
    let cursor: string | null = null;
    do {
      const page = await list.page({ ...ALL, storeIds: ["large"], isOldestFirst }, cursor, 4_000);
      found.push(...page.items.map(({ orderId }) => orderId));
      sizes.push(page.items.length);
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(new Set(found).size).toBe(found.length);
    expect(found).toHaveLength(OF_LARGE + 1);
    expect(found).toEqual(isOldestFirst ? found.toSorted() : found.toSorted().toReversed());
    expect(sizes).toEqual(expected);
  });

  it("are narrowed like any others, and those of a small store are one page", async () => {
    const page = await list.page({ ...ALL, storeIds: ["small"] }, null, 20);
    expect(page.items.map(({ orderId }) => orderId)).toEqual(["order-000000020000"]);
    expect(page.nextCursor).toBeNull();
    const narrow = { ...ALL, storeIds: ["large"], query: "order-000000000007" };
    expect((await list.page(narrow, null, 20)).items).toHaveLength(1);
    const foreign = { ...ALL, storeIds: ["large"], query: "order-000000021000" };
    expect((await list.page(foreign, null, 20)).items).toEqual([]);
  });

  it("are counted only as far as it matters, and never gathered as a whole", async () => {
    const counted = await planOf(bindings.DB, FEW_OF_STORES);
    expect(counted.filter((step) => /SCAN (?!st |\(subquery)|TEMP B-TREE/.test(step))).toEqual([]);
    await list.page({ ...ALL, storeIds: ["large"], state: "to_write_off" }, null, 20);
    const walks = [...asked].filter((sql) => sql.includes("LIMIT 10000"));
    expect(walks.length).toBeGreaterThan(0);
    for (const sql of walks) {
      const plan = await planOf(bindings.DB, sql);
      // Ten thousand orders in the order of an index, each looked up; what is sorted are those of them that fit.
      expect(plan.join("\n")).toMatch(/SEARCH o USING INDEX orders_by_(?:time|state)/);
      expect(plan.join("\n")).toMatch(/SEARCH v USING INDEX vouchers_by_order/);
      expect(plan.filter((step) => /SCAN (?!o\b|st\b|json_each)|MATERIALIZE/.test(step))).toEqual(
        [],
      );
    }
  });
});
