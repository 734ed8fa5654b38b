/** Goods in and out, many at once, whose they are, and how the lists are read. */
import { beforeAll, describe, expect, it, vi } from "vitest";
import { parseKeyRing, signToken } from "../kernel/key-ring.ts";
import { listStatement, LOW_STOCK, SORTS, type GoodsQuery } from "../catalog/list-store.ts";
import { KNOWN_GOODS, TAKEN_CODES, TAKEN_TITLES, WRITTEN_GOODS } from "../catalog/import-desk.ts";
import { MOVEMENTS, REDEMPTIONS, SALES_OF_SKU } from "../catalog/stock.ts";
import { bindings, Caller, draft, migrate, type Reply } from "./object-catalogue.ts";

vi.setConfig({ testTimeout: 60_000 });

const guest = new Caller();
let staff: Caller;
beforeAll(async () => {
  await migrate();
  staff = await new Caller().login("exchange-staff", "staff");
});

const imported = (text: string, dryRun: boolean, importId = "import-0001"): Promise<Reply> => {
  const path = `/api/v1/staff/goods-import?importId=${importId}&dryRun=${dryRun}`;
  return staff.send("POST", path, text, "text/csv");
};

describe("an import", () => {
  const HEAD = "goodsId,title,spec,code,pricePoints,units\n";
  const GOOD = `${HEAD}csv-mug,进口杯,色=白,C1,400,5\ncsv-mug,进口杯,色=绿,C2,450,6\ncsv-pot,进口壶,,C3,800,7\n`;

  it("shows what it would do, does it once, and exports what it reads", async () => {
    const dry = await imported(GOOD, true);
    expect(dry.body).toMatchObject({ isDryRun: true, lines: 3, goods: 2, created: 2, badCount: 0 });
    expect((await staff.get("/api/v1/staff/goods/csv-mug")).status).toBe(404);
    expect((await imported(GOOD, false)).body).toMatchObject({ created: 2, changed: 0 });
    expect((await imported(GOOD, false)).body).toMatchObject({
      ...{ created: 0, changed: 0, repeated: 2, nextLine: null },
    });
    const ledger = await staff.get("/api/v1/staff/skus/csv-mug-1/stock");
    expect(ledger.body).toMatchObject({ shelf: 5, movements: [{ cause: "imported", units: 5 }] });
    const exported = await staff.get("/api/v1/staff/goods-export?q=进口");
    expect(exported.headers.get("content-disposition")).toContain("goods.csv");
    expect(exported.text).toContain("csv-mug,进口杯,,,physical,everyday,,色=白,C1,400");
    const again = await imported(exported.text, true, "import-0002");
    expect(again.body).toMatchObject({ changed: 2, badCount: 0 });
    // A file of goods that are there is told apart: its units would come on top of theirs.
    const top = await imported(GOOD, true, "import-0002");
    expect(top.body).toMatchObject({ changed: 2, repeated: 0, unitsToKnown: 18 });
  });

  it("goes part by part, never cuts goods, and taken up again writes nothing twice", async () => {
    const text = `${HEAD}part-a,分段甲,色=白,PA1,10,1\npart-b,分段乙,,PB,20,2\npart-a,分段甲,色=绿,PA2,10,3\npart-c,分段丙,,PC,30,4\n`;
    const part = (fromLine: number, dryRun = false): Promise<Reply> => {
      const query = `importId=import-parts&dryRun=${dryRun}&fromLine=${fromLine}&linesMax=2`;
      return staff.send("POST", `/api/v1/staff/goods-import?${query}`, text, "text/csv");
    };
    const whole = { lines: 4, goods: 3 };
    expect((await part(1, true)).body).toMatchObject({ ...whole, created: 1, nextLine: 3 });
    expect((await part(1)).body).toMatchObject({ ...whole, created: 1, nextLine: 3 });
    expect((await staff.get("/api/v1/staff/goods/part-b")).status).toBe(404);

    // Somebody works on what came already; then the file is taken up again from its beginning.
    const { goods, revision } = (await staff.get("/api/v1/staff/goods/part-a")).body;
    const edited = { ...goods, subtitle: "改过的" };
    await staff.send("PUT", "/api/v1/staff/goods/part-a", { revision, goods: edited });
    expect((await part(1)).body).toMatchObject({ created: 0, changed: 0, repeated: 1 });
    expect((await part(3)).body).toMatchObject({ created: 2, repeated: 0, nextLine: null });
    expect((await part(1, true)).body).toMatchObject({ created: 0, changed: 0, repeated: 1 });
    const kept = (await staff.get("/api/v1/staff/goods/part-a")).body;
    expect(kept).toMatchObject({ revision: revision + 1, goods: { subtitle: "改过的" } });
    for (const [skuId, units] of [
      ["part-a-1", 1],
      ["part-a-2", 3],
      ["part-c", 4],
    ] as const) {
      const { body } = await staff.get(`/api/v1/staff/skus/${skuId}/stock`);
      expect(body, skuId).toMatchObject({ shelf: units, movements: [{ units }] });
    }
  });

  it("takes no more lines a call than a request may ask questions for, however many are wished for", async () => {
    const lines = Array.from({ length: 101 }, (_, at) => `many-${at},长单${at},,MANY${at},10,\n`);
    const text = HEAD + lines.join("");
    expect((await imported(text, false, "import-many")).body).toMatchObject({
      ...{ lines: 101, created: 100, nextLine: 102 },
    });
    const query = "importId=import-many&dryRun=false&fromLine=102";
    const rest = await staff.send("POST", `/api/v1/staff/goods-import?${query}`, text, "text/csv");
    expect(rest.body).toMatchObject({ created: 1, nextLine: null });
  });

  it("that was cut off between goods and their units brings the units when it comes again", async () => {
    const text = `${HEAD}cut-off,断线杯,,CUT,10,6\n`;
    await imported(text, false, "import-cut-1");
    await bindings.DB.prepare("UPDATE goods_revisions SET import_id = ? WHERE goods_id = ?")
      .bind("import-cut-2", "cut-off")
      .run();
    const again = await imported(text, false, "import-cut-2");
    expect(again.body).toMatchObject({ repeated: 1, badCount: 0 });
    expect((await staff.get("/api/v1/staff/skus/cut-off/stock")).body.shelf).toBe(12);
  });

  it("stops where it is when other goods take a code meanwhile, and says from which line on", async () => {
    const text = `${HEAD}stop-a,停在甲,,SA,10,1\nstop-b,停在乙,,SB,10,1\n`;
    const part = (fromLine: number): Promise<Reply> => {
      const query = `importId=import-stop&dryRun=false&fromLine=${fromLine}&linesMax=1`;
      return staff.send("POST", `/api/v1/staff/goods-import?${query}`, text, "text/csv");
    };
    expect((await part(1)).body).toMatchObject({ created: 1, nextLine: 3 });
    const goods = draft({ skus: [{ code: "SB", pricePoints: 10 }] });
    await staff.send("POST", "/api/v1/staff/goods", { goodsId: "stop-thief", goods });
    const stopped = await part(3);
    expect([stopped.status, stopped.body.nextLine]).toEqual([422, 3]);
    expect(stopped.body.bad).toMatchObject([{ line: 3, field: "code" }]);
    expect((await staff.get("/api/v1/staff/goods/stop-b")).status).toBe(404);
  });

  it("names a brand by id or name, leaves it where the file has none, and takes it off", async () => {
    const ware = { brandId: "ware", name: "屿岸器物", storeMaySet: [] };
    expect((await staff.send("POST", "/api/v1/staff/brands", ware)).status).toBeLessThan(300);
    const branded = (brand: string): string =>
      `goodsId,title,pricePoints,brand\ncsv-tray,进口茶盘,300,${brand}\n`;
    const kept = async (): Promise<unknown> =>
      (await staff.get("/api/v1/staff/goods/csv-tray")).body.goods.brandId;
    expect((await imported(branded("无此"), false, "import-0011")).body.bad).toMatchObject([
      { line: 2, field: "brand" },
    ]);
    await imported(branded("屿岸器物"), false, "import-0012");
    expect(await kept()).toBe("ware");
    const { text } = await staff.get("/api/v1/staff/goods-export?q=茶盘");
    expect(text).toMatch(/^csv-tray,.*,ware,,,no,1\r?$/m);
    await imported("goodsId,title,pricePoints\ncsv-tray,进口茶盘,310\n", false, "import-0013");
    expect(await kept()).toBe("ware");
    await imported(branded(""), false, "import-0014");
    expect(await kept()).toBeNull();
  });

  it("names who supplies and who sends, keeps what the file leaves out, and exports it again", async () => {
    const HEAD_SENT = "goodsId,title,pricePoints,supplier,supplierCode,dropShipped\n";
    const supplier = async (): Promise<unknown> =>
      (await staff.get("/api/v1/staff/goods/csv-kettle")).body.goods.supplier;
    const sent = { name: "德化窑坊", code: "DH-9", isDropShipped: true };
    await imported(`${HEAD_SENT}csv-kettle,进口水壶,300,德化窑坊,DH-9,是\n`, false, "import-0021");
    expect(await supplier()).toEqual(sent);
    await imported("goodsId,title,pricePoints\ncsv-kettle,进口水壶,310\n", false, "import-0022");
    expect(await supplier()).toEqual(sent);
    const { text } = await staff.get("/api/v1/staff/goods-export?q=水壶");
    expect(text).toMatch(/^csv-kettle,.*,德化窑坊,DH-9,yes,2\r?$/m);
    const bare = await imported(`${HEAD_SENT}csv-kettle,进口水壶,310,,,yes\n`, true, "import-0023");
    expect(bare.body.bad).toMatchObject([{ line: 2, field: "supplier" }]);
    await imported(
      "goodsId,title,pricePoints,supplier\ncsv-kettle,进口水壶,310,\n",
      false,
      "import-0024",
    );
    expect(await supplier()).toEqual({ name: "", code: "DH-9", isDropShipped: false });
  });

  it("writes nothing while one line is bad, and names it", async () => {
    const text = `${HEAD}csv-a,好杯,,,10,1\ncsv-b,坏杯,,,ten,1\n`;
    const { status, body } = await imported(text, false, "import-0003");
    expect(status).toBe(422);
    expect(body.bad).toEqual([{ line: 3, field: "pricePoints", reason: expect.any(String) }]);
    expect((await staff.get("/api/v1/staff/goods/csv-a")).status).toBe(404);
  });

  it("finds codes and titles that other goods have", async () => {
    const text = `${HEAD}csv-c,进口杯,,X9,10,1\ncsv-d,新货,,C3,10,1\n`;
    const { body } = await imported(text, true, "import-0004");
    expect(
      body.bad.map(({ line, field }: { line: number; field: string }) => [line, field]),
    ).toEqual(
      expect.arrayContaining([
        [2, "title"],
        [3, "code"],
      ]),
    );
  });

  it("keeps formulas from running in a spreadsheet", async () => {
    const supplier = { name: "=1+1", code: "-2+3", isDropShipped: true };
    const words = { title: '=HYPERLINK("http://x","y")', subtitle: "%50", tags: ["@a"], supplier };
    const goods = draft(words);
    await staff.send("POST", "/api/v1/staff/goods", { goodsId: "formula", goods });
    const { text } = await staff.get("/api/v1/staff/goods-export?q=hyperlink");
    const line = text.split("\r\n").find((one) => one.startsWith("formula,"));
    expect(line).toContain(`"'=HYPERLINK(""http://x"",""y"")",'%50`);
    expect(line).toContain("'@a");
    expect(line).toMatch(/,'=1\+1,'-2\+3,yes,1\r?$/);
    // And comes back as it was, however often it goes there and back.
    expect((await imported(text, false, "import-0031")).body).toMatchObject({ changed: 1 });
    const back = (await staff.get("/api/v1/staff/goods/formula")).body.goods;
    expect(back).toMatchObject(words);
  });
});

