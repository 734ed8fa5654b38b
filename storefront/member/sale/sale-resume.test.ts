import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { benchOf, ok, problem, sharedStorage, type Bench } from "../../testing/fakes.ts";
import {
  grantedSample,
  meSample,
  orderSample,
  saleData,
  saleSample,
  T0,
} from "../../testing/samples.ts";
import type { StockFrame } from "./sale-model.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);
const ID = "A0000000000000000000000001";
const open = saleSample({ status: "open", remaining: 312 });
const held = (over = {}) =>
  saleData({ order: orderSample({ orderId: ID }), limitUsed: 1, ...over });

function stock(over: Partial<StockFrame> = {}): StockFrame {
  return {
    t: "stock",
    remaining: 312,
    epoch: 0,
    status: "open",
    opensAtMs: T0,
    closesAtMs: T0 + 1_800_000,
    units: 500,
    returned: 0,
    redeemed: 188,
    soldOutAtMs: null,
    closedAtMs: null,
    nextWaveAtMs: null,
    waiting: 3_214,
    ...over,
  };
}

/** A page with a hold and a live door that has its pass, at the given moment. */
async function armed(
  atMs: number,
  options: Partial<Parameters<typeof benchOf>[0]> = {},
): Promise<Bench> {
  const bench = benchOf({
    data: held({ serverTimeMs: atMs, sale: atMs >= T0 ? open : saleSample() }),
    ...options,
  });
  bench.controller.start();
  bench.live();
  await pass(0);
  return bench;
}

describe("a promise that got better", () => {
  it("shows a later end and more units by itself, and says so", async () => {
    const bench = await armed(T0 + 1_000);
    const closesAtMs = T0 + 3_600_000;
    bench.say(stock({ closesAtMs }));
    expect(bench.model()).toMatchObject({
      sale: { closesAtMs },
      toast: { message: { key: "extended", closesAtMs } },
    });
    bench.say(stock({ closesAtMs, units: 620, remaining: 432 }));
    await pass(300);
    expect(bench.model()).toMatchObject({
      sale: { units: 620, remaining: 432 },
      toast: { message: { key: "restocked", units: 120 } },
    });
  });
});

describe("a new epoch", () => {
  it("exchanges an unused ticket within the jitter, naming the old id", async () => {
    const shared = sharedStorage();
    const bench = await armed(T0 - 60_000, { store: shared.open(), ids: "B" });
    bench.say({ t: "ticket?", epoch: 1, jitterMs: 400 });
    expect(bench.grab()).toMatchObject({ state: "booking", label: { key: "exchanging" } });
    expect(bench.calls.tickets.filter(({ replaces }) => replaces !== undefined)).toHaveLength(0);
    await pass(250);
    const exchange = bench.calls.tickets.at(-1);
    expect(exchange).toMatchObject({ epoch: 1, replaces: ID });
    expect(exchange?.orderId).not.toBe(ID);
    expect(bench.model().ticket).toMatchObject({ orderId: exchange?.orderId, epoch: 1 });
    expect(bench.model().toast?.message.key).toBe("exchanged");
    expect(bench.sent.at(-1)).toEqual({ t: "ticket", ticket: `signed-${exchange?.orderId}` });
    expect(shared.value()).toEqual({
      orderId: exchange?.orderId,
      quantity: 1,
      epoch: 1,
      phase: "ticket",
    });
  });

  it("exchanges after a stale verdict, and never shows it", async () => {
    const bench = await armed(T0 + 10, { ids: "B" });
    bench.controller.tap();
    bench.say({ t: "verdict", orderId: ID, outcome: "refused", code: "stale", epoch: 2 });
    expect(bench.grab().state).toBe("booking");
    await pass(400);
    expect(bench.calls.tickets.at(-1)).toMatchObject({ epoch: 2, replaces: ID });
    expect(bench.grab()).toMatchObject({ state: "open", action: "grab" });
  });

  it("brings one who lost back for the wave, once", async () => {
    const bench = await armed(T0 + 10, { ids: "B" });
    bench.controller.tap();
    bench.say({ t: "verdict", orderId: ID, outcome: "refused", code: "sold_out", atMs: T0 + 20 });
    bench.say(stock({ remaining: 0, returned: 8, nextWaveAtMs: T0 + 30_000 }));
    await pass(300);
    expect(bench.grab().state).toBe("wave");
    bench.say(stock({ remaining: 8, epoch: 1, opensAtMs: T0 + 60_000 }));
    bench.say({ t: "ticket?", epoch: 1, jitterMs: 100 });
    await pass(3_000);
    const exchanges = bench.calls.tickets.filter(({ replaces }) => replaces === ID);
    expect(exchanges).toHaveLength(1);
    expect(bench.grab().state).toBe("booked");
    expect(bench.model().waveUnits).toBe(8);
  });

  it("leaves one who only watched alone", async () => {
    const bench = benchOf({ data: saleData({ serverTimeMs: T0 + 10, sale: open }) });
    bench.controller.start();
    bench.live();
    bench.say(stock({ epoch: 1 }));
    bench.say({ t: "ticket?", epoch: 1, jitterMs: 10 });
    await pass(3_000);
    expect(bench.calls.tickets).toHaveLength(0);
    expect(bench.model().sale.epoch).toBe(1);
  });

  it("offers to book again when the exchange fails", async () => {
    const bench = await armed(T0 - 60_000, {
      ids: "B",
      change: (api) => {
        const { ticket } = api;
        api.ticket = async (saleId, body) =>
          body.replaces === undefined ? ticket(saleId, body) : problem("forgone", 409);
      },
    });
    bench.say({ t: "ticket?", epoch: 1, jitterMs: 0 });
    await pass(10);
    expect(bench.grab()).toMatchObject({
      state: "bookable",
      label: { key: "rebook" },
      action: "book",
    });
  });

  it("is granted when the old ticket had won meanwhile", async () => {
    const bench = await armed(T0 - 60_000, {
      ids: "B",
      change: (api) => {
        const { ticket } = api;
        api.ticket = async (saleId, body) =>
          body.replaces === undefined
            ? ticket(saleId, body)
            : ok({ orderId: ID, outcome: "granted" as const, points: 900, remaining: 3 });
      },
    });
    bench.say({ t: "ticket?", epoch: 1, jitterMs: 0 });
    await pass(10);
    expect(bench.model().verdict).toMatchObject({ kind: "granted", orderId: ID });
  });
});

