import { describe, expect, it } from "vitest";
import { auditDump, type Dump } from "./books.ts";

/** Two members, one redemption of two units, one take of one; one unit left. */
const GOOD: Dump = {
  sales: [{ saleId: "s", units: 4, remaining: 1, limitPerMember: 2 }],
  members: [
    { memberKey: "a", credited: 1_000, balance: 800, held: 0, seq: 2 },
    { memberKey: "b", credited: 1_000, balance: 900, held: 100, seq: 1 },
  ],
  orders: [
    order({ memberKey: "a", orderId: "1", quantity: 2, points: 200, ordinal: 1 }),
    order({ memberKey: "b", orderId: "2", points: 100, ordinal: 3, isReserved: true }),
    order({ memberKey: "b", orderId: "3", code: "limit_reached", points: 2, ordinal: 0 }),
  ],
  entries: [
    { memberKey: "a", seq: 1, type: "credit", points: 1_000, balanceAfter: 1_000, orderId: null },
    { memberKey: "b", seq: 1, type: "credit", points: 1_000, balanceAfter: 1_000, orderId: null },
    { memberKey: "a", seq: 2, type: "redeem", points: -200, balanceAfter: 800, orderId: "1" },
  ],
};

function order(own: Partial<Dump["orders"][number]>): Dump["orders"][number] {
  const usual = { memberKey: "a", orderId: "", saleId: "s", quantity: 1, code: "granted" };
  return { ...usual, points: 0, ordinal: 0, isReserved: false, ...own };
}

function broken(dump: Dump): string[] {
  return auditDump(dump)
    .filter(({ ok }) => !ok)
    .map(({ name }) => name);
}

const replaced = <T>(rows: readonly T[], at: number, change: Partial<T>): T[] =>
  rows.map((row, index) => (index === at ? { ...row, ...change } : row));

describe("the audit of a peer", () => {
  it("passes books that are right, and looks at every row", () => {
    expect(broken(GOOD)).toEqual([]);
    expect(auditDump(GOOD).every(({ checked }) => checked > 0)).toBe(true);
  });

  const wrongs: [string, Dump, string[]][] = [
    [
      "a unit sold twice",
      { ...GOOD, orders: replaced(GOOD.orders, 1, { ordinal: 2 }) },
      ["each_unit_once"],
    ],
    [
      "a unit lost",
      { ...GOOD, sales: replaced(GOOD.sales, 0, { remaining: 0 }) },
      ["units_conserved"],
    ],
    [
      "oversold",
      { ...GOOD, sales: replaced(GOOD.sales, 0, { units: 2, remaining: -1 }) },
      ["units_conserved"],
    ],
    [
      "a grant over the limit",
      { ...GOOD, sales: replaced(GOOD.sales, 0, { limitPerMember: 1 }) },
      ["limit_respected"],
    ],
    ["an order of a sale that is not there", { ...GOOD, sales: [] }, ["units_conserved"]],
    [
      "points not taken",
      { ...GOOD, members: replaced(GOOD.members, 0, { balance: 1_000 }) },
      ["points_conserved", "ledger_runs"],
    ],
    [
      "held points of no order",
      { ...GOOD, members: replaced(GOOD.members, 0, { balance: 700, held: 100 }) },
      ["held_is_reserved"],
    ],
    [
      "a grant without its ledger row",
      { ...GOOD, entries: GOOD.entries.slice(0, 2) },
      ["ledger_runs", "one_row_per_grant"],
    ],
    [
      "a ledger row twice",
      { ...GOOD, entries: [...GOOD.entries, ...GOOD.entries.slice(2)] },
      ["ledger_runs", "one_row_per_grant"],
    ],
    [
      "a gap in the ledger",
      { ...GOOD, entries: replaced(GOOD.entries, 2, { seq: 3 }) },
      ["ledger_runs"],
    ],
    [
      "a ledger row of an order that was refused",
      {
        ...GOOD,
        orders: replaced(GOOD.orders, 0, { code: "sold_out" }),
      },
      ["units_conserved", "each_unit_once", "points_conserved", "one_row_per_grant"],
    ],
  ];

  it.each(wrongs)("finds %s", (_what, dump, names) => {
    expect(broken(dump)).toEqual(names);
  });
});
