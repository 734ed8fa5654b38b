/** What anybody who is signed in may do with their own sign-in. */
import { z } from "@hono/zod-openapi";
import { PERMISSIONS } from "../kernel/permission.ts";
import { json, type Api } from "../platform/http/api.ts";
import {
  fieldProblem,
  guarded,
  idSchema,
  ok,
  okSchema,
  passwordSchema,
  withHeaders,
  type StaffCall,
} from "./http.ts";
import { forgetSessions } from "./identity.ts";
import { hashPassword, passwordProblem, verifyPassword } from "./password.ts";
import { endSessions, personById, programmesOf, setPassword, type Person } from "./people-store.ts";
import { isBuiltInRole, ROLE_TITLES } from "./roles.ts";
import { endSession, renewSession } from "./sessions.ts";
import { readTenant } from "./tenant-store.ts";
import { attempt, succeeded } from "./throttle-store.ts";

const meSchema = z
  .object({
    staffId: z.string(),
    name: z.string(),
    email: z.string(),
    programmeId: z.string(),
    programmes: z.array(z.object({ programmeId: z.string(), name: z.string() })),
    merchant: z.object({ merchantId: z.string(), name: z.string() }).nullable(),
    brands: z.array(z.object({ brandId: z.string(), name: z.string() })),
    stores: z.array(z.object({ storeId: z.string(), brandId: z.string(), name: z.string() })),
    storeIds: z.array(z.string()).nullable().describe("Null: not bound to stores."),
    roles: z.array(z.string()),
    roleName: z.object({ "zh-CN": z.string(), en: z.string() }),
    scopeName: z.string().optional().describe("The stores somebody is bound to."),
    permissions: z.array(z.enum(PERMISSIONS)),
    isDevelopment: z.boolean().describe("The development login: no person, nothing to secure."),
    needsSecondStep: z.boolean().describe("Nothing else is allowed until one is set up."),
  })
  .openapi("StaffMe");

export function meRoutes(api: Api): void {
  meRoute(api);
  programmeRoute(api);
  sessionRoutes(api);
  passwordRoute(api);
  signOutRoute(api);
}

function meRoute(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/staff/me",
      access: "staff",
      permission: "self",
      tag: "Own account",
      summary: "Who is signed in, where, and what they may do",
      responses: { 200: { description: "This person", schema: meSchema } },
    },
    ({ env, session, problem }) =>
      guarded(problem, async () => {
        const { staff, programmeId } = session;
        if (!staff) return problem("forbidden");
        const tenant = await readTenant(env.DB, programmeId);
        const isDevelopment = staff.sessionId === null;
        const programme = { programmeId, name: tenant?.programme.name ?? programmeId };
        const mine = (storeId: string): boolean => staff.storeIds?.includes(storeId) ?? true;
        const stores = (tenant?.stores ?? []).filter(({ storeId }) => mine(storeId));
        return json({
          ...{ staffId: staff.staffId, name: staff.name, email: staff.email, programmeId },
          programmes: isDevelopment ? [programme] : await programmesOf(env.DB, staff.staffId),
          merchant: tenant?.merchant ?? null,
          brands: (tenant?.brands ?? []).map(({ brandId, name }) => ({ brandId, name })),
          stores: stores.map(({ storeId, brandId, name }) => ({ storeId, brandId, name })),
          storeIds: staff.storeIds,
          roles: staff.roleIds,
          roleName: await roleNameOf(env.DB, programmeId, staff.roleIds),
          ...(staff.storeIds ? { scopeName: stores.map(({ name }) => name).join("、") } : {}),
          permissions: staff.needsSecondStep
            ? []
            : PERMISSIONS.filter((one) => staff.permissions.has(one)),
          isDevelopment,
          needsSecondStep: staff.needsSecondStep,
        });
      }),
  );
}

/** What somebody's roles are called, in both languages. */
async function roleNameOf(db: D1Database, programmeId: string, roleIds: readonly string[]) {
  const own = roleIds.filter((roleId) => !isBuiltInRole(roleId));
  const names = own.length === 0 ? new Map<string, string>() : await customNames(db, programmeId);
  const nameIn = (locale: "zh-CN" | "en") => (roleId: string) =>
    isBuiltInRole(roleId) ? ROLE_TITLES[roleId][locale] : (names.get(roleId) ?? roleId);
  return {
    "zh-CN": roleIds.map(nameIn("zh-CN")).join("、"),
    en: roleIds.map(nameIn("en")).join(", "),
  };
}

async function customNames(db: D1Database, programmeId: string): Promise<Map<string, string>> {
  const { results } = await db
    .prepare("SELECT role_id, name FROM staff_roles WHERE programme_id = ?1")
    .bind(programmeId)
    .all<{ role_id: string; name: string }>();
  return new Map(results.map((row) => [row.role_id, row.name]));
}

function programmeRoute(api: Api): void {
  api.route(
    {
      method: "put",
      path: "/api/v1/staff/me/programme",
      access: "staff",
      permission: "self",
      tag: "Own account",
      summary: "Switches to another programme that this person works in",
      body: z.object({ programmeId: idSchema }).openapi("ProgrammeSwitch"),
      responses: { 200: { description: "Gone there", schema: okSchema } },
      problems: ["not_found", "conflict"],
    },
    (call) =>
      withPerson(call, async (person, sessionId) => {
        const { env, body, problem } = call;
        const programmes = await programmesOf(env.DB, person.staffId);
        if (!programmes.some((one) => one.programmeId === body.programmeId))
          return problem("not_found");
        await env.DB.prepare("UPDATE staff_sessions SET programme_id = ?2 WHERE session_id = ?1")
          .bind(sessionId, body.programmeId)
          .run();
        forgetSessions();
        return withHeaders(ok(), await renewSession(call));
      }),
  );
}

