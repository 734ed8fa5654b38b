/** What fulfilment decides without asking anybody. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseKeyRing } from "../../kernel/key-ring.ts";
import { Kuaidi100, querySign, readTrack } from "../logistics.ts";
import {
  attempt,
  carrierOf,
  codesFrom,
  hear,
  newerState,
  parseAddress,
  quoteFreight,
  readCode,
  partOf,
  readTrackingList,
  regionOf,
  shownStep,
  SUPPLIER_FILE_HEADS,
  supplierFileLine,
  unitsLeft,
  type FreightTemplate,
  type ParcelState,
  type TopUp,
} from "./index.ts";
import { csvLine, csvText } from "../../kernel/csv.ts";
import { OWN_SIGHT, type Sight } from "../../kernel/masks.ts";

const RING = parseKeyRing(`k1:${"a".repeat(40)}`);
const SUBJECT = {
  ...{ programmeId: "demo", voucherId: "v-1", orderId: "o-1" },
  storeIds: ["zhenhai"],
};

describe("addresses", () => {
  it("take what people type and refuse what nobody could deliver to", () => {
    const good = {
      ...{ name: " 黄小安 ", phone: "+86 136-1234-0415" },
      ...{ regionCode: "350203", detail: "镇海路  26 号" },
    };
    const parsed = parseAddress(good);
    expect(parsed).toMatchObject({
      address: { name: "黄小安", phone: "13612340415", detail: "镇海路 26 号" },
    });
    const bad = parseAddress({ name: "", phone: "12345", regionCode: "350000", detail: "x" });
    expect(bad.kind === "invalid" && bad.errors.map(({ path }) => path)).toEqual([
      ...["name", "phone", "regionCode", "detail"],
    ]);
    expect(regionOf("110101")).toMatchObject({ province: "北京市", district: "东城区" });
  });
});

describe("freight", () => {
  const rule = { firstPieces: 1, firstFen: 800, extraPieces: 2, extraFen: 300, freeFromPieces: 9 };
  const template: FreightTemplate = {
    ...{ templateId: "t", title: "t", undeliverable: ["710000"] },
    rules: [
      { ...rule, regions: [] },
      { ...rule, regions: ["650000"], firstFen: 2_000 },
      { ...rule, regions: ["650100"], firstFen: 1_500 },
    ],
  };

  it("goes by the rule that names a place most closely", () => {
    const fen = (code: string, pieces: number): unknown => quoteFreight(template, code, pieces);
    expect(fen("350203", 1)).toEqual({ kind: "deliverable", amountFen: 800 });
    expect(fen("350203", 4)).toEqual({ kind: "deliverable", amountFen: 1_400 });
    expect(fen("350203", 9)).toEqual({ kind: "deliverable", amountFen: 0 });
    expect(fen("653101", 1)).toEqual({ kind: "deliverable", amountFen: 2_000 });
    expect(fen("650102", 1)).toEqual({ kind: "deliverable", amountFen: 1_500 });
    expect(fen("710101", 1)).toEqual({ kind: "undeliverable" });
    expect(quoteFreight(null, "710101", 5)).toEqual({ kind: "deliverable", amountFen: 0 });
  });

  it("never falls with more pieces until they travel free", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 7 }), (pieces) => {
        const at = (n: number): number => {
          const quote = quoteFreight(template, "350203", n);
          return quote.kind === "deliverable" ? quote.amountFen : -1;
        };
        expect(at(pieces + 1)).toBeGreaterThanOrEqual(at(pieces));
      }),
    );
  });
});

describe("a code for the till", () => {
  const nowMs = 1_800_000_000_000;

  it("counts for its minute and the next, for its voucher, order and stores only", () => {
    const [shown] = codesFrom(RING, SUBJECT, "4827193", nowMs, 1);
    for (const text of [shown?.code ?? "", shown?.qr ?? ""]) {
      const read = readCode(text);
      expect(read?.locator).toBe("4827193");
      const proof = read?.proof ?? "";
      const step = nowMs / 60_000;
      expect(shownStep(RING, SUBJECT, proof, nowMs)).toBe(step);
      expect(shownStep(RING, SUBJECT, proof, nowMs + 60_000)).toBe(step);
      expect(shownStep(RING, SUBJECT, proof, nowMs + 120_000)).toBeNull();
      expect(shownStep(RING, { ...SUBJECT, orderId: "o-2" }, proof, nowMs)).toBeNull();
      expect(shownStep(RING, { ...SUBJECT, storeIds: null }, proof, nowMs)).toBeNull();
      const other = parseKeyRing(`k2:${"b".repeat(40)}`);
      expect(shownStep([...other, ...RING], SUBJECT, proof, nowMs)).toBe(step);
      expect(shownStep(other, SUBJECT, proof, nowMs)).toBeNull();
    }
  });

  it("is read as people type it, and nothing else is", () => {
    expect(readCode("4827 1930 5612")).toEqual({ locator: "4827193", proof: "05612" });
    for (const text of [
      "",
      "48271930561",
      "QD1.4827193.x",
      "QD2.482719305612.aaaaaaaaaaaaaaaaaaaaaa",
    ]) {
      expect(readCode(text)).toBeNull();
    }
  });
});

describe("a tracking list", () => {
  it("has its columns in any order and language, and names every bad line", () => {
    const text =
      "快递单号,单号,承运商,数量\nSF12345678,order-1,顺丰,2\nSF1,order-2,顺丰,\n,order-3,x,\n";
    expect(readTrackingList(text)).toEqual({
      lines: [
        { line: 2, orderId: "order-1", carrier: "shunfeng", trackingNo: "SF12345678", quantity: 2 },
      ],
      bad: [
        { line: 3, reason: "tracking_no_wrong" },
        { line: 4, reason: "carrier_unknown" },
      ],
    });
    const whole = readTrackingList(text);
    expect(partOf(whole, 1, 2)).toEqual({
      ...{ lines: whole.lines, bad: whole.bad.slice(0, 1), nextLine: 4 },
    });
    expect(partOf(whole, 4, 2)).toEqual({ lines: [], bad: whole.bad.slice(1), nextLine: null });
    expect(readTrackingList("a,b\n1,2").bad).toEqual([
      { line: 1, reason: "column_missing:orderId" },
    ]);
    expect(carrierOf("zto express")?.code).toBe("zhongtong");
  });
});

describe("the file for a supplier", () => {
  const sent = {
    ...{ orderId: "-starts-like-a-formula", title: "=1+1", spec: "白", quantity: 2 },
    ...{ orderedAt: "2026-11-23T00:00:00.000Z", supply: { supplierCode: "G-7", skuCode: "690" } },
  };
  const address = {
    ...{ name: "黄小安", phone: "13612340415", regionCode: "350203" },
    detail: "镇海路 26 号",
  };

  it("comes back as a list of tracking numbers, in both languages", () => {
    for (const head of Object.values(SUPPLIER_FILE_HEADS)) {
      const line = supplierFileLine(sent, address, OWN_SIGHT);
      expect(line).toHaveLength(head.length);
      const filled = [...line.slice(0, -2), "顺丰", "SF12345678"];
      expect(readTrackingList(csvText(head, [filled, line]))).toEqual({
        lines: [
          {
            ...{ line: 2, orderId: sent.orderId, carrier: "shunfeng" },
            ...{ trackingNo: "SF12345678", quantity: 2 },
          },
        ],
        bad: [{ line: 3, reason: "not_sent_yet" }],
      });
    }
  });

  it("holds of a person what its asker may see, and no formula", () => {
    const text = (sight: Sight): string => csvLine(supplierFileLine(sent, address, sight));
    expect(text(OWN_SIGHT)).toContain("黄小安,13612340415,福建省厦门市思明区镇海路 26 号");
    expect(text(OWN_SIGHT)).toContain("'=1+1");
    const blind = text({ name: false, phone: false, address: false });
    expect(blind).not.toMatch(/黄|136|镇海/);
    expect(text({ name: true, phone: false, address: true })).toMatch(/黄小安,•••,.*镇海路/);
  });
});

describe("a parcel", () => {
  it("that was signed for stays so, whatever comes later", () => {
    const later: ParcelState[] = ["in_transit", "out_for_delivery", "in_trouble"];
    for (const state of later) expect(newerState("signed", state)).toBe("signed");
    expect(newerState("in_transit", "signed")).toBe("signed");
  });

  it("takes units that none has taken, and leaves none where more had left than was kept", () => {
    expect(unitsLeft(5, [{ quantity: 2 }])).toBe(3);
    expect(unitsLeft(1, [{ quantity: 2 }])).toBe(0);
  });
});

describe("a top-up", () => {
  const fresh: TopUp = { topUpId: "t", state: "asked", attempts: 0, nextTryAtMs: 0, reason: "" };

  it("keeps its first final word, in whatever order words come", () => {
    const word = fc.constantFrom(...(["processing", "success", "failed", "unknown"] as const));
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), (words) => {
        const end = words.reduce((topUp, one) => hear(topUp, one, "x", 1_000), fresh);
        const final = words.find((one) => one === "success" || one === "failed");
        expect(final === undefined || end.state === final).toBe(true);
      }),
    );
  });

  it("waits longer after each try", () => {
    const once = attempt(fresh, 0);
    const twice = attempt(once, 0);
    expect(twice.nextTryAtMs).toBeGreaterThan(once.nextTryAtMs);
  });
});

describe("Kuaidi100", () => {
  const account = { customer: "CUSTOMER", key: "KEY", origin: "https://fake.test" };

  it("is asked with a signed form, as it documents, and read", async () => {
    const seen: URLSearchParams[] = [];
    const fake: typeof fetch = async (url, init) => {
      expect(url).toBe("https://fake.test/poll/query.do");
      const form = init?.body as URLSearchParams;
      seen.push(form);
      const isSigned = form.get("sign") === querySign(form.get("param") ?? "", account);
      return Response.json(
        isSigned
          ? {
              ...{ message: "ok", status: "200", state: "3" },
              data: [
                { context: "已签收", ftime: "2026-11-02 14:03:00" },
                { context: "派送中", ftime: "2026-11-02 09:00:00" },
              ],
            }
          : { result: false, returnCode: "503", message: "验证签名失败" },
      );
    };
    const track = await new Kuaidi100(account, fake).track("shunfeng", "SF1234567890", "0415");
    expect(JSON.parse(seen[0]?.get("param") ?? "")).toMatchObject({
      ...{ com: "shunfeng", num: "SF1234567890", phone: "0415" },
    });
    expect(track).toEqual({
      state: "signed",
      points: [
        { atMs: Date.parse("2026-11-02T14:03:00+08:00"), text: "已签收" },
        { atMs: Date.parse("2026-11-02T09:00:00+08:00"), text: "派送中" },
      ],
    });
    const other = new Kuaidi100({ ...account, key: "WRONG" }, fake);
    expect(await other.track("shunfeng", "SF1234567890", "0415")).toBe("unknown");
  });

  it("that does not answer, or not so that it can be read, is silent", async () => {
    const answers: (() => Response)[] = [
      () => new Response("busy", { status: 502 }),
      () => new Response("<html>"),
      () => Response.json(null),
      () => {
        throw new Error("no route");
      },
    ];
    for (const answer of answers) {
      const service = new Kuaidi100(account, () => Promise.resolve().then(answer));
      expect(await service.track("shunfeng", "SF1234567890", "0415")).toBe("silence");
    }
  });

  it("signs by MD5 over param, key and customer, in capitals", () => {
    expect(querySign("{}", account)).toBe("6F0160A1204EEB53185610B8A1C69FEB");
    expect(readTrack({ state: "99" })).toBeNull();
  });
});
