/** News of parcels from a pretended Kuaidi100, and of top-ups from a pretended supplier: by themselves, twice, backwards, lost, and forged. */
import { createHash } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { NO_FAULTS as NO_COURIER_FAULTS } from "../courier/courier.ts";
import { NO_FAULTS as NO_SUPPLIER_FAULTS } from "../supplier/supplier.ts";
import { startProduct, until, Caller, type Product } from "./product.ts";

const STEPS_MS = [0, 150, 300, 450];
let product: Product;
let staff: Caller;
beforeAll(async () => {
  product = await startProduct({}, { courierStepsMs: STEPS_MS, supplierWorkMs: 50 });
  staff = await new Caller(product.origin).login("courier-staff", "staff");
  await goods("parcel", "physical");
  await goods("talk-time", "virtual");
});
afterAll(() => product.close());

async function goods(goodsId: string, kind: "physical" | "virtual"): Promise<void> {
  const wish = { title: goodsId, kind, skus: [{ pricePoints: 10 }] };
  await must("POST", "/api/v1/staff/goods", { goodsId, goods: wish });
  await must("POST", `/api/v1/staff/goods/${goodsId}/publish`, { revision: 1 });
  const stock = { requestId: crypto.randomUUID(), cause: "received", units: 100 };
  await must("POST", `/api/v1/staff/skus/${goodsId}/stock`, stock);
}

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

interface Bought {
  readonly member: Caller;
  readonly memberId: string;
  readonly orderId: string;
}

async function bought(goodsId: string): Promise<Bought> {
  made += 1;
  const memberId = `receiver-${made}`;
  const member = await new Caller(product.origin).login(memberId);
  const grant = { points: 100, reason: "t", idempotencyKey: crypto.randomUUID() };
  await must("POST", `/api/v1/staff/members/${memberId}/grants`, grant);
  const live = await member.get<{ skus: { saleId: string; epoch: number }[] }>(
    `/api/v1/goods/${goodsId}/live`,
  );
  const [sku] = live.body.skus;
  const orderId = `${goodsId}-order-${String(made).padStart(6, "0")}`;
  const order = { orderId, quantity: 1, epoch: sku?.epoch };
  const reply = await member.post(`/api/v1/sales/${sku?.saleId ?? ""}/redemptions`, order);
  if (reply.status !== 201) throw new Error(JSON.stringify(reply.body));
  return { member, memberId, orderId };
}

