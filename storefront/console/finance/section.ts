import type { CaseRowView } from "../../../worker/after-sales/wire.ts";
import type { DoubtsView, FinanceView } from "../../../worker/payments/wire.ts";
import { bilingual, type Console } from "../kit/index.ts";
import { section } from "../section.ts";

/** What waits for a second person counts among the approvals. */
const isOurs = ({ waitsFor }: CaseRowView): boolean => waitsFor === null;

/** Cases that wait for the merchant, money that waits for a decision, and orders that nobody has said the last word on. */
async function waiting({ call, may }: Pick<Console, "call" | "may">): Promise<number> {
  const [cases, money, doubts] = await Promise.all([
    may("orders.read")
      ? call<{ items: readonly CaseRowView[] }>(
          "GET",
          "/api/v1/staff/after-sales?state=ours&limit=100",
        )
      : null,
    may("finance.read") ? call<FinanceView>("GET", "/api/v1/staff/finance") : null,
    may("finance.read") ? call<DoubtsView>("GET", "/api/v1/staff/finance/in-doubt") : null,
  ]);
  const ours = cases?.ok ? cases.value.items.filter(isOurs).length : 0;
  const troubled = money?.ok ? money.value.troubled.length : 0;
  return ours + troubled + (doubts?.ok ? doubts.value.count : 0);
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
