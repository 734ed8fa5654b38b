/** The segments' door for other domains. */
export { sweepSegments } from "./counter.ts";
export { segmentRoutes } from "./routes.ts";
