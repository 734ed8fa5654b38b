/** docs/contract.md by its rows: what staff do to goods and sales, where units lie afterwards, and the audit. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SaleView } from "../../redemption/wire.ts";
import { expectProblem, HttpShop, type Json, type Reply } from "./http-shop.ts";
import { newOrderId, until } from "./product.ts";

let shop: HttpShop;
beforeAll(async () => {
  shop = await HttpShop.open();
});
afterAll(async () => {
  await shop.expectAuditAtRest();
  await shop.close();
});

let skus = 0;

interface Sku {
  readonly skuId: string;
  readonly standing: string;
}

async function newSku(terms: Json = {}): Promise<Sku> {
  skus += 1;
  const skuId = `goods-${skus}`;
  const body = { skuId, title: `货 ${skus}`, ...terms };
  const reply = await shop.send(shop.staff, "POST", "/api/v1/staff/skus", body);
  expect(reply).toMatchObject({
    status: 201,
    body: { skuId, skuKey: `demo.${skuId}`, standingSaleId: `demo.${skuId}~0` },
  });
  return { skuId, standing: `demo.${skuId}~0` };
}

function draft(skuId: string, terms: Json = {}): Promise<Reply<SaleView>> {
  const nowMs = Date.now();
  return shop.send<SaleView>(shop.staff, "POST", "/api/v1/staff/sales", {
    skuId,
    title: "抢兑",
    pricePoints: 10,
    units: 5,
    limitPerMember: 5,
    quantityMax: 1,
    opensAtMs: nowMs,
    closesAtMs: nowMs + 3_600_000,
    ...terms,
  });
}

async function scheduled(skuId: string, terms: Json = {}): Promise<string> {
  const { saleId } = (await draft(skuId, terms)).body;
  await shop.command(saleId, "schedule");
  return saleId;
}

/** A window after that of the other sales: two of one SKU never run at a time. */
const AFTERWARDS = {
  opensAtMs: Date.now() + 9 * 3_600_000,
  closesAtMs: Date.now() + 10 * 3_600_000,
};

function tell(saleId: string, kind: string, body?: unknown): Promise<Reply> {
  return shop.send(shop.staff, "POST", `/api/v1/staff/sales/${saleId}/${kind}`, body);
}

describe("goods", () => {
  it("are opened once; repeating changes nothing", async () => {
    const { skuId, standing } = await newSku({ units: 8, pricePoints: 20 });
    const again = { skuId, title: "另一个名字", units: 99, pricePoints: 1 };
    const reply = await shop.send(shop.staff, "POST", "/api/v1/staff/skus", again);
    expect(reply).toMatchObject({ status: 200, body: { skuId, standingSaleId: standing } });
    expect(await shop.view(standing)).toMatchObject({
      kind: "standing",
      status: "open",
      remaining: 8,
      pricePoints: 20,
    });
  });

  it("are redeemed at any hour through their standing sale, which gives no tickets", async () => {
    const { standing } = await newSku({ units: 3, pricePoints: 20, limitPerMember: 2 });
    const { epoch } = await shop.view(standing);
    const member = await shop.member(100);
    const orderId = newOrderId();
    const first = await shop.redeem(member, standing, { orderId, epoch });
    expect(first).toMatchObject({ status: 201, body: { points: 20, remaining: 2 } });
    expect((await shop.redeem(member, standing, { orderId, epoch })).text).toBe(first.text);
    expectProblem(await shop.ticket(member, standing, { epoch }), 422, "invalid", {
      errors: [{ path: "path.saleId" }],
    });
    await shop.cancel(member, orderId);
    await shop.buy(member, standing, { epoch });
    expect((await shop.points(member)).spent).toBe(20);
  });

  it("without a price are not redeemed in the ordinary way", async () => {
    const { standing } = await newSku({ units: 3 });
    const { epoch, status } = await shop.view(standing);
    expect(status).toBe("paused");
    const reply = await shop.redeem(await shop.member(100), standing, { epoch });
    expectProblem(reply, 425, "not_open", { opensInMs: 0 });
  });
});

