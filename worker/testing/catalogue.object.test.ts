/** Goods from the editor to the member's page, in the real runtime and D1. */
import { beforeAll, describe, expect, it, vi } from "vitest";
import { sweepGoods } from "../catalog/index.ts";
import { bindings, Caller, draft, migrate, type Reply } from "./object-catalogue.ts";
import { until } from "./object-earning.ts";

vi.setConfig({ testTimeout: 60_000 });

const guest = new Caller();
let staff: Caller;
beforeAll(async () => {
  await migrate();
  staff = await new Caller().login("goods-staff", "staff");
});

async function create(goodsId: string, over: Record<string, unknown> = {}): Promise<Reply> {
  return staff.send("POST", "/api/v1/staff/goods", { goodsId, goods: draft(over) });
}

async function publish(goodsId: string, over: Record<string, unknown> = {}): Promise<Reply> {
  const made = await create(goodsId, over);
  expect(made.status, made.text).toBe(201);
  const { revision } = made.body;
  const done = await staff.send("POST", `/api/v1/staff/goods/${goodsId}/publish`, { revision });
  expect(done.status, done.text).toBe(200);
  return done;
}

async function stock(skuId: string, units: number): Promise<Reply> {
  const requestId = `stock-${crypto.randomUUID()}`;
  const body = { requestId, cause: units > 0 ? "received" : "damaged", units };
  return staff.send("POST", `/api/v1/staff/skus/${skuId}/stock`, body);
}

async function member(id: string, points = 0): Promise<Caller> {
  const caller = await new Caller().login(id, "member");
  if (points > 0) {
    const body = { points, reason: "t", idempotencyKey: crypto.randomUUID() };
    await staff.send("POST", `/api/v1/staff/members/${id}/grants`, body);
  }
  return caller;
}

const idsOf = (reply: Reply): string[] =>
  reply.body.goods.map(({ goodsId }: { goodsId: string }) => goodsId);

