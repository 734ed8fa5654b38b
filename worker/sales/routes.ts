import type { Api } from "../platform/http/api.ts";
import { calendarRoutes } from "./calendar-routes.ts";
import { commandRoutes } from "./command-routes.ts";
import { monitorRoutes } from "./monitor-routes.ts";
import { rehearsalRoutes } from "./rehearsal-routes.ts";
import { sessionRoutes } from "./session-routes.ts";

/** The calendar of sales and everything staff do with one. */
export function salesRoutes(api: Api): void {
  commandRoutes(api);
  sessionRoutes(api);
  calendarRoutes(api);
  monitorRoutes(api);
  rehearsalRoutes(api);
}
