/** Orders that points and stored value pay for, in the real runtime: one commit each, by the clock, and the audit. */
import { env } from "cloudflare:workers";
import { applyD1Migrations, runInDurableObject, type D1Migration } from "cloudflare:test";
import { beforeAll, describe, expect, inject, it, vi } from "vitest";
import type { Account } from "../accounts/account-object.ts";
import type { SpendCalls, SpendKind } from "../accounts/index.ts";
import { bucketOf } from "../kernel/ids.ts";
import type { PaymentProvider } from "../payments/index.ts";
import type { Env } from "../platform/env.ts";
import { until } from "./object-earning.ts";
import { shop } from "./object-shop.ts";
import { TERMS } from "./points/programme.ts";

const bindings = env as unknown as Env;
vi.setConfig({ testTimeout: 120_000 });
beforeAll(async () => {
  await applyD1Migrations(bindings.DB, inject("d1Migrations" as never) as D1Migration[]);
});

const PAY_WITHIN_MS = 600_000;
const terms = {
  ...TERMS,
  revision: 1_000,
  offset: { version: 1, tills: true, mall: true, isStackable: true, holdMinutes: 15 },
  rate: { rate: { points: 1, fen: 1 }, pointsMin: 0, percentMax: 50, pointsMax: null },
  storedValue: {
    ...{ version: 1, isOn: true, choicesFen: [5_000], topUpMinFen: 100 },
    ...{ topUpMaxFen: 100_000, balanceMaxFen: 120_000 },
  },
};

/** What the provider of a test says; each Account of a test is alone in its bucket. */
interface Bank {
  paid: { txnId: string; amountFen: number } | null;
  refunds: number[];
  closed: string[];
  /** It has not heard of any payment. */
  isUnaware: boolean;
  /** By its clock; absent: as the mall's. */
  clockMs?: number;
}

function providerOf(bank: Bank): PaymentProvider {
  const word = (paymentId: string) =>
    bank.paid
      ? ({ kind: "paid", paid: { paymentId, ...bank.paid, paidAtMs: 1 }, payer: null } as const)
      : ({ kind: "unpaid" } as const);
  return {
    ...{ name: "wechat", appId: "wx-test", scenes: ["h5"] },
    begin: () => Promise.resolve({ kind: "silence", word: "" }),
    query: (paymentId) => Promise.resolve(word(paymentId)),
    close: (paymentId, nowMs) => {
      bank.closed.push(paymentId);
      if (bank.isUnaware) return Promise.resolve({ kind: "unknown", atMs: bank.clockMs ?? nowMs });
      return Promise.resolve(bank.paid ? word(paymentId) : { kind: "closed" });
    },
    refund: ({ amountFen }) => {
      bank.refunds.push(amountFen);
      return Promise.resolve({ kind: "done", atMs: 2 });
    },
    queryRefund: () => Promise.resolve({ kind: "silence" }),
    hear: () => Promise.resolve({ kind: "other" }),
    acknowledge: () => new Response(),
    bill: () => Promise.resolve({ kind: "none", word: "" }),
  };
}

let made = 0;
/** A member with 1,000 points and an Account of their own. */
async function member() {
  made += 1;
  const key = `demo:spender-${made}`;
  const name = `${bucketOf(key, 4)}:spender-${made}`;
  const account = bindings.ACCOUNT.getByName(name);
  const bank: Bank = { paid: null, refunds: [], closed: [], isUnaware: false };
  await runInDurableObject(account, (object: Account) => {
    object.providers = () => Promise.resolve(new Map([["wechat", providerOf(bank)]]));
  });
  await account.grant({
    ...{ memberKey: key, points: 1_000, reason: "test", actor: "test", source: "manual" },
    ...{ expiresAtMs: null, pendingUntilMs: null, idempotencyKey: "test" },
    ...{ internalNote: "", storeId: null },
  });
  const spend = <K extends SpendKind>(kind: K, input: SpendCalls[K]["input"]) =>
    (
      account as unknown as {
        spend: (of: SpendKind, call: object) => Promise<SpendCalls[K]["reply"]>;
      }
    ).spend(kind, { memberKey: key, revision: terms.revision, terms, ...input });
  return {
    ...{ key, name, account, bank, spend },
    later: (ms: number) =>
      runInDurableObject(account, (object: Account) => {
        const startedAt = Date.now();
        const base = object.clock() + ms;
        object.clock = () => base + Date.now() - startedAt;
      }),
    points: async () => (await account.points(key, 100, 10)).balance,
    stored: async () => {
      const { balanceFen, heldFen } = await account.storedValueOf(key, 1);
      return { balanceFen, heldFen };
    },
    topUp: async (amountFen: number, topUpId = "top-up-000000000001") => {
      const begun = { topUpId, paymentId: `p${topUpId}`, provider: "wechat", scene: "h5" };
      const reply = await spend("top_up_begin", { ...begun, amountFen });
      const money = { txnId: `txn-${topUpId}`, amountFen, paidAtMs: 1 };
      return { reply, paid: () => account.topUpReceived(key, topUpId, money) };
    },
    sound: async () => {
      const page = await account.auditMembers("");
      const stored = await account.auditStored("");
      const sums = await account.audit();
      return {
        ...page.breaches,
        stored: stored.breaches,
        lost: sums.storedToppedUpFen - sums.storedOwnedFen - sums.storedSpentFen,
      };
    },
  };
}
type Member = Awaited<ReturnType<typeof member>>;
const SOUND = { stored: 0, lost: 0 };

