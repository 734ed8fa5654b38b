import { z } from "@hono/zod-openapi";
import { LIMITS } from "../kernel/limits.ts";
import { FINAL_CODES } from "../kernel/refusal.ts";
import { json, type Api } from "../platform/http/api.ts";
import { orderIdSchema, pendingResponseSchema } from "../redemption/index.ts";
import { ORDER_CURSOR, ordersPage } from "./order-list.ts";
import { replyResponse } from "./replies.ts";
import { accountOf, loadMe, orderView } from "./views.ts";
import { meSchema, ordersViewSchema, orderViewSchema } from "./wire.ts";

const orderParams = z.object({ orderId: orderIdSchema });
const pageSize = z.coerce.number().int().min(1).max(LIMITS.pageRowsMax).default(20);

/** A member's own orders and points, read from the authority. */
export function accountRoutes(api: Api): void {
  readOrderRoutes(api);
  cancelRoute(api);
  memberRoutes(api);
}

function readOrderRoutes(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/orders",
      access: "member",
      tag: "Orders",
      summary: "The member's own orders, newest first",
      query: z.object({
        limit: pageSize,
        cursor: z.string().regex(ORDER_CURSOR, "a cursor as an answer gave it").optional(),
      }),
      responses: { 200: { description: "Newest first", schema: ordersViewSchema } },
    },
    async ({ env, session, query, nowMs }) => json(await ordersPage(env, session, query, nowMs)),
  );

  api.route(
    {
      method: "get",
      path: "/api/v1/orders/{orderId}",
      access: "member",
      tag: "Orders",
      summary: "One of the member's own orders: state, what was paid with, what happens next",
      params: orderParams,
      responses: { 200: { description: "The order", schema: orderViewSchema } },
      problems: ["not_found"],
    },
    async ({ env, session, params, problem }) => {
      const order = await accountOf(env, session.memberKey).order(
        session.memberKey,
        params.orderId,
      );
      return order ? json(await orderView(env, order)) : problem("not_found");
    },
  );
}

function cancelRoute(api: Api): void {
  api.route(
    {
      method: "post",
      path: "/api/v1/orders/{orderId}/cancel",
      access: "member",
      tag: "Orders",
      summary:
        "Cancels an order before it is shipped; points go back to their own lots; repeating it changes nothing",
      params: orderParams,
      query: z.object({
        forfeitMax: z.coerce
          .number()
          .int()
          .min(0)
          .max(LIMITS.pointsMax)
          .optional()
          .describe("Points the member was told are lost, from the refund quote."),
      }),
      responses: {
        200: { description: "The cancelled order", schema: orderViewSchema },
        202: { description: "The hold is still in doubt", schema: pendingResponseSchema },
      },
      problems: ["not_found", "conflict", ...FINAL_CODES],
    },
    async (call) => {
      const { env, session, params, query } = call;
      const { memberKey } = session;
      const reply = await accountOf(env, memberKey).cancel({
        memberKey,
        orderId: params.orderId,
        forfeitMax: query.forfeitMax ?? null,
      });
      if (reply.kind === "cancelled") return json(await orderView(env, reply.order));
      if (reply.kind === "conflict") {
        return call.problem(reply.refusal.code, reply.refusal.figures);
      }
      return replyResponse(call, reply, params.orderId);
    },
  );
}

function memberRoutes(api: Api): void {
  api.route(
    {
      method: "get",
      path: "/api/v1/me",
      access: "member",
      tag: "Members",
      summary: "Who the session is",
      responses: { 200: { description: "Profile and balance", schema: meSchema } },
    },
    async ({ env, session }) => json(await loadMe(env, session)),
  );
}
