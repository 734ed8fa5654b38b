import { DAY_MS } from "../kernel/clock.ts";
import { z } from "@hono/zod-openapi";
import { accountOf, replyResponse, type OrderReply, type TicketReply } from "../accounts/index.ts";
import { askPriced } from "../earning/index.ts";
import { bucketOf, hash32, parseSaleId } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import { Lru } from "../kernel/lru.ts";
import { FINAL_CODES } from "../kernel/refusal.ts";
import { accountBuckets, stubOf, type Env } from "../platform/env.ts";
import { json, type Api, type Session } from "../platform/http/api.ts";
import { ringOf } from "../members/index.ts";
import { AnswerReports } from "./answer-reports.ts";
import { FrozenShares, RefusedIds } from "./frozen-shares.ts";
import { listSales, saleView } from "./sale-view.ts";
import { signTicket, verifyTicket } from "./tickets.ts";
import {
  forgoneResponseSchema,
  grantResponseSchema,
  orderIdSchema,
  pendingResponseSchema,
  redemptionRequestSchema,
  saleViewSchema,
  ticketRequestSchema,
  ticketResponseSchema,
  type SaleView,
} from "./wire.ts";

const saleParams = z.object({ saleId: z.string().max(128) });
const frozenShares = new FrozenShares();
const refusedIds = new RefusedIds();
const reports = new AnswerReports();

/** Whether the sale of goods may be shown to who asks: goods may be a draft, or for some. */
export type MaySee = (
  asking: { readonly env: Env; readonly ctx: ExecutionContext; readonly nowMs: number },
  session: Session | null,
  sale: SaleView,
) => Promise<boolean>;

/** Sales, tickets, doors and redemptions. */
export function redemptionRoutes(api: Api, maySee: MaySee): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/sales",
      access: "public",
      tag: "Sales",
      summary: "Sales that are scheduled, open or paused, by opening time",
      responses: {
        200: { description: "Sales", schema: z.object({ sales: z.array(saleViewSchema) }) },
      },
    },
    async ({ env, session, nowMs, problem }) => {
      const sales = await listSales(env, session?.programmeId ?? env.DEFAULT_PROGRAMME, nowMs);
      return sales ? json({ sales }) : problem("unavailable", {}, 5);
    },
  );

  api.route(
    {
      method: "get",
      path: "/api/v1/sales/{saleId}",
      access: "public",
      tag: "Sales",
      summary: "One sale: terms, server time, status, epoch, units left",
      params: saleParams,
      responses: { 200: { description: "The sale", schema: saleViewSchema } },
      problems: ["not_found"],
    },
    async (call) => {
      const { env, params, session, problem } = call;
      const address = parseSaleId(params.saleId);
      const snapshot = address && (await stubOf(env.SKU, address.skuKey, env).view(params.saleId));
      if (!snapshot || snapshot.standing.status === "draft") return problem("not_found");
      const sale = saleView(snapshot);
      return (await maySee(call, session, sale)) ? json(sale) : problem("not_found");
    },
  );

  redeemRoute(api);
  ticketRoute(api);
  forgoRoute(api);
  doorRoute(api);
}

function redeemRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/sales/{saleId}/redemptions",
      operationId: "redeem",
      access: "member",
      tag: "Redemption",
      summary: "Redeems at once: hold, take and post in one call; idempotent by order id",
      params: saleParams,
      body: redemptionRequestSchema,
      responses: {
        201: { description: "Granted", schema: grantResponseSchema },
        200: { description: "Granted before; the same body", schema: grantResponseSchema },
        202: { description: "In doubt; ask for the order", schema: pendingResponseSchema },
      },
      problems: [
        "not_found",
        ...FINAL_CODES,
        "not_open",
        "ahead",
        "epoch_unknown",
        "price_changed",
        "idempotency_mismatch",
      ],
    },
    async (call) => {
      const { env, session, params, body } = call;
      const address = parseSaleId(params.saleId);
      if (!address || address.programmeId !== session.programmeId) return call.problem("not_found");
      const { memberKey } = session;
      const { saleId } = params;
      const bucket = bucketOf(memberKey, accountBuckets(env));
      const { orderId } = body;
      const fields = refusedIds.differing(saleId, memberKey, orderId, body);
      if (fields.length > 0) return call.problem("idempotency_mismatch", { fields });
      const refusal = frozenShares.refusal(bucket, saleId, memberKey, orderId, body.epoch);
      if (refusal !== null && refusal !== "unknown") {
        refusedIds.keep(saleId, memberKey, orderId, body);
        reports.answered(call, saleId, { kind: "refused", refusal });
        return call.problem(refusal.code, refusal.figures);
      }
      const account = stubOf(env.ACCOUNT, bucket, env);
      const wantsFrozen = refusal === "unknown";
      const reply = await askPriced<OrderReply>(
        env,
        call.ctx,
        session.programmeId,
        call.nowMs,
        async (pricing) => {
          return await account.redeem({ memberKey, saleId, ...body, pricing, wantsFrozen });
        },
      );
      if (!reply) return call.problem("overloaded", {}, 1);
      if (reply.kind === "refused") {
        refusedIds.keep(saleId, memberKey, orderId, body);
        if (reply.frozen) frozenShares.keep(bucket, saleId, reply.frozen);
      }
      reports.answered(call, saleId, reply);
      return replyResponse(call, reply, orderId);
    },
  );
}

function ticketRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/sales/{saleId}/tickets",
      access: "member",
      tag: "Redemption",
      summary:
        "Holds points and limit before the hour and signs a ticket for the door; idempotent by order id",
      params: saleParams,
      body: ticketRequestSchema,
      responses: {
        201: { description: "A new ticket", schema: ticketResponseSchema },
        200: {
          description: "The ticket again, or the grant if there is one",
          schema: z.union([ticketResponseSchema, grantResponseSchema]),
        },
        202: { description: "In doubt; ask for the order", schema: pendingResponseSchema },
      },
      problems: [
        "not_found",
        ...FINAL_CODES,
        "epoch_unknown",
        "price_changed",
        "idempotency_mismatch",
      ],
    },
    async (call) => {
      const { env, session, params, body, nowMs } = call;
      const address = parseSaleId(params.saleId);
      if (!address || address.programmeId !== session.programmeId) return call.problem("not_found");
      const { memberKey } = session;
      const { orderId } = body;
      const replaces = body.replaces ?? null;
      const account = accountOf(env, memberKey);
      const reply = await askPriced<TicketReply>(
        env,
        call.ctx,
        session.programmeId,
        nowMs,
        async (pricing) => {
          const request = { memberKey, saleId: params.saleId, ...body, replaces, pricing };
          return await account.ticket(request);
        },
      );
      if (!reply) return call.problem("overloaded", {}, 1);
      if (reply.kind !== "ticket" || !reply.isReplay) reports.answered(call, params.saleId, reply);
      if (reply.kind !== "ticket") return replyResponse(call, reply, orderId);
      // The expiry bounds the door's upgrade only, so a ticket that outlived it is signed anew.
      const expiresAtMs = reply.expiresAtMs > nowMs ? reply.expiresAtMs : nowMs + DAY_MS;
      const { points } = reply;
      const claims = { memberKey, saleId: params.saleId, ...pick(reply), points, expiresAtMs };
      const ticket = signTicket(ringOf(env.TICKET_KEYS), claims);
      const doorUrl = `/api/v1/sales/${params.saleId}/door?ticket=${ticket}`;
      return json(
        { ticket, orderId: reply.orderId, epoch: reply.epoch, points, expiresAtMs, doorUrl },
        reply.isReplay ? 200 : 201,
      );
    },
  );
}