describe("one change for many", () => {
  it("is saved goods by goods, and says which were refused", async () => {
    for (const goodsId of ["bulk-a", "bulk-b"]) {
      const goods = draft({ skus: [{ pricePoints: 200 }] });
      await staff.send("POST", "/api/v1/staff/goods", { goodsId, goods });
    }
    const goodsIds = ["bulk-a", "bulk-b", "bulk-none"];
    const bulk = (act: string, value: string | null = null): Promise<Reply> =>
      staff.send("POST", "/api/v1/staff/goods-bulk", { goodsIds, act, value });
    const refused = [{ goodsId: "bulk-none", code: "not_found" }];
    expect((await bulk("price_percent", "90")).body).toEqual({ done: 2, refused });
    expect((await bulk("add_tag", "清仓")).body.done).toBe(2);
    expect((await bulk("publish")).body.done).toBe(2);
    const list = await guest.get("/api/v1/goods?tag=清仓");
    expect(list.body.goods).toMatchObject([{ pricePoints: 180 }, { pricePoints: 180 }]);
    expect((await bulk("price_percent", "0")).status).toBe(422);
  });

  it("is told beforehand which of them have no units", async () => {
    for (const goodsId of ["shelf-bare", "shelf-full"]) {
      const goods = draft({ tags: ["架上"], skus: [{ pricePoints: 200 }] });
      await staff.send("POST", "/api/v1/staff/goods", { goodsId, goods });
    }
    const body = { requestId: "shelf-0000000001", cause: "received", units: 3 };
    await staff.send("POST", "/api/v1/staff/skus/shelf-full/stock", body);
    const told = async (): Promise<unknown> => {
      const { goods } = (await staff.get("/api/v1/staff/goods?tag=架上")).body;
      return Object.fromEntries(
        goods.map((one: Record<string, unknown>) => [one["goodsId"], one["isEmpty"]]),
      );
    };
    await vi.waitFor(
      async () => expect(await told()).toEqual({ "shelf-bare": true, "shelf-full": false }),
      { timeout: 15_000, interval: 50 },
    );
  });
});

