import { bilingual } from "../kit/index.ts";
import { section } from "../section.ts";

export const stores = section({
  path: "stores",
  title: bilingual("品牌与门店", "Brands and stores"),
  icon: "store",
  group: "system",
  permission: "settings.read",
  finds: bilingual(
    ["总部", "连锁", "门店权限", "预约时段"],
    ["headquarters", "chain", "overrides", "booking times"],
  ),
  reads: ["/api/v1/staff/tenant"],
  load: () => import("./index.tsx"),
});
