/** Grants and deductions by hand: alone up to a threshold, with a second person beyond it. */
import { z } from "@hono/zod-openapi";
import { accountOf, askSecond, changeProblem } from "../accounts/index.ts";
import { startOfDayMs } from "../kernel/calendar.ts";
import { programmeDay } from "../kernel/clock.ts";
import { MEMBER_ID_PATTERN, memberKeyOf, ORDER_ID_PATTERN, splitMemberKey } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import type { Env } from "../platform/env.ts";
import { json, type Api } from "../platform/http/api.ts";
import { approvalSchema, registerApproval } from "../staff/index.ts";
import { AdjustmentsStore, type StoredAdjustment } from "./adjustments-store.ts";
import { adjustmentSchema, needsSecond, parseAdjustment, type Adjustment } from "./manual/index.ts";
import { changing, invalid, STAFF_PROBLEMS, staffOf, type StaffCall } from "./staff-http.ts";

const note = z.string().trim().min(1).max(LIMITS.textMax);
const KIND = "points.adjust";

const newAdjustmentSchema = z
  .object({
    adjustmentId: z.string().regex(ORDER_ID_PATTERN).describe("Made by the client."),
    memberId: z.string().regex(MEMBER_ID_PATTERN),
    points: z
      .int()
      .min(0 - LIMITS.pointsMax)
      .max(LIMITS.pointsMax)
      .describe("Positive grants, negative deducts."),
    reason: z.string().trim().min(1).max(LIMITS.idMax).describe("A word for reports."),
    customerNote: note.describe("The member reads it."),
    internalNote: note.describe("Staff read it."),
    expiresAtMs: z.int().min(0).max(LIMITS.timeMsMax).nullable().default(null),
    mayGoNegative: z.boolean().default(false),
  })
  .openapi("NewAdjustment");

const STATES = ["approved", "refused"] as const;
const viewSchema = z
  .object({
    adjustmentId: z.string(),
    memberId: z.string(),
    points: z.int(),
    reason: z.string(),
    customerNote: z.string(),
    internalNote: z.string(),
    expiresAtMs: z.int().nullable(),
    mayGoNegative: z.boolean(),
    state: z.enum(STATES).describe("refused: the member's points did not allow it."),
    madeBy: z.string(),
    madeAtMs: z.int(),
    bookedAtMs: z.int().nullable(),
  })
  .openapi("Adjustment");

export function adjustmentRoutes(api: Api): void {
  registerApproval({
    kind: KIND,
    permission: "points.approve",
    // From which size on is a term of the programme, because the author's sum of the day counts too.
    unit: "always",
    defaultFrom: 0,
    title: { "zh-CN": "手工调整积分", en: "Adjust points by hand" },
    payload: adjustmentSchema,
    execute: async ({ env, payload, proposedBy, decidedBy }) => {
      const reply = await change(env, payload, `${proposedBy}+${decidedBy}`);
      if (reply.kind === "changed") return { kind: "done", outcome: { points: payload.points } };
      return reply.kind === "mismatch"
        ? { kind: "refused", code: "idempotency_mismatch" }
        : { kind: "refused", ...reply.refusal };
    },
  });
  adjustRoute(api);
  listRoute(api);
}

function listRoute(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/staff/adjustments",
      access: "staff",
      permission: "points.read",
      tag: "Members' points",
      summary: "Adjustments that one person made alone, newest first",
      query: z.object({ state: z.enum(STATES).optional() }),
      responses: {
        200: { description: "Newest first", schema: z.object({ items: z.array(viewSchema) }) },
      },
      problems: STAFF_PROBLEMS,
    },
    (call) =>
      changing(call, async () => {
        const store = new AdjustmentsStore(call.env.DB, call.session.programmeId);
        const items = await store.list(call.query.state ?? null);
        return json({ items: items.map(viewOf) });
      }),
  );
}

function adjustRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/staff/adjustments",
      access: "staff",
      permission: "points.grant",
      tag: "Members' points",
      summary:
        "Grants or deducts points; waits for a second person above the programme's threshold",
      body: newAdjustmentSchema,
      responses: {
        201: { description: "Booked", schema: viewSchema },
        200: { description: "Booked before", schema: viewSchema },
        202: { description: "Waits for a second person", schema: approvalSchema },
      },
      problems: [...STAFF_PROBLEMS, "idempotency_mismatch", "points_insufficient"],
    },
    (call) =>
      changing(call, async (terms) => {
        const { env, session, body, nowMs, problem } = call;
        const { memberId, ...fields } = body;
        const memberKey = memberKeyOf(session.programmeId, memberId);
        const store = new AdjustmentsStore(env.DB, session.programmeId);
        const known = await store.find(body.adjustmentId);
        const parsed = parseAdjustment({ ...fields, memberKey }, known?.madeAtMs ?? nowMs);
        if (parsed.kind === "invalid") return invalid(problem, parsed.problems);
        const adjustment = parsed.value;
        if (known) {
          const isSame = JSON.stringify(known.adjustment) === JSON.stringify(adjustment);
          return isSame
            ? book(call, store, known, 200)
            : problem("idempotency_mismatch", { fields: ["adjustment"] });
        }
        const { approval, earn } = await terms.snapshot(session.programmeId, nowMs);
        const fromMs = startOfDayMs(programmeDay(nowMs, earn.zoneOffsetMs), earn.zoneOffsetMs);
        const madeBy = staffOf(call);
        if (needsSecond(adjustment, approval, await store.movedAlone(madeBy, fromMs))) {
          const waiting = await askSecond(call, {
            ...{ kind: KIND, approvalId: body.adjustmentId, subject: `member:${memberId}` },
            ...{ figure: adjustment.points, reason: adjustment.reason, payload: adjustment },
          });
          if (waiting) return waiting;
        }
        const made = { adjustment, madeBy, madeAtMs: nowMs };
        const day = { fromMs, aloneMax: approval.alonePerDayMax };
        // Too late: somebody used the id, or the sum of the day, a moment before.
        if (!(await store.insert(made, memberId, day))) return null;
        return book(call, store, { ...made, state: "approved", bookedAtMs: null }, 201);
      }),
  );
}

/** Books what is not booked yet. The Account does it once, so a lost answer is asked for again. */
async function book(
  call: StaffCall,
  store: AdjustmentsStore,
  stored: StoredAdjustment,
  status: number,
): Promise<Response> {
  const { env, nowMs, problem } = call;
  const { adjustment, state, bookedAtMs, madeBy } = stored;
  if (state !== "approved" || bookedAtMs !== null) return json(viewOf(stored), status);
  const { adjustmentId: id } = adjustment;
  const reply = await change(env, adjustment, madeBy);
  await store.booked(id, reply.kind === "changed", nowMs);
  if (reply.kind !== "changed") return changeProblem(problem, reply);
  return json(viewOf({ ...stored, bookedAtMs: nowMs }), status);
}

function change(env: Env, adjustment: Adjustment, actor: string) {
  const { memberKey, points, expiresAtMs, mayGoNegative, adjustmentId: id } = adjustment;
  const request = {
    memberKey,
    points: Math.abs(points),
    reason: adjustment.customerNote,
    internalNote: `${adjustment.reason}: ${adjustment.internalNote}`.slice(0, 200),
    storeId: null,
    actor,
    idempotencyKey: `adjustment-${id}`,
  };
  const account = accountOf(env, memberKey);
  return points > 0
    ? account.grant({ ...request, source: "manual", expiresAtMs, pendingUntilMs: null })
    : account.deduct({ ...request, mayGoNegative });
}

function viewOf({ adjustment, ...made }: StoredAdjustment) {
  const { memberKey, ...fields } = adjustment;
  return { ...fields, memberId: splitMemberKey(memberKey).memberId, ...made };
}
