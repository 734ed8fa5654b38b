/** Roles: those every programme has, its own, and how its people sign in. */
import { z } from "@hono/zod-openapi";
import { PERMISSIONS } from "../kernel/permission.ts";
import { json, type Api } from "../platform/http/api.ts";
import { seenVersionSchema } from "../platform/http/based-on.ts";
import {
  guarded,
  idSchema,
  nameSchema,
  ok,
  okSchema,
  versionSchema,
  type StaffCall,
} from "./http.ts";
import { forgetSessions } from "./identity.ts";
import type { Role } from "./wire.ts";
import { BUILT_IN_ROLES, isBuiltInRole, PERMISSIONS_OF } from "./roles.ts";

const ROLES_MAX = 50;
const permissionSchema = z.enum(PERMISSIONS);

const roleSchema = z
  .object({
    roleId: z.string(),
    name: z.string().nullable().describe("Null: built in, named by every language."),
    permissions: z.array(permissionSchema),
    version: z.int().describe("0: built in, and not to be changed."),
    people: z.int(),
  })
  .openapi("StaffRole");

export function roleRoutes(api: Api): void {
  listRoute(api);
  createRoute(api);
  changeRoute(api);
  removeRoute(api);
  policyRoutes(api);
}

async function rolesOf(db: D1Database, programmeId: string): Promise<Role[]> {
  const [own, counts] = await db.batch([
    db
      .prepare(
        "SELECT role_id AS roleId, name, permissions, revision AS version FROM staff_roles WHERE programme_id = ?1 ORDER BY name",
      )
      .bind(programmeId),
    db
      .prepare(
        `SELECT value AS roleId, COUNT(*) AS people FROM staff_memberships, json_each(role_ids)
         WHERE programme_id = ?1 AND state = 'active' GROUP BY value`,
      )
      .bind(programmeId),
  ]);
  const people = new Map(
    ((counts?.results ?? []) as { roleId: string; people: number }[]).map((row) => [
      row.roleId,
      row.people,
    ]),
  );
  const count = (roleId: string): number => people.get(roleId) ?? 0;
  const builtIn = BUILT_IN_ROLES.map((roleId) => {
    return {
      roleId,
      name: null,
      permissions: PERMISSIONS_OF[roleId],
      version: 0,
      people: count(roleId),
    };
  });
  const custom = (
    (own?.results ?? []) as (Omit<Role, "permissions"> & { permissions: string })[]
  ).map((row) => {
    return {
      ...row,
      permissions: JSON.parse(row.permissions) as Role["permissions"],
      people: count(row.roleId),
    };
  });
  return [...builtIn, ...custom];
}

function listRoute(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/staff/roles",
      access: "staff",
      permission: "staff.read",
      tag: "People",
      summary: "Every role with its permissions, and every permission there is",
      responses: {
        200: {
          description: "Built in first",
          schema: z.object({ items: z.array(roleSchema), permissions: z.array(permissionSchema) }),
        },
      },
    },
    ({ env, session, problem }) =>
      guarded(problem, async () =>
        json({ items: await rolesOf(env.DB, session.programmeId), permissions: PERMISSIONS }),
      ),
  );
}

/** Null: everything this role is to hold, its maker holds too. */
function refusedPermissions(
  { session, problem }: StaffCall,
  permissions: readonly string[],
): Response | null {
  const held: ReadonlySet<string> = session.staff?.permissions ?? new Set();
  return permissions.every((word) => held.has(word))
    ? null
    : problem("forbidden", { reason: "more_than_yours" });
}

async function roleAnswer(call: StaffCall, roleId: string, status: number): Promise<Response> {
  const roles = await rolesOf(call.env.DB, call.session.programmeId);
  return json(
    roles.find((role) => role.roleId === roleId),
    status,
  );
}

const rolePermissions = z.array(permissionSchema).min(1).max(PERMISSIONS.length);

function createRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/staff/roles",
      access: "staff",
      permission: "staff.write",
      tag: "People",
      summary: "Makes a role of the programme's own",
      body: z
        .object({ roleId: idSchema, name: nameSchema, permissions: rolePermissions })
        .openapi("NewRole"),
      responses: { 201: { description: "Made", schema: roleSchema } },
      problems: ["conflict"],
    },
    (call) =>
      guarded(call.problem, async () => {
        const { env, session, body, problem } = call;
        const refused = refusedPermissions(call, body.permissions);
        if (refused) return refused;
        if (isBuiltInRole(body.roleId)) return problem("conflict", { reason: "exists" });
        const inserted = await env.DB.prepare(
          `INSERT INTO staff_roles (programme_id, role_id, name, permissions, revision)
           SELECT ?1, ?2, ?3, ?4, 1 WHERE (SELECT COUNT(*) FROM staff_roles WHERE programme_id = ?1) < ${ROLES_MAX}
           ON CONFLICT DO NOTHING`,
        )
          .bind(session.programmeId, body.roleId, body.name, JSON.stringify(body.permissions))
          .run();
        if (inserted.meta.changes === 0) {
          const known = (await rolesOf(env.DB, session.programmeId)).some(
            (one) => one.roleId === body.roleId,
          );
          return problem("conflict", { reason: known ? "exists" : "too_many" });
        }
        call.audit({ subject: `role:${body.roleId}` });
        return roleAnswer(call, body.roleId, 201);
      }),
  );
}

