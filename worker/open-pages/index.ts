/** Pages that somebody looks at, kept as the merchant has them. */
export { openPagesRoutes } from "./routes.ts";
export { changeOf } from "./shown-by.ts";
export { tellOpenPages } from "./tell.ts";