describe("staff of another programme", () => {
  it("see and change nothing of this one's", async () => {
    const goods = draft({ title: "别人的货", tags: ["隔墙"] });
    await staff.send("POST", "/api/v1/staff/goods", { goodsId: "walled", goods });
    await staff.send("POST", "/api/v1/staff/goods/walled/publish", { revision: 1 });
    const foreign = new Caller();
    const claims = ["other", "their-staff", "staff", Date.now() + 3_600_000];
    foreign.token = signToken(parseKeyRing(bindings.SESSION_KEYS), "session.v1", claims);
    const at = "/api/v1/staff/goods/walled";
    expect((await foreign.get(at)).status).toBe(404);
    expect((await foreign.send("PUT", at, { revision: 2, goods })).status).toBe(404);
    expect((await foreign.send("POST", `${at}/withdraw`, { revision: 2 })).status).toBe(404);
    const body = { requestId: "foreign-0000000001", cause: "received", units: 9 };
    const stock = "/api/v1/staff/skus/walled/stock";
    expect((await foreign.send("POST", stock, body)).status).toBe(404);
    expect((await foreign.get(stock)).status).toBe(404);
    expect((await foreign.get("/api/v1/staff/goods")).body.goods).toEqual([]);
    expect((await foreign.get("/api/v1/staff/goods-export")).text).not.toContain("walled");
    const bulk = { goodsIds: ["walled"], act: "withdraw" };
    const refused = await foreign.send("POST", "/api/v1/staff/goods-bulk", bulk);
    expect(refused.body).toEqual({ done: 0, refused: [{ goodsId: "walled", code: "not_found" }] });
    // The same id is another thing there.
    const theirs = await foreign.send("POST", "/api/v1/staff/goods", { goodsId: "walled", goods });
    expect(theirs.status).toBe(201);
    const ours = await staff.get(at);
    expect(ours.body).toMatchObject({ state: "published", revision: 2 });
  });
});

