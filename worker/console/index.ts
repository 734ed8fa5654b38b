/** The console's door for other domains. */
export { consoleRoutes } from "./routes.ts";
export { sweepAll, sweepObjects } from "./sweep.ts";
