/** Points as a gift to a segment or label: gathered first, so that count and cost are known before anybody says yes. */
import { z } from "@hono/zod-openapi";
import { askSecond } from "../accounts/index.ts";
import { ORDER_ID_PATTERN } from "../kernel/ids.ts";
import type { Env } from "../platform/env.ts";
import { json, type Api } from "../platform/http/api.ts";
import {
  approvalSchema,
  registerApproval,
  type ActOutcome,
  type ApprovedAct,
} from "../staff/index.ts";
import { runCampaign } from "./runner.ts";
import { CampaignStore, type CampaignRow } from "./store.ts";
import {
  campaignSchema,
  campaignTermsSchema,
  type CampaignState,
  type CampaignTerms,
  type CampaignView,
} from "./wire.ts";

const PATH = "/api/v1/staff/campaigns";
const KIND = "points.campaign";
/** Points of a whole campaign from which on a merchant who set nothing needs a second person. */
const POINTS_FROM = 100_000;
/** Members of one campaign. */
const MEMBERS_MAX = 100_000;
/** Steps that a start takes at once: a small campaign is given when its answer comes. */
const STEPS_AT_ONCE = 4;
const campaignId = z.string().regex(ORDER_ID_PATTERN);
const params = z.object({ campaignId });
const PROBLEMS = ["not_found", "conflict"] as const;
const ENDED: ReadonlySet<string> = new Set(["rejected", "withdrawn", "refused"]);

const payloadSchema = z.object({ campaignId, members: z.int(), points: z.int(), note: z.string() });
type Payload = z.infer<typeof payloadSchema>;

export function campaignRoutes(api: Api): void {
  registerApproval({
    ...{ kind: KIND, permission: "points.approve", unit: "points", defaultFrom: POINTS_FROM },
    purse: "points",
    title: { "zh-CN": "向人群送积分", en: "Gift points to a segment" },
    payload: payloadSchema,
    execute: startApproved,
  });
  listRoute(api);
  makeRoute(api);
  startRoute(api);
  stopRoute(api);
}

function viewOf(row: CampaignRow): CampaignView {
  const { programmeId: _, reached: __, approvalState, ...rest } = row;
  const isOver = row.state === "waiting" && ENDED.has(approvalState ?? "");
  const state = isOver ? "rejected" : row.state;
  return { ...rest, state, cost: row.members * row.terms.points };
}

function listRoute(api: Api): void {
  api.route(
    {
      method: "get",
      path: PATH,
      access: "staff",
      permission: "points.read",
      tag: "Segments",
      summary: "Gifts of points to segments and labels, the newest first, with how far each came",
      responses: {
        200: { description: "The newest", schema: z.object({ items: z.array(campaignSchema) }) },
      },
      problems: PROBLEMS,
    },
    async ({ env, session }) => {
      const rows = await new CampaignStore(env.DB, session.programmeId).list();
      return json({ items: rows.map(viewOf) });
    },
  );
}

function makeRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: PATH,
      access: "staff",
      permission: "points.grant",
      tag: "Segments",
      summary:
        "Gathers whom a gift of points is for and says what it costs; nothing is given before it is started",
      body: campaignTermsSchema.extend({ campaignId }).openapi("MakeCampaign"),
      responses: {
        201: { description: "Gathered", schema: campaignSchema },
        200: { description: "Made before by this id", schema: campaignSchema },
      },
      problems: [...PROBLEMS, "idempotency_mismatch"],
    },
    async ({ env, session, body, nowMs, problem, audit }) => {
      const { campaignId: id, ...terms } = body;
      const store = new CampaignStore(env.DB, session.programmeId);
      const known = await store.find(id);
      if (known && !isSame(known.terms, terms)) {
        return problem("idempotency_mismatch", { fields: ["terms"] });
      }
      if (!known) {
        const wrong = await wrongIn(store, terms, nowMs);
        if (wrong) return problem("invalid", { errors: [wrong] });
        await store.make(id, terms, `staff:${session.memberId}`, nowMs);
      }
      const made = known ?? (await store.find(id));
      if (made?.state === "gathering") await store.gather(made);
      const row = await store.find(id);
      if (!row) return problem("not_found");
      const { members, cost } = viewOf(row);
      audit({ subject: `campaign:${id}`, after: { ...terms, members, cost } });
      return json(viewOf(row), known ? 200 : 201);
    },
  );
}

