import { z } from "@hono/zod-openapi";
import { LIMITS } from "../kernel/limits.ts";

export const CAMPAIGN_STATES = [
  ...(["gathering", "ready", "waiting", "rejected", "running", "done", "stopped"] as const),
] as const;
export type CampaignState = (typeof CAMPAIGN_STATES)[number];

export const campaignTermsSchema = z.object({
  audience: z.object({
    kind: z.enum(["segment", "label"]),
    id: z.string().regex(/^[0-9A-Za-z_.-]{1,64}$/),
  }),
  points: z.int().min(1).max(LIMITS.pointsMax).describe("To each member."),
  note: z.string().trim().min(1).max(LIMITS.textMax).describe("Shown to the member."),
  internalNote: z.string().trim().max(LIMITS.textMax).default("").describe("For staff only."),
  expiresAtMs: z
    .int()
    .min(1)
    .max(LIMITS.timeMsMax)
    .nullable()
    .describe("When the points lapse; null: never."),
});
export type CampaignTerms = z.infer<typeof campaignTermsSchema>;

export const campaignSchema = z
  .object({
    campaignId: z.string(),
    terms: campaignTermsSchema,
    state: z
      .enum(CAMPAIGN_STATES)
      .describe(
        "Members are gathered, then it is ready; it may wait for a second person, who may reject it; it runs, and is done or stopped.",
      ),
    members: z.int().describe("Whom it is for, gathered when it was made."),
    cost: z.int().describe("Points if everybody gets theirs."),
    given: z.int(),
    refused: z.int().describe("Blocked, or at the most points that anybody may have."),
    madeBy: z.string(),
    madeAtMs: z.int(),
    startedBy: z.string().nullable(),
    startedAtMs: z.int().nullable(),
    endedAtMs: z.int().nullable(),
  })
  .openapi("Campaign");
export type CampaignView = z.infer<typeof campaignSchema>;
