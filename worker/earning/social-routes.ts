/** Invites and till codes: what a member does with a code. */
import { z } from "@hono/zod-openapi";
import { memberKeyOf } from "../kernel/ids.ts";
import { json, type Api } from "../platform/http/api.ts";
import { RateLimiter } from "../platform/http/rate.ts";
import { describeError, log } from "../platform/log.ts";
import { readCode } from "./codes/index.ts";
import { CodesStore } from "./codes-store.ts";
import { earn, isRefusal, refusalProblem } from "./earn-call.ts";
import { printsOf, TRAITS } from "./invites/index.ts";
import { requestId } from "./member-routes.ts";
import { networkOf, reportTraits } from "./prints.ts";
import { termsOf } from "./terms-cache.ts";
import { invitedView } from "./views.ts";
import { invitesViewSchema, paidSchema } from "./wire.ts";

/** Codes a member may try: a burst, then one every ten seconds. A code of a few signs is not to be guessed. */
const TRIES = "20/0.1";
const tries = new RateLimiter();

const deviceId = z
  .string()
  .regex(/^[0-9A-Za-z_-]{1,64}$/)
  .describe("What the client knows its device by. Only a keyed hash is kept.");

const codeText = z
  .string()
  .min(4)
  .max(40)
  .regex(/^[0-9A-Za-z -]+$/, "letters and digits");

export function earningSocialRoutes(api: Api): void {
  invitesRoute(api);
  deviceRoute(api);
  acceptRoute(api);
  tillCodeRoute(api);
}

/** Codes are in D1; without it they cannot be read, and nothing was done. */
async function orUnavailable<T>(read: () => Promise<T>): Promise<T | "unavailable"> {
  try {
    return await read();
  } catch (error) {
    log("codes_read_failed", { error: describeError(error) });
    return "unavailable";
  }
}

function invitesRoute(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/me/invites",
      access: "member",
      tag: "Points",
      summary: "The member's invite code, its rules, and whom it brought; 404 without invites",
      responses: { 200: { description: "Invites", schema: invitesViewSchema } },
      problems: ["not_found"],
    },
    async ({ env, session, nowMs, problem }) => {
      const { programmeId, memberId, memberKey } = session;
      const terms = await termsOf(env, programmeId, nowMs);
      if (!terms) return problem("unavailable", {}, 5);
      if (!terms.invites) return problem("not_found");
      const code = await orUnavailable(() =>
        new CodesStore(env.DB).inviteCodeOf(programmeId, memberId),
      );
      if (code === "unavailable") return problem("unavailable", {}, 5);
      const reply = await earn(env, memberKey, "invites", {}, nowMs);
      if (isRefusal(reply)) return refusalProblem(problem, reply);
      const { inviterPoints, inviteePoints, act, amountFenMin, days, cap, guard } = terms.invites;
      const guarded = TRAITS.filter((trait) => guard[trait] !== "ignore");
      const { invited, rewarded, waiting, recent } = reply;
      return json({
        code,
        link: `/points/invite?code=${code}`,
        rules: { inviterPoints, inviteePoints, act, amountFenMin, days, cap, guarded },
        ...{ invited, rewarded, waiting, recent: recent.map(invitedView) },
      });
    },
  );
}

function deviceRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/me/invites/device",
      operationId: "saveMyInviteDevice",
      access: "member",
      tag: "Points",
      summary:
        "Records the device on which the member's invite code is shown, so that nobody invites themselves",
      body: z.object({ device: deviceId }).openapi("InviteDevice"),
      responses: { 200: { description: "Heard", schema: z.object({ ok: z.literal(true) }) } },
    },
    async ({ env, request, session, body, nowMs }) => {
      const traits = { device: body.device, network: networkOf(request) };
      await reportTraits(env, session.memberKey, traits, nowMs);
      return json({ ok: true });
    },
  );
}

function acceptRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/me/invites/accept",
      operationId: "acceptInvite",
      access: "member",
      tag: "Points",
      summary: "Accepts an invite by its code; nobody is paid before the invited act",
      body: z
        .object({
          requestId,
          code: codeText,
          device: deviceId.optional(),
        })
        .openapi("AcceptInvite"),
      responses: {
        201: { description: "Bound", schema: z.object({ state: z.string() }) },
        200: { description: "Bound before", schema: z.object({ state: z.string() }) },
      },
      problems: ["not_found", "conflict"],
    },
    async ({ env, request, session, body, nowMs, problem }) => {
      const { programmeId, memberKey } = session;
      const text = readCode(body.code);
      if (text === null) {
        return problem("invalid", { errors: [{ path: "code", message: "mistyped" }] });
      }
      const inviter = await orUnavailable(() =>
        new CodesStore(env.DB).inviterOf(programmeId, text),
      );
      if (inviter === "unavailable") return problem("unavailable", {}, 5);
      if (inviter === null) return problem("not_found");
      const traits = { device: body.device, network: networkOf(request) };
      const input = {
        inviteId: crypto.randomUUID().replaceAll("-", ""),
        inviterKey: memberKeyOf(programmeId, inviter),
        prints: printsOf(env.SESSION_KEYS, programmeId, traits),
      };
      const reply = await earn(env, memberKey, "accept", input, nowMs);
      if (isRefusal(reply)) return refusalProblem(problem, reply);
      return json({ state: reply.invite.state }, reply.isReplay ? 200 : 201);
    },
  );
}

function tillCodeRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/me/till-codes",
      operationId: "redeemTillCode",
      access: "member",
      tag: "Points",
      summary: "Takes the points of a till code; idempotent by requestId",
      body: z.object({ requestId, code: codeText }).openapi("UseTillCode"),
      responses: {
        201: { description: "Paid", schema: paidSchema },
        200: { description: "Paid before", schema: paidSchema },
      },
      problems: ["not_found", "conflict", "limit_reached", "idempotency_mismatch"],
    },
    async ({ env, session, body, nowMs, problem }) => {
      const text = readCode(body.code);
      if (text === null) {
        return problem("invalid", { errors: [{ path: "code", message: "mistyped" }] });
      }
      if (!tries.allows(session.memberKey, TRIES, nowMs)) return problem("rate_limited", {}, 10);
      const code = await orUnavailable(() =>
        new CodesStore(env.DB).byText(session.programmeId, text),
      );
      if (code === "unavailable") return problem("unavailable", {}, 5);
      if (code === null) return problem("not_found");
      const input = { requestId: body.requestId, code };
      const reply = await earn(env, session.memberKey, "till_code", input, nowMs);
      if (isRefusal(reply)) return refusalProblem(problem, reply);
      if (reply.kind === "pending") return problem("overloaded", {}, 2);
      const { points, balance, isReplay } = reply;
      return json({ points, balance: balance.active }, isReplay ? 200 : 201);
    },
  );
}
