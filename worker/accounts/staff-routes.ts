import { z } from "@hono/zod-openapi";
import { MEMBER_ID_PATTERN, memberKeyOf } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import { json, type Api } from "../platform/http/api.ts";
import { approvalSchema } from "../staff/index.ts";
import {
  approvalIdOf,
  askSecond,
  BULK_GRANT,
  GRANT,
  grantAll,
  registerGrantApprovals,
  requestsOf,
  tallyOf,
} from "./grant-approvals.ts";
import { changeProblem } from "./replies.ts";
import { accountOf } from "./views.ts";

const grantSchema = z
  .object({
    points: z.int().min(1).max(LIMITS.pointsMax),
    reason: z.string().trim().min(1).max(LIMITS.textMax),
    internalNote: z.string().trim().max(LIMITS.textMax).default("").describe("For staff only."),
    storeId: z.string().max(LIMITS.idMax).nullable().default(null),
    expiresAtMs: z.int().min(1).max(LIMITS.timeMsMax).nullable().default(null),
    pendingUntilMs: z
      .int()
      .min(1)
      .max(LIMITS.timeMsMax)
      .nullable()
      .default(null)
      .describe("Not spendable before."),
    idempotencyKey: z.string().regex(/^[0-9A-Za-z_.:-]{1,64}$/),
  })
  .openapi("GrantPoints");

/** Everybody gets the same: a birthday, a campaign, an import by cohort. The body's bound holds too. */
const bulkGrantSchema = grantSchema
  .extend({
    memberIds: z.array(z.string().regex(MEMBER_ID_PATTERN)).min(1).max(LIMITS.bulkGrantsMax),
  })
  .openapi("GrantPointsToMany");

const bulkGrantedSchema = z
  .object({
    granted: z.int().describe("Members granted by this call."),
    repeated: z.int().describe("Members whom an earlier call with this key had granted."),
    refused: z.array(
      z.object({
        memberId: z.string(),
        code: z.enum(["idempotency_mismatch", "too_many_points"]),
      }),
    ),
  })
  .openapi("GrantedPointsToMany");

const grantedSchema = z
  .object({
    memberId: z.string(),
    points: z.int(),
    seq: z.int(),
    hash: z.string(),
    active: z.int().describe("Active points after it."),
  })
  .openapi("GrantedPoints");

const WAITS = { description: "Waits for a second person", schema: approvalSchema };

/** Grants by command: alone up to a threshold, with a second person from there on. */
export function accountStaffRoutes(api: Api): void {
  registerGrantApprovals();
  grantRoute(api);
  bulkGrantRoute(api);
}

function grantRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/staff/members/{memberId}/grants",
      access: "staff",
      permission: "points.grant",
      tag: "Members' points",
      summary: "Grants points as one lot; idempotent by idempotencyKey",
      params: z.object({ memberId: z.string().regex(MEMBER_ID_PATTERN) }),
      body: grantSchema,
      responses: {
        201: { description: "Granted", schema: grantedSchema },
        200: { description: "Granted before", schema: grantedSchema },
        202: WAITS,
      },
      problems: ["conflict", "idempotency_mismatch"],
    },
    async (call) => {
      const { env, session, params, body, nowMs, problem } = call;
      if (body.expiresAtMs !== null && body.expiresAtMs <= nowMs) {
        return problem("invalid", {
          errors: [{ path: "expiresAtMs", message: "lies in the past" }],
        });
      }
      const { memberId } = params;
      // The contract's own command: its outside clients have the development login only, which is no person to add a second to.
      if (session.staff?.sessionId !== null) {
        const waiting = await askSecond(call, {
          ...{ kind: GRANT, approvalId: approvalIdOf(GRANT, memberId, body.idempotencyKey) },
          ...{ subject: `member:${memberId}`, figure: body.points, reason: body.reason },
          payload: { memberIds: [memberId], ...body },
        });
        if (waiting) return waiting;
      }
      const memberKey = memberKeyOf(session.programmeId, memberId);
      const reply = await accountOf(env, memberKey).grant({
        memberKey,
        ...body,
        actor: `staff:${session.memberId}`,
        source: "manual",
      });
      if (reply.kind !== "changed") return changeProblem(problem, reply);
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

function bulkGrantRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/staff/grants",
      access: "staff",
      permission: "points.grant",
      tag: "Members' points",
      summary:
        "Grants the same points to many members, a lot each; idempotent by idempotencyKey and member",
      body: bulkGrantSchema,
      responses: {
        200: { description: "Each member's share of it", schema: bulkGrantedSchema },
        202: WAITS,
      },
      problems: ["conflict", "idempotency_mismatch"],
    },
    async (call) => {
      const { env, session, body, nowMs, problem } = call;
      if (body.expiresAtMs !== null && body.expiresAtMs <= nowMs) {
        return problem("invalid", {
          errors: [{ path: "expiresAtMs", message: "lies in the past" }],
        });
      }
      const payload = { ...body, memberIds: [...new Set(body.memberIds)] };
      const count = payload.memberIds.length;
      const ids = payload.memberIds.join(",");
      const waiting = await askSecond(call, {
        ...{ kind: BULK_GRANT, approvalId: approvalIdOf(BULK_GRANT, body.idempotencyKey, ids) },
        ...{ subject: `members:${count}`, figure: body.points * count, reason: body.reason },
        payload,
      });
      if (waiting) return waiting;
      const actor = `staff:${session.memberId}`;
      const granted = await grantAll(env, requestsOf(session.programmeId, payload, actor));
      return json(tallyOf(session.programmeId, granted));
    },
  );
}