describe("scheduling", () => {
  it("takes the units from the standing shelf, once", async () => {
    const { skuId, standing } = await newSku({ units: 8, pricePoints: 20 });
    const made = await draft(skuId);
    expect(made).toMatchObject({ status: 201, body: { status: "draft", units: 5 } });
    expect((await shop.view(standing)).remaining).toBe(8);
    const { saleId } = made.body;
    for (let times = 0; times < 2; times += 1) {
      const reply = await tell(saleId, "schedule");
      // Its hour has come, so the second finds it open.
      if (times === 0) expect(reply).toMatchObject({ status: 200, body: { epoch: 1 } });
      expect((await shop.view(standing)).remaining).toBe(3);
    }
    const tooMany = (await draft(skuId, { units: 4, ...AFTERWARDS })).body.saleId;
    expectProblem(await tell(tooMany, "schedule"), 409, "conflict", {
      reason: "units_insufficient",
      units: 4,
      onStandingShelf: 3,
    });
    expectProblem(await tell(tooMany, "schedule"), 409, "conflict");
    expect((await shop.view(standing)).remaining).toBe(3);
    expect((await shop.view(saleId)).remaining).toBe(5);
  });

  it("takes a largest order that is larger than the sale: it is sold out for it, and sells to smaller ones", async () => {
    const { skuId } = await newSku();
    const saleId = await scheduled(skuId, { units: 2, quantityMax: 5 });
    const member = await shop.member(100);
    const refused = await shop.redeem(member, saleId, { quantity: 3 });
    expectProblem(refused, 409, "sold_out", { remaining: 2 });
    await shop.buy(member, saleId, { quantity: 2 });
    expect(await shop.restock(saleId, 4)).toMatchObject({ epoch: 2, remaining: 4 });
    await shop.buy(member, saleId, { quantity: 3, epoch: 2 });
  });

  it("is idempotent before the hour and opens by the Sku's own clock", async () => {
    const { skuId } = await newSku();
    const opensAtMs = Date.now() + 1_200;
    const { saleId } = (await draft(skuId, { opensAtMs })).body;
    const first = await shop.command(saleId, "schedule");
    expect(first).toMatchObject({ status: "scheduled", epoch: 1, soldOut: false });
    expect(await shop.command(saleId, "schedule")).toMatchObject({ epoch: 1, remaining: 5 });
    const open = await until(
      () => shop.view(saleId),
      ({ status }) => status !== "scheduled",
    );
    expect(open).toMatchObject({ status: "open", epoch: 1 });
    expect(open.serverTimeMs).toBeGreaterThanOrEqual(opensAtMs);
  });

  it("refuses a window that is over and a SKU nobody has", async () => {
    const { skuId } = await newSku();
    const nowMs = Date.now();
    const over = await draft(skuId, { opensAtMs: nowMs - 2_000, closesAtMs: nowMs - 1_000 });
    expectProblem(await tell(over.body.saleId, "schedule"), 409, "conflict", {
      reason: "window_over",
    });
    expectProblem(await draft("nobody-has-this"), 404, "not_found");
    expectProblem(await tell("demo.nobody~1", "schedule"), 404, "not_found");
  });
});

describe("a restock", () => {
  it("raises the epoch only where somebody may have been refused: below quantityMax", async () => {
    const { skuId } = await newSku();
    const saleId = await scheduled(skuId, { units: 5, quantityMax: 3 });
    expect(await shop.restock(saleId, 1)).toMatchObject({ epoch: 1, remaining: 6, units: 6 });
    const member = await shop.member(100);
    await shop.buy(member, saleId, { quantity: 3 });
    expect(await shop.restock(saleId, 1)).toMatchObject({ epoch: 1, remaining: 4 });
    await shop.buy(member, saleId, { quantity: 2 });
    expect(await shop.restock(saleId, 1)).toMatchObject({ epoch: 2, remaining: 3 });
    expect(await shop.restock(saleId, 1)).toMatchObject({ epoch: 2, remaining: 4 });
  });

  it("of a paused sale follows the same rule; before the opening nobody was refused", async () => {
    const { skuId } = await newSku();
    const paused = await scheduled(skuId, { units: 1 });
    await shop.buy(await shop.member(10), paused);
    await shop.command(paused, "pause");
    expect(await shop.restock(paused, 2)).toMatchObject({ epoch: 2, remaining: 2 });
    const early = await scheduled((await newSku()).skuId, {
      units: 3,
      quantityMax: 3,
      opensAtMs: Date.now() + 60_000,
    });
    expect(await shop.restock(early, 1)).toMatchObject({ epoch: 1, remaining: 4 });
    expectProblem(await tell(early, "restock", { units: 0 }), 422, "invalid");
  });

  it("sells: whoever was refused comes again under a new id and the new epoch", async () => {
    const { skuId } = await newSku();
    const saleId = await scheduled(skuId, { units: 1 });
    await shop.buy(await shop.member(10), saleId);
    const loser = await shop.member(10);
    expectProblem(await shop.redeem(loser, saleId), 409, "sold_out");
    await shop.restock(saleId, 1);
    await shop.buy(loser, saleId, { epoch: 2 });
    expect(await shop.view(saleId)).toMatchObject({ soldOut: true, remaining: 0, units: 2 });
  });
});

describe("a wave", () => {
  it("with enough on the shelf raises no epoch, and with nothing returned does nothing", async () => {
    const { skuId } = await newSku();
    const saleId = await scheduled(skuId, { units: 5 });
    const member = await shop.member(100);
    const orderId = await shop.buy(member, saleId);
    expect(await shop.command(saleId, "wave")).toMatchObject({ epoch: 1, remaining: 4 });
    await shop.cancel(member, orderId);
    await until(
      () => shop.view(saleId),
      ({ returned }) => returned === 1,
    );
    expect(await shop.command(saleId, "wave")).toMatchObject({
      epoch: 1,
      remaining: 5,
      returned: 0,
    });
  });
});

