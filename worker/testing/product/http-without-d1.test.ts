/** D1 away altogether, and nothing of it in any cache: every route answers, or says that it cannot. No route calls it a fault. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fillPath, type Operation } from "./http-openapi.ts";
import { expectProblem, raw, type Reply } from "./http-shop.ts";
import { FITTING, Siege } from "./http-siege.ts";

let siege: Siege;
let orderId: string;
beforeAll(async () => {
  siege = await Siege.lay();
  const { shop, member, params } = siege;
  orderId = await shop.buy(member, params["saleId"] as string);
  await shop.expectAuditAtRest();
});
afterAll(() => siege.lift());

async function withoutD1(work: () => Promise<void>): Promise<void> {
  const db = await siege.shop.product.server.miniflare.getD1Database("DB", "qiangdui");
  const { results } = await db
    .prepare(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_%' ESCAPE '\\' AND name NOT LIKE 'sqlite%'",
    )
    .all<{ name: string }>();
  const rename = (from: string, to: string) => db.prepare(`ALTER TABLE ${from} RENAME TO ${to}`);
  await db.batch(results.map(({ name }) => rename(name, `away_${name}`)));
  try {
    await work();
  } finally {
    await db.batch(results.map(({ name }) => rename(`away_${name}`, name)));
  }
}

function ask(operation: Operation): Promise<Reply> {
  const { token } = siege.callerFor(operation);
  return raw(siege.shop.origin, {
    method: operation.method.toUpperCase(),
    path: fillPath(operation.path, { ...siege.params, orderId }),
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    ...(operation.spec.requestBody ? { body: JSON.stringify(FITTING[operation.path]) } : {}),
  });
}

describe("while D1 is away", () => {
  it("every route of members and staff answers, or says that the database cannot be reached", async () => {
    const faults: string[] = [];
    const unavailable = new Set<string>();
    await withoutD1(async () => {
      for (const operation of siege.operations) {
        const route = `${operation.method} ${operation.path}`;
        const reply = await ask(operation);
        if (reply.status < 500) continue;
        if (reply.body["code"] !== "unavailable") faults.push(`${route}: ${reply.text}`);
        else {
          expectProblem(reply, 503, "unavailable");
          expect(Number(reply.headers["retry-after"]), route).toBeGreaterThan(0);
          unavailable.add(route);
        }
      }
    });
    expect(faults).toEqual([]);
    for (const route of [
      "put /api/v1/me/addresses/{addressId}",
      "put /api/v1/orders/{orderId}/address",
      "get /api/v1/staff/orders",
    ]) {
      expect(unavailable).toContain(route);
    }
    await siege.shop.expectAuditAtRest();
  });
});