function changeRoute(api: Api): void {
  api.route(
    {
      method: "put",
      path: "/api/v1/staff/roles/{roleId}",
      access: "staff",
      permission: "staff.write",
      tag: "People",
      summary: "Changes a role of one's own making; everybody who has it feels it at once",
      params: z.object({ roleId: idSchema }),
      body: z
        .object({ name: nameSchema, permissions: rolePermissions, version: versionSchema })
        .openapi("RoleChange"),
      responses: { 200: { description: "After it", schema: roleSchema } },
      problems: ["not_found", "conflict"],
    },
    (call) =>
      guarded(call.problem, async () => {
        const { env, session, params, body, problem } = call;
        const { programmeId } = session;
        const before = (await rolesOf(env.DB, programmeId)).find(
          (one) => one.roleId === params.roleId,
        );
        if (!before || before.version === 0) return problem("not_found");
        const refused = refusedPermissions(call, [...body.permissions, ...before.permissions]);
        if (refused) return refused;
        const updated = await env.DB.prepare(
          `UPDATE staff_roles SET name = ?3, permissions = ?4, revision = revision + 1
           WHERE programme_id = ?1 AND role_id = ?2 AND revision = ?5`,
        )
          .bind(
            programmeId,
            params.roleId,
            body.name,
            JSON.stringify(body.permissions),
            body.version,
          )
          .run();
        if (updated.meta.changes === 0) {
          return problem("conflict", { reason: "changed_meanwhile", current: before });
        }
        forgetSessions();
        call.audit({ before: { name: before.name, permissions: before.permissions } });
        return roleAnswer(call, params.roleId, 200);
      }),
  );
}

function removeRoute(api: Api): void {
  api.route(
    {
      method: "delete",
      path: "/api/v1/staff/roles/{roleId}",
      access: "staff",
      permission: "staff.write",
      tag: "People",
      summary: "Removes a role that nobody has",
      params: z.object({ roleId: idSchema }),
      query: z.object({ version: seenVersionSchema }),
      responses: { 200: { description: "Removed", schema: okSchema } },
      problems: ["not_found", "conflict"],
    },
    (call) =>
      guarded(call.problem, async () => {
        const { env, session, params, query, problem } = call;
        const before = (await rolesOf(env.DB, session.programmeId)).find(
          (one) => one.roleId === params.roleId,
        );
        if (!before || before.version === 0) return problem("not_found");
        if (before.people > 0)
          return problem("conflict", { reason: "in_use", people: before.people });
        const removed = await env.DB.prepare(
          "DELETE FROM staff_roles WHERE programme_id = ?1 AND role_id = ?2 AND (?3 IS NULL OR revision = ?3)",
        )
          .bind(session.programmeId, params.roleId, query.version ?? null)
          .run();
        if (removed.meta.changes === 0) {
          return problem("conflict", { reason: "changed_meanwhile", current: before });
        }
        call.audit({ before, after: null });
        return ok();
      }),
  );
}

const policySchema = z
  .object({ needsSecondStep: z.boolean(), version: versionSchema })
  .openapi("StaffPolicy");

function policyRoutes(api: Api): void {
  const read = async (db: D1Database, programmeId: string) => {
    const row = await db
      .prepare(
        "SELECT needs_second_step AS needs, revision AS version FROM staff_policies WHERE programme_id = ?1",
      )
      .bind(programmeId)
      .first<{ needs: number; version: number }>();
    return { needsSecondStep: row?.needs === 1, version: row?.version ?? 0 };
  };
  const path = "/api/v1/staff/policy";
  const shared = { path, access: "staff", tag: "People" } as const;
  const responses = { 200: { description: "As it stands", schema: policySchema } };
  api.route(
    {
      ...{ ...shared, method: "get", permission: "staff.read", responses },
      summary: "How people of this programme must sign in",
    },
    ({ env, session, problem }) =>
      guarded(problem, async () => json(await read(env.DB, session.programmeId))),
  );
  api.route(
    {
      ...{ ...shared, method: "put", permission: "staff.write", responses, body: policySchema },
      summary: "Says whether everybody needs a second step to sign in",
      problems: ["conflict"],
    },
    (call) =>
      guarded(call.problem, async () => {
        const { env, session, body, problem } = call;
        const before = await read(env.DB, session.programmeId);
        const saved = await env.DB.prepare(
          `INSERT INTO staff_policies (programme_id, needs_second_step, revision) VALUES (?1, ?2, 1)
           ON CONFLICT (programme_id) DO UPDATE SET needs_second_step = ?2, revision = revision + 1 WHERE revision = ?3`,
        )
          .bind(session.programmeId, body.needsSecondStep ? 1 : 0, body.version)
          .run();
        if (saved.meta.changes === 0) {
          return problem("conflict", { reason: "changed_meanwhile", current: before });
        }
        forgetSessions();
        call.audit({ before });
        return json(await read(env.DB, session.programmeId));
      }),
  );
}
