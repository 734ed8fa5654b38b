/** Stored value for its member: what is there, and how more comes in. */
import { z } from "@hono/zod-openapi";
import { accountOf, type SpendCalls } from "../accounts/index.ts";
import { isRefusal, refusalProblem } from "../earning/index.ts";
import { ORDER_ID_PATTERN } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import {
  begunTopUpSchema,
  beginAt,
  paymentIdOf,
  PROVIDERS,
  providersOf,
  SCENES,
  waysOf,
} from "../payments/index.ts";
import { json, type Api } from "../platform/http/api.ts";
import { wechatPayerOf } from "../sign-in/index.ts";
import { spend } from "./spend-call.ts";
import { storedValueSchema, topUpSchema, type StoredEntryView } from "./wire.ts";

const PATH = "/api/v1/me/stored-value";
const topUpId = z.string().regex(ORDER_ID_PATTERN);

export function storedRoutes(api: Api): void {
  viewRoute(api);
  topUpRoute(api);
  checkRoute(api);
}

/** A page of a ledger: the cursor is the entry that the page before ended with. */
export const entryPageQuery = (rows: number) =>
  z.object({
    limit: z.coerce.number().int().min(1).max(LIMITS.pageRowsMax).default(rows),
    cursor: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER).optional(),
  });

type Entry = SpendCalls["stored_view"]["reply"]["entries"][number];
/** Keys and sources are the mall's own. */
export function entryViewOf(entry: Entry): StoredEntryView {
  const { naturalKey: _key, sourceId: _source, ...view } = entry;
  return view;
}

function viewRoute(api: Api): void {
  api.route(
    {
      method: "get",
      path: PATH,
      access: "member",
      tag: "Stored value",
      summary: "The member's stored value, its ledger, and how more can be brought in",
      query: entryPageQuery(20),
      responses: { 200: { description: "A page", schema: storedValueSchema } },
    },
    async ({ env, session, query, request, nowMs, problem }) => {
      const beforeSeq = query.cursor ?? Number.MAX_SAFE_INTEGER;
      const input = { beforeSeq, count: query.limit };
      const [reply, ways] = await Promise.all([
        spend(env, session.memberKey, "stored_view", input, nowMs),
        waysOf(env, session.programmeId, request),
      ]);
      if (isRefusal(reply)) return refusalProblem(problem, reply);
      const { balanceFen, heldFen, terms, entries, nextBeforeSeq } = reply;
      const { version: _, ...shown } = terms;
      return json({
        ...{ balanceFen, heldFen, terms: shown, ways: terms.isOn ? ways : [] },
        entries: entries.map(entryViewOf),
        nextCursor: nextBeforeSeq === null ? null : String(nextBeforeSeq),
      });
    },
  );
}

function topUpRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: `${PATH}/top-ups`,
      access: "member",
      tag: "Stored value",
      summary: "Begins to bring money in to stored value; the same id again is the same payment",
      body: z
        .object({
          topUpId: topUpId.describe("Made by the client."),
          amountFen: z.int().min(1).max(LIMITS.amountFenMax),
          provider: z.enum(PROVIDERS),
          scene: z.enum(SCENES),
        })
        .openapi("NewTopUp"),
      responses: { 201: { description: "What the page does next", schema: begunTopUpSchema } },
      problems: ["conflict", "idempotency_mismatch"],
    },
    async (call) => {
      const { env, session, body, nowMs, locale, problem } = call;
      const { memberKey, programmeId, memberId } = session;
      const { scene, amountFen } = body;
      const provider = (await providersOf(env, programmeId)).get(body.provider);
      if (!provider?.scenes.includes(scene)) return problem("conflict", { reason: "no_such_way" });
      const way = `${body.provider} ${scene}`;
      const paymentId = paymentIdOf(memberKey, `top-up ${body.topUpId}`, way);
      const reply = await spend(env, memberKey, "top_up_begin", { ...body, paymentId }, nowMs);
      if (isRefusal(reply)) return refusalProblem(problem, reply);
      const { payByMs } = reply.topUp;
      const begun = { topUpId: body.topUpId, amountFen, payByMs };
      if (reply.topUp.state === "paid") return json({ ...begun, handOver: null }, 201);
      const row = {
        ...{ paymentId, programmeId, memberId, orderId: body.topUpId, amountFen },
        ...{ createdAtMs: nowMs, purpose: "top_up" as const },
      };
      const answer = await beginAt(call, {
        ...{ provider, scene, row, payByMs },
        title: locale === "en" ? "Stored value" : "储值",
        returnPath: `/points/stored-value?paying=${body.topUpId}`,
        openIdIn: (appId) => wechatPayerOf(env, session, appId, nowMs),
      });
      if (answer.kind === "problem") return answer.response;
      if (answer.kind === "paid") await accountOf(env, memberKey).askTopUp(memberKey, body.topUpId);
      return json({ ...begun, handOver: answer.kind === "begun" ? answer.handOver : null }, 201);
    },
  );
}

function checkRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: `${PATH}/top-ups/{topUpId}/check`,
      access: "member",
      tag: "Stored value",
      summary:
        "Asks the provider whether a top-up of stored value was paid, in case its call was lost",
      params: z.object({ topUpId }),
      responses: { 200: { description: "As it is then", schema: topUpSchema } },
      problems: ["not_found"],
    },
    async ({ env, session, params, problem }) => {
      const account = accountOf(env, session.memberKey);
      const topUp = await account.askTopUp(session.memberKey, params.topUpId);
      if (!topUp) return problem("not_found");
      const { balanceFen } = await account.storedValueOf(session.memberKey, 1);
      const { amountFen, state, payByMs } = topUp;
      return json({ topUpId: params.topUpId, amountFen, state, payByMs, balanceFen });
    },
  );
}
