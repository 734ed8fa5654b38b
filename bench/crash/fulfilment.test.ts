/** The product dies between what leaves and its order: afterwards each parcel, use and code counts once. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildCrashWorker } from "../../worker/local/build.ts";
import { PretendedSupplier } from "../../worker/testing/supplier/supplier.ts";
import { ProductApi, type Member } from "../load/api.ts";
import { freePort } from "../load/product.ts";
import { Phoenix } from "./phoenix.ts";

const REACHED_WITHIN_MS = 15_000;
/** Longer than a merchant may be silent; and what a taking back waits for before it is asked again. */
const SILENCE_MS = 3 * 86_400_000 + 60_000;
const TAKE_BACK_AGAIN_MS = 120_000;

let supplier: PretendedSupplier;
let dataDir: string;
let phoenix: Phoenix;
let api: ProductApi;
let staff: Member;
let member: Member;

beforeAll(async () => {
  buildCrashWorker();
  dataDir = mkdtempSync(join(tmpdir(), "qiangdui-fulfilment-"));
  const port = await freePort();
  const callbackUrl = (): string => `http://127.0.0.1:${port}/api/v1/callbacks/top-ups/demo`;
  // It lives on while the product dies, as a supplier does.
  supplier = await PretendedSupplier.open({
    ...{ keyId: "crash", secret: "crash-secret-0123456789", workMs: 50, callbackUrl },
  });
  const vars = { TOP_UP_SUPPLIER: supplier.setting };
  phoenix = new Phoenix({ dataDir, port, onLog: () => {}, vars });
  await phoenix.rise();
  api = new ProductApi(phoenix.origin);
  staff = await api.login("crash-staff", "staff");
  member = await api.login("crash-member");
  await api.grant("crash-member", 10_000, "fulfilment");
  const brand = { brandId: "tea-house", name: "Tea", storeMaySet: [] };
  await must(staff, "POST", "/api/v1/staff/brands", brand);
  const store = { storeId: "zhenhai", brandId: "tea-house", name: "Zhenhai", address: "Siming" };
  await must(staff, "POST", "/api/v1/staff/stores", store);
});
afterAll(async () => {
  api?.close();
  await phoenix?.stop();
  await supplier?.close();
  rmSync(dataDir, { recursive: true, force: true });
});

interface Told {
  readonly status: number;
  // oxlint-disable-next-line typescript/no-explicit-any -- bodies of many routes: each test says what it expects in them
  readonly body: any;
}