async function sent(): Promise<Sent> {
  const { member, memberId, orderId } = await bought("parcel");
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
  afterEach(() => {
    Object.assign(courier().faults, NO_COURIER_FAULTS);
  });

  it("come by themselves, and the whole way with them", async () => {
    const one = await sent();
    expect((await signed(one)).points).toHaveLength(STEPS_MS.length);
  });

  it("twice leave the same as once", async () => {
    courier().faults.copies = 3;
    const one = await sent();
    expect((await signed(one)).points).toHaveLength(STEPS_MS.length);
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
  });

  it("are not to be had while the service is down, and whoever asks is told so", async () => {
    courier().faults.drops = true;
    const one = await sent();
    const path = `/api/v1/staff/orders/receiver-${made}/parcel-order-${String(made).padStart(6, "0")}/track`;
    courier().faults.isDown = true;
    const answer = await staff.send("POST", path);
    expect([answer.status, answer.body]).toMatchObject([503, { reason: "no_tracking_answer" }]);
    expect((await one.parcel()).state).toBe("sent");
  });

  it("of anybody else are refused", async () => {
    courier().faults.holds = true;
    const one = await sent();
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

describe("top-ups at a supplier that signs", () => {
  const supplier = () => {
    if (!product.server.supplier) throw new Error("this product has a supplier");
    return product.server.supplier;
  };
  afterEach(() => {
    Object.assign(supplier().faults, NO_SUPPLIER_FAULTS);
  });
  const stateOf = async ({ member, orderId }: Bought): Promise<string> =>
    (await member.get<{ state: string }>(`/api/v1/orders/${orderId}`)).body.state;
  const untilState = (one: Bought, state: string): Promise<string> =>
    until(
      () => stateOf(one),
      (now) => now === state,
    );
  const tell = (callback: object): Promise<Response> =>
    fetch(`${product.origin}/api/v1/callbacks/top-ups/demo`, {
      ...{ method: "POST", headers: { "content-type": "application/json" } },
      body: JSON.stringify(callback),
    });
  let named = 0;

  /** Names the account, by which the supplier is asked; answers the number that it knows. */
  async function toppedUp(one: Bought, ending = "0415"): Promise<string> {
    const before = new Set(supplier().submitted.keys());
    named += 1;
    const account = `1361${String(named).padStart(3, "0")}${ending}`;
    const path = `/api/v1/orders/${one.orderId}/account`;
    const reply = await one.member.send("PUT", path, { account });
    if (reply.status !== 200) throw new Error(JSON.stringify(reply.body));
    const isNew = (id: string): boolean => !before.has(id);
    const ids = await until(
      () => Promise.resolve([...supplier().submitted.keys()].filter(isNew)),
      (found) => found.length > 0,
    );
    return ids[0] ?? "";
  }

  it("deliver by the last word, however often and in whatever order the words come", async () => {
    const { faults, submitted } = supplier();
    const plain = await bought("talk-time");
    const first = await toppedUp(plain);
    await untilState(plain, "received");
    expect(submitted.get(first)).toBe(1);
    Object.assign(faults, { copies: 3, holds: true });
    const many = await bought("talk-time");
    const second = await toppedUp(many);
    await until(
      () => Promise.resolve(supplier().held),
      (held) => held === 6,
    );
    Object.assign(faults, { copies: 1, holds: false });
    await supplier().deliverHeld();
    await untilState(many, "received");
    expect((await tell(supplier().callback(second, "fail"))).status).toBe(200);
    expect(await stateOf(many)).toBe("received");
  });

  it("take a last word that overtakes the answer to the booking", async () => {
    const one = await bought("talk-time");
    supplier().faults.callsFirst = true;
    await toppedUp(one);
    await untilState(one, "received");
  });

  it("ask what became of a booking that nobody answered, and book it once", async () => {
    const one = await bought("talk-time");
    const { faults, submitted } = supplier();
    Object.assign(faults, { isSilent: true, drops: true });
    const topUpId = await toppedUp(one);
    Object.assign(faults, { isSilent: false, drops: false });
    expect(await stateOf(one)).toBe("issuing");
    await until(
      () => staff.post<{ state: string }>(`/api/v1/staff/top-ups/${topUpId}/retry`, {}),
      ({ body }) => body.state === "success",
    );
    await untilState(one, "received");
    expect(submitted.get(topUpId)).toBe(1);
  });

  it("give points back when the number is nobody's", async () => {
    const one = await bought("talk-time");
    await toppedUp(one, "0000");
    await untilState(one, "cancelled");
    const me = await one.member.get<{ points: { active: number } }>("/api/v1/me");
    expect(me.body.points.active).toBe(100);
  });

  it("believe no word that is forged, changed or old", async () => {
    const one = await bought("talk-time");
    supplier().faults.isStuck = true;
    const topUpId = await toppedUp(one);
    const processing = supplier().callback(topUpId, "processing");
    const old = supplier().callback(topUpId, "success", Date.now() - 301_000);
    const other = { ...supplier().callback(topUpId, "success"), sign: "0".repeat(64) };
    for (const callback of [{ ...processing, state: "success" }, old, other]) {
      expect((await tell(callback)).status).toBe(403);
    }
    expect((await tell(processing)).status).toBe(200);
    expect(await stateOf(one)).toBe("issuing");
    expect((await tell(supplier().callback(topUpId, "success"))).status).toBe(200);
    await untilState(one, "received");
    expect(supplier().refusals).toBe(0);
  });
});