/** An order of 10 points and ¥9.90 that waits for its cash. */
async function bought(one: Member) {
  const own = await shop({ units: 2, priceFen: 990, payWithinMs: PAY_WITHIN_MS });
  const orderId = `order-spend-${String(made).padStart(6, "0")}`;
  const asked = { memberKey: one.key, saleId: own.saleId, orderId, quantity: 1, epoch: 1 };
  const reply = await one.account.redeem({ ...asked, wantsFrozen: false });
  expect(reply).toMatchObject({ kind: "granted" });
  return {
    orderId,
    begin: (paymentId = `p${orderId}`) =>
      one.account.beginPayment({
        ...{ memberKey: one.key, orderId, paymentId, provider: "wechat", scene: "h5" },
      }),
    pay: (amountFen: number, paymentId = `p${orderId}`) =>
      one.account.moneyReceived({
        ...{
          memberKey: one.key,
          orderId,
          paymentId,
          txnId: `t-${orderId}`,
          amountFen,
          paidAtMs: 1,
        },
      }),
    choose: (points: number, storedFen: number, leftFen: number) =>
      one.spend("tender_set", { orderId, points, storedFen, leftFen }),
    life: async () => (await one.account.order(one.key, orderId))?.life,
    quote: () => one.account.refundQuote(one.key, orderId),
    cancel: () => one.account.cancel({ memberKey: one.key, orderId, forfeitMax: null }),
  };
}

async function withMoney(fen: number): Promise<Member> {
  const one = await member();
  await (await one.topUp(fen)).paid();
  return one;
}

describe("money that comes in", () => {
  it("is there once a transaction, however often it is told", async () => {
    const one = await member();
    const { reply, paid } = await one.topUp(5_000);
    expect(reply).toMatchObject({ kind: "top_up", topUp: { state: "open" } });
    await Promise.all([paid(), paid(), paid()]);
    await paid();
    expect(await one.stored()).toEqual({ balanceFen: 5_000, heldFen: 0 });
    expect(await one.sound()).toEqual(SOUND);
    const { results } = await until(
      () =>
        bindings.DB.prepare(
          `SELECT e.amount_fen, m.move_id, m.state FROM stored_entries e JOIN money_moves m
             ON m.member_id = e.member_id AND m.payment_id = e.source_id WHERE e.member_id = ?1`,
        )
          .bind(one.key.slice(5))
          .all(),
      (page) => page.results.length > 0,
    );
    expect(results).toEqual([
      { amount_fen: 5_000, move_id: "txn-top-up-000000000001", state: "top_up" },
    ]);
  });

  it("is read by staff page by page, newest first, to its beginning", async () => {
    const one = await member();
    for (const place of [1, 2, 3]) {
      await (await one.topUp(1_000 * place, `top-up-00000000000${place}`)).paid();
    }
    const seqs = async (beforeSeq?: number) => {
      const page = await one.account.storedValueOf(one.key, 2, beforeSeq);
      return { seqs: page.entries.map(({ seq }) => seq), next: page.nextBeforeSeq };
    };
    expect(await seqs()).toEqual({ seqs: [3, 2], next: 2 });
    expect(await seqs(2)).toEqual({ seqs: [1], next: null });
  });

  it("is asked about when nobody tells, and closed when its time is over", async () => {
    const one = await member();
    await one.topUp(5_000);
    one.bank.paid = { txnId: "t1", amountFen: 5_000 };
    await one.later(31_000);
    await one.account.sweep();
    await until(one.stored, ({ balanceFen }) => balanceFen === 5_000);
    one.bank.paid = null;
    await one.topUp(700, "top-up-000000000002");
    await one.later(1_800_000);
    await one.account.sweep();
    await until(
      () => one.account.askTopUp(one.key, "top-up-000000000002"),
      (topUp) => topUp?.state === "closed",
    );
    expect(one.bank.closed).toContain("ptop-up-000000000002");
  });

  it("is not over because a clock of ours runs ahead, where its provider may hear of it yet", async () => {
    const one = await member();
    await one.topUp(700);
    Object.assign(one.bank, { isUnaware: true, clockMs: Date.now() });
    await one.later(3_600_000);
    await one.account.sweep();
    await until(
      () => Promise.resolve(one.bank.closed.length),
      (asked) => asked > 0,
    );
    expect((await one.account.askTopUp(one.key, "top-up-000000000001"))?.state).toBe("open");
    Object.assign(one.bank, { isUnaware: false, paid: { txnId: "t-late", amountFen: 700 } });
    await until(
      async () => {
        await one.later(120_000);
        await one.account.sweep();
        return one.stored();
      },
      ({ balanceFen }) => balanceFen === 700,
    );
  });

  it("is refused beyond what the merchant set", async () => {
    const one = await withMoney(100_000);
    const over = await one.topUp(20_001, "top-up-000000000002");
    expect(over.reply).toMatchObject({ refusal: { figures: { reason: "stored_value_full" } } });
    const small = await one.topUp(99, "top-up-000000000003");
    expect(small.reply).toMatchObject({ refusal: { figures: { reason: "top_up_amount" } } });
    const again = await one.topUp(99_999);
    expect(again.reply).toMatchObject({ refusal: { code: "idempotency_mismatch" } });
  });
});

