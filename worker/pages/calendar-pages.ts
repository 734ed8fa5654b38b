/** The calendar of sales, and the session that a link leads to. */
import { describeError, log } from "../platform/log.ts";
import { findSession, listSessions } from "../sales/index.ts";
import type { PageData } from "./page-data.ts";
import { notFound, type PageRequest } from "./request.ts";

export async function calendarPage({ c, base, nowMs }: PageRequest): Promise<PageData> {
  const { programmeId } = base.programme;
  try {
    const sessions = await listSessions(c.env, programmeId, nowMs);
    return { ...base, page: "calendar", isOne: false, sessions };
  } catch (error) {
    // The calendar is a list of D1; sales go on without it.
    log("calendar_failed", { error: describeError(error) });
    return { ...base, page: "calendar", isOne: false, sessions: [] };
  }
}

export async function sessionPage({ c, base, nowMs }: PageRequest): Promise<PageData> {
  const { programmeId } = base.programme;
  const sessionId = c.req.param("sessionId") ?? "";
  const session = await findSession(c.env, programmeId, sessionId, nowMs);
  if (!session) return notFound(base);
  return { ...base, page: "calendar", isOne: true, sessions: [session] };
}
