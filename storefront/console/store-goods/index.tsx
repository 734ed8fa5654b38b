import { pages } from "../section.ts";
import { StoreGoodsPage } from "./store-goods-page.tsx";

export default pages({ path: "", page: StoreGoodsPage });
