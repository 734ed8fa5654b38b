/** What happens in the mall itself and earns by a rule that a merchant publishes: a use at a store, a rating. */
import { applyD1Migrations, type D1Migration } from "cloudflare:test";
import { beforeAll, describe, expect, inject, it, vi } from "vitest";
import { bindings } from "./object-catalogue.ts";
import { Mall } from "./object-fulfilment.ts";
import { ruleOf } from "./points/earning.ts";

vi.setConfig({ testTimeout: 120_000 });
const EARNING = "/api/v1/staff/earning";

let mall: Mall;
beforeAll(async () => {
  await applyD1Migrations(bindings.DB, inject("d1Migrations" as never) as D1Migration[]);
  mall = await Mall.open();
  await publish("visit", "write_off", 12, { kind: "store", in: ["zhenhai"] });
  await publish("rating", "review", 3, null);
}, 120_000);

async function publish(
  ruleId: string,
  on: string,
  points: number,
  condition: object | null,
): Promise<void> {
  const rule = { ...ruleOf(), ruleId, on: [on], condition, benefit: { kind: "fixed", points } };
  await mall.must("POST", `${EARNING}/rules`, rule);
  await mall.must("POST", `${EARNING}/rules/${ruleId}/dry-run`, {});
  await mall.must("POST", `${EARNING}/rules/${ruleId}/publish`, {});
}

type Member = Awaited<ReturnType<Mall["member"]>>;
const activeOf = async (member: Member): Promise<number> =>
  (await member.get("/api/v1/me/points")).body.balance.active as number;

describe("a use at a store", () => {
  it("earns once by the rule of that store, is active at once, and goes when the use is given back", async () => {
    const skuId = await mall.goods("local_service");
    const member = await mall.member();
    const orderId = await mall.order(member, skuId);
    const before = await activeOf(member);
    const clerk = await mall.clerk();
    const code = await mall.codeOf(member, orderId);
    const done = await mall.writeOff(clerk, code);
    expect(done.status, done.text).toBe(200);
    expect(await activeOf(member)).toBe(before + 12);
    const { writeOffId } = done.body.writeOff;
    const again = await mall.writeOff(clerk, code, { writeOffId });
    expect(again.status, again.text).toBe(200);
    expect(await activeOf(member)).toBe(before + 12);
    const asked = await clerk.send("POST", `/api/v1/staff/write-offs/${writeOffId}/reverse`, {
      reason: "wrong guest",
    });
    const approval = `/api/v1/staff/approvals/${asked.body.approvalId}/approve`;
    await mall.must("POST", approval, { note: "yes" });
    expect(await activeOf(member)).toBe(before);
  });

  it("earns nothing at another store", async () => {
    const skuId = await mall.goods("local_service");
    const member = await mall.member();
    const orderId = await mall.order(member, skuId);
    const before = await activeOf(member);
    const clerk = await mall.clerk();
    const code = await mall.codeOf(member, orderId);
    const done = await mall.writeOff(clerk, code, { storeId: "airport" });
    expect(done.status, done.text).toBe(200);
    expect(await activeOf(member)).toBe(before);
  });
});

describe("a rating", () => {
  it("earns once an order", async () => {
    const skuId = await mall.goods("local_service");
    const member = await mall.member();
    const orderId = await mall.order(member, skuId);
    const clerk = await mall.clerk();
    await mall.writeOff(clerk, await mall.codeOf(member, orderId), { storeId: "airport" });
    const before = await activeOf(member);
    for (const _ of [1, 2]) {
      const rated = await member.send("POST", `/api/v1/orders/${orderId}/rating`, { stars: 5 });
      expect(rated.status, rated.text).toBe(200);
      expect(await activeOf(member)).toBe(before + 3);
    }
  });
});
