import { bilingual } from "../kit/words.ts";

/** What each kind of terms is called, by the pages of rules and by the log of acts. */
export const TERMS_KINDS = bilingual<Readonly<Record<string, string>>>(
  {
    earn: "过期与取整",
    check_in: "签到",
    invites: "邀请好友",
    tiers: "会员等级",
    growth: "成长值",
    reminders: "到期提醒",
    approval: "手工调分",
    refund: "退单遇已过期",
    clawback: "退货收回",
    rate: "积分值多少钱",
    discounts: "会员价与会员日",
    offset: "积分抵现",
    stored_value: "储值",
  },
  {
    earn: "Validity and rounding",
    check_in: "Check-in",
    invites: "Invites",
    tiers: "Tiers",
    growth: "Growth",
    reminders: "Reminders",
    approval: "Adjustments by hand",
    refund: "Returned after expiring",
    clawback: "Returned goods",
    rate: "Worth of points",
    discounts: "Member prices and member days",
    offset: "Points for cash",
    stored_value: "Stored value",
  },
);
