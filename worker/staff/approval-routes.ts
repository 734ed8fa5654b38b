/** The inbox of the second person, and from which figure on an act comes there. */
import { z } from "@hono/zod-openapi";
import { ORDER_ID_PATTERN } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import type { Env } from "../platform/env.ts";
import { json, type Api, type ProblemMaker, type Session } from "../platform/http/api.ts";
import type { AuditNote } from "../platform/http/audited.ts";
import { nextRows, type RoundList } from "../platform/rounds.ts";
import { attemptEach } from "../platform/upkeep.ts";
import { decideApproval, type Approval, type Verb } from "./approval.ts";
import { ApprovalsStore } from "./approvals-store.ts";
import { approvalKind, approvalSchema } from "./approvals.ts";
import { unavailable } from "./http.ts";
import { thresholdRoutes } from "./threshold-routes.ts";

const STATES = ["proposed", "approved", "rejected", "withdrawn", "done", "refused"] as const;
const approvalParams = z.object({ approvalId: z.string().regex(ORDER_ID_PATTERN) });

/** As many as the console asks for when it exports. */
const PAGE_MAX = 200;
/** The longest is a sale's, or an order's of a member. */
const SUBJECT_MAX = 256;
const CURSOR = /^(\d{1,16})\.([0-9A-Za-z_-]{16,40})$/;

export function approvalRoutes(api: Api): void {
  listRoute(api);
  decideRoute(
    api,
    "approve",
    "Agrees as a second person: the act is done; repeating it changes nothing",
  );
  decideRoute(api, "reject", "Refuses as a second person");
  decideRoute(api, "withdraw", "Takes one's own proposal back");
  thresholdRoutes(api);
}

function listRoute(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/staff/approvals",
      access: "staff",
      permission: "approvals.read",
      tag: "Approvals",
      summary: "Proposals that wait for a second person, or were decided, newest first",
      query: z.object({
        state: z
          .enum(STATES)
          .optional()
          .describe("Absent: all, and with them what lapsed, which stays `proposed` in its row."),
        subject: z
          .string()
          .max(SUBJECT_MAX)
          .optional()
          .describe("As a proposal names what it is about."),
        cursor: z.string().regex(CURSOR, "a cursor as an answer gave it").optional(),
        limit: z.coerce.number().int().min(1).max(PAGE_MAX).default(50),
      }),
      responses: {
        200: {
          description: "Newest first",
          schema: z.object({ items: z.array(approvalSchema), nextCursor: z.string().nullable() }),
        },
      },
    },
    async ({ env, session, query, nowMs, problem }) => {
      const { state = null, subject = null, limit } = query;
      const [, atMs, approvalId = ""] = CURSOR.exec(query.cursor ?? "") ?? [];
      const before = atMs === undefined ? null : { proposedAtMs: Number(atMs), approvalId };
      try {
        const store = new ApprovalsStore(env, session.programmeId);
        const items = await store.list({ state, subject }, before, limit, nowMs);
        const last = items.length === limit ? items.at(-1) : undefined;
        return json({ items, nextCursor: last ? `${last.proposedAtMs}.${last.approvalId}` : null });
      } catch (error) {
        return unavailable(problem, error);
      }
    },
  );
}

interface DecideCall {
  readonly env: Env;
  readonly session: Session;
  readonly nowMs: number;
  readonly problem: ProblemMaker;
  readonly audit: (note: AuditNote) => void;
}

function decideRoute(api: Api, verb: Verb, summary: string): void {
  api.route(
    {
      method: "post",
      path: `/api/v1/staff/approvals/{approvalId}/${verb}`,
      access: "staff",
      permission: verb === "withdraw" ? "approvals.read" : "approvals.decide",
      tag: "Approvals",
      summary,
      params: approvalParams,
      body: z.object({ note: z.string().trim().max(LIMITS.textMax) }).openapi("Decision"),
      responses: { 200: { description: "The proposal after it", schema: approvalSchema } },
      problems: ["not_found", "conflict"],
    },
    async (call) => {
      try {
        return await decide(call, call.params.approvalId, verb, call.body.note);
      } catch (error) {
        return unavailable(call.problem, error);
      }
    },
  );
}

