import { bilingual } from "../kit/words.ts";
import { section } from "../section.ts";

export const storeGoods = section({
  path: "store-goods",
  title: bilingual("门店货架", "Goods in stores"),
  icon: "store",
  group: "goods",
  permission: "stores.goods",
  finds: bilingual(
    ["门店价", "门店库存", "上架", "隐藏"],
    ["store price", "store stock", "visibility", "overrides"],
  ),
  load: () => import("./index.tsx"),
});
