import { describe, expect, it } from "vitest";
import { birthdayEn } from "./birthday.en.ts";
import { birthdayZhCN } from "./birthday.zh-CN.ts";
import { en } from "./en.ts";
import { goodsEn } from "./goods.en.ts";
import { goodsZhCN } from "./goods.zh-CN.ts";
import { invitedEn } from "./invited.en.ts";
import { invitedZhCN } from "./invited.zh-CN.ts";
import { lotSourceEn, lotSourceZhCN } from "./lot-sources.ts";
import { orderEn } from "./order.en.ts";
import { orderZhCN } from "./order.zh-CN.ts";
import { pagesEn } from "./pages.en.ts";
import { pagesZhCN } from "./pages.zh-CN.ts";
import { pointsEn } from "./points.en.ts";
import { pointsZhCN } from "./points.zh-CN.ts";
import { posterEn } from "./poster.en.ts";
import { posterZhCN } from "./poster.zh-CN.ts";
import { saleEn } from "./sale.en.ts";
import { saleZhCN } from "./sale.zh-CN.ts";
import { suggestedEn } from "./suggested.en.ts";
import { suggestedZhCN } from "./suggested.zh-CN.ts";
import { verifyEn } from "./verify.en.ts";
import { verifyZhCN } from "./verify.zh-CN.ts";
import { zhCN } from "./zh-CN.ts";

/** Every path of a tree of words, with its kind at the end. */
function paths(words: unknown, at = ""): string[] {
  if (typeof words !== "object" || words === null) return [`${at}: ${typeof words}`];
  if (Array.isArray(words)) return [`${at}: list of ${words.length}`];
  return Object.entries(words).flatMap(([key, value]) => paths(value, `${at}.${key}`));
}

/** Every plain sentence of a tree. */
function sentences(words: unknown): string[] {
  if (typeof words === "string") return [words];
  return typeof words === "object" && words !== null ? Object.values(words).flatMap(sentences) : [];
}

describe.each([
  ["core", zhCN, en],
  ["sale", saleZhCN, saleEn],
  ["goods", goodsZhCN, goodsEn],
  ["suggested", suggestedZhCN, suggestedEn],
  ["pages", pagesZhCN, pagesEn],
  ["order", orderZhCN, orderEn],
  ["points", pointsZhCN, pointsEn],
  ["birthday", birthdayZhCN, birthdayEn],
  ["verify", verifyZhCN, verifyEn],
  ["invited", invitedZhCN, invitedEn],
  ["poster", posterZhCN, posterEn],
] as const)("%s words", (_name, chinese, english) => {
  it("have the same keys in both languages", () =>
    expect(paths(english).sort()).toEqual(paths(chinese).sort()));

  it("say nothing in neither", () => {
    const blank = [...sentences(chinese), ...sentences(english)].filter(
      (text) => text.trim() === "",
    );
    expect(blank).toEqual([]);
  });

  it("keep the voice: no exclamation mark, no 亲, no excuse without a reason", () => {
    const bad = [...sentences(chinese), ...sentences(english)].filter((text) =>
      /[!！]|亲[，,]|系统繁忙|请稍后再试/.test(text),
    );
    expect(bad).toEqual([]);
  });

  it("leave no Chinese in the English", () => {
    const bad = sentences(english).filter(
      (text) => /[\u4e00-\u9fff]/.test(text) && text !== "中文",
    );
    expect(bad).toEqual([]);
  });
});

describe("figures", () => {
  it("stand in the sentence, and their clause is left out when unknown", () => {
    expect(zhCN.toast.notOpen({ key: "notOpen", earlyMs: 212 }).title).toBe(
      "还没开始，早了 212 毫秒",
    );
    expect(zhCN.toast.notOpen({ key: "notOpen", earlyMs: null }).title).toBe("还没开始");
    expect(zhCN.grab.label.book({ key: "book", points: 1_280 })).toBe("预约，占用 1,280 积分");
    expect(zhCN.grab.sub.price({ key: "price", points: 900, cashFen: 0 })).toBe("900 积分");
    expect(en.grab.sub.price({ key: "price", points: 900, cashFen: 990 })).toBe(
      "900 points + ¥9.90",
    );
    expect(saleZhCN.pass.goneAt(500, null)).toBe("本场 500 件已兑完");
    expect(zhCN.toast.fault({ key: "fault", requestId: "", held: false }).body).toBe(
      "没有扣积分。",
    );
  });
});

describe("a lot", () => {
  it.each([lotSourceZhCN, lotSourceEn])("is never named by its code", (name) => {
    for (const source of ["registration", "order", "check_in", "one of a later version"])
      expect(name(source)).not.toMatch(/^[a-z_]+$/);
    expect(name("one of a later version")).toBe(name("unknown"));
  });
});
