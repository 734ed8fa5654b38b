/** Figures over the real runtime: entries come from Accounts, the digest counts them once, the dashboard adds them up. */
import { env } from "cloudflare:workers";
import { applyD1Migrations, type D1Migration } from "cloudflare:test";
import { beforeAll, describe, expect, inject, it } from "vitest";
import { DASHBOARD_SQL, DashboardStore, SLOW_SQL } from "../figures/dashboard-store.ts";
import { PAST_SQL } from "../earning/past-events.ts";
import { DIGEST_SQL, DigestStore } from "../figures/digest-store.ts";
import { digest } from "../figures/digester.ts";
import { digestOf, monthOf, type DigestRow } from "../figures/model.ts";
import { programmeDay, ZONE_OFFSET_MS } from "../kernel/clock.ts";
import type { Env } from "../platform/env.ts";
import { expectIndexed } from "./d1-plans.ts";
import { holderOf, until } from "./object-earning.ts";
import { shop } from "./object-shop.ts";

const bindings = env as unknown as Env;
const NOW = Date.now();
const TODAY = programmeDay(NOW, ZONE_OFFSET_MS);

beforeAll(async () => {
  await applyD1Migrations(bindings.DB, inject("d1Migrations" as never) as D1Migration[]);
});

async function grant(memberKey: string, points: number, key: string): Promise<void> {
  await holderOf(memberKey).grant({
    ...{ memberKey, points, reason: "r", internalNote: "", storeId: null },
    ...{ actor: "staff:t", idempotencyKey: key, source: "manual" },
    ...{ expiresAtMs: null, pendingUntilMs: null },
  });
}

async function member(memberId: string): Promise<Record<string, unknown> | null> {
  return bindings.DB.prepare("SELECT * FROM members WHERE programme_id = 'demo' AND member_id = ?")
    .bind(memberId)
    .first();
}

/** Digests until the member's row knows so many entries: they come to D1 after their commit. */
async function digested(memberId: string, seq: number): Promise<Record<string, unknown>> {
  const row = await until(
    async () => {
      await digest(bindings, NOW, 10);
      return member(memberId);
    },
    (one) => Number(one?.["seq"] ?? 0) >= seq,
  );
  return row ?? {};
}

describe("the digest", () => {
  it("counts a grant and a redemption once, however often and by how many it is asked", async () => {
    const { saleId } = await shop();
    const memberKey = "demo:figured";
    await grant(memberKey, 100, "g");
    const account = holderOf(memberKey);
    const request = { memberKey, orderId: "order-figures-0001", saleId, quantity: 1, epoch: 1 };
    expect(await account.redeem({ ...request, wantsFrozen: false })).toMatchObject({
      kind: "granted",
    });
    const { seq } = (await account.figuresOf([memberKey]))[0] ?? { seq: 0 };
    const first = await digested("figured", seq);
    await Promise.all([digest(bindings, NOW, 5), digest(bindings, NOW, 5)]);
    const second = await member("figured");
    expect(second).toEqual(first);
    expect(second).toMatchObject({
      ...{ active: 90, earned_points: 100, spent_points: 10, frequency: 0, tier_id: null },
    });
    const store = new DashboardStore(bindings.DB, "demo");
    const { hot, owned, days } = await store.quick(TODAY - 10, 0);
    expect(owned).toBe(90);
    const skuId = saleId.slice("demo.".length).split("~")[0];
    expect(hot).toMatchObject([{ skuId, units30: 1, points30: 10 }]);
    expect(days.filter(({ type }) => type === "redeem")).toMatchObject([
      { entries: 1, points: -10 },
    ]);
    const rating = bindings.DB.prepare(
      `INSERT INTO ratings (programme_id, member_id, order_id, sku_id, stars, comment, state, at_ms)
       VALUES ('demo', 'figured', ?1, 's', ?2, '', ?3, ?4)`,
    );
    await bindings.DB.batch([
      rating.bind("rated-1", 5, "shown", NOW - 1),
      rating.bind("rated-2", 2, "hidden", NOW - 1),
      rating.bind("rated-3", 1, "shown", NOW - 31 * 86_400_000),
    ]);
    const slow = await store.count(NOW);
    expect(slow).toMatchObject({ active30: 1, redeemers30: 1, ratings30: 2, stars30: 7 });
    expect((await store.kept(NOW + 1))?.figures).toEqual(slow);
  });

  it("adds nothing when another step came first", async () => {
    const store = new DigestStore(bindings.DB);
    const mark = await store.mark();
    const row: DigestRow = {
      ...{ rowid: mark + 1, programmeId: "other", memberId: "m", type: "promo", points: 7 },
      ...{ atMs: NOW, orderId: null, sourceId: null, storeId: null, saleId: null, quantity: null },
    };
    const { days, goods } = digestOf([row], ZONE_OFFSET_MS);
    const step = { from: mark - 1, to: mark + 1, today: TODAY, nowMs: NOW };
    expect(await store.add(step, { days, goods }, [])).toBe(false);
    expect((await new DashboardStore(bindings.DB, "other").quick(0, 0)).owned).toBe(0);
    expect(await store.mark()).toBe(mark);
  });

  it("lets windows of goods end with their days, and months of members with theirs", async () => {
    const month = monthOf(TODAY);
    await bindings.DB.batch([
      bindings.DB.prepare(
        "INSERT INTO goods_day_figures VALUES ('p', 'old', ?1, 1, 4, 40, 0), ('p', 'new', ?2, 1, 3, 30, 1)",
      ).bind(TODAY - 30, TODAY - 5),
      bindings.DB.prepare(
        "INSERT INTO goods_figures VALUES ('p', 'old', ?1, 4, 40), ('p', 'new', ?1, 9, 90)",
      ).bind(TODAY - 1),
      bindings.DB.prepare(
        `INSERT INTO members (programme_id, member_id, first_seen_at_ms, last_active_at_ms, month, purchases_0, purchases_1,
           purchases_2, frequency) VALUES ('p', 'a', 1, 1, ?1 - 1, 5, 2, 1, 8), ('p', 'b', 1, 1, ?1 - 2, 5, 2, 1, 8)`,
      ).bind(month),
    ]);
    const store = new DigestStore(bindings.DB);
    expect(await store.roll(TODAY, month, 100)).toBeGreaterThanOrEqual(4);
    const goods = await bindings.DB.prepare(
      "SELECT sku_id, units_30, day FROM goods_figures WHERE programme_id = 'p' ORDER BY sku_id",
    ).all();
    expect(goods.results).toEqual([
      { sku_id: "new", units_30: 2, day: TODAY },
      { sku_id: "old", units_30: 0, day: TODAY },
    ]);
    const rolled = await bindings.DB.prepare(
      "SELECT member_id, purchases_0, purchases_1, purchases_2, frequency FROM members WHERE programme_id = 'p' ORDER BY member_id",
    ).all();
    expect(rolled.results.map((row) => Object.values(row))).toEqual([
      ["a", 0, 5, 2, 7],
      ["b", 0, 0, 5, 5],
    ]);
    expect(await store.roll(TODAY, month, 100)).toBe(0);
  });
});

describe("every statement", () => {
  it.each(Object.entries({ ...DIGEST_SQL, ...DASHBOARD_SQL, ...PAST_SQL }))(
    "of the figures goes by an index: %s",
    (_name, sql) => expectIndexed(bindings.DB, sql),
  );

  it.each(Object.entries(SLOW_SQL))("made every few minutes reads one range: %s", (_name, sql) =>
    expectIndexed(bindings.DB, sql, /FOR ORDER BY/),
  );
});
