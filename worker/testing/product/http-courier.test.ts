/** News of parcels from a pretended Kuaidi100: by themselves, twice, backwards, lost, and forged. */
import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startProduct, until, Caller, type Product } from "./product.ts";

const STEPS_MS = [0, 150, 300, 450];
let product: Product;
let staff: Caller;
beforeAll(async () => {
  product = await startProduct({}, { courierStepsMs: STEPS_MS });
  staff = await new Caller(product.origin).login("courier-staff", "staff");
  await must("POST", "/api/v1/staff/goods", {
    ...{
      goodsId: "parcel",
      goods: { title: "盖碗", kind: "physical", skus: [{ pricePoints: 10 }] },
    },
  });
  await must("POST", "/api/v1/staff/goods/parcel/publish", { revision: 1 });
  const stock = { requestId: crypto.randomUUID(), cause: "received", units: 100 };
  await must("POST", "/api/v1/staff/skus/parcel/stock", stock);
});
afterAll(() => product.close());

const courier = () => {
  if (!product.server.courier) throw new Error("this product has a courier");
  return product.server.courier;
};

async function must(method: string, path: string, body?: unknown): Promise<void> {
  const answer = await staff.send(method, path, body);
  if (answer.status >= 300) throw new Error(`${path}: ${JSON.stringify(answer.body)}`);
}

interface Parcel {
  readonly state: string;
  readonly points: readonly { readonly text: string }[];
}
interface Sent {
  readonly trackingNo: string;
  readonly parcel: () => Promise<Parcel>;
}

let made = 0;

async function sent(): Promise<Sent> {
  made += 1;
  const memberId = `receiver-${made}`;
  const member = await new Caller(product.origin).login(memberId);
  const grant = { points: 100, reason: "t", idempotencyKey: crypto.randomUUID() };
  await must("POST", `/api/v1/staff/members/${memberId}/grants`, grant);
  const live = await member.get<{ skus: { saleId: string; epoch: number }[] }>(
    "/api/v1/goods/parcel/live",
  );
  const [sku] = live.body.skus;
  const orderId = `parcel-order-${String(made).padStart(6, "0")}`;
  const order = { orderId, quantity: 1, epoch: sku?.epoch };
  const bought = await member.post(`/api/v1/sales/${sku?.saleId ?? ""}/redemptions`, order);
  expect(bought.status).toBe(201);
  const addressId = `address-${String(made).padStart(8, "0")}`;
  const address = {
    name: "黄小安",
    phone: "13612340415",
    regionCode: "350203",
    detail: "镇海路 26 号",
  };
  await member.send("PUT", `/api/v1/me/addresses/${addressId}`, address);
  await member.send("PUT", `/api/v1/orders/${orderId}/address`, { addressId });
  const trackingNo = `SF${String(made).padStart(13, "0")}`;
  await must("POST", `/api/v1/staff/orders/${memberId}/${orderId}/shipments`, {
    ...{ shipmentId: `shipment-${String(made).padStart(8, "0")}`, carrier: "顺丰", trackingNo },
  });
  const parcel = async (): Promise<Parcel> => {
    const path = `/api/v1/orders/${orderId}/delivery`;
    const [one] = (await member.get<{ shipments: Parcel[] }>(path)).body.shipments;
    if (!one) throw new Error("the parcel is known");
    return one;
  };
  return { trackingNo, parcel };
}

const signed = (one: Sent): Promise<Parcel> => until(one.parcel, ({ state }) => state === "signed");

describe("news of a parcel", () => {
  it("come by themselves, and the whole way with them", async () => {
    const one = await sent();
    expect((await signed(one)).points).toHaveLength(STEPS_MS.length);
  });

  it("twice leave the same as once", async () => {
    courier().faults.copies = 3;
    const one = await sent();
    expect((await signed(one)).points).toHaveLength(STEPS_MS.length);
    courier().faults.copies = 1;
  });

  it("in the wrong order do not take it back from the door", async () => {
    courier().faults.holds = true;
    const one = await sent();
    await until(
      () => Promise.resolve(courier().held),
      (count) => count === STEPS_MS.length,
    );
    courier().faults.holds = false;
    await courier().deliverHeld();
    const parcel = await one.parcel();
    expect(parcel).toMatchObject({ state: "signed" });
    expect(parcel.points).toHaveLength(STEPS_MS.length);
  });

  it("that were lost are asked for", async () => {
    courier().faults.drops = true;
    const one = await sent();
    const path = `/api/v1/staff/orders/receiver-${made}/parcel-order-${String(made).padStart(6, "0")}/track`;
    await until(
      async () => {
        await must("POST", path);
        return one.parcel();
      },
      ({ state }) => state === "signed",
    );
    courier().faults.drops = false;
  });

  it("of anybody else are refused", async () => {
    courier().faults.holds = true;
    const one = await sent();
    courier().faults.holds = false;
    const lastResult = { com: "shunfeng", nu: one.trackingNo, state: "3", data: [] };
    const param = JSON.stringify({ status: "polling", lastResult });
    const sign = createHash("md5").update(`${param}guess`).digest("hex").toUpperCase();
    const told = await fetch(`${product.origin}/api/v1/callbacks/couriers/demo`, {
      method: "POST",
      body: new URLSearchParams({ param, sign }),
    });
    expect(told.status).toBe(403);
    expect((await one.parcel()).state).not.toBe("signed");
  });
});
