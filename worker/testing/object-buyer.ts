/** A member with a granted order that awaits its cash, alone in its Account, and the bank that it is paid at. */
import { env } from "cloudflare:workers";
import { runInDurableObject } from "cloudflare:test";
import { expect } from "vitest";
import type { Account } from "../accounts/account-object.ts";
import { bucketOf } from "../kernel/ids.ts";
import type { PaymentProvider } from "../payments/index.ts";
import type { Env } from "../platform/env.ts";
import { shop, type Shop } from "./object-shop.ts";

const bindings = env as unknown as Env;
export const PAY_WITHIN_MS = 600_000;
let made = 0;

export interface Buyer extends Shop {
  readonly key: string;
  readonly orderId: string;
  readonly name: string;
  readonly account: DurableObjectStub<Account>;
  /** Moves this Account's clock on. */
  readonly later: (ms: number) => Promise<void>;
  readonly state: () => Promise<string | undefined>;
  readonly pay: (txnId?: string, paymentId?: string) => Promise<string>;
}

/** What the provider of a test says; each Account of a test is alone in its bucket. */
export interface Bank {
  paid: { txnId: string; amountFen: number } | null;
  /** Each as `<transaction> <refund>`. */
  refunds: string[];
  isSilent: boolean;
  /** Nobody has begun the payment there yet. */
  isUnknown?: boolean;
  /** By its clock; absent: as the mall's. */
  clockMs?: number;
}

export function providerOf(bank: Bank): PaymentProvider {
  const word = (paymentId: string) =>
    bank.paid
      ? ({ kind: "paid", paid: { paymentId, ...bank.paid, paidAtMs: 1 }, payer: null } as const)
      : ({ kind: "unpaid" } as const);
  return {
    name: "wechat",
    appId: "wx-test",
    scenes: ["h5"],
    begin: () => Promise.resolve({ kind: "silence", word: "" }),
    query: (paymentId) => Promise.resolve(word(paymentId)),
    close: (paymentId, nowMs) => {
      if (bank.paid) return Promise.resolve(word(paymentId));
      if (!bank.isUnknown) return Promise.resolve({ kind: "closed" });
      return Promise.resolve({ kind: "unknown", atMs: bank.clockMs ?? nowMs });
    },
    refund: ({ txnId, refundId }) => {
      if (bank.isSilent) return Promise.resolve({ kind: "silence" });
      const refund = `${txnId} ${refundId}`;
      if (!bank.refunds.includes(refund)) bank.refunds.push(refund);
      return Promise.resolve({ kind: "done", atMs: 2 });
    },
    queryRefund: () => Promise.resolve({ kind: "silence" }),
    hear: () => Promise.resolve({ kind: "other" }),
    acknowledge: () => new Response(),
    bill: () => Promise.resolve({ kind: "none", word: "" }),
  };
}

export async function bought(
  bank: Bank = { paid: null, refunds: [], isSilent: false },
): Promise<Buyer> {
  made += 1;
  const own = await shop({ units: 2, priceFen: 990, payWithinMs: PAY_WITHIN_MS });
  const key = `demo:payer-${made}`;
  // A bucket of its own, so that its clock is nobody else's.
  const name = `${bucketOf(key, 4)}:payer-${made}`;
  const account = bindings.ACCOUNT.getByName(name);
  await runInDurableObject(account, (object: Account) => {
    object.providers = () => Promise.resolve(new Map([["wechat", providerOf(bank)]]));
  });
  await account.grant({
    ...{ memberKey: key, points: 100, reason: "test", actor: "test", source: "manual" },
    ...{ expiresAtMs: null, pendingUntilMs: null, idempotencyKey: "test" },
    ...{ internalNote: "", storeId: null },
  });
  const orderId = `order-pay-${String(made).padStart(8, "0")}`;
  const asked = { memberKey: key, saleId: own.saleId, orderId, quantity: 1, epoch: 1 };
  expect(await account.redeem({ ...asked, wantsFrozen: false })).toMatchObject({ kind: "granted" });
  const begun = await account.beginPayment({
    ...{ memberKey: key, orderId, paymentId: `p${orderId}`, provider: "wechat", scene: "h5" },
  });
  expect(begun).toMatchObject({ kind: "begun", amountFen: 990 });
  return {
    ...own,
    ...{ key, orderId, name, account },
    later: (ms) =>
      runInDurableObject(account, (object: Account) => {
        const startedAt = Date.now();
        const { clock } = object;
        const base = clock() + ms;
        object.clock = () => base + Date.now() - startedAt;
      }),
    state: async () => (await account.order(key, orderId))?.life?.state,
    pay: async (txnId = "txn-1", paymentId = `p${orderId}`) => {
      const money = { paymentId, txnId, amountFen: 990, paidAtMs: 1 };
      const reply = await account.moneyReceived({ memberKey: key, orderId, ...money });
      return reply.kind === "advanced" && "use" in reply ? reply.use : reply.kind;
    },
  };
}
