/** Colleagues: who is here, who is invited, what they may do, and helping those who cannot get in. */
import { z } from "@hono/zod-openapi";
import { DAY_MS } from "../kernel/clock.ts";
import { json, type Api } from "../platform/http/api.ts";
import {
  emailSchema,
  fieldProblem,
  guarded,
  idSchema,
  ok,
  okSchema,
  staffIdSchema,
  versionSchema,
  type StaffCall,
} from "./http.ts";
import { forgetSessions } from "./identity.ts";
import type { Invite } from "./invite-routes.ts";
import { issue } from "./one-time.ts";
import { customRoles } from "./people-store.ts";
import { isBuiltInRole, mayAssign } from "./roles.ts";
import { Team } from "./team-store.ts";
import type { Colleague } from "./wire.ts";

const INVITE_MS = 7 * DAY_MS;
const RESET_MS = DAY_MS;

const rightsSchema = {
  roleIds: z.array(idSchema).min(1).max(10),
  storeIds: z.array(idSchema).max(500).nullable().describe("Null: not bound to stores."),
};

const personSchema = z
  .object({
    staffId: z.string(),
    name: z.string(),
    email: z.string(),
    ...rightsSchema,
    state: z.enum(["active", "disabled"]),
    version: z.int(),
    hasSecondStep: z.boolean(),
    seenAtMs: z.int().nullable(),
    joinedAtMs: z.int(),
  })
  .openapi("Colleague");

const inviteSchema = z
  .object({
    inviteId: z.string(),
    email: z.string(),
    ...rightsSchema,
    invitedBy: z.string(),
    createdAtMs: z.int(),
    expiresAtMs: z.int(),
  })
  .openapi("StaffInvite");

export function peopleRoutes(api: Api): void {
  listRoute(api);
  inviteRoute(api);
  withdrawRoute(api);
  changeRoute(api);
  helpRoutes(api);
}

function listRoute(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/staff/people",
      access: "staff",
      permission: "staff.read",
      tag: "People",
      summary: "Who works in this programme, and who is invited",
      responses: {
        200: {
          description: "Everybody",
          schema: z.object({ items: z.array(personSchema), invites: z.array(inviteSchema) }),
        },
      },
    },
    ({ env, session, nowMs, problem }) =>
      guarded(problem, async () => {
        const team = new Team(env.DB, session.programmeId);
        return json({ items: await team.people(), invites: await team.invites(nowMs) });
      }),
  );
}

/** Null: these roles exist, this person may hand them out, and the stores are there. */
async function refusedRights(
  { env, session, problem }: StaffCall,
  rights: { readonly roleIds: readonly string[]; readonly storeIds: readonly string[] | null },
): Promise<Response | null> {
  const { staff, programmeId } = session;
  const custom = await customRoles(env.DB, programmeId);
  const unknown = rights.roleIds.find((roleId) => !isBuiltInRole(roleId) && !custom[roleId]);
  if (unknown !== undefined) return fieldProblem(problem, "roleIds", `no role ${unknown}`);
  if (!staff || !mayAssign(staff, rights.roleIds, custom)) {
    return problem("forbidden", { reason: "more_than_yours" });
  }
  const { storeIds } = rights;
  if (
    staff.storeIds &&
    !(storeIds && storeIds.every((storeId) => staff.storeIds?.includes(storeId)))
  ) {
    return problem("forbidden", { reason: "not_your_store" });
  }
  if (!storeIds) return null;
  const missing = await new Team(env.DB, programmeId).missingStores(storeIds);
  return missing.length > 0 ? fieldProblem(problem, "storeIds", `no store ${missing[0]}`) : null;
}

function inviteRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/staff/invites",
      access: "staff",
      permission: "staff.write",
      tag: "People",
      summary: "Invites somebody by a link that is good once and for seven days; it is shown once",
      body: z.object({ email: emailSchema, ...rightsSchema }).openapi("NewInvite"),
      responses: {
        201: {
          description: "The link",
          schema: z.object({ path: z.string(), expiresAtMs: z.int() }),
        },
      },
      problems: ["conflict"],
    },
    (call) =>
      guarded(call.problem, async () => {
        const { env, session, body, nowMs, problem } = call;
        const refused = await refusedRights(call, body);
        if (refused) return refused;
        const team = new Team(env.DB, session.programmeId);
        if (await team.hasActive(body.email))
          return problem("conflict", { reason: "already_here" });
        await team.withdrawInvitesOf(body.email);
        const invite: Invite = { ...body, invitedBy: `staff:${session.memberId}` };
        const expiresAtMs = nowMs + INVITE_MS;
        const { programmeId } = session;
        const one = { kind: "invite", programmeId, staffId: null, body: invite } as const;
        const token = await issue(env.DB, { ...one, createdAtMs: nowMs, expiresAtMs });
        const { email, roleIds, storeIds } = body;
        call.audit({
          action: "staff.invite",
          subject: `invite:${email}`,
          after: { roleIds, storeIds },
        });
        return json({ path: `/console/join#${token}`, expiresAtMs }, 201);
      }),
  );
}

