/** A store's own price, units and visibility, from headquarters' word to the order and its voucher. */
import { beforeAll, describe, expect, it, vi } from "vitest";
import { bindings, Caller, draft, migrate, type Reply } from "./object-catalogue.ts";
import { sweepGoods } from "../catalog/index.ts";
import { listStanding } from "../redemption/index.ts";
import { skuKeyOf } from "../kernel/ids.ts";

vi.setConfig({ testTimeout: 60_000 });

const guest = new Caller();
let staff: Caller;
let orders = 0;

beforeAll(async () => {
  await migrate();
  staff = await new Caller().login("store-staff", "staff");
  const brand = { brandId: "tea", name: "屿岸", storeMaySet: [] };
  await done(staff.send("POST", "/api/v1/staff/brands", brand));
  for (const storeId of ["jetty", "museum"]) {
    const store = { storeId, name: `${storeId} store`, brandId: "tea", address: "1" };
    await done(staff.send("POST", "/api/v1/staff/stores", store));
  }
});

async function done(asked: Promise<Reply>): Promise<Reply> {
  const reply = await asked;
  if (reply.status >= 300) throw new Error(`${reply.status} ${reply.text}`);
  return reply;
}

async function publish(goodsId: string, over: Record<string, unknown> = {}): Promise<void> {
  const goods = draft({ kind: "local_service", skus: [{ pricePoints: 300 }], ...over });
  const { body } = await done(staff.send("POST", "/api/v1/staff/goods", { goodsId, goods }));
  const { revision } = body;
  await done(staff.send("POST", `/api/v1/staff/goods/${goodsId}/publish`, { revision }));
}

interface Change {
  readonly isHidden?: boolean;
  readonly sellsOwn?: boolean;
  readonly prices?: readonly { skuId: string; pricePoints: number; priceFen?: number }[];
}

function change(storeId: string, goodsId: string, version: number, over: Change): Promise<Reply> {
  const { isHidden = false, sellsOwn = false, prices = [] } = over;
  return staff.send("PUT", `/api/v1/staff/store-goods/${storeId}/${goodsId}`, {
    ...{ version, isHidden, sellsOwn },
    prices: prices.map((price) => ({ priceFen: 0, ...price })),
  });
}

function move(
  storeId: string,
  goodsId: string,
  units: number,
  requestId = `stock-${crypto.randomUUID()}`,
): Promise<Reply> {
  return staff.send("POST", `/api/v1/staff/store-goods/${storeId}/${goodsId}/stock`, {
    ...{ requestId, cause: units > 0 ? "received" : "damaged", units, skuId: goodsId },
  });
}

async function member(id: string, points = 5_000): Promise<Caller> {
  const caller = await new Caller().login(id, "member");
  const body = { points, reason: "t", idempotencyKey: crypto.randomUUID() };
  await done(staff.send("POST", `/api/v1/staff/members/${id}/grants`, body));
  return caller;
}

async function skuIn(store: string, goodsId: string) {
  const query = store === "" ? "" : `?store=${store}`;
  const reply = await done(guest.get(`/api/v1/goods/${goodsId}/live${query}`));
  return reply.body.skus[0];
}

function redeem(buyer: Caller, sku: { saleId: string; epoch: number }): Promise<Reply> {
  orders += 1;
  const orderId = `store-order-${String(orders).padStart(6, "0")}`;
  const body = { orderId, quantity: 1, epoch: sku.epoch };
  return buyer.send("POST", `/api/v1/sales/${sku.saleId}/redemptions`, body);
}

