import { bilingual } from "../kit/words.ts";
import { section } from "../section.ts";

export const members = section({
  path: "members",
  title: bilingual("会员", "Members"),
  icon: "user",
  group: "members",
  permission: "members.read",
  key: "m",
  hasSearch: true,
  finds: bilingual(["用户", "顾客", "标签", "拉黑"], ["people", "customers", "labels", "block"]),
  reads: [
    "/api/v1/staff/members?limit=50",
    "/api/v1/staff/segments",
    "/api/v1/staff/labels",
    "/api/v1/staff/me/names",
  ],
  load: () => import("./index.tsx"),
});
