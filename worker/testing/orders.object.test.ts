/** Races over an order after its grant, in the runtime: whoever comes second finds one outcome. */
import { env } from "cloudflare:workers";
import {
  abortAllDurableObjects,
  applyD1Migrations,
  runInDurableObject,
  type D1Migration,
} from "cloudflare:test";
import { beforeAll, describe, expect, inject, it } from "vitest";
import type { Account } from "../accounts/account-object.ts";
import { bucketOf } from "../kernel/ids.ts";
import type { Env } from "../platform/env.ts";
import { bought, PAY_WITHIN_MS, providerOf, type Bank, type Buyer } from "./object-buyer.ts";
import { shop } from "./object-shop.ts";

const bindings = env as unknown as Env;

beforeAll(async () => {
  await applyD1Migrations(bindings.DB, inject("d1Migrations" as never) as D1Migration[]);
});

async function until<T>(read: () => Promise<T>, isMet: (value: T) => boolean): Promise<T> {
  for (let tries = 0; tries < 2_000; tries += 1) {
    const value = await read();
    if (isMet(value)) return value;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error("the condition was never met");
}

const cancel = ({ account, key, orderId }: Buyer) =>
  account.cancel({ memberKey: key, orderId, forfeitMax: null });
const advance = ({ account, key, orderId }: Buyer, step: "ship" | "write_off" | "receive") =>
  account.advanceOrder({ memberKey: key, orderId, step, by: "staff:a" });
const attemptOf = async ({ account, key, orderId }: Buyer): Promise<string | undefined> =>
  (await account.order(key, orderId))?.life?.attempts[0]?.state;
const active = async ({ account, key }: Buyer): Promise<number> =>
  (await account.points(key, 100, 10)).balance.active;

describe("payment against time", () => {
  it("unpaid at the deadline: points, unit and slot go back in one commit, by itself", async () => {
    const one = await bought();
    expect(await active(one)).toBe(90);
    await one.later(PAY_WITHIN_MS + 1);
    await one.account.sweep();
    expect(await one.state()).toBe("cancelled");
    expect(await active(one)).toBe(100);
    expect((await one.account.inSale(one.key, one.saleId)).limitUsed).toBe(0);
    const view = await until(
      async () => (await one.sku.audit()).sales.find(({ saleId }) => saleId === one.saleId),
      (sale) => sale?.live === 0,
    );
    expect(view).toMatchObject({ live: 0 });
  });

  it("just before it: paid, and no deadline lapses it", async () => {
    const one = await bought();
    expect(await one.pay()).toBe("order");
    await one.later(PAY_WITHIN_MS * 2);
    await one.account.sweep();
    expect(await one.state()).toBe("to_ship");
    expect(await active(one)).toBe(90);
  });

  it("just after it: late, and the money goes back by itself", async () => {
    const bank: Bank = { paid: null, refunds: [], isSilent: false };
    const one = await bought(bank);
    await one.later(PAY_WITHIN_MS + 1);
    await one.account.sweep();
    expect(await one.pay()).toBe("late");
    const order = await until(
      () => one.account.order(one.key, one.orderId),
      (now) => now?.life?.legs.cash.state === "refunded",
    );
    expect(order?.life?.state).toBe("cancelled");
    expect(bank.refunds).toHaveLength(1);
    // The provider repeats its call; nothing goes back twice.
    expect(await one.pay()).toBe("already");
    expect(bank.refunds).toHaveLength(1);
  });

  it("pay × timeout at once: paid or lapsed, and what came too late goes back", async () => {
    for (const payFirst of [true, false]) {
      const bank: Bank = { paid: null, refunds: [], isSilent: false };
      const one = await bought(bank);
      await one.later(PAY_WITHIN_MS + 1);
      const acts = [() => one.pay(), () => one.account.sweep()];
      const [first] = await Promise.all((payFirst ? acts : acts.toReversed()).map((act) => act()));
      if (payFirst) {
        expect(first).toBe("order");
        expect(await one.state()).toBe("to_ship");
        expect(await active(one)).toBe(90);
        continue;
      }
      await until(
        async () => (await one.account.order(one.key, one.orderId))?.life?.legs.cash.state,
        (state) => state === "refunded",
      );
      expect(await one.state()).toBe("cancelled");
      expect(await active(one)).toBe(100);
      expect(bank.refunds).toHaveLength(1);
    }
  });

  it("with its call lost: the provider is asked before it lapses", async () => {
    const bank: Bank = { paid: null, refunds: [], isSilent: false };
    const one = await bought(bank);
    bank.paid = { txnId: "txn-lost", amountFen: 990 };
    await one.later(PAY_WITHIN_MS - 10_000);
    await one.account.sweep();
    await until(one.state, (state) => state === "to_ship");
  });

  it("paid unseen while it lapsed: closing it at the provider finds the money", async () => {
    const bank: Bank = { paid: null, refunds: [], isSilent: false };
    const one = await bought(bank);
    bank.paid = { txnId: "txn-unseen", amountFen: 990 };
    await one.later(PAY_WITHIN_MS + 1);
    await runInDurableObject(one.account, (object: Account) => {
      // The question just before the deadline is lost.
      const { providers } = object;
      object.providers = () => Promise.reject(new Error("away"));
      setTimeout(() => (object.providers = providers), 0);
    });
    await one.account.sweep();
    await one.later(120_000);
    await one.account.sweep();
    await until(
      async () => (await one.account.order(one.key, one.orderId))?.life?.legs.cash.state,
      (state) => state === "refunded" || state === "paid",
    );
    const life = (await one.account.order(one.key, one.orderId))?.life;
    if (life?.state === "cancelled") expect(bank.refunds).toHaveLength(1);
    else expect(life?.state).toBe("to_ship");
  });
});

describe("payment against people", () => {
  it("begun at the provider after its order was cancelled: asked about, and the money goes back", async () => {
    const bank: Bank = { paid: null, refunds: [], isSilent: false, isUnknown: true };
    const one = await bought(bank);
    await cancel(one);
    await one.account.sweep();
    expect(await attemptOf(one)).toBe("open");
    // The beginning arrives, the member pays, and the call about it is lost.
    bank.paid = { txnId: "txn-after", amountFen: 990 };
    await one.later(60_000);
    await one.account.sweep();
    await until(
      () => attemptOf(one),
      (state) => state === "paid",
    );
    // A timer of before the clock was moved on is still to come, so the object is woken.
    await until(
      async () => {
        await one.account.sweep();
        return bank.refunds.length;
      },
      (count) => count === 1,
    );
  });

  it("never begun at the provider: closed when nobody can begin it any more", async () => {
    const one = await bought({ paid: null, refunds: [], isSilent: false, isUnknown: true });
    await cancel(one);
    await one.later(PAY_WITHIN_MS + 60_000);
    await one.account.sweep();
    await until(
      () => attemptOf(one),
      (state) => state === "closed",
    );
  });

  it("is not over because a clock of ours runs ahead: the bank, who refuses by its own, is asked on", async () => {
    const bank: Bank = { paid: null, refunds: [], isSilent: false, isUnknown: true };
    bank.clockMs = Date.now();
    const one = await bought(bank);
    await one.later(3_600_000);
    await one.account.sweep();
    await until(one.state, (state) => state === "cancelled");
    const asked = async (): Promise<number> =>
      (await one.account.order(one.key, one.orderId))?.life?.attempts[0]?.tries ?? 0;
    await until(asked, (tries) => tries > 0);
    await one.later(60_000);
    await one.account.sweep();
    await until(asked, (tries) => tries > 1);
    expect(await attemptOf(one)).toBe("open");
    // Now the member opens it, in time by the bank's clock, and the call about it is lost.
    bank.paid = { txnId: "txn-in-time", amountFen: 990 };
    await one.later(60_000);
    await until(
      async () => {
        await one.account.sweep();
        return bank.refunds.length;
      },
      (count) => count === 1,
    );
    expect(await attemptOf(one)).toBe("paid");
  });

  it("pay × cancel at once: one wins, and no money stays with a cancelled order", async () => {
    for (const payFirst of [true, false]) {
      const bank: Bank = { paid: null, refunds: [], isSilent: false };
      const one = await bought(bank);
      await Promise.all(payFirst ? [one.pay(), cancel(one)] : [cancel(one), one.pay()]);
      await until(
        async () => (await one.account.order(one.key, one.orderId))?.life?.legs.cash.state,
        (state) => state === "refunded",
      );
      expect(await one.state()).toBe(payFirst ? "refunded" : "cancelled");
      expect(await active(one)).toBe(100);
      expect(bank.refunds).toHaveLength(1);
    }
  });

  it("a double payment: the second goes back, the first stays", async () => {
    const bank: Bank = { paid: null, refunds: [], isSilent: false };
    const one = await bought(bank);
    expect(await one.pay("txn-1")).toBe("order");
    expect(await one.pay("txn-2")).toBe("double");
    await until(
      () => Promise.resolve(bank.refunds.length),
      (count) => count === 1,
    );
    expect(bank.refunds[0]).toMatch(/^txn-2 /);
    expect(await one.state()).toBe("to_ship");
  });

  it("a hundred identical calls at once are one", async () => {
    const one = await bought();
    const heard = await Promise.all(Array.from({ length: 100 }, () => one.pay()));
    expect(heard.filter((word) => word === "order")).toHaveLength(1);
    expect(heard.filter((word) => word === "already")).toHaveLength(99);
  });

  it("a call for a number that nobody began changes nothing", async () => {
    const one = await bought();
    expect(await one.pay("txn-1", "somebody-elses")).toBe("refused");
    expect(await one.state()).toBe("awaiting_payment");
  });

  it("cancel × ship at once: one of them, never both", async () => {
    for (const cancelFirst of [true, false]) {
      const one = await bought();
      await one.pay();
      const acts = cancelFirst
        ? [cancel(one), advance(one, "ship")]
        : [advance(one, "ship"), cancel(one)];
      await Promise.all(acts);
      const state = await until(one.state, (now) => now !== "refunding");
      expect(state).toBe(cancelFirst ? "refunded" : "shipped");
      expect(await active(one)).toBe(cancelFirst ? 100 : 90);
    }
  });

  it("survives that every object loses its memory between the call and the refund", async () => {
    const bank: Bank = { paid: null, refunds: [], isSilent: true };
    const one = await bought(bank);
    await one.pay();
    await cancel(one);
    expect(await one.state()).toBe("refunding");
    await abortAllDurableObjects();
    bank.isSilent = false;
    const again = bindings.ACCOUNT.getByName(one.name);
    await runInDurableObject(again, (object: Account) => {
      object.providers = () => Promise.resolve(new Map([["wechat", providerOf(bank)]]));
      object.clock = () => Date.now() + 60_000;
    });
    await again.sweep();
    await until(
      async () => (await again.order(one.key, one.orderId))?.life?.state,
      (state) => state === "refunded",
    );
    expect(bank.refunds).toHaveLength(1);
  });
});

describe("after-sales", () => {
  it("gives part back to its lots, then the rest, and never more", async () => {
    const bank: Bank = { paid: null, refunds: [], isSilent: false };
    const one = await bought(bank);
    await one.pay();
    await advance(one, "ship");
    const { account, key, orderId } = one;
    expect(await account.afterSaleQuote(key, orderId, 1)).toMatchObject({
      points: 10,
      cashFen: 990,
    });
    const wish = { quantity: 1, reason: "broken", note: "", evidence: [] };
    const asked = { ...wish, caseId: "case-0001", kind: "refund" } as const;
    expect(await account.applyAfterSale(key, orderId, asked)).toMatchObject({ kind: "advanced" });
    expect(await account.applyAfterSale(key, orderId, asked)).toMatchObject({ kind: "already" });
    const more = { ...asked, caseId: "case-0002" };
    expect(await account.applyAfterSale(key, orderId, more)).toMatchObject({ reason: "too_much" });
    const step = { memberKey: key, orderId, caseId: "case-0001", by: "staff:a" } as const;
    await account.stepAfterSale({ ...step, step: "agree_refund" });
    expect(await account.stepAfterSale({ ...step, step: "agree_refund" })).toMatchObject({
      kind: "already",
    });
    await until(one.state, (state) => state === "refunded");
    expect(await active(one)).toBe(100);
    expect(bank.refunds).toHaveLength(1);
    const life = (await account.order(key, orderId))?.life;
    expect(life?.afterSales[0]?.state).toBe("done");
    expect(life?.legs).toMatchObject({
      points: { state: "returned" },
      cash: { state: "refunded" },
    });
    expect(await account.auditMembers("")).toMatchObject({ breaches: {} });
  });

  it("takes the merchant's silence for consent, and the member's for a withdrawal", async () => {
    const one = await bought();
    await one.pay();
    await advance(one, "ship");
    const { account, key, orderId } = one;
    const wish = { quantity: 1, reason: "broken", note: "", evidence: [] };
    await account.applyAfterSale(key, orderId, { ...wish, caseId: "case-0001", kind: "return" });
    const caseState = async () => (await account.order(key, orderId))?.life?.afterSales[0]?.state;
    await one.later(3 * 86_400_000 + 1);
    await account.sweep();
    expect(await caseState()).toBe("agreed");
    await one.later(7 * 86_400_000 + 1);
    await account.sweep();
    expect(await caseState()).toBe("withdrawn");
  });
});

describe("ten thousand unpaid orders", () => {
  it("lapse together when their time has come, and their units sell again", async () => {
    const count = 10_000;
    const each = 10;
    const own = await shop({
      ...{ units: count, limit: each, priceFen: 990, payWithinMs: PAY_WITHIN_MS },
    });
    // The bucket that their Sku knows them in, so that it settles with the object that is looked at.
    const bucket = bucketOf("demo:crowd-0", 4);
    const account = bindings.ACCOUNT.getByName(bucket);
    const members: string[] = [];
    for (let no = 0; members.length < count / each; no += 1) {
      if (bucketOf(`demo:crowd-${no}`, 4) === bucket) members.push(`demo:crowd-${no}`);
    }
    const memberAt = (at: number): string => members[Math.floor(at / each)] ?? "";
    const orderAt = (at: number): string => `order-crowd-${String(at).padStart(6, "0")}`;
    const grant = { points: 100, reason: "test", actor: "test", source: "manual" } as const;
    const grants = Array.from({ length: count / each }, (_, at) => ({
      ...grant,
      ...{ memberKey: memberAt(at * each), expiresAtMs: null, pendingUntilMs: null },
      ...{ idempotencyKey: "test", internalNote: "", storeId: null },
    }));
    for (let at = 0; at < grants.length; at += 500)
      await account.grantMany(grants.slice(at, at + 500));
    await runInDurableObject(account, async (object: Account) => {
      const { saleId } = own;
      const redeem = (at: number) =>
        object.redeem({
          ...{ memberKey: memberAt(at), saleId, orderId: orderAt(at), quantity: 1, epoch: 1 },
          wantsFrozen: false,
        });
      for (let at = 0; at < count; at += 1_000) {
        await Promise.all(Array.from({ length: 1_000 }, (_, more) => redeem(at + more)));
      }
      expect((await object.audit()).liveUnits).toBe(count);
      const { clock } = object;
      object.clock = () => clock() + PAY_WITHIN_MS + 1;
      const startedAt = performance.now();
      const sweeping = object.sweep();
      await until(
        () => object.audit(),
        ({ cancelledOrders }) => cancelledOrders === count,
      );
      // A figure for whoever reads the log; no timing is asserted.
      console.log(
        `${count} unpaid orders lapsed in ${Math.round(performance.now() - startedAt)} ms`,
      );
      await sweeping;
      expect(await object.audit()).toMatchObject({ liveUnits: 0, cancelledOrders: count });
    });
    await until(
      async () => (await own.sku.audit()).sales.find(({ saleId }) => saleId === own.saleId),
      (sale) => sale?.live === 0,
    );
    await own.sku.command(own.saleId, { kind: "wave" });
    const view = await own.sku.view(own.saleId);
    expect(view?.standing.remaining).toBe(count);
    expect((await account.auditMembers("")).breaches).toEqual({});
    // D1 waits while units are given back, and hears of every one of them.
    const cancelled = bindings.DB.prepare(
      "SELECT COUNT(*) AS orders FROM orders WHERE sale_id = ? AND state = 'cancelled'",
    ).bind(own.saleId);
    expect(
      await until(
        () => cancelled.first<number>("orders"),
        (orders) => orders === count,
      ),
    ).toBe(count);
  }, 120_000);
});
