/** The register's door for other domains. */
export { registerRoutes } from "./routes.ts";
