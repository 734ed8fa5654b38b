/** What a member pays with, and what providers report. */
import { z } from "@hono/zod-openapi";
import { accountOf, orderView, orderViewSchema } from "../accounts/index.ts";
import { memberKeyOf } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import { json, type Api } from "../platform/http/api.ts";
import { readText } from "../platform/http/read.ts";
import { log } from "../platform/log.ts";
import { orderIdSchema } from "../redemption/index.ts";
import { wechatPayerOf } from "../sign-in/index.ts";
import { bankRoutes } from "./bank-routes.ts";
import { beginAt, paymentIdOf, waysOf } from "./begin.ts";
import { financeRoutes } from "./finance-routes.ts";
import { PROVIDERS, SCENES, type Notice, type PaymentProvider } from "./provider.ts";
import { receivePaid } from "./receive.ts";
import { paymentOf, providersOf } from "./store.ts";
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

function waysRoute(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/orders/{orderId}/payments",
      access: "member",
      tag: "Payments",
      summary: "The ways in which an order that awaits its cash can be paid",
      params: orderParams,
      responses: { 200: { description: "The ways", schema: payWaysSchema } },
      problems: ["not_found"],
    },
    async ({ env, session, params, request, problem }) => {
      const order = await accountOf(env, session.memberKey).order(
        session.memberKey,
        params.orderId,
      );
      if (!order) return problem("not_found");
      const { pay } = await orderView(env, order);
      return json({ pay, ways: pay ? await waysOf(env, session.programmeId, request) : [] });
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
      summary: "Begins to pay an order; the same way again is the same payment",
      params: orderParams,
      body: z
        .object({ provider: z.enum(PROVIDERS), scene: z.enum(SCENES) })
        .openapi("BeginPayment"),
      responses: { 201: { description: "What the page does next", schema: begunPaymentSchema } },
      problems: ["not_found", "conflict"],
    },
    async (call) => {
      const { env, session, params, body, nowMs, problem } = call;
      const { memberKey, programmeId, memberId } = session;
      const provider = (await providersOf(env, programmeId)).get(body.provider);
      if (!provider?.scenes.includes(body.scene))
        return problem("conflict", { reason: "no_such_way" });
      const { orderId } = params;
      const account = accountOf(env, memberKey);
      const life = (await account.order(memberKey, orderId))?.life;
      // What points and stored value pay changes the amount, and a number at the provider has one amount.
      const choice = life?.tender ? ` ${life.tender.no}` : "";
      const way = `${body.provider} ${body.scene}${choice}`;
      const paymentId = paymentIdOf(memberKey, orderId, way);
      const begun = await account.beginPayment({ memberKey, orderId, paymentId, ...body });
      if (begun.kind === "not_found") return problem("not_found");
      if (begun.kind === "refused") {
        return problem("conflict", { reason: begun.reason, state: begun.state });
      }
      const { amountFen, payByMs, title } = begun;
      const row = {
        ...{ paymentId, programmeId, memberId, orderId, amountFen, createdAtMs: nowMs },
        purpose: "order" as const,
      };
      const answer = await beginAt(call, {
        ...{ provider, scene: body.scene, row, title, payByMs },
        returnPath: `/orders/${orderId}?paying=1`,
        openIdIn: (appId) => wechatPayerOf(env, session, appId, nowMs),
      });
      if (answer.kind === "problem") return answer.response;
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
      problems: ["not_found"],
    },
    async ({ env, session, params, problem }) => {
      const { memberKey } = session;
      const order = await accountOf(env, memberKey).askPayments(memberKey, params.orderId);
      return order ? json(await orderView(env, order)) : problem("not_found");
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
      problems: ["not_found"],
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
      await apply(env, provider, params.programmeId, heard, nowMs);
      return provider.acknowledge(true);
    },
  );
}

type ApplyEnv = Parameters<typeof accountOf>[0];

/** A proven notice reaches its Account, or is of no concern here. A throw makes the provider call again. */
async function apply(
  env: ApplyEnv,
  provider: Pick<PaymentProvider, "name" | "appId">,
  programmeId: string,
  notice: Notice,
  nowMs: number,
): Promise<void> {
  if (notice.kind === "other") return;
  const paymentId =
    notice.kind === "paid" ? notice.paid.paymentId : notice.refundId.replace(/r\d+$/, "");
  const row = await paymentOf(env, programmeId, paymentId);
  const { name } = provider;
  if (row?.provider !== name) return log("payment_notice_unknown", { provider: name });
  if (notice.kind === "refund") {
    const memberKey = memberKeyOf(programmeId, row.memberId);
    const { orderId } = row;
    await accountOf(env, memberKey).refundHeard({
      memberKey,
      orderId,
      refundId: notice.refundId,
      word: notice.word,
    });
    return;
  }
  const reply = await receivePaid(env, provider, row, notice, nowMs);
  if (reply.kind === "refused") {
    log("payment_notice_refused", { provider: name, reason: reply.reason });
  }
}