async function send(who: Member, method: string, path: string, body?: unknown): Promise<Told> {
  const isText = typeof body === "string";
  const response = await fetch(phoenix.origin + path, {
    method,
    headers: {
      "content-type": isText ? "text/csv" : "application/json",
      authorization: `Bearer ${who.token}`,
    },
    ...(body === undefined ? {} : { body: isText ? body : JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json() };
}

async function must(who: Member, method: string, path: string, body?: unknown): Promise<Told> {
  const told = await send(who, method, path, body);
  if (told.status >= 300) throw new Error(`${path}: ${told.status} ${JSON.stringify(told.body)}`);
  return told;
}

let made = 0;
const newId = (): string => `crash-${crypto.randomUUID()}`.slice(0, 38);

async function goods(kind: string): Promise<string> {
  made += 1;
  const skuId = `crash-goods-${made}`;
  const draft = { goodsId: skuId, goods: { title: "Goods", kind, skus: [{ pricePoints: 10 }] } };
  const { body } = await must(staff, "POST", "/api/v1/staff/goods", draft);
  const { revision } = body;
  await must(staff, "POST", `/api/v1/staff/goods/${skuId}/publish`, { revision });
  const stock = { requestId: newId(), cause: "received", units: 5 };
  await must(staff, "POST", `/api/v1/staff/skus/${skuId}/stock`, stock);
  return skuId;
}

async function redemption(skuId: string): Promise<{ path: string; body: { orderId: string } }> {
  const { body } = await must(member, "GET", `/api/v1/goods/${skuId}/live`);
  const [{ saleId, epoch }] = body.skus;
  const order = { orderId: newId(), quantity: 1, epoch };
  return { path: `/api/v1/sales/${saleId}/redemptions`, body: order };
}

async function ordered(skuId: string): Promise<string> {
  const { path, body } = await redemption(skuId);
  await must(member, "POST", path, body);
  return body.orderId;
}

/** Dies at the place while the work goes on, and rises again. */
async function dieAt(place: string, work: () => Promise<unknown>): Promise<void> {
  await phoenix.arm(`${place}@1`);
  void work().catch(() => undefined);
  const late = new Promise<string>((resolve) => {
    setTimeout(resolve, REACHED_WITHIN_MS, "not reached");
  });
  expect(await Promise.race([phoenix.fired, late])).toBe(place);
  await phoenix.kill();
  await phoenix.rise();
}

const delivery = async (orderId: string): Promise<Told["body"]> =>
  (await must(member, "GET", `/api/v1/orders/${orderId}/delivery`)).body;

describe("a parcel", () => {
  it.each(["fulfilment:ship:before-order", "fulfilment:ship:after-order"])(
    "leaves once, though the product died at %s",
    async (place) => {
      const orderId = await ordered(await goods("physical"));
      const addressId = newId();
      await must(member, "PUT", `/api/v1/me/addresses/${addressId}`, {
        ...{ name: "Crash", phone: "13612340415", regionCode: "350203", detail: "26 Zhenhai" },
      });
      await must(member, "PUT", `/api/v1/orders/${orderId}/address`, { addressId });
      const path = `/api/v1/staff/orders/crash-member/${orderId}/shipments`;
      const parcel = { shipmentId: newId(), carrier: "jd", trackingNo: "JD0000000001" };
      await dieAt(place, () => send(staff, "POST", path, parcel));
      expect((await send(staff, "POST", path, parcel)).status).toBeLessThan(300);
      const { state, shipments, unitsToShip } = await delivery(orderId);
      expect({ state, parcels: shipments.length, unitsToShip }).toEqual({
        ...{ state: "shipped", parcels: 1, unitsToShip: 0 },
      });
    },
  );
});

describe("a voucher", () => {
  it.each(["fulfilment:write-off:reserved", "fulfilment:write-off:agreed"])(
    "is used once, though the product died at %s",
    async (place) => {
      const orderId = await ordered(await goods("local_service"));
      const shown = await must(member, "GET", `/api/v1/me/vouchers/${orderId}-001/codes`);
      const { code } = shown.body.codes[0];
      const act = { writeOffId: newId(), code, storeId: "zhenhai", uses: 1 };
      await dieAt(place, () => send(staff, "POST", "/api/v1/staff/write-offs", act));
      const again = await send(staff, "POST", "/api/v1/staff/write-offs", act);
      expect(again).toMatchObject({ status: 200, body: { writeOff: { state: "done" } } });
      const { state, vouchers } = await delivery(orderId);
      expect(state).toBe("received");
      expect(vouchers[0]).toMatchObject({ state: "used_up", usesLeft: 0 });
      expect(vouchers[0].uses).toHaveLength(1);
    },
  );
});

describe("a card code", () => {
  it("goes to its order once, though the product died before the order heard of it", async () => {
    const skuId = await goods("card_code");
    const path = `/api/v1/staff/codes/${skuId}/import?batchId=${newId()}`;
    await must(staff, "POST", path, "CRASH-CODE-1\nCRASH-CODE-2\n");
    const wish = await redemption(skuId);
    await dieAt("fulfilment:codes:issued", () => send(member, "POST", wish.path, wish.body));
    const { orderId } = wish.body;
    await expect
      .poll(async () => (await send(member, "POST", wish.path, wish.body)).status, {
        timeout: 20_000,
      })
      .toBeLessThan(300);
    await expect
      .poll(async () => (await delivery(orderId)).state, { timeout: 30_000 })
      .toBe("received");
    const shown = await must(member, "POST", `/api/v1/orders/${orderId}/codes/reveal`, {
      reason: "",
    });
    expect(shown.body.codes).toEqual(["CRASH-CODE-1"]);
    const { body } = await must(staff, "GET", "/api/v1/staff/codes");
    expect(body.items[0]).toMatchObject({ free: 1, issued: 1 });
  });
});

describe("a top-up", () => {
  it("is sent once, though the product died when the try was counted and not yet sent", async () => {
    const orderId = await ordered(await goods("virtual"));
    const account = { account: "13612340415" };
    await dieAt("fulfilment:top-up:counted", () =>
      send(member, "PUT", `/api/v1/orders/${orderId}/account`, account),
    );
    expect(supplier.submitted.size).toBe(0);
    await expect
      .poll(async () => (await delivery(orderId)).state, { timeout: 60_000 })
      .toBe("received");
    expect([...supplier.submitted.values()]).toEqual([1]);
  }, 90_000);
});

describe("a case that silence decides", () => {
  it("takes codes back once and pays once, though the product died in between", async () => {
    const skuId = await goods("card_code");
    const path = `/api/v1/staff/codes/${skuId}/import?batchId=${newId()}`;
    await must(staff, "POST", path, "SILENT-CODE-1\n");
    const before = await pointsOf();
    const orderId = await ordered(skuId);
    const within = { timeout: 30_000 };
    await expect.poll(async () => (await delivery(orderId)).state, within).toBe("received");
    const wish = { caseId: newId(), kind: "refund", quantity: 1, reason: "unwanted" };
    await must(member, "POST", `/api/v1/orders/${orderId}/after-sales`, wish);

    // Whoever wakes its Account lets it find that nobody answered in time; the product's own start may be the first.
    await phoenix.kill();
    const place = "account:take-back:after-goods";
    const failpoint = `${place}@1`;
    const early = await phoenix.rise({ clockAheadMs: SILENCE_MS, failpoint });
    if (early === null) {
      void delivery(orderId).catch(() => undefined);
      expect(await phoenix.fired).toBe(place);
      await phoenix.kill();
    } else expect(early).toBe(place);
    await phoenix.rise({ clockAheadMs: SILENCE_MS + TAKE_BACK_AGAIN_MS });
    await expect.poll(async () => (await delivery(orderId)).state, within).toBe("refunded");
    expect(await pointsOf()).toBe(before);
    const { body } = await must(staff, "GET", "/api/v1/staff/codes");
    const codes = body.items.find((one: { skuId: string }) => one.skuId === skuId);
    expect(codes).toMatchObject({ free: 1, issued: 0 });
  });
});

const pointsOf = async (): Promise<number> =>
  (await must(member, "GET", "/api/v1/me")).body.points.active;
