/** Invites that the guard leaves to a person: which wait, and what staff decide. */
import { z } from "@hono/zod-openapi";
import type { InviteInReview } from "../accounts/index.ts";
import { memberKeyOf, MEMBER_ID_PATTERN, splitMemberKey } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import { accountNames } from "../platform/account-names.ts";
import { stubOf } from "../platform/env.ts";
import { json, type Api } from "../platform/http/api.ts";
import { earn, isRefusal, refusalProblem } from "./earn-call.ts";
import { STAFF_PROBLEMS } from "./staff-http.ts";
import { invitesInReviewSchema } from "./wire.ts";

export function inviteRoutes(api: Api): void {
  listRoute(api);
  reviewRoute(api);
}

function listRoute(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/staff/earning/invites",
      access: "staff",
      permission: "members.read",
      tag: "Earning rules",
      summary: "Invites whose act is done and which the guard left to a person, the oldest first",
      responses: { 200: { description: "The oldest first", schema: invitesInReviewSchema } },
      problems: STAFF_PROBLEMS,
    },
    async ({ env, session: { programmeId } }) => {
      const most = LIMITS.pageRowsMax;
      const found: InviteInReview[] = [];
      // Each Account knows its own members; a list of all in D1 would be a row for every invite, for few looks.
      for (const name of await accountNames(env)) {
        const account = stubOf(env.ACCOUNT, name, env);
        found.push(...((await account.invitesInReview(programmeId, most + 1)) as InviteInReview[]));
      }
      found.sort((a, b) => a.doneAtMs - b.doneAtMs);
      const items = found.slice(0, most).map(({ inviterKey, inviteeKey, ...one }) => ({
        memberId: splitMemberKey(inviteeKey).memberId,
        inviterId: splitMemberKey(inviterKey).memberId,
        ...one,
      }));
      return json({ items, isWhole: found.length <= most });
    },
  );
}

function reviewRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/staff/members/{memberId}/invite/review",
      access: "staff",
      permission: "members.write",
      tag: "Earning rules",
      summary: "Decides the invite by which this member came, where the guard asked for a person",
      params: z.object({ memberId: z.string().regex(MEMBER_ID_PATTERN) }),
      body: z.object({ isGenuine: z.boolean() }).openapi("InviteReview"),
      responses: {
        200: { description: "Decided", schema: z.object({ state: z.string() }) },
      },
      problems: STAFF_PROBLEMS,
    },
    async ({ env, session, params: { memberId }, body, nowMs, problem }) => {
      const memberKey = memberKeyOf(session.programmeId, memberId);
      const reply = await earn(env, memberKey, "review_invite", body, nowMs);
      return isRefusal(reply) ? refusalProblem(problem, reply) : json({ state: reply.state });
    },
  );
}
