import { z } from "@hono/zod-openapi";

export const mergePreviewSchema = z
  .object({
    fromId: z.string(),
    intoId: z.string(),
    obstacles: z
      .array(z.string())
      .describe("Why it cannot be done now; empty: nothing stands against it."),
    points: z.int().describe("Points that move, each lot with its own deadline."),
    pointsAfter: z.int(),
    lots: z.array(
      z.object({
        source: z.string(),
        points: z.int(),
        expiresAtMs: z.int().nullable(),
        pendingUntilMs: z.int().nullable(),
      }),
    ),
    growth: z.int(),
    growthAfter: z.int(),
    orders: z.int().describe("They stay under their old number and are the member's to read."),
    invited: z.int(),
    identities: z.int(),
    addresses: z.int(),
    labels: z.int(),
    vouchers: z.int(),
  })
  .openapi("MergePreview");
export type MergePreviewView = z.infer<typeof mergePreviewSchema>;

export const mergedSchema = z
  .object({
    state: z.enum(["done", "under_way"]),
    into: z.string(),
    movedPoints: z.int(),
  })
  .openapi("MergedMembers");
