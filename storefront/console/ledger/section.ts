import { bilingual } from "../kit/words.ts";
import { section } from "../section.ts";

export const ledger = section({
  path: "ledger",
  title: bilingual("积分流水", "Points ledger"),
  icon: "coin",
  group: "members",
  permission: "points.read",
  finds: bilingual(["台账", "对账", "流水"], ["entries", "audit points"]),
  load: () => import("./index.tsx"),
});
