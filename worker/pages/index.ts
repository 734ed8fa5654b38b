/** The pages' door for other domains. */
export { notFoundPage, pageRoutes } from "./routes.ts";
export { isShell } from "./shell.ts";