describe("every list", () => {
  const base: GoodsQuery = {
    ...{
      programmeId: "demo",
      states: ["published"],
      categoryIds: null,
      brandId: null,
      tag: null,
      kind: null,
    },
    ...{ role: null, pointsMin: null, pointsMax: null, search: "", sort: "recommended" },
    ...{ cursor: null, limit: 20 },
  };
  const variants: Partial<GoodsQuery>[] = [
    {},
    { categoryIds: ["tea", "ware"] },
    { tag: "新品" },
    { search: "雨伞 wind" },
    { kind: "coupon", role: "everyday" },
    { pointsMax: 500 },
    { cursor: "10.a" },
    { states: ["draft", "scheduled", "published", "withdrawn"] },
  ];
  const planOf = async (sql: string, bound: readonly unknown[]): Promise<string[]> => {
    const { results } = await bindings.DB.prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .bind(...bound)
      .all<{ detail: string }>();
    return results.map(({ detail }) => detail);
  };
  const scans = (plan: readonly string[]): string[] =>
    plan.filter(
      (step) => /^SCAN (?!json_each|value|\(subquery)/.test(step) && !/VIRTUAL TABLE/.test(step),
    );

  it("walks an index, in every order and with every filter", async () => {
    for (const sort of SORTS) {
      for (const variant of variants) {
        const { sql, bindings: bound } = listStatement({ ...base, sort, ...variant });
        expect(scans(await planOf(sql, bound)), `${sort} ${JSON.stringify(variant)}`).toEqual([]);
      }
    }
  });

  it("and so does what an import asks, once a file", async () => {
    const asked = JSON.stringify(["a"]);
    expect(scans(await planOf(KNOWN_GOODS, ["demo", asked]))).toEqual([]);
    expect(scans(await planOf(WRITTEN_GOODS, ["demo", asked, "import-1"]))).toEqual([]);
    const lines = JSON.stringify([{ line: 2, goodsId: "a", code: "c", key: "t" }]);
    for (const question of [TAKEN_CODES, TAKEN_TITLES]) {
      const plan = await planOf(question, ["demo", lines]);
      expect(scans(plan)).toEqual([]);
      expect(plan.join("\n")).toMatch(
        /SEARCH goods(?:_skus)? USING .*INDEX goods(?:_by_title|_skus_by_code)/,
      );
    }
  });

  it("and so do stock, its ledger and its alerts", async () => {
    expect(scans(await planOf(LOW_STOCK, ["demo", 9]))).toEqual([]);
    expect(scans(await planOf(MOVEMENTS, ["demo", "a", 9, 9]))).toEqual([]);
    expect(scans(await planOf(REDEMPTIONS, ["a", 9, 9]))).toEqual([]);
    expect(scans(await planOf(SALES_OF_SKU, ["demo", "a", 9]))).toEqual([]);
  });
});
