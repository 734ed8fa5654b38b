import {
  boolean,
  constantFrom,
  record,
  shuffledSubarray,
  subarray,
  tuple,
  assert,
  property,
} from "fast-check";
import { describe, expect, it } from "vitest";
import {
  inOrder,
  joined,
  moved,
  nameProblem,
  restored,
  without,
  type Category,
} from "./category-tree.ts";
import {
  draftOf,
  EMPTY_SKU,
  formPath,
  matrixOf,
  movedTo,
  NEW_GOODS,
  valuesOf,
  wordsOf,
} from "./editor-model.ts";
import { EDITOR } from "./editor-words.ts";
import { widthsFor } from "./pictures.ts";
import { undoingOf } from "./undo-bulk.ts";
import { GOODS } from "./words.ts";

describe("the editor's form", () => {
  it("gives back the document it was made from", () => {
    const values = {
      ...{ ...NEW_GOODS, title: "杯", tags: "新品, 送礼", windowDays: 30, windowUnits: 2 },
      ...{ seenTiers: ["gold"], redeemSegments: ["vip", "老友"], freightFen: 600 },
    };
    const draft = draftOf(values, null);
    expect(draft).toMatchObject({
      ...{ tags: ["新品", "送礼"], freightFen: 600 },
      limits: { window: { days: 30, units: 2 } },
      seenBy: { tierIds: ["gold"], segments: null, storeIds: null },
      redeemedBy: { tierIds: null, segments: ["vip", "老友"], storeIds: null },
    });
    expect(draftOf(valuesOf({ goods: draft }), draft)).toEqual(draft);
  });

  it("keeps half a window out, and empty pieces of the description", () => {
    const block = { kind: "list" as const, text: "", items: [], facts: [], picture: null };
    const draft = draftOf({ ...NEW_GOODS, windowDays: 30, description: [block] }, null);
    expect(draft.limits.window).toBeNull();
    expect(draft.description).toEqual([]);
  });

  it("makes the rows of a matrix and keeps what stood for the same values", () => {
    const priced = { ...EMPTY_SKU, values: ["绿"], pricePoints: 450, skuId: "mug-2" };
    const axes = [{ name: "色", values: ["白", "绿"] }];
    const rows = matrixOf(axes, [{ ...EMPTY_SKU, pricePoints: 400 }, priced]);
    expect(rows).toMatchObject([{ values: ["白"], pricePoints: 400 }, priced]);
    expect(matrixOf([], [priced])).toMatchObject([{ values: [], pricePoints: 450 }]);
    expect(matrixOf([{ name: "色", values: [] }], [priced])).toHaveLength(1);
  });

  it("reads words between commas of either width, each once", () => {
    expect(wordsOf("白，绿, 白、 红")).toEqual(["白", "绿", "红"]);
  });

  it("finds the field that the server's error is about", () => {
    expect(formPath("goods.limits.perDay")).toBe("perDay");
    expect(formPath("goods.limits.window.days")).toBe("windowDays");
    expect(formPath("goods.skus.0.values")).toBe("skus.0.values");
    expect(formPath("goods.redeemedBy.tierIds.0")).toBe("redeemSegments");
  });

  it("moves entries within the list only", () => {
    expect(movedTo(["a", "b", "c"], 0, 2)).toEqual(["b", "c", "a"]);
    expect(movedTo(["a", "b"], 0, -1)).toEqual(["a", "b"]);
  });

  it("stores no picture larger than it is", () => {
    expect(widthsFor(2_000)).toEqual([400, 800, 1_200]);
    expect(widthsFor(900)).toEqual([400, 800]);
    expect(widthsFor(120)).toEqual([120]);
  });
});

describe("the tree", () => {
  const one = (categoryId: string, parentId: string | null) => ({
    ...{ categoryId, parentId, name: categoryId, isHidden: false, goods: 0 },
  });
  const tree = [one("a", null), one("b", null), one("a1", "a"), one("a2", "a")];

  it("reads each category before what lies below it", () => {
    expect(inOrder(tree).map(({ category, depth }) => `${depth}${category.categoryId}`)).toEqual([
      ...["0a", "1a1", "1a2", "0b"],
    ]);
  });

  it("moves on its own level, and loses what hangs below with its parent", () => {
    expect(inOrder(moved(tree, "a2", -1)).map(({ category }) => category.categoryId)).toEqual([
      ...["a", "a2", "a1", "b"],
    ]);
    expect(moved(tree, "a", -1)).toEqual(tree);
    expect(without(tree, "a").map(({ categoryId }) => categoryId)).toEqual(["b"]);
  });

  it("takes back what was removed, in its place, and keeps what was added meanwhile", () => {
    expect(restored(without(tree, "a"), tree)).toEqual(tree);
    const more = [...without(tree, "a"), one("c", null)];
    expect(restored(more, tree)).toEqual([...tree, one("c", null)]);
  });

  it("says which name cannot stand", () => {
    const called = (name: string, parentId: string | null) =>
      nameProblem(tree, { ...one("x", parentId), name });
    expect([called(" ", null), called("a ", null), called("a", "b")]).toEqual([
      ...["missing", "twice", null],
    ]);
  });
});