describe("coming back", () => {
  it("takes up a hold after a reload: the same id, signed anew", async () => {
    const bench = await armed(T0 - 60_000);
    expect(bench.calls.tickets).toContainEqual({
      orderId: ID,
      quantity: 1,
      epoch: 0,
      pointsMax: 900,
    });
    expect(bench.grab().state).toBe("booked");
    expect(bench.sent).toContainEqual({ t: "ticket", ticket: `signed-${ID}` });
  });

  it("carries a tap over a reload: the same id once more", async () => {
    const shared = sharedStorage();
    const store = shared.open();
    store.write({ orderId: ID, quantity: 1, epoch: 0, phase: "sent" });
    const bench = benchOf({ data: held({ serverTimeMs: T0 + 500, sale: open }), store });
    bench.controller.start();
    await pass(0);
    expect(bench.calls.redemptions).toEqual([
      { orderId: ID, quantity: 1, epoch: 0, pointsMax: 900 },
    ]);
    expect(bench.grab().state).toBe("granted");
    expect(shared.value()?.phase).toBe("granted");
  });

  it("shows an order made on another phone", async () => {
    const bench = benchOf({
      data: saleData({
        order: grantedSample(),
        limitUsed: 1,
        sale: open,
        serverTimeMs: T0 + 2_000,
      }),
    });
    bench.controller.start();
    expect(bench.grab()).toMatchObject({ state: "granted", action: "order" });
  });

  it("asks on for an order the server had in doubt", async () => {
    const bench = benchOf({
      data: saleData({
        order: orderSample({ orderId: ID, state: "in_doubt" }),
        limitUsed: 1,
        sale: open,
        serverTimeMs: T0 + 2_000,
      }),
      change: (api) => void (api.order = async () => ok(grantedSample({ orderId: ID }))),
    });
    expect(bench.grab().state).toBe("in_doubt");
    bench.controller.start();
    await pass(0);
    expect(bench.grab().state).toBe("granted");
  });

  it("drops a stored id the server never heard of", async () => {
    const shared = sharedStorage();
    const store = shared.open();
    store.write({ orderId: ID, quantity: 1, epoch: 0, phase: "ticket" });
    const bench = benchOf({ data: saleData(), store });
    bench.controller.start();
    await pass(0);
    expect(bench.grab().state).toBe("bookable");
    expect(bench.calls.tickets).toHaveLength(0);
  });

  it("asks the server for everything again when it is shown", async () => {
    const bench = await armed(T0 - 60_000);
    const before = bench.calls.sales;
    bench.controller.comeBack("restored");
    await pass(0);
    expect(bench.calls.sales).toBe(before + 1);
  });

  it("is not set back by a frame that waited for its redraw while the server was asked", async () => {
    const now = { ...open, remaining: 300 };
    const bench = await armed(T0 + 10, {
      change: (api) => void (api.sale = async () => ok({ ...now, serverTimeMs: T0 + 10 })),
    });
    bench.say(stock({ remaining: 311 }));
    bench.say(stock({ remaining: 310 }));
    expect(bench.model().sale.remaining).toBe(311);
    bench.controller.comeBack("restored");
    await pass(300);
    expect(bench.model().sale.remaining).toBe(300);
  });

  it("tells of a lost line only after three seconds, and never closes the button", async () => {
    const bench = await armed(T0 + 10);
    bench.lose();
    expect(bench.model().connection.lostSinceMs).not.toBeNull();
    expect(bench.grab()).toMatchObject({ state: "open", action: "redeem" });
    bench.controller.wentOffline();
    expect(bench.model().toast?.message).toEqual({ key: "offline", held: true });
  });
});

