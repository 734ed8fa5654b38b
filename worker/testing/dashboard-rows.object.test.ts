/** Each figure of the dashboard is what the list it leads to adds up to, over one shop in the real D1. */
import { beforeAll, expect, it } from "vitest";
import { digest } from "../figures/digester.ts";
import { programmeDay, ZONE_OFFSET_MS } from "../kernel/clock.ts";
import {
  entryRow,
  orderRow,
  saleRow,
  writeProjection,
  type ProjectedSale,
} from "../platform/projection.ts";
import { bindings, Caller, migrate } from "./object-catalogue.ts";

const DAY_MS = 86_400_000;
const NOW = Date.now();
let staff: Caller;
// oxlint-disable-next-line typescript/no-explicit-any -- the answer of the dashboard: each test says what it expects in it
let view: any;

/** Days ago, whose, what, how many points. */
const HAPPENED: readonly (readonly [number, string, string, number])[] = [
  ...([0, 1, 2, 3].map((at) => [0, `row-${at}`, "redeem", -100]) as [
    number,
    string,
    string,
    number,
  ][]),
  ...([0, 1, 2, 3, 4, 5].map((at) => [2, `row-${at}`, "earn_order", 400]) as never[]),
  ...([
    [3, "row-0", "redeem_rollback", 100],
    [20, "row-5", "redeem", -50],
  ] as never[]),
  ...([
    [40, "row-6", "redeem", -70],
    [45, "row-6", "earn_order", 900],
  ] as never[]),
];

const entries = HAPPENED.map(([days, memberId, type, points], at) => {
  const atMs = NOW - days * DAY_MS;
  return entryRow({
    ...{ programmeId: "demo", memberId, seq: at + 1, type, points, orderId: null },
    ...{ balanceAfter: 0, occurredAtMs: atMs, recordedAtMs: atMs, hash: "", prevHash: "" },
    ...{ askedPoints: points, sourceId: null, storeId: null, breakdown: [], actor: "member" },
  });
});

/** Shelves and what of each went: 0 is out, a full one that nothing went of is slow. */
const SHELVES = [0, 0, 0, 500, 400, 3, 2, 1];
const sales = SHELVES.map((shelf, at) =>
  saleRow({
    ...{ programmeId: "demo", skuId: `row-sku-${at}` },
    terms: {
      ...{ saleId: `demo.row-sku-${at}~1`, kind: "standing", title: `架 ${at}`, pricePoints: 10 },
      ...{ opensAtMs: 0, closesAtMs: NOW + DAY_MS },
    },
    state: {
      ...{ status: "open", version: 1, epoch: 1, shelf, returned: 0, reserve: 0, live: 0 },
      ...{ movedOut: 0, stocked: shelf, granted: 0 },
    },
  } as unknown as ProjectedSale),
);

const orders = ["to_ship", "to_ship", "to_ship", "closed", "cancelled"].map((state, at) =>
  orderRow({
    ...{ programmeId: "demo", memberId: `row-${at}`, orderId: `row-order-00000000${at}` },
    ...{ version: 1, saleId: "demo.row-sku-3~1", state, quantity: 1, epoch: 1, points: 10 },
    ...{ cashFen: 0, ordinal: 1, grantedAtMs: NOW, updatedAtMs: NOW, title: "架" },
    ...{ goodsKind: "physical", cashState: "none", paidFen: 0, returnedPoints: 0 },
  }),
);

beforeAll(async () => {
  await migrate();
  staff = await new Caller().login("row-staff", "staff");
  await writeProjection(bindings, { entries, orders, sales });
  await digest(bindings, NOW, 10);
  const run = (sql: string, ...values: unknown[]): Promise<unknown> =>
    bindings.DB.prepare(sql)
      .bind(...values)
      .run();
  await run("UPDATE members SET merged_into = 'row-1' WHERE member_id = 'row-3'");
  await run(
    "UPDATE members SET next_expires_at_ms = ?1, next_expiring = 40 WHERE member_id IN ('row-1', 'row-2')",
    NOW + 5 * DAY_MS,
  );
  const today = programmeDay(NOW, ZONE_OFFSET_MS);
  for (const [at, units] of [
    [5, 9],
    [6, 9],
    [7, 9],
  ]) {
    await run(
      "INSERT INTO goods_figures (programme_id, sku_id, day, units_30, points_30) VALUES ('demo', ?1, ?2, ?3, 1)",
      ...[`row-sku-${String(at)}`, today, units],
    );
  }
  // The third has lapsed: it waits for nobody.
  for (const [id, state, lapsesInMs] of [
    ["a", "proposed", DAY_MS],
    ["b", "proposed", DAY_MS],
    ["lapsed", "proposed", -1],
    ["c", "done", -1],
  ] as const) {
    await run(
      `INSERT INTO approvals (programme_id, approval_id, kind, state, subject, figure, reason, payload, proposed_by, proposed_at_ms, expires_at_ms)
       VALUES ('demo', ?1, 'points.grant', ?2, 'member:m', 5, 'r', '{}', 'staff:s', ?3, ?4)`,
      ...[`row-approval-${id}-0000`, state, NOW, NOW + lapsesInMs],
    );
  }
  for (const [at, state] of ["applied", "sent_back", "agreed", "done"].entries()) {
    await run(
      `INSERT INTO after_sales (programme_id, member_id, order_id, case_id, kind, state, quantity, points, cash_fen, reason, title, applied_at_ms, due_at_ms, version)
       VALUES ('demo', 'row-0', 'row-order-000000000', ?1, 'return', ?2, 1, 10, 0, '', '架', ?3, ?3, 1)`,
      ...[`row-case-${at}`, state, NOW],
    );
  }
  // The last one has stars alone; another is older than the figure.
  for (const [at, state] of ["waiting", "waiting", "waiting", "shown", "shown"].entries()) {
    await run(
      `INSERT INTO ratings (programme_id, member_id, order_id, sku_id, stars, comment, state, at_ms)
       VALUES ('demo', ?1, ?2, 'row-sku-3', ?3, ?4, ?5, ?6)`,
      ...[`row-${at}`, `row-order-00000000${at}`, 5 - at, at === 4 ? "" : "好", state, NOW],
    );
  }
  await run(
    `INSERT INTO ratings (programme_id, member_id, order_id, sku_id, stars, comment, state, at_ms)
     VALUES ('demo', 'row-5', 'row-order-000000005', 'row-sku-3', 1, '旧', 'shown', ?1)`,
    NOW - 40 * DAY_MS,
  );
  view = (await staff.get("/api/v1/staff/dashboard")).body;
});

