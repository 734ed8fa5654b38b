/** Points plus cash over HTTP, with the pretended bank of the local server: what a member and an attacker can do. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { OrderView } from "../../accounts/wire.ts";
import { NO_FAULTS } from "../bank/trades.ts";
import { inviteBody } from "../points/programme.ts";
import { HttpShop } from "./http-shop.ts";
import { bankOf, newOrderId, until, type Caller } from "./product.ts";

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
  readonly member: Caller;
  readonly orderId: string;
  readonly saleId: string;
}

async function bought(): Promise<Bought> {
  const saleId = await shop.sale({ pricePoints: 30, priceFen: 990, units: 3, limitPerMember: 1 });
  const member = await shop.member(100);
  const orderId = await shop.buy(member, saleId);
  return { member, orderId, saleId };
}

async function begin({ member, orderId }: Bought, provider = "wechat"): Promise<string> {
  const path = `/api/v1/orders/${orderId}/payments`;
  const begun = await shop.send<{ paymentId: string; handOver: { kind: string; url: string } }>(
    member,
    "POST",
    path,
    { provider, scene: "h5" },
  );
  expect(begun.status, begun.text).toBe(201);
  expect(begun.body.handOver.kind).toBe("redirect");
  if (provider === "alipay") {
    const opened = await fetch(begun.body.handOver.url, { redirect: "manual" });
    expect(opened.headers.get("location")).toContain("/pay-sim/cashier");
  }
  return begun.body.paymentId;
}

async function orderOf({ member, orderId }: Bought): Promise<OrderView> {
  return (await shop.send<OrderView>(member, "GET", `/api/v1/orders/${orderId}`)).body;
}

/** Staff whose bill lacks a refund ask: it is there, or it is sent again under its number and comes once. */
async function asksAboutRefund(paymentId: string): Promise<void> {
  const refunds = bank().ledger.trades.get(paymentId)?.refunds ?? [];
  const refundId = refunds[0]?.refundId ?? "";
  const ask = (id: string) =>
    shop.send<{ kind: string }>(shop.staff, "POST", `/api/v1/staff/finance/refunds/${id}/ask`, {});
  // D1 hears of money a moment later.
  const known = await until(
    () => ask(refundId),
    ({ status }) => status === 200,
  );
  expect(known.body).toEqual({ kind: "done" });
  refunds.splice(0);
  expect((await ask(refundId)).body).toEqual({ kind: "done" });
  expect(refunds.map((one) => one.refundId)).toEqual([refundId]);
  expect((await ask("nobody")).status).toBe(404);
}

describe("points plus cash", () => {
  it.each(["wechat", "alipay"])("is paid with %s, and shipped then", async (provider) => {
    const one = await bought();
    expect(await orderOf(one)).toMatchObject({
      state: "awaiting_payment",
      next: "pay",
      pay: { amountFen: 990 },
      legs: { cash: { amountFen: 990, state: "awaiting" }, points: { state: "posted" } },
    });
    const paymentId = await begin(one, provider);
    await bank().pay(paymentId);
    const paid = await orderOf(one);
    expect(paid).toMatchObject({
      state: "to_ship",
      pay: null,
      legs: { cash: { state: "paid" } },
    });
    expect(paid.timeline.map(({ event }) => event)).toContain("paid");
  });

  it("is one payment however often the same way is begun", async () => {
    const one = await bought();
    expect(await begin(one)).toBe(await begin(one));
  });

  it.each(["wechat", "alipay"])(
    "tells the guard of invites who paid with %s, by its call or when asked: nobody invites themselves",
    async (provider) => {
      const [device, network, address] = ["ignore", "ignore", "ignore"] as const;
      const guard = { device, network, payment: "refuse", address } as const;
      const terms = inviteBody({ act: "redemption", amountFenMin: 0, guard });
      const put = await shop.send(shop.staff, "PUT", "/api/v1/staff/earning/terms/invites", terms);
      expect(put.status, put.text).toBe(200);
      const pays = async (one: Bought, payer: string, isLost: boolean): Promise<void> => {
        const paymentId = await begin(one, provider);
        const trade = bank().ledger.trades.get(paymentId);
        if (!trade) throw new Error("no trade");
        trade.payer = `${payer}-${provider}`;
        await bank().pay(paymentId, isLost);
        const path = `/api/v1/orders/${one.orderId}/payments/check`;
        if (isLost) expect((await shop.send(one.member, "POST", path, {})).status).toBe(200);
      };
      const host = await bought();
      await pays(host, "the-host", false);
      const { code } = (await shop.send(host.member, "GET", "/api/v1/me/invites")).body;
      const comes = async (payer: string): Promise<void> => {
        const member = await shop.member(100);
        const body = { requestId: newOrderId(), code };
        const accepted = await shop.send(member, "POST", "/api/v1/me/invites/accept", body);
        expect(accepted.status, accepted.text).toBe(201);
        const orderId = await shop.buy(member, host.saleId);
        await pays({ ...host, member, orderId }, payer, true);
      };
      await comes("the-host");
      await comes("a-friend");
      const seen = await until(
        async () => (await shop.send(host.member, "GET", "/api/v1/me/invites")).body,
        ({ waiting }) => waiting === 0,
      );
      expect(seen).toMatchObject({ invited: 2, rewarded: 1 });
      const states = (seen["recent"] as { state: string }[]).map(({ state }) => state);
      expect(states.sort()).toEqual(["refused", "rewarded"]);
    },
  );

  it("of another member is not to be paid, nor seen", async () => {
    const one = await bought();
    const other = await shop.member(0);
    const path = `/api/v1/orders/${one.orderId}/payments`;
    const body = { provider: "wechat", scene: "h5" };
    expect((await shop.send(other, "POST", path, body)).status).toBe(404);
    expect((await shop.send(other, "GET", path)).status).toBe(404);
  });

  it("heals when the bank's call is lost: the page asks", async () => {
    const one = await bought();
    const paymentId = await begin(one);
    await bank().pay(paymentId, true);
    expect((await orderOf(one)).state).toBe("awaiting_payment");
    const path = `/api/v1/orders/${one.orderId}/payments/check`;
    const checked = await shop.send<OrderView>(one.member, "POST", path, {});
    expect(checked.body.state).toBe("to_ship");
  });

  it("cancelled after it was paid sends the money back, and points to their lots", async () => {
    const one = await bought();
    const paymentId = await begin(one);
    await bank().pay(paymentId);
    const before = bank().ledger.balanceFen();
    const cancelled = await shop.cancel(one.member, one.orderId);
    expect(cancelled.status).toBe(200);
    expect(["refunding", "refunded"]).toContain(cancelled.body.state);
    const done = await until(
      () => orderOf(one),
      (order) => order.state === "refunded",
    );
    expect(done.legs).toMatchObject({
      cash: { state: "refunded", refundedFen: 990 },
      points: { state: "returned" },
    });
    const told = done.timeline.map(({ event }) => event);
    expect(told).toEqual(expect.arrayContaining(["paid", "cancelled", "refunded", "money_back"]));
    expect(bank().ledger.balanceFen()).toBe(before - 990);
    expect(await shop.points(one.member)).toMatchObject({ active: 100, spent: 0 });
    await asksAboutRefund(paymentId);
  });

  it("paid twice sends the second payment back and keeps the first", async () => {
    const one = await bought();
    const paymentId = await begin(one);
    await bank().pay(paymentId);
    await bank().pay(paymentId);
    const trade = bank().ledger.trades.get(paymentId);
    await until(
      () => Promise.resolve(trade?.refunds.length ?? 0),
      (count) => count === 1,
    );
    expect(trade?.refunds[0]).toMatchObject({ amountFen: 990, txnId: trade?.txns[1]?.txnId });
    const told = await until(
      () => orderOf(one),
      ({ timeline }) => timeline.some(({ event }) => event === "extra_back"),
    );
    expect(told).toMatchObject({ state: "to_ship", legs: { cash: { state: "paid" } } });
    expect(told.timeline.map(({ event }) => event)).not.toContain("money_back");
  });
});

