/** A file of goods that was exported before somebody else worked on them, and goods that go up at their hour. */
import { beforeAll, expect, it, vi } from "vitest";
import { sweepGoods } from "../catalog/index.ts";
import { LIMITS } from "../kernel/limits.ts";
import { OpenPages } from "../open-pages/open-pages-object.ts";
import { bindings, Caller, draft, migrate, type Reply } from "./object-catalogue.ts";

vi.setConfig({ testTimeout: 60_000 });

let staff: Caller;
beforeAll(async () => {
  await migrate();
  staff = await new Caller().login("file-staff", "staff");
});

const HEAD = "goodsId,title,spec,code,pricePoints,units\n";
const imported = (text: string, dryRun: boolean, importId: string): Promise<Reply> => {
  const path = `/api/v1/staff/goods-import?importId=${importId}&dryRun=${dryRun}`;
  return staff.send("POST", path, text, "text/csv");
};

it("names the goods that were saved after the export, and writes over them only where it is meant", async () => {
  await imported(`${HEAD}late-cup,晚到杯,,LC,400,0\n`, false, "import-0041");
  const { text } = await staff.get("/api/v1/staff/goods-export?q=晚到杯");
  const mine = text.replace(",400,", ",380,");
  const { goods, revision } = (await staff.get("/api/v1/staff/goods/late-cup")).body;
  const edited = { ...goods, subtitle: "同事的话" };
  await staff.send("PUT", "/api/v1/staff/goods/late-cup", { revision, goods: edited });
  const reason = expect.stringMatching(/^有人在 20\d\d-/);
  const stale = [{ line: 2, field: "revision", reason }];
  const dry = await imported(mine, true, "import-0042");
  expect(dry.body.bad).toEqual(stale);
  const refused = await imported(mine, false, "import-0042");
  expect([refused.status, refused.body.bad]).toEqual([422, stale]);
  const kept = (await staff.get("/api/v1/staff/goods/late-cup")).body;
  expect(kept.goods).toMatchObject({ subtitle: "同事的话", skus: [{ pricePoints: 400 }] });

  const over = mine.replace(/,1\r?\n$/, ",\r\n");
  expect((await imported(over, false, "import-0043")).body).toMatchObject({ changed: 1 });
  const written = (await staff.get("/api/v1/staff/goods/late-cup")).body.goods;
  expect(written).toMatchObject({ subtitle: "", skus: [{ pricePoints: 380 }] });
  // What this very import wrote is no colleague's change: taken up again it finds nothing in the way.
  const fresh = (await staff.get("/api/v1/staff/goods-export?q=晚到杯")).text;
  for (const count of [{ changed: 1 }, { repeated: 1 }])
    expect((await imported(fresh, false, "import-0044")).body).toMatchObject(count);
});

it("takes a file that was exported before the goods went up at their hour: the clock has changed no word", async () => {
  const publishAtMs = Date.now() + 3_600_000;
  const goods = draft({ title: "定时杯", publishAtMs });
  await staff.send("POST", "/api/v1/staff/goods", { goodsId: "timed-cup", goods });
  await staff.send("POST", "/api/v1/staff/goods/timed-cup/publish", { revision: 1 });
  const { text } = await staff.get("/api/v1/staff/goods-export?q=定时杯");
  await sweepGoods(bindings, publishAtMs);
  const file = text.replace("定时杯", "定时的杯子");
  expect(file).not.toBe(text);
  const written = await imported(file, false, "import-0051");
  expect(written.body, written.text).toMatchObject({ changed: 1 });
  const now = (await staff.get("/api/v1/staff/goods/timed-cup")).body;
  expect(now).toMatchObject({ goods: { title: "定时的杯子" } });
});

it("tells pages that lie open of goods that go up at their hour", async () => {
  const publishAtMs = Date.now() + 3_600_000;
  const goods = draft({ title: "到点杯", publishAtMs });
  await staff.send("POST", "/api/v1/staff/goods", { goodsId: "told-cup", goods });
  await staff.send("POST", "/api/v1/staff/goods/told-cup/publish", { revision: 1 });
  const told = vi.spyOn(OpenPages.prototype, "changed");
  await sweepGoods(bindings, publishAtMs);
  // They may hear just now of what was written before, too.
  expect(told.mock.calls.length).toBeGreaterThanOrEqual(LIMITS.openPagesParts);
  told.mockRestore();
});
