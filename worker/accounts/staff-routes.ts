import { z } from "@hono/zod-openapi";
import { MEMBER_ID_PATTERN, memberKeyOf } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import { json, type Api } from "../platform/http/api.ts";
import { accountOf } from "./views.ts";

const grantSchema = z
  .object({
    points: z.int().min(1).max(LIMITS.pointsMax),
    reason: z.string().trim().min(1).max(LIMITS.textMax),
    expiresAtMs: z.int().min(1).max(LIMITS.timeMsMax).nullable().default(null),
    idempotencyKey: z.string().regex(/^[0-9A-Za-z_.:-]{1,64}$/),
  })
  .openapi("GrantPoints");

const grantedSchema = z
  .object({
    memberId: z.string(),
    points: z.int(),
    seq: z.int(),
    hash: z.string(),
    active: z.int().describe("Active points after it."),
  })
  .openapi("GrantedPoints");

/** Grants by command; earning rules come with part 3. */
export function accountStaffRoutes(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/staff/members/{memberId}/grants",
      access: "staff",
      tag: "Staff",
      summary: "Grants points as one lot; idempotent by idempotencyKey",
      params: z.object({ memberId: z.string().regex(MEMBER_ID_PATTERN) }),
      body: grantSchema,
      responses: {
        201: { description: "Granted", schema: grantedSchema },
        200: { description: "Granted before", schema: grantedSchema },
      },
      problems: ["unauthenticated", "forbidden", "idempotency_mismatch"],
    },
    async ({ env, session, params, body, nowMs, problem }) => {
      if (body.expiresAtMs !== null && body.expiresAtMs <= nowMs) {
        return problem("invalid", {
          errors: [{ path: "expiresAtMs", message: "lies in the past" }],
        });
      }
      const memberKey = memberKeyOf(session.programmeId, params.memberId);
      const reply = await accountOf(env, memberKey).grant({
        memberKey,
        ...body,
        actor: `staff:${session.memberId}`,
        source: "manual",
      });
      if (reply.kind === "mismatch")
        return problem("idempotency_mismatch", { fields: reply.fields });
      if (reply.kind === "too_many_points") {
        return problem("invalid", {
          errors: [{ path: "points", message: "the member would own too many points" }],
        });
      }
      const { entry, balance, isReplay } = reply;
      const granted = {
        memberId: params.memberId,
        points: entry.points,
        seq: entry.seq,
        hash: entry.hash,
        active: balance.active,
      };
      return json(granted, isReplay ? 200 : 201);
    },
  );
}
