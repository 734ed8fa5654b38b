import { z } from "@hono/zod-openapi";
import { LIMITS } from "../../kernel/limits.ts";

const savedAtMs = z.coerce.number().int().min(0).max(LIMITS.timeMsMax).optional();

/** Two people at once, where what is edited has no counter of its own: the later one is told what is there now. */
export const basedOnSchema = savedAtMs.describe(
  "`savedAtMs` of what was edited, 0 where nothing stood: what was saved since is answered as `current` of a 409. Left out: whatever stands there is replaced.",
);

/** An act on what somebody saw: nobody removes or publishes what a colleague has changed since. */
export const seenSchema = savedAtMs.describe(
  "`savedAtMs` of what was seen: what was saved since is answered as `current` of a 409. Left out: whatever stands there is meant.",
);

/** The same, of what has a counter of its own. */
export const seenVersionSchema = z.coerce
  .number()
  .int()
  .min(0)
  .max(1_000_000_000)
  .optional()
  .describe(
    "`version` of what was seen: what was saved since is answered as `current` of a 409. Left out: whatever stands there is meant.",
  );