describe("an order's cash", () => {
  it("is quoted first: half of it in points, the rest from stored value", async () => {
    const one = await withMoney(5_000);
    const { orderId } = await bought(one);
    const quote = await one.spend("tender_quote", { orderId, points: null, storedFen: null });
    expect(quote).toMatchObject({
      ...{ kind: "tender_quote", wholeFen: 990, leftFen: 0 },
      ...{ points: { points: 495, fen: 495, max: 495 }, stored: { fen: 495, maxFen: 495 } },
    });
    expect(await one.stored()).toEqual({ balanceFen: 5_000, heldFen: 0 });
  });

  it("is paid at once where nothing is left, and all of it comes back with a cancel", async () => {
    const one = await withMoney(5_000);
    const order = await bought(one);
    expect(await order.choose(495, 495, 0)).toMatchObject({ kind: "advanced" });
    expect(await order.choose(495, 495, 0)).toMatchObject({ kind: "already" });
    expect((await order.life())?.state).toBe("to_ship");
    expect(await one.stored()).toEqual({ balanceFen: 4_505, heldFen: 0 });
    expect(await one.points()).toMatchObject({ active: 495, held: 0, spent: 505 });
    const back = { providerFen: 0, storedFen: 495, points: 495 };
    expect((await order.quote())?.cash).toEqual(back);
    expect(await order.cancel()).toMatchObject({ kind: "cancelled" });
    expect(await order.quote()).toBeNull();
    expect((await order.life())?.state).toBe("refunded");
    expect(await one.stored()).toEqual({ balanceFen: 5_000, heldFen: 0 });
    expect(await one.points()).toMatchObject({ active: 1_000, spent: 0 });
    expect(one.bank.refunds).toEqual([]);
    expect(await one.sound()).toEqual(SOUND);
  });

  it("is held while the rest is awaited, taken when it comes, and shared out when it goes back", async () => {
    const one = await withMoney(200);
    const order = await bought(one);
    await order.choose(300, 200, 490);
    expect(await one.stored()).toEqual({ balanceFen: 0, heldFen: 200 });
    expect(await one.points()).toMatchObject({ active: 690, held: 300 });
    expect(await order.begin()).toMatchObject({ kind: "begun", amountFen: 490 });
    expect(await order.pay(490)).toMatchObject({ kind: "advanced", use: "order" });
    expect(await one.points()).toMatchObject({ active: 690, held: 0, spent: 310 });
    expect(await one.sound()).toEqual(SOUND);
    await order.cancel();
    await until(order.life, (life) => life?.state === "refunded");
    expect(one.bank.refunds).toEqual([490]);
    expect(await one.stored()).toEqual({ balanceFen: 200, heldFen: 0 });
    expect(await one.points()).toMatchObject({ active: 1_000, spent: 0 });
    expect(await one.sound()).toEqual(SOUND);
  });

  it("that is not paid in time lets go of all in one commit", async () => {
    const one = await withMoney(5_000);
    const order = await bought(one);
    await order.choose(300, 200, 490);
    await one.later(PAY_WITHIN_MS + 1);
    await one.account.sweep();
    expect((await order.life())?.state).toBe("cancelled");
    expect(await one.stored()).toEqual({ balanceFen: 5_000, heldFen: 0 });
    expect(await one.points()).toMatchObject({ active: 1_000, held: 0 });
    expect(await one.sound()).toEqual(SOUND);
  });

  it("may be chosen anew: what was held comes back first, also after a payment was begun", async () => {
    const one = await withMoney(5_000);
    const order = await bought(one);
    await order.choose(495, 0, 495);
    await order.choose(0, 400, 590);
    expect(await one.points()).toMatchObject({ active: 990, held: 0 });
    await order.begin();
    const refused = await order.choose(0, 0, 990);
    expect(refused).toMatchObject({ refusal: { figures: { reason: "payment_begun" } } });
    await one.account.closePayments(one.key, order.orderId);
    expect(await order.choose(0, 0, 990)).toMatchObject({ kind: "advanced" });
    expect(await one.stored()).toEqual({ balanceFen: 5_000, heldFen: 0 });
    expect(await one.sound()).toEqual(SOUND);
  });

  it("gives back money that came by a way begun before, which its provider did not know of", async () => {
    const one = await withMoney(5_000);
    const order = await bought(one);
    await order.begin();
    // A signed order of Alipay is no trade before somebody opens it, so there is nothing to close yet.
    one.bank.isUnaware = true;
    await one.account.closePayments(one.key, order.orderId);
    expect((await order.life())?.attempts).toMatchObject([{ state: "dropped" }]);
    expect(await order.choose(0, 400, 590)).toMatchObject({ kind: "advanced" });
    one.bank.isUnaware = false;
    one.bank.paid = { txnId: "t-old-way", amountFen: 990 };
    await one.later(60_000);
    await vi.waitFor(
      async () => {
        await one.account.sweep();
        expect(await order.life()).toMatchObject({
          ...{ state: "awaiting_payment", attempts: [{ state: "paid" }] },
          ...{ receipts: [{ use: "double" }], refunds: [{ state: "done" }] },
        });
      },
      { timeout: 20_000, interval: 50 },
    );
    expect(one.bank.refunds).toEqual([990]);
    expect(await one.stored()).toEqual({ balanceFen: 4_600, heldFen: 400 });
    expect(await one.sound()).toEqual(SOUND);
  });

  it("changes nothing when it is not what the member was shown", async () => {
    const one = await withMoney(5_000);
    const order = await bought(one);
    const reply = await order.choose(495, 495, 1);
    expect(reply).toMatchObject({ refusal: { figures: { reason: "quote_changed" } } });
    expect(await one.points()).toMatchObject({ active: 990, held: 0 });
  });

  it("comes back in part with after-sales, and never more than was paid", async () => {
    const one = await withMoney(5_000);
    const order = await bought(one);
    await order.choose(495, 495, 0);
    await one.account.advanceOrder({
      ...{ memberKey: one.key, orderId: order.orderId, step: "ship", by: "staff:a" },
    });
    const caseId = "case-0000000001";
    await one.account.applyAfterSale(one.key, order.orderId, {
      ...{ caseId, kind: "refund", quantity: 1, reason: "broken", note: "", evidence: [] },
    });
    await one.account.stepAfterSale({
      ...{ memberKey: one.key, orderId: order.orderId, caseId, step: "agree_refund" },
      ...{ by: "staff:a", share: { points: 10, cashFen: 100 } },
    });
    expect(await one.stored()).toEqual({ balanceFen: 4_555, heldFen: 0 });
    expect(await one.points()).toMatchObject({ active: 555, spent: 445 });
    expect((await order.life())?.legs.cash.state).toBe("partly_refunded");
    expect(await one.sound()).toEqual(SOUND);
  });
});

describe("a record that is to be merged away", () => {
  it("stays while money is there or on its way in: no parcel carries it", async () => {
    const rich = await withMoney(5_000);
    const merge = { fromKey: rich.key, intoKey: "demo:another-record" };
    const refused = { kind: "refused", reason: "stored_value" };
    expect(await rich.account.beginMerge({ ...merge, mergeId: "merge-rich-0001" })).toEqual(
      refused,
    );
    const paying = await member();
    await paying.topUp(700);
    expect(
      await paying.account.beginMerge({
        ...{ mergeId: "merge-pays-0001", fromKey: paying.key, intoKey: "demo:another-record" },
      }),
    ).toEqual(refused);
    expect(await rich.stored()).toEqual({ balanceFen: 5_000, heldFen: 0 });
  });
});
