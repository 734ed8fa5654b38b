/** Sessions of sales over HTTP: two editors, every refusal with its reason, and the fair changes of a live sale. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CalendarSession, SessionCheck, SessionView } from "../../sales/wire.ts";
import { expectProblem, HttpShop, type Json, type Reply } from "./http-shop.ts";
import { DoorSocket } from "./http-socket.ts";
import { Caller, newOrderId, until } from "./product.ts";

const HOUR_MS = 3_600_000;
let shop: HttpShop;
let made = 0;
beforeAll(async () => {
  shop = await HttpShop.open();
});
afterAll(async () => {
  await shop.expectAuditAtRest();
  await shop.close();
});

/** A SKU of its own; with `units`, so many lie on its standing shelf. */
async function goods(units?: number): Promise<string> {
  made += 1;
  const skuId = `session-goods-${made}`;
  const reply = await post("/api/v1/staff/skus", {
    skuId,
    title: `货 ${made}`,
    pricePoints: 50,
    ...(units === undefined ? {} : { units }),
  });
  expect(reply.status).toBe(201);
  return skuId;
}

const post = <T = Json>(path: string, body?: unknown): Promise<Reply<T>> =>
  shop.send<T>(shop.staff, "POST", path, body);
const BASE = "/api/v1/staff/sessions";

function item(skuId: string, rest: Json = {}): Json {
  return { skuId, pricePoints: 10, units: 3, limitPerMember: 1, quantityMax: 1, ...rest };
}

function draftOf(items: readonly Json[], rest: Json = {}): Json {
  const opensAtMs = Date.now() + HOUR_MS;
  return { title: "晚八点场", opensAtMs, closesAtMs: opensAtMs + HOUR_MS, items, ...rest };
}

async function drafted(items: readonly Json[], rest: Json = {}): Promise<SessionView> {
  const reply = await post<SessionView>(BASE, draftOf(items, rest));
  expect({ status: reply.status, text: reply.status === 201 ? "" : reply.text }).toEqual({
    status: 201,
    text: "",
  });
  return reply.body;
}

const schedule = <T = Json>({ sessionId, version }: SessionView): Promise<Reply<T>> =>
  post<T>(`${BASE}/${sessionId}/schedule`, { version });

async function scheduled(items: readonly Json[], rest: Json = {}): Promise<SessionView> {
  const reply = await schedule<SessionView>(await drafted(items, rest));
  expect({ status: reply.status, text: reply.status === 200 ? "" : reply.text }).toEqual({
    status: 200,
    text: "",
  });
  const { sessionId } = reply.body;
  return until(
    async () => (await shop.send<SessionView>(shop.staff, "GET", `${BASE}/${sessionId}`)).body,
    ({ sales }) => sales.filter(({ status }) => status !== "draft").length === items.length,
  );
}

async function refusedChecks(session: SessionView): Promise<SessionCheck[]> {
  const reply = await schedule(session);
  expectProblem(reply, 409, "conflict", { reason: "checks" });
  return reply.body["checks"] as SessionCheck[];
}

describe("the goods of a session", () => {
  it("are known to its editor whatever the words are, others by their words", async () => {
    const [own, other] = [await goods(3), await goods(3)];
    const { sessionId } = await drafted([item(own)]);
    const asked = async (query: Record<string, string>): Promise<string[]> => {
      const path = `/api/v1/staff/sale-goods?${new URLSearchParams(query)}`;
      const { body } = await shop.send<{ goods: { skuId: string }[] }>(shop.staff, "GET", path);
      return body.goods.map(({ skuId }) => skuId);
    };
    // A list knows goods a moment after they are made.
    await until(
      () => Promise.all([asked({ words: own }), asked({ words: other })]),
      (found) => found.every(({ length }) => length === 1),
    );
    expect(await asked({ words: "无此货品" })).toEqual([]);
    expect(await asked({ words: "无此货品", sessionId })).toEqual([own]);
    expect(await asked({ words: other, sessionId })).toEqual([own, other].toSorted());
    expect(await asked({ words: "无此货品", sessionId: "s-nowhere" })).toEqual([]);
  });
});

