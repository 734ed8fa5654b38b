import { pages } from "../section.ts";
import { CategoriesPage } from "./categories-page.tsx";
import { DeliveryPage } from "./delivery-page.tsx";
import { EditorPage, NewGoodsPage } from "./editor-page.tsx";
import { ImportPage } from "./import-page.tsx";
import { FiguresPage } from "./figures-page.tsx";
import { GoodsListPage } from "./list-page.tsx";
import { StockPage } from "./stock-page.tsx";

export default pages(
  { path: "", page: GoodsListPage },
  { path: "new", page: NewGoodsPage },
  { path: "categories", page: CategoriesPage },
  { path: "import", page: ImportPage },
  { path: "figures", page: FiguresPage },
  { path: "stock/:skuId", page: StockPage },
  { path: ":goodsId", page: EditorPage },
  { path: ":goodsId/delivery", page: DeliveryPage },
);
