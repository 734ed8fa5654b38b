import { differencesOf, type Said, type Tell } from "./diff.ts";
import { describe, expect, it } from "vitest";
import { csvCell, csvOf, textOfFile } from "./csv.ts";
import { niceTop } from "./figures.tsx";
import { fenOf, localOf, msOf, yuanOf } from "./inputs.ts";
import { matchPath } from "./router.ts";
import { actorText } from "./use-names.ts";
import { plural } from "./words.ts";

describe("so many of a thing, in English", () => {
  it("is one of it, or several", () => {
    const said = [0, 1, 2, 1_280, "1", "1.1M"].map((many) => plural(many, "row"));
    expect(said).toEqual(["0 rows", "1 row", "2 rows", "1,280 rows", "1 row", "1.1M rows"]);
  });
});

describe("who did something", () => {
  it("is called by name, also where a second person agreed", () => {
    const staff: Readonly<Record<string, string>> = { "stf-1": "林山", "stf-2": "陈溪" };
    const said = (actor: string): string =>
      actorText(actor, (id) => staff[id] ?? null, { member: "会员", system: "系统" });
    expect(
      ["staff:stf-1+staff:stf-2", "staff:stf-1 + staff:stf-2", "stf-2", "member:", "system"].map(
        said,
      ),
    ).toEqual(["林山 + 陈溪", "林山 + 陈溪", "陈溪", "会员", "系统"]);
    expect(said("staff:stf-9")).toBe("stf-9");
  });
});

describe("a cell of an export", () => {
  it("never begins like a formula", () => {
    for (const text of ["=1+1", "+1", "-1+2", "@SUM(A1)", "\t=1", "\r=1"]) {
      expect(csvCell(text).replace(/^"/, "")).toMatch(/^'/);
    }
    expect([csvCell(-5), csvCell("a-b"), csvCell(null)]).toEqual(["-5", "a-b", ""]);
  });

  it("keeps commas, quotes and lines inside", () => {
    expect(
      csvOf(
        ["a", "b"],
        [
          ['x"y', "1,2"],
          ["l1\nl2", 3],
        ],
      ),
    ).toBe('a,b\r\n"x""y","1,2"\r\n"l1\nl2",3');
  });
});

describe("a file that a spreadsheet wrote", () => {
  it("is read as UTF-8, with its mark or without, and as GBK where it is none", async () => {
    const head = "单号,快递";
    // What Excel and WPS write for a plain CSV on a Chinese system.
    const gbk = new Uint8Array([0xb5, 0xa5, 0xba, 0xc5, 0x2c, 0xbf, 0xec, 0xb5, 0xdd]);
    const files = [head, `\ufeff${head}`, gbk].map((part) => textOfFile(new Blob([part])));
    expect(await Promise.all(files)).toEqual([head, head, head]);
  });
});

describe("what people type", () => {
  it("is an amount in fen, or none", () => {
    expect(["9.9", "0.05", "1,280", "3"].map(fenOf)).toEqual([990, 5, 128_000, 300]);
    expect(["", "9.999", "-1", "abc", "1."].map(fenOf)).toEqual([null, null, null, null, null]);
    expect([yuanOf(990), yuanOf(300), yuanOf(null)]).toEqual(["9.90", "3", ""]);
  });

  it("is a moment on Beijing's clock", () => {
    const atMs = Date.parse("2026-11-22T20:00:00+08:00");
    expect(localOf(atMs)).toBe("2026-11-22T20:00");
    expect(msOf("2026-11-22T20:00")).toBe(atMs);
    expect([localOf(null), msOf("")]).toEqual(["", null]);
  });
});

describe("addresses", () => {
  it("match part by part and decode what they name", () => {
    expect(matchPath("", "/")).toEqual({});
    expect(matchPath(":memberId", "/a%40b")).toEqual({ memberId: "a@b" });
    expect(matchPath(":memberId/edit", "/m1/edit/")).toEqual({ memberId: "m1" });
    expect([matchPath("", "/x"), matchPath("new", "/old"), matchPath(":a", "/x/y")]).toEqual([
      null,
      null,
      null,
    ]);
  });

  it("are none when they cannot be decoded", () => expect(matchPath(":a", "/%E0%A4%A")).toBeNull());
});

it("charts end at a round figure at or above the largest", () => {
  expect([0, 7, 13, 1_999, 84_000].map(niceTop)).toEqual([1, 8, 15, 2_000, 100_000]);
});

describe("what two versions differ in", () => {
  const fields = new Map<string, Said>([
    ["name", { label: "名称", say: null }],
    ["tiers", { label: "等级", say: (many) => (many as string[]).join("、") }],
    ["items", { label: "好礼", say: null }],
  ]);
  const plain = (value: unknown): string => (value === undefined ? "—" : JSON.stringify(value));
  const rows = (mine: object, theirs: object, tell: Tell = {}) =>
    differencesOf(mine, theirs, fields, tell, plain).map((one) => [
      ...[one.label, one.mine, one.theirs],
    ]);

  it("is said in the words of their fields, and nothing else is", () => {
    const mine = { name: "甲", tiers: ["叶友"], note: "" };
    const theirs = { name: "乙", tiers: ["叶友", "老茶客"], note: "" };
    expect(rows(mine, theirs)).toEqual([
      ["等级", "叶友", "叶友、老茶客"],
      ["名称", '"甲"', '"乙"'],
    ]);
    expect(rows(mine, mine)).toEqual([]);
  });

  it("inside a list stands at its place, or in the editor's own words", () => {
    const [mine, theirs] = [{ items: [{ units: 2 }] }, { items: [{ units: 3 }, { units: 1 }] }];
    expect(rows(mine, theirs)).toEqual([
      ["好礼 1", "2", "3"],
      ["好礼 2", "—", '{"units":1}'],
    ]);
    const tell = {
      label: () => "件数",
      text: (_: string, value: unknown) => `${String(value)} 件`,
    };
    expect(rows(mine, theirs, tell)[0]).toEqual(["件数", "2 件", "3 件"]);
  });
});
