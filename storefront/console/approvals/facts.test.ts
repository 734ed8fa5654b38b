import { describe, expect, it } from "vitest";
import type { Approval } from "../../../worker/staff/approval.ts";
import type { ApprovalKindView } from "../../../worker/staff/wire.ts";
import { factsOf, figureText, subjectHref, subjectText, type Tongue } from "./facts.ts";

const kindOf = (kind: string, unit: ApprovalKindView["unit"], zh: string, en: string) =>
  ({
    ...{ kind, unit, title: { "zh-CN": zh, en }, permission: "approvals.decide" },
    ...{ from: 0, defaultFrom: 0, version: 0 },
  }) as ApprovalKindView;

const KINDS = [
  kindOf("orders.refund", "fen", "大额退款", "Large refund"),
  kindOf("points.grant", "points", "发放积分", "Grant points"),
  kindOf("points.bulk_grant", "points", "批量发放积分", "Grant points to many"),
  kindOf("points.adjust", "always", "手工调整积分", "Adjust points by hand"),
  kindOf("approvals.loosen", "always", "放宽审批门槛", "Raise a threshold"),
  kindOf("sales.early_end", "always", "提前结束秒杀场", "End a running sale early"),
  kindOf("members.merge", "points", "合并会员档案", "Merge two records of a member"),
  kindOf("orders.reverse_write_off", "always", "撤销核销", "Reverse a write-off"),
];
const tongueIn = (locale: Tongue["locale"]): Tongue => ({
  ...{ locale, kinds: KINDS },
  storeName: (storeId) => (storeId === "jetty" ? "栈桥店" : storeId),
  kindTitle: (kind) => KINDS.find((one) => one.kind === kind)?.title[locale] ?? kind,
});
const ZH = tongueIn("zh-CN");
const EN = tongueIn("en");

const proposal = (
  kind: string,
  subject: string,
  figure: number,
  payload: unknown,
  became: Partial<Approval> = {},
): Approval => ({
  ...{ approvalId: "a", kind, subject, figure, payload, reason: "", state: "proposed" },
  ...{ proposedBy: "staff:x", proposedAtMs: 0, expiresAtMs: 1 },
  ...{ decidedBy: null, decidedAtMs: null, note: null, outcome: null },
  ...became,
});

const said = (approval: Approval, tongue: Tongue): string[] =>
  factsOf(approval, tongue).map(({ name, text }) => `${name}: ${text}`);

const REFUND = proposal("orders.refund", "order:o-1", 89_900, {
  ...{ memberId: "tea-001", orderId: "o-1", caseId: "c-1", step: "agree_refund" },
  ...{ points: 1_280, cashFen: 89_900, note: "这就退", evenIfUsed: false },
});