describe("a tree that two people change at once", () => {
  const one = (categoryId: string, name = categoryId): Category => ({
    ...{ categoryId, parentId: null, name, isHidden: false, goods: 0 },
  });
  const base = [one("a"), one("b"), one("c")];

  it("has the changes of both", () => {
    const mine = [one("a", "茶"), one("b"), one("c"), one("m")];
    const theirs = [one("t"), one("c"), one("a"), { ...one("b"), isHidden: true, goods: 3 }];
    expect(joined(base, mine, theirs)).toEqual({
      tree: [
        ...[one("t"), one("c"), one("a", "茶")],
        ...[one("m"), { ...one("b"), isHidden: true, goods: 3 }],
      ],
      clashes: [],
    });
  });

  it("names what they changed to two things, and mine stands", () => {
    const [mine, theirs] = [one("a", "茶"), one("a", "酒")];
    const both = joined(base, [mine, one("b")], [theirs, one("b"), one("c")]);
    expect(both.tree).toEqual([mine, one("b")]);
    expect(both.clashes).toEqual([{ categoryId: "a", of: "name", mine, theirs }]);
  });

  it("keeps what one removed and the other changed, and what hung below something that is gone", () => {
    const below = { ...one("n"), parentId: "b" };
    const mine = [one("a", "茶"), one("b"), one("c"), below];
    const theirs = [one("c")];
    expect(joined(base, mine, theirs).tree).toEqual([
      ...[one("a", "茶"), one("c"), { ...below, parentId: null }],
    ]);
  });

  it("is as the one left it who alone changed it", () => {
    const trees = subarray(["a", "b", "c", "d", "e"], { minLength: 0 })
      .chain((ids) => shuffledSubarray(ids, { minLength: ids.length }))
      .chain((ids) =>
        tuple(
          ...ids.map((id) =>
            record({ name: constantFrom("x", "y", id), isHidden: boolean() }).map(
              (made): Category => ({ ...one(id), ...made }),
            ),
          ),
        ),
      );
    assert(
      property(trees, trees, (before, after) => {
        expect(joined(before, before, after)).toEqual({ tree: after, clashes: [] });
        expect(joined(before, after, before)).toEqual({ tree: after, clashes: [] });
      }),
    );
  });
});

it("has a word for every advice, cause, kind and state in both languages", () => {
  expect(Object.keys(EDITOR.en.advice)).toEqual(Object.keys(EDITOR["zh-CN"].advice));
  expect(Object.keys(GOODS.en.stock.causes)).toEqual(Object.keys(GOODS["zh-CN"].stock.causes));
});

describe("one change of many goods", () => {
  const row = (goodsId: string, state: "draft" | "published", categoryId: string | null) => ({
    ...{ goodsId, state, categoryId, tags: state === "draft" ? [] : ["新品"] },
  });
  const rows = [row("a", "draft", null), row("b", "published", "tea"), row("c", "draft", "cups")];
  const undone = (act: Parameters<typeof undoingOf>[0]["act"], value: string | null) =>
    undoingOf({ act, value }, rows).map(({ goodsIds, ...back }) => [
      ...[goodsIds.join(" "), back.act, back.value],
    ]);

  it("is turned back only where it changed something", () => {
    expect(undone("publish", null)).toEqual([["a c", "withdraw", null]]);
    expect(undone("withdraw", null)).toEqual([["b", "publish", null]]);
    expect(undone("add_tag", "新品")).toEqual([["a c", "remove_tag", "新品"]]);
    expect(undone("remove_tag", "新品")).toEqual([["b", "add_tag", "新品"]]);
    expect(undone("category", "tea")).toEqual([
      ["a", "category", null],
      ["c", "category", "cups"],
    ]);
  });

  it("of prices is not: rounded, they do not come back", () => {
    expect(undone("price_percent", "90")).toEqual([]);
  });
});
