import { bilingual, plural } from "../kit/words.ts";

const STATES_ZH: Readonly<Record<string, string>> = { approved: "已入账", refused: "没能入账" };
const STATES_EN: Readonly<Record<string, string>> = {
  approved: "Booked",
  refused: "Could not be booked",
};

export const ADJUSTMENTS = bilingual(
  {
    title: "手工调分",
    approvals: "待审批",
    state: STATES_ZH,
    states: "状态",
    all: "全部",
    member: "会员",
    points: "积分",
    reason: "事由",
    notes: "说明",
    stateTitle: "状态",
    by: "经手",
    when: "时间",
    imports: {
      title: "导入积分",
      help: "CSV（UTF-8），一行一笔：会员号、积分、事由（会员看得到）、最后可用日（留空表示不过期）。用来搬来旧系统的余额，或给一批会员发积分；最多 5,000 行。先检查，不改任何余额；有一行不对，整个文件都不写入。",
      fine: (lines: number, members: number, points: string) =>
        `${lines} 行，${members} 位会员，共 ${points} 积分，没有问题。`,
      done: (booked: number, points: string, repeated: number) =>
        repeated === 0
          ? `导入完成：${booked} 行入账，共 ${points} 积分。`
          : `导入完成：${booked} 行入账，另有 ${repeated} 行之前已经入账，没有重复发。`,
      see: "看会员",
      sampleReason: "旧系统余额",
    },
    emptyTitle: "没有手工调分",
    emptyBody: "在会员资料里点「调整积分」。超过门槛的先到「审批」里等第二个人，同意后记在流水里。",
  },
  {
    title: "Adjustments by hand",
    approvals: "Waiting for approval",
    state: STATES_EN,
    states: "State",
    all: "All",
    member: "Member",
    points: "Points",
    reason: "Reason",
    notes: "Notes",
    stateTitle: "State",
    by: "By",
    when: "When",
    imports: {
      title: "Import points",
      help: "CSV (UTF-8), one line per grant: member id, points, reason (the member sees it), last day on which they can be used (empty: they never expire). For balances of an older system, or points for a list of members; 5,000 lines at most. It is checked first and moves nothing; while one line is bad, none is written.",
      fine: (lines, members, points) =>
        `${plural(lines, "line")}, ${plural(members, "member")}, ${plural(points, "point")}, nothing wrong.`,
      done: (booked, points, repeated) =>
        repeated === 0
          ? `Imported: ${plural(booked, "line")}, ${plural(points, "point")}.`
          : `Imported: ${plural(booked, "line")}; ${repeated} more had been booked before and were not booked again.`,
      see: "See the members",
      sampleReason: "Balance of the old system",
    },
    emptyTitle: "No adjustments",
    emptyBody:
      "Make one with “Adjust points” on a member's page. Above the threshold it waits for a second person under Approvals.",
  },
);
