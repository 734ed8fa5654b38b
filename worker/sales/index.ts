/** The door of the sales domain for other domains. */
export { findSession, listSessions } from "./calendar-routes.ts";
