/** Links that are good once: joining a programme, and a new password. The token stands in the fragment, which no server's log sees. */
import { z } from "@hono/zod-openapi";
import { json, type Api } from "../platform/http/api.ts";
import { checkPassword, signInStateSchema } from "./auth-routes.ts";
import { fieldProblem, guarded, nameSchema, passwordSchema } from "./http.ts";
import { forgetSessions } from "./identity.ts";
import { look, take, type OneTime } from "./one-time.ts";
import { hashPassword, passwordProblem } from "./password.ts";
import {
  insertMembership,
  insertPerson,
  personByEmail,
  personById,
  setPassword,
  type Membership,
} from "./people-store.ts";
import {
  afterPassword,
  noteSignIn,
  signedIn,
  throttledByAddress,
  type SignInCall,
} from "./sign-in.ts";
import { readTenant } from "./tenant-store.ts";
import { newId } from "./tokens.ts";

export interface Invite {
  readonly email: string;
  readonly roleIds: readonly string[];
  readonly storeIds: readonly string[] | null;
  readonly invitedBy: string;
}

const tokenSchema = z
  .string()
  .max(100)
  .refine((text) => text.trim() !== "", "not blanks alone");

export function inviteRoutes(api: Api): void {
  lookRoute(api);
  joinRoute(api);
  resetRoute(api);
}

function lookRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/staff-auth/link",
      operationId: "readStaffLink",
      access: "public",
      tag: "Staff sign-in",
      summary: "What a one-time link is for; looking does not use it up",
      body: z.object({ token: tokenSchema }).openapi("OneTimeLink"),
      responses: {
        200: {
          description: "What it is for",
          schema: z.object({
            kind: z.enum(["invite", "reset"]),
            email: z.string(),
            programmeName: z.string(),
            isKnown: z
              .boolean()
              .describe("This address has an account: its password is asked for."),
            expiresAtMs: z.int(),
          }),
        },
      },
      problems: ["not_found"],
    },
    (call) =>
      guarded(call.problem, async () => {
        const { env, body, nowMs, problem } = call;
        const refused = await throttledByAddress(call);
        if (refused) return refused;
        const invite = await look(env.DB, "invite", body.token, nowMs);
        const one = invite ?? (await look(env.DB, "reset", body.token, nowMs));
        if (!one) return problem("not_found");
        const email = await emailOf(call, one);
        const tenant = await readTenant(env.DB, one.programmeId ?? "");
        return json({
          kind: invite ? "invite" : "reset",
          email,
          programmeName: tenant?.programme.name ?? one.programmeId ?? "",
          isKnown: invite ? (await personByEmail(env.DB, email)) !== null : true,
          expiresAtMs: one.expiresAtMs,
        });
      }),
  );
}

async function emailOf({ env }: SignInCall, one: OneTime): Promise<string> {
  if (one.kind === "invite") return (one.body as Invite).email;
  return (await personById(env.DB, one.staffId ?? ""))?.email ?? "";
}

function joinRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/staff-auth/join",
      operationId: "joinStaff",
      access: "public",
      tag: "Staff sign-in",
      summary: "Accepts an invite: with a new password, or with the one this address has already",
      body: z
        .object({ token: tokenSchema, name: nameSchema, password: passwordSchema })
        .openapi("Join"),
      responses: { 200: { description: "Signed in, or one more step", schema: signInStateSchema } },
      problems: ["not_found", "unauthenticated"],
    },
    (call) =>
      guarded(call.problem, async () => {
        const { env, body, nowMs, problem } = call;
        const refused = await throttledByAddress(call);
        if (refused) return refused;
        const seen = await look(env.DB, "invite", body.token, nowMs);
        if (!seen) return problem("not_found");
        const { email } = seen.body as Invite;
        const known = await personByEmail(env.DB, email);
        if (known) {
          const person = await checkPassword(call, email, body.password);
          if (person instanceof Response) return person;
          const isJoined = await accept(call, body.token, known.staffId, known.name);
          return isJoined ? afterPassword(call, person) : problem("not_found");
        }
        const wrong = passwordProblem(body.password, [email, body.name]);
        if (wrong) return fieldProblem(problem, "password", wrong);
        const staffId = newId("stf");
        const passwordHash = await hashPassword(body.password);
        const newcomer = { staffId, email, name: body.name, passwordHash };
        if (!(await accept(call, body.token, staffId, body.name, newcomer)))
          return problem("not_found");
        const person = await personById(env.DB, staffId);
        return person ? signedIn(call, person, "invite") : problem("fault");
      }),
  );
}

