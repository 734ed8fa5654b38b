/** A rehearsal runs in the product's own objects, proves what it must, and leaves nothing. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RehearsalView } from "../../sales/wire.ts";
import type { AuditView } from "../../staff/wire.ts";
import { ruleOf } from "../points/earning.ts";
import { expectProblem, HttpShop, type Json } from "./http-shop.ts";
import { until } from "./product.ts";

const HOUR_MS = 3_600_000;
let shop: HttpShop;
beforeAll(async () => {
  shop = await HttpShop.open({ ACCOUNT_BUCKETS: "4", DOORS_PER_SALE: "2" });
});
afterAll(async () => {
  await shop.expectAuditAtRest();
  await shop.close();
});

async function draft(skuId: string, units: number, opensInMs: number): Promise<string> {
  await shop.send(shop.staff, "POST", "/api/v1/staff/skus", { skuId, title: skuId });
  const opensAtMs = Date.now() + opensInMs;
  const reply = await shop.send(shop.staff, "POST", "/api/v1/staff/sessions", {
    ...{ title: "彩排场", opensAtMs, closesAtMs: opensAtMs + HOUR_MS },
    items: [{ skuId, pricePoints: 9, units, limitPerMember: 1, quantityMax: 1 }],
  });
  expect(reply.status).toBe(201);
  return String(reply.body["sessionId"]);
}

function start(sessionId: string, skuId: string, buyers: number) {
  const path = `/api/v1/staff/sessions/${sessionId}/rehearsals`;
  return shop.send<RehearsalView>(shop.staff, "POST", path, { skuId, buyers });
}

function ended(rehearsalId: string): Promise<RehearsalView> {
  const path = `/api/v1/staff/rehearsals/${rehearsalId}`;
  return until(
    async () => (await shop.send<RehearsalView>(shop.staff, "GET", path)).body,
    ({ state }) => state !== "running",
    50_000,
  );
}

// Before the sale of the last test is near: nothing is rehearsed beside it.
describe("the log of acts", () => {
  it("calls what moved, what was rehearsed and what came into force by its name", async () => {
    const act = async (path: string, body: object = {}): Promise<void> => {
      const reply = await shop.send(shop.staff, "POST", `/api/v1/staff/${path}`, body);
      expect(reply.status, JSON.stringify(reply.body)).toBeLessThan(300);
    };
    const sessionId = await draft("named-cup", 9, HOUR_MS);
    const stock = { requestId: "named-stock-00000001", cause: "received", units: 9 };
    await act("skus/named-cup/stock", stock);
    const { body } = await start(sessionId, "named-cup", 10);
    await ended(body.rehearsalId);
    await act("earning/rules", ruleOf({ ruleId: "named", title: "留名分" }));
    await act("earning/rules/named/dry-run");
    await act("earning/rules/named/publish");
    const log = await shop.send<{ items: readonly AuditView[] }>(
      shop.staff,
      "GET",
      "/api/v1/staff/audit-log?limit=50",
    );
    const named = log.body.items.map(({ entry: { action, after } }) => [
      ...action.split(" /api/v1/staff/").slice(1),
      (after as { title?: string } | null)?.title,
    ]);
    expect(named).toEqual(
      expect.arrayContaining([
        ["skus/{skuId}/stock", "named-cup"],
        ["sessions/{sessionId}/rehearsals", "彩排场"],
        ["earning/rules/{id}/publish", "留名分"],
      ]),
    );
  });
});

describe("a rehearsal", () => {
  it("proves that more buyers than units get exactly the units, and leaves nothing behind", async () => {
    const sessionId = await draft("rehearsed", 60, HOUR_MS);
    await shop.expectAuditAtRest();
    const before = await shop.send(shop.staff, "GET", "/api/v1/audit");
    const first = await start(sessionId, "rehearsed", 200);
    expect(first).toMatchObject({ status: 202, body: { state: "running", title: "rehearsed" } });
    expectProblem(await start(sessionId, "rehearsed", 10), 409, "conflict", {
      reason: "rehearsal_running",
    });
    const { state, report } = await ended(first.body.rehearsalId);
    expect({
      state,
      fault: report.fault,
      proofs: report.proofs.filter((one) => !one.isTrue),
    }).toEqual({ state: "proven", fault: null, proofs: [] });
    // Four of 200 are poor and six want two: 196 tickets, 60 units.
    expect(report).toMatchObject({
      ...{ buyers: 200, stock: 60, demand: 196, granted: 60 },
      ...{ pointsSpent: 540, pointsHeld: 0 },
      refusals: { points_insufficient: 4, limit_reached: 6, sold_out: 136 },
    });
    expect(report.taps).toBeGreaterThan(200);
    expect(report.latencyP99Ms).toBeGreaterThan(0);
    await shop.expectAuditAtRest();
    const after = await shop.send(shop.staff, "GET", "/api/v1/audit");
    expect(after.body["rows"]).toEqual(before.body["rows"]);
    const db = await shop.product.server.miniflare.getD1Database("DB", "qiangdui");
    for (const table of ["sales", "orders", "ledger_entries", "skus"]) {
      const sql = `SELECT COUNT(*) AS n FROM ${table} WHERE programme_id LIKE 'rehearsal%'`;
      expect({ table, rows: await db.prepare(sql).first("n") }).toEqual({ table, rows: 0 });
    }
  });

  it("with more units than buyers grants to everybody who can pay", async () => {
    const sessionId = await draft("plenty", 500, HOUR_MS);
    const { body } = await start(sessionId, "plenty", 50);
    const { state, report } = await ended(body.rehearsalId);
    expect(state).toBe("proven");
    expect(report).toMatchObject({ demand: 49, granted: 49, soldOutAfterMs: null });
  });

  it("is refused near the hour of a real sale, and for what is not in the session", async () => {
    const sessionId = await draft("waiting", 5, HOUR_MS);
    expectProblem(await start(sessionId, "nothing", 10), 404, "not_found");
    await shop.sale({ opensAtMs: Date.now() + 60_000 });
    await until(
      () => start(sessionId, "waiting", 10),
      ({ status, body }) => status === 409 && (body as unknown as Json)["reason"] === "sale_near",
    );
  });
});
