import { z } from "@hono/zod-openapi";
import { linesOfBrand } from "../platform/sales-of-goods.ts";
import { ZONE_OFFSET_MS } from "../kernel/clock.ts";
import { MEMBER_ID_PATTERN, memberKeyOf, ORDER_ID_PATTERN } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import type { Env } from "../platform/env.ts";
import { json, type Api, type ProblemMaker, type Session } from "../platform/http/api.ts";
import { balanceView, calendarOf, lotView, staffEntryView, timelineView } from "./points-views.ts";
import { seqCursor } from "./points-routes.ts";
import { CLAWBACK_POLICIES } from "./points/index.ts";
import { changeProblem } from "./replies.ts";
import type { ByHand, ChangeReply, TimelinePage } from "./requests.ts";
import { accountOf } from "./views.ts";
import { pointsAtSchema, pointsChangedSchema, staffPointsSchema, timelineSchema } from "./wire.ts";

const params = z.object({ memberId: z.string().regex(MEMBER_ID_PATTERN) });
const pageSize = z.coerce.number().int().min(1).max(LIMITS.pageRowsMax).default(20);
const note = z.string().trim().max(LIMITS.textMax);

/** Grants and deductions by hand have a second person above a threshold, so they are adjustments, of the earning domain. */
const clawBackSchema = z
  .object({
    requestId: z.string().regex(ORDER_ID_PATTERN),
    points: z.int().min(1).max(LIMITS.pointsMax),
    customerNote: note.min(1).describe("Shown to the member."),
    internalNote: note.default("").describe("For staff only."),
    storeId: z.string().max(LIMITS.idMax).nullable().default(null),
    policy: z.enum(CLAWBACK_POLICIES).nullable().default(null).describe("Null: by the terms."),
    originId: z
      .string()
      .max(LIMITS.idMax)
      .nullable()
      .default(null)
      .describe("Lots of this order, task or invite go first."),
  })
  .openapi("ClawBack");
const changeResponses = {
  201: { description: "Changed", schema: pointsChangedSchema },
  200: { description: "Changed before by this request", schema: pointsChangedSchema },
};
/** A member without a single entry is unknown here. */

/** Staff see a member's whole account, and take back what was earned. */
export function pointsStaffRoutes(api: Api): void {
  clawBackRoute(api);
  accountRoute(api);
  timelineRoute(api);
  pointsAtRoute(api);
}

function byHandOf(
  session: Session,
  memberId: string,
  body: z.output<typeof clawBackSchema>,
): ByHand {
  const { requestId, points, customerNote, internalNote, storeId } = body;
  return {
    memberKey: memberKeyOf(session.programmeId, memberId),
    ...{ points, internalNote, storeId, reason: customerNote, idempotencyKey: requestId },
    actor: `staff:${session.memberId}`,
  };
}

function changeResponse(problem: ProblemMaker, memberId: string, reply: ChangeReply): Response {
  if (reply.kind !== "changed") return changeProblem(problem, reply);
  const { entry, balance, isReplay } = reply;
  const view = { memberId, entry: staffEntryView(entry), balance: balanceView(balance) };
  return json(view, isReplay ? 200 : 201);
}

function clawBackRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/staff/members/{memberId}/points/claw-back",
      access: "staff",
      permission: "points.grant",
      tag: "Members' points",
      summary:
        "Takes earned points back, pending ones first, as far as the policy lets it; idempotent by requestId",
      ...{
        params,
        body: clawBackSchema,
        responses: changeResponses,
        problems: ["idempotency_mismatch"],
      },
    },
    async ({ env, session, params: { memberId }, body, problem }) => {
      const { policy, originId } = body;
      const hand = byHandOf(session, memberId, body);
      const reply = await accountOf(env, hand.memberKey).clawBack({ ...hand, policy, originId });
      return changeResponse(problem, memberId, reply);
    },
  );
}

