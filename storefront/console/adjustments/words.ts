import { bilingual } from "../kit/words.ts";

const STATES_ZH: Readonly<Record<string, string>> = { approved: "已入账", refused: "没能入账" };
const STATES_EN: Readonly<Record<string, string>> = {
  approved: "Booked",
  refused: "Could not be booked",
};

export const ADJUSTMENTS = bilingual(
  {
    title: "手工调分",
    approvals: "待复核的",
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
    emptyTitle: "没有手工调分",
    emptyBody: "在会员资料里点「调整积分」。超过阈值的先到「审批」里等第二个人，同意后记在流水里。",
  },
  {
    title: "Adjustments by hand",
    approvals: "Waiting for review",
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
    emptyTitle: "No adjustments",
    emptyBody:
      "“Adjust points” on a member's page makes one. Above the threshold it waits among the approvals for a second person.",
  },
);