describe("a call of the bank", () => {
  it("that overtakes the answer to what began the payment counts all the same, once", async () => {
    const one = await bought();
    bank().ledger.faults.paysFirst = true;
    const before = bank().ledger.balanceFen();
    const paymentId = await begin(one);
    const paid = await orderOf(one);
    expect(paid).toMatchObject({ state: "to_ship", legs: { cash: { state: "paid" } } });
    expect(paid.timeline.filter(({ event }) => event === "paid")).toHaveLength(1);
    expect(bank().ledger.balanceFen() - before).toBe(990);
    // Asked once more, the bank says the same, and nothing happens twice.
    const path = `/api/v1/orders/${one.orderId}/payments/check`;
    await shop.send(one.member, "POST", path, {});
    expect((await orderOf(one)).timeline).toEqual(paid.timeline);
    expect(bank().ledger.trades.get(paymentId)?.refunds).toEqual([]);
  });

  it("repeated changes nothing", async () => {
    bank().ledger.faults.copies = 5;
    const one = await bought();
    const paymentId = await begin(one);
    await bank().pay(paymentId);
    const first = await orderOf(one);
    const txn = bank().ledger.trades.get(paymentId)?.txns[0]?.txnId ?? "";
    await bank().report(paymentId, txn);
    expect(await orderOf(one)).toEqual(first);
  });

  it("with another amount pays nothing and is kept for somebody to look at", async () => {
    const one = await bought();
    const paymentId = await begin(one);
    bank().ledger.faults.offByFen = -1;
    await bank().pay(paymentId);
    const order = await orderOf(one);
    expect(order.state).toBe("awaiting_payment");
    expect(order.timeline.map(({ event }) => event)).toContain("wrong_amount");
    // Nothing more is to be paid here; give it back so that the audit finds rest.
    await shop.cancel(one.member, one.orderId);
  });

  it("that is forged, changed, stale or another merchant's is refused", async () => {
    const one = await bought();
    const paymentId = await begin(one);
    bank().ledger.faults.holdNotices = true;
    await bank().pay(paymentId);
    const real = bank().held.splice(0)[0];
    if (!real) throw new Error("the call was held back");
    const send = (headers: Record<string, string>, body = real.body, url = real.url) =>
      fetch(url, { method: "POST", headers: { ...real.headers, ...headers }, body });
    const forgeries = [
      send({ "wechatpay-signature": Buffer.from("x".repeat(256)).toString("base64") }),
      send({ "wechatpay-timestamp": "1600000000" }),
      send({ "wechatpay-serial": "PUB_KEY_ID_1" }),
      send({ "wechatpay-signature": "" }),
      send({}, `${real.body} `),
      send({}, real.body, real.url.replace("/wechat/", "/alipay/")),
    ];
    for (const { status } of await Promise.all(forgeries)) expect(status).toBe(403);
    const elsewhere = await send(
      {},
      real.body,
      real.url.replace("/payments/demo/", "/payments/other/"),
    );
    // Where another programme has the same bank, the number is unknown; nothing moves.
    expect([204, 404]).toContain(elsewhere.status);
    expect((await orderOf(one)).state).toBe("awaiting_payment");
    expect((await send({})).status).toBe(204);
    expect((await orderOf(one)).state).toBe("to_ship");
  });
});
