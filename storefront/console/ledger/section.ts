import { bilingual } from "../kit/words.ts";
import { section } from "../section.ts";

export const ledger = section({
  path: "ledger",
  title: bilingual("积分流水", "Points ledger"),
  icon: "coin",
  group: "members",
  permission: "points.read",
  finds: bilingual(["台账", "对账", "流水"], ["entries", "audit points"]),
  reads: [
    "/api/v1/staff/ledger?limit=50",
    "/api/v1/staff/earning/rules",
    "/api/v1/staff/earning/tasks",
    "/api/v1/staff/me/names",
  ],
  load: () => import("./index.tsx"),
});
