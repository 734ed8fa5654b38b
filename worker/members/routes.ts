import { z } from "@hono/zod-openapi";
import { MEMBER_ID_PATTERN, memberKeyOf } from "../kernel/ids.ts";
import { json, type Api } from "../platform/http/api.ts";
import { sessionCookie, SESSION_SECONDS, signSession } from "./session.ts";

const loginSchema = z
  .object({
    memberId: z.string().regex(MEMBER_ID_PATTERN, "1–64 characters of [0-9A-Za-z_.@-]"),
    role: z.enum(["member", "staff"]).default("member"),
  })
  .openapi("DevLogin");

const sessionSchema = z
  .object({
    token: z.string().describe("Also set as the session cookie; accepted as a bearer token."),
    memberId: z.string(),
    programmeId: z.string(),
    role: z.enum(["member", "staff"]),
    expiresAtMs: z.int(),
  })
  .openapi("SessionGrant");

/** Signing in and out. The development login exists only where DEV_LOGIN says `on`. */
export function memberRoutes(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/dev/login",
      operationId: "devLogin",
      access: "public",
      tag: "Members",
      summary: "Development login; an unknown member starts in the demo programme with zero points",
      body: loginSchema,
      responses: { 200: { description: "Signed in", schema: sessionSchema } },
      problems: ["not_found"],
    },
    ({ env, request, body, nowMs, problem }) => {
      if (env.DEV_LOGIN !== "on") return problem("not_found");
      const programmeId = env.DEFAULT_PROGRAMME;
      const { memberId, role } = body;
      const memberKey = memberKeyOf(programmeId, memberId);
      const expiresAtMs = nowMs + SESSION_SECONDS * 1_000;
      const token = signSession(
        env.SESSION_KEYS,
        { programmeId, memberId, memberKey, role },
        expiresAtMs,
      );
      return json({ token, memberId, programmeId, role, expiresAtMs }, 200, {
        "set-cookie": sessionCookie(request, token, SESSION_SECONDS),
      });
    },
  );

  api.route(
    {
      method: "delete",
      path: "/api/v1/session",
      operationId: "signOut",
      access: "public",
      tag: "Members",
      summary: "Signs out: the cookie is cleared",
      responses: { 204: { description: "Signed out" } },
    },
    ({ request }) =>
      new Response(null, { status: 204, headers: { "set-cookie": sessionCookie(request, "", 0) } }),
  );
}
