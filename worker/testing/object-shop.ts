/** A SKU with a sale of its own, in the runtime that the test runs in. */
import { env } from "cloudflare:workers";
import type { Env } from "../platform/env.ts";
import type { Sku } from "../redemption/sku-object.ts";

const bindings = env as unknown as Env;
let made = 0;

export interface Shop {
  readonly sku: DurableObjectStub<Sku>;
  readonly saleId: string;
}

/** A scheduled sale of its own for a test; opened unless it lies in the future. */
export async function shop(
  terms: {
    units?: number;
    limit?: number;
    opensInMs?: number;
    priceFen?: number;
    payWithinMs?: number;
  } = {},
): Promise<Shop> {
  made += 1;
  const skuKey = `demo.test-${made}`;
  const sku = bindings.SKU.getByName(skuKey);
  const goods = {
    title: "货",
    subtitle: "",
    picture: "/p.svg",
    groundColor: "#ffffff",
    marketPriceFen: null,
  };
  await sku.create({
    ...{ skuKey, goods, supply: "on_demand", units: 0, pricePoints: null },
    ...{ priceFen: 0, limitPerMember: 1, quantityMax: 1 },
  });
  const opensAtMs = Date.now() + (terms.opensInMs ?? 0);
  const draft = await sku.draft({
    title: null,
    ...{ pricePoints: 10, priceFen: terms.priceFen ?? 0, units: terms.units ?? 3 },
    ...{ dailyUnits: null, payWithinMs: terms.payWithinMs ?? null },
    ...{ limitPerMember: terms.limit ?? 1, dailyLimitPerMember: null, quantityMax: 1 },
    ...{ opensAtMs, closesAtMs: opensAtMs + 3_600_000 },
  });
  const saleId = draft?.terms.saleId ?? "";
  await sku.command(saleId, { kind: "schedule" });
  return { sku, saleId };
}