describe("a store's own units", () => {
  it("cost what the store says, are counted by themselves, and leave headquarters' alone", async () => {
    await publish("latte");
    await done(
      staff.send("POST", "/api/v1/staff/skus/latte/stock", {
        ...{ requestId: "hq-units-0000000001", cause: "received", units: 9 },
      }),
    );
    const prices = [{ skuId: "latte", pricePoints: 260 }];
    const set = await done(change("jetty", "latte", 0, { sellsOwn: true, prices }));
    expect(set.body).toMatchObject({ sellsOwn: true, version: 1 });
    expect((await move("jetty", "latte", 2)).body).toEqual({
      ...{ skuId: "latte--at--jetty", shelf: 2 },
    });
    const here = await skuIn("jetty", "latte");
    expect(here).toMatchObject({ skuId: "latte", pricePoints: 260, remaining: 2, status: "open" });
    expect(await skuIn("", "latte")).toMatchObject({ pricePoints: 300, remaining: 9 });
    expect(await skuIn("museum", "latte")).toMatchObject({ pricePoints: 300, remaining: 9 });
    // Twelve at once for two units: exactly two, whoever they are.
    const buyers = await Promise.all(
      Array.from({ length: 12 }, (_, at) => member(`latte-${at}`, 1_000)),
    );
    const answers = await Promise.all(buyers.map((buyer) => redeem(buyer, here)));
    const granted = answers.filter(({ status }) => status === 201);
    expect(granted.map(({ body }) => body.points)).toEqual([260, 260]);
    expect(answers.filter(({ body }) => body.code === "sold_out")).toHaveLength(10);
    expect(await skuIn("jetty", "latte")).toMatchObject({ remaining: 0 });
    expect(await skuIn("", "latte")).toMatchObject({ remaining: 9 });
  });

  it("are written off in that store only, and the ledger names it", async () => {
    await publish("mocha");
    await done(change("jetty", "mocha", 0, { sellsOwn: true }));
    await done(move("jetty", "mocha", 3));
    const buyer = await member("mocha-buyer");
    const { body } = await done(redeem(buyer, await skuIn("jetty", "mocha")));
    const order = (await done(buyer.get(`/api/v1/orders/${body.orderId}`))).body;
    expect(order).toMatchObject({ storeId: "jetty", subtitle: "jetty store" });
    const entries = (await done(buyer.get("/api/v1/me/points"))).body.entries;
    expect(entries[0]).toMatchObject({ type: "redeem", storeId: "jetty" });
    const delivery = await done(buyer.get(`/api/v1/orders/${body.orderId}/delivery`));
    expect(delivery.body.vouchers[0].storeIds).toEqual(["jetty"]);
  });

  it("follow headquarters' price where the store has none, and a tap at the old one is stale", async () => {
    await publish("tonic");
    await done(change("jetty", "tonic", 0, { sellsOwn: true }));
    await done(move("jetty", "tonic", 5));
    const before = await skuIn("jetty", "tonic");
    expect(before.pricePoints).toBe(300);
    const goods = draft({ kind: "local_service", skus: [{ skuId: "tonic", pricePoints: 320 }] });
    await done(staff.send("PUT", "/api/v1/staff/goods/tonic", { revision: 2, goods }));
    expect(await skuIn("jetty", "tonic")).toMatchObject({ pricePoints: 320, remaining: 5 });
    const prices = [{ skuId: "tonic", pricePoints: 280 }];
    await done(change("jetty", "tonic", 1, { sellsOwn: true, prices }));
    const now = await skuIn("jetty", "tonic");
    expect(now).toMatchObject({ pricePoints: 280, saleId: before.saleId });
    const buyer = await member("tonic-buyer");
    expect((await redeem(buyer, before)).body).toMatchObject({ code: "stale", epoch: now.epoch });
    expect((await redeem(buyer, now)).body).toMatchObject({ outcome: "granted", points: 280 });
  });

  it("count towards the limits of their goods", async () => {
    const limits = { perOrder: 1, perDay: null, lifetime: 1, window: null };
    await publish("badge", { limits });
    for (const storeId of ["jetty", "museum"]) {
      await done(change(storeId, "badge", 0, { sellsOwn: true }));
      await done(move(storeId, "badge", 5));
    }
    const buyer = await member("badge-buyer");
    expect((await redeem(buyer, await skuIn("jetty", "badge"))).status).toBe(201);
    const second = await redeem(buyer, await skuIn("museum", "badge"));
    expect(second.body).toMatchObject({ code: "limit_reached", limit: 1, used: 1 });
  });

  it("rest when the store gives them up, and come back with what was left", async () => {
    await publish("scone");
    await done(change("jetty", "scone", 0, { sellsOwn: true }));
    await done(move("jetty", "scone", 4));
    const own = await skuIn("jetty", "scone");
    await done(change("jetty", "scone", 1, { sellsOwn: false }));
    expect((await skuIn("jetty", "scone")).saleId).not.toBe(own.saleId);
    const late = await redeem(await member("scone-buyer"), own);
    expect(late.body).toMatchObject({ code: "not_open" });
    expect((await move("jetty", "scone", 1)).body).toMatchObject({ reason: "no_own_units" });
    await done(change("jetty", "scone", 2, { sellsOwn: true }));
    expect(await skuIn("jetty", "scone")).toMatchObject({ remaining: 4, status: "open" });
  });

  it("are for what is handed over in a store; a command is obeyed once", async () => {
    await publish("kettle", { kind: "physical" });
    const refused = await change("jetty", "kettle", 0, { sellsOwn: true });
    expect(refused.status).toBe(422);
    expect(refused.body.errors).toMatchObject([{ path: "sellsOwn" }]);
    await publish("muffin");
    await done(change("jetty", "muffin", 0, { sellsOwn: true }));
    const requestId = "muffin-units-000001";
    await done(move("jetty", "muffin", 3, requestId));
    expect((await done(move("jetty", "muffin", 3, requestId))).body.shelf).toBe(3);
    expect((await move("jetty", "muffin", -4)).body).toMatchObject({
      ...{ code: "conflict", reason: "units_insufficient", shelf: 3 },
    });
  });

  it("are told to their shelf by the clock when the save could not", async () => {
    await publish("donut");
    await bindings.DB.prepare(
      `INSERT INTO store_goods (programme_id, goods_id, store_id, is_hidden, sells_own, prices, revision, updated_at_ms, updated_by)
       VALUES (?, 'donut', 'jetty', 0, 1, '[{"skuId":"donut","pricePoints":120,"priceFen":0}]', 1, 0, 'x')`,
    )
      .bind(bindings.DEFAULT_PROGRAMME)
      .run();
    await bindings.DB.prepare("UPDATE goods SET due_at_ms = 1 WHERE goods_id = 'donut'").run();
    await sweepGoods(bindings, Date.now());
    const key = skuKeyOf(bindings.DEFAULT_PROGRAMME, "donut--at--jetty");
    const snapshot = await bindings.SKU.getByName(key).standing();
    expect(snapshot?.terms).toMatchObject({ pricePoints: 120, subtitle: "jetty store" });
  });
});

