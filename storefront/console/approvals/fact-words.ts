import type { Locale } from "../../../worker/pages/page-data.ts";
import { count, signed } from "../../ui/format.ts";

/** What a proposal, and what became of it, carries: the name of each fact, and the words for those that are codes. */
const ZH = {
  subjects: {
    ...{ member: "会员", sale: "秒杀", order: "订单", threshold: "门槛" },
    ...{ "write-off": "核销", import: "导入的文件", campaign: "送积分活动" },
  } as Readonly<Record<string, string>>,
  membersOf: (members: string) => `${members} 位会员`,
  fields: {
    ...{ fromId: "并掉的档案", intoId: "留下的档案", memberId: "会员", memberIds: "会员" },
    ...{ points: "积分", cashFen: "退现金", movedPoints: "搬走的积分", into: "留下的档案" },
    ...{ members: "人数", lines: "行数", goods: "商品", uses: "次数" },
    ...{ store: "门店", storeId: "门店", clerk: "核销的人" },
    ...{ internalNote: "内部备注", customerNote: "给会员的话", note: "给会员的话" },
    ...{ expiresAtMs: "积分到期", pendingUntilMs: "何时可用", mayGoNegative: "可以扣成欠分" },
    ...{ step: "处理", evenIfUsed: "已用过也退", again: "同样的文件再导一次" },
    ...{ rejected: "驳回以后" },
    ...{ kind: "哪件事", from: "新的门槛", pointsFrom: "一次从多少起" },
    ...{
      alonePerDayMax: "一人一天最多",
      granted: "成功",
      repeated: "以前已做过",
      closedAtMs: "结束于",
    },
    ...{
      booked: "已入账",
      refused: "没有成功",
      nextLine: "接着从第几行",
      state: "办理",
      cause: "没办成的原因",
    },
  } as Readonly<Record<string, string>>,
  caseStays:
    "只是不按这次提议退。申请还在售后等处理，到最晚处理时间没有人决定，系统按同意办；不想退，请到售后拒绝申请。",
  yes: "是",
  no: "否",
  never: "从不",
  points: (points: number) => `${count(points)} 积分`,
  moved: (points: number) => `${signed(points)} 积分`,
  units: (units: number) => `${count(units)} 件`,
  people: (members: number) => `${count(members)} 人`,
  lines: (lines: number) => `${count(lines)} 行`,
  times: (times: number) => `${count(times)} 次`,
  codes: {
    ...{ agree_refund: "同意退款，不用寄回", take_back: "已收到退货，退款" },
    ...{ done: "已办完", under_way: "还在办" },
  } as Readonly<Record<string, string>>,
  causes: {
    not_found: "对象已经不在了。",
    invalid: "内容已经不合规则，例如到期日已过。请重新提出。",
    idempotency_mismatch: "内容和提出时不一样了，请重新提出。",
    conflict: "批准时的状态已经不允许这样做。",
    changed_meanwhile: "提出之后别人改过，请按现在的内容重新提出。",
    imported_before: "同样的文件已经导入过。",
    goods_used: "商品已经用过。",
    worth_more_now: "现在要退的比提出时多，请按现在的数重新提出。",
    not_done: "这次核销已经不能撤销。",
    points_insufficient: "会员的积分不够扣。",
    too_many_points: "会员的积分会超过上限。",
  } as Readonly<Record<string, string>>,
};

const EN: typeof ZH = {
  subjects: {
    ...{ member: "Member", sale: "Sale", order: "Order", threshold: "Threshold" },
    ...{ "write-off": "Write-off", import: "Imported file", campaign: "Gift of points" },
  },
  membersOf: (members: string) => `${members} ${members === "1" ? "member" : "members"}`,
  fields: {
    ...{ fromId: "Record that goes", intoId: "Record that stays", memberId: "Member" },
    ...{ memberIds: "Members", points: "Points", cashFen: "Cash back" },
    ...{ movedPoints: "Points moved", into: "Record that stays" },
    ...{ members: "Members", lines: "Lines", goods: "Goods", uses: "Uses" },
    ...{ store: "Store", storeId: "Store", clerk: "Written off by" },
    ...{ internalNote: "Internal note", customerNote: "What the member reads" },
    ...{ note: "What the member reads", expiresAtMs: "Points expire" },
    ...{ pendingUntilMs: "Usable from", mayGoNegative: "May end below zero" },
    ...{ step: "Act", evenIfUsed: "Even if used", again: "The same file once more" },
    ...{ rejected: "After a rejection" },
    ...{ kind: "Act", from: "New threshold", pointsFrom: "From how many at once" },
    ...{ alonePerDayMax: "One person a day, at most", granted: "Done", repeated: "Done before" },
    ...{ closedAtMs: "Ended", booked: "Booked", refused: "Not done", nextLine: "Next line" },
    ...{ state: "Progress", cause: "Why it was not possible" },
  },
  caseStays:
    "Only this proposal is off. The case still waits at the after-sales desk and counts as agreed when nobody decides it in time; to turn the buyer down, refuse the case there.",
  yes: "Yes",
  no: "No",
  never: "Never",
  points: (points: number) => `${count(points)} ${points === 1 ? "point" : "points"}`,
  moved: (points: number) => `${signed(points)} ${Math.abs(points) === 1 ? "point" : "points"}`,
  units: (units: number) => `${count(units)} ${units === 1 ? "unit" : "units"}`,
  people: (members: number) => count(members),
  lines: (lines: number) => count(lines),
  times: (times: number) => count(times),
  codes: {
    ...{ agree_refund: "Refund, nothing is sent back" },
    ...{ take_back: "The goods came back: refund" },
    ...{ done: "Done", under_way: "Under way" },
  },
  causes: {
    not_found: "What it is about is gone.",
    invalid: "It breaks a rule by now, such as a deadline that has passed. Propose it again.",
    idempotency_mismatch: "It is not what was proposed any more. Propose it again.",
    conflict: "By the time it was agreed to, it could not be done any more.",
    changed_meanwhile: "Somebody changed it after it was proposed. Propose it anew.",
    imported_before: "The same file was imported before.",
    goods_used: "The goods were used.",
    worth_more_now: "More is to go back by now than was proposed. Propose it anew.",
    not_done: "This write-off cannot be undone any more.",
    points_insufficient: "The member has too few points.",
    too_many_points: "The member would have more points than anybody may.",
  },
};

export const FACTS: Readonly<Record<Locale, typeof ZH>> = { "zh-CN": ZH, en: EN };
