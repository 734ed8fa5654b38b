import { bilingual } from "../kit/index.ts";
import { section } from "../section.ts";

export const auditLog = section({
  path: "audit-log",
  title: bilingual("操作日志", "Audit log"),
  icon: "list",
  group: "system",
  permission: "audit.read",
  finds: bilingual(["谁做了什么", "日志"], ["who did what", "history"]),
  reads: ["/api/v1/staff/audit-log?limit=50", "/api/v1/staff/people", "/api/v1/staff/me/names"],
  load: () => import("./index.tsx"),
});
