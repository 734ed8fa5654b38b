/** docs/contract.md, the door: frames of both sides, verdicts, exchanges, and who is not let in. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { parseKeyRing, signToken } from "../../kernel/key-ring.ts";
import type { TicketResponse } from "../../redemption/wire.ts";
import { expectProblem, HttpShop, raw, type Redeeming, type Reply } from "./http-shop.ts";
import { DoorSocket } from "./http-socket.ts";
import { newOrderId, until, type Caller } from "./product.ts";

const TICKET_KEYS = `now:${"n".repeat(40)}`;

let shop: HttpShop;
const open: DoorSocket[] = [];
beforeAll(async () => {
  shop = await HttpShop.open({ TICKET_KEYS });
});
afterEach(() => {
  for (const door of open.splice(0)) door.close();
});
afterAll(async () => {
  await shop.expectAuditAtRest();
  await shop.close();
});

async function ticketOf(
  who: Caller,
  saleId: string,
  what: Redeeming = {},
): Promise<TicketResponse> {
  const reply = await shop.ticket(who, saleId, what);
  expect({ status: reply.status, code: reply.body["code"] }).toEqual({ status: 201 });
  return reply.body as unknown as TicketResponse;
}

async function enter(path: string): Promise<DoorSocket> {
  const door = await DoorSocket.open(shop.origin, path);
  open.push(door);
  return door;
}

const watch = (saleId: string): Promise<DoorSocket> =>
  enter(`/api/v1/sales/${saleId}/door?watch=1`);

/** The upgrade's own answer. */
function knock(path: string): Promise<Reply> {
  return raw(shop.origin, {
    method: "GET",
    path,
    headers: {
      connection: "Upgrade",
      upgrade: "websocket",
      "sec-websocket-version": "13",
      "sec-websocket-key": Buffer.from("0123456789abcdef").toString("base64"),
    },
  });
}

describe("frames", () => {
  it("begin with the clock and the stock", async () => {
    const saleId = await shop.sale();
    const { doorUrl } = await ticketOf(await shop.member(10), saleId);
    const door = await enter(doorUrl);
    const { opensAtMs } = await shop.view(saleId);
    const clock = await door.wait("clock");
    expect(Math.abs(clock.serverTimeMs - Date.now())).toBeLessThan(5_000);
    expect(clock.clientTimeMs).toBeUndefined();
    const stock = await door.wait("stock");
    expect(stock).toMatchObject({ remaining: 5, epoch: 1, status: "open", opensAtMs });
    expect(door.frames[0]?.frame.t).toBe("clock");
  });

  it("answer a ping with the clock and what was sent", async () => {
    const door = await watch(await shop.sale());
    for (const clientTimeMs of [0, 1.5, -7, 1_790_000_000_123]) {
      door.send({ t: "ping", clientTimeMs });
      const pong = await door.wait("clock", (frame) => frame.clientTimeMs === clientTimeMs);
      expect(pong.serverTimeMs).toBeGreaterThan(0);
    }
  });

  it("show the stock to everybody who looks on, ten times a second at most", async () => {
    const saleId = await shop.sale({ units: 200, limitPerMember: 200 });
    const doors = await Promise.all([watch(saleId), watch(saleId)]);
    const member = await shop.member(2_000);
    const startedAtMs = Date.now();
    for (let at = 0; at < 60; at += 1) await shop.buy(member, saleId);
    for (const door of doors) await door.wait("stock", ({ remaining }) => remaining === 140);
    const tenths = Math.ceil((Date.now() - startedAtMs) / 100);
    for (const door of doors) {
      const seen = door.all("stock").map(({ remaining }) => remaining);
      expect(seen.length).toBeLessThanOrEqual(tenths + 2);
      expect(seen).toEqual([...seen].sort((a, b) => b - a));
    }
  });

  it("tell an open page of sold out, pause, restock and close", async () => {
    const saleId = await shop.sale({ units: 1 });
    const door = await watch(saleId);
    await shop.buy(await shop.member(10), saleId);
    await door.wait("stock", ({ remaining, status }) => remaining === 0 && status === "open");
    await shop.command(saleId, "pause");
    await door.wait("stock", ({ status }) => status === "paused");
    await shop.command(saleId, "resume");
    await shop.restock(saleId, 4);
    await door.wait("stock", ({ remaining, epoch }) => remaining === 4 && epoch === 2);
    await shop.command(saleId, "close");
    await door.wait("stock", ({ status, epoch }) => status === "closed" && epoch === 3);
  });
});

