import { bilingual } from "../kit/index.ts";
import { section } from "../section.ts";

export const roles = section({
  path: "roles",
  title: bilingual("角色", "Roles"),
  icon: "key",
  group: "system",
  permission: "staff.read",
  finds: bilingual(["权限", "授权"], ["permissions", "rights"]),
  reads: ["/api/v1/staff/roles"],
  load: () => import("./index.tsx"),
});
