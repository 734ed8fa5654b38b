/** What is wrong with a field is said in the language that was asked for. */
import { describe, expect, it } from "vitest";
import { parseRule, type EarnProgramme } from "../../earning/rules/index.ts";
import { PROGRAMME, ruleOf } from "../../testing/points/earning.ts";
import { inChinese, inEnglish } from "./field-texts.ts";
import { problemResponse } from "./problem.ts";

const isChinese = (text: string): boolean => /\p{Script=Han}/u.test(text);

describe("what is wrong with a field", () => {
  it("is translated where schemas and rules say it with figures", () => {
    const slow: EarnProgramme = {
      ...PROGRAMME,
      walletCaps: [{ period: "day", pointsMax: 1, timesMax: null }],
    };
    const wrong: readonly object[] = [
      { priority: -1 },
      { priority: 1.5 },
      { priority: "1" },
      { priority: 1e9 },
      { title: "" },
      { title: "长".repeat(500) },
      { ruleId: "No!" },
      { on: [] },
      { on: ["else"] },
      { benefit: { kind: "else" } },
      { benefit: { kind: "fixed", points: 5 } },
      { extra: 1 },
      { isStackable: undefined },
      { expiry: { kind: "after", amount: 99, unit: "years", rounding: { kind: "none" } } },
    ];
    for (const change of wrong) {
      const parsed = parseRule({ ...ruleOf(), ...change }, slow);
      if (parsed.kind === "ok") throw new Error(`taken: ${JSON.stringify(change)}`);
      for (const { reason } of parsed.problems) {
        expect(isChinese(inChinese(reason)), reason).toBe(true);
        expect(inEnglish(reason)).not.toMatch(/expected|received|[<>]=|Invalid|Unrecognized/);
      }
    }
    expect(inChinese("with the published rule double: points lapse before they are active")).toBe(
      "与已发布的规则 double 不合：积分还没生效就会过期",
    );
  });

  it("is said in English without the words of a type system", () => {
    const blank = "Too small: expected string to have >=1 characters";
    expect(inEnglish(blank)).toBe("required");
    expect(inEnglish("Too big: expected string to have <=40 characters")).toBe(
      "40 characters at most",
    );
    expect(inEnglish("Too small: expected number to be >0")).toBe("must be more than 0");
    expect(inEnglish("Invalid input: expected int, received string")).toBe(
      "must be a whole number",
    );
    expect(inEnglish("there is no such day")).toBe("there is no such day");
  });

  it("stands in the answer in the language of the answer; codes stay codes", async () => {
    const errors = [
      { path: "day", message: "there is no such day" },
      { path: "password", message: "too_short" },
    ];
    const bodyIn = async (locale: "zh-CN" | "en") =>
      problemResponse({ code: "invalid", locale, instance: "/", figures: { errors } }).json();
    expect(await bodyIn("en")).toMatchObject({ errors });
    expect(await bodyIn("zh-CN")).toMatchObject({
      errors: [{ path: "day", message: "没有这一天" }, errors[1]],
    });
  });
});
