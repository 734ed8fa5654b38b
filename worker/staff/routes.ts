import type { Api } from "../platform/http/api.ts";
import { approvalRoutes } from "./approval-routes.ts";
import { auditRoutes } from "./audit-routes.ts";
import { authRoutes } from "./auth-routes.ts";
import { inviteRoutes } from "./invite-routes.ts";
import { meRoutes } from "./me-routes.ts";
import { passkeyRoutes } from "./passkey-routes.ts";
import { peopleRoutes } from "./people-routes.ts";
import { roleRoutes } from "./role-routes.ts";
import { securityRoutes } from "./security-routes.ts";
import { setupRoutes } from "./setup-routes.ts";
import { tenantRoutes } from "./tenant-routes.ts";

/** People who work here: their sign-in, their rights, what they did and what waits for a second of them. */
export function staffRoutes(api: Api): void {
  authRoutes(api);
  setupRoutes(api);
  inviteRoutes(api);
  meRoutes(api);
  securityRoutes(api);
  passkeyRoutes(api);
  peopleRoutes(api);
  roleRoutes(api);
  tenantRoutes(api);
  approvalRoutes(api);
  auditRoutes(api);
}