describe("brands that share points", () => {
  it("are named on their goods, and lists can be narrowed to one", async () => {
    const brand = { brandId: "ware", name: "屿岸器物", storeMaySet: [] };
    await done(staff.send("POST", "/api/v1/staff/brands", brand));
    await publish("teapot", { kind: "physical", brandId: "ware" });
    await publish("sencha", { kind: "physical", brandId: "tea" });
    const of = async (query: string): Promise<string[]> => {
      const { body } = await done(guest.get(`/api/v1/goods?limit=100&${query}`));
      return body.goods.map(({ goodsId }: { goodsId: string }) => goodsId);
    };
    expect(await of("brand=ware")).toEqual(["teapot"]);
    expect(await of("brand=nobody")).toEqual([]);
    const detail = (await done(guest.get("/api/v1/goods/teapot"))).body;
    expect(detail.brand).toEqual({ brandId: "ware", name: "屿岸器物" });
    const rows = (await done(staff.get("/api/v1/staff/goods?brand=tea&limit=100"))).body.goods;
    expect(rows).toMatchObject([{ goodsId: "sencha", brand: { name: "屿岸" } }]);
  });

  it("are those of the programme, and goods may name none", async () => {
    const goods = draft({ brandId: "elsewhere" });
    const refused = await staff.send("POST", "/api/v1/staff/goods", { goodsId: "odd", goods });
    expect(refused.status).toBe(422);
    expect(refused.body.errors).toMatchObject([{ path: "goods.brandId" }]);
    await publish("plain");
    expect((await done(guest.get("/api/v1/goods/plain"))).body.brand).toBeNull();
  });
});