function withdrawRoute(api: Api): void {
  api.route(
    {
      method: "delete",
      path: "/api/v1/staff/invites/{inviteId}",
      access: "staff",
      permission: "staff.write",
      tag: "People",
      summary: "Takes an invite back: its link is good no more",
      params: z.object({ inviteId: z.string().regex(/^[\w-]{1,64}$/) }),
      responses: { 200: { description: "Taken back", schema: okSchema } },
      problems: ["not_found"],
    },
    ({ env, session, params, problem }) =>
      guarded(problem, async () => {
        const team = new Team(env.DB, session.programmeId);
        return (await team.withdrawInvite(params.inviteId)) ? ok() : problem("not_found");
      }),
  );
}

/** The colleague, if this person may change them: not oneself, and an owner only by an owner. */
async function colleagueOf(call: StaffCall, staffId: string): Promise<Colleague | Response> {
  const { env, session, problem } = call;
  const found = await new Team(env.DB, session.programmeId).person(staffId);
  if (!found) return problem("not_found");
  if (staffId === session.memberId) return problem("conflict", { reason: "yourself" });
  const custom = await customRoles(env.DB, session.programmeId);
  const { staff } = session;
  const isBelow = staff && mayAssign(staff, found.roleIds, custom);
  return isBelow ? found : problem("forbidden", { reason: "more_than_yours" });
}

function changeRoute(api: Api): void {
  api.route(
    {
      method: "put",
      path: "/api/v1/staff/people/{staffId}",
      access: "staff",
      permission: "staff.write",
      tag: "People",
      summary: "Sets a colleague's roles and stores, or shuts them out; in force at once",
      params: z.object({ staffId: staffIdSchema }),
      body: z
        .object({ ...rightsSchema, state: z.enum(["active", "disabled"]), version: versionSchema })
        .openapi("ColleagueChange"),
      responses: { 200: { description: "After it", schema: personSchema } },
      problems: ["not_found", "conflict"],
    },
    (call) =>
      guarded(call.problem, async () => {
        const { env, session, params, body, problem } = call;
        const before = await colleagueOf(call, params.staffId);
        if (before instanceof Response) return before;
        const refused = await refusedRights(call, body);
        if (refused) return refused;
        const team = new Team(env.DB, session.programmeId);
        if (!(await team.change(params.staffId, body))) {
          const current = await team.person(params.staffId);
          return problem("conflict", { reason: "changed_meanwhile", current });
        }
        if (body.state === "disabled") await team.endSessions(params.staffId);
        forgetSessions();
        const { roleIds, storeIds, state } = before;
        const { version: _, ...after } = body;
        call.audit({ before: { roleIds, storeIds, state }, after });
        return json(await team.person(params.staffId));
      }),
  );
}

function helpRoutes(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/staff/people/{staffId}/reset",
      access: "staff",
      permission: "staff.write",
      tag: "People",
      summary:
        "Makes a one-time link for a colleague's new password, good for a day; on wish the second step comes off with it",
      params: z.object({ staffId: staffIdSchema }),
      body: z.object({ dropsSecondStep: z.boolean() }).openapi("ResetLink"),
      responses: {
        200: {
          description: "The link",
          schema: z.object({ path: z.string(), expiresAtMs: z.int() }),
        },
      },
      problems: ["not_found", "conflict"],
    },
    (call) =>
      guarded(call.problem, async () => {
        const { env, session, params, body, nowMs, problem } = call;
        const { staffId } = params;
        const found = await colleagueOf(call, staffId);
        if (found instanceof Response) return found;
        // The account is the person's everywhere: whoever resets it here would be them at another merchant.
        if (await new Team(env.DB, session.programmeId).worksElsewhere(staffId)) {
          return problem("conflict", { reason: "works_elsewhere" });
        }
        const expiresAtMs = nowMs + RESET_MS;
        const { programmeId } = session;
        const one = { kind: "reset", programmeId, staffId, body } as const;
        const token = await issue(env.DB, { ...one, createdAtMs: nowMs, expiresAtMs });
        call.audit({ action: "staff.reset_link", after: body });
        return json({ path: `/console/reset#${token}`, expiresAtMs });
      }),
  );
  api.route(
    {
      method: "post",
      path: "/api/v1/staff/people/{staffId}/sign-out",
      access: "staff",
      permission: "staff.write",
      tag: "People",
      summary: "Ends every session of a colleague",
      params: z.object({ staffId: staffIdSchema }),
      responses: { 200: { description: "Ended", schema: okSchema } },
      problems: ["not_found", "conflict"],
    },
    (call) =>
      guarded(call.problem, async () => {
        const found = await colleagueOf(call, call.params.staffId);
        if (found instanceof Response) return found;
        await new Team(call.env.DB, call.session.programmeId).endSessions(call.params.staffId);
        forgetSessions();
        return ok();
      }),
  );
}