async function decide(
  call: DecideCall,
  approvalId: string,
  verb: Verb,
  note: string,
): Promise<Response> {
  const { env, session, nowMs, problem } = call;
  const store = new ApprovalsStore(env, session.programmeId);
  const known = await store.find(approvalId);
  if (!known) return problem("not_found");
  const kind = approvalKind(known.kind);
  if (verb === "approve" && !(kind && session.staff?.permissions.has(kind.permission))) {
    return problem("forbidden", { reason: "needs_permission", permission: kind?.permission ?? "" });
  }
  const outcome = decideApproval(known, verb, { actor: `staff:${session.memberId}`, note, nowMs });
  if (outcome.kind === "refused") return problem(outcome.code, { reason: outcome.reason });
  const isPersonal = kind?.isPersonal ?? false;
  if (!outcome.isRepeat && !(await store.decide(outcome.approval, isPersonal))) {
    return problem("conflict", { reason: "changed_meanwhile" });
  }
  call.audit({
    action: `approval.${verb}`,
    subject: `approval:${approvalId} ${known.subject}`,
    before: { state: known.state },
    after: { state: outcome.approval.state, kind: known.kind, figure: known.figure },
    reason: isPersonal ? "" : note,
  });
  return json(await execute(env, session.programmeId, outcome.approval, nowMs));
}

/** Does what is approved and not done yet; an act that may work at the next try stays approved. */
async function execute(
  env: Env,
  programmeId: string,
  approval: Approval,
  nowMs: number,
): Promise<Approval> {
  const kind = approvalKind(approval.kind);
  if (approval.state !== "approved" || !kind) return approval;
  const payload = kind.payload.safeParse(approval.payload);
  const store = new ApprovalsStore(env, programmeId);
  if (!payload.success) return finished(store, approval, "refused", { code: "invalid" });
  const { approvalId, subject, reason, proposedBy, decidedBy, decidedAtMs } = approval;
  const done = await kind.execute({
    ...{ env, programmeId, approvalId, subject, reason, proposedBy, nowMs },
    ...{ decidedBy: decidedBy ?? "", decidedAtMs: decidedAtMs ?? nowMs },
    ...{ payload: payload.data, progress: approval.outcome },
  });
  if (done.kind === "again") {
    if (done.progress === undefined) return approval;
    await store.progress(approval, done.progress);
    return { ...approval, outcome: done.progress };
  }
  return done.kind === "done"
    ? finished(store, approval, "done", done.outcome ?? null)
    : finished(store, approval, "refused", { code: done.code, ...done.figures });
}

async function finished(
  store: ApprovalsStore,
  approval: Approval,
  state: "done" | "refused",
  outcome: unknown,
): Promise<Approval> {
  await store.finish(approval.approvalId, state, outcome);
  return { ...approval, state, outcome };
}

export const UNEXECUTED: RoundList = {
  ...{ name: "approvals", rows: 20, by: ["decided_at_ms", "rowid"], start: [0, 0] },
  ...{ columns: "programme_id AS programmeId, approval_id AS approvalId", from: "approvals" },
  where: "state = 'approved' AND decided_at_ms < ?3",
};

/** Acts whose answer was lost: cron does them, their approval id keeps them from being done twice. */
export async function sweepApprovals(env: Env, nowMs: number): Promise<void> {
  const list = await nextRows<{ programmeId: string; approvalId: string }>(
    ...[env.DB, UNEXECUTED, nowMs - 60_000],
  );
  await attemptEach("approvals", list, async ({ programmeId, approvalId }) => {
    const approval = await new ApprovalsStore(env, programmeId).find(approvalId);
    if (approval) await execute(env, programmeId, approval, nowMs);
  });
}
