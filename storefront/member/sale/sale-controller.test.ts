import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  benchOf,
  ok,
  problem,
  sharedStorage,
  silence,
  ticketOf,
  type Bench,
} from "../../testing/fakes.ts";
import { isNearHour } from "./follow-sale.ts";
import {
  grantedSample,
  lostSample,
  orderSample,
  saleData,
  saleSample,
  T0,
} from "../../testing/samples.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);
const ID = "A0000000000000000000000001";
const open = saleSample({ status: "open", remaining: 312 });
const held = (over = {}) =>
  saleData({ order: orderSample({ orderId: ID }), limitUsed: 1, ...over });

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

const TAKEN = { orderId: ID, quantity: 1, epoch: 0, pointsMax: 900 };

describe("booking", () => {
  it("stores the id before it sends, books, and shows the pass at the door", async () => {
    const shared = sharedStorage();
    let storedWhenSent: unknown = null;
    const bench = benchOf({
      data: saleData(),
      store: shared.open(),
      change: (api, calls) => {
        api.ticket = async (_saleId, body) => {
          storedWhenSent = shared.value();
          calls.tickets.push(body);
          return ok(ticketOf(body), 201);
        };
      },
    });
    bench.controller.start();
    bench.live();
    expect(bench.opened).toEqual(["/api/v1/sales/tea.travel-cup~12/door?watch=1"]);
    expect(bench.controller.tap()).toBe("book");
    expect(bench.grab().state).toBe("booking");
    expect(bench.controller.tap()).toBe("none");
    await pass(0);
    expect(storedWhenSent).toMatchObject({ orderId: ID, phase: "ticket", epoch: 0 });
    expect(bench.calls.tickets).toEqual([TAKEN]);
    expect(bench.grab().state).toBe("booked");
    expect(bench.model().limitUsed).toBe(1);
    expect(bench.sent).toContainEqual({ t: "ticket", ticket: `signed-${ID}` });
  });

  it("repeats a booking that got no answer with the same id, and gives up kindly", async () => {
    const bench = benchOf({
      data: saleData(),
      change: (api, calls) => {
        api.ticket = async (_saleId, body) => {
          calls.tickets.push(body);
          return silence();
        };
      },
    });
    bench.controller.start();
    bench.controller.tap();
    await pass(20_000);
    expect(new Set(bench.calls.tickets.map(({ orderId }) => orderId))).toEqual(new Set([ID]));
    expect(bench.grab().state).toBe("bookable");
    bench.controller.tap();
    await pass(0);
    expect(bench.calls.tickets.at(-1)?.orderId).toBe(ID);
  });

  it("takes a new id for a newer epoch", async () => {
    const bench = benchOf({
      data: saleData(),
      change: (api, calls) => {
        api.ticket = async (_saleId, body) => {
          calls.tickets.push(body);
          return body.epoch === 0 ? problem("stale", 409, { epoch: 3 }) : ok(ticketOf(body), 201);
        };
      },
    });
    bench.controller.start();
    bench.controller.tap();
    await pass(0);
    expect(bench.calls.tickets.map(({ epoch }) => epoch)).toEqual([0, 3]);
    expect(bench.calls.tickets[1]?.orderId).not.toBe(ID);
    expect(bench.model().ticket?.epoch).toBe(3);
  });

  it.each([
    ["points_insufficient", 409, { needed: 900, active: 720 }, "points_insufficient"],
    ["limit_reached", 409, { limit: 1, used: 1 }, "limit_reached"],
    ["not_eligible", 403, { rule: "gold" }, "not_eligible"],
    ["sold_out", 409, { remaining: 0 }, "sold_out"],
    ["closed", 409, { closedAtMs: T0 }, "closed"],
    ["unauthenticated", 401, {}, "login"],
  ])("shows %s as its own state", async (code, status, figures, state) => {
    const bench = benchOf({
      data: saleData(),
      change: (api) => void (api.ticket = async () => problem(code, status, figures)),
    });
    bench.controller.start();
    bench.controller.tap();
    await pass(0);
    expect(bench.grab().state).toBe(state);
  });

  it("gives a ticket back", async () => {
    const bench = await armed(T0 - 60_000);
    bench.controller.forgo();
    await pass(0);
    expect(bench.calls.forgone).toEqual([ID]);
    expect(bench.grab().state).toBe("bookable");
    expect(bench.model().toast?.message).toEqual({ key: "forgone", points: 900 });
  });
});

