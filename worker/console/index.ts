/** The console's door for other domains. */
export { inChunks } from "./audit.ts";
export { consoleRoutes } from "./routes.ts";
export { sweepAll, sweepObjects } from "./sweep.ts";
