import { z } from "@hono/zod-openapi";
import { segmentRuleSchema } from "./schema.ts";

export const segmentSchema = z
  .object({
    segmentId: z.string(),
    name: z.string(),
    rule: segmentRuleSchema,
    version: z.int(),
    savedBy: z.string(),
    savedAtMs: z.int(),
    size: z.int().describe("Members when it was counted last."),
    countedAtMs: z.int().nullable(),
    counting: z
      .object({ found: z.int(), isTelling: z.boolean() })
      .nullable()
      .describe(
        "A round under way; null: none. While it tells, Accounts learn who came and who left.",
      ),
  })
  .openapi("Segment");
export type SegmentView = z.infer<typeof segmentSchema>;

export const labelSchema = z.object({ labelId: z.string(), name: z.string() }).openapi("Label");
export type LabelView = z.infer<typeof labelSchema>;
