import { bilingual } from "../kit/words.ts";
import { section } from "../section.ts";

export const sales = section({
  path: "sales",
  title: bilingual("秒杀场", "Flash sales"),
  icon: "bolt",
  group: "goods",
  permission: "sales.read",
  key: "k",
  finds: bilingual(
    ["场次", "日历", "彩排", "演练", "监控", "返场"],
    ["session", "calendar", "rehearsal", "monitor", "wave"],
  ),
  reads: ["/api/v1/staff/sessions"],
  load: () => import("./index.tsx"),
});
