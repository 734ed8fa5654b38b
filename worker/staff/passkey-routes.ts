/** Passkeys (WebAuthn): set up, signed in with, taken off. The library is loaded at the first of them, not with the Worker. */
import { z } from "@hono/zod-openapi";
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from "@simplewebauthn/server";
import { json, type Api } from "../platform/http/api.ts";
import { addressOf } from "../platform/http/audited.ts";
import { describeError, log } from "../platform/log.ts";
import { signInStateSchema } from "./auth-routes.ts";
import { guarded, nameSchema, ok, okSchema, passwordSchema, withHeaders } from "./http.ts";
import { forgetSessions } from "./identity.ts";
import { refusedPassword, withPerson } from "./me-routes.ts";
import { issue, take } from "./one-time.ts";
import { personById } from "./people-store.ts";
import { renewSession } from "./sessions.ts";
import {
  signedIn,
  STEP_COOKIE,
  STEP_SECONDS,
  throttledByAddress,
  type SignInCall,
} from "./sign-in.ts";
import { readTenant } from "./tenant-store.ts";
import { networkOf } from "./throttle.ts";
import { succeeded } from "./throttle-store.ts";
import { cookieOf, readCookie } from "./tokens.ts";

const library = () => import("@simplewebauthn/server");
const PASSKEYS_MAX = 20;

/** Shapes that browsers give; the library reads them with care. */
const answerSchema = z.looseObject({
  id: z.string().max(1_024),
  rawId: z.string().max(1_024),
  type: z.literal("public-key"),
  response: z.record(z.string().max(64), z.unknown()),
  clientExtensionResults: z.record(z.string().max(64), z.unknown()),
});

const optionsSchema = z.looseObject({ challenge: z.string() }).openapi("PasskeyOptions");

/** A passkey belongs to the host that the console is opened at. */
function partyOf(request: Request): { readonly rpID: string; readonly origin: string } {
  const url = new URL(request.url);
  return { rpID: url.hostname, origin: url.origin };
}

export function passkeyRoutes(api: Api): void {
  beginRoute(api);
  addRoute(api);
  removeRoute(api);
  optionsRoute(api);
  signInRoute(api);
}

function beginRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/staff/me/passkeys/options",
      operationId: "beginStaffMePasskey",
      access: "staff",
      permission: "self",
      tag: "Own account",
      summary: "Begins to set up a passkey",
      body: z.object({ password: passwordSchema }).openapi("PasskeyBegin"),
      responses: {
        200: { description: "For navigator.credentials.create", schema: optionsSchema },
      },
      problems: ["conflict"],
    },
    (call) =>
      withPerson(call, async (person) => {
        const { env, request, session, nowMs, problem } = call;
        const refused = await refusedPassword(call, person, call.body.password);
        if (refused) return refused;
        const known = await credentialsOf(env.DB, person.staffId);
        if (known.length >= PASSKEYS_MAX) return problem("conflict", { reason: "too_many" });
        const tenant = await readTenant(env.DB, session.programmeId);
        const { generateRegistrationOptions } = await library();
        const options = await generateRegistrationOptions({
          rpName: tenant?.merchant.name ?? "Qiangdui",
          rpID: partyOf(request).rpID,
          userName: person.email,
          userID: new Uint8Array(Buffer.from(person.staffId)),
          userDisplayName: person.name,
          attestationType: "none",
          excludeCredentials: known.map((id) => ({ id })),
          authenticatorSelection: { residentKey: "required", userVerification: "required" },
        });
        const token = await issue(env.DB, {
          ...{ kind: "passkey_new", programmeId: null, staffId: person.staffId },
          ...{ body: { challenge: options.challenge }, createdAtMs: nowMs },
          expiresAtMs: nowMs + STEP_SECONDS * 1_000,
        });
        const cookie = cookieOf(request, STEP_COOKIE, token, STEP_SECONDS);
        call.audit({
          action: "staff.passkey_begin",
          subject: `staff:${person.staffId}`,
          after: {},
        });
        return json(options, 200, { "set-cookie": cookie });
      }),
  );
}

async function credentialsOf(db: D1Database, staffId: string): Promise<string[]> {
  const { results } = await db
    .prepare("SELECT credential_id AS id FROM staff_passkeys WHERE staff_id = ?1")
    .bind(staffId)
    .all<{ id: string }>();
  return results.map(({ id }) => id);
}

function addRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/staff/me/passkeys",
      access: "staff",
      permission: "self",
      tag: "Own account",
      summary: "Keeps a new passkey",
      body: z.object({ name: nameSchema, answer: answerSchema }).openapi("NewPasskey"),
      responses: { 200: { description: "Kept", schema: okSchema } },
      problems: ["conflict"],
    },
    (call) =>
      withPerson(call, async (person) => {
        const { env, request, body, nowMs, problem } = call;
        const begun = await take(
          env.DB,
          "passkey_new",
          readCookie(request, STEP_COOKIE) ?? "",
          nowMs,
        );
        if (begun?.staffId !== person.staffId)
          return problem("conflict", { reason: "begin_again" });
        const { rpID, origin } = partyOf(request);
        const { verifyRegistrationResponse } = await library();
        const verified = await verifyRegistrationResponse({
          response: body.answer as unknown as RegistrationResponseJSON,
          expectedChallenge: (begun.body as { challenge: string }).challenge,
          expectedOrigin: origin,
          expectedRPID: rpID,
        }).catch(refusedAnswer);
        if (!verified?.verified) return problem("forbidden", { reason: "passkey_refused" });
        const { credential } = verified.registrationInfo;
        const inserted = await env.DB.prepare(
          `INSERT INTO staff_passkeys (credential_id, staff_id, name, public_key, counter, transports, created_at_ms)
           VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING`,
        )
          .bind(
            ...[
              credential.id,
              person.staffId,
              body.name,
              Buffer.from(credential.publicKey).toString("base64url"),
            ],
            ...[credential.counter, JSON.stringify(credential.transports ?? []), nowMs],
          )
          .run();
        if (inserted.meta.changes === 0) return problem("conflict", { reason: "exists" });
        forgetSessions();
        call.audit({
          action: "staff.passkey_on",
          subject: `staff:${person.staffId}`,
          after: { name: body.name },
        });
        return withHeaders(ok(), await renewSession(call));
      }),
  );
}

