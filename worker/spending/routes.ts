import type { Api } from "../platform/http/api.ts";
import { offsetRoutes } from "./offset-routes.ts";
import { reportRoutes } from "./report-routes.ts";
import { storedRoutes } from "./stored-routes.ts";
import { tenderRoutes } from "./tender-routes.ts";

/** Spending beside redemptions: points for part of a bill, and stored value. */
export function spendingRoutes(api: Api): void {
  offsetRoutes(api);
  tenderRoutes(api);
  storedRoutes(api);
  reportRoutes(api);
}
