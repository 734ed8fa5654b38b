import { tierTitles } from "../earning/index.ts";
import { json, type Api } from "../platform/http/api.ts";
import { namesSchema } from "./wire.ts";
import { approvalTitles, readTenant, Team } from "../staff/index.ts";
import { describeError, log } from "../platform/log.ts";

/** What ids in lists are called. Every colleague may know it: lists of orders, approvals and members show names and not ids. */
export function namesRoute(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/staff/me/names",
      access: "staff",
      permission: "self",
      tag: "Own account",
      summary: "What colleagues, stores, tiers and kinds of approvals of this programme are called",
      responses: { 200: { description: "Names by id", schema: namesSchema } },
    },
    async ({ env, session, nowMs, problem }) => {
      const { programmeId } = session;
      try {
        const [people, tenant, tiers] = await Promise.all([
          new Team(env.DB, programmeId).people(),
          readTenant(env.DB, programmeId),
          tierTitles(env, programmeId, nowMs),
        ]);
        return json({
          staff: Object.fromEntries(people.map(({ staffId, name }) => [staffId, name])),
          stores: Object.fromEntries((tenant?.stores ?? []).map((one) => [one.storeId, one.name])),
          tiers: Object.fromEntries(tiers),
          approvalKinds: approvalTitles(),
        });
      } catch (error) {
        log("names_failed", { error: describeError(error) });
        return problem("unavailable", {}, 5);
      }
    },
  );
}
