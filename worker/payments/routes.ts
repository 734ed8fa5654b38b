/** What a member pays with, and what providers report. */
import { createHash } from "node:crypto";
import { z } from "@hono/zod-openapi";
import { accountOf, orderView, orderViewSchema } from "../accounts/index.ts";
import { memberKeyOf } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import { json, type Api } from "../platform/http/api.ts";
import { readText } from "../platform/http/read.ts";
import { log } from "../platform/log.ts";
import { orderIdSchema } from "../redemption/index.ts";
import { bankRoutes } from "./bank-routes.ts";
import { financeRoutes } from "./finance-routes.ts";
import { PROVIDERS, SCENES, type Notice, type ProviderName } from "./provider.ts";
import { insertPayment, paymentOf, providersOf } from "./store.ts";
import { begunPaymentSchema, payWaysSchema } from "./wire.ts";

const orderParams = z.object({ orderId: orderIdSchema });

export function paymentRoutes(api: Api): void {
  waysRoute(api);
  beginRoute(api);
  checkRoute(api);
  notifyRoute(api);
  bankRoutes(api);
  financeRoutes(api);
}

/** One number for one way of paying one order, so that asking twice begins one payment. */
function paymentIdOf(memberKey: string, orderId: string, way: string): string {
  const digest = createHash("sha256").update(`${memberKey}\n${orderId}\n${way}`).digest("hex");
  return `p${digest.slice(0, 31)}`;
}

function waysRoute(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/orders/{orderId}/payments",
      access: "member",
      tag: "Payments",
      summary: "In which ways an order that awaits its cash can be paid",
      params: orderParams,
      responses: { 200: { description: "The ways", schema: payWaysSchema } },
      problems: ["unauthenticated", "not_found"],
    },
    async ({ env, session, params, problem }) => {
      const order = await accountOf(env, session.memberKey).order(
        session.memberKey,
        params.orderId,
      );
      if (!order) return problem("not_found");
      const { pay } = orderView(order);
      const providers = await providersOf(env, session.programmeId);
      const ways = [...providers.values()].map(({ name, scenes }) => ({
        provider: name,
        scenes: scenes.filter((scene) => scene !== "jsapi"),
      }));
      return json({ pay, ways: pay ? ways : [] });
    },
  );
}

function beginRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/orders/{orderId}/payments",
      access: "member",
      tag: "Payments",
      summary: "Begins to pay; the same way again is the same payment",
      params: orderParams,
      body: z
        .object({ provider: z.enum(PROVIDERS), scene: z.enum(SCENES) })
        .openapi("BeginPayment"),
      responses: { 201: { description: "What the page does next", schema: begunPaymentSchema } },
      problems: ["unauthenticated", "not_found", "conflict", "unavailable"],
    },
    async ({ env, session, params, body, request, nowMs, problem }) => {
      const { memberKey, programmeId, memberId } = session;
      const provider = (await providersOf(env, programmeId)).get(body.provider);
      if (!provider?.scenes.includes(body.scene))
        return problem("conflict", { reason: "no_such_way" });
      const { orderId } = params;
      const paymentId = paymentIdOf(memberKey, orderId, `${body.provider} ${body.scene}`);
      const account = accountOf(env, memberKey);
      const begun = await account.beginPayment({ memberKey, orderId, paymentId, ...body });
      if (begun.kind === "not_found") return problem("not_found");
      if (begun.kind === "refused") {
        return problem("conflict", { reason: begun.reason, state: begun.state });
      }
      const { amountFen, payByMs, title } = begun;
      await insertPayment(env, {
        ...{ paymentId, programmeId, memberId, orderId, amountFen, createdAtMs: nowMs },
        ...body,
      });
      const { origin } = new URL(request.url);
      const answer = await provider.begin(
        {
          ...{ paymentId, scene: body.scene, title, amountFen, expiresAtMs: payByMs },
          notifyUrl: `${origin}/api/v1/payments/${programmeId}/${body.provider}/notify`,
          returnUrl: `${origin}/orders/${orderId}?paying=1`,
          openId: null,
          clientIp: request.headers.get("cf-connecting-ip") ?? "127.0.0.1",
        },
        nowMs,
      );
      if (answer.kind === "silence") {
        log("payment_begin_failed", { provider: body.provider, word: answer.word });
        return problem("unavailable", {}, 2);
      }
      if (answer.kind === "refused") {
        log("payment_refused", { provider: body.provider, word: answer.word });
        return problem("conflict", { reason: "provider", word: answer.word });
      }
      if (answer.kind === "paid") await account.askPayments(memberKey, orderId);
      const handOver = answer.kind === "begun" ? answer.handOver : null;
      return json({ paymentId, amountFen, payByMs, handOver }, 201);
    },
  );
}

function checkRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/orders/{orderId}/payments/check",
      access: "member",
      tag: "Payments",
      summary: "Asks the provider whether the order is paid, in case its call was lost",
      params: orderParams,
      responses: { 200: { description: "The order as it is then", schema: orderViewSchema } },
      problems: ["unauthenticated", "not_found"],
    },
    async ({ env, session, params, problem }) => {
      const { memberKey } = session;
      const order = await accountOf(env, memberKey).askPayments(memberKey, params.orderId);
      return order ? json(orderView(order)) : problem("not_found");
    },
  );
}

function notifyRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/payments/{programmeId}/{provider}/notify",
      access: "public",
      tag: "Payments",
      summary: "What a provider reports; believed only with its signature, applied once",
      params: z.object({ programmeId: z.string().max(64), provider: z.enum(PROVIDERS) }),
      responses: { 200: { description: "Taken" }, 204: { description: "Taken" } },
      problems: ["not_found", "forbidden"],
    },
    async ({ env, params, request, nowMs, problem }) => {
      const provider = (await providersOf(env, params.programmeId)).get(params.provider);
      if (!provider) return problem("not_found");
      // Every byte is signed, so it is read as it came and not by a schema.
      const body = (await readText(request, LIMITS.bodyBytesMax)) ?? "";
      const heard = await provider.hear({ headers: request.headers, body, nowMs });
      if (heard.kind === "forged") {
        log("payment_notice_forged", { provider: params.provider, word: heard.word });
        return problem("forbidden");
      }
      await apply(env, params.programmeId, params.provider, heard);
      return provider.acknowledge(true);
    },
  );
}

type ApplyEnv = Parameters<typeof accountOf>[0];

/** A proven notice reaches its Account, or is of no concern here. A throw makes the provider call again. */
async function apply(
  env: ApplyEnv,
  programmeId: string,
  provider: ProviderName,
  notice: Notice,
): Promise<void> {
  if (notice.kind === "other") return;
  const paymentId =
    notice.kind === "paid" ? notice.paid.paymentId : notice.refundId.replace(/r\d+$/, "");
  const row = await paymentOf(env, programmeId, paymentId);
  if (row?.provider !== provider) return log("payment_notice_unknown", { provider });
  const memberKey = memberKeyOf(programmeId, row.memberId);
  const account = accountOf(env, memberKey);
  const { orderId } = row;
  if (notice.kind === "refund") {
    await account.refundHeard({ memberKey, orderId, refundId: notice.refundId, word: notice.word });
    return;
  }
  const reply = await account.moneyReceived({ memberKey, orderId, ...notice.paid });
  if (reply.kind === "refused") log("payment_notice_refused", { provider, reason: reply.reason });
}
