import { z } from "@hono/zod-openapi";
import { LIMITS } from "../../kernel/limits.ts";

/** Two people at once, where what is edited has no counter of its own: the later one is told what is there now. */
export const basedOnSchema = z.coerce
  .number()
  .int()
  .min(0)
  .max(LIMITS.timeMsMax)
  .optional()
  .describe(
    "`savedAtMs` of what was edited, 0 where nothing stood: what was saved since is answered as `current` of a 409. Left out: whatever stands there is replaced.",
  );
