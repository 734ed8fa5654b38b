/** Goods that are codes: staff bring them in, some of them late; whoever redeemed is shown theirs, and nobody else ever is. */
import type { GoodsKind } from "../../../worker/kernel/goods-kind.ts";
import type { Witness } from "../witness.ts";
import type { World } from "../world.ts";
import type { LivedOrder } from "./rest.ts";

type Must = (method: "POST" | "PUT", path: string, body?: unknown) => Promise<unknown>;

/** Codes that are there before anybody redeems. */
const FIRST_CODES = 2;

/** What the shelf sells, where it is nothing that is sent. */
export async function openGoods(world: World, kind: GoodsKind, must: Must): Promise<void> {
  const { cash, plan, skuId } = world;
  const { limitPerMember, pricePoints, quantityMax, spareUnits, units } = plan;
  const none = { perDay: null, window: null };
  const goods = {
    ...{ title: "Card", kind },
    skus: [{ pricePoints, priceFen: cash?.priceFen ?? 0 }],
    limits: { ...none, perOrder: quantityMax, lifetime: limitPerMember },
  };
  await must("POST", "/api/v1/staff/goods", { goodsId: skuId, goods });
  await must("POST", `/api/v1/staff/goods/${skuId}/publish`, { revision: 1 });
  const stock = {
    requestId: "first-delivery-of-units",
    cause: "received",
    units: units + spareUnits,
  };
  await must("POST", `/api/v1/staff/skus/${skuId}/stock`, stock);
}

/** A code for the first orders only; so some wait until more are brought in. */
export async function openCards(world: World, must: Must): Promise<void> {
  await must("POST", importPath(world, "first"), codesOf("first", FIRST_CODES));
}

/** Enough for every unit that can be redeemed, again and again until they are in. */
export async function bringCodes(
  world: World,
  send: (path: string, body: string) => Promise<{ readonly status: number } | null>,
): Promise<void> {
  const { units, spareUnits } = world.plan;
  const codes = codesOf("second", 3 * (units + spareUnits) + 20);
  for (;;) {
    const reply = await send(importPath(world, "second"), codes);
    if (reply?.status === 200) return;
    await world.sleep(1_000);
  }
}

const importPath = ({ skuId }: World, batch: string): string =>
  `/api/v1/staff/codes/${skuId}/import?batchId=${batch}-list-of-codes`;

const codesOf = (batch: string, count: number): string =>
  Array.from({ length: count }, (_, at) => `${batch}-code-${at}`).join("\n");

/** An order that was delivered has as many codes as units, one that is over has none but those that somebody saw. */
export function compareCodes(world: World, witness: Witness, orders: readonly LivedOrder[]): void {
  const issued = new Map<string, number>();
  for (const host of world.hostsOf("CodeVault")) {
    const rows = host.rows.exec(
      "SELECT order_key, COUNT(*) AS n FROM codes WHERE state = 'issued' GROUP BY order_key",
      [],
    );
    for (const row of rows) issued.set(String(row["order_key"]), Number(row["n"]));
  }
  for (const { order, life } of orders) {
    if (!life) continue;
    const key = `${order.memberKey} ${order.orderId}`;
    const has = issued.get(key) ?? 0;
    issued.delete(key);
    const isDelivered = life.state === "received" || life.state === "closed";
    const isSeen = witness.heard.sawCodes(key);
    const due = isDelivered || isSeen ? order.quantity : 0;
    witness.demand(
      "V1",
      has === due,
      () => `${key} is ${life.state} and has ${has} of ${due} codes`,
    );
  }
  for (const [key, has] of issued) {
    witness.fail("V1", `${has} codes went to ${key}, which is no order`);
  }
}