describe("publishing", () => {
  it("brings a draft to the mall with its units, and a withdrawal takes it away", async () => {
    const made = await create("cup");
    expect(made.body).toMatchObject({ state: "draft", revision: 1, isApplied: true });
    expect((await guest.get("/api/v1/goods/cup")).status).toBe(404);
    expect((await stock("cup", 7)).body).toEqual({ skuId: "cup", shelf: 7 });
    await staff.send("POST", "/api/v1/staff/goods/cup/publish", { revision: 1 });
    const shown = await guest.get("/api/v1/goods/cup/live");
    expect(shown.body.skus).toMatchObject([{ status: "open", remaining: 7, pricePoints: 900 }]);
    expect(idsOf(await guest.get("/api/v1/goods"))).toContain("cup");
    await staff.send("POST", "/api/v1/staff/goods/cup/withdraw", { revision: 2 });
    expect((await guest.get("/api/v1/goods/cup")).status).toBe(404);
  });

  it("changes the price on an open page, and a tap at the old one is stale", async () => {
    const done = await publish("pot", { skus: [{ pricePoints: 100 }] });
    await stock("pot", 3);
    const [before] = (await guest.get("/api/v1/goods/pot/live")).body.skus;
    const goods = draft({ skus: [{ skuId: "pot", pricePoints: 150 }] });
    const { revision } = done.body;
    await staff.send("PUT", "/api/v1/staff/goods/pot", { revision, goods });
    const live = (await guest.get("/api/v1/goods/pot/live")).body;
    expect(live.skus[0]).toMatchObject({ pricePoints: 150, saleId: before.saleId });
    const buyer = await member("pot-buyer", 500);
    const tap = (epoch: number, orderId: string): Promise<Reply> =>
      buyer.send("POST", `/api/v1/sales/${before.saleId}/redemptions`, {
        ...{ orderId, quantity: 1, epoch },
      });
    const late = await tap(before.epoch, "pot-order-0000001");
    expect(late.body).toMatchObject({ code: "stale", epoch: live.skus[0].epoch });
    const paid = await tap(live.skus[0].epoch, "pot-order-0000002");
    expect(paid.body).toMatchObject({ outcome: "granted", points: 150 });
  });

  it("at a moment is the clock's", async () => {
    const publishAtMs = Date.now() + 3_600_000;
    const withdrawAtMs = publishAtMs + 60_000;
    const done = await publish("later", { publishAtMs, withdrawAtMs });
    expect(done.body.state).toBe("scheduled");
    await sweepGoods(bindings, publishAtMs - 1);
    expect((await guest.get("/api/v1/goods/later")).status).toBe(404);
    await sweepGoods(bindings, publishAtMs);
    expect((await guest.get("/api/v1/goods/later")).status).toBe(200);
    await sweepGoods(bindings, withdrawAtMs);
    expect((await staff.get("/api/v1/staff/goods/later")).body.state).toBe("withdrawn");
  });

  it("at a moment is nobody's edit: who began before it saves after it", async () => {
    const publishAtMs = Date.now() + 3_600_000;
    const done = await publish("while-edited", { publishAtMs });
    const { revision, updatedBy, updatedAtMs } = done.body;
    await sweepGoods(bindings, publishAtMs);
    const turned = (await staff.get("/api/v1/staff/goods/while-edited")).body;
    const untouched = { revision, updatedBy, updatedAtMs };
    expect(turned).toMatchObject({ state: "published", isApplied: true, ...untouched });
    expect(turned.publishedAtMs).toBe(publishAtMs);
    const goods = draft({ publishAtMs, title: "开始得早的" });
    const put = await staff.send("PUT", "/api/v1/staff/goods/while-edited", { revision, goods });
    expect(put.body, put.text).toMatchObject({ goods: { title: "开始得早的" } });
  });

  it("at a moment waits for no clock: who reads after it sees it, in lists, search and detail", async () => {
    const hour = Date.now() + 3_600_000;
    const moments = { publishAtMs: hour, withdrawAtMs: hour + 60_000 };
    await publish("exact", { title: "准点上架杯", ...moments });
    await stock("exact", 2);
    const isListed = async (): Promise<boolean[]> => {
      const lists = ["sort=newest&limit=100", `q=${encodeURIComponent("准点")}`];
      const pages = await Promise.all(lists.map((query) => guest.get(`/api/v1/goods?${query}`)));
      const detail = await guest.get("/api/v1/goods/exact");
      const ids = pages.map(({ body }) =>
        body.goods.map((one: { goodsId: string }) => one.goodsId),
      );
      return [...ids.map((all) => all.includes("exact")), detail.status === 200];
    };
    expect(await isListed()).toEqual([false, false, false]);
    // The hour comes: what is written in the goods lies in the past now, and nothing else happened.
    const comes = (name: string): Promise<unknown> =>
      bindings.DB.prepare(
        `UPDATE goods SET body = json_set(body, '$.${name}', ?1), due_at_ms = ?1 WHERE goods_id = 'exact'`,
      )
        .bind(Date.now() - 1)
        .run();
    await comes("publishAtMs");
    await until(isListed, (seen) => seen.every(Boolean));
    const [sku] = (await guest.get("/api/v1/goods/exact/live")).body.skus;
    expect(sku).toMatchObject({ status: "open", remaining: 2 });
    await comes("withdrawAtMs");
    await until(isListed, (seen) => !seen.some(Boolean));
    const buyer = await member("exact-buyer", 500);
    const late = await buyer.send("POST", `/api/v1/sales/${sku.saleId}/redemptions`, {
      ...{ orderId: "exact-order-000001", quantity: 1, epoch: sku.epoch },
    });
    expect(late.body).toMatchObject({ code: "not_open" });
  });

  it("of a shelf that was not told is done again by the clock", async () => {
    await publish("untold", { skus: [{ pricePoints: 10 }] });
    await bindings.DB.prepare(
      `UPDATE goods SET body = json_replace(body, '$.skus[0].pricePoints', 77), revision = revision + 1, due_at_ms = 0
       WHERE goods_id = 'untold'`,
    ).run();
    expect((await staff.get("/api/v1/staff/goods/untold")).body.isApplied).toBe(false);
    await sweepGoods(bindings, Date.now());
    expect((await staff.get("/api/v1/staff/goods/untold")).body.isApplied).toBe(true);
    const live = await guest.get("/api/v1/goods/untold/live");
    expect(live.body.skus[0].pricePoints).toBe(77);
  });
});

