import { bilingual } from "../kit/words.ts";
import { section } from "../section.ts";

export const members = section({
  path: "members",
  title: bilingual("会员", "Members"),
  icon: "user",
  group: "members",
  permission: "members.read",
  key: "m",
  finds: bilingual(["用户", "顾客", "标签", "拉黑"], ["people", "customers", "labels", "block"]),
  load: () => import("./index.tsx"),
});
