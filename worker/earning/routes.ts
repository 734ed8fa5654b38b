import type { Api } from "../platform/http/api.ts";
import { adjustmentRoutes } from "./adjustment-routes.ts";
import { bookRoutes } from "./book-routes.ts";
import { codeRoutes } from "./code-routes.ts";
import { editorRoutes } from "./editor-routes.ts";
import { eventRoutes } from "./event-routes.ts";
import { importRoutes } from "./import-routes.ts";
import { inviteRoutes } from "./invite-routes.ts";
import { earningMemberRoutes } from "./member-routes.ts";
import { personRoutes } from "./person-routes.ts";
import { earningSocialRoutes } from "./social-routes.ts";
import { priceRoutes } from "./prices.ts";
import { termsRoutes } from "./terms-routes.ts";

/** What members do to earn, what the merchant's systems report, and what staff say about it. */
export function earningRoutes(api: Api): void {
  earningMemberRoutes(api);
  earningSocialRoutes(api);
  eventRoutes(api);
  termsRoutes(api);
  editorRoutes(api);
  bookRoutes(api);
  codeRoutes(api);
  adjustmentRoutes(api);
  importRoutes(api);
  personRoutes(api);
  inviteRoutes(api);
  priceRoutes(api);
}
