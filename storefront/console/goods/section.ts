import { bilingual } from "../kit/words.ts";
import { section } from "../section.ts";

export const goodsSection = section({
  path: "goods",
  title: bilingual("商品", "Goods"),
  icon: "gift",
  group: "goods",
  permission: "goods.read",
  key: "g",
  hasSearch: true,
  finds: bilingual(
    ["商品", "库存", "分类", "规格", "上架", "导入"],
    ["goods", "stock", "categories", "variants", "publish", "import"],
  ),
  reads: [
    "/api/v1/staff/goods?limit=50",
    "/api/v1/staff/goods-mix",
    "/api/v1/staff/goods-alerts",
    "/api/v1/staff/categories",
    "/api/v1/staff/me/names",
  ],
  load: () => import("./index.tsx"),
});
