import type { CaseRowView } from "../../../worker/after-sales/wire.ts";
import type { FinanceView } from "../../../worker/payments/wire.ts";
import { bilingual, type Console } from "../kit/index.ts";
import { section } from "../section.ts";

/** States of a case in which the member waits for the merchant. */
const IS_OURS: ReadonlySet<string> = new Set(["applied", "sent_back"]);

/** Cases that wait for the merchant, and money that waits for a decision. */
async function waiting({ call, may }: Pick<Console, "call" | "may">): Promise<number> {
  const [cases, money] = await Promise.all([
    may("orders.read")
      ? call<{ items: readonly CaseRowView[] }>("GET", "/api/v1/staff/after-sales?limit=100")
      : null,
    may("finance.read") ? call<FinanceView>("GET", "/api/v1/staff/finance") : null,
  ]);
  const ours = cases?.ok ? cases.value.items.filter(({ state }) => IS_OURS.has(state)).length : 0;
  return ours + (money?.ok ? money.value.troubled.length : 0);
}

export const finance = section({
  path: "finance",
  title: bilingual("售后与对账", "After-sales and money"),
  icon: "wallet",
  group: "daily",
  permission: ["finance.read", "orders.refund"],
  key: "f",
  finds: bilingual(
    ["退款", "售后", "对账", "支付设置", "异常", "微信支付", "支付宝"],
    ["refund", "reconcile", "payment settings", "exceptions", "wechat pay", "alipay"],
  ),
  waiting,
  reads: ["/api/v1/staff/after-sales?limit=50"],
  load: () => import("./index.tsx"),
});
