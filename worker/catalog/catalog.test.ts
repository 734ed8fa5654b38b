import { array, assert, constantFrom, property, string, tuple } from "fast-check";
import { describe, expect, it } from "vitest";
import { branchOf, treeProblems, visibleOf } from "./categories.ts";
import { endOfPrefix, gramsOf, termsOf, titleKeyOf } from "./grams.ts";
import { planGoodsImport } from "./import.ts";
import { matrixProblems, mixOf, priceAdvice, withSkuIds } from "./model.ts";

const finds = (title: string, query: string): boolean => {
  const grams = gramsOf([title]);
  return termsOf(query).every(({ text, isPrefix }) =>
    grams.some((gram) => (isPrefix ? gram >= text && gram < endOfPrefix(text) : gram === text)),
  );
};

describe("the search", () => {
  const han = array(constantFrom("云", "山", "白", "茶", "杯", "壶", "冷", "泡"), {
    minLength: 2,
    maxLength: 12,
  });

  it("finds a Chinese name by any piece of it", () => {
    assert(
      property(tuple(han, han, han), ([before, piece, after]) =>
        finds([...before, ...piece, ...after].join(""), piece.join("")),
      ),
    );
  });

  it("finds a Latin word by its beginning, whatever its width and case", () => {
    expect(finds("Windproof 2026", "wind")).toBe(true);
    expect(finds("ＷＩＮＤ", "wind")).toBe(true);
    expect(finds("Windproof", "proof")).toBe(false);
  });

  it("asks for nothing where there are no words, and never throws", () => {
    expect(termsOf(" ，。!")).toEqual([]);
    assert(property(string({ unit: "binary" }), (text) => Array.isArray(gramsOf([text]))));
    assert(property(string({ unit: "binary" }), (text) => termsOf(text).length <= 8));
  });

  it("takes titles for the same that differ in signs only", () => {
    expect(titleKeyOf("云山白茶　100 g（铁罐）")).toBe(titleKeyOf("云山白茶 100 G 铁罐"));
    expect(titleKeyOf("云山白茶")).not.toBe(titleKeyOf("云山红茶"));
  });
});

describe("the mix", () => {
  it("is good at 6 : 3 : 1 and names what is furthest behind", () => {
    expect(mixOf({ everyday: 6, quality: 3, special: 1 })).toMatchObject({ advice: "good" });
    expect(mixOf({ everyday: 2, quality: 7, special: 1 })).toMatchObject({
      advice: "more_everyday",
    });
    expect(mixOf({}).advice).toBe("empty");
  });

  it("says how many goods reach the share, and that many do", () => {
    const { roles } = mixOf({ everyday: 10, quality: 1, special: 3 });
    expect(roles[1]).toMatchObject({ role: "quality", percent: 7.1, missing: 5 });
    expect((1 + 5) / (14 + 5)).toBeGreaterThanOrEqual(0.3);
    expect((1 + 4) / (14 + 4)).toBeLessThan(0.3);
  });
});

describe("advice on prices", () => {
  const goods = (pricePoints: number, priceFen: number) => ({
    ...{ role: "quality" as const, marketPriceFen: 1_000, costFen: 600, pictures: [{}] },
    skus: [{ skuId: "a", pricePoints, priceFen }],
  });
  const codes = (pricePoints: number, priceFen = 0): string[] =>
    priceAdvice(goods(pricePoints, priceFen)).map(({ code }) => code);

  it("names what a price says beside market, cost and band", () => {
    expect(codes(800)).toEqual([]);
    expect(codes(1_200)).toEqual(["above_market"]);
    expect(codes(200)).toEqual(["below_cost", "outside_band"]);
    expect(codes(500, 501)).toContain("cash_above_points");
    expect([codes(0), codes(0, 1)]).toEqual([["free"], expect.not.arrayContaining(["free"])]);
  });
});

describe("a spec matrix", () => {
  const axes = [{ name: "色", values: ["白", "绿"] }];
  const sku = (values: string[], code = "", skuId?: string) => ({ values, code, skuId });

  it("names what is wrong by its place", () => {
    expect(matrixProblems({ axes, skus: [sku(["白"]), sku(["绿"])] })).toEqual([]);
    const wrong = { axes, skus: [sku(["红"]), sku([]), sku(["白"], "1"), sku(["白"], "1")] };
    expect(matrixProblems(wrong).map(({ path }) => path)).toEqual([
      ...["skus.0.values.0", "skus.1.values", "skus.3", "skus.3"],
    ]);
    expect(matrixProblems({ axes: [], skus: [sku([]), sku([])] })).not.toEqual([]);
  });

  it("never gives an id that was ever taken", () => {
    const named = withSkuIds("mug", true, [{ skuId: "mug-2" }, {}, {}], new Set(["mug-1"]));
    expect(named.map(({ skuId }) => skuId)).toEqual(["mug-2", "mug-3", "mug-4"]);
    expect(withSkuIds("mug", false, [{}], new Set())[0]?.skuId).toBe("mug");
  });
});

