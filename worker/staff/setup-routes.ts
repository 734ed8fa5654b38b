/** The first owner, and the way back in for one who is locked out: both by the secret SETUP_KEY of the deployment. */
import { timingSafeEqual } from "node:crypto";
import { z } from "@hono/zod-openapi";
import { DAY_MS } from "../kernel/clock.ts";
import { PROGRAMME_ID_PATTERN } from "../kernel/ids.ts";
import type { Env } from "../platform/env.ts";
import { json, type Api } from "../platform/http/api.ts";
import { hasOwner, signInStateSchema } from "./auth-routes.ts";
import { emailSchema, fieldProblem, guarded, nameSchema, passwordSchema } from "./http.ts";
import type { Invite } from "./invite-routes.ts";
import { issue } from "./one-time.ts";
import { hashPassword, passwordProblem } from "./password.ts";
import { insertMembership, insertPerson, personByEmail } from "./people-store.ts";
import { noteSignIn, signedIn, throttledByAddress, tooMany, type SignInCall } from "./sign-in.ts";
import { Team } from "./team-store.ts";
import { newTenant } from "./tenant-store.ts";
import { attempt, succeeded } from "./throttle-store.ts";
import { hashOf, newId } from "./tokens.ts";

const KEY_LENGTH_MIN = 24;
const LINK_MS = 3_600_000;
const setupKeySchema = z
  .string()
  .max(256)
  .refine((text) => text.trim() !== "", "not blanks alone");

export function setupRoutes(api: Api): void {
  firstOwnerRoute(api);
  recoverRoute(api);
  merchantRoute(api);
}

/** Null: the key is right. A deployment without one answers as if the route were not there. */
async function refusedKey(call: SignInCall, given: string): Promise<Response | null> {
  const { env, nowMs, problem } = call;
  const key = env.SETUP_KEY ?? "";
  if (key.length < KEY_LENGTH_MIN) return problem("not_found");
  const refused =
    (await throttledByAddress(call)) ??
    tooMany(call, await attempt(env.DB, "setup", "setup", nowMs));
  if (refused) return refused;
  // Hashes have one length, so the comparison tells nothing about the key's.
  if (!timingSafeEqual(Buffer.from(hashOf(given)), Buffer.from(hashOf(key))))
    return problem("forbidden");
  await succeeded(env.DB, "setup", "setup");
  return null;
}

function firstOwnerRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/staff-auth/setup",
      operationId: "createFirstOwner",
      access: "public",
      tag: "Staff sign-in",
      summary: "Makes the first owner of the default programme; once",
      body: z
        .object({
          setupKey: setupKeySchema,
          merchantName: nameSchema,
          name: nameSchema,
          email: emailSchema,
          password: passwordSchema,
        })
        .openapi("Setup"),
      responses: { 200: { description: "Signed in", schema: signInStateSchema } },
      problems: ["not_found", "conflict"],
    },
    (call) =>
      guarded(call.problem, async () => {
        const { env, body, nowMs, problem } = call;
        const refused = await refusedKey(call, body.setupKey);
        if (refused) return refused;
        const programmeId = env.OPERATOR_PROGRAMME ?? env.DEFAULT_PROGRAMME;
        if (await hasOwner(env.DB, programmeId))
          return problem("conflict", { reason: "has_owner" });
        const { email, name, merchantName } = body;
        const wrong = passwordProblem(body.password, [email, name, merchantName]);
        if (wrong) return fieldProblem(problem, "password", wrong);
        const staffId = newId("stf");
        const passwordHash = await hashPassword(body.password);
        await env.DB.batch([
          ...newTenant(env.DB, programmeId, merchantName, nowMs),
          insertPerson(env.DB, { staffId, email, name, passwordHash }, nowMs),
          insertMembership(
            env.DB,
            { programmeId, staffId, roleIds: ["owner"], storeIds: null },
            nowMs,
          ),
        ]);
        const person = await personByEmail(env.DB, email);
        return person ? signedIn(call, person, "setup") : problem("fault");
      }),
  );
}

const INVITE_MS = 7 * DAY_MS;

function merchantRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/staff-auth/merchants",
      operationId: "createMerchant",
      access: "public",
      tag: "Staff sign-in",
      summary: "Makes another merchant in this deployment; its owner joins by a one-time link",
      body: z
        .object({
          setupKey: setupKeySchema,
          programmeId: z
            .string()
            .regex(PROGRAMME_ID_PATTERN)
            .refine((id) => !id.startsWith("rehearsal-"), "rehearsals have such names"),
          merchantName: nameSchema,
          email: emailSchema,
        })
        .openapi("NewMerchant"),
      responses: {
        201: {
          description: "The link for its owner, good for seven days",
          schema: z.object({ programmeId: z.string(), path: z.string(), expiresAtMs: z.int() }),
        },
      },
      problems: ["not_found", "conflict"],
    },
    (call) =>
      guarded(call.problem, async () => {
        const { env, body, nowMs, problem } = call;
        const refused = await refusedKey(call, body.setupKey);
        if (refused) return refused;
        const { programmeId, merchantName, email } = body;
        if (await hasOwner(env.DB, programmeId))
          return problem("conflict", { reason: "has_owner" });
        await env.DB.batch(newTenant(env.DB, programmeId, merchantName, nowMs));
        // Asked again, a link that was lost is good no more.
        await new Team(env.DB, programmeId).withdrawInvitesOf(email);
        const invite: Invite = { email, roleIds: ["owner"], storeIds: null, invitedBy: "operator" };
        const expiresAtMs = nowMs + INVITE_MS;
        const token = await issue(env.DB, {
          ...{ kind: "invite", programmeId, staffId: null, body: invite },
          ...{ createdAtMs: nowMs, expiresAtMs },
        });
        return json({ programmeId, path: `/console/join#${token}`, expiresAtMs }, 201);
      }),
  );
}

function recoverRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/staff-auth/recover",
      operationId: "createRecoveryLink",
      access: "public",
      tag: "Staff sign-in",
      summary:
        "Makes a one-time link by which an owner sets a new password; the second step is taken off with it",
      body: z.object({ setupKey: setupKeySchema, email: emailSchema }).openapi("Recover"),
      responses: {
        200: { description: "The link, good for an hour", schema: z.object({ path: z.string() }) },
      },
      problems: ["not_found"],
    },
    (call) =>
      guarded(call.problem, async () => {
        const { env, body, nowMs, problem } = call;
        const refused = await refusedKey(call, body.setupKey);
        if (refused) return refused;
        const person = await personByEmail(env.DB, body.email);
        const programmeId = person && (await ownedProgramme(env, person.staffId));
        if (!person || !programmeId) return problem("not_found");
        const { staffId } = person;
        const token = await issue(env.DB, {
          ...{ kind: "reset", programmeId, staffId, body: { dropsSecondStep: true } },
          ...{ createdAtMs: nowMs, expiresAtMs: nowMs + LINK_MS },
        });
        await noteSignIn(call, person, programmeId, { action: "staff.recover", status: 200 });
        return json({ path: `/console/reset#${token}` });
      }),
  );
}

function ownedProgramme(env: Env, staffId: string): Promise<string | null> {
  return env.DB.prepare(
    `SELECT programme_id FROM staff_memberships WHERE staff_id = ?1 AND state = 'active'
       AND EXISTS (SELECT 1 FROM json_each(role_ids) WHERE value = 'owner') LIMIT 1`,
  )
    .bind(staffId)
    .first<string>("programme_id");
}
