/** The pages' door for other domains. */
export { notFoundPage, pageRoutes } from "./routes.ts";
