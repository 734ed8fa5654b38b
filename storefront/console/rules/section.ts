import { bilingual } from "../kit/words.ts";
import { section } from "../section.ts";

export const rules = section({
  path: "rules",
  title: bilingual("积分规则", "Points rules"),
  icon: "sliders",
  group: "members",
  permission: "rules.read",
  key: "r",
  finds: bilingual(
    ["签到", "邀请", "等级", "过期", "会员日", "任务", "小票码", "折扣", "邀请复核"],
    [
      "check-in",
      "invites",
      "tiers",
      "expiry",
      "member day",
      "tasks",
      "till codes",
      "discounts",
      "invites to look at",
    ],
  ),
  reads: ["/api/v1/staff/earning/rules", "/api/v1/staff/earning/terms"],
  load: () => import("./index.tsx"),
});