const isSame = (a: CampaignTerms, b: CampaignTerms): boolean =>
  JSON.stringify(campaignTermsSchema.parse(a)) === JSON.stringify(campaignTermsSchema.parse(b));

async function wrongIn(store: CampaignStore, terms: CampaignTerms, nowMs: number) {
  const wrong = (path: string, message: string) => ({ path, message });
  const { audience, expiresAtMs } = terms;
  if (expiresAtMs !== null && expiresAtMs <= nowMs) return wrong("expiresAtMs", "lies in the past");
  const size = await store.sizeOf(audience);
  if (size === null || size === 0) return wrong("audience.id", "nobody belongs to it");
  if (size > MEMBERS_MAX) return wrong("audience.id", `more than ${MEMBERS_MAX} members`);
  return null;
}

function startRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: `${PATH}/{campaignId}/start`,
      access: "staff",
      permission: "points.grant",
      tag: "Segments",
      summary:
        "Starts a gift of points: some members at a time, each once; above a sum it waits for a second person",
      params,
      responses: {
        200: { description: "Under way, or over", schema: campaignSchema },
        202: { description: "Waits for a second person", schema: approvalSchema },
      },
      problems: [...PROBLEMS, "idempotency_mismatch"],
    },
    async (call) => {
      const { env, ctx, session, nowMs, problem } = call;
      const { programmeId, memberId } = session;
      const store = new CampaignStore(env.DB, programmeId);
      const row = await store.find(call.params.campaignId);
      if (!row) return problem("not_found");
      const { terms, members, state } = row;
      const id = row.campaignId;
      if (state === "running" || state === "done") return json(viewOf(row));
      if (state !== "ready" && state !== "waiting") return problem("conflict", { reason: state });
      const { points, note } = terms;
      const waiting = await askSecond(call, {
        ...{ kind: KIND, approvalId: id, subject: `campaign:${id}`, figure: viewOf(row).cost },
        ...{ reason: note, payload: { campaignId: id, members, points, note } },
      });
      if (waiting?.status === 202) await store.wait(id);
      if (waiting) return waiting;
      await store.start(id, `staff:${memberId}`, nowMs);
      ctx.waitUntil(runCampaign(env, programmeId, id, nowMs, STEPS_AT_ONCE));
      const started = await store.find(id);
      return started ? json(viewOf(started)) : problem("not_found");
    },
  );
}

async function startApproved(act: ApprovedAct<Payload>): Promise<ActOutcome> {
  const { env, programmeId, payload, proposedBy, decidedBy, nowMs } = act;
  const store = new CampaignStore(env.DB, programmeId);
  const row = await store.find(payload.campaignId);
  if (!row) return { kind: "refused", code: "not_found" };
  const isLate = row.terms.expiresAtMs !== null && row.terms.expiresAtMs <= nowMs;
  if (isLate) return { kind: "refused", code: "invalid", figures: { field: "expiresAtMs" } };
  const isStarted = await store.start(row.campaignId, `${proposedBy}+${decidedBy}`, nowMs);
  const isKnown = row.state === "running" || row.state === "done";
  if (!isStarted && !isKnown) {
    return { kind: "refused", code: "conflict", figures: { reason: row.state } };
  }
  await begin(env, row, nowMs);
  const { members, points } = payload;
  return { kind: "done", outcome: { members, points } };
}

const begin = (env: Env, { programmeId, campaignId: id }: CampaignRow, nowMs: number) =>
  runCampaign(env, programmeId, id, nowMs, STEPS_AT_ONCE);

const STOPPABLE: readonly CampaignState[] = ["gathering", "ready", "waiting", "running"];

function stopRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: `${PATH}/{campaignId}/stop`,
      access: "staff",
      permission: "points.grant",
      tag: "Segments",
      summary: "Stops a gift of points; whoever has them keeps them",
      params,
      responses: { 200: { description: "It has ended", schema: campaignSchema } },
      problems: PROBLEMS,
    },
    async ({ env, session, params: { campaignId: id }, nowMs, problem, audit }) => {
      const store = new CampaignStore(env.DB, session.programmeId);
      if (!(await store.find(id))) return problem("not_found");
      const isStopped = await store.end(id, "stopped", STOPPABLE, nowMs);
      const row = await store.find(id);
      if (isStopped) audit({ subject: `campaign:${id}`, after: { given: row?.given } });
      return row ? json(viewOf(row)) : problem("not_found");
    },
  );
}
