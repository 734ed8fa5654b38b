/** The door of stored pictures. */
export { blobRoutes } from "./routes.ts";
