import { bilingual } from "../kit/index.ts";
import { section } from "../section.ts";

export const people = section({
  path: "people",
  title: bilingual("员工", "People"),
  icon: "users",
  group: "system",
  permission: "staff.read",
  finds: bilingual(["邀请", "同事", "账号"], ["invite", "colleagues", "accounts"]),
  load: () => import("./index.tsx"),
});