/** Uses the link up and makes the membership; false: somebody used it a moment before. */
async function accept(
  call: SignInCall,
  token: string,
  staffId: string,
  name: string,
  newcomer?: { staffId: string; email: string; name: string; passwordHash: string },
): Promise<boolean> {
  const { env, nowMs } = call;
  const taken = await take(env.DB, "invite", token, nowMs);
  if (!taken?.programmeId) return false;
  const { roleIds, storeIds, invitedBy } = taken.body as Invite;
  const membership: Membership = { programmeId: taken.programmeId, staffId, roleIds, storeIds };
  await env.DB.batch([
    ...(newcomer ? [insertPerson(env.DB, newcomer, nowMs)] : []),
    insertMembership(env.DB, membership, nowMs),
  ]);
  const after = { roleIds, storeIds, invitedBy };
  await noteSignIn(call, { staffId, name }, taken.programmeId, {
    action: "staff.join",
    status: 200,
    after,
  });
  return true;
}

function resetRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/staff-auth/reset",
      operationId: "resetStaffPassword",
      access: "public",
      tag: "Staff sign-in",
      summary: "Sets a new password by a one-time link and ends every session",
      body: z.object({ token: tokenSchema, password: passwordSchema }).openapi("PasswordReset"),
      responses: { 200: { description: "Signed in, or one more step", schema: signInStateSchema } },
      problems: ["not_found"],
    },
    (call) =>
      guarded(call.problem, async () => {
        const { env, body, nowMs, problem } = call;
        const refused = await throttledByAddress(call);
        if (refused) return refused;
        const seen = await look(env.DB, "reset", body.token, nowMs);
        const person = seen?.staffId ? await personById(env.DB, seen.staffId) : null;
        if (!seen || !person) return problem("not_found");
        const wrong = passwordProblem(body.password, [person.email, person.name]);
        if (wrong) return fieldProblem(problem, "password", wrong);
        const passwordHash = await hashPassword(body.password);
        if (!(await take(env.DB, "reset", body.token, nowMs))) return problem("not_found");
        const { staffId } = person;
        const drops = (seen.body as { dropsSecondStep: boolean }).dropsSecondStep;
        await env.DB.batch([
          ...setPassword(env.DB, staffId, passwordHash, nowMs, null),
          ...(drops ? dropSecondStep(env.DB, staffId) : []),
        ]);
        forgetSessions();
        const what = { action: "staff.reset", status: 200, after: { dropsSecondStep: drops } };
        await noteSignIn(call, person, seen.programmeId ?? "", what);
        const fresh = await personById(env.DB, staffId);
        return fresh ? afterPassword(call, fresh) : problem("fault");
      }),
  );
}

export function dropSecondStep(db: D1Database, staffId: string): D1PreparedStatement[] {
  return [
    db
      .prepare("UPDATE staff_people SET totp_secret = NULL, totp_step = NULL WHERE staff_id = ?1")
      .bind(staffId),
    db.prepare("DELETE FROM staff_recovery_codes WHERE staff_id = ?1").bind(staffId),
    db.prepare("DELETE FROM staff_passkeys WHERE staff_id = ?1").bind(staffId),
  ];
}
