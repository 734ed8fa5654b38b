/** What a member is shown next, and why: by their own points and orders, in the real runtime and D1. */
import { beforeAll, expect, it, vi } from "vitest";
import type { SuggestionsView } from "../catalog/wire.ts";
import { Caller, draft, migrate } from "./object-catalogue.ts";

vi.setConfig({ testTimeout: 60_000 });

const DAY_MS = 86_400_000;
let staff: Caller;

async function must(path: string, body: unknown, method = "POST"): Promise<unknown> {
  const reply = await staff.send(method, path, body);
  expect(reply.status, `${path} ${reply.text}`).toBeLessThan(300);
  return reply.body;
}

async function shelf(goodsId: string, categoryId: string, pricePoints: number): Promise<void> {
  const goods = draft({ title: goodsId, categoryId, skus: [{ pricePoints }] });
  const made = (await must("/api/v1/staff/goods", { goodsId, goods })) as { revision: number };
  await must(`/api/v1/staff/goods/${goodsId}/publish`, { revision: made.revision });
  const stock = { requestId: `stock-${crypto.randomUUID()}`, cause: "received", units: 9 };
  await must(`/api/v1/staff/skus/${goodsId}/stock`, stock);
}

async function member(id: string, lots: readonly [points: number, days: number | null][]) {
  for (const [points, days] of lots) {
    await must(`/api/v1/staff/members/${id}/grants`, {
      ...{ points, reason: "t", idempotencyKey: crypto.randomUUID() },
      expiresAtMs: days === null ? null : Date.now() + days * DAY_MS,
    });
  }
  return new Caller().login(id, "member");
}

async function suggested(caller: Caller): Promise<SuggestionsView> {
  const reply = await caller.get("/api/v1/me/suggestions");
  expect(reply.status, reply.text).toBe(200);
  return reply.body as SuggestionsView;
}

const ids = (goods: readonly { goodsId: string }[] = []): string[] =>
  goods.map(({ goodsId }) => goodsId);

beforeAll(async () => {
  await migrate();
  staff = await new Caller().login("suggestion-staff", "staff");
  const { revision } = (await staff.get("/api/v1/staff/categories")).body as { revision: number };
  const categories = ["tea", "ware"].map((categoryId) => ({
    ...{ categoryId, parentId: null, name: categoryId, isHidden: false },
  }));
  await must("/api/v1/staff/categories", { revision, categories }, "PUT");
  await shelf("sachet", "tea", 50);
  await shelf("tin", "tea", 200);
  await shelf("brick", "tea", 900);
  await shelf("bowl", "ware", 150);
});

it("suggests nothing by what a newcomer never did", async () => {
  const newcomer = await member("sg-new", []);
  // Units reach the lists a moment after the shelf, and a copy at the edge is kept for seconds.
  const found = await vi.waitFor(
    async () => {
      const seen = await suggested(newcomer);
      expect(seen.soon.map(({ card, gap }) => [card.goodsId, gap])).toEqual([
        ["sachet", 50],
        ["bowl", 150],
        ["tin", 200],
      ]);
      return seen;
    },
    { timeout: 30_000, interval: 250 },
  );
  expect(found).toMatchObject({ active: 0, affordable: [], expiring: null, because: null });
});

it("offers lapsing points only what they pay for alone, and names their last day", async () => {
  const caller = await member("sg-lapsing", [
    [30, 5],
    [40, 12],
    [1_000, null],
  ]);
  const { expiring, affordable } = await suggested(caller);
  // The 30 of the first day buy nothing; with those of the second they do.
  expect(expiring?.points).toBe(70);
  expect(ids(expiring?.goods)).toEqual(["sachet"]);
  expect(Math.round(((expiring?.expiresAtMs ?? 0) - Date.now()) / DAY_MS)).toBe(12);
  expect(ids(affordable)).toContain("brick");
});

it("says what was redeemed, and shows more of its kind that the points reach", async () => {
  const caller = await member("sg-buyer", [[400, null]]);
  const { skus } = (await caller.get("/api/v1/goods/sachet/live")).body as {
    skus: { saleId: string; epoch: number }[];
  };
  const sale = skus[0];
  const body = { orderId: "sg-order-00000001", quantity: 1, epoch: sale?.epoch };
  const path = `/api/v1/sales/${encodeURIComponent(sale?.saleId ?? "")}/redemptions`;
  const bought = await caller.send("POST", path, body);
  expect(bought.status, bought.text).toBe(201);
  const { because } = await suggested(caller);
  expect(because).toMatchObject({ goodsId: "sachet", title: "sachet" });
  expect(ids(because?.goods)).toEqual(["tin"]);
});
