import { describe, expect, it } from "vitest";
import { TERMS_KINDS } from "../rules/terms-words.ts";
import { subjectText } from "./subject.ts";
import { AUDIT } from "./words.ts";

const { subjects, pages, and } = AUDIT["zh-CN"];
const names = {
  actor: (actor: string) => (actor === "staff:stf-1" ? "林店主" : actor),
  store: (storeId: string | null) => (storeId === "jetty" ? "轮渡店" : storeId),
  approvalKind: (kind: string) => (kind === "points.grant" ? "发放积分" : kind),
};
const termsKinds = TERMS_KINDS["zh-CN"];
const said = (subject: string, after: unknown = null, before: unknown = null): string =>
  subjectText({ subject, before, after }, { subjects, pages, and, names, termsKinds });

describe("what a line of the log is about", () => {
  it.each([
    ["session:s-1", { version: 1, title: "周末伞杯场" }, "场次 周末伞杯场"],
    ["segment:top", { name: "前 30%", rule: {} }, "人群 前 30%"],
    ["sale:demo.cup~1", { goods: "盖碗" }, "秒杀 盖碗"],
    ["goods:cup", { revision: 1, goods: { title: "盖碗" } }, "商品 盖碗"],
    ["page:tea", { revision: 2, body: { title: "喝茶" } }, "页面 喝茶"],
    ["page:home", { revision: 2, atMs: null }, "页面 首页"],
    ["page:look", { body: { name: "云山茶社" } }, "页面 主题与店铺"],
    ["campaign:c-1", { points: 5, note: "周年礼" }, "送积分 周年礼"],
    ["", { title: "周末伞杯场" }, "周末伞杯场"],
    ["kind:reminders", { days: 7 }, "设置 到期提醒"],
    ["kind:points.grant", { from: 1_000 }, "门槛 发放积分"],
    ["approval:a-1 threshold:points.grant", { kind: "approvals.loosen" }, "门槛 发放积分"],
    ["approval:a-1 sale:demo.cup~1", { payload: { goods: "盖碗" } }, "秒杀 盖碗"],
  ])("is called as the line calls it: %s", (subject, after, text) => {
    expect(said(subject, after)).toBe(text);
  });

  it("is called by what stood there before, where that is all there is", () => {
    expect(said("label:regular", null, { name: "老茶客" })).toBe("标签 老茶客");
  });

  it("is called by its id where nothing names it, and a member or an order never otherwise", () => {
    expect(said("sale:demo.cup~1")).toBe("秒杀 demo.cup~1");
    expect(said("member:tea-1 order:o-1", { note: "缺货" })).toBe("会员 tea-1，订单 o-1");
    expect(said("approval:a-1")).toBe("审批 a-1");
    expect(said("ledger")).toBe("ledger");
  });

  it("names who and where by the names of the shop", () => {
    expect(said("staff:stf-1")).toBe("林店主");
    expect(said("store:jetty")).toBe("门店 轮渡店");
    expect(said("booking-plan:jetty/", { weekdays: [1] })).toBe("预约时段 轮渡店");
  });
});