describe("categories", () => {
  const one = (categoryId: string, parentId: string | null, isHidden = false) => ({
    ...{ categoryId, parentId, isHidden, name: categoryId },
  });
  const tree = [
    one("a", null),
    one("b", "a"),
    one("c", "b", true),
    one("d", null, true),
    one("e", "d"),
  ];

  it("hide what hangs below what is hidden", () => {
    expect(visibleOf(tree).map(({ categoryId }) => categoryId)).toEqual(["a", "b"]);
    expect(branchOf(tree, "a", true)).toEqual(["a", "b", "c"]);
    expect(branchOf(tree, "e", false)).toEqual([]);
  });

  it("refuse circles, orphans, depth and names twice", () => {
    expect(treeProblems(tree)).toEqual([]);
    expect(treeProblems([one("a", "b"), one("b", "a")])).not.toEqual([]);
    expect(treeProblems([one("a", "x")])).not.toEqual([]);
    expect(treeProblems([...tree.slice(0, 3), one("f", "c")])).not.toEqual([]);
    expect(treeProblems([one("a", null), { ...one("b", null), name: "a" }])).not.toEqual([]);
  });
});

describe("an import", () => {
  const ground = { categories: new Map([["茶器", "ware"]]) };
  const plan = (text: string) => planGoodsImport(text, ground);
  const HEAD = "goodsId,title,category,spec,code,pricePoints,priceYuan,units\n";

  it("groups the lines of one goods into its SKUs", () => {
    const { goods, bad } = plan(
      `${HEAD}mug,搪瓷杯,茶器,色=白,A1,400,,5\nmug,搪瓷杯,茶器,色=绿,A2,450,9.9,6\n`,
    );
    expect(bad).toEqual([]);
    expect(goods).toMatchObject([
      {
        ...{ goodsId: "mug", categoryId: "ware" },
        skus: [{ units: 5 }, { pricePoints: 450, priceFen: 990, code: "A2" }],
      },
    ]);
  });

  it("names every bad line with its field", () => {
    const lines = [
      "BAD ID,杯,,,,10,,",
      "ok,,,,,10,,",
      "ok2,壶,没有,,,10,,",
      "ok3,盏,,,,ten,,",
      "ok4,碗,,,,10,1.234,",
      "ok5,碟,,色,,10,,",
      "ok6,壶,,,,10,,",
      "ok7,瓶,,,有 空格,10,,",
      "ok8,,,,,,,",
    ];
    const { bad } = plan(HEAD + lines.join("\n"));
    const places = bad.map(({ line, field }) => `${line} ${field}`);
    expect(places).toEqual([
      ...["2 goodsId", "3 title", "4 category", "5 pricePoints", "6 priceYuan", "7 spec"],
      ...["8 title", "9 code", "10 title", "10 pricePoints"],
    ]);
  });

  it("reads who supplies the goods, and of each what the file has a column for", () => {
    const LINES = "goodsId,title,pricePoints,supplier,supplierCode,dropShipped\n";
    const { goods, bad } = plan(
      `${LINES}pot,茶壶,10,窑坊,Y-1,是\npan,茶盘,10,窑坊,,no\ncup,茶杯,10,,,\n`,
    );
    expect(bad).toEqual([]);
    expect(goods.map(({ supplier }) => supplier)).toEqual([
      { name: "窑坊", code: "Y-1", isDropShipped: true },
      { name: "窑坊", code: "", isDropShipped: false },
      { name: "", code: "", isDropShipped: false },
    ]);
    const some = plan("goodsId,title,pricePoints,supplierCode\npot,茶壶,10,Y-2\n");
    expect(some.goods[0]?.supplier).toEqual({ code: "Y-2" });
    expect(plan("goodsId,title,pricePoints,dropShipped\n").bad[0]?.reason).toContain("supplier");
    expect(plan(`${HEAD}pot,茶壶,,,,10,,\n`).goods[0]?.supplier).toEqual({});
  });

  it("refuses a sender without a name, a word that is neither, and variants of two suppliers", () => {
    const LINES = "goodsId,title,spec,pricePoints,supplier,supplierCode,dropShipped\n";
    const lines = [
      "a,甲,,10,,,yes",
      "b,乙,,10,窑坊,,maybe",
      "c,丙,色=白,10,窑坊,,",
      "c,丙,色=绿,10,茶坊,,",
    ];
    const { bad } = plan(LINES + lines.join("\n"));
    expect(bad.map(({ line, field }) => `${line} ${field}`)).toEqual([
      ...["2 supplier", "3 dropShipped", "5 supplier"],
    ]);
  });

  it("takes the revision of an export for all variants, and no two of them", () => {
    const LINES = "goodsId,title,spec,pricePoints,revision\n";
    const { goods, bad } = plan(`${LINES}mug,杯,色=白,10,4\nmug,杯,色=绿,10,\npot,壶,,10,\n`);
    expect(bad).toEqual([]);
    expect(goods.map(({ revision }) => revision)).toEqual([4, null]);
    const two = plan(`${LINES}mug,杯,色=白,10,4\nmug,杯,色=绿,10,5\npot,壶,,10,x\n`).bad;
    expect(two.map(({ line, field }) => `${line} ${field}`)).toEqual(["3 revision", "4 revision"]);
  });

  it("reads its own export back, formulas and all", () => {
    const { goods } = plan(`${HEAD}x,'=1+1,,,,10,,\n`);
    expect(goods[0]?.title).toBe("=1+1");
  });

  it("says what is wrong with a file as a whole", () => {
    expect(plan("").bad[0]?.reason).toContain("empty");
    expect(plan("goodsId,title\n").bad[0]?.reason).toContain("pricePoints");
    expect(plan("goodsId,title,pricePoints,evil\n").bad[0]?.reason).toContain("evil");
    expect(plan(`${HEAD}"a`).bad[0]?.reason).toContain("quote");
  });
});
