import { sessionCookie } from "../members/index.ts";
import { json, type Api } from "../platform/http/api.ts";
import { PENDING_COOKIE, serverCookie, SignInDesk } from "./desk.ts";
import { shownIn } from "./model.ts";
import { shownIdentity } from "./routes.ts";
import { identitiesSchema } from "./wire.ts";

/** What the mall knows of who a member is, and the way to have it forgotten. */
export function identityRoutes(api: Api): void {
  api.route(
    {
      ...{ method: "get", path: "/api/v1/me/identities", access: "member", tag: "Sign-in" },
      summary: "The ways in of the signed-in member, masked",
      responses: { 200: { description: "Ways in", schema: identitiesSchema } },
    },
    async ({ env, session, nowMs }) => {
      const desk = await SignInDesk.open(env, session.programmeId, nowMs);
      const [stored, hasConsent] = await Promise.all([
        desk.store.of(session.memberId),
        desk.store.hasConsent(session.memberId),
      ]);
      const identities = await Promise.all(
        stored.map(async ({ kind, sealed }) => ({
          kind,
          shown: shownIdentity(kind, shownIn(await desk.vault.open(`identity.${kind}`, sealed))),
        })),
      );
      return json({ identities, hasConsent });
    },
  );

  api.route(
    {
      ...{ method: "delete", path: "/api/v1/me/consent", access: "member", tag: "Sign-in" },
      summary: "Takes the consent back: what was kept by it is deleted, and the session ends",
      responses: { 204: { description: "Done" } },
    },
    async ({ env, request, session, nowMs }) => {
      const desk = await SignInDesk.open(env, session.programmeId, nowMs);
      await desk.store.withdraw(session.memberId, nowMs);
      const response = new Response(null, { status: 204 });
      response.headers.append("set-cookie", sessionCookie(request, "", 0));
      response.headers.append("set-cookie", serverCookie(request, PENDING_COOKIE, "", 0));
      return response;
    },
  );
}
