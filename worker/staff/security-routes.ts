/** Second steps of one's own sign-in: authenticator app, recovery codes, and the list of passkeys. */
import { z } from "@hono/zod-openapi";
import { json, type Api } from "../platform/http/api.ts";
import {
  codeSchema,
  fieldProblem,
  guarded,
  ok,
  okSchema,
  passwordSchema,
  withHeaders,
  type StaffCall,
} from "./http.ts";
import { forgetSessions } from "./identity.ts";
import { refusedPassword, withPerson } from "./me-routes.ts";
import { endSessions, type Person } from "./people-store.ts";
import {
  acceptedStep,
  newRecoveryCodes,
  newTotpSecret,
  openTotp,
  recoveryHash,
  sealTotp,
  totpUri,
} from "./second-step.ts";
import { renewSession } from "./sessions.ts";
import { readTenant } from "./tenant-store.ts";
import { attempt, succeeded } from "./throttle-store.ts";

const SET_UP_MS = 15 * 60_000;

const codesSchema = z
  .object({ codes: z.array(z.string()).describe("Shown once.") })
  .openapi("RecoveryCodes");

export function securityRoutes(api: Api): void {
  overviewRoute(api);
  beginTotpRoute(api);
  confirmTotpRoute(api);
  removeTotpRoute(api);
  recoveryRoute(api);
}

function overviewRoute(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/staff/me/security",
      access: "staff",
      permission: "self",
      tag: "Own account",
      summary: "How one's own sign-in is secured",
      responses: {
        200: {
          description: "Password, second step, passkeys",
          schema: z.object({
            passwordAtMs: z.int().nullable(),
            hasTotp: z.boolean(),
            recoveryCodesLeft: z.int(),
            passkeys: z.array(
              z.object({
                credentialId: z.string(),
                name: z.string(),
                createdAtMs: z.int(),
                usedAtMs: z.int().nullable(),
              }),
            ),
          }),
        },
      },
    },
    ({ env, session, problem }) =>
      guarded(problem, async () => {
        const [people, codes, passkeys] = await env.DB.batch([
          env.DB.prepare(
            `SELECT password_at_ms AS passwordAtMs, totp_secret IS NOT NULL AS hasTotp FROM staff_people WHERE staff_id = ?1`,
          ).bind(session.memberId),
          env.DB.prepare(
            "SELECT COUNT(*) AS n FROM staff_recovery_codes WHERE staff_id = ?1 AND used_at_ms IS NULL",
          ).bind(session.memberId),
          env.DB.prepare(
            `SELECT credential_id AS credentialId, name, created_at_ms AS createdAtMs, used_at_ms AS usedAtMs
             FROM staff_passkeys WHERE staff_id = ?1 ORDER BY created_at_ms LIMIT 50`,
          ).bind(session.memberId),
        ]);
        const [person] = (people?.results ?? []) as {
          passwordAtMs: number | null;
          hasTotp: number;
        }[];
        const [left] = (codes?.results ?? []) as { n: number }[];
        return json({
          passwordAtMs: person?.passwordAtMs ?? null,
          hasTotp: person?.hasTotp === 1,
          recoveryCodesLeft: left?.n ?? 0,
          passkeys: passkeys?.results ?? [],
        });
      }),
  );
}

function beginTotpRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/staff/me/totp",
      operationId: "beginStaffMeTotp",
      access: "staff",
      permission: "self",
      tag: "Own account",
      summary:
        "Begins to set up an authenticator app: a secret, in force once a code of it is shown",
      body: z.object({ password: passwordSchema }).openapi("TotpBegin"),
      responses: {
        200: {
          description: "For the app",
          schema: z.object({
            secret: z.string(),
            uri: z.string().describe("The text of the QR code."),
          }),
        },
      },
      problems: ["conflict"],
    },
    (call) =>
      withPerson(call, async (person) => {
        const { env, body, nowMs, session } = call;
        const refused = await refusedPassword(call, person, body.password);
        if (refused) return refused;
        const secret = newTotpSecret();
        const sealed = await sealTotp(env, person.staffId, secret);
        await env.DB.batch([
          env.DB.prepare("DELETE FROM staff_one_time WHERE token_hash = ?1").bind(
            pendingKey(person),
          ),
          env.DB.prepare(
            `INSERT INTO staff_one_time (token_hash, kind, programme_id, staff_id, body, created_at_ms, expires_at_ms)
             VALUES (?1, 'totp', NULL, ?2, ?3, ?4, ?5)`,
          ).bind(
            pendingKey(person),
            person.staffId,
            JSON.stringify({ sealed }),
            nowMs,
            nowMs + SET_UP_MS,
          ),
        ]);
        const tenant = await readTenant(env.DB, session.programmeId);
        const issuer = tenant?.merchant.name ?? "Qiangdui";
        call.audit({ action: "staff.totp_begin", subject: `staff:${person.staffId}`, after: {} });
        return json({ secret, uri: totpUri(secret, person.email, issuer) });
      }),
  );
}

