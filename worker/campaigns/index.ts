/** The campaigns' door for other domains. */
export { campaignRoutes } from "./routes.ts";
export { sweepCampaigns } from "./runner.ts";
