import type { FinanceView } from "../../../worker/payments/wire.ts";
import { bilingual, type Call } from "../kit/index.ts";
import { section } from "../section.ts";

/** Cases that wait for the merchant, and money that waits for a decision. */
async function waiting(call: Call): Promise<number | null> {
  const [cases, money] = await Promise.all([
    call<{ items: readonly unknown[] }>("GET", "/api/v1/staff/after-sales?state=applied&limit=100"),
    call<FinanceView>("GET", "/api/v1/staff/finance"),
  ]);
  if (!cases.ok && !money.ok) return null;
  return (cases.ok ? cases.value.items.length : 0) + (money.ok ? money.value.troubled.length : 0);
}

export const finance = section({
  path: "finance",
  title: bilingual("售后与对账", "After-sales, money"),
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
