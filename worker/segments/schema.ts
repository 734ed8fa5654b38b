/** The rule of a segment as it comes from outside. */
import { z } from "@hono/zod-openapi";
import { TOP_FIGURES } from "./model.ts";

const days = z.int().min(1).max(3_650);
const figure = z.int().min(0).max(1_000_000_000);
const span = { min: figure, max: figure.nullable().default(null) };
const is = z.enum(["within", "beyond"]);
const words = z
  .array(z.string().regex(/^[0-9A-Za-z_.-]{1,64}$/))
  .min(1)
  .max(10);

const conditionSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("frequency"), ...span }),
  z.object({ kind: z.literal("balance"), ...span }),
  z.object({ kind: z.literal("spent"), ...span }),
  z.object({ kind: z.literal("purchased"), days, is }),
  z.object({ kind: z.literal("redeemed"), days, is }),
  z.object({ kind: z.literal("active"), days, is }),
  z.object({ kind: z.literal("expiring"), days: z.int().min(1).max(365) }),
  z.object({ kind: z.literal("tier"), tierIds: words }),
  z.object({ kind: z.literal("store"), storeIds: words }),
  z.object({ kind: z.literal("label"), labelIds: words }),
  z.object({
    kind: z.literal("top"),
    percent: z.int().min(1).max(100),
    by: z.enum(TOP_FIGURES),
  }),
]);

export const segmentRuleSchema = z
  .object({ all: z.array(conditionSchema).min(1).max(8) })
  .openapi("SegmentRule", { description: "Every condition has to be met." });