function forgoRoute(api: Api): void {
  api.route(
    {
      method: "delete",
      path: "/api/v1/sales/{saleId}/tickets/{orderId}",
      access: "member",
      tag: "Redemption",
      summary: "Gives an unused ticket back; answers the grant if there is one",
      params: z.object({ saleId: z.string().max(128), orderId: orderIdSchema }),
      responses: {
        200: {
          description: "Given back, or granted",
          schema: z.union([forgoneResponseSchema, grantResponseSchema]),
        },
        202: { description: "In doubt; ask for the order", schema: pendingResponseSchema },
      },
      problems: ["not_found", ...FINAL_CODES],
    },
    async (call) => {
      const { env, session, params } = call;
      const { saleId, orderId } = params;
      const reply = await accountOf(env, session.memberKey).forgo(
        session.memberKey,
        saleId,
        orderId,
      );
      if (reply.kind === "forgone") return json({ orderId, outcome: "forgone" });
      return replyResponse(call, reply, orderId);
    },
  );
}

function pick(reply: { orderId: string; quantity: number; epoch: number }) {
  const { orderId, quantity, epoch } = reply;
  return { orderId, quantity, epoch };
}

function doorRoute(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/sales/{saleId}/door",
      access: "public",
      tag: "Redemption",
      summary:
        "WebSocket: server clock, live stock, grab and verdict; `watch=1` without a ticket only looks on",
      params: saleParams,
      query: z.object({
        ticket: z.string().max(2_048).optional(),
        watch: z.enum(["1"]).optional(),
      }),
      responses: { 101: { description: "Frames as in docs/contract.md" } },
      problems: ["unauthenticated", "forbidden", "not_found", "upgrade_required"],
    },
    async ({ request, env, session, params, query, nowMs, problem }) => {
      const address = parseSaleId(params.saleId);
      if (!address) return problem("not_found");
      const { ticket } = query;
      if (ticket === undefined && query.watch === undefined) return problem("unauthenticated");
      // As the sale itself is not there for another merchant's members; a ticket names its own.
      const programmeId = session?.programmeId ?? env.DEFAULT_PROGRAMME;
      if (ticket === undefined && address.programmeId !== programmeId) return problem("not_found");
      const claims =
        ticket === undefined ? null : verifyTicket(ringOf(env.TICKET_KEYS), ticket, nowMs);
      if (claims === "forged" || claims === "expired")
        return problem("unauthenticated", { reason: claims });
      if (claims && claims.saleId !== params.saleId) return problem("forbidden");
      if (request.headers.get("upgrade")?.toLowerCase() !== "websocket") {
        return problem("upgrade_required");
      }
      const key = claims?.memberKey ?? watcherKey(request);
      const response = await gateOf(
        env,
        params.saleId,
        key,
        await doorsOf(env, params.saleId),
      ).fetch(
        new Request("https://gate/door", {
          headers: {
            upgrade: "websocket",
            "x-sale-id": params.saleId,
            ...(claims ? { "x-ticket-claims": JSON.stringify(claims) } : {}),
          },
        }),
      );
      if (response.status === 404) return problem("not_found");
      return response.status === 503 ? problem("overloaded", {}, 1) : response;
    },
  );
}

/** A member always comes to the same door, so that two tabs see the same batch. */
function gateOf(env: Env, saleId: string, key: string, doors: number) {
  const door = hash32(key) % Math.max(1, doors);
  return stubOf(env.GATE, `${saleId}:${door}`, env);
}

/** How many doors each sale has, as its terms say for good: an isolate asks once. */
const doorsOfSales = new Lru<string, number>(LIMITS.cachedSalesMax);

async function doorsOf(env: Env, saleId: string): Promise<number> {
  const known = doorsOfSales.get(saleId);
  if (known !== undefined) return known;
  const address = parseSaleId(saleId);
  const snapshot = address && (await stubOf(env.SKU, address.skuKey, env).view(saleId));
  const doors = Math.min(snapshot?.terms.doors ?? Number(env.DOORS_PER_SALE), LIMITS.doorsMax);
  if (snapshot) doorsOfSales.set(saleId, doors);
  return doors;
}

function watcherKey(request: Request): string {
  return request.headers.get("sec-websocket-key") ?? "";
}
