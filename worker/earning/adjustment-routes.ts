/** Grants and deductions by hand: alone up to a threshold, with a second person beyond it. */
import { z } from "@hono/zod-openapi";
import { accountOf, changeProblem } from "../accounts/index.ts";
import { MEMBER_ID_PATTERN, memberKeyOf, ORDER_ID_PATTERN, splitMemberKey } from "../kernel/ids.ts";
import { startOfDayMs } from "../kernel/calendar.ts";
import { programmeDay } from "../kernel/clock.ts";
import { LIMITS } from "../kernel/limits.ts";
import { json, type Api } from "../platform/http/api.ts";
import { AdjustmentsStore, type StoredProposal } from "./adjustments-store.ts";
import { decide, parseAdjustment, propose, type Proposal } from "./manual/index.ts";
import { changing, invalid, STAFF_PROBLEMS, staffOf, type StaffCall } from "./staff-http.ts";

const adjustmentId = z.string().regex(ORDER_ID_PATTERN).describe("Made by the client.");
const note = z.string().trim().min(1).max(LIMITS.textMax);

const newAdjustmentSchema = z
  .object({
    adjustmentId,
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

const STATES = ["proposed", "approved", "rejected", "lapsed", "refused"] as const;
const adjustmentSchema = z
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
    proposedBy: z.string(),
    proposedAtMs: z.int(),
    decidedBy: z.string().nullable(),
    decidedAtMs: z.int().nullable(),
    bookedAtMs: z.int().nullable(),
  })
  .openapi("Adjustment");

export function adjustmentRoutes(api: Api): void {
  proposeRoute(api);
  decideRoute(api, "approve", "A second person agrees: the points are booked");
  decideRoute(api, "reject", "Rejects or withdraws a proposal");
  api.route(
    {
      method: "get",
      path: "/api/v1/staff/adjustments",
      access: "staff",
      permission: "points.read",
      tag: "Earning",
      summary: "Adjustments by hand, newest first",
      query: z.object({ state: z.enum(STATES).optional() }),
      responses: {
        200: {
          description: "Newest first",
          schema: z.object({ items: z.array(adjustmentSchema) }),
        },
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

function proposeRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/staff/adjustments",
      access: "staff",
      permission: "points.grant",
      tag: "Earning",
      summary:
        "Grants or deducts points; waits for a second person above the programme's threshold",
      body: newAdjustmentSchema,
      responses: {
        201: { description: "Booked, or waiting for a second person", schema: adjustmentSchema },
        200: { description: "Proposed before", schema: adjustmentSchema },
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
        const parsed = parseAdjustment(
          { ...fields, memberKey },
          known?.proposal.proposedAtMs ?? nowMs,
        );
        if (parsed.kind === "invalid") return invalid(problem, parsed.problems);
        if (known) {
          const isSame = JSON.stringify(known.proposal.adjustment) === JSON.stringify(parsed.value);
          return isSame
            ? book(call, store, known, 200)
            : problem("idempotency_mismatch", { fields: ["adjustment"] });
        }
        const { approval, earn } = await terms.snapshot(session.programmeId, nowMs);
        const fromMs = startOfDayMs(programmeDay(nowMs, earn.zoneOffsetMs), earn.zoneOffsetMs);
        const staff = staffOf(call);
        const moved = await store.movedAlone(staff, fromMs);
        const proposal = propose(parsed.value, approval, staff, moved, nowMs);
        const day = { fromMs, aloneMax: approval.alonePerDayMax };
        // Too late: somebody used the id, or the sum of the day, a moment before.
        if (!(await store.insert(proposal, memberId, day))) return null;
        return book(call, store, { proposal, state: proposal.state, bookedAtMs: null }, 201);
      }),
  );
}

function decideRoute(api: Api, verb: "approve" | "reject", summary: string): void {
  api.route(
    {
      method: "post",
      path: `/api/v1/staff/adjustments/{adjustmentId}/${verb}`,
      access: "staff",
      permission: "points.approve",
      tag: "Earning",
      summary: `${summary}; repeating it changes nothing`,
      params: z.object({ adjustmentId }),
      responses: { 200: { description: "The adjustment after it", schema: adjustmentSchema } },
      problems: [...STAFF_PROBLEMS, "points_insufficient"],
    },
    (call) =>
      changing(call, async (terms) => {
        const { env, session, params, nowMs, problem } = call;
        const store = new AdjustmentsStore(env.DB, session.programmeId);
        const known = await store.find(params.adjustmentId);
        if (!known) return problem("not_found");
        if (known.state === "refused") return problem("conflict", { reason: "refused" });
        const { approval } = await terms.snapshot(session.programmeId, nowMs);
        const isApproved = verb === "approve";
        const outcome = decide(known.proposal, approval, staffOf(call), isApproved, nowMs);
        if (outcome.kind === "refused") {
          return problem(outcome.refusal.code, outcome.refusal.figures);
        }
        const { proposal } = outcome;
        const isNew = known.proposal.state === "proposed";
        if (isNew && !(await store.decide(proposal))) return null;
        return book(call, store, { ...known, proposal, state: proposal.state }, 200);
      }),
  );
}

/** Books what is approved and not booked yet. The Account does it once, so a lost answer is asked for again. */
async function book(
  call: StaffCall,
  store: AdjustmentsStore,
  stored: StoredProposal,
  status: number,
): Promise<Response> {
  const { env, nowMs, problem } = call;
  const { proposal, state, bookedAtMs } = stored;
  if (state !== "approved" || bookedAtMs !== null) return json(viewOf(stored), status);
  const { adjustmentId: id } = proposal.adjustment;
  const reply = await change(env, proposal);
  if (reply.kind !== "changed") {
    await store.booked(id, false, nowMs);
    return changeProblem(problem, reply);
  }
  await store.booked(id, true, nowMs);
  return json(viewOf({ ...stored, bookedAtMs: nowMs }), status);
}

function change(env: StaffCall["env"], proposal: Proposal) {
  const { adjustment, proposedBy, decidedBy } = proposal;
  const { memberKey, points, expiresAtMs, mayGoNegative, adjustmentId: id } = adjustment;
  const request = {
    memberKey,
    points: Math.abs(points),
    reason: adjustment.customerNote,
    internalNote: `${adjustment.reason}: ${adjustment.internalNote}`.slice(0, 200),
    storeId: null,
    actor: decidedBy && decidedBy !== proposedBy ? `${proposedBy}+${decidedBy}` : proposedBy,
    idempotencyKey: `adjustment-${id}`,
  };
  const account = accountOf(env, memberKey);
  return points > 0
    ? account.grant({ ...request, source: "manual", expiresAtMs, pendingUntilMs: null })
    : account.deduct({ ...request, mayGoNegative });
}

function viewOf({ proposal, state, bookedAtMs }: StoredProposal) {
  const { adjustment, proposedBy, proposedAtMs, decidedBy, decidedAtMs } = proposal;
  const { memberKey, ...fields } = adjustment;
  const { memberId } = splitMemberKey(memberKey);
  return {
    ...fields,
    memberId,
    state,
    proposedBy,
    proposedAtMs,
    decidedBy,
    decidedAtMs,
    bookedAtMs,
  };
}