/** The person behind the session; the development login has none, and so nothing to secure. */
export function withPerson(
  call: StaffCall,
  work: (person: Person, sessionId: string) => Promise<Response>,
  without: "conflict" | "not_found" = "conflict",
): Promise<Response> {
  const { env, session, problem } = call;
  return guarded(problem, async () => {
    const { staff } = session;
    if (!staff?.sessionId) return problem(without, { reason: "development_login" });
    const person = await personById(env.DB, staff.staffId);
    return person ? work(person, staff.sessionId) : problem("unauthenticated");
  });
}

/**
 * Null: the password is right. Asked again before what outlives the session, so that an open screen is not a lost account. Counted
 * like a sign-in, or it would be the place to guess.
 */
export async function refusedPassword(
  { env, nowMs, problem }: StaffCall,
  person: Person,
  password: string,
): Promise<Response | null> {
  const waitMs = await attempt(env.DB, "second_step", `own ${person.staffId}`, nowMs);
  if (waitMs > 0) {
    return problem(
      "rate_limited",
      { reason: "too_many_failures", waitMs },
      Math.ceil(waitMs / 1_000),
    );
  }
  if (!(await verifyPassword(password, person.passwordHash))) {
    return fieldProblem(problem, "password", "wrong_password");
  }
  await succeeded(env.DB, "second_step", `own ${person.staffId}`);
  return null;
}

const sessionSchema = z
  .object({
    sessionId: z.string(),
    method: z.string(),
    address: z.string(),
    device: z.string(),
    createdAtMs: z.int(),
    seenAtMs: z.int(),
    isCurrent: z.boolean(),
  })
  .openapi("StaffSession");

function sessionRoutes(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/staff/me/sessions",
      access: "staff",
      permission: "self",
      tag: "Own account",
      summary: "Where this person is signed in",
      responses: {
        200: { description: "Newest first", schema: z.object({ items: z.array(sessionSchema) }) },
      },
    },
    ({ env, session, nowMs, problem }) =>
      guarded(problem, async () => {
        const { results } = await env.DB.prepare(
          `SELECT session_id AS sessionId, method, address, device, created_at_ms AS createdAtMs, seen_at_ms AS seenAtMs
           FROM staff_sessions WHERE staff_id = ?1 AND expires_at_ms > ?2 ORDER BY created_at_ms DESC LIMIT 100`,
        )
          .bind(session.memberId, nowMs)
          .all<{ sessionId: string }>();
        const current = session.staff?.sessionId;
        return json({
          items: results.map((one) => ({ ...one, isCurrent: one.sessionId === current })),
        });
      }),
  );
  api.route(
    {
      method: "delete",
      path: "/api/v1/staff/me/sessions/{staffSessionId}",
      access: "staff",
      permission: "self",
      tag: "Own account",
      summary: "Ends one session of one's own; `others` ends all but this",
      params: z.object({ staffSessionId: z.string().regex(/^(?:others|ses-[0-9a-f]{1,40})$/) }),
      responses: { 200: { description: "Ended", schema: okSchema } },
      problems: ["not_found", "conflict"],
    },
    (call) =>
      withPerson(call, async (person, sessionId) => {
        const { env, params, problem } = call;
        if (params.staffSessionId === "others")
          await endSessions(env.DB, person.staffId, sessionId).run();
        else {
          const ended = await env.DB.prepare(
            "DELETE FROM staff_sessions WHERE staff_id = ?1 AND session_id = ?2",
          )
            .bind(person.staffId, params.staffSessionId)
            .run();
          if (ended.meta.changes === 0) return problem("not_found");
        }
        forgetSessions();
        return ok();
      }),
  );
}

function passwordRoute(api: Api): void {
  api.route(
    {
      method: "put",
      path: "/api/v1/staff/me/password",
      access: "staff",
      permission: "self",
      tag: "Own account",
      summary: "Sets a new password; every other session ends",
      body: z.object({ password: passwordSchema, next: passwordSchema }).openapi("PasswordChange"),
      responses: { 200: { description: "Changed", schema: okSchema } },
      problems: ["conflict"],
    },
    (call) =>
      withPerson(call, async (person, sessionId) => {
        const { env, body, nowMs, problem } = call;
        const refused = await refusedPassword(call, person, body.password);
        if (refused) return refused;
        const wrong = passwordProblem(body.next, [person.email, person.name]);
        if (wrong) return fieldProblem(problem, "next", wrong);
        const passwordHash = await hashPassword(body.next);
        await env.DB.batch(setPassword(env.DB, person.staffId, passwordHash, nowMs, sessionId));
        forgetSessions();
        call.audit({ action: "staff.password", subject: `staff:${person.staffId}`, after: {} });
        return withHeaders(ok(), await renewSession(call));
      }),
  );
}

function signOutRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/staff/me/sign-out",
      access: "staff",
      permission: "self",
      tag: "Own account",
      summary: "Ends this session",
      responses: { 200: { description: "Signed out", schema: okSchema } },
    },
    (call) => guarded(call.problem, async () => withHeaders(ok(), await endSession(call))),
  );
}
