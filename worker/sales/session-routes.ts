/** The calendar of sessions for staff: drafts that two people may edit, checks, and the step from draft to promise. */
import { z } from "@hono/zod-openapi";
import { DAY_MS, nextProgrammeMonthMs, ZONE_OFFSET_MS } from "../kernel/clock.ts";
import { LIMITS } from "../kernel/limits.ts";
import { json, type Api, type ProblemMaker } from "../platform/http/api.ts";
import type { Env } from "../platform/env.ts";
import { ringOf } from "../members/index.ts";
import { PREVIEW_MS, signPreview } from "../page-builder/index.ts";
import { saleViewSchema, type SaleView } from "../redemption/index.ts";
import { cancelSession, checksOf, scheduleSession, type Scheduler } from "./scheduling.ts";
import { sessionViewSchema } from "./schemas.ts";
import { SessionStore, type Session } from "./store.ts";
import {
  sessionCheckSchema,
  sessionDraftSchema,
  sessionEditSchema,
  type SessionView,
} from "./wire.ts";

const sessionParams = z.object({ sessionId: z.string().max(LIMITS.idMax) });
const versionBody = z.object({ version: z.int().min(1) });
const BASE = "/api/v1/staff/sessions";
const ONE = `${BASE}/{sessionId}`;
const oneSession = { description: "The session", schema: sessionViewSchema };

export interface StaffCall {
  readonly env: Env;
  readonly session: { readonly programmeId: string; readonly memberId: string };
  readonly nowMs: number;
  readonly problem: ProblemMaker;
}

export function schedulerOf(call: StaffCall): Scheduler {
  const { env, session, nowMs } = call;
  const store = new SessionStore(env.DB, session.programmeId);
  return { env, store, nowMs, programmeId: session.programmeId, staff: session.memberId };
}

export function sessionRoutes(api: Api): void {
  listRoute(api);
  goodsRoute(api);
  previewRoute(api);
  createRoute(api);
  readRoute(api);
  editRoute(api);
  removeRoute(api);
  checkRoute(api);
  scheduleRoute(api);
  cancelRoute(api);
}

/** Sessions with their sales, in two reads whatever their number. */
export async function viewsOf(
  store: SessionStore,
  sessions: readonly Session[],
  nowMs: number,
): Promise<SessionView[]> {
  const links = await store.salesOf(sessions.map(({ sessionId }) => sessionId));
  const views = await store.views(
    links.map(({ saleId }) => saleId),
    nowMs,
  );
  return sessions.map((session) => {
    const sales = links
      .filter(({ sessionId }) => sessionId === session.sessionId)
      .flatMap(({ saleId }) => views.get(saleId) ?? []);
    const place = (sale: SaleView): number =>
      session.items.findIndex(({ skuId }) => skuId === sale.skuId);
    return { ...session, sales: sales.toSorted((a, b) => place(a) - place(b)) };
  });
}

async function oneView(scheduler: Scheduler, session: Session): Promise<Response> {
  const [view] = await viewsOf(scheduler.store, [session], scheduler.nowMs);
  return json(view);
}

/** With its bounds in the contract, which a pipe would hide. */
const momentMs = z.coerce.number().int().min(0).max(LIMITS.timeMsMax).optional();

/** The present month with a week before and after it, as a calendar shows it in whole weeks. */
function presentMonth(nowMs: number): { fromMs: number; toMs: number } {
  const endMs = nextProgrammeMonthMs(nowMs, ZONE_OFFSET_MS);
  return { fromMs: endMs - 38 * DAY_MS, toMs: endMs + 7 * DAY_MS };
}

function listRoute(api: Api): void {
  api.route(
    {
      method: "get",
      path: BASE,
      access: "staff",
      permission: "sales.read",
      tag: "Sessions",
      summary: "Sessions that touch a span of time, drafts included, and flash sales of no session",
      query: z.object({
        fromMs: momentMs.describe(
          "Without a span: the present month with a week before and after it.",
        ),
        toMs: momentMs,
        brand: z.string().max(LIMITS.idMax).optional().describe("With goods that name this brand."),
      }),
      responses: {
        200: {
          description: "By opening time",
          schema: z.object({
            sessions: z.array(sessionViewSchema),
            loneSales: z.array(saleViewSchema),
          }),
        },
      },
    },
    async (call) => {
      const { store, nowMs } = schedulerOf(call);
      const { brand = null } = call.query;
      const month = presentMonth(nowMs);
      const { fromMs = month.fromMs, toMs = month.toMs } = call.query;
      const [sessions, loneSales] = await Promise.all([
        store.between(fromMs, toMs, { brandId: brand }),
        store.loneSales(fromMs, toMs, nowMs, brand),
      ]);
      return json({ sessions: await viewsOf(store, sessions, nowMs), loneSales });
    },
  );
}

