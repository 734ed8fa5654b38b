/** One click rehearses a sale: who may, when it may not, what it shows. */
import { z } from "@hono/zod-openapi";
import { LIMITS } from "../kernel/limits.ts";
import { stubOf, type Env } from "../platform/env.ts";
import { json, type Api } from "../platform/http/api.ts";
import { BUYERS_MAX } from "./rehearsal-crowd.ts";
import { findRehearsal, rehearsalsOf, type NamedRehearsal } from "./rehearsal-store.ts";
import { schedulerOf } from "./session-routes.ts";
import { SessionStore } from "./store.ts";
import { rehearsalSchema } from "./wire.ts";

const sessionParams = z.object({ sessionId: z.string().max(LIMITS.idMax) });
export function rehearsalRoutes(api: Api): void {
  startRoute(api);
  listRoute(api);
  readRoute(api);
}

function rehearsalOf(env: Env, programmeId: string) {
  return stubOf(env.REHEARSAL, `rehearsal:${programmeId}`, env);
}

const QUIET_MS = 10 * 60_000;

/** A sale that is about to open, or has opened lately and still sells: nothing may take its machine's time. */
async function saleInTheWay(
  env: Env,
  programmeId: string,
  nowMs: number,
): Promise<{ title: string; opensAtMs: number } | null> {
  return env.DB.prepare(
    `SELECT terms ->> '$.title' AS title, opens_at_ms AS opensAtMs FROM sales
     WHERE programme_id = ?1 AND kind = 'flash' AND status IN ('scheduled', 'open', 'paused')
       AND opens_at_ms BETWEEN ?2 - ${QUIET_MS} AND ?2 + ${QUIET_MS} AND shelf + returned > 0
     ORDER BY opens_at_ms LIMIT 1`,
  )
    .bind(programmeId, nowMs)
    .first<{ title: string; opensAtMs: number }>();
}

function startRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/staff/sessions/{sessionId}/rehearsals",
      access: "staff",
      permission: "sales.write",
      tag: "Rehearsals",
      summary:
        "Runs synthetic buyers against a copy of one sale of the session; refused near a sale's hour",
      params: sessionParams,
      body: z.object({
        skuId: z.string().max(LIMITS.idMax),
        buyers: z.int().min(10).max(BUYERS_MAX),
      }),
      responses: { 202: { description: "It runs", schema: rehearsalSchema } },
      problems: ["not_found", "conflict"],
    },
    async (call) => {
      const { env, session, body, nowMs, problem } = call;
      const { programmeId, memberId } = session;
      const found = await schedulerOf(call).store.find(call.params.sessionId);
      const item = found?.items.find(({ skuId }) => skuId === body.skuId);
      if (!found || !item) return problem("not_found");
      const sale = await saleInTheWay(env, programmeId, nowMs);
      if (sale) return problem("conflict", { reason: "sale_near", ...sale });
      const started = await rehearsalOf(env, programmeId).start({
        ...{ owner: programmeId, sessionId: found.sessionId, startedBy: memberId },
        plan: { title: item.title ?? found.title, item, buyers: body.buyers },
      });
      if (!started) return problem("conflict", { reason: "rehearsal_running" });
      call.audit({ after: { ...body, title: found.title } });
      return json(await findRehearsal(env.DB, programmeId, started.rehearsalId), 202);
    },
  );
}

/** What runs now knows more than its row. */
async function withProgress(
  env: Env,
  programmeId: string,
  stored: readonly NamedRehearsal[],
): Promise<NamedRehearsal[]> {
  if (!stored.some(({ state }) => state === "running")) return [...stored];
  const current = await rehearsalOf(env, programmeId).progress();
  return stored.map((one) =>
    one.rehearsalId === current?.rehearsalId ? { ...current, title: one.title } : one,
  );
}

function listRoute(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/staff/sessions/{sessionId}/rehearsals",
      access: "staff",
      permission: "sales.read",
      tag: "Rehearsals",
      summary: "Rehearsals of a session, the newest first",
      params: sessionParams,
      responses: {
        200: {
          description: "Rehearsals",
          schema: z.object({ rehearsals: z.array(rehearsalSchema) }),
        },
      },
      problems: ["not_found"],
    },
    async ({ env, session, params, problem }) => {
      const { programmeId } = session;
      const known = await new SessionStore(env.DB, programmeId).find(params.sessionId);
      if (!known) return problem("not_found");
      const stored = await rehearsalsOf(env.DB, programmeId, params.sessionId);
      return json({ rehearsals: await withProgress(env, programmeId, stored) });
    },
  );
}

function readRoute(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/staff/rehearsals/{rehearsalId}",
      access: "staff",
      permission: "sales.read",
      tag: "Rehearsals",
      summary: "One rehearsal: its progress while it runs, its report afterwards",
      params: z.object({ rehearsalId: z.string().max(LIMITS.idMax) }),
      responses: { 200: { description: "The rehearsal", schema: rehearsalSchema } },
      problems: ["not_found"],
    },
    async ({ env, session, params, problem }) => {
      const { programmeId } = session;
      const stored = await findRehearsal(env.DB, programmeId, params.rehearsalId);
      if (!stored) return problem("not_found");
      const [view] = await withProgress(env, programmeId, [stored]);
      return json(view);
    },
  );
}
