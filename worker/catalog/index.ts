/** The catalogue's door for other domains. */
export { catalogRoutes } from "./routes.ts";
export { skuIdsIn } from "./sku-list.ts";
