import { describe, expect, it } from "vitest";
import { conditionText, type Condition } from "./rule-text.ts";
import { SEGMENTS } from "./words.ts";

const same = (id: string | null): string | null => id;
const NAMES = { tier: same, store: same };
const said = (one: Condition): string[] =>
  (["zh-CN", "en"] as const).map((locale) => conditionText(one, SEGMENTS[locale], NAMES));

describe("a condition of a segment", () => {
  it("reads as a phrase of its language", () => {
    expect(said({ kind: "top", percent: 30, by: "frequency" })).toEqual([
      "近三月消费笔数前 30%",
      "Top 30% by purchases in 3 months",
    ]);
    expect(said({ kind: "expiring", days: 15 })).toEqual([
      "15 天内有积分到期",
      "Points that expire within 15 days",
    ]);
    expect(said({ kind: "redeemed", days: 90, is: "beyond" })).toEqual([
      "上次兑换在 90 天以前，或从未",
      "Last redemption over 90 days ago, or never",
    ]);
  });
});
