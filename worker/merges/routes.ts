/** Staff join two records of one person: first they see what moves, then one of them decides, or two. */
import { z } from "@hono/zod-openapi";
import { MEMBER_ID_PATTERN, ORDER_ID_PATTERN } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import { json, type Api } from "../platform/http/api.ts";
import { approvalSchema, registerApproval, secondPerson } from "../staff/index.ts";
import { MergeDesk, type MergeReply } from "./desk.ts";
import { mergePreviewSchema, mergedSchema, type MergePreviewView } from "./wire.ts";

const PATH = "/api/v1/staff/members/{memberId}/merge";
const memberId = z.string().regex(MEMBER_ID_PATTERN);
const params = z.object({ memberId: memberId.describe("The record that leaves.") });
const into = memberId.describe("The record that stays.");

export const MERGE = "members.merge";
/** Points from which on a merchant who set nothing needs a second person. */
const POINTS_FROM = 10_000;

const payloadSchema = z.object({ fromId: memberId, intoId: memberId, reason: z.string() });

export function mergeRoutes(api: Api): void {
  registerApproval({
    ...{ kind: MERGE, permission: "members.merge", unit: "points", defaultFrom: POINTS_FROM },
    title: { "zh-CN": "合并会员档案", en: "Merge two records of a member" },
    payload: payloadSchema,
    isOnePerSubject: true,
    execute: async ({ env, programmeId, approvalId, payload, proposedBy, decidedBy, nowMs }) => {
      const reply = await new MergeDesk(env, programmeId, nowMs).merge({
        ...payload,
        ...{ mergeId: approvalId, actor: `${proposedBy}+${decidedBy}` },
      });
      if (reply.kind !== "refused") return { kind: "done", outcome: reply };
      return { kind: "refused", code: "conflict", figures: { reason: reply.obstacle } };
    },
  });
  previewRoute(api);
  mergeRoute(api);
}

function previewRoute(api: Api): void {
  api.route(
    {
      ...{ method: "get", path: PATH, access: "staff", permission: "members.merge" },
      tag: "Register",
      summary: "What would move from one record of a person to another, and what stands against it",
      params,
      query: z.object({ into }),
      responses: { 200: { description: "Nothing was changed", schema: mergePreviewSchema } },
      problems: ["conflict"],
    },
    async ({ env, session, params: { memberId: fromId }, query, nowMs }) => {
      const desk = new MergeDesk(env, session.programmeId, nowMs);
      const intoId = query.into;
      const [from, other, obstacles] = await Promise.all([
        ...[desk.facts(fromId), desk.facts(intoId)],
        desk.obstacles(fromId, intoId),
      ] as const);
      const rows = await env.DB.batch<{ count: number }>(
        COUNTS.map((sql) => env.DB.prepare(sql).bind(session.programmeId, fromId)),
      );
      const [identities = 0, addresses = 0, labels = 0, vouchers = 0] = rows.map(
        ({ results }) => results[0]?.count ?? 0,
      );
      const lots = from.lots.map(({ source, remaining, expiresAtMs, pendingUntilMs }) => ({
        ...{ source, points: remaining, expiresAtMs, pendingUntilMs },
      }));
      const points = lots.reduce((sum, lot) => sum + lot.points, 0);
      const view: MergePreviewView = {
        ...{ fromId, intoId, obstacles: [...obstacles], points, lots: lots.slice(0, 100) },
        pointsAfter: points + other.lots.reduce((sum, { remaining }) => sum + remaining, 0),
        ...{ growth: from.growth, growthAfter: from.growth + other.growth },
        ...{ orders: from.orders, invited: from.invited, identities, addresses, labels, vouchers },
      };
      return json(view);
    },
  );
}

const COUNTS = ["identities", "addresses", "member_labels", "vouchers"].map(
  (table) => `SELECT COUNT(*) AS count FROM ${table} WHERE programme_id = ?1 AND member_id = ?2`,
);

function mergeRoute(api: Api): void {
  api.route(
    {
      ...{ method: "post", path: PATH, access: "staff", permission: "members.merge" },
      tag: "Register",
      summary:
        "Joins two records of one person; waits for a second person above the threshold of points",
      params,
      body: z
        .object({
          mergeId: z.string().regex(ORDER_ID_PATTERN).describe("Made by the client."),
          into,
          reason: z.string().trim().min(2, "say why, in a word or two").max(LIMITS.textMax),
        })
        .openapi("MergeMembers"),
      responses: {
        200: {
          description: "Done, or under way: what is left is carried on",
          schema: mergedSchema,
        },
        202: { description: "Waits for a second person", schema: approvalSchema },
      },
      problems: ["conflict", "idempotency_mismatch"],
    },
    async (call) => {
      const {
        env,
        session,
        params: { memberId: fromId },
        body,
        nowMs,
        problem,
        audit,
      } = call;
      const { mergeId, into: intoId, reason } = body;
      const desk = new MergeDesk(env, session.programmeId, nowMs);
      const subject = `member:${fromId}`;
      const facts = await desk.facts(fromId);
      if (facts.intoKey === null) {
        const obstacles = await desk.obstacles(fromId, intoId);
        if (obstacles.length > 0) return problem("conflict", { reason: obstacles[0] ?? "" });
        const waits = await secondPerson(call, {
          ...{ kind: MERGE, approvalId: mergeId, subject, reason },
          figure: facts.lots.reduce((sum, { remaining }) => sum + remaining, 0),
          payload: { fromId, intoId, reason },
        });
        if (waits) return waits;
      }
      const actor = `staff:${session.memberId}`;
      const reply: MergeReply = await desk.merge({ mergeId, fromId, intoId, reason, actor });
      if (reply.kind === "refused") return problem("conflict", { reason: reply.obstacle });
      audit({ subject, reason, after: { mergedInto: intoId, movedPoints: reply.movedPoints } });
      return json({ state: reply.kind, into: intoId, movedPoints: reply.movedPoints });
    },
  );
}
