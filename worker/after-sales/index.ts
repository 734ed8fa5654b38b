/** The after-sales domain's door for other domains. */
export { afterSalesRoutes } from "./routes.ts";
export { resealCases } from "./reseal.ts";
export { resealEvidence } from "./evidence-store.ts";
