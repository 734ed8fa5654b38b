/** What staff say of one member: facts for rules, make-up cards, bought memberships. */
import { z } from "@hono/zod-openapi";
import { MEMBER_ID_PATTERN, memberKeyOf } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import { json, type Api } from "../platform/http/api.ts";
import { birthdaySchema } from "./birthday.ts";
import { earn, isRefusal, refusalProblem } from "./earn-call.ts";
import { requestId } from "./member-routes.ts";
import { STAFF_PROBLEMS } from "./staff-http.ts";
import { purchaseView, tierCard } from "./views.ts";
import {
  membershipPriceSchema,
  profileViewSchema,
  reminderLogSchema,
  standingViewSchema,
  tierViewSchema,
} from "./wire.ts";

const params = z.object({ memberId: z.string().regex(MEMBER_ID_PATTERN) });
const words = z.array(z.string().regex(/^[0-9A-Za-z_.-]{1,64}$/)).max(50);
const PATH = "/api/v1/staff/members/{memberId}";

export function personRoutes(api: Api): void {
  standingRoute(api);
  reminderLogRoute(api);
  factsRoute(api);
  cardsRoute(api);
  membershipRoute(api);
}

/** Read as the member's own pages read it: whoever is looked at does not join by it. */
function standingRoute(api: Api): void {
  api.route(
    {
      method: "get",
      path: `${PATH}/earning`,
      access: "staff",
      permission: "members.read",
      tag: "Members' points",
      summary: "A member's tier, bought membership, check-in and make-up cards",
      params,
      responses: { 200: { description: "What is known now", schema: standingViewSchema } },
      problems: STAFF_PROBLEMS,
    },
    async ({ env, session, params: { memberId }, locale, nowMs, problem }) => {
      const memberKey = memberKeyOf(session.programmeId, memberId);
      const [checkIn, tier, bought] = await Promise.all([
        earn(env, memberKey, "check_in_view", {}, nowMs),
        earn(env, memberKey, "tier", {}, nowMs),
        earn(env, memberKey, "purchases", {}, nowMs),
      ]);
      // What the programme does not have is no failure; what could not be asked is.
      for (const reply of [checkIn, tier, bought]) {
        if (isRefusal(reply) && reply.code !== "not_found") return refusalProblem(problem, reply);
      }
      return json({
        memberId,
        checkIn: isRefusal(checkIn) ? null : { streak: checkIn.streak, makeUpCards: checkIn.cards },
        tier: isRefusal(tier) ? null : tierCard(tier, locale),
        purchases: isRefusal(bought)
          ? []
          : bought.purchases.map((one) => purchaseView(one, isRefusal(tier) ? null : tier.terms)),
      });
    },
  );
}

function reminderLogRoute(api: Api): void {
  api.route(
    {
      method: "get",
      path: `${PATH}/reminders`,
      access: "staff",
      permission: "points.read",
      tag: "Members' points",
      summary:
        "Reminders that went to a member, by which channel, and whether they arrived; the newest 100",
      params,
      responses: { 200: { description: "The delivery log", schema: reminderLogSchema } },
      problems: STAFF_PROBLEMS,
    },
    async ({ env, session, params: { memberId }, nowMs, problem }) => {
      const memberKey = memberKeyOf(session.programmeId, memberId);
      const reply = await earn(env, memberKey, "reminder_log", {}, nowMs);
      if (isRefusal(reply)) return refusalProblem(problem, reply);
      const { kind: _, ...view } = reply;
      return json(view);
    },
  );
}

function factsRoute(api: Api): void {
  api.route(
    {
      method: "put",
      path: `${PATH}/earning`,
      access: "staff",
      permission: "members.write",
      tag: "Members' points",
      summary: "Changes what rules may ask about a member; what is left out stays",
      params,
      body: z
        .object({
          segments: words.optional(),
          labels: words.optional(),
          birthday: birthdaySchema.nullable().optional(),
          tierEndsAtMs: z
            .int()
            .min(0)
            .max(LIMITS.timeMsMax)
            .nullable()
            .optional()
            .describe("Where tiers end by a moment of the member's own."),
        })
        .refine((facts) => Object.values(facts).some((value) => value !== undefined), {
          message: "says nothing",
        })
        .openapi("MemberFacts"),
      responses: { 200: { description: "What is known now", schema: profileViewSchema } },
      problems: STAFF_PROBLEMS,
    },
    async ({ env, session, params: { memberId }, body, nowMs, problem }) => {
      const { tierEndsAtMs, ...facts } = body;
      const memberKey = memberKeyOf(session.programmeId, memberId);
      const reply = await earn(env, memberKey, "profile", { facts, tierEndsAtMs }, nowMs);
      if (isRefusal(reply)) return refusalProblem(problem, reply);
      const { kind: _, ...view } = reply;
      return json({ memberId, ...view });
    },
  );
}

function cardsRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: `${PATH}/make-up-cards`,
      access: "staff",
      permission: "points.grant",
      tag: "Members' points",
      summary: "Gives cards for missed check-ins, or takes them; idempotent by requestId",
      params,
      body: z
        .object({ requestId, cards: z.int().min(-100).max(100) })
        .refine(({ cards }) => cards !== 0, { path: ["cards"], message: "moves nothing" })
        .openapi("MakeUpCards"),
      responses: { 200: { description: "What is known now", schema: profileViewSchema } },
      problems: [...STAFF_PROBLEMS, "idempotency_mismatch"],
    },
    async ({ env, session, params: { memberId }, body, nowMs, problem }) => {
      const memberKey = memberKeyOf(session.programmeId, memberId);
      const reply = await earn(env, memberKey, "cards", body, nowMs);
      if (isRefusal(reply)) return refusalProblem(problem, reply);
      const { kind: _, ...view } = reply;
      return json({ memberId, ...view });
    },
  );
}

function membershipRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: `${PATH}/membership`,
      operationId: "createStaffMembership",
      access: "staff",
      permission: "members.write",
      tag: "Members' points",
      summary:
        "Grants a bought tier, from now or from the end of the one that runs, with what was paid for it; idempotent by requestId",
      params,
      body: z
        .object({
          requestId,
          tierId: z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/),
          months: z.int().min(1).max(60),
          paid: membershipPriceSchema
            .nullable()
            .default(null)
            .describe("Points are taken from the balance, which takes `points.grant`."),
        })
        .openapi("BoughtMembership"),
      responses: { 200: { description: "The tier card after it", schema: tierViewSchema } },
      problems: [...STAFF_PROBLEMS, "idempotency_mismatch", "points_insufficient"],
    },
    async ({ env, session, params: { memberId }, body, locale, nowMs, problem }) => {
      const mayTake = session.staff?.permissions.has("points.grant") ?? false;
      if (body.paid?.kind === "points" && !mayTake)
        return problem("forbidden", { permission: "points.grant" });
      const memberKey = memberKeyOf(session.programmeId, memberId);
      const by = `staff:${session.memberId}`;
      const reply = await earn(env, memberKey, "membership", { ...body, by }, nowMs);
      return isRefusal(reply) ? refusalProblem(problem, reply) : json(tierCard(reply, locale));
    },
  );
}
