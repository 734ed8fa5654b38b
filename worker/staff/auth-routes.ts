/** Signing in: password, second step, passkey. Nobody is told whether an account exists. */
import { z } from "@hono/zod-openapi";
import { json, type Api } from "../platform/http/api.ts";
import { addressOf } from "../platform/http/audited.ts";
import { codeSchema, emailSchema, guarded, passwordSchema } from "./http.ts";
import { look, take } from "./one-time.ts";
import { personByEmail, personById, programmesOf, type Person } from "./people-store.ts";
import { verifyPassword } from "./password.ts";
import { acceptedStep, openTotp, recoveryHash } from "./second-step.ts";
import { knownDevice } from "./sessions.ts";
import {
  afterPassword,
  noteSignIn,
  signedIn,
  STEP_COOKIE,
  throttledByAddress,
  tooMany,
  type SignInCall,
} from "./sign-in.ts";
import { attempt, succeeded } from "./throttle-store.ts";
import { networkOf, type ThrottleKind } from "./throttle.ts";
import { readCookie } from "./tokens.ts";

export const signInStateSchema = z
  .object({
    state: z.enum(["signed_in", "second_step"]),
    atMs: z.int().optional(),
  })
  .openapi("StaffSignIn");

export function authRoutes(api: Api): void {
  stateRoute(api);
  passwordRoute(api);
  secondStepRoute(api);
}

function stateRoute(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/staff-auth/state",
      access: "public",
      tag: "Staff sign-in",
      summary: "What the sign-in page offers",
      responses: {
        200: {
          description: "What is open here",
          schema: z.object({
            needsSetup: z.boolean().describe("Nobody owns this shop yet, and SETUP_KEY is set."),
            developmentLogin: z.boolean(),
          }),
        },
      },
    },
    ({ env, problem }) =>
      guarded(problem, async () => {
        const needsSetup =
          Boolean(env.SETUP_KEY) &&
          !(await hasOwner(env.DB, env.OPERATOR_PROGRAMME ?? env.DEFAULT_PROGRAMME));
        return json({ needsSetup, developmentLogin: env.DEV_LOGIN === "on" });
      }),
  );
}

export async function hasOwner(db: D1Database, programmeId: string): Promise<boolean> {
  const row = await db
    .prepare(
      `SELECT 1 AS found FROM staff_memberships WHERE programme_id = ?1 AND state = 'active'
         AND EXISTS (SELECT 1 FROM json_each(role_ids) WHERE value = 'owner') LIMIT 1`,
    )
    .bind(programmeId)
    .first();
  return row !== null;
}

function passwordRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/staff-auth/password",
      operationId: "signInStaffByPassword",
      access: "public",
      tag: "Staff sign-in",
      summary: "Signs in with e-mail and password; sets the cookie, or asks for the second step",
      body: z.object({ email: emailSchema, password: passwordSchema }).openapi("PasswordSignIn"),
      responses: { 200: { description: "Signed in, or one more step", schema: signInStateSchema } },
      problems: ["unauthenticated"],
    },
    (call) =>
      guarded(call.problem, async () => {
        const { email, password } = call.body;
        const person = await checkPassword(call, email, password);
        return person instanceof Response ? person : afterPassword(call, person);
      }),
  );
}

/** The person whose password it is, or the refusal to give. Attempts are counted before they are made. */
export async function checkPassword(
  call: SignInCall,
  email: string,
  password: string,
): Promise<Person | Response> {
  const { env, request, nowMs, problem } = call;
  const device = knownDevice(request, env, email);
  const [kind, name]: [ThrottleKind, string] =
    device === null ? ["account", email] : ["device", `${email} ${device}`];
  const refused =
    (await throttledByAddress(call)) ?? tooMany(call, await attempt(env.DB, kind, name, nowMs));
  if (refused) return refused;
  const person = await personByEmail(env.DB, email);
  if (!(await verifyPassword(password, person?.passwordHash ?? null)) || !person) {
    if (person) await noteFailure(call, person, "password");
    return problem("unauthenticated", { reason: "wrong_credentials" });
  }
  await succeeded(env.DB, kind, name);
  await addressSucceeded(call);
  return person;
}

async function addressSucceeded({ env, request }: SignInCall): Promise<void> {
  const address = networkOf(addressOf(request));
  if (address !== "") await succeeded(env.DB, "address", address);
}

async function noteFailure(call: SignInCall, person: Person, method: string): Promise<void> {
  const [first] = await programmesOf(call.env.DB, person.staffId);
  if (!first) return;
  const what = { action: "staff.sign_in_failed", status: 401, after: { method } };
  await noteSignIn(call, person, first.programmeId, what);
}

function secondStepRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/staff-auth/second-step",
      operationId: "signInStaffBySecondStep",
      access: "public",
      tag: "Staff sign-in",
      summary:
        "Signs in with the code of the authenticator app, or a recovery code, after the password",
      body: z.object({ code: codeSchema }).openapi("SecondStep"),
      responses: { 200: { description: "Signed in", schema: signInStateSchema } },
      problems: ["unauthenticated"],
    },
    (call) =>
      guarded(call.problem, async () => {
        const { env, request, body, nowMs, problem } = call;
        const token = readCookie(request, STEP_COOKIE) ?? "";
        const step = await look(env.DB, "two_step", token, nowMs);
        const person = step?.staffId ? await personById(env.DB, step.staffId) : null;
        if (!person) return problem("unauthenticated", { reason: "begin_again" });
        const refused =
          (await throttledByAddress(call)) ??
          tooMany(call, await attempt(env.DB, "second_step", person.staffId, nowMs));
        if (refused) return refused;
        if (!(await takesSecondStep(call, person, body.code))) {
          await noteFailure(call, person, "second_step");
          return problem("unauthenticated", { reason: "wrong_code" });
        }
        // Taken, not looked at: of two requests with the same code one signs in.
        if (!(await take(env.DB, "two_step", token, nowMs))) {
          return problem("unauthenticated", { reason: "begin_again" });
        }
        await succeeded(env.DB, "second_step", person.staffId);
        await addressSucceeded(call);
        return signedIn(call, person, "two_step");
      }),
  );
}

/** Uses the code up. */
export async function takesSecondStep(
  { env, nowMs }: Pick<SignInCall, "env" | "nowMs">,
  person: Person,
  code: string,
): Promise<boolean> {
  if (person.totpSecret !== null && /^\d{6}$/.test(code)) {
    const secret = await openTotp(env, person.staffId, person.totpSecret);
    const step = acceptedStep(secret, code, person.totpStep, nowMs);
    if (step === null) return false;
    const used = await env.DB.prepare(
      "UPDATE staff_people SET totp_step = ?2 WHERE staff_id = ?1 AND (totp_step IS NULL OR totp_step < ?2)",
    )
      .bind(person.staffId, step)
      .run();
    return used.meta.changes === 1;
  }
  const used = await env.DB.prepare(
    "UPDATE staff_recovery_codes SET used_at_ms = ?3 WHERE staff_id = ?1 AND code_hash = ?2 AND used_at_ms IS NULL",
  )
    .bind(person.staffId, recoveryHash(person.staffId, code), nowMs)
    .run();
  return used.meta.changes === 1;
}
