/** The catalogue's door for other domains. */
export { catalogRoutes } from "./routes.ts";
export { goodsWithWords } from "./common-grams.ts";
export type { WordedGoods } from "./common-grams.ts";
export { maySeeSale } from "./member-goods.ts";
export { findSkuIds, skuIdsIn } from "./sku-list.ts";
export { storeAsked, tilesInStore } from "./store-shelves.ts";
export { sweepGoods } from "./publish.ts";
export type { OpenStoreView } from "./store-wire.ts";
