import { env } from "cloudflare:workers";
import {
  abortAllDurableObjects,
  applyD1Migrations,
  createExecutionContext,
  createScheduledController,
  evictDurableObject,
  runInDurableObject,
  waitOnExecutionContext,
  type D1Migration,
} from "cloudflare:test";
import { beforeAll, describe, expect, inject, it } from "vitest";
import worker from "../index.ts";
import type { Account } from "../accounts/account-object.ts";
import type { GrantRequest, OrderReply, OrderRequest } from "../accounts/requests.ts";
import { DEFAULT_POINTS_TERMS } from "../accounts/terms.ts";
import { bucketOf } from "../kernel/ids.ts";
import { isQueueFull, QueueFull, type CommitQueue } from "../platform/commit-queue.ts";
import type { Env } from "../platform/env.ts";
import { migrateObject } from "../platform/object-migrations.ts";
import { pinSetting } from "../platform/pinned-setting.ts";
import { packItems } from "../redemption/index.ts";
import { shop } from "./object-shop.ts";

const bindings = env as unknown as Env;
let made = 0;

async function member(
  points: number,
): Promise<{ key: string; account: DurableObjectStub<Account> }> {
  made += 1;
  const key = `demo:member-${made}`;
  const account = bindings.ACCOUNT.getByName(bucketOf(key, 4));
  const grant: GrantRequest = {
    ...{ memberKey: key, points, reason: "test", actor: "test", source: "manual" },
    ...{ expiresAtMs: null, pendingUntilMs: null, idempotencyKey: "test" },
    ...{ internalNote: "", storeId: null },
  };
  if (points > 0) await account.grant(grant);
  return { key, account };
}

function request(memberKey: string, saleId: string, orderId: string): OrderRequest {
  return { memberKey, saleId, orderId, quantity: 1, epoch: 1 };
}