describe("daily units", () => {
  it("lie outside the shelf and go to the standing shelf at the close", async () => {
    const { skuId, standing } = await newSku({ units: 6, pricePoints: 20 });
    const saleId = await scheduled(skuId, { units: 6, dailyUnits: 2 });
    expect(await shop.view(saleId)).toMatchObject({ units: 6, dailyUnits: 2, remaining: 2 });
    const member = await shop.member(100);
    await shop.buy(member, saleId);
    await shop.buy(member, saleId);
    expectProblem(await shop.redeem(member, saleId), 409, "sold_out", { remaining: 0 });
    await shop.command(saleId, "close");
    expect((await shop.view(standing)).remaining).toBe(4);
  });
});

describe("a close", () => {
  it("moves what is left and what still returns to the standing shelf", async () => {
    const { skuId, standing } = await newSku({ units: 5, pricePoints: 20 });
    const saleId = await scheduled(skuId);
    const member = await shop.member(100);
    const [first, second] = [await shop.buy(member, saleId), await shop.buy(member, saleId)];
    await shop.cancel(member, first);
    await until(
      () => shop.view(saleId),
      ({ returned }) => returned === 1,
    );
    expect((await shop.view(standing)).remaining).toBe(0);
    const closed = await shop.command(saleId, "close");
    expect(closed).toMatchObject({ status: "closed", epoch: 2, remaining: 0, returned: 0 });
    expect(closed.closedAtMs).not.toBeNull();
    expect((await shop.view(standing)).remaining).toBe(4);
    expect(await shop.command(saleId, "close")).toMatchObject({ epoch: 2 });
    await shop.cancel(member, second);
    await until(
      () => shop.view(standing),
      ({ remaining }) => remaining === 5,
    );
    const { epoch } = await shop.view(standing);
    await shop.buy(await shop.member(20), standing, { epoch });
  });

  it("comes by the Sku's own clock", async () => {
    const { skuId, standing } = await newSku({ units: 5, pricePoints: 20 });
    const closesAtMs = Date.now() + 1_200;
    const saleId = await scheduled(skuId, { closesAtMs });
    const closed = await until(
      () => shop.view(saleId),
      ({ status }) => status === "closed",
    );
    expect(closed).toMatchObject({ epoch: 2, remaining: 0 });
    expect(closed.closedAtMs).toBeGreaterThanOrEqual(closesAtMs);
    expect((await shop.view(standing)).remaining).toBe(5);
  });
});

describe("a command that the status does not allow", () => {
  it("is a conflict that names the status", async () => {
    const { skuId } = await newSku();
    const { saleId } = (await draft(skuId)).body;
    const conflict = async (kind: string, status: string, body?: unknown): Promise<void> => {
      const reply = await tell(saleId, kind, body);
      expectProblem(reply, 409, "conflict", { reason: "status", saleStatus: status });
    };
    for (const kind of ["pause", "resume", "wave", "close"]) await conflict(kind, "draft");
    await conflict("restock", "draft", { units: 1 });
    await shop.command(saleId, "schedule");
    await shop.command(saleId, "resume");
    await shop.command(saleId, "pause");
    await shop.command(saleId, "pause");
    // Repeating the schedule changes nothing, also after the opening.
    expect((await tell(saleId, "schedule")).status).toBe(200);
    await shop.command(saleId, "resume");
    await shop.command(saleId, "close");
    for (const kind of ["schedule", "pause", "resume", "wave"]) await conflict(kind, "closed");
    await conflict("restock", "closed", { units: 1 });
  });
});

describe("the audit", () => {
  it("shows every invariant with its figures, shallow and deep", async () => {
    const { skuId } = await newSku();
    const saleId = await scheduled(skuId);
    await shop.buy(await shop.member(10), saleId);
    const shallow = await shop.send(shop.staff, "GET", "/api/v1/audit");
    expect(shallow).toMatchObject({ status: 200, body: { ok: true, cursor: null } });
    const rows = [...(shallow.body["rows"] as Json[]), ...(await shop.deepAudit())];
    expect(rows.length).toBeGreaterThan(5);
    for (const row of rows) {
      expect(row).toEqual({
        name: expect.stringMatching(/^\w+$/),
        checked: expect.any(Number),
        inFlight: expect.any(Number),
        ok: true,
        figures: expect.any(Object),
      });
    }
    for (const cursor of ["nonsense", "e30", Buffer.from("[]").toString("base64url")]) {
      const reply = await shop.send(
        shop.staff,
        "GET",
        `/api/v1/audit?deep=1&cursor=${encodeURIComponent(cursor)}`,
      );
      expectProblem(reply, 422, "invalid");
    }
  });
});
