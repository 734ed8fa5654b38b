import type { Api } from "../platform/http/api.ts";
import { approvalRoutes } from "./approval-routes.ts";
import { auditRoutes } from "./audit-routes.ts";

/** People who work here: their sign-in, their rights, what they did and what waits for a second of them. */
export function staffRoutes(api: Api): void {
  approvalRoutes(api);
  auditRoutes(api);
}