/** Every row behind an address of the API, page by page. */
// oxlint-disable-next-line typescript/no-explicit-any -- rows of many lists
async function rowsOf(path: string): Promise<any[]> {
  const rows = [];
  for (let cursor: string | null = ""; cursor !== null;) {
    const more: string = cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const page = await staff.get(`/api/v1/staff/${path}&limit=2${more}`);
    expect(page.status, page.text).toBe(200);
    rows.push(...page.body.items);
    cursor = page.body.nextCursor;
  }
  return rows;
}

const startOfDay = (): number => programmeDay(view.atMs, ZONE_OFFSET_MS) * DAY_MS - ZONE_OFFSET_MS;
const sumOf = (rows: readonly { points: number }[]): number =>
  rows.reduce((sum, { points }) => sum + points, 0);

it("today's redemptions are the entries of today", async () => {
  const rows = await rowsOf(`ledger?type=redeem&fromMs=${startOfDay()}`);
  expect([view.today.orders, view.today.points]).toEqual([rows.length, 0 - sumOf(rows)]);
});

it("who redeemed in 30 days is who the list names, merged records apart", async () => {
  const rows = await rowsOf("members?redeemed=30");
  const named = new Set(rows.map(({ memberId }) => String(memberId)));
  expect(named).toEqual(new Set(["row-0", "row-1", "row-2", "row-5"]));
  expect(view.points.redeemers30).toBe(rows.length);
  const active = await rowsOf("members?sort=-activity");
  const since = view.atMs - 30 * DAY_MS;
  expect(view.points.active30).toBe(
    active.filter(({ lastActiveAtMs }) => lastActiveAtMs >= since).length,
  );
});

it("points issued, used and owned are sums of entries", async () => {
  const window = await rowsOf(`ledger?fromMs=${startOfDay() - 29 * DAY_MS}`);
  const of = (...types: string[]) => window.filter(({ type }) => types.includes(type));
  expect(view.points.issued30).toBe(sumOf(of("earn_order")));
  expect(view.points.used30).toBe(0 - sumOf(of("redeem", "redeem_rollback")));
  expect(view.points.used30).toBeGreaterThan(0);
  expect(view.points.liability).toBe(sumOf(await rowsOf("ledger?q=")));
});

it("points that lapse soon are those of the members whom the list names", async () => {
  const rows = await rowsOf("members?expiring=15");
  expect(view.points.expiringMembers).toBe(rows.length);
  const sum = rows.reduce((all, { nextExpiring }) => all + Number(nextExpiring), 0);
  expect([view.points.expiring15, sum]).toEqual([80, 80]);
});

it("goods that are out, or slow, are the rows of their lists", async () => {
  const out = await rowsOf("goods-figures?of=out");
  const slow = await rowsOf("goods-figures?of=slow");
  expect([view.stockOutCount, out.length]).toEqual([3, 3]);
  expect([view.slowCount, slow.length]).toEqual([2, 2]);
  expect(slow.map(({ skuId }) => skuId)).toEqual(["row-sku-3", "row-sku-4"]);
  expect(slow.every(({ rate }) => rate < 0.05)).toBe(true);
});

it("what waits is what its lists hold", async () => {
  expect(view.waiting.toShip).toBe((await rowsOf("orders?state=to_ship")).length);
  expect(view.waiting.approvals).toBe((await rowsOf("approvals?state=proposed")).length);
  expect(await rowsOf("approvals?state=done")).toHaveLength(1);
  expect(await rowsOf("approvals?subject=member:m")).toHaveLength(4);
  expect(view.waiting.cases).toBe((await rowsOf("after-sales?state=ours")).length);
  const open = await rowsOf("after-sales?state=");
  expect(open.map(({ state }) => state)).toEqual(["applied", "sent_back", "agreed"]);
  const unread = await rowsOf("ratings?state=waiting");
  expect(unread.map(({ title }: { title: string }) => title)).toEqual(["架 3", "架 3", "架 3"]);
  expect(view.waiting).toEqual({ toShip: 3, approvals: 2, cases: 2, words: unread.length });
});

it("satisfaction is the stars of the ratings that the list names, with words or without", async () => {
  const rows = await rowsOf("ratings?state=recent");
  const stars = rows.reduce((sum, one) => sum + Number(one.stars), 0);
  expect(view.satisfaction).toEqual({ ratings30: rows.length, stars30: stars });
  expect(rows.map(({ state, comment }) => [state, comment === ""])).toEqual([
    ["shown", true],
    ["shown", false],
    ...Array.from({ length: 3 }, () => ["waiting", false]),
  ]);
});