describe("a grab", () => {
  it("is granted, said again word for word, and posted", async () => {
    const saleId = await shop.sale({ units: 2 });
    const member = await shop.member(10);
    const { doorUrl, orderId } = await ticketOf(member, saleId);
    const door = await enter(doorUrl);
    const first = await door.grab();
    expect(first).toMatchObject({ orderId, outcome: "granted", remaining: 1 });
    expect(await door.grab()).toEqual(first);
    const second = await enter(doorUrl);
    expect(await second.grab()).toEqual(first);
    const posted = await until(
      () => shop.order(member, orderId),
      ({ body }) => body.state === "to_ship",
    );
    expect(posted.body).toMatchObject({ outcome: "granted", ordinal: 1 });
    expect(await shop.points(member)).toMatchObject({ active: 0, held: 0, spent: 10 });
    const replay = await shop.redeem(member, saleId, { orderId });
    expect(replay).toMatchObject({
      status: 200,
      body: { orderId, outcome: "granted", points: 10, remaining: 1 },
    });
    expect((await shop.view(saleId)).remaining).toBe(1);
  });

  it("on two sockets at once takes once", async () => {
    const saleId = await shop.sale({ units: 5 });
    const { doorUrl } = await ticketOf(await shop.member(10), saleId);
    const doors = await Promise.all([enter(doorUrl), enter(doorUrl), enter(doorUrl)]);
    const verdicts = await Promise.all(doors.map((door) => door.grab()));
    for (const verdict of verdicts) expect(verdict).toEqual(verdicts[0]);
    expect(verdicts[0]?.outcome).toBe("granted");
    expect((await shop.view(saleId)).remaining).toBe(4);
  });

  it("that comes too late is refused, stays refused, and its points come back", async () => {
    const saleId = await shop.sale({ units: 1 });
    const members = await Promise.all(Array.from({ length: 9 }, () => shop.member(10)));
    const tickets = await Promise.all(members.map((member) => ticketOf(member, saleId)));
    const doors = await Promise.all(tickets.map(({ doorUrl }) => enter(doorUrl)));
    const verdicts = await Promise.all(doors.map((door) => door.grab()));
    const losers = members.filter((_, at) => verdicts[at]?.outcome === "refused");
    expect(losers).toHaveLength(8);
    for (const [at, verdict] of verdicts.entries()) {
      if (verdict.outcome === "granted") continue;
      expect(verdict).toMatchObject({
        orderId: tickets[at]?.orderId,
        code: "sold_out",
        remaining: 0,
      });
      const again = await doors[at]?.grab();
      expect(again).toMatchObject({ outcome: "refused", code: "sold_out", remaining: 0 });
    }
    for (const loser of losers) {
      const points = await until(
        () => shop.points(loser),
        ({ held }) => held === 0,
      );
      expect(points).toMatchObject({ active: 10, spent: 0 });
    }
    const lost = verdicts.findIndex(({ outcome }) => outcome === "refused");
    const orderId = tickets[lost]?.orderId ?? "";
    const byHttp = await shop.redeem(members[lost] as Caller, saleId, { orderId });
    expectProblem(byHttp, 409, "sold_out", { remaining: 0 });
  });

  it("before the hour is no verdict: again, and granted when the hour has come", async () => {
    const member = await shop.member(10);
    const opensAtMs = Date.now() + 1_500;
    const saleId = await shop.sale({ opensAtMs });
    const { doorUrl, orderId } = await ticketOf(member, saleId);
    const door = await enter(doorUrl);
    const early = await door.grab();
    expect(early).toMatchObject({ orderId, outcome: "again", code: "not_open" });
    expect(early.opensInMs).toBeGreaterThan(0);
    expect(early.opensInMs).toBeLessThanOrEqual(1_500);
    const verdict = await until(
      () => door.grab(),
      ({ outcome }) => outcome !== "again",
    );
    expect(verdict).toMatchObject({ orderId, outcome: "granted", remaining: 4 });
    expect(Date.now()).toBeGreaterThanOrEqual(opensAtMs);
    await door.wait("stock", ({ status }) => status === "open");
  });

  it("during a pause is no verdict", async () => {
    const saleId = await shop.sale();
    const { doorUrl } = await ticketOf(await shop.member(10), saleId);
    const door = await enter(doorUrl);
    await shop.command(saleId, "pause");
    expect(await door.grab()).toMatchObject({ outcome: "again", code: "not_open", opensInMs: 0 });
    await shop.command(saleId, "resume");
    expect(await door.grab()).toMatchObject({ outcome: "granted" });
  });

  it("with a forgone ticket, and one on a closed sale, are refused with their code", async () => {
    const saleId = await shop.sale();
    const member = await shop.member(20);
    const given = await ticketOf(member, saleId);
    await shop.forgo(member, saleId, given.orderId);
    const kept = await ticketOf(member, saleId);
    const [first, second] = [await enter(given.doorUrl), await enter(kept.doorUrl)];
    expect(await first.grab()).toMatchObject({ outcome: "refused", code: "forgone" });
    await shop.command(saleId, "close");
    expect(await second.grab()).toMatchObject({ outcome: "refused", code: "closed" });
    const points = await until(
      () => shop.points(member),
      ({ held }) => held === 0,
    );
    expect(points).toMatchObject({ active: 20, spent: 0 });
  });
});

