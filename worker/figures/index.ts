/** The figures' door for other domains. */
export { freshen, sweepFigures } from "./digester.ts";
export { figuresRoutes } from "./routes.ts";