describe("two people who edit the same", () => {
  it("are both shown: the later one is told and loses nothing", async () => {
    await create("shared");
    const put = (title: string): Promise<Reply> =>
      staff.send("PUT", "/api/v1/staff/goods/shared", { revision: 1, goods: draft({ title }) });
    const [first, second] = await Promise.all([put("甲改的"), put("乙改的")]);
    expect([first.status, second.status].toSorted((a, b) => a - b)).toEqual([200, 409]);
    const late = first.status === 409 ? first : second;
    const won = first.status === 200 ? first : second;
    expect(late.body).toMatchObject({ code: "conflict", reason: "changed_meanwhile" });
    expect(late.body.current).toMatchObject({
      revision: 2,
      goods: { title: won.body.goods.title },
    });
    const rows = await bindings.DB.prepare(
      "SELECT COUNT(*) AS n FROM goods_revisions WHERE goods_id = 'shared'",
    ).first();
    expect(rows).toEqual({ n: 2 });
  });

  it("and a taken id or code is refused", async () => {
    await create("one", { skus: [{ pricePoints: 1, code: "690" }] });
    expect((await create("one")).body).toMatchObject({ code: "conflict", reason: "exists" });
    const twin = await create("two", { skus: [{ pricePoints: 1, code: "690" }] });
    expect(twin.body).toMatchObject({ code: "conflict", reason: "code_taken" });
    const thief = await create("three", { skus: [{ pricePoints: 1, skuId: "one" }] });
    expect(thief.status).toBe(422);
  });
});

describe("specs", () => {
  const axes = [
    { name: "颜色", values: ["白", "绿"] },
    { name: "容量", values: ["350", "480"] },
  ];
  const sku = (values: string[], pricePoints: number): object => ({ values, pricePoints });

  it("make a SKU each, and one that leaves the matrix rests", async () => {
    const skus = [sku(["白", "350"], 300), sku(["绿", "480"], 400)];
    const done = await publish("matrix", { axes, skus });
    expect(done.body.skus.map((one: { skuId: string }) => one.skuId)).toEqual([
      ...["matrix-1", "matrix-2"],
    ]);
    await stock("matrix-1", 2);
    await stock("matrix-2", 2);
    const goods = draft({ axes, skus: [{ skuId: "matrix-2", ...sku(["绿", "480"], 400) }] });
    const { revision } = done.body;
    const put = await staff.send("PUT", "/api/v1/staff/goods/matrix", { revision, goods });
    expect(put.status, put.text).toBe(200);
    const gone = await guest.get("/api/v1/sales/demo.matrix-1~0");
    expect(gone.body).toMatchObject({ status: "paused", remaining: 2 });
    expect((await guest.get("/api/v1/goods/matrix")).body.skus).toHaveLength(1);
  });

  it("that do not fit are refused, each by its place", async () => {
    const skus = [
      sku(["白"], 1),
      sku(["红", "350"], 1),
      sku(["白", "350"], 1),
      sku(["白", "350"], 1),
    ];
    const { status, body } = await create("misfit", { axes, skus });
    expect(status).toBe(422);
    expect(body.errors.map(({ path }: { path: string }) => path)).toEqual([
      ...["goods.skus.0.values", "goods.skus.1.values.0", "goods.skus.3"],
    ]);
  });
});