function goodsRoute(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/staff/sale-goods",
      access: "staff",
      permission: "sales.read",
      tag: "Sessions",
      summary: "Goods that a session can sell, each as its standing sale: shelf, price, picture",
      query: z.object({
        words: z.string().trim().max(LIMITS.textMax).default(""),
        sessionId: z
          .string()
          .max(LIMITS.idMax)
          .optional()
          .describe("With the goods of this session, whatever the words are."),
      }),
      responses: {
        200: { description: "Goods", schema: z.object({ goods: z.array(saleViewSchema) }) },
      },
    },
    async (call) => {
      const { store, nowMs } = schedulerOf(call);
      const { words, sessionId } = call.query;
      const of = sessionId === undefined ? null : await store.find(sessionId);
      const own = (of?.items ?? []).map(({ skuId }) => skuId);
      return json({ goods: await store.goods(words, own, nowMs) });
    },
  );
}

function previewRoute(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/staff/sale-preview",
      access: "staff",
      permission: "sales.read",
      tag: "Sessions",
      summary: "A token that shows sale pages as they will be, at /s/preview; nothing on them acts",
      responses: {
        200: {
          description: "The token",
          schema: z.object({ token: z.string(), expiresAtMs: z.int() }),
        },
      },
    },
    ({ env, session, nowMs }) => {
      const token = signPreview(ringOf(env.SESSION_KEYS), session.programmeId, nowMs);
      return json({ token, expiresAtMs: nowMs + PREVIEW_MS });
    },
  );
}

function createRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: BASE,
      access: "staff",
      permission: "sales.write",
      tag: "Sessions",
      summary: "Begins a draft of a session; members see nothing of it",
      body: sessionDraftSchema,
      responses: { 201: oneSession },
    },
    async (call) => {
      const { store, staff, nowMs } = schedulerOf(call);
      const session: Session = {
        ...call.body,
        sessionId: `s-${crypto.randomUUID().slice(0, 13)}`,
        state: "draft",
        version: 1,
        createdBy: staff,
        createdAtMs: nowMs,
        updatedBy: staff,
        updatedAtMs: nowMs,
      };
      await store.insert(session);
      return json({ ...session, sales: [] }, 201);
    },
  );
}

function readRoute(api: Api): void {
  api.route(
    {
      method: "get",
      path: ONE,
      access: "staff",
      permission: "sales.read",
      tag: "Sessions",
      summary: "One session of sales, as staff see it",
      params: sessionParams,
      responses: { 200: oneSession },
      problems: ["not_found"],
    },
    async (call) => {
      const scheduler = schedulerOf(call);
      const session = await scheduler.store.find(call.params.sessionId);
      return session ? oneView(scheduler, session) : call.problem("not_found");
    },
  );
}

/** Somebody was quicker: both versions, so that nothing typed is lost. */
async function conflictOf(call: StaffCall, sessionId: string, yours: unknown): Promise<Response> {
  const { store } = schedulerOf(call);
  const current = await store.find(sessionId);
  if (!current) return call.problem("not_found");
  const { state, version, updatedBy } = current;
  if (state !== "draft") return call.problem("conflict", { reason: "state", state, version });
  return call.problem("conflict", { reason: "version", version, updatedBy, current, yours });
}

