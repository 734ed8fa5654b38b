/** Orders that nobody has said the last word on: the list, and the step that asks now. */
import { z } from "@hono/zod-openapi";
import { DAY_MS } from "../kernel/clock.ts";
import { MEMBER_ID_PATTERN } from "../kernel/ids.ts";
import { json, type Api } from "../platform/http/api.ts";
import { orderIdSchema } from "../redemption/index.ts";
import { askNow, IN_DOUBT_AFTER_MS, inDoubt } from "./in-doubt.ts";
import { doubtsSchema } from "./wire.ts";

const PATH = "/api/v1/staff/finance/in-doubt";

export function doubtRoutes(api: Api): void {
  api.route(
    {
      method: "get",
      path: PATH,
      access: "staff",
      permission: "finance.read",
      tag: "Finance",
      summary:
        "Payments, refunds and deliveries that have had no answer for five minutes, the oldest of each kind",
      query: z.object({
        afterMs: z.coerce
          .number()
          .int()
          .min(0)
          .max(30 * DAY_MS)
          .default(IN_DOUBT_AFTER_MS)
          .describe("How long something has to be unanswered to stand here."),
      }),
      responses: { 200: { description: "What is in doubt", schema: doubtsSchema } },
    },
    async ({ env, session, query: { afterMs }, nowMs }) => {
      const { count, items } = await inDoubt(env, session.programmeId, nowMs, afterMs);
      return json({ count, afterMs, items: [...items] });
    },
  );
  api.route(
    {
      method: "post",
      path: `${PATH}/{memberId}/{orderId}/ask`,
      access: "staff",
      permission: "finance.write",
      tag: "Finance",
      summary: "Asks every provider about one order now, and applies what they say",
      params: z.object({ memberId: z.string().regex(MEMBER_ID_PATTERN), orderId: orderIdSchema }),
      responses: {
        200: {
          description: "Whether everything about it is settled now",
          schema: z.object({ isSettled: z.boolean() }),
        },
      },
      problems: ["not_found"],
    },
    async ({ env, session, params, problem }) => {
      const asked = await askNow(env, session.programmeId, params);
      return asked ? json(asked) : problem("not_found");
    },
  );
}
