import { bilingual, type Console } from "../kit/index.ts";
import { section } from "../section.ts";

async function waiting({ call }: Pick<Console, "call">): Promise<number | null> {
  const answer = await call<{ items: readonly unknown[] }>(
    "GET",
    "/api/v1/staff/approvals?state=proposed&limit=100",
  );
  return answer.ok ? answer.value.items.length : null;
}

export const approvals = section({
  path: "approvals",
  title: bilingual("审批", "Approvals"),
  icon: "check",
  group: "daily",
  permission: "approvals.read",
  finds: bilingual(
    ["第二人", "待审", "发放积分审批"],
    ["second person", "waiting", "maker checker"],
  ),
  waiting,
  reads: [
    "/api/v1/staff/approvals?limit=50",
    "/api/v1/staff/approval-kinds",
    "/api/v1/staff/me/names",
  ],
  load: () => import("./index.tsx"),
});
