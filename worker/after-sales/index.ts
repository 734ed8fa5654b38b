/** The after-sales domain's door for other domains. */
export { resealCases } from "./reseal.ts";
export { resealEvidence } from "./evidence-store.ts";