describe("the tap", () => {
  it("arms itself at the hour and sends one grab however often it is tapped", async () => {
    const bench = await armed(T0 - 4_000);
    expect(bench.grab().state).toBe("booked");
    await pass(1_100);
    expect(bench.grab().state).toBe("arming");
    await pass(3_000);
    expect(bench.grab().state).toBe("open");
    expect(bench.model().polite).toEqual({ key: "opened" });
    bench.controller.tap();
    bench.controller.tap();
    bench.controller.tap();
    expect(bench.sent.filter(({ t }) => t === "grab")).toHaveLength(1);
    expect(bench.grab().state).toBe("sending");
    await pass(450);
    expect(bench.grab().state).toBe("queued");
    bench.say({ t: "verdict", orderId: ID, outcome: "granted", ordinal: 137, atMs: T0 + 938 });
    expect(bench.grab()).toMatchObject({ state: "granted", action: "order" });
    expect(bench.model().verdict).toMatchObject({ kind: "granted", ordinal: 137, points: 900 });
    expect(bench.calls.redemptions).toHaveLength(0);
  });

  it("stays armed after an early tap, with the milliseconds", async () => {
    const shared = sharedStorage();
    const bench = await armed(T0 + 10, { store: shared.open() });
    bench.controller.tap();
    expect(shared.value()?.phase).toBe("sent");
    bench.say({ t: "verdict", orderId: ID, outcome: "again", code: "not_open", opensInMs: 212 });
    expect(bench.model().toast?.message).toEqual({ key: "notOpen", earlyMs: 212 });
    expect(bench.grab()).toMatchObject({ state: "open", action: "grab" });
    expect(shared.value()).toMatchObject({ orderId: ID, phase: "ticket" });
    bench.controller.tap();
    expect(bench.sent.filter(({ t }) => t === "grab")).toHaveLength(2);
  });

  it("says why it was lost, by the server's own figures, and that the points are back", async () => {
    const bench = await armed(T0 + 10, {
      change: (api) => void (api.order = async () => ok(lostSample({ orderId: ID }))),
    });
    bench.controller.tap();
    bench.say({
      t: "verdict",
      orderId: ID,
      outcome: "refused",
      code: "sold_out",
      remaining: 0,
      atMs: T0 + 1_412,
    });
    expect(bench.grab().state).toBe("sold_out");
    expect(bench.model().verdict).toMatchObject({
      kind: "refused",
      code: "sold_out",
      atMs: T0 + 1_412,
    });
    await pass(3_000);
    expect(bench.model().order?.legs.points.state).toBe("returned");
  });

  it("ignores a verdict for another order", async () => {
    const bench = await armed(T0 + 10);
    bench.controller.tap();
    bench.say({ t: "verdict", orderId: "somebody-elses-order", outcome: "granted" });
    expect(bench.grab().state).toBe("sending");
  });

  it("goes by HTTP with the same id when the door breaks under a tap", async () => {
    const bench = await armed(T0 + 10);
    bench.controller.tap();
    bench.lose();
    await pass(0);
    expect(bench.calls.redemptions).toEqual([TAKEN]);
    expect(bench.grab().state).toBe("granted");
  });

  it("falls back to HTTP and to polling when the door never opens", async () => {
    const bench = benchOf({ data: held({ serverTimeMs: T0 + 10, sale: open }) });
    bench.controller.start();
    bench.lose(1);
    bench.lose(2);
    await pass(4_100);
    expect(bench.calls.sales).toBe(2);
    expect(bench.model().connection).toMatchObject({ live: false, polling: true });
    expect(bench.grab()).toMatchObject({ state: "open", action: "redeem" });
    bench.controller.tap();
    await pass(0);
    expect(bench.calls.redemptions).toEqual([TAKEN]);
    expect(bench.grab().state).toBe("granted");
    bench.live();
    expect(bench.model().connection.polling).toBe(false);
  });

  it("redeems without a ticket, and an ordinary item without a door", async () => {
    const sale = saleSample({
      kind: "standing",
      status: "open",
      opensAtMs: T0 - 1e9,
      limitPerMember: 2,
    });
    const bench = benchOf({ data: saleData({ sale }) });
    bench.controller.start();
    expect(bench.opened).toEqual([]);
    bench.controller.tap();
    await pass(0);
    expect(bench.calls.redemptions).toEqual([TAKEN]);
    expect(bench.grab().state).toBe("granted");
    bench.controller.again();
    expect(bench.grab()).toMatchObject({ state: "open", action: "redeem" });
  });

  it("pays no more than the page says: a changed price is shown, and the member decides again", async () => {
    const sale = saleSample({ kind: "standing", status: "open", opensAtMs: T0 - 1e9 });
    const off = { discountId: "tier", title: "金", percent: 80, points: 180 };
    const price = { saleId: sale.saleId, listPoints: 900, points: 720, discounts: [off] };
    const data = saleData({ sale, price });
    const bench = benchOf({
      data,
      change: (api, calls) => {
        const { redeem } = api;
        api.prices = async () => ok({ prices: [{ ...price, points: 900, discounts: [] }] });
        api.redeem = async (saleId, body) => {
          if (body.pointsMax >= 900) return redeem(saleId, body);
          calls.redemptions.push(body);
          return problem("price_changed", 409, { points: 900 });
        };
      },
    });
    bench.controller.start();
    expect(bench.model().sale.pricePoints).toBe(720);
    bench.controller.tap();
    await pass(0);
    expect(bench.calls.redemptions).toEqual([{ ...TAKEN, pointsMax: 720 }]);
    expect(bench.model().toast?.message).toEqual({ key: "priceChanged", points: 900 });
    expect(bench.model().sale.pricePoints).toBe(900);
    expect(bench.grab()).toMatchObject({ state: "open", action: "redeem" });
    bench.controller.tap();
    await pass(0);
    expect(bench.calls.redemptions.at(-1)).toEqual(TAKEN);
    expect(bench.grab().state).toBe("granted");
  });

  it("waits as long as an overloaded server asks, then repeats the same id", async () => {
    let answers = 0;
    const bench = benchOf({
      data: saleData({ serverTimeMs: T0 + 10, sale: open }),
      change: (api, calls) => {
        const { redeem } = api;
        api.redeem = async (saleId, body) => {
          answers += 1;
          if (answers > 1) return redeem(saleId, body);
          calls.redemptions.push(body);
          return problem("overloaded", 503, {}, 2_000);
        };
      },
    });
    bench.controller.start();
    bench.controller.tap();
    await pass(10);
    expect(bench.grab()).toMatchObject({ state: "queued", sub: { key: "about", seconds: 2 } });
    await pass(2_000);
    expect(bench.grab().state).toBe("granted");
    expect(new Set(bench.calls.redemptions.map(({ orderId }) => orderId)).size).toBe(1);
  });
});

