/** The members domain's door for other domains. */
export { memberRoutes } from "./routes.ts";
export { ringOf, sessionOf } from "./session.ts";