describe("who may see and redeem", () => {
  it("is kept in lists, in the page and where the hold is made", async () => {
    const vip = { tierIds: null, segments: ["vip"], storeIds: null };
    await publish("secret", { seenBy: vip, redeemedBy: vip, skus: [{ pricePoints: 5 }] });
    await publish("open-to-see", { redeemedBy: vip, skus: [{ pricePoints: 5 }] });
    await stock("secret", 9);
    await stock("open-to-see", 9);
    const plain = await member("plain", 50);
    const chosen = await member("chosen", 50);
    const facts = { segments: ["vip"] };
    await staff.send("PUT", "/api/v1/staff/members/chosen/earning", facts);
    for (const one of [guest, plain]) {
      expect(idsOf(await one.get("/api/v1/goods?limit=100"))).not.toContain("secret");
      expect((await one.get("/api/v1/goods/secret")).status).toBe(404);
    }
    expect(idsOf(await chosen.get("/api/v1/goods?limit=100"))).toContain("secret");
    const page = await plain.get("/api/v1/goods/open-to-see");
    expect(page.body.mine).toMatchObject({ unmet: "segment" });
    // The page is of the projection, which may lag; a tap goes by what the shelf says.
    const { saleId, epoch } = (await plain.get("/api/v1/goods/open-to-see/live")).body.skus[0];
    const tap = (who: Caller, orderId: string): Promise<Reply> =>
      who.send("POST", `/api/v1/sales/${saleId}/redemptions`, { orderId, quantity: 1, epoch });
    expect((await tap(plain, "levels-0000000001")).body).toMatchObject({
      ...{ code: "not_eligible", rule: "segment" },
    });
    expect((await tap(chosen, "levels-0000000002")).status).toBe(201);
  });

  it("is kept at the address of the ordinary redemption, which can be guessed", async () => {
    const vip = { tierIds: null, segments: ["vip"], storeIds: null };
    await publish("for-some", { seenBy: vip, skus: [{ pricePoints: 5 }] });
    await create("not-yet", { skus: [{ pricePoints: 5 }] });
    await publish("for-all", { skus: [{ pricePoints: 5 }] });
    const plain = await member("passer-by", 50);
    const chosen = await member("insider", 50);
    await staff.send("PUT", "/api/v1/staff/members/insider/earning", { segments: ["vip"] });
    const seen = async (who: Caller): Promise<number[]> =>
      Promise.all(
        ["for-some", "not-yet", "for-all"].map(
          async (skuId) => (await who.get(`/api/v1/sales/demo.${skuId}~0`)).status,
        ),
      );
    expect(await seen(guest)).toEqual([404, 404, 200]);
    expect(await seen(plain)).toEqual([404, 404, 200]);
    expect(await seen(chosen)).toEqual([200, 404, 200]);
  });
});

describe("lists", () => {
  it("find Chinese names by any two characters and Latin words by their beginning", async () => {
    await publish("find-me", { title: "山行晴雨伞 Windproof 2026", tags: ["户外"] });
    const find = async (q: string): Promise<boolean> =>
      idsOf(await guest.get(`/api/v1/goods?limit=100&q=${encodeURIComponent(q)}`)).includes(
        "find-me",
      );
    for (const q of [
      "山行",
      "行晴",
      "雨伞",
      "晴雨伞",
      "伞",
      "wind",
      "WINDPROOF",
      "山行 2026",
      "户外",
    ])
      expect(await find(q), q).toBe(true);
    for (const q of ["山伞", "windy", "proof", "雨伞 2025"]) expect(await find(q), q).toBe(false);
  });

  it("go on from their cursor in every order, each goods once", async () => {
    for (let at = 0; at < 5; at += 1) {
      const skus = [{ pricePoints: 40 + (at % 2) }];
      await publish(`page-${at}`, { tags: ["翻页"], position: 5, skus });
    }
    for (const sort of ["recommended", "newest", "points_up", "points_down"]) {
      const seen: string[] = [];
      let cursor: string | null = "";
      while (cursor !== null) {
        const more: string = cursor === "" ? "" : `&cursor=${cursor}`;
        const page = await guest.get(`/api/v1/goods?tag=翻页&limit=2&sort=${sort}${more}`);
        seen.push(...idsOf(page));
        cursor = page.body.nextCursor;
      }
      expect(seen.toSorted(), sort).toEqual(["page-0", "page-1", "page-2", "page-3", "page-4"]);
    }
  });

  it("keep to a category with everything below it", async () => {
    const tree = [
      { categoryId: "tea", parentId: null, name: "茶" },
      { categoryId: "white-tea", parentId: "tea", name: "白茶" },
      { categoryId: "attic", parentId: null, name: "藏", isHidden: true },
    ];
    const put = await staff.send("PUT", "/api/v1/staff/categories", {
      revision: 0,
      categories: tree,
    });
    expect(put.status, put.text).toBe(200);
    await publish("white", { categoryId: "white-tea" });
    await publish("kept", { categoryId: "attic" });
    expect(idsOf(await guest.get("/api/v1/goods?category=tea"))).toEqual(["white"]);
    expect(idsOf(await guest.get("/api/v1/goods?category=attic"))).toEqual([]);
    expect((await guest.get("/api/v1/categories")).body.categories).toHaveLength(2);
    const late = await staff.send("PUT", "/api/v1/staff/categories", {
      revision: 0,
      categories: [],
    });
    expect(late.body).toMatchObject({ reason: "changed_meanwhile" });
    const used = await staff.send("PUT", "/api/v1/staff/categories", {
      revision: 1,
      categories: [],
    });
    expect(used.body).toMatchObject({ reason: "category_in_use" });
  });
});

