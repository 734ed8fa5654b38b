import { describe, expect, it } from "vitest";
import { localeOf, problemResponse } from "./problem.ts";

describe("the language of an answer", () => {
  it.each([
    [null, "zh-CN"],
    ["en", "en"],
    ["en-GB,en;q=0.9,zh;q=0.8", "en"],
    ["zh-CN,zh;q=0.9,en;q=0.8", "zh-CN"],
    ["en;q=0.2, zh;q=0.8", "zh-CN"],
    ["zh;q=0.2, en;q=0.8", "en"],
    ["fr, de;q=0.9, en;q=0.1", "en"],
    ["fr", "zh-CN"],
    ["zh;q=0, en;q=0.5", "en"],
    ["en;q=0", "zh-CN"],
    ["english", "zh-CN"],
    [`${"x,".repeat(5_000)}en`, "zh-CN"],
    [";;;,=;q=,en;q=abc", "zh-CN"],
  ])("is by weight: %s", (accepted, locale) => {
    const headers: Record<string, string> =
      accepted === null ? {} : { "accept-language": accepted };
    expect(localeOf(new Request("https://mall.test/", { headers }))).toBe(locale);
  });

  it("is the cookie's before the header's", () => {
    const headers = { "accept-language": "zh-CN", cookie: "a=b; qd_lang=en" };
    expect(localeOf(new Request("https://mall.test/", { headers }))).toBe("en");
  });
});

describe("the sentence of a refusal", () => {
  const detailOf = async (code: "not_eligible" | "limit_reached" | "conflict", figures: object) => {
    const options = { code, instance: "/x", figures: figures as Record<string, unknown> };
    const [zh, en] = await Promise.all(
      (["zh-CN", "en"] as const).map(async (locale): Promise<unknown> =>
        problemResponse({ ...options, locale }).json(),
      ),
    );
    return [zh, en].map((body) => (body as { detail: string }).detail);
  };

  it.each([
    [{ reason: "changed_meanwhile" }, "有人刚改过", "Somebody just changed"],
    [{ reason: "units_insufficient", shelf: 3 }, "只有 3 件", "Only 3 on the shelf"],
    [{ reason: "units_insufficient", onStandingShelf: 4 }, "只有 4 件", "Only 4 on the shelf"],
    [{ reason: "overlap", otherTitle: "夜场" }, "「夜场」", "“夜场”"],
    [{ reason: "of_a_till" }, "of_a_till", "of_a_till"],
  ])("says what stands against an act: %o", async (figures, zh, en) => {
    const [inChinese, inEnglish] = await detailOf("conflict", figures);
    expect(inChinese).toContain(zh);
    expect(inEnglish).toContain(en);
  });

  it.each([
    ["tier", "等级", "tier"],
    ["segment", "部分会员", "some members"],
    ["store", "门店", "stores"],
    ["blocked", "客服", "contact"],
  ])("names the rule %s, and no other", async (rule, zh, en) => {
    const [inChinese, inEnglish] = await detailOf("not_eligible", { rule });
    expect(inChinese).toContain(zh);
    expect(inEnglish).toContain(en);
  });

  it.each([
    [{}, "每人限 2 件", "2 per member;"],
    [{ per: "day" }, "每人每天限 2 件", "2 per member a day;"],
    [{ per: "window", days: 30 }, "每人每 30 天限 2 件", "2 per member in 30 days;"],
    [{ per: "lifetime" }, "每人总共限 2 件", "2 per member in all;"],
  ])("says which limit: %o", async (period, zh, en) => {
    const [inChinese, inEnglish] = await detailOf("limit_reached", {
      limit: 2,
      used: 1,
      ...period,
    });
    expect(inChinese).toContain(zh);
    expect(inEnglish).toContain(en);
  });
});
