/** Points for part of a bill at the merchant's other tills: quote → hold → capture or void → return. */
import { z } from "@hono/zod-openapi";
import type { SpendCalls } from "../accounts/index.ts";
import { isRefusal, refusalProblem } from "../earning/index.ts";
import { MEMBER_ID_PATTERN, memberKeyOf, ORDER_ID_PATTERN, splitMemberKey } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import { json, mayServe, type Api } from "../platform/http/api.ts";
import { currentKey, olderRecords } from "../members/index.ts";
import type { Env } from "../platform/env.ts";
import { spend, type Answer } from "./spend-call.ts";
import { offsetQuoteSchema, offsetSchema, type OffsetView } from "./wire.ts";

const PATH = "/api/v1/staff/members/{memberId}/offsets";
const memberId = z.string().regex(MEMBER_ID_PATTERN);
const points = z.int().min(1).max(LIMITS.pointsMax);
const storeId = z
  .string()
  .regex(/^[0-9A-Za-z_.-]{1,64}$/)
  .nullable()
  .default(null);
const memberParams = z.object({ memberId });
const offsetParams = memberParams.extend({ offsetId: z.string().regex(ORDER_ID_PATTERN) });

const bill = {
  billFen: z.int().min(1).max(LIMITS.amountFenMax).describe("What the member has to pay in all."),
  points: points
    .nullable()
    .default(null)
    .describe("At most so many, in whole conversions; null: as many as are allowed."),
  isDiscounted: z
    .boolean()
    .default(false)
    .describe("Another discount stands on the bill already: refused unless offsets stack."),
};

const PROBLEMS = [
  "not_found",
  "conflict",
  "idempotency_mismatch",
  "limit_reached",
  "points_insufficient",
] as const;

export function offsetRoutes(api: Api): void {
  quoteRoute(api);
  holdRoute(api);
  viewRoute(api);
  captureRoute(api);
  voidRoute(api);
  returnRoute(api);
}

interface Till {
  readonly env: Env;
  readonly session: { readonly programmeId: string };
  readonly nowMs: number;
}

/** The record that a till's member is today: a till may know an id that went into another one. */
function memberOf({ env, session, nowMs }: Till, id: string): Promise<string> {
  return currentKey(env, memberKeyOf(session.programmeId, id), nowMs);
}

/** Where an offset lies: an older record keeps its own, and what it gives back goes on to the record that stays. */
async function holderOf(till: Till, id: string, offsetId: string): Promise<string> {
  const { env, session, nowMs } = till;
  const current = await memberOf(till, id);
  const { memberId: now, programmeId } = splitMemberKey(current);
  for (const older of await olderRecords(env, { programmeId, memberId: now }, nowMs)) {
    const memberKey = memberKeyOf(session.programmeId, older);
    const found = await spend(env, memberKey, "offset_view", { offsetId }, nowMs);
    if (!isRefusal(found)) return memberKey;
  }
  return current;
}

type Reply = Exclude<SpendCalls["offset_view"]["reply"], { kind: "refused" }>;

function viewOf({ offset, fen, balance }: Reply): OffsetView {
  const { memberKey, requestedPoints: _, rate: __, slices: ___, ...view } = offset;
  return {
    ...view,
    memberId: memberKey.slice(memberKey.indexOf(":") + 1),
    returns: [...view.returns],
    fen,
    leftFen: Math.max(0, offset.billFen - fen),
    balance: balance.active,
  };
}

function answered(
  reply: Answer<"offset_view">,
  problem: Parameters<typeof refusalProblem>[0],
  freshStatus: 200 | 201 = 200,
): Response {
  if (isRefusal(reply)) return refusalProblem(problem, reply);
  return json(viewOf(reply), reply.isReplay ? 200 : freshStatus);
}

function quoteRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/staff/members/{memberId}/offset-quote",
      operationId: "quoteStaffMemberOffset",
      access: "staff",
      permission: "points.grant",
      tag: "Offsets",
      summary: "What a member's points would pay of a bill; changes nothing",
      params: memberParams,
      body: z.object(bill).openapi("OffsetBill"),
      responses: { 200: { description: "The quote", schema: offsetQuoteSchema } },
      problems: PROBLEMS,
    },
    async (call) => {
      const { env, params, body, nowMs, problem, audit } = call;
      audit({ isLook: true });
      const memberKey = await memberOf(call, params.memberId);
      const reply = await spend(env, memberKey, "offset_quote", body, nowMs);
      if (isRefusal(reply)) return refusalProblem(problem, reply);
      const { kind: _, rate: step, ...quote } = reply;
      return json({ ...quote, step });
    },
  );
}

function holdRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: PATH,
      access: "staff",
      permission: "points.grant",
      tag: "Offsets",
      summary:
        "Holds points for a bill; the same id again is the same hold, which lapses by itself",
      params: memberParams,
      body: z
        .object({
          ...bill,
          offsetId: z.string().regex(ORDER_ID_PATTERN).describe("Made by the till."),
          storeId,
          note: z
            .string()
            .trim()
            .min(1)
            .max(LIMITS.textMax)
            .describe("What it is for; the member reads it."),
        })
        .openapi("NewOffset"),
      responses: {
        201: { description: "Held", schema: offsetSchema },
        200: { description: "Held before", schema: offsetSchema },
      },
      problems: PROBLEMS,
    },
    async (call) => {
      const { env, session, params, body, nowMs, problem } = call;
      if (body.storeId !== null && !mayServe(session, body.storeId)) return problem("forbidden");
      const memberKey = await holderOf(call, params.memberId, body.offsetId);
      const input = { ...body, actor: `staff:${session.memberId}` };
      const reply = await spend(env, memberKey, "offset_hold", input, nowMs);
      return answered(reply, problem, 201);
    },
  );
}

function viewRoute(api: Api): void {
  api.route(
    {
      method: "get",
      path: `${PATH}/{offsetId}`,
      access: "staff",
      permission: "points.read",
      tag: "Offsets",
      summary: "One offset as it is now",
      params: offsetParams,
      responses: { 200: { description: "The offset", schema: offsetSchema } },
      problems: ["not_found"],
    },
    async (call) => {
      const { env, params, nowMs, problem } = call;
      const { memberId: id, offsetId } = params;
      const memberKey = await holderOf(call, id, offsetId);
      return answered(await spend(env, memberKey, "offset_view", { offsetId }, nowMs), problem);
    },
  );
}

function captureRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: `${PATH}/{offsetId}/capture`,
      access: "staff",
      permission: "points.grant",
      tag: "Offsets",
      summary:
        "Captures an offset once the bill was paid: spends what is held, or fewer; the rest goes back at once",
      params: offsetParams,
      body: z
        .object({ points: points.nullable().describe("Null: all that is held.") })
        .openapi("CaptureOffset"),
      responses: { 200: { description: "Captured", schema: offsetSchema } },
      problems: PROBLEMS,
    },
    async (call) => {
      const { env, session, params, body, nowMs, problem } = call;
      const { memberId: id, offsetId } = params;
      const memberKey = await holderOf(call, id, offsetId);
      const input = { offsetId, points: body.points, actor: `staff:${session.memberId}` };
      return answered(await spend(env, memberKey, "offset_capture", input, nowMs), problem);
    },
  );
}

function voidRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: `${PATH}/{offsetId}/void`,
      access: "staff",
      permission: "points.grant",
      tag: "Offsets",
      summary: "Voids an offset of a bill that is not paid: the points go back to their lots",
      params: offsetParams,
      responses: { 200: { description: "Voided", schema: offsetSchema } },
      problems: PROBLEMS,
    },
    async (call) => {
      const { env, session, params, nowMs, problem } = call;
      const { memberId: id, offsetId } = params;
      const memberKey = await holderOf(call, id, offsetId);
      const input = { offsetId, actor: `staff:${session.memberId}` };
      return answered(await spend(env, memberKey, "offset_void", input, nowMs), problem);
    },
  );
}

function returnRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: `${PATH}/{offsetId}/returns`,
      access: "staff",
      permission: "points.grant",
      tag: "Offsets",
      summary: "Returns points of a bill whose goods came back: the very slices, whole or in part",
      params: offsetParams,
      body: z
        .object({
          returnId: z.string().regex(/^[0-9A-Za-z_.-]{1,64}$/),
          points: points.nullable().default(null).describe("Null: all that is left."),
        })
        .openapi("ReturnOffset"),
      responses: {
        201: { description: "Returned", schema: offsetSchema },
        200: { description: "Returned before", schema: offsetSchema },
      },
      problems: PROBLEMS,
    },
    async (call) => {
      const { env, session, params, body, nowMs, problem } = call;
      const { memberId: id, offsetId } = params;
      const memberKey = await holderOf(call, id, offsetId);
      const input = { offsetId, ...body, actor: `staff:${session.memberId}` };
      const reply = await spend(env, memberKey, "offset_return", input, nowMs);
      return answered(reply, problem, 201);
    },
  );
}
