/** The exclusive pool of a tier, in the runtime: who reaches the tier may redeem its goods, and nobody else. */
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { EXCLUSIVE_POOL_SEGMENT } from "../tiers/index.ts";
import type { Env } from "../platform/env.ts";
import { ask, holderOf, programme } from "./object-earning.ts";
import { NO_GRACE_TIERS } from "./points/programme.ts";

const bindings = env as unknown as Env;
const tiers = NO_GRACE_TIERS.tiers.map((tier) => ({
  ...tier,
  benefits: { ...tier.benefits, hasExclusivePool: tier.tierId === "gold" },
}));
const terms = programme({ tiers: { ...NO_GRACE_TIERS, tiers } });

it("opens its goods to the tier that has it", async () => {
  const skuKey = `${terms.programmeId}.pool`;
  const sku = bindings.SKU.getByName(skuKey);
  const audience = { tierIds: null, segments: [EXCLUSIVE_POOL_SEGMENT], storeIds: null };
  const goods = {
    ...{ goodsId: "pool", kind: "physical" as const, spec: "", freightFen: 0 },
    ...{ freightTemplateId: null, limits: null, audience },
  };
  const look = { title: "茶", subtitle: "", picture: "/p.svg", groundColor: "#ffffff" };
  const sale = await sku.offer({
    ...{ skuKey, goods: { ...look, marketPriceFen: null, goods }, supply: "stocked", units: 0 },
    ...{ pricePoints: 10, priceFen: 0, limitPerMember: 5, dailyLimitPerMember: null },
    ...{ quantityMax: 5, isOn: true, restsAtMs: null },
  });
  await sku.moveStock({ requestId: "pool-stock-00001", units: 3 });
  const { saleId } = sale.terms;
  const epoch = (await sku.view(saleId))?.standing.epoch ?? -1;
  const memberKey = `${terms.programmeId}:m`;
  const account = holderOf(memberKey);
  const notes = { reason: "t", internalNote: "", storeId: null, actor: "t" };
  await account.grant({
    ...{ memberKey, points: 100, idempotencyKey: "pool-grant-00001", source: "manual", ...notes },
    ...{ expiresAtMs: null, pendingUntilMs: null },
  });
  const redeem = (orderId: string) =>
    account.redeem({ memberKey, saleId, orderId, quantity: 1, epoch, wantsFrozen: false });
  expect(await redeem("pool-order-000001")).toMatchObject({
    refusal: { code: "not_eligible", figures: { rule: "segment" } },
  });
  const bought = { requestId: "pool-bought-00001", tierId: "gold", months: 1 };
  await ask(terms, "m", "membership", { ...bought, paid: null, by: "staff:t" });
  expect(await redeem("pool-order-000002")).toMatchObject({ kind: "granted" });
});