describe("two tabs", () => {
  it("are one order: a booking in one is held in the other", async () => {
    const shared = sharedStorage();
    const first = benchOf({ data: saleData(), store: shared.open() });
    const second = benchOf({
      data: saleData(),
      store: shared.open(),
      ids: "Z",
      change: (api) => void (api.order = async (orderId) => ok(orderSample({ orderId }))),
    });
    first.controller.start();
    second.controller.start();
    first.controller.tap();
    await pass(10);
    expect(first.model().ticket?.orderId).toBe(ID);
    expect(second.model().ticket?.orderId).toBe(ID);
    expect(second.calls.tickets.every(({ orderId }) => orderId === ID)).toBe(true);
  });

  it("asks again while the other tab's booking is still on its way", async () => {
    const shared = sharedStorage();
    const first = benchOf({ data: saleData(), store: shared.open() });
    let asked = 0;
    const second = benchOf({
      data: saleData(),
      store: shared.open(),
      ids: "Z",
      change: (api) =>
        void (api.order = async (orderId) => {
          asked += 1;
          return asked === 1 ? problem("not_found", 404) : ok(orderSample({ orderId }));
        }),
    });
    first.controller.start();
    second.controller.start();
    first.controller.tap();
    await pass(10);
    expect(second.model().ticket).toBeNull();
    await pass(1_000);
    expect(second.model().ticket?.orderId).toBe(ID);
    expect(second.calls.tickets.every(({ orderId }) => orderId === ID)).toBe(true);
  });

  it("show one another's outcome, and send one id", async () => {
    const shared = sharedStorage();
    const data = held({ serverTimeMs: T0 + 10, sale: open });
    const first = benchOf({ data, store: shared.open() });
    const second = benchOf({
      data,
      store: shared.open(),
      ids: "Z",
      change: (api) => void (api.order = async () => ok(grantedSample({ orderId: ID }))),
    });
    first.controller.start();
    second.controller.start();
    await pass(0);
    first.controller.tap();
    await pass(1_000);
    expect(first.grab().state).toBe("granted");
    expect(second.grab().state).toBe("granted");
    expect(second.calls.redemptions).toHaveLength(0);
  });

  it("exchange with one new id between them", async () => {
    const shared = sharedStorage();
    const data = held({ serverTimeMs: T0 - 60_000 });
    const first = benchOf({ data, store: shared.open(), ids: "B" });
    const second = benchOf({ data, store: shared.open(), ids: "C" });
    for (const tab of [first, second]) {
      tab.controller.start();
      tab.live();
    }
    await pass(0);
    for (const tab of [first, second]) tab.say({ t: "ticket?", epoch: 1, jitterMs: 200 });
    await pass(1_000);
    const ids = [first, second].flatMap(({ calls }) =>
      calls.tickets.filter(({ replaces }) => replaces === ID).map(({ orderId }) => orderId),
    );
    expect(new Set(ids).size).toBe(1);
    expect(first.model().ticket?.orderId).toBe(second.model().ticket?.orderId);
  });
});

describe("stock and words", () => {
  it("counts people from frames only, and redraws the figure at most four times a second", async () => {
    const bench = await armed(T0 + 10);
    expect(bench.model().waiting).toBeNull();
    let drawn = 0;
    bench.controller.model.subscribe(({ sale }) => void (sale.remaining < 312 && (drawn += 1)));
    for (let left = 311; left > 211; left -= 1) bench.say(stock({ remaining: left }));
    // The first figure is shown at once: an open page is to know within a quarter of a second.
    expect(bench.model().sale.remaining).toBe(311);
    await pass(260);
    expect(bench.model().waiting).toBe(3_214);
    expect(bench.model().sale.remaining).toBe(212);
    expect(drawn).toBeLessThanOrEqual(2);
  });

  it("speaks of half, few and none", async () => {
    const bench = await armed(T0 + 10);
    const heard: string[] = [];
    bench.controller.model.subscribe(({ polite }) => {
      if (polite !== null && heard.at(-1) !== polite.key) heard.push(polite.key);
    });
    for (const remaining of [240, 49, 0]) {
      bench.say(stock({ remaining }));
      await pass(6_000);
    }
    expect(heard).toEqual(["stockHalf", "stockLow", "stockNone"]);
  });

  it("keeps a refusal of the server apart from the figure of the page", async () => {
    const bench = benchOf({ data: saleData({ me: meSample({ active: 100 }) }) });
    expect(bench.grab()).toMatchObject({ state: "points_insufficient", sub: { gap: 800 } });
  });
});