function accountRoute(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/staff/members/{memberId}/points",
      access: "staff",
      permission: "points.read",
      tag: "Members' points",
      summary: "A member's full account: balance, lots, deadlines, ledger with notes for staff",
      params,
      query: z.object({ cursor: seqCursor.optional(), limit: pageSize }),
      responses: { 200: { description: "From the authority", schema: staffPointsSchema } },
      problems: ["not_found"],
    },
    async ({ env, session, params: { memberId }, query, problem }) => {
      const memberKey = memberKeyOf(session.programmeId, memberId);
      const beforeSeq = query.cursor ?? Number.MAX_SAFE_INTEGER;
      const reply = await accountOf(env, memberKey).points(memberKey, beforeSeq, query.limit);
      if (reply.seq === 0) return problem("not_found");
      return json({
        memberId,
        balance: balanceView(reply.balance),
        calendar: calendarOf(reply.calendar, ZONE_OFFSET_MS),
        lots: reply.lots.map(lotView),
        entries: reply.entries.map((entry) => staffEntryView(entry, reply.names)),
        nextCursor: reply.nextBeforeSeq === null ? null : String(reply.nextBeforeSeq),
      });
    },
  );
}

function timelineRoute(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/staff/members/{memberId}/points/timeline",
      access: "staff",
      permission: "points.read",
      tag: "Members' points",
      summary: "What happened to a member's points: entries, and holds that left none",
      params,
      query: z.object({
        cursor: z
          .string()
          .regex(/^[0-9]{14}\.[0-9]\.[0-9A-Za-z_-]{12,40}$/, "not a cursor of this list")
          .optional(),
        brand: z
          .string()
          .max(LIMITS.idMax)
          .optional()
          .describe("Of its goods, else of its stores; a page may hold fewer rows and go on."),
        limit: pageSize,
      }),
      responses: { 200: { description: "Newest first", schema: timelineSchema } },
      problems: ["not_found"],
    },
    async ({ env, session, params: { memberId }, query, problem }) => {
      const { programmeId } = session;
      const { cursor = null, brand, limit } = query;
      const memberKey = memberKeyOf(programmeId, memberId);
      const account = accountOf(env, memberKey);
      const read = async (before: string | null): Promise<TimelinePage | null> =>
        account.timeline(memberKey, before, limit);
      const page =
        brand === undefined
          ? await read(cursor)
          : await readBrand(env, { programmeId, memberId, brandId: brand }, read, cursor);
      return page ? json(timelineView(page)) : problem("not_found");
    },
  );
}

/** Pages of an account that one request looks at for lines of a brand. */
const BRAND_READS_MAX = 10;

/** The next page that has lines of a brand: staff are not shown empty ones, one after the other. */
async function readBrand(
  env: Env,
  of: Parameters<typeof linesOfBrand>[1],
  read: (before: string | null) => Promise<TimelinePage | null>,
  cursor: string | null,
): Promise<TimelinePage | null> {
  let before = cursor;
  for (let reads = 1; ; reads += 1) {
    const page = await read(before);
    if (!page) return null;
    const origins = page.items.map(({ entry, order }) => ({
      orderId: entry?.orderId ?? null,
      saleId: order?.saleId ?? null,
      storeId: entry?.storeId ?? null,
    }));
    const kept = await linesOfBrand(env.DB, of, origins);
    const items = page.items.filter((_, at) => kept.has(at));
    before = page.nextBefore;
    if (items.length > 0 || before === null || reads === BRAND_READS_MAX)
      return { items, nextBefore: before };
  }
}

function pointsAtRoute(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/staff/members/{memberId}/points/at",
      access: "staff",
      permission: "points.read",
      tag: "Members' points",
      summary: "The balance at a past moment, by replay of the ledger",
      params,
      query: z.object({
        ms: z.coerce
          .number()
          .int()
          .min(0)
          .max(LIMITS.timeMsMax)
          .optional()
          .describe("The moment; absent: now."),
      }),
      responses: { 200: { description: "As it was", schema: pointsAtSchema } },
      problems: ["not_found"],
    },
    async ({ env, session, params: { memberId }, query, nowMs, problem }) => {
      const atMs = query.ms ?? nowMs;
      if (atMs > nowMs) {
        return problem("invalid", {
          errors: [{ path: "query.ms", message: "lies in the future" }],
        });
      }
      const memberKey = memberKeyOf(session.programmeId, memberId);
      const balance = await accountOf(env, memberKey).pointsAt(memberKey, atMs);
      if (!balance) return problem("not_found");
      return json({ memberId, atMs, balance: balanceView(balance) });
    },
  );
}
