import { bilingual } from "../kit/words.ts";
import { section } from "../section.ts";

export const adjustments = section({
  path: "adjustments",
  title: bilingual("手工调分", "Adjustments"),
  icon: "sliders",
  group: "members",
  permission: "points.read",
  finds: bilingual(["发放", "扣减"], ["grant", "deduct"]),
  reads: ["/api/v1/staff/adjustments?limit=50", "/api/v1/staff/me/names"],
  load: () => import("./index.tsx"),
});
