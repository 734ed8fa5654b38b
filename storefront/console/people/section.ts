import { bilingual } from "../kit/index.ts";
import { section } from "../section.ts";

export const people = section({
  path: "people",
  title: bilingual("员工", "People"),
  icon: "users",
  group: "system",
  permission: "staff.read",
  finds: bilingual(["邀请", "同事", "账号"], ["invite", "colleagues", "accounts"]),
  reads: [
    "/api/v1/staff/people?limit=50",
    "/api/v1/staff/roles",
    "/api/v1/staff/tenant",
    "/api/v1/staff/policy",
  ],
  load: () => import("./index.tsx"),
});