/** One set-up at a time a person; no token of theirs could be this. */
const pendingKey = ({ staffId }: Person): string => `totp of ${staffId}`;

function confirmTotpRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/staff/me/totp/confirm",
      access: "staff",
      permission: "self",
      tag: "Own account",
      summary:
        "Confirms the authenticator app by a code of it: recovery codes are given, other sessions end",
      body: z.object({ code: codeSchema }).openapi("TotpConfirm"),
      responses: { 200: { description: "In force", schema: codesSchema } },
      problems: ["conflict"],
    },
    (call) =>
      withPerson(call, async (person, sessionId) => {
        const { env, body, nowMs, problem } = call;
        const waitMs = await attempt(env.DB, "second_step", person.staffId, nowMs);
        if (waitMs > 0) return problem("rate_limited", { waitMs }, Math.ceil(waitMs / 1_000));
        const pending = await env.DB.prepare(
          "SELECT body FROM staff_one_time WHERE token_hash = ?1 AND expires_at_ms > ?2",
        )
          .bind(pendingKey(person), nowMs)
          .first<string>("body");
        if (pending === null) return problem("conflict", { reason: "not_begun" });
        const { sealed } = JSON.parse(pending) as { sealed: string };
        const step = acceptedStep(
          await openTotp(env, person.staffId, sealed),
          body.code,
          null,
          nowMs,
        );
        if (step === null) return fieldProblem(problem, "code", "wrong_code");
        await succeeded(env.DB, "second_step", person.staffId);
        const codes = newRecoveryCodes();
        await env.DB.batch([
          env.DB.prepare(
            "UPDATE staff_people SET totp_secret = ?2, totp_step = ?3 WHERE staff_id = ?1",
          ).bind(person.staffId, sealed, step),
          env.DB.prepare("DELETE FROM staff_one_time WHERE token_hash = ?1").bind(
            pendingKey(person),
          ),
          ...replaceCodes(call, person, codes),
          endSessions(env.DB, person.staffId, sessionId),
        ]);
        forgetSessions();
        call.audit({ action: "staff.totp_on", subject: `staff:${person.staffId}`, after: {} });
        return withHeaders(json({ codes }), await renewSession(call));
      }),
  );
}

function replaceCodes(
  { env }: StaffCall,
  { staffId }: Person,
  codes: readonly string[],
): D1PreparedStatement[] {
  const hashes = codes.map((code) => recoveryHash(staffId, code));
  return [
    env.DB.prepare("DELETE FROM staff_recovery_codes WHERE staff_id = ?1").bind(staffId),
    env.DB.prepare(
      "INSERT INTO staff_recovery_codes (staff_id, code_hash) SELECT ?1, value FROM json_each(?2)",
    ).bind(staffId, JSON.stringify(hashes)),
  ];
}

function removeTotpRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/staff/me/totp/remove",
      access: "staff",
      permission: "self",
      tag: "Own account",
      summary: "Takes the authenticator app and its recovery codes off",
      body: z.object({ password: passwordSchema }).openapi("TotpRemove"),
      responses: { 200: { description: "Off", schema: okSchema } },
      problems: ["conflict"],
    },
    (call) =>
      withPerson(call, async (person) => {
        const { env, body } = call;
        const refused = await refusedPassword(call, person, body.password);
        if (refused) return refused;
        await env.DB.batch([
          env.DB.prepare(
            "UPDATE staff_people SET totp_secret = NULL, totp_step = NULL WHERE staff_id = ?1",
          ).bind(person.staffId),
          env.DB.prepare("DELETE FROM staff_recovery_codes WHERE staff_id = ?1").bind(
            person.staffId,
          ),
        ]);
        forgetSessions();
        call.audit({ action: "staff.totp_off", subject: `staff:${person.staffId}`, after: {} });
        return withHeaders(ok(), await renewSession(call));
      }),
  );
}

function recoveryRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/staff/me/recovery-codes",
      operationId: "createStaffMeRecoveryCodes",
      access: "staff",
      permission: "self",
      tag: "Own account",
      summary: "Makes new recovery codes; the old ones end",
      body: z.object({ password: passwordSchema }).openapi("RecoveryRenew"),
      responses: { 200: { description: "Shown once", schema: codesSchema } },
      problems: ["conflict"],
    },
    (call) =>
      withPerson(call, async (person) => {
        if (person.totpSecret === null)
          return call.problem("conflict", { reason: "no_second_step" });
        const refused = await refusedPassword(call, person, call.body.password);
        if (refused) return refused;
        const codes = newRecoveryCodes();
        await call.env.DB.batch(replaceCodes(call, person, codes));
        call.audit({
          action: "staff.recovery_codes",
          subject: `staff:${person.staffId}`,
          after: {},
        });
        return json({ codes });
      }),
  );
}