/** Projections come when they come; a busy machine takes its time. */
const LONG = { timeout: 15_000, interval: 50 };

describe("stock", () => {
  it("is a ledger of commands and redemptions, and repeats nothing", async () => {
    const axes = [{ name: "容量", values: ["350 ml"] }];
    const sku = { skuId: "ledger", values: ["350 ml"], pricePoints: 1, lowStockUnits: 9 };
    await publish("ledger", { axes, skus: [sku] });
    const body = { requestId: "ledger-0000000001", cause: "received", units: 9, note: "到货" };
    const path = "/api/v1/staff/skus/ledger/stock";
    expect((await staff.send("POST", path, body)).body.shelf).toBe(9);
    expect((await staff.send("POST", path, body)).body.shelf).toBe(9);
    const other = await staff.send("POST", path, { ...body, units: 8 });
    expect(other.body).toMatchObject({ code: "idempotency_mismatch", fields: ["units"] });
    expect((await staff.send("POST", path, { ...body, cause: "damaged" })).status).toBe(422);
    expect((await stock("ledger", -99)).body).toMatchObject({ reason: "units_insufficient" });
    const buyer = await member("ledger-buyer", 10);
    const { saleId, epoch } = (await guest.get("/api/v1/goods/ledger/live")).body.skus[0];
    await buyer.send("POST", `/api/v1/sales/${saleId}/redemptions`, {
      ...{ orderId: "ledger-order-00001", quantity: 2, epoch },
    });
    await vi.waitFor(async () => {
      const { body: ledger } = await staff.get(path);
      expect(ledger).toMatchObject({ shelf: 7, inSales: 0 });
      expect(ledger.movements).toMatchObject([
        { cause: "redeemed", units: -2, actor: "member:ledger-buyer" },
        { cause: "received", units: 9, shelfAfter: 9, note: "到货" },
      ]);
    }, LONG);
    await vi.waitFor(async () => {
      const { low } = (await staff.get("/api/v1/staff/goods-alerts")).body;
      expect(low).toContainEqual(
        expect.objectContaining({ skuId: "ledger", spec: "350 ml", shelf: 7 }),
      );
    }, LONG);
  });

  it("is undone by as many units the other way, once, and only what was moved", async () => {
    await publish("undone", { skus: [{ pricePoints: 1 }] });
    const path = "/api/v1/staff/skus/undone/stock";
    const move = (cause: string, units: number, requestId: string): Promise<Reply> =>
      staff.send("POST", path, { requestId, cause, units });
    await move("received", 9, "undone-0000000001");
    await move("damaged", -4, "undone-0000000002");
    const back = (): Promise<Reply> => move("undone", 4, "undo-undone-0000000002");
    for (const { status, body } of [await back(), await back()])
      expect([status, body.shelf]).toEqual([201, 9]);
    expect((await move("undone", -8, "undo-undone-0000000001")).body.fields).toEqual(["units"]);
    expect((await move("undone", -9, "undone-0000000003")).status).toBe(404);
    expect((await move("undone", -4, "undo-undo-undone-0000000002")).status).toBe(404);
    await publish("other-undone", {});
    const other = { requestId: "undo-undone-0000000001", cause: "undone", units: -9 };
    const there = "/api/v1/staff/skus/other-undone/stock";
    expect((await staff.send("POST", there, other)).status).toBe(404);
    const { body: ledger } = await staff.get(path);
    expect(ledger.movements).toMatchObject([{ cause: "undone", units: 4, shelfAfter: 9 }, {}, {}]);
  });
});
