import { z } from "@hono/zod-openapi";
import { bucketOf, MEMBER_ID_PATTERN, memberKeyOf } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import { accountBuckets, stubOf, type Env } from "../platform/env.ts";
import { json, type Api } from "../platform/http/api.ts";
import { changeProblem } from "./replies.ts";
import type { ChangeReply, GrantRequest } from "./requests.ts";
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

/** Grants by command; earning rules come with part 3. */
export function accountStaffRoutes(api: Api): void {
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
      tag: "Staff",
      summary:
        "Grants the same points to many members, a lot each; idempotent by idempotencyKey and member",
      body: bulkGrantSchema,
      responses: {
        200: { description: "Each member's share of it", schema: bulkGrantedSchema },
      },
      problems: ["unauthenticated", "forbidden"],
    },
    async ({ env, session, body, nowMs, problem }) => {
      if (body.expiresAtMs !== null && body.expiresAtMs <= nowMs) {
        return problem("invalid", {
          errors: [{ path: "expiresAtMs", message: "lies in the past" }],
        });
      }
      // Naming a member twice is one grant, as repeating the command is.
      const { memberIds, ...grant } = body;
      const requests = [...new Set(memberIds)].map((memberId) => ({
        memberKey: memberKeyOf(session.programmeId, memberId),
        ...grant,
        actor: `staff:${session.memberId}`,
        source: "manual" as const,
      }));
      const replies = await grantByBucket(env, requests);
      const isReplay = ({ reply }: Granted): boolean => reply.kind === "changed" && reply.isReplay;
      const repeated = replies.filter(isReplay).length;
      const refused = replies.flatMap(({ memberKey, reply }) => {
        if (reply.kind === "changed") return [];
        const code = reply.kind === "mismatch" ? "idempotency_mismatch" : "too_many_points";
        return [{ memberId: memberKey.slice(session.programmeId.length + 1), code }];
      });
      return json({ granted: replies.length - repeated - refused.length, repeated, refused });
    },
  );
}

interface Granted {
  readonly memberKey: string;
  readonly reply: ChangeReply;
}

/** One call an Account object, whatever the number of its members. */
async function grantByBucket(env: Env, requests: readonly GrantRequest[]): Promise<Granted[]> {
  const byBucket = Map.groupBy(requests, ({ memberKey }) =>
    bucketOf(memberKey, accountBuckets(env)),
  );
  const granted = await Promise.all(
    [...byBucket].map(async ([bucket, own]) => {
      const replies = await stubOf(env.ACCOUNT, bucket, env).grantMany(own);
      return own.map(({ memberKey }, at) => ({ memberKey, reply: replies[at] as ChangeReply }));
    }),
  );
  return granted.flat();
}