function refusedAnswer(error: unknown): null {
  log("passkey_refused", { error: describeError(error) });
  return null;
}

function removeRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/staff/me/passkeys/{credentialId}/remove",
      access: "staff",
      permission: "self",
      tag: "Own account",
      summary: "Takes a passkey off",
      params: z.object({ credentialId: z.string().regex(/^[\w-]{1,1024}$/) }),
      body: z.object({ password: passwordSchema }).openapi("PasskeyRemove"),
      responses: { 200: { description: "Off", schema: okSchema } },
      problems: ["not_found", "conflict"],
    },
    (call) =>
      withPerson(
        call,
        async (person) => {
          const { env, params, problem } = call;
          const refused = await refusedPassword(call, person, call.body.password);
          if (refused) return refused;
          const removed = await env.DB.prepare(
            "DELETE FROM staff_passkeys WHERE staff_id = ?1 AND credential_id = ?2",
          )
            .bind(person.staffId, params.credentialId)
            .run();
          if (removed.meta.changes === 0) return problem("not_found");
          forgetSessions();
          call.audit({
            action: "staff.passkey_off",
            subject: `staff:${person.staffId}`,
            after: {},
          });
          return ok();
        },
        "not_found",
      ),
  );
}

function optionsRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/staff-auth/passkey/options",
      operationId: "beginStaffPasskeySignIn",
      access: "public",
      tag: "Staff sign-in",
      summary: "Begins to sign in with a passkey; the browser knows which",
      responses: { 200: { description: "For navigator.credentials.get", schema: optionsSchema } },
    },
    (call) =>
      guarded(call.problem, async () => {
        const { env, request, nowMs } = call;
        const refused = await throttledByAddress(call);
        if (refused) return refused;
        const { generateAuthenticationOptions } = await library();
        const options = await generateAuthenticationOptions({
          rpID: partyOf(request).rpID,
          userVerification: "required",
        });
        const token = await issue(env.DB, {
          ...{ kind: "passkey", programmeId: null, staffId: null, createdAtMs: nowMs },
          ...{ body: { challenge: options.challenge }, expiresAtMs: nowMs + STEP_SECONDS * 1_000 },
        });
        const cookie = cookieOf(request, STEP_COOKIE, token, STEP_SECONDS);
        return json(options, 200, { "set-cookie": cookie });
      }),
  );
}

interface PasskeyRow {
  readonly staff_id: string;
  readonly public_key: string;
  readonly counter: number;
}

function signInRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/staff-auth/passkey",
      operationId: "signInStaffByPasskey",
      access: "public",
      tag: "Staff sign-in",
      summary: "Signs in with a passkey: both steps in one",
      body: z.object({ answer: answerSchema }).openapi("PasskeySignIn"),
      responses: { 200: { description: "Signed in", schema: signInStateSchema } },
      problems: ["unauthenticated"],
    },
    (call) =>
      guarded(call.problem, async () => {
        const { env, request, body, nowMs, problem } = call;
        const begun = await take(env.DB, "passkey", readCookie(request, STEP_COOKIE) ?? "", nowMs);
        if (!begun) return problem("unauthenticated", { reason: "begin_again" });
        const row = await env.DB.prepare(
          "SELECT staff_id, public_key, counter FROM staff_passkeys WHERE credential_id = ?1",
        )
          .bind(body.answer.id)
          .first<PasskeyRow>();
        const challenge = (begun.body as { challenge: string }).challenge;
        const counter = row && (await provenCounter(call, body.answer, row, challenge));
        const person = row && counter !== null ? await personById(env.DB, row.staff_id) : null;
        if (!person) return problem("unauthenticated", { reason: "passkey_refused" });
        await env.DB.prepare(
          "UPDATE staff_passkeys SET counter = ?2, used_at_ms = ?3 WHERE credential_id = ?1",
        )
          .bind(body.answer.id, counter, nowMs)
          .run();
        const address = networkOf(addressOf(request));
        if (address !== "") await succeeded(env.DB, "address", address);
        return signedIn(call, person, "passkey");
      }),
  );
}

/** The authenticator's new counter; null when the answer does not prove the key. */
async function provenCounter(
  { request }: SignInCall,
  answer: z.output<typeof answerSchema>,
  row: PasskeyRow,
  expectedChallenge: string,
): Promise<number | null> {
  const { rpID, origin } = partyOf(request);
  const { verifyAuthenticationResponse } = await library();
  const verified = await verifyAuthenticationResponse({
    response: answer as unknown as AuthenticationResponseJSON,
    expectedChallenge,
    expectedOrigin: origin,
    expectedRPID: rpID,
    requireUserVerification: true,
    credential: {
      id: answer.id,
      publicKey: new Uint8Array(Buffer.from(row.public_key, "base64url")),
      counter: row.counter,
    },
  }).catch(refusedAnswer);
  return verified?.verified ? verified.authenticationInfo.newCounter : null;
}
