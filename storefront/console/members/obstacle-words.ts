import type { Locale } from "../../../worker/pages/page-data.ts";

/** Why two records cannot be merged now. */
export const OBSTACLES: Readonly<Record<Locale, Readonly<Record<string, string>>>> = {
  "zh-CN": {
    same_record: "这就是同一份档案。",
    points_held: "这一份还有未用的门票或在途的兑换。请会员先退掉门票，或等秒杀场结束。",
    points_held_at_till:
      "收银台或待付款订单正占用这一份的积分。请先在那里完成或取消，占用也会到时自动放开。",
    stored_value:
      "这一份有储值余额或正在到账的充值，钱不能随积分搬走。请反过来合并：把另一份并入这一份；两份都有储值时，先让会员把其中一份用完。",
    owes_points: "这一份欠着积分。请反过来合并：把另一份并入这一份。",
    merged_already: "这一份已经并入别的档案。",
    into_merged: "那一份已经并入别的档案，请填它并入的会员号。",
    blocked: "两份中有一份停用了。请先统一：都停用，或都恢复。",
    too_many_points: "合并后的积分超过一位会员的上限。",
    merge_under_way: "两份中有一份正在另一次合并中，请等它完成。",
    busy: "这一份刚有变动，请过几秒再试。",
  },
  en: {
    same_record: "This is the same record.",
    points_held:
      "This record has an unused ticket or a redemption under way. Let the member give it back, or wait for the sale to end.",
    points_held_at_till:
      "A till or an unpaid order holds points of this record. Finish or cancel it there; a hold also ends by itself.",
    stored_value:
      "This record has stored value, or money on its way in, which cannot move with points. Merge the other way round; where both have some, let the member spend one of them first.",
    owes_points: "This record owes points. Merge the other way round.",
    merged_already: "This record went into another one already.",
    into_merged: "That record went into another one; use the id it went into.",
    blocked: "One of the two is blocked. Block or unblock both first.",
    too_many_points: "Together they have more points than a member may have.",
    merge_under_way: "One of the two is in another merge; wait until it is done.",
    busy: "Something of this record has just changed; try again in a few seconds.",
  },
};
