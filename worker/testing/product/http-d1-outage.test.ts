/** With D1 away redemptions go on, lists say what they know, and afterwards D1 catches up to the last row. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SaleView } from "../../redemption/wire.ts";
import { expectProblem, HttpShop, type Audit, type Json, type Reply } from "./http-shop.ts";
import { newOrderId, until } from "./product.ts";

let shop: HttpShop;
beforeAll(async () => {
  shop = await HttpShop.open();
});
afterAll(() => shop.close());

type Table = "skus" | "sales" | "orders" | "ledger_entries";

async function run(sql: string): Promise<void> {
  const db = await shop.product.server.miniflare.getD1Database("DB", "qiangdui");
  await db.prepare(sql).run();
}

async function rowsOf(table: Table): Promise<number> {
  const db = await shop.product.server.miniflare.getD1Database("DB", "qiangdui");
  return Number(await db.prepare(`SELECT COUNT(*) AS n FROM ${table}`).first("n"));
}

/** Every statement that names one of these tables fails while `work` runs. */
async function without(tables: readonly Table[], work: () => Promise<void>): Promise<void> {
  for (const table of tables) await run(`ALTER TABLE ${table} RENAME TO away_${table}`);
  try {
    await work();
  } finally {
    for (const table of tables) await run(`ALTER TABLE away_${table} RENAME TO ${table}`);
  }
}

const list = (): Promise<Reply<{ sales: SaleView[] }>> =>
  shop.send<{ sales: SaleView[] }>(shop.staff, "GET", "/api/v1/sales");

const audit = (): Promise<Reply<Audit>> => shop.send<Audit>(shop.staff, "GET", "/api/v1/audit");

function figure({ body }: Reply<Audit>, row: string, name: string): number {
  return Number(body.rows.find((one) => one.name === row)?.figures[name]);
}

describe("a list", () => {
  it("that nobody has read yet is unavailable while D1 is away", async () => {
    await shop.sale();
    await without(["sales"], async () => {
      const reply = await list();
      expectProblem(reply, 503, "unavailable");
      expect(Number(reply.headers["retry-after"])).toBeGreaterThan(0);
    });
  });

  it("that was read is answered from memory, with the clock of now", async () => {
    const saleId = await shop.sale();
    const has = ({ body }: Reply<{ sales: SaleView[] }>): boolean =>
      body.sales.some((sale) => sale.saleId === saleId);
    const known = await until(list, has);
    await without(["sales"], async () => {
      const atMs = Date.now();
      const reply = await list();
      expect(reply.status).toBe(200);
      expect(reply.body.sales.map((sale) => sale.saleId)).toEqual(
        known.body.sales.map((sale) => sale.saleId),
      );
      for (const sale of reply.body.sales) expect(sale.serverTimeMs).toBeGreaterThanOrEqual(atMs);
    });
  });
});

describe("while every table is away", () => {
  it("members redeem, hold, cancel and read their own; staff run sales; then D1 catches up", async () => {
    const saleId = await shop.sale({ units: 20, limitPerMember: 5 });
    const busy = await shop.sale({ units: 5_000 });
    const members = await Promise.all(Array.from({ length: 8 }, () => shop.member(100)));
    await shop.expectAuditAtRest();
    const before = { orders: await rowsOf("orders"), entries: await rowsOf("ledger_entries") };

    let more = 0;
    await without(["skus", "sales", "orders", "ledger_entries"], async () => {
      const bought = await Promise.all(members.map((member) => shop.buy(member, saleId)));
      const [first, second] = members;
      if (!first || !second) throw new Error("there are members");
      const cancelled = await shop.cancel(first, bought[0] as string);
      expect(cancelled.body.state).toBe("cancelled");
      const orderId = newOrderId();
      expect((await shop.ticket(second, saleId, { orderId })).status).toBe(201);
      expect((await shop.forgo(second, saleId, orderId)).status).toBe(200);
      const replay = await shop.redeem(second, saleId, { orderId: bought[1] as string });
      expect(replay.status).toBe(200);
      const orders = await shop.send<{ orders: Json[] }>(second, "GET", "/api/v1/orders");
      expect(orders.body.orders).toHaveLength(2);
      expect((await shop.points(second)).active).toBe(90);
      await shop.grant(second.id, 50);
      expect((await shop.points(second)).active).toBe(140);
      await until(
        () => shop.view(saleId),
        ({ returned }) => returned === 1,
      );
      expect(await shop.command(saleId, "wave")).toMatchObject({ remaining: 13 });
      expect(await shop.restock(saleId, 1)).toMatchObject({ remaining: 14 });

      const newSku = { skuId: "made-in-the-dark", title: "货" };
      const sku = await shop.send(shop.staff, "POST", "/api/v1/staff/skus", newSku);
      expectProblem(sku, 503, "unavailable");
      for (const query of ["", "?deep=1"]) {
        const reply = await shop.send(shop.staff, "GET", `/api/v1/audit${query}`);
        expectProblem(reply, 503, "unavailable");
        expect(Number(reply.headers["retry-after"])).toBeGreaterThan(0);
      }
      expect((await list()).status).toBe(200);
      // Long enough that every mirror has tried and failed.
      const lastsUntilMs = Date.now() + 1_500;
      while (Date.now() < lastsUntilMs) {
        const again = await shop.buy(second, busy);
        expect((await shop.cancel(second, again)).status).toBe(200);
        more += 1;
      }
    });

    await shop.expectAuditAtRest();
    expect(await rowsOf("orders")).toBe(before.orders + 8 + more);
    // Eight redeemed, one gave it back, one was given points; then somebody kept redeeming and cancelling.
    expect(await rowsOf("ledger_entries")).toBe(before.entries + 10 + 2 * more);
    const after = await audit();
    expect(figure(after, "d1_lag", "lagMs")).toBe(0);
    expect(figure(after, "d1_lag", "waiting")).toBe(0);
    expect(figure(after, "d1_orders", "difference")).toBe(0);
    const sale = await until(
      async () => (await list()).body.sales.find((one) => one.saleId === saleId),
      (one) => one?.remaining === 14,
    );
    expect(sale).toMatchObject({ units: 21, returned: 0, epoch: 1 });
  });
});

describe("while only the orders cannot be written", () => {
  it("the lag is measured and shown, and gone once they can", async () => {
    const saleId = await shop.sale({ units: 20, limitPerMember: 20 });
    const member = await shop.member(500);
    await shop.expectAuditAtRest();
    const db = await shop.product.server.miniflare.getD1Database("DB", "qiangdui");
    await db
      .prepare(
        "CREATE TRIGGER no_orders BEFORE INSERT ON orders BEGIN SELECT RAISE(ABORT, 'away'); END",
      )
      .run();
    for (let at = 0; at < 5; at += 1) await shop.buy(member, saleId);
    const lagging = await until(audit, (reply) => figure(reply, "d1_lag", "lagMs") > 500, 20_000);
    expect(lagging.status).toBe(200);
    expect(figure(lagging, "d1_lag", "waiting")).toBeGreaterThan(0);
    expect(figure(lagging, "d1_orders", "difference")).toBe(5);
    // Behind is no breach while it is on its way.
    expect(lagging.body.rows.filter(({ ok }) => !ok)).toEqual([]);
    await run("DROP TRIGGER no_orders");
    await shop.expectAuditAtRest();
    expect(figure(await audit(), "d1_lag", "lagMs")).toBe(0);
    expect(figure(await audit(), "d1_orders", "difference")).toBe(0);
  });
});
