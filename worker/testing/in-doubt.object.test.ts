/** Orders that nobody has said the last word on: they stand in the list, say why, and leave it when there is a word. */
import { beforeAll, describe, expect, it, vi } from "vitest";
import { inDoubt, IN_DOUBT_AFTER_MS } from "../payments/in-doubt.ts";
import type { DoubtsView } from "../payments/wire.ts";
import { bindings, migrate } from "./object-catalogue.ts";
import { Mall, newId, untilState } from "./object-fulfilment.ts";

vi.setConfig({ testTimeout: 60_000 });

let mall: Mall;
beforeAll(async () => {
  await migrate();
  mall = await Mall.open();
});

const PATH = "/api/v1/staff/finance/in-doubt";
const list = async (query = "?afterMs=0"): Promise<DoubtsView> =>
  (await mall.must("GET", `${PATH}${query}`)).body as DoubtsView;
const namesOf = async (orderId: string, query?: string): Promise<string[]> =>
  (await list(query)).items.filter((one) => one.orderId === orderId).map(({ name }) => name);
const BOUNDS = { timeout: 20_000, interval: 50 };

describe("an order whose codes are short", () => {
  it("is in doubt until codes come and somebody asks, and no sooner than it takes", async () => {
    const skuId = await mall.goods("card_code");
    const member = await mall.member();
    const orderId = await mall.order(member, skuId);
    await vi.waitFor(async () => expect(await namesOf(orderId)).toEqual(["goods"]), BOUNDS);
    expect(await namesOf(orderId, "")).toEqual([]);
    const later = await inDoubt(bindings, "demo", Date.now() + IN_DOUBT_AFTER_MS + 1_000);
    expect(later.items.map((one) => one.orderId)).toContain(orderId);
    expect(later.count).toBe(later.items.length);

    const ask = `${PATH}/${member.memberId}/${orderId}/ask`;
    expect((await member.send("POST", ask, {})).status).toBe(403);
    expect((await mall.must("POST", ask, {})).body).toEqual({ isSettled: false });
    expect(await namesOf(orderId)).toEqual(["goods"]);
    const codes = `/api/v1/staff/codes/${skuId}/import?batchId=${newId().slice(0, 38)}`;
    await mall.must("POST", codes, "CARD-LATE-1", "text/csv");
    expect((await mall.must("POST", ask, {})).body).toEqual({ isSettled: true });
    expect(await namesOf(orderId)).toEqual([]);
    await untilState(member, orderId, "received");
    const [last] = (await mall.must("GET", "/api/v1/staff/audit-log?limit=1")).body.items;
    expect(last.entry.action).toMatch(/ask$/);
  });

  it("is no order of somebody else's id", async () => {
    const path = `${PATH}/nobody/${newId().slice(0, 38)}/ask`;
    expect((await mall.staff.send("POST", path, {})).status).toBe(404);
  });
});

const MINUTE_MS = 60_000;

describe("money that nobody answers for", () => {
  async function moved(kind: string, state: string, agoMs: number): Promise<string> {
    const orderId = newId().slice(0, 38);
    await bindings.DB.prepare(
      `INSERT INTO money_moves (programme_id, move_id, kind, payment_id, member_id, order_id, provider, amount_fen, state, reason, at_ms, version)
       VALUES ('demo', ?1, ?2, 'p1', 'm-doubt', ?1, 'wechat', 990, ?3, '', ?4, 1)`,
    )
      .bind(orderId, kind, state, Date.now() - agoMs)
      .run();
    return orderId;
  }

  it("is in doubt by what it is and how long it takes", async () => {
    const DAY_MS = 86_400_000;
    const cases: readonly (readonly [kind: string, state: string, agoMs: number, is: string[]])[] =
      [
        ["attempt", "open", 6 * MINUTE_MS, ["payment"]],
        ["attempt", "open", 4 * MINUTE_MS, []],
        // Its time to pay is not over: the provider may know nothing of it yet.
        ["attempt", "open", -10 * MINUTE_MS, []],
        ["attempt", "closed", DAY_MS, []],
        ["refund", "waiting", 6 * MINUTE_MS, ["refund"]],
        ["refund", "asked", 2 * DAY_MS, []],
        ["refund", "asked", 4 * DAY_MS, ["refund_slow"]],
        ["refund", "done", 4 * DAY_MS, []],
        ["payment", "order", 4 * DAY_MS, []],
      ];
    for (const [kind, state, agoMs, is] of cases) {
      const orderId = await moved(kind, state, agoMs);
      expect(await namesOf(orderId, ""), `${kind} ${state} ${agoMs}`).toEqual(is);
    }
  });

  it("stands among the money that came and went only when some did", async () => {
    const [attempt, refund] = [await moved("attempt", "open", 1), await moved("refund", "done", 2)];
    const { items } = (await mall.must("GET", "/api/v1/staff/finance/moves")).body;
    const told = new Set(items.map(({ orderId }: { readonly orderId: string }) => orderId));
    expect([told.has(attempt), told.has(refund)]).toEqual([false, true]);
  });
});

describe("an order that should have lapsed", () => {
  /** Of an hour ago, with the time to pay that its sale gave. */
  async function waits(orderId: string, payMinutes: number): Promise<void> {
    await vi.waitFor(async () => {
      const [changed] = await bindings.DB.batch([
        bindings.DB.prepare(
          `UPDATE orders SET state = 'awaiting_payment', granted_at_ms = ?2 WHERE order_id = ?1`,
        ).bind(orderId, Date.now() - 60 * MINUTE_MS),
        bindings.DB.prepare(
          `UPDATE sales SET terms = json_set(terms, '$.payWithinMs', ?2)
           WHERE sale_id = (SELECT sale_id FROM orders WHERE order_id = ?1)`,
        ).bind(orderId, payMinutes * MINUTE_MS),
      ]);
      expect(changed?.meta.changes).toBe(1);
    }, BOUNDS);
  }

  it("is in doubt once its own time to pay is over, and asking brings the lists up to date", async () => {
    const member = await mall.member();
    const orderId = await mall.order(member, await mall.goods("physical"));
    await waits(orderId, 30);
    expect(await namesOf(orderId, "")).toEqual(["unpaid"]);
    const one = (await list("")).items.find((some) => some.orderId === orderId);
    expect(Date.now() - (one?.sinceMs ?? 0)).toBeLessThan(31 * MINUTE_MS);
    const ask = `${PATH}/${member.memberId}/${orderId}/ask`;
    expect((await mall.must("POST", ask, {})).body).toEqual({ isSettled: true });
    expect(await namesOf(orderId, "")).toEqual([]);
  });

  it("waits as long as its sale said, whatever is set for the sales to come", async () => {
    const orderId = await mall.order(await mall.member(), await mall.goods("physical"));
    await waits(orderId, 120);
    const terms = "/api/v1/staff/finance/settings";
    const { savedAtMs } = (await mall.must("GET", terms)).body.terms;
    const shorter = { flashMinutes: 1, standingMinutes: 1 };
    await mall.must("PUT", `${terms}/terms?basedOn=${savedAtMs}`, shorter);
    expect(await namesOf(orderId, "")).toEqual([]);
    const later = await inDoubt(bindings, "demo", Date.now() + 66 * MINUTE_MS);
    expect(later.items.filter((some) => some.orderId === orderId)).toHaveLength(1);
  });
});