describe("an exchange", () => {
  it("is asked for when the epoch rises, and goes on over the same socket", async () => {
    const saleId = await shop.sale({ units: 1 });
    const member = await shop.member(10);
    const old = await ticketOf(member, saleId);
    const door = await enter(old.doorUrl);
    const winner = await shop.member(10);
    const bought = await shop.buy(winner, saleId);
    await shop.cancel(winner, bought);
    await until(
      () => shop.view(saleId),
      ({ returned }) => returned === 1,
    );
    await shop.command(saleId, "wave");
    const asked = await door.wait("ticket?");
    expect(asked).toMatchObject({ epoch: 2, jitterMs: expect.any(Number) });
    expect(await door.grab()).toMatchObject({ outcome: "refused", code: "stale", epoch: 2 });
    const fresh = await ticketOf(member, saleId, { epoch: 2, replaces: old.orderId });
    door.send({ t: "ticket", ticket: fresh.ticket });
    expect(await door.grab()).toMatchObject({ orderId: fresh.orderId, outcome: "granted" });
  });

  it("is asked for after a restock too, of everybody with a ticket and of nobody else", async () => {
    const saleId = await shop.sale({ units: 1 });
    const members = await Promise.all([shop.member(10), shop.member(10)]);
    const tickets = await Promise.all(members.map((member) => ticketOf(member, saleId)));
    const doors = await Promise.all(tickets.map(({ doorUrl }) => enter(doorUrl)));
    const watcher = await watch(saleId);
    await shop.buy(await shop.member(10), saleId);
    await shop.restock(saleId, 2);
    for (const door of doors) expect((await door.wait("ticket?")).epoch).toBe(2);
    await watcher.wait("stock", ({ epoch }) => epoch === 2);
    expect(watcher.all("ticket?")).toEqual([]);
  });

  it("gives a seat to somebody who only looked on", async () => {
    const saleId = await shop.sale();
    const door = await watch(saleId);
    const { ticket, orderId } = await ticketOf(await shop.member(10), saleId);
    door.send({ t: "ticket", ticket });
    expect(await door.grab()).toMatchObject({ orderId, outcome: "granted" });
  });
});

describe("what is no frame closes with 1008", () => {
  const bad: readonly [string, string | Uint8Array<ArrayBuffer>][] = [
    ["an unknown frame", '{"t":"steal"}'],
    ["no JSON", "grab"],
    ["an empty text", ""],
    ["null", "null"],
    ["an array", '["grab"]'],
    ["a ping without a number", '{"t":"ping","clientTimeMs":"1"}'],
    ["a ping without an end", '{"t":"ping","clientTimeMs":1e999}'],
    ["a ticket that is none", '{"t":"ticket","ticket":7}'],
    ["a forged ticket", '{"t":"ticket","ticket":"YQ.now.YQ"}'],
    ["a binary grab", new TextEncoder().encode('{"t":"grab"}')],
    ["an oversize frame", JSON.stringify({ t: "ping", clientTimeMs: 1, pad: "x".repeat(4_096) })],
    ["a megabyte", "x".repeat(1_048_576)],
  ];
  for (const [name, message] of bad) {
    it(name, async () => {
      const saleId = await shop.sale();
      const { doorUrl } = await ticketOf(await shop.member(10), saleId);
      const [door, neighbour] = [await enter(doorUrl), await watch(saleId)];
      door.sendRaw(message);
      expect(await door.closed()).toBe(1008);
      expect(door.all("verdict")).toEqual([]);
      neighbour.send({ t: "ping", clientTimeMs: 5 });
      await neighbour.wait("clock", ({ clientTimeMs }) => clientTimeMs === 5);
      expect((await shop.view(saleId)).remaining).toBe(5);
    });
  }

  it("a grab of somebody who only looks on", async () => {
    const saleId = await shop.sale();
    const door = await watch(saleId);
    await door.wait("stock");
    door.send({ t: "grab" });
    expect(await door.closed()).toBe(1008);
    expect((await shop.view(saleId)).remaining).toBe(5);
  });

  it("a ticket of another sale, and one that is over", async () => {
    const [saleId, otherSale] = [await shop.sale(), await shop.sale()];
    const { ticket } = await ticketOf(await shop.member(10), otherSale);
    const claims = ["demo:nobody", saleId, newOrderId(), 1, 1, 10, Date.now() - 1];
    const over = signToken(parseKeyRing(TICKET_KEYS), "ticket.v1", claims);
    for (const wrong of [ticket, over]) {
      const door = await watch(saleId);
      door.send({ t: "ticket", ticket: wrong });
      expect(await door.closed()).toBe(1008);
    }
  });
});