describe("doubt", () => {
  it("asks every two seconds, keeps the id, and ends granted", async () => {
    let asked = 0;
    const bench = await armed(T0 + 10, {
      change: (api) => {
        api.order = async () => {
          asked += 1;
          return ok(
            asked < 3
              ? orderSample({ orderId: ID, state: "in_doubt" })
              : grantedSample({ orderId: ID }),
          );
        };
      },
    });
    asked = 0;
    bench.controller.tap();
    await pass(2_900);
    expect(bench.grab().state).toBe("queued");
    await pass(200);
    expect(bench.grab()).toMatchObject({ state: "in_doubt", sub: { key: "asking", times: 1 } });
    await pass(4_100);
    expect(bench.grab().state).toBe("granted");
    expect(bench.model().order?.ordinal).toBe(137);
  });

  it("sends the same id again when the request never arrived", async () => {
    const bench = await armed(T0 + 10);
    bench.controller.tap();
    await pass(3_100);
    expect(bench.calls.redemptions).toEqual([TAKEN]);
    expect(bench.grab().state).toBe("granted");
  });

  it("is refused with the server's reason", async () => {
    const bench = await armed(T0 + 10, {
      change: (api) => void (api.order = async () => ok(lostSample({ orderId: ID }))),
    });
    bench.controller.tap();
    await pass(3_100);
    expect(bench.grab().state).toBe("sold_out");
    expect(bench.model().verdict).toMatchObject({ atMs: T0 + 1_412 });
  });
});

describe("a page that is read anew", () => {
  it("takes up words and the member's price, and keeps its ticket", async () => {
    const { controller } = await armed(T0 - 600_000);
    const sale = saleSample({ title: "云山杯 新款" });
    const off = { discountId: "tier", title: "金", percent: 80, points: 180 };
    const price = { saleId: sale.saleId, listPoints: 900, points: 720, discounts: [off] };
    controller.renew(saleData({ sale, price }));
    const model = controller.model.get();
    expect([model.sale.title, model.sale.pricePoints]).toEqual(["云山杯 新款", 720]);
    expect(model.ticket?.orderId).toBe(ID);
  });

  it("is not read whole in the minutes around its hour", async () => {
    for (const [offMs, isNear] of [
      [-61_000, false],
      [-59_000, true],
      [59_000, true],
      [61_000, false],
    ] as const) {
      const { controller } = await armed(T0 + offMs);
      expect([offMs, isNearHour(controller)]).toEqual([offMs, isNear]);
    }
  });
});