describe("a draft", () => {
  it("that two people edit keeps both versions", async () => {
    const session = await drafted([item(await goods())]);
    const path = `${BASE}/${session.sessionId}`;
    const { title: _, ...rest } = draftOf(session.items);
    const first = await shop.send(shop.staff, "PUT", path, { ...rest, title: "甲", version: 1 });
    expect(first).toMatchObject({ status: 200, body: { title: "甲", version: 2 } });
    const second = await shop.send(shop.staff, "PUT", path, { ...rest, title: "乙", version: 1 });
    expectProblem(second, 409, "conflict", {
      reason: "version",
      version: 2,
      updatedBy: "http-staff",
      current: expect.objectContaining({ title: "甲" }),
      yours: expect.objectContaining({ title: "乙", version: 1 }),
    });
    expectProblem(await post(`${path}/schedule`, { version: 1 }), 409, "conflict", {
      reason: "version",
    });
    const away = await shop.send(shop.staff, "DELETE", `${path}?version=1`);
    expectProblem(away, 409, "conflict", { reason: "version" });
    expect((await shop.send(shop.staff, "DELETE", `${path}?version=2`)).status).toBe(204);
    expectProblem(await shop.send(shop.staff, "GET", path), 404, "not_found");
  });

  it("is nothing that members see", async () => {
    const session = await drafted([item(await goods())]);
    const list = await shop.send(await shop.member(), "GET", "/api/v1/sessions");
    expect(list.text).not.toContain(session.sessionId);
    const path = `/api/v1/sessions/${session.sessionId}`;
    expectProblem(await shop.send(await shop.member(), "GET", path), 404, "not_found");
  });
});

describe("scheduling a session", () => {
  it("is refused for a SKU twice, one that is unknown, and none at all", async () => {
    const skuId = await goods();
    expect(await refusedChecks(await drafted([item(skuId), item(skuId)]))).toMatchObject([
      { check: "sku_twice", skuId },
    ]);
    expect(await refusedChecks(await drafted([item("nobody-has-this")]))).toMatchObject([
      { check: "sku_unknown", skuId: "nobody-has-this" },
    ]);
    expect(await refusedChecks(await drafted([]))).toMatchObject([{ check: "items" }]);
  });

  it("is refused for an hour that is over", async () => {
    const opensAtMs = Date.now() - 2 * HOUR_MS;
    const over = await drafted([item(await goods())], { opensAtMs, closesAtMs: opensAtMs + 1_000 });
    expect(await refusedChecks(over)).toMatchObject([{ check: "window", level: "error" }]);
  });

  it("is refused for more units than lie on the standing shelf, and nothing of it stays", async () => {
    const [short, plenty] = [await goods(2), await goods(9)];
    const session = await drafted([item(plenty), item(short)]);
    expect(await refusedChecks(session)).toMatchObject([
      { check: "units", skuId: short, figures: { units: 3, onStandingShelf: 2 } },
    ]);
    const fits = await scheduled([item(plenty, { units: 9 })]);
    expect(fits.sales).toMatchObject([{ skuId: plenty, remaining: 9, status: "scheduled" }]);
  });

  it("is refused for two sales of one SKU at a time, also by the Sku itself", async () => {
    const skuId = await goods();
    const first = await scheduled([item(skuId)]);
    const saleId = first.sales[0]?.saleId ?? "";
    expect(await refusedChecks(await drafted([item(skuId)]))).toMatchObject([
      { check: "overlap", skuId, figures: { otherSaleId: saleId } },
    ]);
    const { opensAtMs, closesAtMs } = first;
    const lone = await post("/api/v1/staff/sales", { ...item(skuId), opensAtMs, closesAtMs });
    const path = `/api/v1/staff/sales/${String(lone.body["saleId"])}/schedule`;
    expectProblem(await post(path), 409, "conflict", { reason: "overlap", otherSaleId: saleId });
    const later = { opensAtMs: closesAtMs, closesAtMs: closesAtMs + HOUR_MS };
    await scheduled([item(skuId)], later);
  });

  it("makes a promise that members see, and a repeat changes nothing", async () => {
    const session = await scheduled([item(await goods()), item(await goods())]);
    const again = await schedule<SessionView>(session);
    expect(again).toMatchObject({ status: 200, body: { version: session.version } });
    const path = `/api/v1/sessions/${session.sessionId}`;
    const seen = await shop.send<CalendarSession>(await shop.member(), "GET", path);
    expect(seen.body.sales.map(({ skuId }) => skuId)).toEqual(
      session.items.map(({ skuId }) => skuId),
    );
    expect(seen.text).not.toContain("http-staff");
    const edit = { ...draftOf(session.items), version: session.version };
    const late = await shop.send(shop.staff, "PUT", `${BASE}/${session.sessionId}`, edit);
    expectProblem(late, 409, "conflict", { reason: "state", state: "scheduled" });
  });

  it("can be called off before the hour, which gives the units back, and not after it", async () => {
    const skuId = await goods(5);
    const session = await scheduled([item(skuId, { units: 5 })]);
    const { sessionId, version } = session;
    const off = await post(`${BASE}/${sessionId}/cancel`, { version });
    expect(off).toMatchObject({ status: 200, body: { state: "cancelled" } });
    await scheduled([item(skuId, { units: 5 })]);
    const opensAtMs = Date.now() - 1;
    const open = await scheduled([item(await goods())], { opensAtMs });
    const late = await post(`${BASE}/${open.sessionId}/cancel`, { version: open.version });
    expectProblem(late, 409, "conflict", { reason: "has_opened" });
  });
});

