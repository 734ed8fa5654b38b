import { bilingual } from "../kit/words.ts";
import { section } from "../section.ts";

export const dashboard = section({
  path: "",
  title: bilingual("今日一览", "Today"),
  icon: "chart",
  group: "daily",
  permission: ["orders.read", "goods.read", "members.read", "points.read", "finance.read"],
  key: "t",
  finds: bilingual(["概览", "首页", "数据"], ["dashboard", "overview", "figures"]),
  reads: ["/api/v1/staff/dashboard"],
  load: () => import("./index.tsx"),
});