function editRoute(api: Api): void {
  api.route(
    {
      method: "put",
      path: ONE,
      access: "staff",
      permission: "sales.write",
      tag: "Sessions",
      summary:
        "Saves the draft of a session; where somebody saved meanwhile: 409 with what there is now",
      params: sessionParams,
      body: sessionEditSchema,
      responses: { 200: oneSession },
      problems: ["not_found", "conflict"],
    },
    async (call) => {
      const scheduler = schedulerOf(call);
      const { version, ...draft } = call.body;
      const session = await scheduler.store.find(call.params.sessionId);
      if (!session) return call.problem("not_found");
      const { staff, nowMs } = scheduler;
      const next: Session = {
        ...session,
        ...draft,
        version: version + 1,
        updatedBy: staff,
        updatedAtMs: nowMs,
      };
      const isSaved = session.state === "draft" && (await scheduler.store.save(next));
      return isSaved
        ? oneView(scheduler, next)
        : conflictOf(call, session.sessionId, { ...draft, version });
    },
  );
}

function removeRoute(api: Api): void {
  api.route(
    {
      method: "delete",
      path: ONE,
      access: "staff",
      permission: "sales.write",
      tag: "Sessions",
      summary:
        "Deletes the draft of a session; one that members were promised is cancelled instead",
      params: sessionParams,
      query: z.object({ version: z.coerce.number().pipe(z.int().min(1)) }),
      responses: { 204: { description: "Gone" } },
      problems: ["not_found", "conflict"],
    },
    async (call) => {
      const { store } = schedulerOf(call);
      const { sessionId } = call.params;
      return (await store.remove(sessionId, call.query.version))
        ? new Response(null, { status: 204 })
        : conflictOf(call, sessionId, null);
    },
  );
}

function checkRoute(api: Api): void {
  api.route(
    {
      method: "get",
      path: `${ONE}/checks`,
      access: "staff",
      permission: "sales.read",
      tag: "Sessions",
      summary: "What stands for and against scheduling a session now: overlaps, units, neighbours",
      params: sessionParams,
      responses: {
        200: { description: "Checks", schema: z.object({ checks: z.array(sessionCheckSchema) }) },
      },
      problems: ["not_found"],
    },
    async (call) => {
      const scheduler = schedulerOf(call);
      const session = await scheduler.store.find(call.params.sessionId);
      if (!session) return call.problem("not_found");
      return json({ checks: await checksOf(scheduler, session) });
    },
  );
}

function scheduleRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: `${ONE}/schedule`,
      access: "staff",
      permission: "sales.run",
      tag: "Sessions",
      summary: "Promises the session to members: every SKU of it is scheduled, or none",
      params: sessionParams,
      body: versionBody,
      responses: { 200: oneSession },
      problems: ["not_found", "conflict"],
    },
    async (call) => {
      const scheduler = schedulerOf(call);
      const session = await scheduler.store.find(call.params.sessionId);
      if (!session) return call.problem("not_found");
      if (session.state === "scheduled") return oneView(scheduler, session);
      const { state, version } = session;
      if (state === "cancelled")
        return call.problem("conflict", { reason: "state", state, version });
      if (state === "draft" && version !== call.body.version)
        return conflictOf(call, session.sessionId, null);
      const outcome = await scheduleSession(scheduler, session);
      call.audit({ after: { version, title: session.title } });
      if (outcome.kind === "changed") return conflictOf(call, session.sessionId, null);
      if (outcome.kind === "refused")
        return call.problem("conflict", { reason: "checks", checks: outcome.checks });
      return oneView(scheduler, outcome.session);
    },
  );
}

function cancelRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: `${ONE}/cancel`,
      access: "staff",
      permission: "sales.run",
      tag: "Sessions",
      summary:
        "Calls a session off before it opens; points that were held come back. After the opening, see the early end",
      params: sessionParams,
      body: versionBody,
      responses: { 200: oneSession },
      problems: ["not_found", "conflict"],
    },
    async (call) => {
      const scheduler = schedulerOf(call);
      const session = await scheduler.store.find(call.params.sessionId);
      if (!session) return call.problem("not_found");
      const { state, version, opensAtMs } = session;
      if (state === "cancelled") return oneView(scheduler, session);
      if (state !== "scheduled" || version !== call.body.version)
        return call.problem("conflict", { reason: "state", state, version });
      if (opensAtMs <= call.nowMs)
        return call.problem("conflict", { reason: "has_opened", opensAtMs });
      const done = await cancelSession(scheduler, session);
      call.audit({ after: { version, title: session.title } });
      return done ? oneView(scheduler, done) : conflictOf(call, session.sessionId, null);
    },
  );
}
