/** Goods of any kind on the shelf, and orders of them. */
import type { Shop } from "./browser-shop.ts";
import type { Caller } from "./product.ts";

let made = 0;

/** Goods of 100 points that anybody may redeem; answers their SKU, which has the goods' name. */
export async function shelved(shop: Shop, kind: string, title: string): Promise<string> {
  made += 1;
  const skuId = `walk-${kind.replaceAll("_", "-")}-${made}`;
  const body = { title, kind, skus: [{ pricePoints: 100 }] };
  const { revision } = await shop.must<{ revision: number }>("/api/v1/staff/goods", {
    ...{ goodsId: skuId, goods: body },
  });
  await shop.must(`/api/v1/staff/goods/${skuId}/publish`, { revision });
  const requestId = crypto.randomUUID();
  await shop.must(`/api/v1/staff/skus/${skuId}/stock`, { requestId, cause: "received", units: 5 });
  return skuId;
}

/** An order, granted. */
export async function ordered(caller: Caller, skuId: string, quantity = 1): Promise<string> {
  const { body } = await caller.get<{ skus: { saleId: string; epoch: number }[] }>(
    `/api/v1/goods/${skuId}/live`,
  );
  const [sku] = body.skus;
  const orderId = `walk-${crypto.randomUUID()}`.slice(0, 38);
  const answer = await caller.post(`/api/v1/sales/${sku?.saleId ?? ""}/redemptions`, {
    ...{ orderId, quantity, epoch: sku?.epoch },
  });
  if (answer.status !== 201) throw new Error(`not redeemed: ${JSON.stringify(answer.body)}`);
  return orderId;
}