describe("a proposal, to whoever decides", () => {
  it("tells a refund in words, and no figure twice", () => {
    expect(figureText(REFUND, ZH)).toBe("¥899.00");
    expect(said(REFUND, ZH)).toEqual([
      "会员: tea-001",
      "处理: 同意退款，不用寄回",
      "积分: 1,280 积分",
      "给会员的话: 这就退",
      "已用过也退: 否",
      expect.stringMatching(/^驳回以后: .*到最晚处理时间没有人决定，系统按同意办/),
    ]);
    expect(said(REFUND, EN)).toEqual([
      "Member: tea-001",
      "Act: Refund, nothing is sent back",
      "Points: 1,280 points",
      "What the member reads: 这就退",
      "Even if used: No",
      expect.stringMatching(
        /^After a rejection: .*counts as agreed when nobody decides it in time/,
      ),
    ]);
    expect(said({ ...REFUND, state: "rejected" }, EN).join()).not.toContain("After a rejection");
    expect(subjectHref(REFUND)).toBe("/console/orders?q=o-1");
  });

  it("calls stores by name, says moments and leaves out keys", () => {
    const grant = proposal("points.grant", "member:tea-007", 120_000, {
      ...{ memberIds: ["tea-007"], points: 120_000, reason: "年度答谢", internalNote: "见邮件" },
      ...{ storeId: "jetty", expiresAtMs: Date.UTC(2027, 0, 1, 4), pendingUntilMs: null },
      idempotencyKey: "k-1",
    });
    expect(subjectText(grant, ZH)).toBe("会员 tea-007");
    expect(said(grant, ZH)).toEqual([
      "内部备注: 见邮件",
      "门店: 栈桥店",
      "积分到期: 2027-01-01 12:00",
    ]);
  });

  it("names the first of many members and counts them", () => {
    const memberIds = ["a1", "a2", "a3", "a4", "a5", "a6", "a7"];
    const many = proposal("points.bulk_grant", "members:7", 7_000, { memberIds, points: 1_000 });
    expect(subjectText(many, EN)).toBe("7 members");
    expect(said(many, ZH)).toEqual(["会员: a1, a2, a3, a4, a5 … 7 位会员", "积分: 1,000 积分"]);
  });

  it("says which way points go where the act has no threshold of its own", () => {
    const taken = proposal("points.adjust", "member:tea-007", -5_000, {
      ...{ adjustmentId: "d-1", memberKey: "demo:tea-007", points: -5_000, reason: "correction" },
      ...{ customerNote: "更正", internalNote: "工单 7", expiresAtMs: null, mayGoNegative: true },
    });
    expect(figureText(taken, ZH)).toBe("−5,000 积分");
    expect(said(taken, ZH)).toEqual([
      ...["给会员的话: 更正", "内部备注: 工单 7", "可以扣成欠分: 是"],
    ]);
  });

  it("calls a threshold by its act, and its figure by the unit of that act", () => {
    const looser = (from: number | null): Approval =>
      proposal("approvals.loosen", "threshold:orders.refund", from ?? 0, {
        ...{ kind: "orders.refund", from, version: 3 },
      });
    expect(subjectText(looser(1), ZH)).toBe("门槛 大额退款");
    expect(said(looser(100_000), ZH)).toEqual(["新的门槛: ¥1,000.00"]);
    expect(said(looser(null), EN)).toEqual(["New threshold: Never"]);
  });

  it("calls a sale and a write-off by their goods", () => {
    const payload = { saleId: "demo.tote~1", goods: "山形帆布袋" };
    expect(subjectText(proposal("sales.early_end", "sale:demo.tote~1", 1, payload), ZH)).toBe(
      "秒杀 山形帆布袋",
    );
    const undone = proposal("orders.reverse_write_off", "write-off:w-1", 1, {
      ...{ writeOffId: "w-1", reason: "错了", goods: "畅饮卡", uses: 1, store: "栈桥店" },
      clerk: "郑店员",
    });
    expect(subjectText(undone, ZH)).toBe("核销 畅饮卡");
    expect(said(undone, ZH)).toEqual(["次数: 1 次", "门店: 栈桥店", "核销的人: 郑店员"]);
  });

  it("says what became of it, and why it was not possible", () => {
    const merge = { fromId: "m-1", intoId: "m-2", reason: "同一个人" };
    const known = ["并掉的档案: m-1", "留下的档案: m-2"];
    const of = (became: Partial<Approval>): string[] =>
      said(proposal("members.merge", "member:m-1", 12_000, merge, became), ZH);
    expect(of({ state: "done", outcome: { kind: "done", movedPoints: 12_000 } })).toEqual([
      ...known,
      "搬走的积分: 12,000 积分",
    ]);
    expect(of({ state: "refused", outcome: { code: "conflict", reason: "owes_points" } })).toEqual([
      ...known,
      expect.stringContaining("欠着积分"),
    ]);
    expect(of({ state: "refused", outcome: { code: "never_heard_of" } })).toEqual([
      ...known,
      "没办成的原因: 批准时的状态已经不允许这样做。",
    ]);
  });
});
