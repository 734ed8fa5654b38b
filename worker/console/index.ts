/** The console's door for other domains. */
export { accountNames, inChunks } from "./audit.ts";
export { consoleRoutes } from "./routes.ts";
export { sweepAll, sweepObjects } from "./sweep.ts";
