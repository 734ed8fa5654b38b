/** Orders in doubt over HTTP: the pretended bank is silent, the list says so, and asking by hand ends it once the bank speaks. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { OrderView } from "../../accounts/wire.ts";
import type { DoubtsView } from "../../payments/wire.ts";
import { NO_FAULTS } from "../bank/trades.ts";
import { HttpShop } from "./http-shop.ts";
import { bankOf, until, type Caller } from "./product.ts";

const PATH = "/api/v1/staff/finance/in-doubt";
const PRICE_FEN = 990;
const SILENT = { ...NO_FAULTS, silences: Number.POSITIVE_INFINITY };

let shop: HttpShop;
beforeAll(async () => {
  shop = await HttpShop.open({}, { hasBank: true });
});
beforeEach(() => {
  bank().ledger.faults = { ...NO_FAULTS };
});
afterAll(async () => {
  await shop.expectAuditAtRest();
  await shop.close();
});

const bank = () => bankOf(shop.product);

interface Bought {
  readonly member: Caller & { readonly id: string };
  readonly orderId: string;
  readonly paymentId: string;
}

/** Redeemed for points plus cash, and at the cashier. */
async function begun(provider: string): Promise<Bought> {
  const terms = { pricePoints: 30, priceFen: PRICE_FEN, units: 1, limitPerMember: 1 };
  const saleId = await shop.sale(terms);
  const member = await shop.member(100);
  const orderId = await shop.buy(member, saleId);
  const way = { provider, scene: "h5" };
  const path = `/api/v1/orders/${orderId}/payments`;
  const { status, body } = await shop.send<{
    readonly paymentId: string;
    readonly handOver: { readonly url: string };
  }>(member, "POST", path, way);
  expect(status).toBe(201);
  // Alipay knows a trade once somebody is at its cashier.
  if (provider === "alipay") await fetch(body.handOver.url, { redirect: "manual" });
  return { member, orderId, paymentId: body.paymentId };
}

async function orderOf({ member, orderId }: Bought): Promise<OrderView> {
  return (await shop.send<OrderView>(member, "GET", `/api/v1/orders/${orderId}`)).body;
}

const listed = async (orderId: string): Promise<DoubtsView["items"]> => {
  const { body } = await shop.send<DoubtsView>(shop.staff, "GET", `${PATH}?afterMs=0`);
  return body.items.filter((one) => one.orderId === orderId);
};

const ask = async ({ member, orderId }: Bought): Promise<boolean> => {
  const path = `${PATH}/${member.id}/${orderId}/ask`;
  const { status, body } = await shop.send<{ isSettled: boolean }>(shop.staff, "POST", path, {});
  expect(status).toBe(200);
  return body.isSettled;
};

describe.each(["wechat", "alipay"])("an order that %s is silent about", (provider) => {
  it("stands in the list until its refund is taken, which happens once however often it is asked", async () => {
    const one = await begun(provider);
    await bank().pay(one.paymentId);
    const keptFen = bank().ledger.balanceFen();
    bank().ledger.faults = { ...SILENT };
    expect((await shop.cancel(one.member, one.orderId)).body.state).toBe("refunding");

    const [doubt] = await until(
      () => listed(one.orderId),
      (found) => found.length > 0,
    );
    expect(doubt).toMatchObject({
      ...{ name: "refund", memberId: one.member.id, provider, amountFen: PRICE_FEN },
      ...{ points: 30, title: expect.stringMatching(/\S/) },
    });
    expect(await ask(one)).toBe(false);
    expect(await listed(one.orderId)).toHaveLength(1);
    expect((await orderOf(one)).state).toBe("refunding");

    bank().ledger.faults = { ...NO_FAULTS };
    expect(await ask(one)).toBe(true);
    expect(await listed(one.orderId)).toEqual([]);
    expect(await ask(one)).toBe(true);
    expect((await orderOf(one)).state).toBe("refunded");
    expect(bank().ledger.balanceFen()).toBe(keptFen - PRICE_FEN);
  });

  it("sends back what was paid while nobody could be asked, and closes what nobody paid", async () => {
    const [paid, unpaid] = [await begun(provider), await begun(provider)];
    await bank().pay(paid.paymentId, true);
    const keptFen = bank().ledger.balanceFen();
    bank().ledger.faults = { ...SILENT };
    for (const one of [paid, unpaid]) {
      expect((await shop.cancel(one.member, one.orderId)).body.state).toBe("cancelled");
      expect(await ask(one)).toBe(false);
    }

    bank().ledger.faults = { ...NO_FAULTS };
    for (const one of [paid, unpaid]) {
      await until(
        () => ask(one),
        (isSettled) => isSettled,
      );
    }
    expect((await orderOf(paid)).timeline.map(({ event }) => event)).toContain("late_paid");
    expect((await orderOf(unpaid)).timeline.map(({ event }) => event)).not.toContain("late_paid");
    expect(bank().ledger.trades.get(unpaid.paymentId)?.isClosed).toBe(true);
    expect(bank().ledger.balanceFen()).toBe(keptFen - PRICE_FEN);
    for (const { member } of [paid, unpaid]) {
      expect(await shop.points(member)).toMatchObject({ active: 100, held: 0, spent: 0 });
    }
  });
});
