import { describe, expect, it } from "vitest";
import { changesOf } from "./changes.ts";
import { fieldName, fieldText, type FieldTongue } from "./field-text.ts";

const names: FieldTongue["names"] = {
  actor: (actor) => (actor === "staff:stf-1" ? "林店主" : actor),
  store: (storeId) => (storeId === "jetty" ? "轮渡店" : storeId),
  tier: (tierId) => (tierId === "bud" ? "芽友" : tierId),
  approvalKind: (kind) => (kind === "points.grant" ? "发放积分" : kind),
};
const zh: FieldTongue = { locale: "zh-CN", names };
const en: FieldTongue = { locale: "en", names };

/** A line of the log as a person reads it. */
const read = (tongue: FieldTongue, before: unknown, after: unknown): string[] =>
  changesOf(before, after).map(
    ({ path, before: was, after: is }) =>
      `${fieldName(path, tongue)}: ${fieldText(path, was, tongue)} → ${fieldText(path, is, tongue)}`,
  );

describe("a change in the log", () => {
  it("names its fields and shows moments, money, points and spans as the pages do", () => {
    const before = {
      opensAtMs: 1_795_000_000_000,
      items: [{ pricePoints: 12_000, priceFen: 990 }],
    };
    const after = {
      ...{ opensAtMs: 1_795_003_600_000, waveIntervalMs: 30_000 },
      items: [{ pricePoints: 9_900, priceFen: 990 }],
    };
    expect(read(zh, before, after)).toEqual([
      "开抢: 2026-11-18 19:06 → 2026-11-18 20:06",
      "好礼 1 · 积分价: 12,000 → 9,900",
      "返场间隔:  → 30 秒",
    ]);
    expect(read(en, null, after.items)).toEqual(["1 · Points:  → 9,900", "1 · Cash:  → ¥9.90"]);
  });

  it("says ids by their names, codes by their words, and what nobody has named as it is", () => {
    const after = {
      ...{ storeIds: ["jetty", "gone"], tierId: "bud", decidedBy: "staff:stf-1" },
      ...{ state: "published", isHidden: false, notNamedYet: "x" },
    };
    expect(read(zh, null, after)).toEqual([
      ...["门店:  → 轮渡店, gone", "等级:  → 芽友", "谁决定:  → 林店主", "状态:  → 已发布"],
      ...["隐藏:  → 否", "notNamedYet:  → x"],
    ]);
  });

  it("says what needs a second person, and what somebody may, in words", () => {
    const after = {
      ...{ kind: "points.grant", payload: { kind: "points.grant" } },
      permissions: ["points.grant", "orders.ship", "gone.right"],
    };
    expect(read(zh, null, after)).toEqual([
      ...["类型:  → 发放积分", "内容 · 类型:  → 发放积分"],
      "权限:  → 发放积分, 发货, gone.right",
    ]);
    expect(fieldText("kind", "physical", zh)).toBe("实物");
    expect(fieldText("permissions", ["orders.ship"], en)).toBe("Ship");
  });

  it("shows a span of whole minutes in minutes", () => {
    expect(fieldText("waveIntervalMs", 300_000, zh)).toBe("5 分钟");
    expect(fieldText("waveIntervalMs", 300_000, en)).toBe("5 min");
  });

  it("calls fields of terms as their form does", () => {
    expect(fieldName("tiers.1.benefits.earnPercent", zh)).toBe("等级 2 · 权益 · 得分倍数");
    expect(fieldName("reminders.ladderDays", en)).toBe("reminders · Days before");
  });
});
