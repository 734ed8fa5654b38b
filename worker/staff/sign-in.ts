/** From a proven identity to a session: which programme, which second step, and what the audit log says. */
import type { Env } from "../platform/env.ts";
import { json, type ProblemMaker } from "../platform/http/api.ts";
import { addressOf } from "../platform/http/audited.ts";
import { appendAudit } from "./audit-store.ts";
import { withHeaders } from "./http.ts";
import { issue } from "./one-time.ts";
import { programmesOf, type Person } from "./people-store.ts";
import { beginSession, type SignInMethod } from "./sessions.ts";
import { cookieOf } from "./tokens.ts";
import { networkOf } from "./throttle.ts";
import { attempt } from "./throttle-store.ts";

export const STEP_COOKIE = "qd_staff_step";
export const STEP_SECONDS = 300;

export interface SignInCall {
  readonly env: Env;
  readonly request: Request;
  readonly nowMs: number;
  readonly problem: ProblemMaker;
}

/** Null: go ahead. Otherwise the refusal, which says how long to wait. */
export async function throttledByAddress(call: SignInCall): Promise<Response | null> {
  const address = networkOf(addressOf(call.request));
  // Without Cloudflare before us every caller has the same address: counting them together would lock all out.
  if (address === "") return null;
  return tooMany(call, await attempt(call.env.DB, "address", address, call.nowMs));
}

export function tooMany({ problem }: SignInCall, waitMs: number): Response | null {
  if (waitMs === 0) return null;
  const seconds = Math.ceil(waitMs / 1_000);
  return problem("rate_limited", { reason: "too_many_failures", waitMs }, seconds);
}

/** Asks for the second step where there is one; otherwise the session begins. */
export async function afterPassword(call: SignInCall, person: Person): Promise<Response> {
  const { env, request, nowMs } = call;
  if (person.totpSecret === null) return signedIn(call, person, "password");
  const token = await issue(env.DB, {
    ...{ kind: "two_step", programmeId: null, staffId: person.staffId, body: {} },
    ...{ createdAtMs: nowMs, expiresAtMs: nowMs + STEP_SECONDS * 1_000 },
  });
  const cookie = cookieOf(request, STEP_COOKIE, token, STEP_SECONDS);
  return json({ state: "second_step" }, 200, { "set-cookie": cookie });
}

/** Somebody who works nowhere (any more) is told the same as somebody unknown. */
export async function signedIn(
  call: SignInCall,
  person: Person,
  method: SignInMethod,
): Promise<Response> {
  const { env, request, nowMs, problem } = call;
  const [first] = await programmesOf(env.DB, person.staffId);
  if (!first) return problem("unauthenticated", { reason: "wrong_credentials" });
  const { programmeId } = first;
  const headers = await beginSession(call, { ...person, programmeId }, method);
  headers.append("set-cookie", cookieOf(request, STEP_COOKIE, "", 0));
  await noteSignIn(call, person, programmeId, {
    action: "staff.sign_in",
    status: 200,
    after: { method },
  });
  return withHeaders(json({ state: "signed_in", atMs: nowMs }), headers);
}

/** Sign-ins have no staff route, so their lines are written here. */
export function noteSignIn(
  { env, request, nowMs }: SignInCall,
  person: Pick<Person, "staffId" | "name">,
  programmeId: string,
  what: { readonly action: string; readonly status: number; readonly after?: unknown },
): Promise<void> {
  return appendAudit(env.DB, {
    ...{ programmeId, atMs: nowMs, actor: `staff:${person.staffId}`, actorName: person.name },
    ...{
      action: what.action,
      permission: "",
      subject: `staff:${person.staffId}`,
      status: what.status,
    },
    ...{ reason: "", before: null, after: what.after ?? null, address: addressOf(request) },
  });
}
