/** What every way in ends with: a session, or the page that asks for consent. */
import { z } from "@hono/zod-openapi";
import { SESSION_SECONDS } from "../members/index.ts";
import type { Env } from "../platform/env.ts";
import { json, type ProblemMaker, type Session } from "../platform/http/api.ts";
import {
  isFramed,
  PENDING_COOKIE,
  serverCookie,
  sessionCookie,
  SignInDesk,
  type Finished,
  type Proof,
} from "./desk.ts";
import { welcomeCookie } from "./welcome.ts";

export const TAG = "Sign-in";
export const STATE_COOKIE = "qd_state";
export const returnTo = z.string().max(1_000).default("/").describe("A path of this mall.");

export interface Call {
  readonly request: Request;
  readonly env: Env;
  readonly session: Session | null;
  readonly nowMs: number;
  readonly problem: ProblemMaker;
}

export const programmeOf = ({ session, env }: Call): string =>
  session?.role === "member" ? session.programmeId : env.DEFAULT_PROGRAMME;

export const redirect = (location: string, ...cookies: readonly string[]): Response => {
  const headers = new Headers({ location, "cache-control": "no-store" });
  for (const cookie of cookies) headers.append("set-cookie", cookie);
  return new Response(null, { status: 303, headers });
};

export const loginAt = (back: string, more: Readonly<Record<string, string>>): string =>
  `/login?${new URLSearchParams({ returnTo: back, ...more }).toString()}`;

/** Signed in: a new session, whatever stood in the cookie before. */
export function entered(
  call: Call,
  desk: SignInDesk,
  finished: Extract<Finished, { ok: true }>,
  more: { readonly returnTo: string; readonly isEmbedded: boolean },
): Response {
  const { memberId, isNew, welcome } = finished;
  const { token, expiresAtMs } = desk.sessionToken(memberId);
  const response = json({ memberId, isNew, token, expiresAtMs, returnTo: more.returnTo }, 200);
  const cookies = [
    sessionCookie(call.request, token, SESSION_SECONDS, more.isEmbedded),
    serverCookie(call.request, PENDING_COOKIE, "", 0, more.isEmbedded),
    ...(welcome === null ? [] : [welcomeCookie(call.request, welcome, more.isEmbedded)]),
  ];
  for (const cookie of cookies) response.headers.append("set-cookie", cookie);
  return response;
}

/** After a redirect: in, or on to the page that asks for consent. */
export async function arrived(call: Call, proof: Proof, back: string): Promise<Response> {
  const { env, request, session, nowMs } = call;
  const desk = await SignInDesk.open(env, programmeOf(call), nowMs);
  const finished = await desk.finish(proof, session, null);
  const noState = serverCookie(request, STATE_COOKIE, "", 0);
  if (finished.ok) {
    const { token } = desk.sessionToken(finished.memberId);
    return redirect(
      back,
      sessionCookie(request, token, SESSION_SECONDS, isFramed(request)),
      noState,
    );
  }
  if (finished.reason === "both_in_use") {
    return redirect(loginAt(back, { failed: "both_in_use" }), noState);
  }
  const sealed = desk.sealProof(proof, back);
  const kept = serverCookie(request, PENDING_COOKIE, sealed, 600);
  return redirect(loginAt(back, { step: "consent" }), kept, noState);
}