async function until<T>(read: () => Promise<T>, isMet: (value: T) => boolean): Promise<T> {
  for (let tries = 0; tries < 400; tries += 1) {
    const value = await read();
    if (isMet(value)) return value;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error("the condition was never met");
}

beforeAll(async () => {
  await applyD1Migrations(bindings.DB, inject("d1Migrations" as never) as D1Migration[]);
});

describe("Account and Sku in the runtime", () => {
  it("remember everything across an eviction", async () => {
    const { sku, saleId } = await shop();
    const { key, account } = await member(25);
    const body = { ...request(key, saleId, "order-000000000001"), wantsFrozen: false };
    const first = await account.redeem(body);
    expect(first).toMatchObject({ kind: "granted", points: 10, remaining: 2, isReplay: false });
    await evictDurableObject(account);
    await evictDurableObject(sku);
    expect(await account.redeem(body)).toEqual({ ...first, isReplay: true });
    const { balance } = await account.points(key, 100, 10);
    expect(balance).toMatchObject({ active: 15, held: 0, spent: 10 });
  });

  it("list a member's orders behind any of them, also those of one instant", async () => {
    const { saleId } = await shop({ units: 3, limit: 3 });
    const { key, account } = await member(30);
    const ids = ["a", "b", "c"].map((letter) => `order-listed-0000${letter}`);
    const replies = ids.map((id) =>
      account.redeem({ ...request(key, saleId, id), wantsFrozen: false }),
    );
    for (const reply of await Promise.all(replies)) expect(reply.kind).toBe("granted");
    await runInDurableObject(account, (_: Account, { storage }) =>
      storage.sql.exec("UPDATE orders SET created_at_ms = 5 WHERE member_key = ?", key),
    );
    await evictDurableObject(account);
    const behind = async (orderId: string, createdAtMs = 5): Promise<string[]> =>
      (await account.orders(key, 9, { createdAtMs, orderId })).map(({ order }) => order.orderId);
    expect((await account.orders(key, 9)).map(({ order }) => order.orderId)).toEqual(ids);
    expect(await behind(ids[0] ?? "")).toEqual(ids.slice(1));
    expect(await behind(ids[2] ?? "")).toEqual([]);
    expect(await behind(ids[2] ?? "", 6)).toEqual(ids);
  });

  it("ask again after every object lost its memory in the middle", async () => {
    const { saleId } = await shop({ opensInMs: 300 });
    const { key, account } = await member(10);
    expect(
      await account.ticket({ ...request(key, saleId, "order-000000000002"), replaces: null }),
    ).toMatchObject({
      kind: "ticket",
    });
    await abortAllDurableObjects();
    const again = bindings.ACCOUNT.getByName(bucketOf(key, 4));
    const reply = await until<OrderReply>(
      async () => {
        const tap = { ...request(key, saleId, "order-000000000002"), wantsFrozen: false };
        return (await again.redeem(tap)) as OrderReply;
      },
      (one) => one.kind !== "open",
    );
    expect(reply).toMatchObject({ kind: "granted" });
  });

  it("settle a ticket given back whose Account died, however many unused ones wait beside it", async () => {
    const { sku, saleId } = await shop({ units: 50, limit: 50 });
    const { key, account } = await member(400);
    const orderIdAt = (at: number): string => `order-forgo-${String(at).padStart(6, "0")}`;
    for (let at = 0; at < 40; at += 1) {
      await account.ticket({ ...request(key, saleId, orderIdAt(at)), replaces: null });
    }
    expect((await account.points(key, 100, 10)).balance).toMatchObject({ active: 0, held: 400 });
    // The Sku has committed it, and the Account never heard the answer.
    const item = { memberKey: key, orderId: orderIdAt(7), epoch: 1, quantity: 1, probe: true };
    expect(await sku.forgo(saleId, item)).toEqual({ kind: "forgone" });
    await until(
      async () => (await account.points(key, 100, 10)).balance,
      (balance) => balance.active === 10 && balance.held === 390,
    );
    await until(
      async () => (await sku.audit()).unsettled,
      (unsettled) => unsettled === 0,
    );
    // The rest is asked about again and again while the sale runs, which would keep the object from being evicted.
    await sku.command(saleId, { kind: "close", isEarly: true });
    await until(
      async () => (await account.points(key, 100, 10)).balance,
      (balance) => balance.active === 400 && balance.held === 0,
    );
  });

  it("settle a grant that only a door heard of, from the Sku's outbox", async () => {
    const { sku, saleId } = await shop();
    const { key, account } = await member(10);
    await account.ticket({ ...request(key, saleId, "order-000000000003"), replaces: null });
    const item = {
      memberKey: key,
      orderId: "order-000000000003",
      epoch: 1,
      quantity: 1,
      probe: false,
    };
    await sku.takeBatch({ saleId, via: "door", items: packItems([item]), acks: [] });
    // Nobody asks the Account: the row in the outbox is what brings it the news.
    await until(
      async () => (await account.points(key, 100, 10)).balance,
      (balance) => balance.spent === 10 && balance.held === 0,
    );
    await until(
      () => sku.audit(),
      (audit) => audit.unsettled === 0,
    );
  });

  it("void a loser's ticket by the alarm alone", async () => {
    const { sku, saleId } = await shop({ units: 1 });
    const loser = await member(10);
    await loser.account.ticket({
      ...request(loser.key, saleId, "order-000000000004"),
      replaces: null,
    });
    const winner = await member(10);
    await winner.account.redeem({
      ...request(winner.key, saleId, "order-000000000005"),
      wantsFrozen: false,
    });
    await evictDurableObject(loser.account);
    await runInDurableObject(loser.account, async (instance) => {
      // By now the object knows the hold from its rows only, and its first question is due.
      (instance as unknown as { clock: () => number }).clock = () => Date.now() + 5_000;
      await instance.alarm();
    });
    const { balance } = await loser.account.points(loser.key, 100, 10);
    expect(balance).toMatchObject({ active: 10, held: 0 });
    expect((await sku.audit()).sales.find((sale) => sale.saleId === saleId)).toMatchObject({
      live: 1,
      shelf: 0,
    });
  });

  it("never throw from an alarm, and arm themselves again", async () => {
    const { saleId } = await shop({ units: 1, opensInMs: 60_000 });
    const { key, account } = await member(10);
    await account.ticket({ ...request(key, saleId, "order-000000000006"), replaces: null });
    await runInDurableObject(account, async (instance, state) => {
      await state.storage.deleteAlarm();
      await instance.alarm();
      expect(await state.storage.getAlarm()).not.toBeNull();
    });
  });

  it("are woken by cron when their alarm was lost", async () => {
    const { sku, saleId } = await shop({ opensInMs: 100 });
    await bindings.DB.prepare(
      "INSERT INTO skus (programme_id, sku_id, title, category, created_at_ms) VALUES (?, ?, '', '', 0)",
    )
      .bind("demo", saleId.split(".")[1]?.split("~")[0])
      .run();
    await runInDurableObject(sku, async (_instance, state) => state.storage.deleteAlarm());
    const opensAtMs = (await sku.view(saleId))?.terms.opensAtMs ?? 0;
    await until(
      async () => Date.now(),
      (nowMs) => nowMs > opensAtMs,
    );
    const ctx = createExecutionContext();
    worker.scheduled(createScheduledController(), bindings, ctx);
    await waitOnExecutionContext(ctx);
    await runInDurableObject(sku, async (_instance, state) => {
      const row = state.storage.sql
        .exec("SELECT status FROM sales WHERE sale_id = ?", saleId)
        .one();
      expect(row["status"]).toBe("open");
    });
  });

  it("roll the standing sale over each month, and nothing is stranded by it", async () => {
    const { sku, saleId } = await shop({ units: 2 });
    const buyer = await member(10);
    await buyer.account.redeem({
      ...request(buyer.key, saleId, "order-000000000008"),
      wantsFrozen: false,
    });
    const first = await sku.standing();
    // In the last hour of a month the flash sale outlives the standing one.
    const flash = await sku.view(saleId);
    const endsAtMs = Math.max(first?.terms.closesAtMs ?? 0, flash?.terms.closesAtMs ?? 0);
    await runInDurableObject(sku, async (instance) => {
      instance.clock = () => endsAtMs + 1;
      await instance.sweep();
    });
    // The flash sale closed before: its unsold unit lies on the standing shelf of the new month.
    const second = await sku.standing();
    expect(second?.terms.saleId).not.toBe(first?.terms.saleId);
    // A SKU without a price of its own stays paused, or the new month would give it away.
    expect(second?.sale).toMatchObject({ status: "paused", shelf: 1 });
    await buyer.account.cancel({
      memberKey: buyer.key,
      orderId: "order-000000000008",
      forfeitMax: null,
    });
    const third = await until(
      async () => (await sku.standing())?.sale.shelf,
      (shelf) => shelf === 2,
    );
    expect(third).toBe(2);
    const { sales } = await sku.audit();
    for (const sale of sales) {
      expect(sale.shelf + sale.returned + sale.reserve + sale.live + sale.movedOut).toBe(
        sale.stocked,
      );
    }
  });

  it("undo a job that fails and none of its neighbours", async () => {
    const { saleId } = await shop();
    const { key, account } = await member(10);
    const unknown = { saleId, memberKey: key, orderId: "order-never-held-00" };
    const answer = {
      kind: "granted",
      epoch: 1,
      quantity: 1,
      ordinal: 1,
      remaining: 0,
      atMs: 1,
    } as const;
    await account.ticket({ ...request(key, saleId, "order-000000000007"), replaces: null });
    const good = { saleId, memberKey: key, orderId: "order-000000000007" };
    const refusal = { kind: "sold_out", stamp: 1, remaining: 0 } as const;
    // A grant without a hold is a breach: it is never acknowledged, and the refusal beside it counts.
    const reply = await account.settle([
      { ...unknown, answer },
      { ...good, answer: refusal },
    ]);
    expect(reply.settled).toEqual([1]);
    expect((await account.points(key, 100, 10)).balance).toMatchObject({ active: 10, held: 0 });
  });

  it("say `overloaded` while too many jobs wait, and lose nothing by it", async () => {
    const { saleId } = await shop();
    const { key, account } = await member(10);
    const orderId = "order-000000000008";
    await account.ticket({ ...request(key, saleId, orderId), replaces: null });
    const queueOf = (instance: Account): CommitQueue =>
      (instance as unknown as { commits: CommitQueue }).commits;
    await runInDurableObject(account, async (instance) => {
      queueOf(instance).run = () => Promise.reject(new QueueFull());
      const tap = { ...request(key, saleId, "order-000000000009"), wantsFrozen: false };
      expect(await instance.redeem(tap)).toMatchObject({ refusal: { code: "overloaded" } });
      // The Sku has its word by now, the Account has not: in doubt, and no fault.
      expect(await instance.forgo(key, saleId, orderId)).toEqual({ kind: "pending" });
    });
    const terms = { ...DEFAULT_POINTS_TERMS, version: 1 };
    const error: unknown = await account
      .refundQuote(key, orderId, terms)
      .catch((one: unknown) => one);
    expect(isQueueFull(error)).toBe(true);
    await runInDurableObject(account, (instance) => {
      delete (queueOf(instance) as Partial<CommitQueue>).run;
    });
    expect(await account.forgo(key, saleId, orderId)).toEqual({ kind: "forgone" });
    expect((await account.points(key, 100, 10)).balance).toMatchObject({ active: 10, held: 0 });
  });

  it("refuse a changed number of buckets", async () => {
    const { account } = await member(1);
    await runInDurableObject(account, (_instance, { storage: { sql } }) => {
      expect(() => pinSetting(sql, "ACCOUNT_BUCKETS", "4")).not.toThrow();
      expect(() => pinSetting(sql, "ACCOUNT_BUCKETS", "5")).toThrow(
        "fixed at the first deployment",
      );
    });
  });
});

describe("object migrations", () => {
  it("run once, in order, and refuse a gap or an older code", async () => {
    const { sku } = await shop();
    await runInDurableObject(sku, (_instance, state) => {
      const { count } = state.storage.sql
        .exec<{ count: number }>("SELECT COUNT(*) AS count FROM schema_migrations")
        .one();
      const done = Array.from({ length: count }, (_, at) => ({ id: at + 1, sql: "" }));
      const next = { id: count + 1, sql: "CREATE TABLE another (n INTEGER)" };
      const gap = [...done, { ...next, id: count + 2 }];
      expect(() => migrateObject(state.storage, gap)).toThrow("without a gap");
      migrateObject(state.storage, [...done, next]);
      migrateObject(state.storage, [...done, next]);
      expect(() => migrateObject(state.storage, done)).toThrow("older code");
    });
  });
});