describe("what staff see of one brand", () => {
  const receive = (skuId: string): Promise<Reply> => {
    const body = { requestId: `units-${crypto.randomUUID()}`, cause: "received", units: 5 };
    return done(staff.send("POST", `/api/v1/staff/skus/${skuId}/stock`, body));
  };

  it("is the orders of its goods, a store's own units among them", async () => {
    await publish("matcha", { brandId: "tea" });
    await publish("vase", { brandId: "ware" });
    await receive("vase");
    await done(change("jetty", "matcha", 0, { sellsOwn: true }));
    await done(move("jetty", "matcha", 5));
    const buyer = await member("brand-buyer");
    const tea = (await done(redeem(buyer, await skuIn("jetty", "matcha")))).body.orderId;
    const ware = (await done(redeem(buyer, await skuIn("", "vase")))).body.orderId;
    const of = async (query: string): Promise<string[]> => {
      const { body } = await done(staff.get(`/api/v1/staff/orders?limit=100&${query}`));
      return body.items.map(({ orderId }: { orderId: string }) => orderId);
    };
    // Orders come to the list with the projection.
    await vi.waitFor(
      async () => expect(await of("")).toEqual(expect.arrayContaining([tea, ware])),
      {
        timeout: 30_000,
      },
    );
    const few = await of("brand=tea");
    expect(few).toContain(tea);
    expect(few).not.toContain(ware);
    expect(await of("brand=ware")).toEqual([ware]);
    expect(await of(`brand=ware&q=${tea}`)).toEqual([]);
    expect(await of("brand=nobody")).toEqual([]);
    // A brand that sold much is met on the walk through all orders; the answer is the same.
    await bindings.DB.exec("UPDATE sales SET granted = granted + 1000000 WHERE sku_id = 'vase'");
    expect(await of("brand=ware")).toEqual([ware]);
    await bindings.DB.exec("UPDATE sales SET granted = granted - 1000000 WHERE sku_id = 'vase'");
    const csv = await done(staff.get("/api/v1/staff/orders/export?brand=ware"));
    expect(csv.text).toContain(ware);
    expect(csv.text).not.toContain(tea);
  });

  it("is what a member's ledger has of its goods, else of its stores", async () => {
    const buyer = await member("ledger-brands");
    const bought: Record<string, string> = {};
    const brandOf = { oolong: "tea", tray: "ware", loose: null };
    for (const [goodsId, brandId] of Object.entries(brandOf)) {
      await publish(goodsId, { brandId });
      await done(change("jetty", goodsId, 0, { sellsOwn: true }));
      await done(move("jetty", goodsId, 5));
      bought[goodsId] = (await done(redeem(buyer, await skuIn("jetty", goodsId)))).body.orderId;
    }
    const of = async (query: string): Promise<(string | null)[]> => {
      const path = `/api/v1/staff/members/ledger-brands/points/timeline?limit=1&${query}`;
      const found: (string | null)[] = [];
      for (let cursor = ""; ;) {
        const { body } = await done(staff.get(`${path}${cursor}`));
        for (const { entry } of body.items) if (entry) found.push(entry.orderId);
        if (body.nextCursor === null) return found;
        cursor = `&cursor=${body.nextCursor}`;
      }
    };
    // Which goods an order is of is known with the projection.
    const known = async (): Promise<void> => {
      expect(await of("brand=ware")).toEqual([bought["tray"]]);
      expect(await of("brand=tea")).toEqual([bought["loose"], bought["oolong"]]);
    };
    await vi.waitFor(known, { timeout: 30_000 });
    expect(await of("brand=nobody")).toEqual([]);
    expect(await of("")).toHaveLength(4);
  });

  it("is the sessions that have goods of it", async () => {
    await publish("gaiwan", { kind: "physical", brandId: "ware" });
    await publish("pu-er", { kind: "physical", brandId: "tea" });
    const opensAtMs = Date.now() + 86_400_000;
    const closesAtMs = opensAtMs + 3_600_000;
    const item = { pricePoints: 10, units: 1, limitPerMember: 1, quantityMax: 1 };
    for (const [title, skuIds] of [
      ["ware", ["gaiwan"]],
      ["both", ["gaiwan", "pu-er"]],
      ["leaf", ["pu-er"]],
    ] as const) {
      const items = skuIds.map((skuId) => ({ ...item, skuId }));
      const session = { title, note: "", opensAtMs, closesAtMs, items };
      await done(staff.send("POST", "/api/v1/staff/sessions", session));
    }
    await receive("gaiwan");
    const lone = { ...item, skuId: "gaiwan", title: "alone", opensAtMs, closesAtMs };
    const { saleId } = (await done(staff.send("POST", "/api/v1/staff/sales", lone))).body;
    await done(staff.send("POST", `/api/v1/staff/sales/${saleId}/schedule`));
    const of = async (brand: string): Promise<string[]> => {
      const span = `fromMs=${opensAtMs - 1}&toMs=${closesAtMs + 1}`;
      const { body } = await done(staff.get(`/api/v1/staff/sessions?${span}${brand}`));
      const all: { title: string }[] = [...body.sessions, ...body.loneSales];
      return all.map(({ title }) => title).toSorted();
    };
    const shown = ["alone", "both", "leaf", "ware"];
    await vi.waitFor(async () => expect(await of("")).toEqual(shown), { timeout: 30_000 });
    expect(await of("&brand=ware")).toEqual(["alone", "both", "ware"]);
    expect(await of("&brand=tea")).toEqual(["both", "leaf"]);
    expect(await of("&brand=nobody")).toEqual([]);
  });
});

