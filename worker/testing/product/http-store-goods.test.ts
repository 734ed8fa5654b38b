/** Headquarters' whitelist over HTTP: who may set what in which store, and what members of that store pay then. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Caller, makeMember, until } from "./product.ts";
import { expectRefusal, StaffShop, type StaffBrowser } from "./staff-client.ts";
import type { Json, Reply } from "./http-shop.ts";

const PATH = "/api/v1/staff/store-goods";
let shop: StaffShop;
let clerk: StaffBrowser;
let brandVersion = 1;

beforeAll(async () => {
  shop = await StaffShop.open();
  const { owner } = shop;
  for (const storeId of ["jetty", "museum"]) {
    const store = { storeId, brandId: "main", name: storeId, address: "" };
    await owner.do("POST", "/api/v1/staff/stores", store);
  }
  clerk = await shop.colleague("clerk", ["clerk"], ["jetty"]);
  for (const goodsId of ["latte", "mocha"]) {
    const goods = { title: goodsId, kind: "local_service", skus: [{ pricePoints: 300 }] };
    await owner.do("POST", "/api/v1/staff/goods", { goodsId, goods });
    await owner.do("POST", `/api/v1/staff/goods/${goodsId}/publish`, { revision: 1 });
  }
});
afterAll(() => shop.close());

async function allow(...storeMaySet: string[]): Promise<void> {
  const brand = { name: "屿岸", storeMaySet, state: "active", version: brandVersion };
  await shop.owner.do("PUT", "/api/v1/staff/brands/main", brand);
  brandVersion += 1;
}

const AS_IS = { isHidden: false, sellsOwn: false, prices: [] as Json[] };

function put(
  who: StaffBrowser,
  storeId: string,
  goodsId: string,
  version: number,
  change: Partial<typeof AS_IS>,
): Promise<Reply> {
  return who.send("PUT", `${PATH}/${storeId}/${goodsId}`, { ...AS_IS, version, ...change });
}

function stock(who: StaffBrowser, storeId: string, units: number): Promise<Reply> {
  const requestId = `units-${crypto.randomUUID()}`;
  const body = { requestId, cause: "received", units, skuId: "latte" };
  return who.send("POST", `${PATH}/${storeId}/latte/stock`, body);
}

const price = (pricePoints: number) => [{ skuId: "latte", pricePoints, priceFen: 0 }];

describe("what headquarters let a store set", () => {
  it("is nothing at first: each thing is refused by its name, and nothing changed", async () => {
    const asked = {
      visibility: await put(clerk, "jetty", "latte", 0, { isHidden: true }),
      price: await put(clerk, "jetty", "latte", 0, { prices: price(100) }),
      stock: await put(clerk, "jetty", "latte", 0, { sellsOwn: true }),
    };
    for (const [field, reply] of Object.entries(asked)) {
      expectRefusal(reply, 403, "forbidden");
      expect(reply.body).toMatchObject({ reason: "headquarters_decide", field });
    }
    expectRefusal(await stock(clerk, "jetty", 5), 403, "forbidden");
    const list = await clerk.do<{ maySet: string[]; goods: { version: number }[] }>(
      "GET",
      `${PATH}/jetty`,
    );
    expect(list.maySet).toEqual([]);
    expect(list.goods.map(({ version }) => version)).toEqual([0, 0]);
  });

  it("is one thing at a time: who may set prices may not hide goods in the same save", async () => {
    await allow("price");
    const both = await put(clerk, "jetty", "latte", 0, { prices: price(250), isHidden: true });
    expect(both.body).toMatchObject({ code: "forbidden", field: "visibility" });
    expect((await put(clerk, "jetty", "latte", 0, { prices: price(250) })).status).toBe(200);
    expect((await put(clerk, "jetty", "latte", 1, AS_IS)).status).toBe(200);
  });

  it("ends at the door of the next store, of another role and of another merchant", async () => {
    await allow("price", "stock", "visibility");
    const foreign = await put(clerk, "museum", "latte", 0, { isHidden: true });
    expect(foreign.body).toMatchObject({ code: "forbidden", reason: "not_your_store" });
    expect((await clerk.send("GET", `${PATH}/museum`)).body).toMatchObject({ code: "forbidden" });
    expectRefusal(await stock(clerk, "museum", 5), 403, "forbidden");
    const auditor = await shop.colleague("auditor", ["auditor"]);
    expect((await auditor.send("GET", `${PATH}/jetty`)).status).toBe(200);
    expectRefusal(await put(auditor, "jetty", "latte", 2, { isHidden: true }), 403, "forbidden");
    const made = await shop.browser().do<{ path: string }>("POST", "/api/v1/staff-auth/merchants", {
      ...{ setupKey: "a setup key of a test, long enough", programmeId: "rival" },
      ...{ merchantName: "对手", email: "rival@example.com" },
    });
    const rival = shop.browser();
    await rival.do("POST", "/api/v1/staff-auth/join", {
      ...{ token: made.path.split("#")[1], name: "对手", password: "rivals drink black tea" },
    });
    expectRefusal(await put(rival, "jetty", "latte", 2, { isHidden: true }), 404, "not_found");
    expectRefusal(await rival.send("GET", `${PATH}/jetty`), 404, "not_found");
    expectRefusal(await stock(rival, "jetty", 5), 404, "not_found");
  });

  it("is what a member of that store sees and pays, and the order is that store's", async () => {
    await allow("price", "stock", "visibility");
    const set = await put(clerk, "jetty", "latte", 2, { sellsOwn: true, prices: price(240) });
    expect(set.status, set.text).toBe(200);
    expect((await stock(clerk, "jetty", 3)).body).toMatchObject({ shelf: 3 });
    const { origin } = shop.product;
    const staff = await new Caller(origin).login("till", "staff");
    await makeMember(staff, "guest-of-jetty", 1_000);
    const member = await new Caller(origin).login("guest-of-jetty", "member");
    const detail = await member.get("/api/v1/goods/latte?store=jetty");
    expect(detail.body).toMatchObject({
      ...{ pricePoints: 240, memberPoints: 240, remaining: 3 },
      store: { storeId: "jetty" },
    });
    const [sku] = detail.body["skus"] as { saleId: string; epoch: number }[];
    const orderId = "jetty-order-000001";
    const paid = await member.post(`/api/v1/sales/${sku?.saleId}/redemptions`, {
      ...{ orderId, quantity: 1, epoch: sku?.epoch, pointsMax: 240 },
    });
    expect(paid.body).toMatchObject({ outcome: "granted", points: 240, remaining: 2 });
    const order = await member.get(`/api/v1/orders/${orderId}`);
    expect(order.body).toMatchObject({ storeId: "jetty", legs: { points: { points: 240 } } });
    expect((await member.get("/api/v1/goods/latte")).body).toMatchObject({ pricePoints: 300 });
  });

  it("is on the page of whoever opened the store's link, and stays until they choose again", async () => {
    const { origin } = shop.product;
    const open = (path: string, cookie = ""): Promise<Response> =>
      fetch(origin + path, { headers: cookie === "" ? {} : { cookie } });
    const first = await open("/g/latte?store=jetty");
    const kept = (first.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
    expect(kept).toBe("qd_store=jetty");
    expect(await first.text()).toContain('"pricePoints":240');
    expect(await (await open("/g/latte", kept)).text()).toContain('"pricePoints":240');
    const left = await open("/g/latte?store=", kept);
    expect(left.headers.get("set-cookie")).toContain("Max-Age=0");
    expect(await left.text()).not.toContain('"pricePoints":240');
    const odd = await open("/g/latte?store=%22%3E%3Cscript%3E");
    expect(odd.status).toBe(200);
    expect(odd.headers.get("set-cookie")).toBeNull();
  });

  it("is told to nobody of another store, by any list, export, figure or address", async () => {
    const keeper = await shop.colleague("keeper", ["clerk"], ["museum"]);
    const at = "/api/v1/staff/orders";
    const order = `${at}/guest-of-jetty/jetty-order-000001`;
    const idsOf = async (who: StaffBrowser, query = ""): Promise<string[]> => {
      const page = await who.do<{ items: { orderId: string }[] }>("GET", `${at}${query}`);
      return page.items.map(({ orderId }) => orderId);
    };
    await until(
      () => idsOf(shop.owner),
      (ids) => ids.includes("jetty-order-000001"),
    );
    for (const query of ["", "?storeId=jetty", "?q=jetty-order-000001", "?state=to_write_off"]) {
      expect(await idsOf(clerk, query), query).toEqual(["jetty-order-000001"]);
    }
    expect((await clerk.send("GET", order)).status).toBe(200);
    expect((await clerk.send("GET", `${at}/export`)).text).toContain("jetty-order-000001");

    for (const query of ["", "?q=jetty-order-000001", "?storeId=museum"]) {
      expect(await idsOf(keeper, query), query).toEqual([]);
    }
    expect((await keeper.send("GET", `${at}/export`)).text).not.toContain("jetty");
    const units = encodeURIComponent("latte--at--jetty");
    for (const path of [
      ...[`${at}?storeId=jetty`, `${at}/export?storeId=jetty`, order],
      ...[`/api/v1/staff/skus/${units}/stock`, `${PATH}/jetty`],
      "/api/v1/staff/write-offs?storeId=jetty",
    ]) {
      expectRefusal(await keeper.send("GET", path), 403, "forbidden");
    }
    expectRefusal(await keeper.send("POST", `${order}/track`, {}), 403, "forbidden");
    for (const path of ["dashboard", "goods-figures?of=slow", "goods-figures?of=out"]) {
      const { status, text } = await keeper.send("GET", `/api/v1/staff/${path}`);
      expect(status, path).toBe(200);
      expect(text, path).not.toContain("--at--jetty");
    }
    const view = await keeper.do("GET", "/api/v1/staff/dashboard");
    expect(view).toMatchObject({ today: null, points: null, waiting: { toShip: null } });
  });

  it("leaves an audit line with before and after", async () => {
    const { items } = await shop.owner.do<{ items: Json[] }>(
      "GET",
      "/api/v1/staff/audit-log?subject=goods:latte@jetty",
    );
    expect(items.length).toBeGreaterThan(2);
  });
});