describe("a live sale", () => {
  async function live(units = 3): Promise<string> {
    const skuId = await goods(5);
    const session = await scheduled([item(skuId, { units })], { opensAtMs: Date.now() - 1 });
    return session.sales[0]?.saleId ?? "";
  }

  it("may end later, and every open page hears of it; never earlier", async () => {
    const saleId = await live();
    const { closesAtMs } = await shop.view(saleId);
    const door = await DoorSocket.open(shop.origin, `/api/v1/sales/${saleId}/door?watch=1`);
    const later = await shop.command(saleId, "extend", { closesAtMs: closesAtMs + HOUR_MS });
    expect(later).toMatchObject({ closesAtMs: closesAtMs + HOUR_MS, termsVersion: 2, epoch: 1 });
    await door.wait("stock", (frame) => frame.closesAtMs === closesAtMs + HOUR_MS);
    door.close();
    await shop.command(saleId, "extend", { closesAtMs: closesAtMs + HOUR_MS });
    const path = `/api/v1/staff/sales/${saleId}/extend`;
    const earlier = await post(path, { closesAtMs: closesAtMs - 1 });
    expectProblem(earlier, 409, "conflict", { reason: "end_not_later" });
  });

  it("takes more units from the standing shelf while there are some", async () => {
    const saleId = await live();
    const more = await shop.command(saleId, "restock", { units: 2, from: "standing" });
    expect(more).toMatchObject({ units: 5, remaining: 5 });
    const path = `/api/v1/staff/sales/${saleId}/restock`;
    expectProblem(await post(path, { units: 1, from: "standing" }), 409, "conflict", {
      reason: "units_insufficient",
      onStandingShelf: 0,
    });
  });

  it("may not run into the next sale of its SKU, nor open again", async () => {
    const skuId = await goods();
    const first = await scheduled([item(skuId)], { opensAtMs: Date.now() - 1 });
    const saleId = first.sales[0]?.saleId ?? "";
    const window = { opensAtMs: first.closesAtMs, closesAtMs: first.closesAtMs + HOUR_MS };
    await scheduled([item(skuId)], window);
    const path = `/api/v1/staff/sales/${saleId}/extend`;
    expectProblem(await post(path, { closesAtMs: first.closesAtMs + 1 }), 409, "conflict", {
      reason: "overlap",
    });
  });

  it("ends early by two people only, and whoever proposed is not the second", async () => {
    const saleId = await live();
    const path = `/api/v1/staff/sales/${saleId}`;
    const approvalId = newOrderId();
    const wanted = { approvalId, reason: "货不对版" };
    const asked = await post(`${path}/early-end`, wanted);
    expect(asked).toMatchObject({ status: 202, body: { state: "proposed" } });
    expect((await post(`${path}/early-end`, wanted)).status).toBe(202);
    // The same act is proposed once, whoever asks for it again.
    const second = await new Caller(shop.origin).login("another-hand", "staff");
    const twice = { approvalId: newOrderId(), reason: "我也觉得" };
    const refused = await shop.send(second, "POST", `${path}/early-end`, twice);
    const first = { approvalId, proposedBy: "staff:http-staff" };
    expectProblem(refused, 409, "conflict", { reason: "already_proposed", ...first });
    expect(refused.body["detail"]).toContain("已经有人提请");
    const list = `/api/v1/staff/approvals?state=proposed&subject=sale:${saleId}`;
    const { body: waiting } = await shop.send(shop.staff, "GET", list);
    expect(waiting["items"]).toHaveLength(1);
    const approve = `/api/v1/staff/approvals/${approvalId}/approve`;
    const own = await post(approve, { note: "" });
    expectProblem(own, 403, "forbidden", { reason: "own_proposal" });
    expect(await shop.view(saleId)).toMatchObject({ status: "open" });
    const agreed = await shop.send(second, "POST", approve, { note: "同意" });
    expect(agreed).toMatchObject({ status: 200, body: { state: "done" } });
    expect(await shop.view(saleId)).toMatchObject({ status: "closed" });
    const over = await post(`${path}/early-end`, { ...wanted, approvalId: newOrderId() });
    expectProblem(over, 409, "conflict", { reason: "status" });
    const again = await post(`${path}/extend`, { closesAtMs: Date.now() + 9 * HOUR_MS });
    expectProblem(again, 409, "conflict", { reason: "status", saleStatus: "closed" });
  });

  it("shows on the monitor what members were answered", async () => {
    const saleId = await live(1);
    const path = `/api/v1/staff/sales/${saleId}/monitor`;
    const [first, second, poor] = [
      await shop.member(10),
      await shop.member(10),
      await shop.member(),
    ];
    expectProblem(await shop.redeem(poor, saleId), 409, "points_insufficient");
    const orderId = await shop.buy(first, saleId);
    expectProblem(await shop.redeem(second, saleId), 409, "sold_out");
    const { body } = await until(
      () => shop.send(shop.staff, "GET", path),
      ({ body: seen }) => seen["requests"] === 3,
    );
    expect(body).toMatchObject({
      answers: { granted: 1, sold_out: 1, points_insufficient: 1 },
      takes: [{ ordinal: 1, orderId, quantity: 1, state: "granted", shelfAfter: 0 }],
      sale: { remaining: 0, soldOut: true },
    });
    const kinds = (body["events"] as { kind: string }[]).map(({ kind }) => kind);
    expect(kinds).toEqual(["sold_out", "opened", "scheduled"]);
    expect(JSON.stringify(body["takes"])).not.toContain(`"${first.id}"`);
    const csv = await shop.send(shop.staff, "GET", path.replace("monitor", "report?of=grants"));
    expect(csv.headers["content-type"]).toMatch(/^text\/csv/);
    const [, row, ...others] = csv.text.trim().split("\r\n");
    expect(others).toEqual([]);
    // On the programme's clock, as the page shows it.
    const grantedAt = Number((body["takes"] as { atMs: number }[])[0]?.atMs) + 8 * 3_600_000;
    const time = new Date(grantedAt).toISOString().slice(0, 23).replace("T", " ");
    expect(row?.startsWith(`1,${time},`), row).toBe(true);
  });
});
