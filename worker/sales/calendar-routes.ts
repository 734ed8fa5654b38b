/** The calendar that members see: what ran, what runs, what comes. */
import { z } from "@hono/zod-openapi";
import { DAY_MS } from "../kernel/clock.ts";
import { LIMITS } from "../kernel/limits.ts";
import type { Env } from "../platform/env.ts";
import { json, type Api } from "../platform/http/api.ts";
import type { SaleView } from "../redemption/index.ts";
import { viewsOf } from "./session-routes.ts";
import { SessionStore } from "./store.ts";
import { calendarSessionSchema } from "./schemas.ts";
import type { CalendarSession } from "./wire.ts";

const PAST_MS = 7 * DAY_MS;
const AHEAD_MS = 60 * DAY_MS;

export function calendarRoutes(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/sessions",
      access: "public",
      tag: "Sales",
      summary: "Sessions of the past week and the coming two months, by opening time",
      responses: {
        200: {
          description: "Sessions",
          schema: z.object({ serverTimeMs: z.int(), sessions: z.array(calendarSessionSchema) }),
        },
      },
    },
    async ({ env, session, nowMs }) => {
      const programmeId = session?.programmeId ?? env.DEFAULT_PROGRAMME;
      return json({
        serverTimeMs: nowMs,
        sessions: await listSessions(env, programmeId, nowMs),
      });
    },
  );

  api.route(
    {
      method: "get",
      path: "/api/v1/sessions/{sessionId}",
      access: "public",
      tag: "Sales",
      summary: "One session that members have been promised",
      params: z.object({ sessionId: z.string().max(LIMITS.idMax) }),
      responses: { 200: { description: "The session", schema: calendarSessionSchema } },
      problems: ["not_found"],
    },
    async ({ env, session, params, nowMs, problem }) => {
      const programmeId = session?.programmeId ?? env.DEFAULT_PROGRAMME;
      const found = await findSession(env, programmeId, params.sessionId, nowMs);
      return found ? json(found) : problem("not_found");
    },
  );
}

/** A sale that was closed before its hour was called off, not held. */
function wasHeld(sale: SaleView): boolean {
  return sale.closedAtMs === null || sale.closedAtMs >= sale.opensAtMs;
}

/** Sessions as members see them; a flash sale of no session stands for itself. */
export async function listSessions(
  env: Env,
  programmeId: string,
  nowMs: number,
): Promise<CalendarSession[]> {
  const store = new SessionStore(env.DB, programmeId);
  const [fromMs, toMs] = [nowMs - PAST_MS, nowMs + AHEAD_MS];
  const [sessions, lone] = await Promise.all([
    store.between(fromMs, toMs, { isPublic: true }),
    store.loneSales(fromMs, toMs, nowMs),
  ]);
  const all = (await viewsOf(store, sessions, nowMs)).map(toCalendar);
  const alone = lone.filter(wasHeld).map((sale): CalendarSession => {
    const { saleId, title, opensAtMs, closesAtMs } = sale;
    return { sessionId: saleId, title, opensAtMs, closesAtMs, sales: [sale] };
  });
  return [...all.filter(({ sales }) => sales.length > 0), ...alone].toSorted(
    (a, b) => a.opensAtMs - b.opensAtMs,
  );
}

export async function findSession(
  env: Env,
  programmeId: string,
  sessionId: string,
  nowMs: number,
): Promise<CalendarSession | null> {
  const store = new SessionStore(env.DB, programmeId);
  const session = await store.find(sessionId);
  if (session?.state !== "scheduled") return null;
  const [view] = await viewsOf(store, [session], nowMs);
  return view ? toCalendar(view) : null;
}

/** What is for staff only stays with them. A sale that was extended lets its session end later. */
function toCalendar(session: {
  sessionId: string;
  title: string;
  opensAtMs: number;
  closesAtMs: number;
  sales: SaleView[];
}): CalendarSession {
  const { sessionId, title, opensAtMs } = session;
  const sales = session.sales.filter(wasHeld);
  const closesAtMs = Math.max(session.closesAtMs, ...sales.map((sale) => sale.closesAtMs));
  return { sessionId, title, opensAtMs, closesAtMs, sales };
}