describe("what a store shows", () => {
  const idsIn = async (store: string): Promise<string[]> => {
    const { body } = await done(guest.get(`/api/v1/goods?limit=100&store=${store}`));
    return body.goods.map(({ goodsId }: { goodsId: string }) => goodsId);
  };

  it("is without what it hides, in the list and on the page, and nowhere else", async () => {
    await publish("hidden-cake");
    await done(change("jetty", "hidden-cake", 0, { isHidden: true }));
    expect(await idsIn("jetty")).not.toContain("hidden-cake");
    expect(await idsIn("museum")).toContain("hidden-cake");
    expect((await guest.get("/api/v1/goods/hidden-cake?store=jetty")).status).toBe(404);
    expect((await guest.get("/api/v1/goods/hidden-cake")).status).toBe(200);
  });

  it("carries its own price and units in the list", async () => {
    await publish("bagel");
    const prices = [{ skuId: "bagel", pricePoints: 90 }];
    await done(change("jetty", "bagel", 0, { sellsOwn: true, prices }));
    await done(move("jetty", "bagel", 6));
    const cardIn = async (store: string) => {
      const { body } = await done(guest.get(`/api/v1/goods?limit=100&store=${store}`));
      return body.goods.find(({ goodsId }: { goodsId: string }) => goodsId === "bagel");
    };
    await expect
      .poll(async () => (await cardIn("jetty")).remaining, { timeout: 20_000, interval: 250 })
      .toBe(6);
    expect(await cardIn("jetty")).toMatchObject({ pricePoints: 90, memberPoints: 90 });
    expect(await cardIn("")).toMatchObject({ pricePoints: 300, remaining: 0 });
    // The home page's tiles and the choice of goods for a sale are headquarters'.
    const tiles = await listStanding(bindings, bindings.DEFAULT_PROGRAMME, Date.now());
    expect(tiles?.filter(({ skuId }) => skuId.includes("--at--"))).toEqual([]);
  });

  it("is headquarters' for a store that is closed or unknown", async () => {
    await publish("pie");
    await done(
      staff.send("POST", "/api/v1/staff/stores", {
        ...{ storeId: "kiosk", name: "kiosk", brandId: "tea", address: "" },
      }),
    );
    await done(change("kiosk", "pie", 0, { isHidden: true }));
    expect((await guest.get("/api/v1/goods/pie?store=kiosk")).status).toBe(404);
    await done(
      staff.send("PUT", "/api/v1/staff/stores/kiosk", {
        ...{ name: "kiosk", brandId: "tea", address: "", state: "archived", version: 1 },
      }),
    );
    for (const store of ["kiosk", "nowhere"]) {
      expect((await guest.get(`/api/v1/goods/pie?store=${store}`)).status).toBe(200);
    }
    const { stores, brands } = (await done(guest.get("/api/v1/stores"))).body;
    expect(brands).toContainEqual({ brandId: "ware", name: "屿岸器物" });
    expect(stores.map(({ storeId }: { storeId: string }) => storeId)).toEqual(["jetty", "museum"]);
    expect((await change("kiosk", "pie", 1, {})).status).toBe(404);
  });

  it("is saved by one person at a time", async () => {
    await publish("tart");
    await done(change("jetty", "tart", 0, { isHidden: true }));
    const late = await change("jetty", "tart", 0, { isHidden: false });
    expect(late.body).toMatchObject({ code: "conflict", current: { isHidden: true, version: 1 } });
  });
});
