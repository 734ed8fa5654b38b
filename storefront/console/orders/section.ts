import { bilingual } from "../kit/words.ts";
import { section } from "../section.ts";

export const orders = section({
  path: "orders",
  title: bilingual("订单", "Orders"),
  icon: "orders",
  group: "daily",
  permission: ["orders.read", "orders.codes"],
  key: "o",
  hasSearch: true,
  finds: bilingual(
    ["发货", "供应商", "代发", "物流", "运费", "卡密", "评价", "单号导入"],
    [
      "shipping",
      "suppliers",
      "drop shipping",
      "parcels",
      "freight",
      "card codes",
      "ratings",
      "tracking numbers",
    ],
  ),
  waiting: async ({ call }) => {
    const answer = await call<{ waiting: Record<string, number> }>(
      "GET",
      "/api/v1/staff/orders/waiting",
    );
    return answer.ok ? (answer.value.waiting["to_ship"] ?? 0) : null;
  },
  reads: [
    "/api/v1/staff/orders?limit=50",
    "/api/v1/staff/orders/waiting",
    "/api/v1/staff/write-offs/stores",
    "/api/v1/staff/suppliers?limit=100",
  ],
  load: () => import("./index.tsx"),
});
