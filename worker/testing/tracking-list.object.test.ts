/** Parcels by a list of tracking numbers: what its check says is what sending it says. */
import { beforeAll, describe, expect, it, vi } from "vitest";
import { migrate } from "./object-catalogue.ts";
import { Mall } from "./object-fulfilment.ts";

vi.setConfig({ testTimeout: 120_000 });

let mall: Mall;
beforeAll(async () => {
  await migrate();
  mall = await Mall.open();
});

describe("a list of tracking numbers", () => {
  it("names every bad line, in its check as in earnest", async () => {
    const skuId = await mall.goods("physical");
    const [a, b] = await Promise.all([mall.member(), mall.member()]);
    const [orderA, orderB] = [await mall.order(a, skuId), await mall.order(b, skuId)];
    await mall.address(a, orderA);
    const list = [
      "单号,快递公司,快递单号",
      `${orderA},中通快递,ZT00000000001`,
      `${orderB},中通快递,ZT00000000002`,
      `nobody-has-this-order,顺丰,SF9999999999`,
      `${orderA},飞鸽传书,XX00000000001`,
      `${orderA},顺丰,1`,
      `${orderA},中通快递,ZT00000000009`,
    ].join("\n");
    const bad = [
      { line: 3, reason: "needs_address" },
      { line: 4, reason: "order_unknown" },
      { line: 5, reason: "carrier_unknown" },
      { line: 6, reason: "tracking_no_wrong" },
      { line: 7, reason: "nothing_left" },
    ];
    const path = "/api/v1/staff/shipments/import";
    const whole = { sent: 1, repeated: 0, lines: 6, nextLine: null, bad, warned: [] };
    // D1 hears of orders a moment later.
    const reply = await vi.waitFor(
      async () => {
        const dry = await mall.staff.send("POST", `${path}?dryRun=true`, list, "text/csv");
        expect(dry.body).toEqual(whole);
        return mall.staff.send("POST", path, list, "text/csv");
      },
      { timeout: 20_000, interval: 100 },
    );
    expect(reply.body).toEqual(whole);
    const checked = await mall.staff.send("POST", `${path}?dryRun=true`, list, "text/csv");
    expect(checked.body).toMatchObject({ sent: 0, repeated: 1 });
    const again = await mall.staff.send("POST", path, list, "text/csv");
    expect(again.body).toMatchObject({ sent: 0, repeated: 1 });
  });

  it("is checked as a whole, in however small parts: what an earlier part takes, and numbers that are used", async () => {
    const skuId = await mall.goods("physical");
    const [a, b, c] = await Promise.all([mall.member(), mall.member(), mall.member()]);
    const ofA = await mall.order(a, skuId, 2);
    const [ofB, ofC] = [await mall.order(b, skuId, 2), await mall.order(c, skuId, 2)];
    await mall.address(a, ofA);
    await mall.address(b, ofB);
    await mall.address(c, ofC);
    // Sent by hand, so under an id of its own.
    const byHand = { carrier: "zhongtong", trackingNo: "ZT10000000001", quantity: 1 };
    expect((await mall.ship(c.memberId, ofC, byHand)).status).toBe(201);
    const list = [
      "order id,carrier,tracking no,quantity",
      `${ofA},zhongtong,ZT10000000002,1`,
      `${ofB},zhongtong,ZT10000000002,1`,
      `${ofC},zhongtong,ZT10000000001,1`,
      `${ofA},zhongtong,ZT10000000003,`,
      `${ofB},zhongtong,ZT10000000001,1`,
      `${ofA},zhongtong,ZT10000000004,1`,
    ].join("\n");
    const inParts = async (dryRun: boolean) => {
      const whole = { sent: 0, repeated: 0, bad: [] as unknown[], warned: [] as unknown[] };
      for (let fromLine: number | null = 1; fromLine !== null;) {
        const query: string = `dryRun=${String(dryRun)}&fromLine=${fromLine}&linesMax=1`;
        const path = `/api/v1/staff/shipments/import?${query}`;
        const { body } = await mall.must("POST", path, list, "text/csv");
        whole.sent += body.sent as number;
        whole.repeated += body.repeated as number;
        whole.bad.push(...(body.bad as unknown[]));
        whole.warned.push(...(body.warned as unknown[]));
        fromLine = body.nextLine as number | null;
      }
      return whole;
    };
    const said = {
      ...{ sent: 4, repeated: 0 },
      bad: [
        { line: 4, reason: "number_used" },
        { line: 7, reason: "nothing_left" },
      ],
      warned: [
        { line: 3, reason: "number_elsewhere" },
        { line: 6, reason: "number_elsewhere" },
      ],
    };
    const bounds = { timeout: 20_000, interval: 100 };
    await vi.waitFor(async () => expect(await inParts(true)).toEqual(said), bounds);
    expect(await inParts(false)).toEqual(said);
    expect(await inParts(true)).toMatchObject({ sent: 0, repeated: 4, warned: [] });
  });

  it("takes no more lines a call than a request may ask questions for, however many are wished for", async () => {
    const lines = Array.from(
      { length: 101 },
      (_, at) => `nobody-has-this-${at},zhongtong,ZT2${at},`,
    );
    const list = ["order id,carrier,tracking no,quantity", ...lines].join("\n");
    const part = async (query: string) =>
      (await mall.must("POST", `/api/v1/staff/shipments/import?${query}`, list, "text/csv")).body;
    const first = await part("linesMax=1000");
    expect([(first.bad as unknown[]).length, first.nextLine]).toEqual([100, 102]);
    const rest = await part("fromLine=102");
    expect([(rest.bad as unknown[]).length, rest.nextLine]).toEqual([1, null]);
  });
});