describe("nobody is let in", () => {
  it("without a genuine ticket of this sale that still lasts", async () => {
    const [saleId, otherSale] = [await shop.sale(), await shop.sale()];
    const member = await shop.member(20);
    const mine = await ticketOf(member, saleId);
    const other = await ticketOf(member, otherSale);
    const at = (query: string, sale = saleId): string => `/api/v1/sales/${sale}/door${query}`;
    const claims = ["demo:nobody", saleId, newOrderId(), 1, 1, 10, Date.now() - 1];
    const over = signToken(parseKeyRing(TICKET_KEYS), "ticket.v1", claims);
    const lasting = [...claims.slice(0, 6), Date.now() + 60_000];
    const foreignKey = signToken(parseKeyRing(`now:${"x".repeat(40)}`), "ticket.v1", lasting);
    const asSession = signToken(parseKeyRing(TICKET_KEYS), "session.v1", lasting);
    const [payload, , mac] = mine.ticket.split(".");
    const refused: readonly [string, number, string][] = [
      [at(""), 401, "unauthenticated"],
      [at("?ticket="), 401, "unauthenticated"],
      [at("?ticket=nonsense"), 401, "unauthenticated"],
      [at(`?ticket=${mine.ticket}x`), 401, "unauthenticated"],
      [at(`?ticket=${payload}.unknown.${mac}`), 401, "unauthenticated"],
      [at(`?ticket=${over}`), 401, "unauthenticated"],
      [at(`?ticket=${foreignKey}`), 401, "unauthenticated"],
      [at(`?ticket=${asSession}`), 401, "unauthenticated"],
      [at(`?ticket=${member.token}`), 401, "unauthenticated"],
      [at(`?ticket=${other.ticket}`), 403, "forbidden"],
      [at(`?ticket=${"a".repeat(3_000)}`), 422, "invalid"],
      [at("?watch=2"), 422, "invalid"],
      [at("?watch=1", "demo.nothing~1"), 404, "not_found"],
      [at("?watch=1", "nonsense"), 404, "not_found"],
    ];
    for (const [path, status, code] of refused) expectProblem(await knock(path), status, code);
    expect((await knock(at(`?ticket=${mine.ticket}`))).status).toBe(101);
    expect((await knock(at("?watch=1"))).status).toBe(101);
  });

  it("without an upgrade", async () => {
    const saleId = await shop.sale();
    const { doorUrl } = await ticketOf(await shop.member(10), saleId);
    for (const path of [doorUrl, `/api/v1/sales/${saleId}/door?watch=1`]) {
      const reply = await raw(shop.origin, { method: "GET", path });
      expectProblem(reply, 426, "upgrade_required");
    }
  });

  it("to a draft", async () => {
    const { skuId } = await shop.view(await shop.sale());
    const nowMs = Date.now();
    const made = await shop.send(shop.staff, "POST", "/api/v1/staff/sales", {
      skuId,
      pricePoints: 10,
      units: 5,
      limitPerMember: 1,
      quantityMax: 1,
      opensAtMs: nowMs,
      closesAtMs: nowMs + 60_000,
    });
    const saleId = String(made.body["saleId"]);
    expectProblem(await knock(`/api/v1/sales/${saleId}/door?watch=1`), 404, "not_found");
  });
});
