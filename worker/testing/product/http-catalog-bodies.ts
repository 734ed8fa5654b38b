/** Fitting bodies and paths of the catalogue's routes, for the tests that spoil them. */
import type { Json } from "./http-shop.ts";

const GOODS: Json = { title: "合适的货", skus: [{ pricePoints: 1 }] };

/** Every route of the catalogue: who may call it, and what the right caller is answered with a fitting body. */
export const CATALOG_ROUTES: Readonly<
  Record<string, readonly ["public" | "member" | "staff", number]>
> = {
  "get /api/v1/categories": ["public", 200],
  "get /api/v1/goods": ["public", 200],
  "get /api/v1/goods/{goodsId}": ["public", 404],
  "get /api/v1/goods/{goodsId}/live": ["public", 404],
  "get /api/v1/me/suggestions": ["member", 200],
  "get /api/v1/staff/goods": ["staff", 200],
  "post /api/v1/staff/goods": ["staff", 201],
  "get /api/v1/staff/goods/{goodsId}": ["staff", 404],
  "put /api/v1/staff/goods/{goodsId}": ["staff", 404],
  "post /api/v1/staff/goods/{goodsId}/publish": ["staff", 404],
  "post /api/v1/staff/goods/{goodsId}/withdraw": ["staff", 404],
  "get /api/v1/staff/goods-mix": ["staff", 200],
  "get /api/v1/staff/goods-alerts": ["staff", 200],
  "get /api/v1/staff/categories": ["staff", 200],
  "put /api/v1/staff/categories": ["staff", 200],
  "post /api/v1/staff/goods-import": ["staff", 422],
  "get /api/v1/staff/goods-export": ["staff", 200],
  "post /api/v1/staff/goods-bulk": ["staff", 200],
  "post /api/v1/staff/media": ["staff", 415],
  "post /api/v1/staff/skus/{skuId}/stock": ["staff", 404],
  "get /api/v1/staff/skus/{skuId}/stock": ["staff", 404],
  "get /api/v1/stores": ["public", 200],
  "get /api/v1/staff/store-goods/{storeId}": ["staff", 404],
  "put /api/v1/staff/store-goods/{storeId}/{goodsId}": ["staff", 404],
  "post /api/v1/staff/store-goods/{storeId}/{goodsId}/stock": ["staff", 404],
};

/** What stands in the paths: goods that no programme has. */
export const CATALOG_PARAMS: Readonly<Record<string, string>> = {
  goodsId: "never-made",
  skuId: "never-made",
};

export const CATALOG_FITTING: Readonly<Record<string, Json>> = {
  "/api/v1/staff/goods": { goodsId: "fitting", goods: GOODS },
  "/api/v1/staff/goods/{goodsId}": { revision: 1, goods: GOODS },
  "/api/v1/staff/goods/{goodsId}/publish": { revision: 1 },
  "/api/v1/staff/goods/{goodsId}/withdraw": { revision: 1 },
  "/api/v1/staff/goods-bulk": { goodsIds: ["never-made"], act: "add_tag", value: "新" },
  "/api/v1/staff/categories": { revision: 0, categories: [] },
  "/api/v1/staff/skus/{skuId}/stock": {
    requestId: "fitting-0000000001",
    cause: "received",
    units: 1,
    note: "",
  },
  "/api/v1/staff/store-goods/{storeId}/{goodsId}": {
    ...{ version: 0, isHidden: false, sellsOwn: false, prices: [] },
  },
  "/api/v1/staff/store-goods/{storeId}/{goodsId}/stock": {
    ...{ requestId: "fitting-0000000001", cause: "received", units: 1, note: "" },
    skuId: "never-made",
  },
};

/** Tables of D1 that a refused request of the catalogue must leave as they are. */
export const CATALOG_TABLES: readonly string[] = [
  ...["catalogues", "categories", "goods", "goods_skus", "goods_revisions", "goods_grams"],
  ...["goods_tags", "stock_movements", "store_goods"],
];
